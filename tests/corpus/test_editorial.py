"""A contested claim never appears without its note; people's words find the corpus's words; nothing of it is quoted."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.corpus.editorial import Glossary, annotate, asked_from, glossary_from, merged_note, notes_from
from assistant.corpus.files import SHIPPED
from assistant.corpus.passages import split
from assistant.corpus.reader import read_corpus
from assistant.errors import CorpusError
from assistant.indexing.build import build_index
from assistant.indexing.check import check
from assistant.schema import Note, PlacedNote, Term
from tests.support import BLADDER, ToyEncoder, sure

CLAIM = "Ketamine can hurt the bladder."


def note(source_id: str = "bladder", quote: str = CLAIM, pattern: str = r"nothing\s+here", text: str = "Says who?",
         sha256: str | None = None) -> str:
    digest = sha256 or hashlib.sha256(quote.encode()).hexdigest()
    return (f'[[note]]\nid = "n"\nsource_id = "{source_id}"\nquote = "{quote}"\nquote_sha256 = "{digest}"\n'
            f"pattern = '{pattern}'\ntext = \"{text}\"\nsource = \"A study, 2020\"\nchecked = \"2026-11-21\"\n")


def answers(corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, question: str = "bladder"):  # type: ignore[no-untyped-def]
    sure(monkeypatch, 1.0)
    build_index(corpus, index, encoder=ToyEncoder())
    return Assistant.open(index, encoder=ToyEncoder()).ask(question)


def test_a_quote_with_a_note_never_comes_without_it(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / "notes.toml").write_text(note())
    answer = answers(corpus, tmp_path / "i", monkeypatch)
    noted = [citation for citation in answer.citations if CLAIM in citation.exact]
    assert noted
    assert all(citation.note == Note("Says who?", "A study, 2020", "2026-11-21") for citation in noted)
    assert all(citation.note is None for citation in answer.citations if CLAIM not in citation.exact)
    assert answer.to_json()["citations"][0]["note"] == {"text": "Says who?", "source": "A study, 2020",
                                                        "checked": "2026-11-21"}
    assert "Editor's note: Says who?" in str(answer)
    assert str(answer).index("Says who?") < str(answer).index(CLAIM)
    assert str(answer).index("1. Editor's note: Says who?") < str(answer).index(CLAIM)  # under the number of its own passage


def test_a_pattern_binds_the_note_to_an_imported_text(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / "notes.toml").write_text(note("someone-elses", "Not here.", r"hurt\s+the\s+bladder"))
    answer = answers(corpus, tmp_path / "i", monkeypatch)
    assert answer.citations[0].note
    opened = Assistant.open(tmp_path / "i", encoder=ToyEncoder())
    (placed,) = opened.notes_of("bladder")
    text = next(source.text for source in opened.sources if source.id == "bladder")
    assert text[placed.start:placed.end] == "hurt the bladder"


@pytest.mark.parametrize(("table", "reason"), [
    (note(quote="Ketamine can heal the bladder."), "no longer occurs"),
    (note(sha256="0" * 64), "not the one that was reviewed"),
    (note(pattern="("), "is broken"),
    (note(text=" "), "has no 'text'"),
])
def test_a_note_that_lost_its_quote_stops_the_build(corpus: Path, tmp_path: Path, table: str, reason: str) -> None:
    (corpus / "notes.toml").write_text(table)
    with pytest.raises(CorpusError, match=reason):
        build_index(corpus, tmp_path / "i", encoder=ToyEncoder())


def test_notes_that_meet_in_one_passage_are_joined_without_repeats() -> None:
    one, two = Note("One.", "A", "2026-01-02"), Note("Two.", "A", "2026-01-01")
    placed = [PlacedNote(0, 1, one), PlacedNote(2, 3, two), PlacedNote(4, 5, one)]
    assert merged_note(placed) == Note("One. Two.", "A", "2026-01-01")
    assert merged_note([]) is None


GLOSSARY = Glossary((Term("ketamine", ("ket", "special K"), ("ketamin",), swap=True),
                     Term("benzodiazepines", ("Xanax", "benzo"), ("zanax",), ("xannies",))))


@pytest.mark.parametrize(("question", "widened"), [
    ("is ket like Xanax", "is ketamine like Xanax benzodiazepines"),
    ("SPECIAL K and zanax", "ketamine and benzodiazepines"),
    ("basket of ketchup", "basket of ketchup"),
    ("ketamine and ket", "ketamine and ketamine"),
    ("xanax benzo xannies", "xanax benzo xannies benzodiazepines"),
])
def test_people_s_words_lead_to_the_words_of_the_texts(question: str, widened: str) -> None:
    assert GLOSSARY.expand(question)[0] == widened


def test_an_empty_glossary_changes_nothing() -> None:
    assert Glossary().expand("is ket safe") == ("is ket safe", ())


def test_the_answer_says_what_was_searched_for_besides(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / "glossary.toml").write_text('[[term]]\nword = "bladder"\nalso = ["waterworks"]\nheard = ["plumbing"]\n')
    answer = answers(corpus, tmp_path / "i", monkeypatch, "does it hurt your waterworks")
    assert answer.citations[0].source_id == "bladder"
    assert [term.word for term in answer.terms] == ["bladder"]
    assert answer.to_json()["terms"] == [{"word": "bladder", "also": ["waterworks"]}]
    assert answer.question == "does it hurt your waterworks"


def test_asked_as_questions_find_a_passage_and_are_never_shown(corpus: Path, tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / "asked.toml").write_text('[[asked]]\nsource_id = "alcohol"\nheading = "Alcohol"\n'
                                       'questions = ["does depression help"]\n')
    answer = answers(corpus, tmp_path / "i", monkeypatch, "does depression help")
    assert answer.citations[0].source_id == "alcohol"
    assert all("does depression help" not in citation.exact for citation in answer.citations)


def test_asked_as_questions_of_a_heading_that_is_gone_stop_the_build(corpus: Path, tmp_path: Path) -> None:
    (corpus / "asked.toml").write_text('[[asked]]\nsource_id = "alcohol"\nheading = "Gone"\nquestions = ["q"]\n')
    with pytest.raises(CorpusError, match="no passage under the heading 'Gone'"):
        build_index(corpus, tmp_path / "i", encoder=ToyEncoder())


@pytest.mark.parametrize("file", ["notes.toml", "glossary.toml", "asked.toml"])
def test_a_change_of_what_editors_add_is_seen(corpus: Path, tmp_path: Path, file: str) -> None:
    index = tmp_path / "i"
    build_index(corpus, index, encoder=ToyEncoder())
    (corpus / file).write_text({
        "notes.toml": note(), "glossary.toml": '[[term]]\nword = "bladder"\nalso = ["waterworks"]\n',
        "asked.toml": '[[asked]]\nsource_id = "alcohol"\nheading = "Alcohol"\nquestions = ["q"]\n'}[file])
    assert any("changed after the index was built" in finding.problem for finding in check(corpus, index))
    assert build_index(corpus, index, encoder=ToyEncoder()).published


@pytest.mark.parametrize(("make", "table", "reason"), [
    (glossary_from, {"also": ["x"]}, "needs a 'word'"), (asked_from, {"source_id": "a", "heading": "h"}, "needs"),
    (notes_from, {"id": "x"}, "has no 'source_id'"),
])
def test_a_faulty_table_is_named(make, table: dict[str, object], reason: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CorpusError, match=reason):
        make([table], "f.toml")


def test_a_form_belongs_to_one_term() -> None:
    with pytest.raises(CorpusError, match="'Ket' stands under 'ketamine' and 'kettle'"):
        glossary_from([{"word": "ketamine", "also": ["ket"]}, {"word": "kettle", "also": ["Ket"]}], "g.toml")


def test_the_shipped_notes_cover_every_contradicted_or_overstated_claim_of_the_safety_record() -> None:
    rows = {item.id for item in read_corpus(SHIPPED).editorial.notes}
    assert rows >= {"000-1", "001-1", "001-2", "001-3", "001-4", "001-5", "001-7", "002-1", "002-2", "002-3", "002-4",
                    "002-7", "003-1", "003-2", "003-4", "003-5", "003-6", "004-2", "004-3", "004-4", "004-5", "004-7",
                    "004-8", "004-10"}


def test_every_shipped_note_stands_beside_a_passage() -> None:
    read = read_corpus(SHIPPED)
    passages = annotate([passage for source in read.sources for passage in split(source)], read.sources, read.editorial)
    placed = {mark.note for passage in passages for mark in passage.notes}
    assert placed == {item.note for item in read.editorial.notes}


@pytest.mark.seeds
def test_every_shipped_pattern_finds_its_claim_in_the_seeds(seeds: Path) -> None:
    read = read_corpus(seeds)
    passages = annotate([passage for source in read.sources for passage in split(source)], read.sources, read.editorial)
    placed = {mark.note for passage in passages for mark in passage.notes}
    assert placed == {item.note for item in read.editorial.notes}


def test_the_shipped_glossary_bridges_slang_to_the_texts() -> None:
    glossary = read_corpus(SHIPPED).editorial.glossary
    assert len(glossary.terms) >= 40
    for question, word in (("does ket hurt your waterworks", "bladder"), ("is spravato the same", "esketamine"),
                           ("k and xanax", "benzodiazepines"), ("special k", "ketamine")):
        assert word in glossary.expand(question)[0], question
    assert BLADDER not in str(glossary)
