"""What every store promises, wherever a generation lies: in memory, in mapped files, in PostgreSQL.

The sources are ``many`` of the conftest.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.lexical_search import LexicalAssistant
from assistant.errors import BadInput, IndexCorrupt
from assistant.index.bm25 import idf, tokens
from assistant.index.index import Index, embedded_texts
from assistant.index.location import Place, located
from assistant.index.serialization import searched
from assistant.index.text_index import TextIndex
from assistant.indexing.build import build_index
from assistant.server.web.static_export import write_book
from tests.support import BLADDER, ToyEncoder, sure

QUESTION = "What about the bladder in case n7?"
QUESTIONS = (QUESTION, "alcohol and ketamine n30", "help", "What does it do?", "zebra", "depression n11")
DANGER = "my friend took too much ketamine and will not wake up"


@dataclass
class Published:
    """A generation, and the way to alter its words behind its back."""

    place: Place
    harm: Callable[[Assistant, str, str], None]  # (opened, words, other words of the same length) in every source

    def open(self) -> Assistant:
        return Assistant.open(self.place, ToyEncoder())

    @property
    def store(self) -> Any:
        return Index.open(self.place, ToyEncoder()).store


def in_memory(folder: Path) -> Callable[[Assistant, str, str], None]:
    def harm(opened: Assistant, old: str, new: str) -> None:
        sources = opened._index.sources
        for key, source in list(sources.items()):
            sources[key] = dataclasses.replace(source, text=source.text.replace(old, new))  # type: ignore[index]

    return harm


def in_files(folder: Path) -> Callable[[Assistant, str, str], None]:
    def harm(_: Assistant, old: str, new: str) -> None:
        with sqlite3.connect((folder / "current" / "texts.sqlite").resolve()) as store:
            store.execute("UPDATE source SET record = replace(record, ?, ?)", (old, new))
        store.close()

    return harm


def in_tables(address: str) -> Callable[[Assistant, str, str], None]:
    def harm(_: Assistant, old: str, new: str) -> None:
        import psycopg

        with psycopg.connect(address) as connection:
            (name,) = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'answers\\_%'").fetchone()
            connection.execute(f"UPDATE {name}.source SET record = convert_to(replace(convert_from(record, 'UTF8'), %s, %s), "
                               "'UTF8')", (old, new))

    return harm


@pytest.fixture(params=["memory", "mapped", "postgres"])
def published(request: pytest.FixtureRequest, many: Path, tmp_path: Path) -> Published:
    if request.param == "postgres":
        address = request.getfixturevalue("address")
        build_index(many, address, encoder=ToyEncoder())
        return Published(located(address), in_tables(address))
    folder = tmp_path / request.param
    build_index(many, folder, encoder=ToyEncoder(), nearest="flat" if request.param == "memory" else "codes")
    return Published(folder, in_memory(folder) if request.param == "memory" else in_files(folder))


@pytest.fixture
def flat(many: Path, tmp_path: Path) -> Any:
    """The store whose figures are exact: every row is compared."""
    build_index(many, tmp_path / "flat", encoder=ToyEncoder(), nearest="flat")
    return Index.open(tmp_path / "flat", ToyEncoder()).store


# ---- candidates


def test_candidates_have_the_cosines_and_the_bm25_of_their_texts(published: Published, flat: Any) -> None:
    store = published.store
    for question in QUESTIONS:
        words, vector = tokens([question])[0], ToyEncoder().encode([question])[0]
        near = store.candidates(vector, words)
        assert np.array_equal(near.numbers, np.unique(near.numbers))
        texts = [f"{passage.heading}. {passage.text}" for number in near.numbers for passage in [store.passages[int(number)]]]
        assert near.passage == pytest.approx(ToyEncoder().encode(texts) @ vector, abs=1e-3)
        assert (near.sentence >= near.passage - 1e-3).all()
        if near.keyword.any():  # BM25 of two libraries, which differ by a factor and in how lengths are rounded
            exact = flat.keywords.scores(words)[near.numbers]
            assert near.keyword / near.keyword.max() == pytest.approx(exact / exact.max(), rel=0.05)


def test_a_passage_found_by_its_words_alone_has_its_true_cosine(published: Published) -> None:
    store = published.store
    vector = ToyEncoder().encode(["help help"])[0]
    near = store.candidates(vector, ["n7"])
    (at,) = np.flatnonzero(near.keyword)
    passage = store.passages[int(near.numbers[at])]
    assert "case n7." in passage.text
    true = ToyEncoder().encode([f"{passage.heading}. {passage.text}"])[0] @ vector
    assert near.passage[at] == pytest.approx(float(true), abs=1e-3)


def test_an_asked_as_question_counts_for_its_passage(published: Published) -> None:
    store = published.store
    vector = ToyEncoder().encode(["depression"])[0]
    near = store.candidates(vector, ["n8"])
    (at,) = np.flatnonzero(near.keyword)
    assert store.has_asked
    assert near.asked[at] == pytest.approx(1.0, abs=1e-3), "only the question speaks of depression"
    assert near.passage[at] == pytest.approx(0.0, abs=1e-3)


def test_words_that_occur_nowhere_and_a_vector_without_direction_give_a_candidate_all_the_same(published: Published) -> None:
    near = published.store.candidates(np.zeros(5, np.float32), ["zebra"])
    assert len(near.numbers)
    assert not near.keyword.any()


def test_stored_vectors_are_those_of_the_texts_in_their_rows(published: Published) -> None:
    index = Index.open(published.place, ToyEncoder())
    texts = embedded_texts(index.passages, index.sources, (), index.glossary, index.kind)
    assert index.store.rows == len(texts)
    assert index.store.vectors(np.arange(len(texts))) == pytest.approx(ToyEncoder().encode(texts), abs=1e-3)


# ---- scores


def test_idf_and_coverage_follow_one_formula(published: Published, flat: Any) -> None:
    store = published.store
    texts = [set(tokens([searched(passage)])[0]) for passage in flat.passages]
    for word in ("bladder", "n7", "zebra", "depress"):
        holding = sum(word in text for text in texts)
        assert store.idf(word) == idf(len(texts), holding)
        assert store.known(word) == bool(holding)
    for question in QUESTIONS:
        words = tokens([question])[0]
        weights = {word: store.idf(word) for word in words}
        assert store.covered(weights, store.passage(7)) == flat.covered(weights, flat.passage(7))


def test_the_best_matches_by_words_are_those_of_exact_bm25(published: Published, flat: Any) -> None:
    for words in (["n7"], ["bladder", "n7"], ["zebra"]):
        numbers, scores = published.store.matches(words)
        exact = flat.keywords.scores(words)
        assert {int(number) for number in numbers[scores > 0]} == set(np.flatnonzero(exact).tolist())
        if scores.any():
            assert int(numbers[scores.argmax()]) == int(exact.argmax())


def test_the_first_passage_is_the_same_in_every_store_and_so_is_its_receipt(published: Published, many: Path,
                                                                            tmp_path: Path) -> None:
    build_index(many, tmp_path / "flat", encoder=ToyEncoder(), nearest="flat")
    for question in QUESTIONS[:2]:
        first, exact = (assistant.ask(question, ranked=1).ranked[0] for assistant in (
            published.open(), Assistant.open(tmp_path / "flat", ToyEncoder())))
        assert (first.receipt, first.exact) == (exact.receipt, exact.exact)


def test_the_subject_whose_example_is_nearest_is_told(published: Published, many: Path) -> None:
    index = Index.open(published.place, ToyEncoder())
    assert index.store.subjects.shape == (0, 5)
    assert index.closest_subject(ToyEncoder().encode(["help"])[0]) == (None, 0.0)


# ---- withheld passages


def test_an_altered_passage_is_withheld_counted_and_logged_without_a_word(
        published: Published, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    sure(monkeypatch, 1.0)
    before = published.open().ask(QUESTION)
    assert before.citations[0].source_id == "s7"
    assistant = published.open()
    assert assistant.withheld == 0
    published.harm(assistant, "It is case n7.", "It is case n8.")
    answer = assistant.ask(f"{QUESTION} marker", ranked=5)
    assert answer.status == before.status
    assert answer.citations
    assert [cited.rank for cited in answer.ranked] == [1, 2, 3, 4, 5], "the next one takes its place"
    for cited in (*answer.citations, *answer.ranked):
        assert cited.source_id != "s7"
        assert f"It is case n{cited.source_id[1:]}." in cited.exact
    assert assistant.withheld > 0
    assert "was withheld" in caplog.text
    assert not [word for word in ("marker", "hurt", "bladder", "n8", "Part") if word in caplog.text]


def test_no_way_to_an_altered_passage_shows_it_or_fails(published: Published) -> None:
    assistant = published.open()
    published.harm(assistant, "It is case n7.", "It is case n8.")
    store = assistant._index.store
    assert len([number for number in range(len(store.passages)) if store.passage(number) is None]) == 1
    assert assistant.passages_of("s7") == assistant.quotations("s7") == assistant.notes_of("s7") == ()
    assert assistant.count_of("s7") == 1
    assert assistant.withheld >= 4
    assert f"{BLADDER} It is case n9." in assistant.quotations("s9")[0].exact


def test_evidence_counts_no_altered_passage(published: Published) -> None:
    assistant = published.open()
    published.harm(assistant, "hurt the bladder", "heal the bladder")
    hits, evidence = assistant.hits("bladder", 30)
    assert not [hit for hit in hits if "heal" in hit.passage.text or "hurt" in hit.passage.text]
    assert evidence.cosine == pytest.approx(max(hit.cosine for hit in hits), abs=1e-6)


def test_where_nothing_can_be_verified_nothing_is_shown_and_danger_still_gets_its_card(published: Published) -> None:
    assistant = published.open()
    published.harm(assistant, "It is case", "It is Case")
    answer = assistant.ask("What about the bladder?")
    assert (answer.status, answer.citations) == ("not_covered", ())
    assert answer.notice.text
    card = assistant.ask(DANGER).urgent
    assert card
    assert card.kind == "overdose"
    assert assistant.withheld > 0


def test_what_was_altered_is_found_by_verifying_everything(published: Published) -> None:
    published.store.verify()
    published.harm(published.open(), "It is case n7.", "It is case n8.")
    if not published.store.in_memory:  # what lies in memory was verified when it was opened
        with pytest.raises(IndexCorrupt):
            published.store.verify()
        with pytest.raises(IndexCorrupt, match="not what was indexed"):  # who builds or publishes from it is told
            _ = [*Index.open(published.place, ToyEncoder()).passages]


# ---- filters


def test_a_filter_keeps_screens_and_notice_or_is_refused_in_one_sentence(published: Published) -> None:
    assistant = published.open()
    if isinstance(published.place, Path):
        with pytest.raises(BadInput, match="Only a database can be searched by source or kind"):
            assistant.only(kinds=["study"])
        return
    assert {hit.passage.source_id for hit in assistant.only(sources=["s7"]).hits("alcohol ketamine")[0]} == {"s7"}
    studies = assistant.only(kinds=["study"])
    assert {int(hit.passage.source_id[1:]) % 3 for hit in studies.hits("case n7 alcohol")[0]} == {2}
    assert studies.ask("bladder").notice == assistant.ask("bladder").notice
    assert studies.ask("he took ketamine and is not breathing").urgent
    with pytest.raises(BadInput, match="No passage is of s99 and study"):
        assistant.only(["s99"], ["study"])


# ---- words alone, and the book of answers


def test_words_alone_find_the_passage_and_mark_the_sentence_that_shares_most(published: Published) -> None:
    by_words = LexicalAssistant.open(published.place)
    answer = by_words.ask("may people pee often", ranked=1)
    assert answer.search == "words"
    source = by_words.by_id[answer.ranked[0].source_id].text
    assert source[slice(*answer.ranked[0].highlight)] == "People may need to pee often, and it may sting."
    assert by_words.ask("bladder n7").citations[0].source_id == "s7"
    assert LexicalAssistant.without_model(published.place).ask(DANGER).urgent
    assert [hit.source_id for hit in by_words.ask("zebra", ranked=3).ranked] == []


def test_words_alone_withhold_an_altered_passage_too(published: Published) -> None:
    by_words = LexicalAssistant(TextIndex.open(published.place))
    holder: Any = type("Opened", (), {"_index": by_words._text_index})()
    published.harm(holder, "It is case n7.", "It is case n8.")
    answer = by_words.ask("bladder case n7", ranked=5)
    assert all(cited.source_id != "s7" for cited in (*answer.citations, *answer.ranked))
    assert answer.ranked
    assert by_words.withheld > 0


def test_a_book_of_answers_holds_every_passage_word_for_word(published: Published, many: Path, tmp_path: Path) -> None:
    written = write_book(published.place, many, tmp_path / "book")
    assert written.citations == len(published.store.passages)
    assert "It is case n7." in (tmp_path / "book" / "answers-s7.html").read_text("utf-8")


def test_no_book_is_written_of_an_altered_generation(published: Published, many: Path, tmp_path: Path) -> None:
    if not published.store.in_memory:  # a folder of the small kind is not opened at all (test_generation)
        published.harm(published.open(), "It is case n7.", "It is case n8.")
        with pytest.raises(IndexCorrupt):
            write_book(published.place, many, tmp_path / "book")
        assert not (tmp_path / "book").exists()
