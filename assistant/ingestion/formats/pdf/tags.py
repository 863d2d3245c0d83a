"""a page of a tagged PDF (PDF/UA) -> which paragraph, heading, item or cell each marked run of its content belongs to."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2.raw as pdfium

HEADINGS = ("H", "H1", "H2", "H3", "H4", "H5", "H6", "Title")
BLOCKS = (*HEADINGS, "P", "LI", "TD", "TH", "Caption", "TOCI", "BlockQuote", "Note", "Code")
MAX_DEPTH = 60


@dataclass(frozen=True)
class Tag:
    """Where a tagged PDF says that a run of text belongs. ``block`` numbers the paragraph, item or cell on its page."""

    kind: str = ""
    block: int = 0
    table: int = 0
    row: int = 0


ARTIFACT = Tag("Artifact")


@dataclass
class PageTags:
    """The tags of one page, by the number of the marked content; and the cells of each row of a table, empty ones too."""

    by_mark: dict[int, Tag] = field(default_factory=dict)
    rows: dict[int, list[int]] = field(default_factory=dict)  # row -> blocks of its cells
    heads: set[int] = field(default_factory=set)  # blocks that are <TH>
    spanning: set[int] = field(default_factory=set)  # tables with merged cells
    perhaps: dict[int, Tag] = field(default_factory=dict)  # as ``by_mark``, of elements that do not say on which page they are
    count: int = 0


def page_tags(page: Any) -> PageTags:
    tags = PageTags()
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return tags
    try:
        for number in range(max(0, pdfium.FPDF_StructTree_CountChildren(tree))):
            _read_tag(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number), Tag(), tags, 0)
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    tags.by_mark = tags.perhaps | tags.by_mark
    return tags


def _read_tag(element: Any, inside: Tag, tags: PageTags, depth: int) -> None:
    if not element or depth > MAX_DEPTH:
        return
    kind = _text(lambda buffer, size: pdfium.FPDF_StructElement_GetType(element, buffer, size))
    tags.count += 1
    number = tags.count
    if kind == "Table":
        inside = Tag("", 0, number, 0)
    elif kind == "TR":
        inside = replace(inside, row=number)
        tags.rows[number] = []
    elif kind in BLOCKS and inside.kind not in ("TD", "TH") and not (kind == "P" and inside.kind in ("LI", *HEADINGS)):
        inside = replace(inside, kind=kind, block=number)
        if kind in ("TD", "TH"):
            tags.rows.setdefault(inside.row, []).append(number)
            if kind == "TH":
                tags.heads.add(number)
            if _spans(element):
                tags.spanning.add(inside.table)
    for place in range(max(0, pdfium.FPDF_StructElement_GetMarkedContentIdCount(element))):
        tags.perhaps.setdefault(pdfium.FPDF_StructElement_GetMarkedContentIdAtIndex(element, place), inside)
    for place in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
        mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, place)
        if mark >= 0:
            tags.by_mark[mark] = inside
        _read_tag(pdfium.FPDF_StructElement_GetChildAtIndex(element, place), inside, tags, depth + 1)


def _spans(element: Any) -> bool:
    """True for a cell that says it spans more than one column or row."""
    value = ctypes.c_float()
    for number in range(max(0, pdfium.FPDF_StructElement_GetAttributeCount(element))):
        attribute = pdfium.FPDF_StructElement_GetAttributeAtIndex(element, number)
        for name in (b"ColSpan", b"RowSpan"):
            held = pdfium.FPDF_StructElement_Attr_GetValue(attribute, name)
            if held and pdfium.FPDF_StructElement_Attr_GetNumberValue(held, value) and value.value > 1:
                return True
    return False


def is_artifact(thing: Any) -> bool:
    for number in range(max(0, pdfium.FPDFPageObj_CountMarks(thing))):
        mark = pdfium.FPDFPageObj_GetMark(thing, number)
        if _text(lambda buffer, size, mark=mark: _mark_name(mark, buffer, size)) == "Artifact":
            return True
    return False


def _mark_name(mark: Any, buffer: Any, size: int) -> int:
    needed = ctypes.c_ulong()
    pdfium.FPDFPageObjMark_GetName(mark, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size, needed)
    return needed.value


def _text(ask: Any) -> str:
    """A text in UTF-16 that PDFium writes into a buffer after it has told the length."""
    length = ask(None, 0)
    if not 2 < length < 10_000:
        return ""
    buffer = ctypes.create_string_buffer(length)
    ask(buffer, length)
    return buffer.raw[:length - 2].decode("utf-16-le", "replace")
