"""lines of text of a page of a PDF -> tables whose columns are told by white space alone, as cells of pieces of lines.

    written cell by cell    a row ends where the text goes back to an earlier column
    written line by line    a row begins after a wider space, or where the line before had room for the next word

What stands beside each other and is no table (columns of prose) is read column by column, so that no cell runs into the next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from assistant.ingestion.document import BULLET, LEADERS, SENTENCE_END
from assistant.ingestion.formats.html_tables import MAX_LAYOUT_CELL
from assistant.ingestion.formats.pdf.lines import Line
from assistant.ingestion.formats.pdf.tags import HEADINGS

NARROWEST = 0.8  # sizes of the space between two columns
FURTHEST = 3.6  # sizes between a line and the next of one table
WIDER = 1.25  # times the least distance of lines: a new row
LOOK_AHEAD = 12  # lines of a first cell, before the one beside it
LARGER = 1.08
FEWEST = 8  # pieces of lines that can be told to be prose
LONG_CELL = 20  # words on average: paragraphs in columns
MARK = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]|[-–—*•]|\d{1,2}")  # of a list, in a column of its own
Row = dict[int, list[Line]]  # column -> pieces of lines


@dataclass
class Columns:
    """``rows``: of a table; empty where what is beside each other is to be read column by column, as ``texts``."""

    end: int
    rows: list[Row] = field(default_factory=list)
    texts: list[Line] = field(default_factory=list)


def columns_at(lines: Sequence[Line], start: int) -> Columns | None:
    """The table that begins with a line, or columns of prose that were written line by line; None where neither does."""
    if not _begins(lines, start):
        return None
    spans, end = _grown(lines, start)
    if len(spans) < 2:
        return None
    placed = [(piece, _column(piece, spans), number) for number in range(start, end) for piece in pieces_of(lines[number])]
    by_cells = any(piece.y > last.y + 0.5 * last.size for (last, *_), (piece, *_) in pairwise(placed))
    if not by_cells and _is_prose([(piece, column) for piece, column, _ in placed], spans):
        return Columns(end, texts=[piece for _, piece in sorted(
            ((column, piece) for piece, column, _ in placed), key=lambda one: (one[0], -one[1].y))])
    rows = _rows_by_cells(placed) if by_cells else _rows_by_lines(placed, spans)
    while rows and len(rows[-1]) < 2:
        rows.pop()
    kept = {id(piece) for row in rows for pieces in row.values() for piece in pieces}
    end = max((number for piece, _, number in placed if id(piece) in kept), default=start) + 1
    return Columns(end, rows) if _is_table(rows, len(spans)) else None


def pieces_of(line: Line) -> list[Line]:
    """The parts of a line that a wide space parts."""
    parts = line.text.split("\t")
    return [replace(line, text=part, x0=min(left, right), x1=max(left, right), starts=[left], ends=[right])
            for part, left, right in zip(parts, line.starts, line.ends, strict=True)]


def _begins(lines: Sequence[Line], start: int) -> bool:
    first = lines[start]
    if _no_cell(first):
        return False
    if "\t" in first.text:
        return True
    for number in range(start + 1, min(len(lines), start + LOOK_AHEAD)):
        if abs(lines[number].y - first.y) < 2 * first.size and lines[number].y > lines[number - 1].y and (
                lines[number].x0 > first.x1 + NARROWEST * first.size):
            return True
    return False


def _no_cell(line: Line) -> bool:
    return bool(BULLET.match(line.text) or LEADERS.search(line.text) or line.tag.table
                or line.tag.kind in ("LI", "TOCI", *HEADINGS))


def _grown(lines: Sequence[Line], start: int) -> tuple[list[tuple[float, float]], int]:
    """(from where to where each column goes, the place of the first line that is none of the table)."""
    first = lines[start]
    spans: list[tuple[float, float]] = []
    lowest, number = first.y, start
    beside: list[list[Line]] = []  # the pieces of lines with more than one
    while number < len(lines):
        line = lines[number]
        size = line.size
        if (_no_cell(line) or lowest - line.y > FURTHEST * size or line.y > first.y + 2 * first.size
                or max(size, first.size) > LARGER * min(size, first.size)
                or (line.bold and number > start and not first.bold)):
            break
        grown = list(spans)
        pieces = pieces_of(line)
        for piece in pieces:
            over = [span for span in grown if piece.x0 < span[1] + NARROWEST * size and span[0] < piece.x1 + NARROWEST * size]
            if len(over) > 1:
                return sorted(spans), number
            grown = [span for span in grown if span not in over] + [
                (min([piece.x0, *(left for left, _ in over)]), max([piece.x1, *(right for _, right in over)]))]
        beside += [pieces] if len(pieces) > 1 else []
        if any(len({_column(piece, grown) for piece in of_line}) < len(of_line) for of_line in beside):
            break  # two cells of one line would be one
        spans, lowest, number = grown, min(lowest, line.y), number + 1
    return sorted(spans), number


def _column(piece: Line, spans: Sequence[tuple[float, float]]) -> int:
    return next(number for number, (left, right) in enumerate(spans) if left <= piece.x0 and piece.x1 <= right)


def _is_prose(placed: Sequence[tuple[Line, int]], spans: Sequence[tuple[float, float]]) -> bool:
    """True for columns of sentences: most lines fill their column, and most go on with a small letter."""
    full = sum(piece.x1 - spans[column][0] > 0.75 * (spans[column][1] - spans[column][0]) for piece, column in placed)
    on = sum(piece.text[:1].islower() for piece, _ in placed)
    words = sum(len(piece.text.split()) for piece, _ in placed)
    return len(placed) >= FEWEST and full > 0.7 * len(placed) and on > 0.5 * len(placed) and words > 4 * len(placed)


def _rows_by_cells(placed: Sequence[tuple[Line, int, int]]) -> list[Row]:
    rows: list[Row] = []
    gaps = [last.y - piece.y for (last, one, _), (piece, other, _) in pairwise(placed) if one == other and last.y > piece.y]
    least = min(gaps, default=0.0)
    last: tuple[Line, int] | None = None
    for piece, column, _ in placed:
        if last is None or column < last[1] or (column == last[1] and last[0].y - piece.y > WIDER * least and len(rows[-1]) == 1):
            rows.append({})
        rows[-1].setdefault(column, []).append(piece)
        last = piece, column
    return rows


def _rows_by_lines(placed: Sequence[tuple[Line, int, int]], spans: Sequence[tuple[float, float]]) -> list[Row]:
    heights: list[dict[int, Line]] = []
    for piece, column, _ in placed:
        if heights and abs(next(iter(heights[-1].values())).y - piece.y) < 0.4 * piece.size and column not in heights[-1]:
            heights[-1][column] = piece
        else:
            heights.append({column: piece})
    tops = [next(iter(height.values())).y for height in heights]
    least = min((above - below for above, below in pairwise(tops)), default=0.0)
    held = [sum(column in height for height in heights) for column in range(len(spans))]
    lead = next((column for column, times in enumerate(held) if times >= 0.5 * len(heights)), 0)  # that names the rows
    wide = [number for number, (above, below) in enumerate(pairwise(tops), 1) if above - below > WIDER * least]
    spaced = 1 < len(wide) < len(tops) - 1
    capitals = 2 * sum(height[lead].text[:1].isupper() for height in heights if lead in height) > held[lead]
    rows: list[Row] = []
    for number, height in enumerate(heights):
        above = heights[number - 1]
        if lead in height and rows and number not in wide and lead in rows[-1]:  # it may go on with the row, or begin one
            small = capitals and height[lead].text[:1].islower()
            fewer = any(column not in height for column in rows[-1])
            goes_on = (fewer and (small or spaced)) or (small and all(
                column in above and _was_full(above[column], piece, column, spans) for column, piece in height.items()))
        else:
            goes_on = bool(rows) and number not in wide
        if not goes_on:
            rows.append({})
        for column, piece in height.items():
            rows[-1].setdefault(column, []).append(piece)
    return rows


def _was_full(above: Line, piece: Line, column: int, spans: Sequence[tuple[float, float]]) -> bool:
    """True where the first word of ``piece`` had no room in the line above it."""
    edge = spans[column + 1][0] - piece.size if column + 1 < len(spans) else spans[column][1]
    word = (piece.x1 - piece.x0) * (len(piece.text.split()[0]) + 1) / max(1, len(piece.text))
    return above.x1 + word > edge and not SENTENCE_END.search(above.text) and not piece.text[:1].isdigit()


def _is_table(rows: Sequence[Row], columns: int) -> bool:
    lengths = [sum(len(piece.text.split()) for piece in pieces) for row in rows for pieces in row.values()]
    beside = sum(len(row) > 1 for row in rows)
    marks = all(MARK.fullmatch(" ".join(piece.text for piece in row[0])) for row in rows if 0 in row)
    return (len(rows) >= (3 if columns == 2 else 2) and beside >= 2 and len(rows[0]) > 1 and not marks
            and max(lengths) <= MAX_LAYOUT_CELL and sum(lengths) <= LONG_CELL * len(lengths))
