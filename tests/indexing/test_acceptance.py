"""A draft must answer before it is published: hashes alone do not prove that the build wrote the right thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.arrays import Vectors
from assistant.errors import BuildFailed
from assistant.index import generation
from assistant.index.bm25 import Keywords
from assistant.index.index import Index
from assistant.index.late_interaction import TokenVectors
from assistant.index.stores import mapped
from assistant.index.vectors import Codes
from assistant.indexing import acceptance, build, embed
from assistant.indexing.build import build_index
from assistant.schema import Source
from tests.support import BLADDER, ToyEncoder, refusals

ASKED = '[[asked]]\nsource_id = "bladder"\nheading = "Bladder"\nquestions = ["does ket harm the bladder"]\n'


def refused(index: Path, corpus: Path, match: str, kind: str = "flat", force: bool = True) -> None:
    before, there = generation.current(index).name, sorted(path.name for path in index.iterdir())
    with pytest.raises(BuildFailed, match=match):
        build_index(corpus, index, encoder=ToyEncoder(), force=force, nearest=kind)
    assert generation.current(index).name == before
    assert sorted(path.name for path in index.iterdir()) == there


Write = Callable[..., list[str]]
SUBJECTS = '[[subject]]\nid = "dose"\ntext = "Please ask someone."\nexamples = ["how much help", "how much depression"]\n'
BOTH = ASKED + '\n[[asked]]\nsource_id = "alcohol"\nheading = "Alcohol"\nquestions = ["is alcohol bad"]\n'
PASSAGES, SENTENCES, QUESTIONS, EXAMPLES = slice(0, 2), slice(2, 7), slice(7, 9), slice(9, 11)


@pytest.fixture
def asked(corpus: Path) -> Path:
    """A corpus with rows of every kind."""
    (corpus / "asked.toml").write_text(BOTH)
    (corpus / "not_covered.toml").write_text(SUBJECTS + refusals().split("\n", 3)[3])
    return corpus


@pytest.mark.parametrize("kind", ["flat", "codes"])
@pytest.mark.parametrize("rows", [PASSAGES, SENTENCES, QUESTIONS, EXAMPLES],
                         ids=["passages", "sentences", "questions", "examples"])
def test_vectors_in_another_texts_row_are_not_published(index: Path, asked: Path, rows: slice, kind: str,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "codes":
        if rows == SENTENCES:
            return  # a large index has none
        rows = slice(rows.start - (0 if rows == PASSAGES else 5), rows.stop - (0 if rows == PASSAGES else 5))
    write = build.write_files

    def mixed(draft: Path, sources: Any, passages: Any, texts: Any, glossary: Any, vectors: Vectors, *rest: Any) -> list[str]:
        vectors[rows] = vectors[rows][::-1].copy()
        return write(draft, sources, passages, texts, glossary, vectors, *rest)

    build_index(asked, index, encoder=ToyEncoder(), nearest=kind)
    monkeypatch.setattr(build, "write_files", mixed)
    refused(index, asked, "vector of .* is not the one that its text gives", kind)


def test_token_vectors_that_were_taken_over_scrambled_are_not_published(index: Path, asked: Path,
                                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """Every acceptance question passes all the same."""
    build_index(asked, index, encoder=ToyEncoder())
    stored = embed.stored

    def scrambled(old: Any) -> Any:
        known, fine = stored(old)
        return known, {key: replace(item, tokens=item.tokens[::-1]) for key, item in fine.items()}

    monkeypatch.setattr(embed, "stored", scrambled)
    (asked / "more.txt").write_text("Help\n\nThere is help for people here.\n")
    refused(index, asked, "token vectors of .* are not those that its text gives", force=False)


def test_token_ids_of_another_passage_are_not_published(index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = build.write_files
    monkeypatch.setattr(build, "write_files", lambda *given: write(
        *given[:6], [replace(item, ids=item.ids[::-1].copy()) for item in given[6]], *given[7:]))
    refused(index, corpus, "token vectors of")


@pytest.mark.parametrize("kind", ["flat", "codes"])
def test_keywords_that_lead_to_other_passages_are_not_published(index: Path, corpus: Path, kind: str,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        (corpus / f"n{number}.txt").write_text(f"Number {number}\n\nText number{number} says word{number} and help{number}.\n")
    build_index(corpus, index, encoder=ToyEncoder(), nearest=kind)
    if kind == "flat":
        monkeypatch.setattr(Keywords, "scores", scattered(Keywords.scores))
    else:
        make = mapped._write_keywords
        monkeypatch.setattr(mapped, "_write_keywords", lambda folder, passages: make(folder, passages[::-1]))
    refused(index, corpus, "keywords of .* do not find it", kind)


def scattered(scores: Callable[..., Vectors]) -> Callable[..., Vectors]:
    return lambda self, question: scores(self, question)[::-1]


def test_short_codes_that_lead_to_other_passages_are_not_published(index: Path, corpus: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    """The stored vectors are right, but those that are looked at are others."""
    for number in range(30):
        (corpus / f"n{number}.txt").write_text(f"Number {number}\n\nText {number} is on alcohol and help {'help ' * number}.\n")
    build_index(corpus, index, encoder=ToyEncoder(), nearest="codes")
    find = Codes.nearest
    monkeypatch.setattr(Codes, "nearest", lambda self, vector, count: find(self, vector[::-1].copy(), count))
    refused(index, corpus, "short code of .* does not lead to it", "codes")


def test_asked_as_questions_that_lead_to_other_passages_are_not_published(index: Path, asked: Path,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    (asked / "asked.toml").write_text(BOTH.replace('harm the bladder"]', 'harm the bladder", "bladder help"]'))
    build_index(asked, index, encoder=ToyEncoder(), nearest="codes")
    write = mapped._write_array
    monkeypatch.setattr(mapped, "_write_array",
                        lambda path, array: write(path, array[::-1] if path.name == "asked.npy" else array))
    refused(index, asked, "Asked-as question .* leads to|vector of", "codes")


# ---- beside the generation before


def test_a_draft_that_finds_less_than_the_generation_before_is_not_published(index: Path, asked: Path,
                                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    """All arrays are right; what is made of them is not."""
    build_index(asked, index, encoder=ToyEncoder())
    (asked / "more.txt").write_text("Help\n\nThere is help for people here.\n")
    find = acceptance.rank

    def worse(given: Index, *rest: Any) -> Any:
        hits, evidence = find(given, *rest)
        return (hits[::-1] if len(given.passages) == 3 else hits), evidence

    monkeypatch.setattr(acceptance, "rank", worse)
    refused(index, asked, "do worse than in .*: reciprocal rank by", force=False)


def test_evidence_that_falls_is_not_published_either(index: Path, asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index(asked, index, encoder=ToyEncoder())
    (asked / "more.txt").write_text("Help\n\nThere is help for people here.\n")
    scores = TokenVectors.scores
    monkeypatch.setattr(TokenVectors, "scores", lambda self, *rest: scores(self, *rest) - (0.1 if len(self) == 3 else 0))
    refused(index, asked, "closeness of words by 0.100", force=False)


def test_of_an_unchanged_corpus_all_figures_are_equal(index: Path, asked: Path) -> None:
    build_index(asked, index, encoder=ToyEncoder())
    one, two = (Index.open(index, ToyEncoder()) for _ in range(2))
    acceptance.prove_draft(one, one.sources.values(), (), two)


def test_sources_that_come_and_go_do_not_stop_a_build(index: Path, asked: Path) -> None:
    build_index(asked, index, encoder=ToyEncoder())
    for number in range(9):
        (asked / f"more{number}.txt").write_text(f"Bladder\n\n{BLADDER} Number {number} says it too.\n")
    assert build_index(asked, index, encoder=ToyEncoder()).published
    for number in range(9):
        (asked / f"more{number}.txt").unlink()
    assert build_index(asked, index, encoder=ToyEncoder()).published


# ---- acceptance questions


def test_words_that_are_not_those_of_the_corpus_are_not_published(
        index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prove = acceptance.prove_draft

    def other(draft: Any, sources: Sequence[Source], *rest: Any) -> None:
        prove(draft, [replace(source, text=source.text.upper()) for source in sources], *rest)

    monkeypatch.setattr(build, "prove_draft", other)
    refused(index, corpus, "quotes words that do not stand in")


def test_a_passage_that_cannot_be_proved_stops_the_build(index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.answering.assistant.Assistant.withheld", property(lambda self: 1, lambda self, value: None),
                        raising=False)
    refused(index, corpus, "cannot be proved")


def test_an_editors_question_must_find_its_passage(index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / "asked.toml").write_text(ASKED)
    assert build_index(corpus, index, encoder=ToyEncoder(), force=True).published
    (corpus / "asked.toml").write_text(ASKED.replace("does ket harm", "does ketamine harm"))
    monkeypatch.setattr(acceptance, "DEPTH", 0)  # so that nothing is looked at
    before = generation.current(index).name
    with pytest.raises(BuildFailed, match=r"does not find 'Bladder' of bladder.*asked\.toml"):
        build_index(corpus, index, encoder=ToyEncoder())
    assert generation.current(index).name == before


def test_a_heading_that_is_no_question_is_passed_over(tmp_path: Path, corpus: Path) -> None:
    (corpus / "odd.md").write_text("# 1.\n\nHelp is near for people here.\n\n# \u2014\n\nAsk somebody for help with ketamine.\n")
    assert build_index(corpus, tmp_path / "odd", encoder=ToyEncoder()).published
