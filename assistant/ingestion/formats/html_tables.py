"""a table of HTML -> its cells, each in every column that it spans, and the names above them -> rows as elements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.ingestion.document import BULLET, Document
from assistant.ingestion.formats.html_tree import tag_of, text_of
from assistant.ingestion.formats.html_words import Shown

MAX_LAYOUT_CELL = 80  # words: a table with a longer cell lays out the page, it holds no data
MAX_COLUMN_NAME = 8  # words
MAX_HEAD_ROWS = 3  # rows of names that are told by their type alone
MAX_SPAN = 200  # columns or rows: browsers stop at 1,000


@dataclass
class Rows:
    texts: list[list[str | None]]  # None: this column belongs to the cell on its left
    repeated: list[str]  # cells that reach over several rows, once for each further row
    heads: int  # how many rows, from the top, are names


def table_rows(table: Any, shown: Shown) -> Rows | None:
    """The grid of a table of data; None for one that lays out the page."""
    rows = [(row, cells) for row in _rows(table) if (cells := [cell for cell in row if tag_of(cell) in ("td", "th")])]
    wide = max((sum(_span(cell, "colspan") for cell in cells) for _, cells in rows), default=0)
    if (table.get("role") == "presentation" or wide < 2 or (any(tag_of(inner) == "table" for inner in table.iterdescendants())
                                                                  and not _is_named(rows))
            or any(len(text_of(cell).split()) > MAX_LAYOUT_CELL for _, cells in rows for cell in cells)):
        return None
    rows = [(row, kept) for row, cells in rows if not shown.leave_out(row)
            and (kept := [cell for cell in cells if not shown.leave_out(cell)])]
    grid: list[list[str | None]] = []
    repeated: list[str] = []
    down: dict[int, tuple[int, str | None]] = {}  # column -> (rows still to fill, text of the cell that reaches down)
    for cells in (cells for _, cells in rows):
        line: list[str | None] = []
        waiting = list(cells)
        while waiting or any(column >= len(line) for column in down):
            column = len(line)
            if column in down:
                left, text = down.pop(column)
                line.append(text)
                repeated += [text] if text else []
                if left > 1:
                    down[column] = (left - 1, text)
            elif waiting:
                cell = waiting.pop(0)
                text = shown.words(cell)
                for place in range(_span(cell, "colspan")):
                    line.append(text if place == 0 else None)
                    if _span(cell, "rowspan") > 1:
                        down[column + place] = (_span(cell, "rowspan") - 1, line[-1])
            else:
                line.append("")
            if len(line) > 2 * MAX_SPAN:
                break
        grid.append(line)
    for column in _hidden_columns(table, shown):
        for line in grid:
            if column < len(line) and line[column]:
                shown.leave_out_words("hidden parts", line[column] or "")
                line[column] = ""
    return Rows(grid, repeated, _head_rows(rows, grid))


def _is_named(rows: Sequence[tuple[Any, list[Any]]]) -> bool:
    """True for a table whose first row is names alone, so that a table within one of its cells is part of that cell."""
    return len(rows) > 1 and all(tag_of(cell) == "th" for cell in rows[0][1])


def _hidden_columns(table: Any, shown: Shown) -> list[int]:
    hidden: list[int] = []
    column = 0
    for child in table.iter("col", "colgroup"):
        if tag_of(child) == "col" or not any(tag_of(inner) == "col" for inner in child):
            above = child.getparent()
            gone = shown.is_hidden(child) or (tag_of(above) == "colgroup" and shown.is_hidden(above))
            hidden += range(column, column + _span(child, "span")) if gone else ()
            column += _span(child, "span")
    return hidden


def _head_rows(rows: Sequence[tuple[Any, list[Any]]], grid: Sequence[Sequence[str | None]]) -> int:
    heads = 0
    for number, (row, cells) in enumerate(rows):
        above = row.getparent()
        worded = [cell for cell in cells if text_of(cell).strip()]  # the corner above the names of rows is empty
        if tag_of(above) == "thead" or (worded and all(tag_of(cell) == "th" for cell in worded)):
            heads = number + 1
        else:
            break
    if not heads:
        bold = [_bold(cells) for _, cells in rows]
        top = bold.index(False) if False in bold else 0
        heads = top if top <= MAX_HEAD_ROWS and len(rows) > top + 1 and not any(bold[top:]) else 0
    if heads == len(rows):  # all are names: pairs in <th>, say
        return 0
    if heads and all(text in (None, "") for text in grid[heads - 1][1:]):
        return heads if heads > 1 else 0  # one cell over the whole width is a title of the table
    return heads


def _bold(cells: Sequence[Any]) -> bool:
    """True when every cell with words holds bold ones alone, as Word writes a row of names."""
    def whole(cell: Any) -> bool:
        bold = "".join(text_of(inner) for inner in cell.iter() if tag_of(inner) in ("b", "strong"))
        return bold.split() == text_of(cell).split()

    return any(text_of(cell).strip() for cell in cells) and all(whole(cell) for cell in cells)


def _span(cell: Any, name: str) -> int:
    value = cell.get(name) or "1"
    if value == "0" and name == "rowspan":  # to the end
        return MAX_SPAN
    return min(MAX_SPAN, max(1, int(value))) if value.isdigit() else 1


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if tag_of(child) == "tr":
            yield child
        elif tag_of(child) in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if tag_of(row) == "tr")


def add_table(document: Document, rows: Sequence[Sequence[str | None]], named: int | bool, page: int = 0,
              guess: bool = True) -> None:
    """Each row as one element with each cell under its column's name. ``named``: so many rows are said to be the names.

    Example: [["Drug", "Use"], ["Ketamine", "Anaesthesia"]] gives "Drug: Ketamine; Use: Anaesthesia". A cell that spans columns
    stands under no name: which one it belongs to is not said.
    """
    heads = int(named) if int(named) < len(rows) else 0  # names of nothing are text
    if rows and not heads and guess and look_like_names([[text or "" for text in row] for row in rows]):
        heads = 1
    before = len(document.elements)
    while heads > 1 and rows[0][0] and len(rows[0]) > 1 and not any(rows[0][1:]):  # over the whole width: the table's title
        document.add("text", rows[0][0], page=page)
        rows, heads = rows[1:], heads - 1
    names = column_names(rows[:heads])
    used: Counter[str] = Counter()  # words of names, as often as they are written
    for row in rows[heads:]:
        row = [text and (BULLET.sub("", text, count=1) if BULLET.match(text) else text) for text in row]
        filled = [text for text in row if text]
        cells = []
        for column, text in enumerate(row):
            if not text:
                continue
            spans = column + 1 < len(row) and row[column + 1] is None
            name = "" if spans or column >= len(names) or len(row) > len(names) else names[column]
            if name and name != text and (len(filled) > 1 or column):
                cells.append(f"{name.rstrip(':')}: {text}")
                used.update(name.split())
            else:
                cells.append(text)
        kind = "text" if len(cells) == 1 and not names else "row"  # a box around a text is no row
        document.add(kind, "; ".join(cells), page=page)
    document.tables += len(document.elements) > before
    given = Counter(word for row in rows[:heads] for text in row for word in (text or "").split())
    document.repeated.append((page, " ".join((used - given).elements())))
    if given - used:  # a name over several columns, where the lower ones say enough
        document.drop("names of columns", " ".join((given - used).elements()), page)


def column_names(heads: Sequence[Sequence[str | None]]) -> list[str]:
    """The lowest name of each column; with those above it where the lowest alone does not tell columns apart."""
    if not heads:
        return []
    width = max(len(row) for row in heads)
    paths: list[list[str]] = [[] for _ in range(width)]
    for row in heads:
        above = ""
        for column in range(width):
            text = row[column] if column < len(row) else ""
            above = above if text is None else text
            if above and above not in paths[column]:
                paths[column].append(above)
    lowest = [path[-1] if path else "" for path in paths]
    return [" ".join(path) if lowest.count(name) > 1 else name for path, name in zip(paths, lowest, strict=True)]


def look_like_names(rows: Sequence[Sequence[str]]) -> bool:
    """Word marks a row of names seldom; short, different words without a digit above two rows or more are names. In two columns
    the first row may just as well be a pair of its own, so nothing is guessed there: a wrong name would change what is said."""
    first = rows[0]
    return (len(rows) >= 3 and len(first) >= 3 and all(first) and len(set(first)) == len(first)
            and all(len(name.split()) <= MAX_COLUMN_NAME and not any(letter.isdigit() for letter in name) for name in first)
            and all(len(row) == len(first) for row in rows))
