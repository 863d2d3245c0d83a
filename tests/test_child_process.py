"""A child process runs the package that its parent runs, wherever it is started."""

from __future__ import annotations

import subprocess
from pathlib import Path

import assistant
from assistant import child_process


def test_a_child_finds_our_package_and_gets_its_own_variables(tmp_path: Path) -> None:
    (tmp_path / "told.py").write_text("import os, sys, assistant; print(assistant.__file__, os.environ['KIND'], *sys.argv[1:])")
    child = child_process.start("told", "one", "two words", env={"KIND": "child"}, cwd=tmp_path, stdout=subprocess.PIPE)
    out, _ = child.communicate(timeout=60)
    assert out.decode().strip() == f"{assistant.__file__} child one two words"
