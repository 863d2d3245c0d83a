"""Other people's sentences stay out of the project: the seed documents are read in tests, never copied."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support import ROOT

RUN = 12


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return set(zip(*(words[at:] for at in range(RUN)), strict=False))


@pytest.mark.seeds
def test_no_tracked_file_holds_twelve_words_in_a_row_of_a_seed(seeds: Path) -> None:
    theirs = set().union(*(runs(path.read_text("utf-8")) for path in seeds.glob("*.txt")))
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False).stdout.split("\n")
    texts = [ROOT / name for name in listed if name.endswith((".md", ".toml", ".jsonl", ".json", ".txt", ".py", ".html"))]
    if not texts:
        pytest.skip("not a git checkout")
    assert [path.name for path in texts if path.is_file() and runs(path.read_text("utf-8")) & theirs] == []
