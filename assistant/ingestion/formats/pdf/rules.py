"""ruled lines of a page of a PDF, with its glyphs -> grids: in which cell of which table a line of text stands.

    rules across and down -> grid of cells; where nothing stands between two cells, they are one (it spans columns or rows)

A table with rules across alone gets its columns from the space that runs down between its words. Only what is ruled is told:
in a table without any rules nobody can say where a cell of several lines ends.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

NEAR = 2.5  # points: rules that are nearer are one, and so are ends that meet
SHORTEST = 6.0  # points of a rule
WIDEST_SPACE = 0.7  # sizes: a wider one parts columns, not words
CROSSED = 0.2  # of the rows may have a cell that goes over the space between two columns
TALLEST_ROW = 250.0  # points
WIDER = 1.15  # of the distance of lines in one cell: a new row
MOST_RULES = 800  # of a page: more are a drawing


@dataclass(frozen=True)
class Rule:
    """A straight line: at one height (or one distance from the left), from ``low`` to ``high``."""

    at: float
    low: float
    high: float

    def covers(self, place: float) -> bool:
        return self.low - NEAR <= place <= self.high + NEAR


@dataclass(frozen=True)
class Ink:
    """Where a glyph stands."""

    x0: float
    x1: float
    y: float
    size: float


@dataclass
class Grid:
    """``xs`` from the left, ``ys`` from the top: cell (0, 0) is the first. ``down``, ``across``: the rules between cells."""

    xs: list[float]
    ys: list[float]
    down: list[Rule]
    across: list[Rule]

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """(row, column) of the cell that holds a place, the first one of those that it spans; None outside."""
        row = next((number for number, (top, foot) in enumerate(pairwise(self.ys)) if foot - 1 <= y <= top + 1), None)
        column = next((number for number, (left, right) in enumerate(pairwise(self.xs)) if left - 1 <= x <= right + 1), None)
        return None if row is None or column is None else self.first_of(row, column)

    def first_of(self, row: int, column: int) -> tuple[int, int]:
        while column and not self._parted(self.down, self.xs[column], (self.ys[row] + self.ys[row + 1]) / 2):
            column -= 1
        while row and not self._parted(self.across, self.ys[row], (self.xs[column] + self.xs[column + 1]) / 2):
            row -= 1
        return row, column

    @staticmethod
    def _parted(rules: Iterable[Rule], at: float, place: float) -> bool:
        return any(abs(rule.at - at) <= NEAR and rule.covers(place) for rule in rules)


def page_grids(page: Any, inks: Sequence[Ink]) -> list[Grid]:
    """The tables of a page that are ruled: two rows and two columns at least."""
    if pdfium.FPDFPage_GetRotation(page):
        return []
    across, down = (_joined(rules) for rules in _rules(page))
    grids: list[Grid] = []
    if len(across) + len(down) > MOST_RULES:
        return grids
    crossing = list(_crossing(across, down))
    for rows, columns in crossing:
        xs = _apart([*(rule.at for rule in columns), *(end for rule in rows for end in (rule.low, rule.high))])
        ys = _apart([*(rule.at for rule in rows), *(end for rule in columns for end in (rule.low, rule.high))])[::-1]
        if len(xs) > 2 and len(ys) > 2 and all(top - foot <= TALLEST_ROW for top, foot in pairwise(ys)):
            grids.append(Grid(xs, ys, columns, rows))
    grids = [grid for grid in grids if not any(ink.x0 + 1 < rule.at < ink.x1 - 1 and rule.covers(ink.y)
                                               for rule in grid.down for ink in inks)]  # it goes through words: squared paper
    ruled = {rule for grid in grids for rule in grid.across}
    for rows in _stacked([rule for rule in across if rule not in ruled]):
        grid = _with_spaces(rows, inks)
        if grid:
            grids.append(grid)
    return grids


def _rules(page: Any) -> tuple[list[Rule], list[Rule]]:
    """(rules across, rules down) of all paths: lines, and the edges of boxes."""
    across: list[Rule] = []
    down: list[Rule] = []
    for number in range(pdfium.FPDFPage_CountObjects(page)):
        thing = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(thing) == pdfium.FPDF_PAGEOBJ_PATH:
            for (x0, y0), (x1, y1) in edges(thing):
                if abs(y0 - y1) < 0.5 and abs(x0 - x1) >= SHORTEST:
                    across.append(Rule(y0, min(x0, x1), max(x0, x1)))
                elif abs(x0 - x1) < 0.5 and abs(y0 - y1) >= SHORTEST:
                    down.append(Rule(x0, min(y0, y1), max(y0, y1)))
    return across, down


def edges(path: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPageObj_GetMatrix(path, matrix)
    first = last = (0.0, 0.0)
    for number in range(min(2_000, pdfium.FPDFPath_CountSegments(path))):
        segment = pdfium.FPDFPath_GetPathSegment(path, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        here = (matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            first = here
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, here
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield here, first
        last = here


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that lie on one line and meet are one."""
    joined: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / NEAR), rule.low)):
        near = next((place for place in range(len(joined) - 1, max(-1, len(joined) - 40), -1)
                     if abs(joined[place].at - rule.at) <= NEAR and rule.low <= joined[place].high + NEAR
                     and rule.high >= joined[place].low - NEAR), None)
        if near is None:
            joined.append(rule)
        else:
            other = joined[near]
            joined[near] = Rule(other.at, min(other.low, rule.low), max(other.high, rule.high))
    return joined


