"""The proof of an import: every word lost, added or joined is listed, and a changed number stops the document."""

from __future__ import annotations

import pytest

from assistant.ingestion.document import Document, Element
from assistant.ingestion.proof import objection, prove, sentences

TEXT = "Take a walk for 0.5 hours twice a day, and rest for 12 minutes when you come home. " * 4


def proved(layer: str, text: str, **fields: object) -> Document:
    document = Document(layer=[layer], elements=[Element("text", text)], **fields)  # type: ignore[arg-type]
    document.proof = prove(document)
    return document


def test_a_text_as_in_the_file_has_no_fault() -> None:
    document = proved(TEXT, TEXT)
    assert not objection(document.proof)
    assert sentences(document.proof) == ["all 72 words and 8 numbers of the file are kept or named above"]


@pytest.mark.parametrize(("there", "here"), [("0.5 hours", "5 hours"), ("12 minutes", "21 minutes"), ("12 minutes", "1 minutes")])
def test_one_changed_number_stops_the_document(there: str, here: str) -> None:
    document = proved(TEXT, TEXT.replace(there, here, 1))
    assert "numbers are not as in the file" in objection(document.proof)


def test_lost_words_are_listed_and_beyond_a_share_they_stop_the_document() -> None:
    few = proved(TEXT, TEXT.replace("walk", "", 1))
    assert few.proof["lost"] == ["walk"]
    assert not objection(few.proof)
    assert "words are not as in the file" in objection(proved(TEXT, TEXT.replace("twice a day", "")).proof)


def test_what_was_left_out_by_name_is_not_lost() -> None:
    document = Document(layer=[f"Page 9 {TEXT}"], elements=[Element("text", TEXT)])
    document.drop("running heads", "Page 9")
    assert not objection(prove(document))


def test_a_word_joined_over_a_line_s_end_is_listed_as_joined() -> None:
    document = proved("It may swell from an infec-\ntion.", "It may swell from an infection.")
    assert document.proof["joined"] == ["infec-tion -> infection"]
    assert not document.proof["lost"] + document.proof["added"]


def test_a_number_is_never_joined() -> None:
    assert "numbers" in objection(proved("Take 2 5 or none.", "Take 25 or none.").proof)


def test_the_mark_of_a_note_may_stand_apart_and_nothing_else_may() -> None:
    assert not objection(proved("Of 243 people some left.", "Of 24 [3] people some left.").proof)
    assert objection(proved("Of 243 people some left.", "Of 24 3 people some left.").proof)


def test_what_a_page_lost_and_another_has_is_a_paragraph_that_goes_over() -> None:
    document = Document(layer=["One line goes", "on here."], elements=[Element("text", "One line\fgoes on here.", page=2)])
    assert not prove(document)["lost"]


def test_an_exponent_that_a_page_has_on_a_line_of_its_own_is_no_change_and_another_exponent_is() -> None:
    assert proved("a count of 10\n9\n cells", "a count of 10⁹ cells").proof["changed"] == []
    assert proved("a count of 10\n9\n cells", "a count of 10⁸ cells").proof["changed"] == ["10", "9", "108"]


def test_two_parts_left_out_beside_each_other_are_not_lost() -> None:
    left_out = [("hidden parts", 0, "SECRET"), ("hidden parts", 0, "screen words")]
    assert proved("Come SECRETscreen words home", "Come home", left_out=left_out).proof["lost"] == []


def test_a_whole_number_and_a_fraction_may_stand_apart_where_the_file_runs_them_together() -> None:
    for sign in "/⁄":
        assert proved(f"Take 11{sign}2 cups", f"Take 1 1{sign}2 cups").proof["changed"] == []
        assert proved(f"Take 21{sign}2 cups", f"Take 1 1{sign}2 cups").proof["changed"]
