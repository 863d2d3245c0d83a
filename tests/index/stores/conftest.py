"""Thirty sources for every store: in memory, in mapped files, in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import ALCOHOL, BLADDER, refusals

KINDS = ("fact-sheet", "provider", "study")


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Of three kinds; every third is long, so that lengths are rounded as tantivy rounds them; one is asked in other words."""
    folder = tmp_path / "many"
    folder.mkdir()
    listed = []
    for number in range(30):
        filler = " ".join(f"Word{place} is said about help here." for place in range(number)) if number % 3 == 0 else ""
        text = f"{BLADDER if number % 2 else ALCOHOL} It is case n{number}. {filler}"
        (folder / f"s{number}.txt").write_text(f"Part {number}\n\n{text}\n", "utf-8")
        listed.append(f'[[source]]\nid = "s{number}"\nfile = "s{number}.txt"\ntitle = "Part {number}"\n'
                      f'kind = "{KINDS[number % 3]}"\ntier = "T2"\n')
    (folder / "sources.toml").write_text("".join(listed), "utf-8")
    (folder / "asked.toml").write_text('[[asked]]\nsource_id = "s8"\nheading = "Part 8"\n'
                                       'questions = ["Does depression come up in case n8?"]\n', "utf-8")
    (folder / "not_covered.toml").write_text(refusals("Please ask someone."))
    return folder
