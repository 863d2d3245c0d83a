"""PDF: letters that are read from the right, whatever order the file holds them in."""

from __future__ import annotations

import pytest

from assistant.ingestion.formats.pdf.lines import Glyph, Style, line_of
from assistant.ingestion.formats.pdf.tags import Tag
from assistant.ingestion.proof import tokens

STYLE = Style(10.0, False, False, Tag())


def placed(shown: str, backwards: bool) -> list[Glyph]:
    """The signs of a line as they stand on the page from left to right, held in that order or in the other."""
    glyphs, gap = [], ""
    for number, sign in enumerate(reversed(shown) if backwards else shown):
        x = 6.0 * (len(shown) - 1 - number if backwards else number)
        if sign != " ":
            glyphs.append(Glyph(sign, x, x + 5.8, 700.0, STYLE, "", gap, (x, x, 700.0, x + 5.8, 708.0)))
        gap = " " if sign == " " else ""
    return glyphs


@pytest.mark.parametrize("backwards", [True, False])
@pytest.mark.parametrize(("shown", "read"), [
    ("םוי לכ םימ 2.5 התש", "שתה 2.5 מים כל יום"), ("תוקד 45", "45 דקות"), (".םויב (MRI scan) הקידב", "בדיקה (MRI scan) ביום."),
    ("2026 רבמטפס 15", "15 ספטמבר 2026"), ("ءاملا برشا", "اشرب الماء"),
])
def test_words_are_read_from_the_right_and_numbers_from_the_left(shown: str, read: str, backwards: bool) -> None:
    assert line_of(placed(shown, backwards)).text == read


def test_a_line_of_latin_letters_with_one_such_word_stays_as_it_is() -> None:
    assert line_of(placed("The word םולש is shown", False)).text.startswith("The word ")


def test_the_proof_compares_such_words_by_their_letters_and_numbers_by_their_order() -> None:
    assert tokens("םולש 25") == tokens("שלום 25") != tokens("שלום 52")
