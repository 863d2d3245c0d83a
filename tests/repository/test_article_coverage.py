"""docs/coverage.md is true: every item of the inventory and every graded fact is carried, or its absence is explained."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from assistant.corpus.files import SHIPPED
from assistant.corpus.passages import split
from assistant.corpus.reader import read_corpus
from tests.support import ROOT

PAGE = (ROOT / "docs" / "coverage.md").read_text("utf-8")
ROWS = re.findall(r"^\| (F\d\.\d+) \| ([^|]+) \| (.+) \|$", PAGE, re.MULTILINE)


def module():  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location("coverage_page", ROOT / "docs" / "coverage.py")
    assert spec
    assert spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_every_item_is_there_once_and_only_advertising_is_left_out() -> None:
    assert len({item for item, _, _ in ROWS}) == len(ROWS) == 276
    for item, flags, where in ROWS:
        assert ("promo" in flags) == where.startswith("left out"), item


def test_every_section_named_is_the_heading_of_a_passage() -> None:
    sources = {source.id: {passage.heading for passage in split(source)} for source in read_corpus(SHIPPED).sources}
    digests = module().DIGESTS
    for item, _, where in ROWS:
        if not where.startswith("left out"):
            for heading in where.split("; "):
                assert heading in sources[digests[item.split(".")[0]]], (item, heading)


def test_every_graded_fact_names_passages_that_are_there() -> None:
    headings = {f"{source.id}: {passage.heading}" for source in read_corpus(SHIPPED).sources for passage in split(source)}
    rows = re.findall(r"^\| ([A-Z]\d{3}) \| [AB] \| (.+) \|$", PAGE, re.MULTILINE)
    assert len({fact for fact, _ in rows}) == len(rows) == 317
    for fact, where in rows:
        assert set(where.split("; ")) <= headings, fact


@pytest.mark.seeds
def test_the_page_is_what_its_command_makes_today(seeds: Path) -> None:
    made, beside = module(), seeds.parent
    lists = [beside / "facts" / "treatment.md", beside / "facts" / "harm.md"]
    assert f"{made.table(made.inventory(beside / 'devset' / 'facts.md'))}\n{made.graded_table(lists)}" == PAGE
