"""What is marked in a quote answers: the items of a list, never its announcement, never words that a note disputes."""

from __future__ import annotations

from dataclasses import replace

from assistant.answering.highlight import mark
from assistant.schema import Note, Passage, PlacedNote

LIST = "A leaflet lists signs of harm. People may notice these:\n- Pain.\n- Blood in the urine.\n"
CLAIM = "The clinic claims it is safe for all. But the label names people who must not have it. A nurse is there."


def passage(text: str, *sentences: str) -> Passage:
    spans = tuple((10 + text.index(words), 10 + text.index(words) + len(words)) for words in sentences)
    return Passage("a", 10, 10 + len(text), "", text, spans)


def marked(found: Passage, *scores: float) -> str:
    start, end = mark(found, scores)
    return found.text[start - 10:end - 10]


LISTED = passage(LIST, "A leaflet lists signs of harm.", "People may notice these:", "Pain.", "Blood in the urine.")
CLAIMED = passage(CLAIM, "The clinic claims it is safe for all.", "But the label names people who must not have it.",
                  "A nurse is there.")


def test_the_items_are_marked_and_not_the_sentence_that_announces_them() -> None:
    assert marked(LISTED, 0.9, 0.1, 0.2, 0.3) == "Pain.\n- Blood in the urine."
    assert marked(LISTED, 0.1, 0.9, 0.2, 0.3) == "Pain.\n- Blood in the urine."


def test_an_item_that_fits_best_is_marked_alone() -> None:
    assert marked(LISTED, 0.1, 0.2, 0.3, 0.9) == "Blood in the urine."


def test_the_earlier_of_two_sentences_that_fit_alike_is_marked() -> None:
    assert marked(CLAIMED, 0.1, 0.1, 0.9) == "A nurse is there."
    assert marked(passage("One cat. Two cats.", "One cat.", "Two cats."), 0.5, 0.5) == "One cat."


def test_a_claim_that_the_next_sentence_takes_back_is_not_what_is_marked() -> None:
    assert marked(CLAIMED, 0.9, 0.1, 0.2) == "But the label names people who must not have it."


def test_words_that_an_editors_note_disputes_are_never_marked() -> None:
    note = Note("Disputed.", "A label", "2026-11-21")
    one = replace(CLAIMED, notes=(PlacedNote(10, 20, note),))
    assert marked(one, 0.9, 0.1, 0.2) == "A nurse is there."
    everything = replace(CLAIMED, notes=(PlacedNote(10, 10 + len(CLAIM), note),))
    assert mark(everything, (0.9, 0.1, 0.2)) == (10, 10)
