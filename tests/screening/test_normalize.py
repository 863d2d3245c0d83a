"""However a message is typed, rules read its plain words; a real word or a number is left as it is."""

from __future__ import annotations

import pytest

from assistant.screening.normalize import normalize
from assistant.screening.urgent import screen


@pytest.mark.parametrize("text", [
    "do we need to go to the ER, she had ketamine", "her breath is really slow", "shortness of breath after ket help",
    "he thinks he is Jesus and has a knife", "cant breath", "hes breathin funny", "my lad aged 2 ate my lozenge",
])
def test_danger_in_words_that_were_dropped_or_repaired_is_seen(text: str) -> None:
    assert screen(text)


def test_er_is_a_place_only_where_it_reads_as_one() -> None:
    assert screen("should i, er, take ketamine") == ()
    assert screen("i want to, er, die") == ("suicide",)


@pytest.mark.parametrize(("typed", "read"), [
    ("in 2000", " in 2000 "), ("4 years", " 4 years "), ("aged 2", " aged 2 "), ("2 die 4 me", " to die for me "),
    ("100milligrams", " 100 milligrams "), ("they do not id", " they do not id "), ("id say so", " i would say "),
    ("im scared", " i am scared "), ("can i im it", " can i im it "), ("my boss's", " my boss "),
])
def test_a_number_or_a_short_word_keeps_its_meaning_where_it_is_no_text_speak(typed: str, read: str) -> None:
    assert normalize(typed) == read
