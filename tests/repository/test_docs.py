"""The README tells the truth: commands, files and figures."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.evaluation import report as reports
from tests.support import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_two_commands_exist_and_do_what_the_readme_spells_out() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "make run" in README
    assert "make test" in README
    for spelt, made in (("-m pip install -c constraints.txt -e .", "-c constraints.txt -e ."), ("app.py", "app.py"),
                        ('-c constraints.txt -e ".[test]"', '-c constraints.txt -e ".[test]"'),
                        ("-m pytest", "-m pytest")):
        assert spelt in README
        assert made in makefile
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_command_in_the_readme_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    named = set(re.findall(r"python -m assistant ([\w-]+)", README))
    assert named == {"build", "fit", "rollback", "check", "ask", "eval", "serve", "verify", "export-static", "import", "mcp",
                     "add-question"}
    for name in named:
        with pytest.raises(SystemExit) as stopped:
            main.main([name, "--help"])
        assert stopped.value.code == 0
        assert name in capsys.readouterr().out


def test_every_path_on_the_map_exists() -> None:
    rows = re.findall(r"^\| `([^`]+)` \|", README, re.MULTILINE)
    assert len(rows) >= 10
    for path in rows:
        assert (ROOT / path).exists(), path
    for name in re.findall(r"`(\w+\.py)`", README):
        assert (ROOT / name).exists() or (ROOT / "assistant" / name).exists(), name
    for target in re.findall(r"\]\(((?!http)[^)#]+)\)", README):
        assert (ROOT / target).exists(), target


@pytest.mark.model
def test_the_python_example_runs(tmp_path: Path, shipped_index: Path) -> None:
    (example,) = re.findall(r"From Python:\n\n((?:    .*\n)+)", README)
    code = re.sub(r"^    ", "", example, flags=re.MULTILINE).replace('"index"', repr(str(shipped_index)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert '1. "' in done.stdout


def test_the_figures_are_those_of_the_newest_saved_report() -> None:
    report = reports.last_report(ROOT / "eval" / "reports", "questions.jsonl")
    assert report
    (block,) = re.findall(r"<!-- report -->\n(.*?)<!-- /report -->", README, re.DOTALL)
    for label, value in report.means["test"].items():
        (row,) = [line for line in block.splitlines() if line.startswith(label + " ")]
        column = len(label.split()) + list(report.means).index("test")
        assert row.split()[column] == (f"{value:.0f}" if label in ("questions", "answerable") else f"{value:.3f}"), label
    missed = [outcome.id for outcome in report.outcomes if not reports.is_good(outcome)]
    assert [identifier for identifier in missed if identifier not in block] == []


def test_every_dependency_is_pinned_and_explained() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + [each for extra in extras.values() for each in extra
                                        if not each.startswith(project["name"])]
    pinned = {line.split("==")[0].lower().replace("_", "-")
              for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line}
    decisions = (ROOT / "docs" / "decisions.md").read_text("utf-8").lower()
    for requirement in wanted:
        name = re.split(r"[<>=\[]", requirement)[0].lower()
        assert name in pinned, name
        assert name in decisions, name
    assert "torch==2.13.0" in project["dependencies"]


def test_no_machine_path_or_registry_host_is_written_into_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False).stdout.split()
    for name in listed or pytest.skip("not a git checkout"):
        path = ROOT / name
        if path.suffix in (".md", ".py", ".toml", ".txt", ".html", ".css", ".js", "") and path.is_file():
            text = path.read_text("utf-8", "replace")
            assert not re.search("/w" + r"ork/|py" + r"pi\.org|python" + "hosted", text), name
