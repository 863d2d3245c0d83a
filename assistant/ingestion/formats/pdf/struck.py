"""a page of a PDF, with its glyphs -> which of them are struck: a thin line is drawn through them, or a reviewer's mark is.

A line strikes words when it begins and ends with them at half the height of small letters. A rule of a table, a line under words
and a box behind them do not.
"""

from __future__ import annotations

import ctypes
from bisect import bisect
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

from assistant.ingestion.formats.pdf.rules import Ink, edges

LOWEST, HIGHEST = 0.14, 0.46  # sizes above the baseline
THICKEST = 0.16  # sizes
BEYOND = 0.45  # sizes: so far a line may go on past the words that it strikes
EXACT = 0.12  # sizes: the same where it ends within a word
Box = tuple[float, float, float, float]  # left, foot, right, top


def struck_places(page: Any, inks: Sequence[Ink]) -> set[int]:
    """The places of struck glyphs in ``inks``."""
    struck = {number for box in _marked(page) for number, ink in enumerate(inks)
              if box[0] <= (ink.x0 + ink.x1) / 2 <= box[2] and box[1] <= ink.y + 0.3 * ink.size <= box[3]}
    by_height = sorted((ink.y, number) for number, ink in enumerate(inks))
    largest = max((ink.size for ink in inks), default=0.0)
    for left, foot, right, top in _strokes(page):
        near = by_height[bisect(by_height, (foot - largest,)):bisect(by_height, (top,))]
        through = [number for number, ink in ((number, inks[number]) for _, number in near)
                   if left <= (ink.x0 + ink.x1) / 2 <= right and top - foot <= THICKEST * ink.size
                   and LOWEST * ink.size <= (foot + top) / 2 - ink.y <= HIGHEST * ink.size]
        if through:
            size = max(inks[number].size for number in through)
            first, last = min(inks[number].x0 for number in through), max(inks[number].x1 for number in through)
            base = inks[through[0]].y
            beside = [inks[number] for _, number in near if number not in through and abs(inks[number].y - base) < 1]
            goes_on = any(abs(first - ink.x1) < EXACT * size or abs(ink.x0 - last) < EXACT * size for ink in beside)
            if max(abs(first - left), abs(right - last)) < (EXACT if goes_on else BEYOND) * size:
                struck.update(through)
    return struck


def _strokes(page: Any) -> Iterator[Box]:
    """The frame of each thin line across; lines that were drawn word by word are one each."""
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        thing = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        part: list[tuple[float, float]] = []
        for begin, end in [*edges(thing), (None, None)]:
            if part and begin != part[-1]:
                xs, ys = [x for x, _ in part], [y for _, y in part]
                if max(ys) - min(ys) < 0.2 * (max(xs) - min(xs)):
                    yield min(xs), min(ys), max(xs), max(ys)
                part = []
            if begin is not None and end is not None:
                part += [end] if part else [begin, end]


def _marked(page: Any) -> Iterator[Box]:
    """The places that a reviewer has struck by a mark of its own."""
    points = pdfium.FS_QUADPOINTSF()
    for number in range(max(0, pdfium.FPDFPage_GetAnnotCount(page))):
        mark = pdfium.FPDFPage_GetAnnot(page, number)
        if not mark:
            continue
        if (pdfium.FPDFAnnot_GetSubtype(mark) == pdfium.FPDF_ANNOT_STRIKEOUT
                and not pdfium.FPDFAnnot_GetFlags(mark) & pdfium.FPDF_ANNOT_FLAG_HIDDEN):
            for place in range(pdfium.FPDFAnnot_CountAttachmentPoints(mark)):
                if pdfium.FPDFAnnot_GetAttachmentPoints(mark, place, ctypes.byref(points)):
                    xs, ys = (points.x1, points.x2, points.x3, points.x4), (points.y1, points.y2, points.y3, points.y4)
                    yield min(xs), min(ys), max(xs), max(ys)
        pdfium.FPDFPage_CloseAnnot(mark)
