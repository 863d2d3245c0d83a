"""What people deploy from is whole: requirements, image, Space, unit and proxies fit the code."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from dockerfile_parse import DockerfileParser
from huggingface_hub import SpaceCard

from assistant.answering.assistant import Assistant
from assistant.server.http_server import PORT
from assistant.server.web.page import Page
from tests.browser.stand_in import StandIn, built, running, shipped_texts
from tests.support import ROOT, ToyEncoder

DEPLOY = ROOT / "deploy"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"deploy_{name}", DEPLOY / f"{name}.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_serving_requirements_are_those_of_the_project_less_what_only_building_needs() -> None:
    made = script("requirements")
    assert (DEPLOY / "serving.txt").read_text("utf-8") == made.serving(), "run python deploy/requirements.py"
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {made.plain(re.split(r"[<>=]", requirement)[0]) for requirement in wanted}
    served = {made.plain(line.split("==")[0]) for line in made.serving().splitlines() if not line.startswith("#")}
    assert served | made.BUILDING == names
    assert not served & made.BUILDING


def dockerfile(folder: Path) -> list[dict[str, str]]:
    shutil.copy(ROOT / "Dockerfile", folder)
    found: list[dict[str, str]] = DockerfileParser(str(folder)).structure
    return found


def test_the_dockerfile_passes_its_linter() -> None:
    tool = Path(sys.executable).with_name("hadolint")
    tool = tool if tool.exists() else Path(shutil.which("hadolint") or pytest.skip("hadolint does not run on this system"))
    done = subprocess.run([tool, "--no-color", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_copies_what_is_there_and_what_the_builder_is_given(tmp_path: Path) -> None:
    given = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    for step in dockerfile(tmp_path):
        if step["instruction"] == "COPY" and "--from" not in step["value"]:
            *sources, _ = step["value"].split()
            for name in sources:
                assert (ROOT / name).exists(), name
                assert name.split("/")[0] in given, f"{name} is kept back by .dockerignore"


def test_the_image_runs_as_a_user_without_rights_is_looked_after_and_serves_without_pip(tmp_path: Path) -> None:
    steps = dockerfile(tmp_path)
    last = steps[max(number for number, step in enumerate(steps) if step["instruction"] == "FROM"):]
    by_name = {step["instruction"]: step["value"] for step in last}
    assert re.fullmatch(r"[1-9]\d*", by_name["USER"]), "a number, so that a cluster can tell it from root"
    assert "deploy/healthcheck.py" in by_name["HEALTHCHECK"]
    assert by_name["EXPOSE"] == str(PORT)
    assert not [step for step in last if "pip" in step["value"]]


def test_the_health_check_asks_under_a_name_that_the_page_answers_to(monkeypatch: pytest.MonkeyPatch,
                                                                     capsys: pytest.CaptureFixture[str]) -> None:
    check = script("healthcheck")
    page = built(lambda: Page(ROOT / "index", shipped_texts(), lambda: StandIn(shipped_texts())))
    page.app.hosts = frozenset({"answers.example.org"})
    with running(page.app) as (address, _):
        monkeypatch.setenv("GRADIO_SERVER_PORT", address.rsplit(":", 1)[1])
        monkeypatch.delenv("ASSISTANT_HOSTS", raising=False)
        assert check.main() == 1
        assert capsys.readouterr().out.startswith("421 ")
        monkeypatch.setenv("ASSISTANT_HOSTS", "answers.example.org, www.example.org")
        for _ in range(500):
            code = check.main()
            if code == 0:
                break
        assert code == 0
    assert check.main() == 1
    assert "does not answer" in capsys.readouterr().out


@pytest.fixture
def checkout(tmp_path: Path, index: Path) -> Path:
    """What ``deploy/space.py`` reads, with the index of a small corpus."""
    root = tmp_path / "checkout"
    root.mkdir()
    for name in ("assistant", "corpus", "deploy", "app.py", "LICENSE"):
        (root / name).symlink_to(ROOT / name)
    (root / "index").symlink_to(index)
    return root


def test_a_space_is_configured_as_the_hub_reads_it_and_its_index_opens(checkout: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    folder = tmp_path / "space"
    script("space").write_space(folder, checkout)
    card = SpaceCard.load(folder / "README.md")
    requirements = (folder / "requirements.txt").read_text("utf-8")
    assert requirements == (DEPLOY / "serving.txt").read_text("utf-8")
    assert card.data.sdk == "gradio"
    assert f"gradio=={card.data.sdk_version}\n" in requirements
    assert str(card.data.python_version) == "3.11"
    assert (folder / card.data.app_file).is_file()
    assert not [path for path in folder.rglob("*") if path.is_symlink()], "a hub keeps no links"
    assert Assistant.open(folder / "index", encoder=toy).ask("Does ketamine hurt the bladder?").citations


def test_a_space_is_never_written_over_something_or_without_an_index(checkout: Path, tmp_path: Path) -> None:
    write = script("space").write_space
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(SystemExit, match="already holds something"):
        write(tmp_path / "full", checkout)
    (checkout / "index").unlink()
    with pytest.raises(SystemExit, match="assistant build"):
        write(tmp_path / "space", checkout)
    assert not (tmp_path / "space").exists()


@pytest.mark.model
def test_a_built_index_is_asked_without_the_packages_that_only_building_needs(shipped_index: Path) -> None:
    names = {name.replace("-", "_") for name in script("requirements").BUILDING} | {"transformers", "onnx_ir", "sklearn"}
    code = ("import sys\nclass Gone:\n def find_spec(self, name, *rest):\n"
            f"  if name.split('.')[0] in {names!r}: raise ImportError(name)\n"
            "sys.meta_path.insert(0, Gone())\nimport assistant.server.web.page\nfrom assistant.cli import main as cli\n"
            f"sys.exit(cli.main(['ask', 'Is ketamine addictive?', '--index', {str(shipped_index)!r}]))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert '1. "' in done.stdout


def test_the_unit_is_one_that_systemd_reads_and_starts_a_command_of_ours(tmp_path: Path) -> None:
    text = (DEPLOY / "ketamine-answers.service").read_text("utf-8")
    assert "\nExecStart=/opt/ketamine-answers/.venv/bin/python -m assistant serve\n" in text
    for promise in ("DynamicUser=yes", "ProtectSystem=strict", "IPAddressDeny=any", "NoNewPrivileges=yes"):
        assert promise in text
    tool = shutil.which("systemd-analyze") or pytest.skip("there is no systemd here")
    unit = tmp_path / "ketamine-answers.service"
    here = text.replace("/opt/ketamine-answers/.venv/bin/python", "/bin/true").replace("=/opt/ketamine-answers", "=/")
    unit.write_text(here, "utf-8")
    done = subprocess.run([tool, "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_proxies_pass_the_name_stream_answers_and_keep_no_log() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text("utf-8")
    for line in (f"proxy_pass http://127.0.0.1:{PORT};", "proxy_set_header Host $host;", "proxy_buffering off;",
                 "access_log off;", "proxy_set_header X-Forwarded-For $remote_addr;"):
        assert line in nginx
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    assert f"reverse_proxy 127.0.0.1:{PORT}" in caddy
    assert "flush_interval -1" in caddy


def test_nginx_takes_its_example(tmp_path: Path) -> None:
    tool = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin") or pytest.skip("there is no nginx here")
    openssl = shutil.which("openssl") or pytest.skip("there is no openssl here")
    subprocess.run([openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", tmp_path / "privkey.pem", "-out",
                    tmp_path / "fullchain.pem", "-subj", "/CN=answers.example.org"], capture_output=True, check=True)
    site = (DEPLOY / "nginx.conf").read_text("utf-8").replace("/etc/letsencrypt/live/answers.example.org", str(tmp_path))
    site = site.replace("/var/log/nginx", str(tmp_path)).replace("listen 443", "listen 8443")
    site = site.replace("listen 80;", "listen 8080;")
    (tmp_path / "site.conf").write_text(site, "utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; events {{}} http {{ include {tmp_path}/site.conf; }}", "utf-8")
    done = subprocess.run([tool, "-t", "-e", tmp_path / "log", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr


def test_caddy_takes_its_example() -> None:
    tool = shutil.which("caddy") or pytest.skip("there is no caddy here")
    done = subprocess.run([tool, "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stderr
