"""A draft must answer before it is published: hashes alone do not prove that the build wrote the right thing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import BLADDER, ToyEncoder

from assistant import building, generation, golden
from assistant.building import build_index
from assistant.embedding import Vectors
from assistant.errors import BuildFailed
from assistant.schema import Source

ASKED = '[[asked]]\nsource_id = "bladder"\nheading = "Bladder"\nquestions = ["does ket harm the bladder"]\n'


def refused(index: Path, corpus: Path, match: str) -> None:
    before = generation.current(index).name
    with pytest.raises(BuildFailed, match=match):
        build_index(corpus, index, encoder=ToyEncoder(), force=True)
    assert generation.current(index).name == before
    assert sorted(path.name for path in index.iterdir()) == [".lock", before, "current"]


def test_vectors_in_another_texts_row_are_not_published(index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = building.write_files

    def mixed(draft: Path, sources: Any, passages: Any, texts: Any, glossary: Any, vectors: Vectors, *rest: Any
              ) -> list[str]:
        return write(draft, sources, passages, texts, glossary, np.roll(vectors, 1, axis=0), *rest)

    monkeypatch.setattr(building, "write_files", mixed)
    refused(index, corpus, "vector of .* is not the one that its text gives")


def test_words_that_are_not_those_of_the_corpus_are_not_published(
        index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = golden.ask_golden

    def other(draft: Any, sources: Sequence[Source], fresh: Any) -> None:
        from dataclasses import replace

        ask(draft, [replace(source, text=source.text.upper()) for source in sources], fresh)

    monkeypatch.setattr(building, "ask_golden", other)
    refused(index, corpus, "quotes words that do not stand in")


def test_a_passage_that_cannot_be_proved_stops_the_build(index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.answering.Assistant.withheld", property(lambda self: 1, lambda self, value: None),
                        raising=False)
    refused(index, corpus, "cannot be proved")


def test_an_editors_question_must_find_its_passage(index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / "asked.toml").write_text(ASKED)
    assert build_index(corpus, index, encoder=ToyEncoder(), force=True).published
    (corpus / "asked.toml").write_text(ASKED.replace("does ket harm", "does ketamine harm"))
    monkeypatch.setattr(golden, "DEPTH", 0)  # so that nothing is looked at
    before = generation.current(index).name
    with pytest.raises(BuildFailed, match=r"does not find 'Bladder' of bladder.*asked\.toml"):
        build_index(corpus, index, encoder=ToyEncoder())
    assert generation.current(index).name == before


def test_about_an_unchanged_source_nothing_is_asked_again(index: Path, corpus: Path) -> None:
    (corpus / "bladder.txt").write_text(f"Bladder\n\n{BLADDER} Blood in it needs a check.\n")
    encoder = ToyEncoder()
    build_index(corpus, index, encoder=encoder)
    assert any("Blood" in text for text in encoder.seen)
    assert not any("Alcohol" in text for text in encoder.seen)


def test_a_heading_that_is_no_question_is_passed_over(tmp_path: Path, corpus: Path) -> None:
    (corpus / "odd.md").write_text("# 1.\n\nHelp is near for people here.\n\n# \u2014\n\nAsk somebody for help with ketamine.\n")
    assert build_index(corpus, tmp_path / "odd", encoder=ToyEncoder()).published
