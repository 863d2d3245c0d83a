"""lines of a table of a PDF -> its rows as elements: cells told by tags, by ruled lines, or by where they begin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from assistant.ingestion.document import Document, tidy
from assistant.ingestion.formats.html_tables import MAX_HEAD_ROWS, MAX_LAYOUT_CELL, add_table, look_like_names
from assistant.ingestion.formats.pdf.columns import Row
from assistant.ingestion.formats.pdf.lines import Line
from assistant.ingestion.formats.pdf.rules import Grid
from assistant.ingestion.formats.pdf.tags import PageTags

Cell = tuple[int, int]


def cells_of(grid: Grid, lines: Sequence[Line]) -> dict[Cell, list[Line]] | None:
    """The lines of each cell, in their order on the page; None for what lays out a page or frames a text."""
    held: defaultdict[Cell, list[Line]] = defaultdict(list)
    for line in lines:
        cell = grid.cell_at((line.x0 + line.x1) / 2, line.y + 0.3 * line.size)
        if cell:
            held[cell].append(line)
    rows = [row for row, _ in held]
    if sum(rows.count(row) > 1 for row in set(rows)) < 2:  # two cells beside each other, twice
        return None
    if any(sum(len(line.text.split()) for line in inside) > MAX_LAYOUT_CELL for inside in held.values()):
        return None
    return {cell: sorted(inside, key=lambda line: (-round(line.y), line.x0)) for cell, inside in held.items()}


def ruled_elements(document: Document, number: int, grid: Grid, held: dict[Cell, list[Line]], join: Callable[[list[str]], str]
                   ) -> None:
    """The rows of a ruled table. A cell over several rows stands in each of them, one over several columns under no name."""
    words = {cell: join([line.text.replace("\t", " ") for line in inside]) for cell, inside in held.items()}
    rows: list[list[str | None]] = []
    heads: list[bool] = []
    for row in range(len(grid.ys) - 1):
        firsts = [grid.first_of(row, column) for column in range(len(grid.xs) - 1)]
        texts = [words.get(first, "") if first[1] == column else None for column, first in enumerate(firsts)]
        if not any(texts):
            continue
        again = [text for first, text in zip(firsts, texts, strict=True) if first[0] < row and text]
        document.repeated += [(number, text) for text in again] if len(again) < sum(map(bool, texts)) else []
        if len(again) == sum(map(bool, texts)):
            continue  # nothing of its own: a rule that stops halfway
        rows.append(texts)
        of_row = [line for first in firsts for line in held.get(first, ())]
        heads.append(all(line.tag.kind == "TH" for line in of_row) or all(line.bold for line in of_row))
    width = range(len(grid.xs) - 1)
    filled = [column for column in width if any(row[column] for row in rows)]  # double rules make a column without words
    rows = [[row[column] for column in filled] for row in rows]
    top = heads.index(False) if False in heads else 0
    named = top if top <= MAX_HEAD_ROWS and not any(heads[top:]) else 0
    plain = [[text or "" for text in row] for row in rows]
    add_table(document, rows, named=named or _names(plain), page=number, guess=False)


def _names(rows: Sequence[Sequence[str]]) -> bool:
    return bool(rows) and look_like_names(rows) and all(name[0].isupper() and name[-1] not in ".,;:!?" for name in rows[0])


def spaced_elements(document: Document, number: int, rows: Sequence[Row], join: Callable[[list[str]], str]) -> None:
    """The rows of a table whose columns are told by white space."""
    width = 1 + max(column for row in rows for column in row)
    texts = [[join([piece.text for piece in row.get(column, ())]) for column in range(width)] for row in rows]
    bold = [all(piece.bold for pieces in row.values() for piece in pieces) for row in rows]
    add_table(document, texts, named=_names(texts) or (bold[0] and not any(bold[1:])), page=number, guess=False)


def table_elements(document: Document, number: int, tags: PageTags, lines: Sequence[Line]) -> None:
    """The rows of a table that is tagged."""
    cells: defaultdict[int, list[str]] = defaultdict(list)
    order: dict[int, list[int]] = {}  # row -> its cells, and what else the file puts into that row
    for line in lines:
        cells[line.tag.block].append(line.text.replace("\t", " "))
        in_row = order.setdefault(line.tag.row, list(tags.rows.get(line.tag.row, [])))
        in_row += [line.tag.block] if line.tag.block not in in_row else []
    rows = [[tidy(" ".join(cells.get(cell, []))) for cell in in_row] for in_row in order.values()]
    first = next(iter(order.values()))
    named = bool(first) and all(cell in tags.heads for cell in first)
    if lines[0].tag.table in tags.spanning:  # which name a cell stands under is not said
        named = False
    add_table(document, rows, named=named, page=number, guess=False)
