"""a run of text on a page of a PDF -> whether a reader sees it: not where it is white on nothing, tiny, or drawn without ink."""

from __future__ import annotations

import ctypes
from functools import cached_property
from typing import Any

import pypdfium2.raw as pdfium

SMALLEST = 1.5  # points
WHITE = 250  # of 255, in each colour
DRAWN = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING, pdfium.FPDF_PAGEOBJ_FORM)

Box = tuple[float, float, float, float]  # left, foot, right, top


class Hidden:
    """What of one page nobody sees."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def __call__(self, text: Any, size: float) -> bool:
        if size < SMALLEST or self._without_ink(text):
            return True
        box = _box(text)
        return _is_white(text) and box is not None and not any(
            left - 1 <= box[0] and box[2] <= right + 1 and foot <= (box[1] + box[3]) / 2 <= top
            for left, foot, right, top in self._grounds)

    def outside(self, x: float, y: float) -> bool:
        """True for a place that the page does not show."""
        left, foot, right, top = self._shown
        return not (left - 1 <= x <= right + 1 and foot - 1 <= y <= top + 1)

    def _without_ink(self, text: Any) -> bool:
        """True for a run without ink, unless most of the page is so: then it is the text of a picture of it."""
        return not self._is_scan and pdfium.FPDFTextObj_GetTextRenderMode(text) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE

    def _objects(self, *kinds: int) -> list[Any]:
        found = [pdfium.FPDFPage_GetObject(self._page, number) for number in range(pdfium.FPDFPage_CountObjects(self._page))]
        return [one for one in found if pdfium.FPDFPageObj_GetType(one) in kinds]

    @cached_property
    def _is_scan(self) -> bool:
        modes = [pdfium.FPDFTextObj_GetTextRenderMode(one) for one in self._objects(pdfium.FPDF_PAGEOBJ_TEXT)]
        return 2 * modes.count(pdfium.FPDF_TEXTRENDERMODE_INVISIBLE) > len(modes)

    @cached_property
    def _grounds(self) -> list[Box]:
        """What is painted on the page: white words may be read on it. PDFium calls a pattern white, so of what it calls white
        only the ground of the page is none."""
        left, foot, right, top = self._shown
        page = (right - left) * (top - foot)
        boxes = [(_box(one), _is_white(one)) for one in self._objects(*DRAWN) if _is_filled(one)]
        return [box for box, white in boxes if box and not (white and (box[2] - box[0]) * (box[3] - box[1]) > page / 2)]

    @cached_property
    def _shown(self) -> Box:
        edges = [ctypes.c_float() for _ in range(4)]
        for asked in (pdfium.FPDFPage_GetCropBox, pdfium.FPDFPage_GetMediaBox):
            if asked(self._page, *edges):
                left, foot, right, top = (edge.value for edge in edges)
                return min(left, right), min(foot, top), max(left, right), max(foot, top)
        return (-1e6, -1e6, 1e6, 1e6)


def _box(thing: Any) -> Box | None:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(thing, *edges):
        return None
    left, foot, right, top = (edge.value for edge in edges)
    return left, foot, right, top


def _is_filled(thing: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return not (pdfium.FPDFPageObj_GetType(thing) == pdfium.FPDF_PAGEOBJ_PATH
                and pdfium.FPDFPath_GetDrawMode(thing, fill, stroke) and not fill.value)


def _is_white(thing: Any) -> bool:
    if pdfium.FPDFPageObj_GetType(thing) not in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH):
        return False
    colours = [ctypes.c_uint() for _ in range(4)]
    return bool(pdfium.FPDFPageObj_GetFillColor(thing, *colours)) and all(colour.value >= WHITE for colour in colours[:3])
