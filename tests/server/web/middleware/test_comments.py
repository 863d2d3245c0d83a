"""Our own scripts and stylesheets go out without comments and indentation: nothing else of them may be lost."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assistant.server.web.addresses import STATIC
from assistant.server.web.middleware.compression import without_comments

OWN = sorted([*STATIC.glob("*.js"), *STATIC.glob("*.css")])


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_nothing_but_comments_and_spaces_is_taken_out(path: Path) -> None:
    before, after = path.read_text("utf-8"), without_comments(f"/ui/{path.name}", path.read_bytes()).decode()
    assert len(after) < len(before)
    left, comment = after.splitlines()[::-1], False
    for line in filter(None, map(str.strip, before.splitlines())):
        if left and (line == left[-1].strip() or re.fullmatch(r"\s+(// .*|/\*.*\*/)", line.removeprefix(left[-1]))):
            left.pop()
            continue
        comment = comment or line.startswith("/*")
        assert comment or line.startswith("//"), line
        comment = comment and not line.endswith("*/")
    assert left == []


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
@pytest.mark.parametrize("path", [path for path in OWN if path.suffix == ".js"], ids=lambda path: path.name)
def test_what_is_left_of_a_script_can_be_read(path: Path, tmp_path: Path) -> None:
    (tmp_path / path.name).write_bytes(without_comments(f"/ui/{path.name}", path.read_bytes()))
    assert subprocess.run(["node", "--check", tmp_path / path.name], check=False).returncode == 0


def test_what_is_not_ours_goes_out_as_it_is() -> None:
    assert without_comments("/assets/index.js", b"  // theirs\n  a()\n") == b"  // theirs\n  a()\n"
    assert without_comments("/ui/page.js", b"  // ours\n  a(\"x // y\"); // and why\n\n  b()\n") == b'a("x // y");\nb()\n'
