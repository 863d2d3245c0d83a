"""README, running, quality and architecture tell the truth: commands, figures, and the files that a question passes."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path
from types import FrameType

import pytest

from assistant.answering.assistant import Assistant
from assistant.cli import main
from assistant.evaluation import report as reports
from tests.repository.test_layers import BELOW
from tests.support import ROOT

README, RUNNING, QUALITY, ARCHITECTURE = ((ROOT / name).read_text("utf-8") for name in (
    "README.md", "docs/running.md", "docs/quality.md", "docs/architecture.md"))


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


def test_the_readme_is_short_and_every_command_stands_on_the_page_for_operators() -> None:
    assert len(README.splitlines()) <= 150
    choices = next(action for action in main.parser()._actions if action.dest == "command").choices or {}
    assert set(re.findall(r"^    python -m assistant ([\w-]+)", RUNNING, re.MULTILINE)) == set(choices)


def test_every_variable_that_the_code_reads_stands_on_the_page_for_operators() -> None:
    read = {name for path in (ROOT / "assistant").rglob("*.py")
            for name in re.findall(r"\b(?:ASSISTANT|GRADIO_SERVER)_[A-Z_]*[A-Z]\b", path.read_text("utf-8"))}
    assert {"ASSISTANT_MODEL", "ASSISTANT_EDITOR_QUESTIONS", "GRADIO_SERVER_PORT"} <= read
    assert sorted(name for name in read if not re.search(rf"^\|[^|]*\b{name}\b", RUNNING, re.MULTILINE)) == []


@pytest.mark.model
def test_the_python_example_runs(tmp_path: Path, shipped_index: Path) -> None:
    (example,) = re.findall(r"From Python:\n\n((?:    .*\n)+)", README)
    code = re.sub(r"^    ", "", example, flags=re.MULTILINE).replace('"index"', repr(str(shipped_index)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert '1. "' in done.stdout


def test_the_figures_are_those_of_the_newest_saved_report() -> None:
    report = reports.last_report(ROOT / "eval" / "reports", "questions.jsonl")
    assert report
    (block,) = re.findall(r"<!-- report -->\n(.*?)<!-- /report -->", QUALITY, re.DOTALL)
    for label, value in report.means["test"].items():
        (row,) = [line for line in block.splitlines() if line.startswith(label + " ")]
        column = len(label.split()) + list(report.means).index("test")
        assert row.split()[column] == (f"{value:.0f}" if label in ("questions", "answerable") else f"{value:.3f}"), label
    missed = [outcome.id for outcome in report.outcomes if not reports.is_good(outcome)]
    assert [identifier for identifier in missed if identifier not in block] == []


def test_the_one_table_of_the_readme_is_what_eval_printed_for_messages_that_nothing_was_fitted_on() -> None:
    (block,) = re.findall(r"^What it was against what was shown: messages\.jsonl, blind7\n(.*?)^```", QUALITY,
                          re.MULTILINE | re.DOTALL)
    printed = [tuple(map(float, found)) for found in re.findall(r" (\d\.\d{3})   (\d\.\d{3}) to (\d\.\d{3})   of", block)]
    rows = [tuple(map(float, found)) for found in re.findall(r"\| (\d\.\d\d) \| (\d\.\d\d) to (\d\.\d\d) \|", README)]
    assert len(rows) >= 5
    for row in rows:
        assert any(all(abs(told - exact) <= 0.0051 for told, exact in zip(row, line, strict=True)) for line in printed), row


def test_the_architecture_page_names_every_file_that_a_question_passes(assistant: Assistant) -> None:
    way = ARCHITECTURE.split("## The way of a question")[1].split("## ")[0]
    passed: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        file = Path(frame.f_code.co_filename)
        if event == "call" and frame.f_code.co_name != "<module>" and file.is_relative_to(ROOT / "assistant"):
            passed.add(file.relative_to(ROOT / "assistant").as_posix())

    assistant.ask("Does ketamine hurt the bladder?")  # what is compiled or read once is no step of the way
    sys.setprofile(note)
    try:
        assistant.ask("Is alcohol with ketamine bad?")
    finally:
        sys.setprofile(None)
    assert {"answering/pipeline.py", "answering/ranking.py"} <= passed
    assert sorted(file for file in passed if f"`{file}`" not in way) == []


def test_the_import_graph_is_printed_with_files_and_lines_and_points_down(capsys: pytest.CaptureFixture[str],
                                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["import_graph.py"])
    runpy.run_path(str(ROOT / "docs" / "import_graph.py"), run_name="__main__")
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    packages = [row[0] for row in rows[:-1]]
    assert set(packages) == {*BELOW, "(top)"}
    assert rows[-1][:2] == ["all", str(len(list((ROOT / "assistant").rglob("*.py"))))]
    for number, row in enumerate(rows[:-2]):
        assert {name for name in row[4:] if name in packages} - {"(top)"} <= set(packages[number:])


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
