"""The threat model: every threat has a control and a test that exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.repository.test_safety_records import ROOT, names_in

MODEL = (ROOT / "docs" / "security.md").read_text("utf-8")
ROW = re.compile(r"^\| (S-[a-z]{1,2}) \|([^|]+)\|([^|]+)\|([^|]+)\|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def faults(model: str) -> list[str]:
    """What is wrong with a threat model."""
    found = []
    for name, threat, control, tests in ROW.findall(model):
        if not threat.strip() or not control.strip():
            found.append(f"{name} has no threat or no control")
        named = NAMED.findall(tests)
        if not named:
            found.append(f"{name} names no test")
        found += [f"{name}: {file}::{test} does not exist" for file, test in named if test not in names_in(file)]
    return found


def test_every_threat_has_a_control_and_a_test_that_exists() -> None:
    assert faults(MODEL) == []


def test_no_row_was_overlooked() -> None:
    names = [row[0] for row in ROW.findall(MODEL)]
    assert len(names) == len(set(names)) == len(re.findall(r"^\| S-", MODEL, re.MULTILINE)) >= 15


@pytest.mark.parametrize(("row", "fault"), [
    ("| S-a | threat | control | none yet |", "names no test"),
    ("| S-a | threat | control | `tests/repository/test_security.py::test_that_was_never_written` |", "does not exist"),
    ("| S-a | threat |  | `tests/repository/test_security.py::faults` |", "no control"),
])
def test_a_threat_without_its_test_would_be_found(row: str, fault: str) -> None:
    assert fault in " ".join(faults(row))


def test_the_audit_is_skipped_with_a_message_and_fails_nothing_where_nothing_can_be_reached(tmp_path: Path) -> None:
    """The script itself, with a Python that cannot make an environment, as on a machine without one."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": "/bin/false", "TMPDIR": str(tmp_path)}
    done = subprocess.run([ROOT / ".ci" / "audit"], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Audit skipped: ")
    assert not list(tmp_path.iterdir()), "nothing is left behind"
    assert ".ci/audit" in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
