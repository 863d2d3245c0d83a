"""a tree of HTML -> pieces: headings, paragraphs, list items, rows of tables. Owns no dependency (it walks lxml's trees)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.ingestion.document import Paper, tidy

HEADINGS = {f"h{level}": level for level in range(1, 7)}
DROPPED = {  # elements that are not text of the document, by the name under which the preview counts them
    "script": "scripts", "style": "scripts", "noscript": "scripts", "template": "scripts", "head": "",
    "nav": "menus", "aside": "side columns", "footer": "page feet", "form": "forms", "button": "forms", "select": "forms",
    "input": "forms", "textarea": "forms", "iframe": "embedded pages", "object": "embedded pages", "embed": "embedded pages",
    "img": "pictures", "svg": "pictures", "picture": "pictures", "canvas": "pictures", "video": "films", "audio": "films",
    "math": "formulas",
}
INLINE = {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "q",
          "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
MAX_LAYOUT_CELL = 80  # words: a table with a longer cell lays out the page, it holds no data
MAX_COLUMN_NAME = 8  # words


def walk(root: Any, paper: Paper, page: int = 0) -> None:
    """Add the text below ``root`` to the paper, in reading order."""
    _Walk(paper, page).block(root, "text")


def tag_of(element: Any) -> str:
    """The name without its namespace; empty for comments and the like."""
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""


def hidden(element: Any) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return (element.get("hidden") is not None or element.get("aria-hidden") == "true" or "display:none" in style
            or "visibility:hidden" in style or element.get("role") in ("navigation", "search", "banner", "contentinfo"))


class _Walk:
    def __init__(self, paper: Paper, page: int) -> None:
        self._paper, self._page, self._buffer = paper, page, ""

    def _flush(self, kind: str, level: int = 2) -> None:
        text, self._buffer = self._buffer, ""
        if text.strip():
            self._paper.add(kind, text, level, self._page)

    def block(self, element: Any, kind: str) -> None:
        """Everything inside an element; runs of inline text become pieces of ``kind``."""
        self._buffer += element.text or ""
        for child in element:
            self._child(child, kind)
            self._buffer += child.tail or ""
        if tag_of(element) not in INLINE:
            self._flush(kind)

    def _child(self, child: Any, kind: str) -> None:
        tag = tag_of(child)
        if not tag:
            return
        if tag in DROPPED or hidden(child):
            if DROPPED.get(tag, "hidden parts"):
                self._paper.dropped[DROPPED.get(tag, "hidden parts")] += 1
        elif tag in INLINE:
            self.block(child, kind)
        elif tag in ("br", "hr"):
            self._buffer += " "
        elif tag == "p" and kind == "item":  # a list item of several paragraphs stays one item
            self._buffer += " " + (child.text or "")
            for inner in child:
                self._child(inner, kind)
                self._buffer += inner.tail or ""
            self._buffer += " "
        elif tag in HEADINGS:
            self._flush(kind)
            self._paper.add("heading", words_of(child), HEADINGS[tag], self._page)
        elif tag == "table":
            self._flush(kind)
            self._table(child)
        else:
            self._flush(kind)
            self.block(child, "item" if tag in ("li", "dd") else "text" if tag in ("ul", "ol", "dl", "dt") else kind)

    def _table(self, table: Any) -> None:
        rows = [[cell for cell in row if tag_of(cell) in ("td", "th")] for row in rows_of(table)]
        rows = [row for row in rows if row]
        texts = [[words_of(cell) for cell in row] for row in rows]
        wide = max((len(row) for row in rows), default=0)
        lays_out = (table.get("role") == "presentation" or wide < 2
                    or any(tag_of(inner) == "table" for inner in table.iterdescendants())
                    or any(len(text.split()) > MAX_LAYOUT_CELL for row in texts for text in row))
        if lays_out:
            for row in rows:
                for cell in row:
                    self.block(cell, "text")
            return
        for caption in (child for child in table if tag_of(child) == "caption"):
            self._paper.add("text", words_of(caption), page=self._page)
        add_table(self._paper, texts, all(tag_of(cell) == "th" for cell in rows[0]) if rows else False, self._page)


def rows_of(table: Any) -> Iterator[Any]:
    for child in table:
        if tag_of(child) == "tr":
            yield child
        elif tag_of(child) in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if tag_of(row) == "tr")


def words_of(element: Any) -> str:
    """All text inside, without what is dropped."""
    parts = [element.text or ""]
    for child in element:
        if tag_of(child) and tag_of(child) not in DROPPED and not hidden(child):
            parts += [" " if tag_of(child) not in INLINE else "", words_of(child)]
        parts.append(child.tail or "")
    return tidy("".join(parts))


def add_table(paper: Paper, rows: list[list[str]], named: bool, page: int = 0) -> None:
    """Each row as one piece with each cell under its column's name. ``named``: the first row is said to be the names.

    Example: [["Drug", "Use"], ["Ketamine", "Anaesthesia"]] gives "Drug: Ketamine; Use: Anaesthesia".
    """
    names: list[str] = []
    if rows and (named or look_like_names(rows)):
        names, rows = rows[0], rows[1:]
    before = len(paper.pieces)
    for row in rows:
        under = [*names, *[""] * len(row)]
        cells = [f"{name.rstrip(':')}: {cell}" if name and name != cell else cell
                 for name, cell in zip(under, row, strict=False) if cell]
        paper.add("row", "; ".join(cells), page=page)
    paper.tables += len(paper.pieces) > before


def look_like_names(rows: list[list[str]]) -> bool:
    """Word marks a row of names seldom; short, different words without a digit above two rows or more are names. In two columns
    the first row may just as well be a pair of its own, so nothing is guessed there: a wrong name would change what is said."""
    first = rows[0]
    return (len(rows) >= 3 and len(first) >= 3 and all(first) and len(set(first)) == len(first)
            and all(len(name.split()) <= MAX_COLUMN_NAME and not any(letter.isdigit() for letter in name) for name in first))
