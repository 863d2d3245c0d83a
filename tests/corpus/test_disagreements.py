"""A seller's claim that a better source disputes never stands alone; a stale quote is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.selection import Shown, beside, select
from assistant.corpus.editorial import disagreements_from
from assistant.corpus.lint.rules import lint
from assistant.corpus.reader import read_corpus
from assistant.errors import CorpusError
from assistant.indexing.build import build_index
from assistant.schema import Difference, Hit, Passage, Source, still
from tests.support import ROOT, ToyEncoder

SOURCES = """
[[source]]
id = "seller"
file = "seller.md"
title = "Seller"
kind = "provider"
tier = "T4"

[[source]]
id = "sheet"
file = "sheet.md"
title = "Sheet"
kind = "fact-sheet"
tier = "T1"
"""
CLAIM, DOUBT = "Ketamine is no danger to the bladder at all.", "Ketamine can hurt the bladder for good."
PAIR = f"""
[[pair]]
id = "bladder"
differ = "They differ on harm to the bladder."
a = {{ source_id = "sheet", quote = "{DOUBT}" }}
b = {{ source_id = "seller", quote = "{CLAIM}" }}
"""


@pytest.fixture
def folder(corpus: Path) -> Path:
    for old in corpus.glob("*.txt"):
        old.unlink()
    (corpus / "sources.toml").write_text(SOURCES)
    seller = f"# Seller\n\n## Bladder\n\n{CLAIM} Ketamine ketamine bladder.\n\n## Drink\n\nAlcohol differs.\n"
    (corpus / "seller.md").write_text(seller)
    (corpus / "sheet.md").write_text(f"# Sheet\n\n## Harm\n\nHelp for people with depression and alcohol. {DOUBT}\n")
    (corpus / "differ.toml").write_text(PAIR)
    return corpus


def test_a_build_binds_both_sides_and_a_stale_quote_stops_it_by_name(folder: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    build_index(folder, tmp_path / "index", encoder=toy)
    assistant = Assistant.open(tmp_path / "index", encoder=toy)
    for here, there, words in (("seller", "sheet", DOUBT), ("sheet", "seller", CLAIM)):
        found = [other for passage in assistant.passages_of(here) for other in passage.differs]
        assert [(other.id, other.source_id) for other in found] == [("bladder", there)]
        text = next(source.text for source in assistant.sources if source.id == there)
        assert text[found[0].start:found[0].end] == words
    (folder / "sheet.md").write_text("# Sheet\n\n## Harm\n\nKetamine might hurt the bladder.\n")
    with pytest.raises(CorpusError, match="pair 'bladder' no longer stands in a passage of sheet"):
        build_index(folder, tmp_path / "index", encoder=toy)
    lost = [finding for finding in lint(read_corpus(folder), ROOT / "corpus", date(2026, 11, 25)) if finding.rule == "lost-quote"]
    assert [Path(finding.where).name for finding in lost] == ["differ.toml"]
    assert lost[0].level == "error"


def test_a_changed_pair_makes_a_new_index(folder: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    build_index(folder, tmp_path / "index", encoder=toy)
    assert not build_index(folder, tmp_path / "index", encoder=toy).published
    (folder / "differ.toml").write_text(PAIR.replace("harm to", "what it does to"))
    assert build_index(folder, tmp_path / "index", encoder=toy).published


@pytest.mark.parametrize(("text", "wrong"), [
    (PAIR.replace("differ =", "differs ="), "line 4: in .pair. the key 'differs' is unknown: did you mean 'differ'"),
    (PAIR.replace("quote = ", "words = "), "line 5: in .pair.a. the key 'words' is unknown"),
    (PAIR.replace("differ =", "# differ ="), "line 2: .* needs 'id', 'differ' and two sides"),
    (PAIR + PAIR, "stands there twice"),
    (PAIR.replace('"sheet"', '"seller"'), "one source on both sides"),
])
def test_a_pair_that_cannot_be_used_is_refused_in_one_sentence(folder: Path, text: str, wrong: str) -> None:
    (folder / "differ.toml").write_text(text)
    with pytest.raises(CorpusError, match=wrong):
        read_corpus(folder)


def hit(source: str, rank: int, *others: str) -> Hit:
    text = f"Words of {source}."
    differs = tuple(Difference("pair", "They differ.", other, 0, len(f"Words of {other}.")) for other in others)
    passage = Passage(source, 0, len(text), "", text, ((0, len(text)),), differs=differs)
    return Hit(passage, 1 / rank, rank, still((0, len(text))), 0.6)


def sources(**tiers: str) -> dict[str, Source]:
    return {name: Source(name, name, "", "", "", tier=tier) for name, tier in tiers.items()}


TIERS = sources(seller="T4", sheet="T1", other="T1", more="T1")


def of(*passages: Passage) -> Callable[[str], list[Passage]]:
    return lambda source_id: [passage for passage in passages if passage.source_id == source_id]


def shown_of(found: list[Shown]) -> list[tuple[str, str]]:
    return [(one.hit.passage.source_id, one.pair) for one in found]


def test_a_sellers_claim_brings_what_disputes_it_and_the_better_source_stands_first() -> None:
    seller, sheet = hit("seller", 1, "sheet"), hit("sheet", 9, "seller")
    shown = [Shown(seller), Shown(hit("other", 2)), Shown(hit("more", 3))]
    passages = [one.passage for one in (seller, sheet)]
    assert shown_of(beside(shown, [sheet], of(*passages), TIERS)) == shown_of(beside(shown, [], of(*passages), TIERS)) == [
        ("sheet", "pair"), ("seller", "pair"), ("other", ""), ("more", "")]


def test_two_that_differ_are_put_together_where_both_are_shown() -> None:
    seller, sheet = hit("seller", 3, "sheet"), hit("sheet", 1, "seller")
    shown = [Shown(sheet), Shown(hit("other", 2)), Shown(seller)]
    found = beside(shown, [], of(seller.passage, sheet.passage), TIERS)
    assert shown_of(found) == [("sheet", "pair"), ("seller", "pair"), ("other", "")]


def test_a_fact_sheet_fetches_no_advertisement_and_where_one_is_shown_it_is_the_better_source() -> None:
    seller, sheet = hit("seller", 9, "sheet"), hit("sheet", 1, "seller")
    passages = [seller.passage, sheet.passage]
    shown = [Shown(sheet), Shown(hit("other", 2))]
    assert shown_of(beside(shown, [seller], of(*passages), TIERS)) == [("sheet", ""), ("other", "")]
    one = select("first visit", [seller], TIERS, of(*passages), 1)
    assert shown_of(one) == [("sheet", "")]


def test_every_shipped_pair_stands_in_the_shipped_texts_and_names_a_weak_voice_and_a_better_one() -> None:
    import tomllib

    pairs = disagreements_from(tomllib.loads((ROOT / "corpus/differ.toml").read_text("utf-8"))["pair"], "differ.toml")
    known = {source.id: source for source in read_corpus(ROOT / "corpus").sources}
    assert len(pairs) >= 8
    for pair in pairs:
        assert pair.a[1] in known[pair.a[0]].text, pair.id
        assert pair.b[1] in known[pair.b[0]].text, pair.id
        assert known[pair.a[0]].tier < known[pair.b[0]].tier, "the better source is a"
