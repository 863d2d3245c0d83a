"""PDF: words with a line drawn through them are no text, and all other lines leave the words alone."""

from __future__ import annotations

import ctypes
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from assistant.ingestion.document import Document, to_text
from tests.ingestion.documents import placed_pdf, read_here

FILL = ("Nurses measure how fast the heart beats before each visit and write", "it into the book that stays with them all day.")
SENTENCE = (("Stay in the ward for", 60, 700, 11), ("one hour", 161, 700, 11), ("Two hours after each visit.", 208, 700, 11),
            (FILL[0], 60, 640, 11), (FILL[1], 60, 626, 11))
WIDTH = 43.4  # points that "one hour" takes


def read(folder: Path, raw: bytes) -> tuple[Document, str]:
    (folder / "a.pdf").write_bytes(raw)
    document = read_here(folder / "a.pdf")
    return document, to_text(document, "T")


@pytest.mark.parametrize("ruled", [(161, 703.2, 161 + WIDTH, 703.2), (161, 702.9, 161 + WIDTH, 703.6, 1)], ids=["line", "box"])
def test_words_with_a_line_through_them_are_left_out_and_told(tmp_path: Path, ruled: tuple[float, ...]) -> None:
    document, text = read(tmp_path, placed_pdf([SENTENCE], ruled=[ruled]))
    assert "Stay in the ward for Two hours after each visit." in text
    assert document.left_out == [("struck words", 1, "one hour")]
    assert document.proof["lost"] == document.proof["added"] == []


def test_a_struck_digit_takes_nothing_else_of_its_number(tmp_path: Path) -> None:
    runs = [("In all 1", 60, 700, 11), ("2", 92.4, 700, 11), ("5 people came.", 98.5, 700, 11), (FILL[0], 60, 640, 11)]
    document, text = read(tmp_path, placed_pdf([runs], ruled=[(92.4, 703.2, 98.5, 703.2)]))
    assert "In all 15 people came." in text
    assert document.proof["changed"] == []


@pytest.mark.parametrize(("ruled", "what"), [
    ((161, 698.5, 161 + WIDTH, 698.5), "a line under the words"), ((161, 699, 161 + WIDTH, 704, 1), "a marker's half-high box"),
    ((40, 703.2, 560, 703.2), "a line across the page"), ((150, 703.2, 185, 703.2), "a stroke that ends within a word"),
])
def test_other_lines_strike_nothing(tmp_path: Path, ruled: tuple[float, ...], what: str) -> None:
    document, text = read(tmp_path, placed_pdf([SENTENCE], ruled=[ruled]))
    assert "one hour" in text, what
    assert document.dropped["struck words"] == 0


@pytest.mark.parametrize(("hidden", "struck"), [(False, 1), (True, 0)])
def test_a_reviewer_s_strike_counts_where_it_is_shown(tmp_path: Path, hidden: bool, struck: int) -> None:
    raw = pypdfium2.raw
    file = pypdfium2.PdfDocument(placed_pdf([SENTENCE]))
    page = file[0]
    mark = raw.FPDFPage_CreateAnnot(page.raw, raw.FPDF_ANNOT_STRIKEOUT)
    left, right = 160.0, 161 + WIDTH
    corners = raw.FS_QUADPOINTSF(left, 710, right, 710, left, 697, right, 697)
    raw.FPDFAnnot_AppendAttachmentPoints(mark, ctypes.byref(corners))
    raw.FPDFAnnot_SetFlags(mark, raw.FPDF_ANNOT_FLAG_HIDDEN if hidden else 0)
    raw.FPDFPage_CloseAnnot(mark)
    out = BytesIO()
    file.save(out)
    document, text = read(tmp_path, out.getvalue())
    assert document.dropped["struck words"] == struck
    assert ("one hour" in text) is not struck


def test_words_that_nobody_sees_part_no_sentence(tmp_path: Path) -> None:
    runs = [(*run, "white") if run[0] == "one hour" else run for run in SENTENCE]
    document, text = read(tmp_path, placed_pdf([runs]))
    assert "Stay in the ward for Two hours after each visit." in text
    assert document.left_out == [("hidden parts", 1, "one hour")]
