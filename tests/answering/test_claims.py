"""source -> the publications that each sentence rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.claims import Claim, claims, rests_on
from assistant.corpus.reader import read_corpus
from assistant.schema import Reference, Source
from tests.support import ROOT

TEXT = """# Bladder

Ketamine can hurt the bladder. A doctor can check it.

<!-- facts: H2 | H1 H2 -->

- A need to pee often.
- Pain.

<!-- facts: - | H1 -->
"""
REFERENCES = (Reference("A", "First", "https://example.org/1", facts=("H1",)),
              Reference("B", "Second", "https://example.org/2", facts=("H2",)))


@pytest.fixture
def source() -> Source:
    one = read_corpus(ROOT / "corpus").sources[0]
    return replace(one, id="s", file="s.md", text=TEXT, references=REFERENCES)


def said(source: Source, claim: Claim) -> tuple[str, tuple[int, ...]]:
    return source.text[claim.start:claim.end], claim.references


def test_each_sentence_and_item_has_the_numbers_of_its_references_and_one_without_has_none(source: Source) -> None:
    assert [said(source, claim) for claim in claims(source)] == [
        ("Ketamine can hurt the bladder.", (2,)), ("A doctor can check it.", (1, 2)), ("Pain.", (1,))]


def test_a_paragraph_whose_groups_do_not_fit_its_sentences_is_passed_over(source: Source) -> None:
    wrong = replace(source, text=TEXT.replace("H2 | H1 H2", "H2"))
    assert [said(wrong, claim)[0] for claim in claims(wrong)] == ["Pain."]


def test_a_span_rests_on_the_references_of_every_sentence_that_it_touches(source: Source) -> None:
    start = TEXT.index("A doctor")
    assert [reference.title for reference in rests_on(source, (start, start + 5))] == ["First", "Second"]
    assert rests_on(source, (0, 3)) == ()


def test_a_text_without_references_or_comments_makes_no_claim(source: Source) -> None:
    assert claims(replace(source, references=())) == claims(replace(source, text="Ketamine can hurt.")) == ()


def test_sentences_of_the_shipped_fact_sheets_lead_to_their_publications() -> None:
    sheets = [source for source in read_corpus(ROOT / "corpus").sources if source.kind == "fact-sheet"]
    without = [source.id for source in sheets if source.references and not claims(source)]
    assert len(without) <= len(sheets) // 10, without
