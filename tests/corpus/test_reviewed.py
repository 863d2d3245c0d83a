"""subjects.toml, suggested.toml -> what people browse by."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus.reader import read_corpus
from assistant.corpus.reviewed import ALL, OTHER, BrowseSubject, Reviewed, fold, read_reviewed
from assistant.errors import CorpusError
from tests.support import ROOT


def test_a_folder_without_the_files_has_one_subject_with_all_its_texts(tmp_path: Path) -> None:
    assert read_reviewed(tmp_path) == Reviewed()
    assert Reviewed().grouped(["a", "b"]) == (BrowseSubject(ALL, ("a", "b")),)


def test_sources_stand_under_their_subject_and_what_stands_in_none_comes_last() -> None:
    reviewed = Reviewed((BrowseSubject("Health", ("b", "gone")), BrowseSubject("Law", ("nothing here",))))
    assert reviewed.grouped(["a", "b"]) == (BrowseSubject("Health", ("b",)), BrowseSubject(OTHER, ("a",)))


def test_questions_that_differ_in_capitals_spaces_or_the_mark_are_one() -> None:
    assert fold(" Is  Ketamine addictive? ") == fold("is ketamine addictive")


@pytest.mark.parametrize(("name", "text", "wrong"), [
    ("subjects.toml", '[[subject]]\nname = ""\nsources = ["a"]\n', "needs a 'name'"),
    ("subjects.toml", '[[subject]]\nname = "Law"\nsources = [1]\n', "list 'sources'"),
    ("suggested.toml", 'questions = "one"\n', "must be a list of texts"),
])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, name: str, text: str, wrong: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(CorpusError, match=wrong) as told:
        read_reviewed(tmp_path)
    assert name in str(told.value)


def test_every_shipped_source_stands_under_a_subject_and_every_subject_names_sources_that_are_there() -> None:
    reviewed, ids = read_reviewed(ROOT / "corpus"), {source.id for source in read_corpus(ROOT / "corpus").sources}
    assert {name for subject in reviewed.subjects for name in subject.sources} == ids
