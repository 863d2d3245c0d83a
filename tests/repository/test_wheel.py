"""A wheel stands alone: away from the checkout it has notice, cards, help lines, rules and weights, and gives the urgent card."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support import ROOT

RUN = "import runpy, sys; sys.path[:0] = {path!r}; sys.argv[0] = 'assistant'; runpy.run_module('assistant', run_name='__main__')"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network and unpacked as pip does."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist"], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = (folder / "dist").glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def away(wheel: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One command in an empty folder: of the paths of this process it sees the installed libraries alone."""
    libraries = [entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))]
    code = RUN.format(path=[str(wheel), *libraries])
    return subprocess.run([sys.executable, "-I", "-S", "-c", code, *arguments], cwd=folder, capture_output=True, text=True,
                          check=False)


def test_it_holds_the_package_its_data_and_the_whole_corpus_and_nothing_else(wheel: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "assistant", "corpus"], capture_output=True, text=True, cwd=ROOT, check=False)
    ours = {name for name in listed.stdout.split("\n") if name and (ROOT / name).is_file()} or pytest.skip("not a git checkout")
    packed = {path.relative_to(wheel).as_posix() for path in wheel.rglob("*") if path.is_file()}
    code = {name for name in packed if ".dist-info/" not in name}
    assert {name.replace("corpus/", "assistant/shipped/", 1) if name.startswith("corpus/") else name for name in ours} <= code
    assert {name.split("/")[0] for name in code} == {"assistant"}
    assert {"assistant/py.typed", "assistant/shipped/notice.toml", "assistant/shipped/weights/network.safetensors"} <= code


def test_the_console_command_and_python_m_assistant_are_the_same(wheel: Path) -> None:
    (found,) = importlib.metadata.distributions(path=[str(wheel)])
    (command,) = found.entry_points.select(group="console_scripts")
    assert (command.name, command.value) == ("assistant", "assistant.cli.main:main")


def test_an_urgent_message_gets_its_card_with_no_corpus_and_no_index_at_hand(wheel: Path, tmp_path: Path) -> None:
    done = away(wheel, tmp_path, "ask", "my friend took k and is not breathing", "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["status"], answer["urgent"]["kind"]) == (1, "urgent", "overdose")
    assert answer["notice"]["text"]
    assert answer["notice"]["helplines"]
    assert done.stderr.count("\n") == 1
    assert "python -m assistant build" in done.stderr
    printed = away(wheel, tmp_path, "ask", "my friend took k and is not breathing").stdout
    assert printed.index(answer["urgent"]["heading"]) < printed.index(answer["notice"]["text"])


def test_without_a_corpus_folder_the_shipped_one_is_meant_and_one_that_is_named_must_exist(wheel: Path, tmp_path: Path) -> None:
    checked = json.loads(away(wheel, tmp_path, "check", "--json").stdout)
    assert {finding["where"] for finding in checked["findings"] if finding["level"] == "error"} == {"index"}, "only that lacks"
    done = away(wheel, tmp_path, "build", "--corpus", "mine")
    assert done.returncode == 2
    assert done.stderr == "There is no corpus folder at mine: name an existing folder with --corpus.\n"


def test_an_editable_install_reads_the_corpus_where_it_lies(tmp_path: Path) -> None:
    code = f"from hatchling.build import build_editable; build_editable({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    (built,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        assert [name for name in archive.namelist() if ".dist-info/" not in name] == ["_ketamine_answers.pth"]
