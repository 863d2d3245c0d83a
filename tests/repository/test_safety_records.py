"""Hazard log and threat model: every row has a control and a test that exists."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import ROOT

HAZARDS, THREATS = ((ROOT / "docs" / name).read_text("utf-8") for name in ("hazards.md", "security.md"))
ROW = re.compile(r"^\| ([HS]-[a-z]{1,2}) \|([^|]+)\|([^|]+)\|([^|]+)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def faults(record: str) -> list[str]:
    """What is wrong with a record: a row without danger, control or test, or with a test that does not exist."""
    problems = []
    for name, danger, control, tests in ROW.findall(record):
        if not danger.strip() or not control.strip():
            problems.append(f"{name} has no danger or no control")
        named = NAMED.findall(tests)
        if not named:
            problems.append(f"{name} names no test")
        problems += [f"{name}: {file}::{test} does not exist" for file, test in named if test not in names_in(file)]
    return problems


def names_in(file: str) -> set[str]:
    path = ROOT / file
    if not path.is_file():
        return set()
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("record", [HAZARDS, THREATS], ids=["hazards", "threats"])
def test_every_row_has_a_control_and_a_test_that_exists(record: str) -> None:
    assert faults(record) == []


@pytest.mark.parametrize(("record", "prefix", "at_least"), [(HAZARDS, "H", 12), (THREATS, "S", 15)], ids=["hazards", "threats"])
def test_no_row_was_overlooked(record: str, prefix: str, at_least: int) -> None:
    names = [row[0] for row in ROW.findall(record)]
    assert len(names) == len(set(names)) == len(re.findall(rf"^\| {prefix}-", record, re.MULTILINE)) >= at_least


def test_the_hazards_of_the_safety_record_are_all_here() -> None:
    assert {row[0] for row in ROW.findall(HAZARDS)} >= {f"H-{letter}" for letter in "abcdefghijkl"}


@pytest.mark.parametrize("prefix", ["H", "S"])
@pytest.mark.parametrize(("row", "fault"), [
    ("a | harm | control | none yet |", "names no test"),
    ("a | harm | control | `tests/repository/test_safety_records.py::test_that_was_never_written` |", "does not exist"),
    ("a | harm | control | `tests/test_nowhere.py::test_x` |", "does not exist"),
    ("a | harm |  | `tests/repository/test_safety_records.py::faults` |", "no control"),
])
def test_a_row_without_its_test_or_control_would_be_found(prefix: str, row: str, fault: str) -> None:
    assert fault in " ".join(faults(f"| {prefix}-{row}"))


def test_the_audit_is_skipped_with_a_message_and_fails_nothing_where_nothing_can_be_reached(tmp_path: Path) -> None:
    """The script itself, with a Python that cannot make an environment, as on a machine without one."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": "/bin/false", "TMPDIR": str(tmp_path)}
    done = subprocess.run([ROOT / ".ci" / "audit"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Audit skipped: ")
    assert not list(tmp_path.iterdir()), "nothing is left behind"
    assert ".ci/audit" in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
