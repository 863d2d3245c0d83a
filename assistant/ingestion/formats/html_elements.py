"""a tree of HTML -> elements of a Document: headings, paragraphs, list items, rows of tables.

What is not shown to a reader (hidden, struck, menus) is left out, and its words are kept for the proof.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from assistant.ingestion.document import BULLET, DASH, NUMBERED, Document, tidy
from assistant.ingestion.formats.html_tables import add_table, table_rows
from assistant.ingestion.formats.html_tree import BLOCKS, HEADINGS, stands_apart, tag_of, text_of
from assistant.ingestion.formats.html_words import Shown, off_line

MAX_BOLD_HEADING = 12  # words
OPENING = ("summary", "button")
BOLD_ON, BOLD_OFF, BREAK = "\x10", "\x11", "\x12"  # within a buffer only: ``tidy`` takes them out


def walk(root: Any, document: Document, page: int = 0, around: Container[Any] = ()) -> None:
    """Add the text below ``root`` to the document, in reading order. ``around``: elements that are no part of the main text."""
    _Walk(document, page, root, around).block(root, "text")


class _Walk:
    def __init__(self, document: Document, page: int, root: Any, around: Container[Any]) -> None:
        self._document, self._page, self._buffer = document, page, ""
        self._shown, self._level = Shown(document, root, around), 1

    def _flush(self, kind: str) -> None:
        """What was gathered becomes elements of ``kind``. Two line breaks part paragraphs; a single one parts a heading in
        bold from
        its text, and the lines of a typed list; else it is a space."""
        lines = [line for line in _lines(self._buffer) if line.text or line.blank]
        self._buffer = ""
        run = ""

        def close() -> None:
            nonlocal run
            if run:
                self._document.add(kind, run, 2, self._page)
            run = ""

        for number, line in enumerate(lines):
            more = any(later.text for later in lines[number + 1:])
            if line.blank:
                close()
            elif kind == "text" and line.bold and _heads(line.text) and (more or not run):
                close()
                self._document.add("heading" if more else "bold", line.text, min(6, self._level + 1), self._page)
            elif len(lines) > 1 and (BULLET.match(line.text) or DASH.match(line.text) or NUMBERED.match(line.text)):
                close()
                run = line.text
            else:
                if len(lines) > 1 and _is_item(run) and kind == "text" and not line.text[:1].islower():
                    close()
                run = f"{run} {line.text}" if run else line.text
        close()

    def block(self, element: Any, kind: str) -> None:
        """Everything inside an element; runs of inline text become elements of ``kind``."""
        self._buffer += element.text or ""
        for child in element:
            self._child(child, kind)
            self._buffer += child.tail or ""
        if self._parts(element):
            self._flush(kind)

    def _parts(self, element: Any) -> bool:
        """True for an element that stands for itself, not in the middle of a line."""
        tag = tag_of(element)
        return tag in BLOCKS or ("-" in tag and any(tag_of(inner) in BLOCKS for inner in element.iter())) or stands_apart(element)

    def _child(self, child: Any, kind: str) -> None:
        tag = tag_of(child)
        if not tag:
            return
        if self._shown.leave_out(child):
            return
        if tag in HEADINGS or child.get("role") == "heading" or tag in OPENING or self._opens(child, tag):
            self._flush(kind)
            self._heading(child, tag)
        elif off_line(child, _plain(self._buffer)):
            self._buffer += self._shown.raised(child, _plain(self._buffer))
        elif tag == "br":
            self._buffer += BREAK
        elif tag in ("b", "strong"):
            self._buffer += BOLD_ON
            self.block(child, kind)
            self._buffer += BOLD_OFF
        elif tag == "p" and kind == "item":  # a list item of several paragraphs stays one item
            self._buffer += " " + (child.text or "")
            for inner in child:
                self._child(inner, kind)
                self._buffer += inner.tail or ""
            self._buffer += " "
        elif tag == "table":
            self._flush(kind)
            self._table(child)
        elif self._parts(child):
            self._flush(kind)
            self.block(child, "item" if tag in ("li", "dd") else "text" if tag in ("ul", "ol", "dl", "dt") else kind)
        else:
            self.block(child, kind)

    def _opens(self, child: Any, tag: str) -> bool:
        """True for the question of an answer that is opened by it, or listed under it."""
        if any(tag_of(inner) in HEADINGS for inner in child.iter()) or _plain(self._buffer).strip():
            return False
        return (tag == "dt" and text_of(child).rstrip().endswith("?")) or (
            tag in ("div", "span", "p", "a") and (child.get("role") == "button" or "collapse" in (
                child.get("data-toggle"), child.get("data-bs-toggle"))))

    def _heading(self, child: Any, tag: str) -> None:
        level = HEADINGS.get(tag) or (int(child.get("aria-level") or 2) if (child.get("aria-level") or "2").isdigit() else 2)
        if tag not in HEADINGS and child.get("role") != "heading":
            inner = next((HEADINGS[tag_of(one)] for one in child.iter() if tag_of(one) in HEADINGS), None)
            level = inner or min(6, self._level + 1)
        else:
            self._level = min(6, level)
        buttons = tag in ("summary", "button") or not _without_buttons(child)
        self._document.add("heading", self._shown.words(child, buttons), min(6, max(1, level)), self._page)

    def _table(self, table: Any) -> None:
        rows = table_rows(table, self._shown)
        if rows is None:  # it lays out the page
            for element in table.iter():
                if (tag_of(element) in ("td", "th", "caption") and _nearest_table(element) is table
                        and not self._shown.leave_out(element)):
                    self.block(element, "text")
            return
        for caption in (child for child in table if tag_of(child) == "caption"):
            self._document.add("text", self._shown.words(caption), page=self._page)
        self._document.repeated += [(self._page, text) for text in rows.repeated]
        add_table(self._document, rows.texts, named=rows.heads, page=self._page)


def _without_buttons(heading: Any) -> str:
    buttons = [text_of(inner) for inner in heading.iter() if tag_of(inner) == "button"]
    text = text_of(heading)
    for button in buttons:
        text = text.replace(button, "", 1)
    return text.strip()


def _nearest_table(cell: Any) -> Any:
    return next(above for above in cell.iterancestors() if tag_of(above) == "table")


def _plain(buffer: str) -> str:
    return re.sub(f"[{BOLD_ON}{BOLD_OFF}]", "", buffer)[-40:]


@dataclass(frozen=True)
class _TypedLine:
    """What stands between two line breaks. ``bold``: every letter of it; ``blank``: a line break follows a line break."""

    text: str
    bold: bool
    blank: bool = False


def _lines(buffer: str) -> list[_TypedLine]:
    lines: list[_TypedLine] = []
    depth = 0
    for number, part in enumerate(buffer.split(BREAK)):
        plain: list[bool] = []
        for sign in part:
            depth += (sign == BOLD_ON) - (sign == BOLD_OFF)
            if sign.isalnum():
                plain.append(depth <= 0)
        text = tidy(part)
        lines.append(_TypedLine(text, bool(plain) and not any(plain), blank=number > 0 and not text))
    return lines


def _is_item(run: str) -> bool:
    return bool(BULLET.match(run) or DASH.match(run))


def _heads(line: str) -> bool:
    text = tidy(line)
    typed = BULLET.match(text) or DASH.match(text)
    return 0 < len(text.split()) <= MAX_BOLD_HEADING and text[-1] not in ".!,;" and not typed