def _apart(places: Iterable[float]) -> list[float]:
    """Places in order, those that are near to each other once."""
    apart: list[float] = []
    for place in sorted(places):
        if not apart or place - apart[-1] > 2 * NEAR:
            apart.append(place)
    return apart


def _crossing(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Rules that hold together because they meet, as those of one table."""
    left = set(range(len(down)))
    rows_left = set(range(len(across)))
    while left:
        columns, rows = {left.pop()}, set[int]()
        grew = True
        while grew:
            new_rows = {one for one in rows_left - rows if any(
                down[other].covers(across[one].at) and across[one].covers(down[other].at) for other in columns)}
            rows |= new_rows
            new_columns = {one for one in left if any(
                down[one].covers(across[other].at) and across[other].covers(down[one].at) for other in new_rows)}
            columns |= new_columns
            left -= new_columns
            grew = bool(new_rows or new_columns)
        rows_left -= rows
        if rows:
            yield [across[one] for one in rows], [down[one] for one in columns]


def _stacked(across: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Rules across of one width that stand under each other, as under rows and as the edges of shaded ones."""
    free = sorted(across, key=lambda rule: -rule.at)
    while free:
        run = [free.pop(0)]
        for rule in list(free):
            if abs(rule.low - run[0].low) < 2 * NEAR and abs(rule.high - run[0].high) < 2 * NEAR:
                if run[-1].at - rule.at > TALLEST_ROW:
                    break
                run.append(rule)
                free.remove(rule)
        if len(run) > 2:
            yield run


def _with_spaces(across: list[Rule], inks: Iterable[Ink]) -> Grid | None:
    """A table that is ruled across alone: the spaces that run down between its words part its columns."""
    xs, ys = [across[0].low, across[0].high], _apart(rule.at for rule in across)[::-1]
    beside = [ink for ink in inks if ys[-1] < ink.y < ys[0] and xs[0] - 2 * ink.size < ink.x1 and ink.x0 < xs[-1] + 2 * ink.size]
    inside = [ink for ink in beside if xs[0] - NEAR <= ink.x0 and ink.x1 <= xs[-1] + NEAR]
    if len(inside) < len(beside):  # words go on past their ends: lines under words, no table
        return None
    down = list(_spaces(xs, ys, inside))
    xs = _apart([*xs, *(rule.at for rule in down)])
    if len(xs) < 3:
        return None
    for top, foot in pairwise(ys):
        tops = _tops_of_rows([ink for ink in inside if foot < ink.y < top], xs, alone=len(ys) == 3)
        if tops is None:
            return None
        across = [*across, *(Rule(at, xs[0], xs[-1]) for at in tops)]
    return Grid(xs, _apart(rule.at for rule in across)[::-1], down, across)


def _tops_of_rows(inks: Sequence[Ink], xs: Sequence[float], alone: bool) -> list[float] | None:
    """Where rows begin between two rules: further from the line above than lines of one cell are, in the first column and
    another. ``alone``: the rules do not part rows, so None where it cannot be told what is one."""
    columns: dict[float, set[int]] = {}  # baseline -> columns with words
    for ink in sorted(inks, key=lambda ink: -ink.y):
        base = next((one for one in columns if abs(one - ink.y) < 0.6 * ink.size), ink.y)
        columns.setdefault(base, set()).add(sum(x <= ink.x0 + 1 for x in xs[1:-1]))
    bases = list(columns)
    gaps = [above - base for above, base in pairwise(bases)]
    if not gaps:
        return []
    begins = [base + 0.75 * gap for gap, base in zip(gaps, bases[1:], strict=True)
              if gap > WIDER * min(gaps) and 0 in columns[base] and len(columns[base]) > 1]
    if alone and not begins and len(bases) > 2:
        whole = all(len(held) == len(xs) - 1 for held in columns.values())  # a row is a line
        return [base + 0.75 * gap for gap, base in zip(gaps, bases[1:], strict=True)] if whole else None
    return begins


def _spaces(xs: Sequence[float], ys: Sequence[float], inside: Iterable[Ink]) -> Iterator[Rule]:
    """The spaces that run down between the words of a table, as rules."""
    taken: list[tuple[float, float, list[tuple[float, float]]]] = []  # (top, foot, where its words stand) of each row
    for top, foot in pairwise(ys):
        spans: list[tuple[float, float]] = []
        for ink in sorted((ink for ink in inside if foot < ink.y < top), key=lambda ink: ink.x0):
            if spans and ink.x0 - spans[-1][1] < WIDEST_SPACE * ink.size:
                spans[-1] = (spans[-1][0], max(spans[-1][1], ink.x1))
            else:
                spans.append((ink.x0, ink.x1))
        if spans:
            taken.append((top, foot, spans))
    free: list[float] = []
    for place in range(int(xs[0]) + 1, int(xs[-1])):
        crossed = sum(any(low - 1 < place < high + 1 for low, high in spans) for _, _, spans in taken)
        beside = sum(spans[0][0] < place < spans[-1][1] for _, _, spans in taken)
        if crossed <= CROSSED * len(taken) and beside >= 2:
            if free and place - free[-1] <= 1:
                free[-1] = place
            else:
                free.append(place)
    for at in free:  # its right edge, close to where the next column begins
        for top, foot, spans in taken:
            if not any(low < at < high for low, high in spans):
                yield Rule(at, foot, top)
