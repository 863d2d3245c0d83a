"""The hazard log: every hazard has a control and a test that exists."""

from __future__ import annotations

import ast
import re

import pytest

from tests.support import ROOT

LOG = (ROOT / "docs" / "hazards.md").read_text("utf-8")
ROW = re.compile(r"^\| (H-[a-z]{1,2}) \|([^|]+)\|([^|]+)\|([^|]+)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def faults(log: str) -> list[str]:
    """What is wrong with a hazard log: a hazard without a control, without a test, or with one that does not exist."""
    found = []
    for name, hazard, control, tests in ROW.findall(log):
        if not hazard.strip() or not control.strip():
            found.append(f"{name} has no hazard or no control")
        named = NAMED.findall(tests)
        if not named:
            found.append(f"{name} names no test")
        found += [f"{name}: {file}::{test} does not exist" for file, test in named if test not in names_in(file)]
    return found


def names_in(file: str) -> set[str]:
    path = ROOT / file
    if not path.is_file():
        return set()
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def test_every_hazard_has_a_control_and_a_test_that_exists() -> None:
    assert faults(LOG) == []


def test_the_hazards_of_the_safety_record_are_all_here_and_no_row_was_overlooked() -> None:
    names = [row[0] for row in ROW.findall(LOG)]
    assert set(names) >= {f"H-{letter}" for letter in "abcdefghijkl"}
    assert len(names) == len(set(names)) == len(re.findall(r"^\| H-", LOG, re.MULTILINE))


@pytest.mark.parametrize(("row", "fault"), [
    ("| H-a | harm | control | none yet |", "names no test"),
    ("| H-a | harm | control | `tests/repository/test_safety_records.py::test_that_was_never_written` |", "does not exist"),
    ("| H-a | harm | control | `tests/test_nowhere.py::test_x` |", "does not exist"),
    ("| H-a | harm |  | `tests/repository/test_safety_records.py::faults` |", "no control"),
])
def test_a_hazard_without_its_test_would_be_found(row: str, fault: str) -> None:
    assert fault in " ".join(faults(row))
