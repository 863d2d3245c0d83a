"""lines of a page -> blocks: headings, paragraphs, items and tables, told by tags where the file has them, else by type and
place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from assistant.ingestion.document import BULLET, LEADERS, SENTENCE_END
from assistant.ingestion.formats.hyphens import PARTED
from assistant.ingestion.formats.pdf.columns import Row, columns_at
from assistant.ingestion.formats.pdf.lines import Line
from assistant.ingestion.formats.pdf.rules import Grid
from assistant.ingestion.formats.pdf.tables import Cell, cells_of
from assistant.ingestion.formats.pdf.tags import HEADINGS

LARGER = 1.08  # of the size of most text: a heading
HEADING_LINES, HEADING_WORDS = 4, 20
MANY_WORDS = 8  # in the type of the text: a tag that calls this a heading is wrong
SHORT = 0.82  # of the width of a column: a line that ends there may end its paragraph
NUMBER = re.compile(r"\s*(?:\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")


@dataclass
class Block:
    lines: list[Line] = field(default_factory=list)
    kind: str = "text"
    level: int = 2
    grid: tuple[Grid, dict[Cell, list[Line]]] | None = None  # of a ruled table
    rows: list[Row] = field(default_factory=list)  # of a table whose columns are told by white space


def step_of(block: Block) -> tuple[float, bool]:
    """Headings of one size and weight are of one level."""
    return round(block.lines[0].size), block.lines[0].bold


def page_blocks(lines: list[Line], body: float, mostly_bold: bool, grids: Sequence[Grid] = (), spanning: Container[int] = ()
                ) -> list[Block]:
    """``spanning``: tables whose tags do not say where their merged cells stand, so that the ruled lines have to."""
    blocks: list[Block] = []
    runs = _runs_of_tables(lines, grids, spanning)
    column = _columns([line for run in runs for line in run.lines])
    usual = leading(lines)
    for run in runs:
        if run.kind == "table":
            blocks.append(run)
            continue
        fresh = True
        for line in run.lines:
            before = blocks[-1] if blocks and not fresh else None
            if before is None or _begins(line, before, column[id(_leftmost(before))], usual):
                tagged = line.tag.kind
                bullet = BULLET.match(line.text)
                number = NUMBER.match(line.text) if tagged in ("", "Artifact") else None
                blocks.append(Block([line], "item" if bullet or number or tagged == "LI" else "text", 0))
            else:
                before.lines.append(line)
            fresh = False
    for block in blocks:
        if block.kind == "text":
            _tell_heading(block, body, mostly_bold)
    return _parted(blocks)


def _columns(lines: list[Line]) -> dict[int, float]:
    """The right edge of the column that each line stands in."""
    edges: dict[int, float] = {}
    for line in lines:
        beside = [other.x1 for other in lines if abs(other.x0 - line.x0) < 3 * line.size]
        edges[id(line)] = max(beside)
    return edges


def leading(lines: list[Line]) -> dict[float, float]:
    """The usual distance of lines of one size."""
    gaps: defaultdict[float, list[float]] = defaultdict(list)
    for above, line in pairwise(lines):
        gap = above.y - line.y
        if abs(above.size - line.size) < 0.6 and 0.8 * line.size < gap < 4.5 * line.size:
            gaps[round(line.size)].append(gap)
    return {size: min(median(found), sorted(found)[len(found) // 4] * 1.12) for size, found in gaps.items()}


def _begins(line: Line, block: Block, edge: float, leadings: dict[float, float]) -> bool:
    """True where ``line`` begins a new block below ``block``."""
    last, first = block.lines[-1], block.lines[0]
    if PARTED.search(last.text) and line.text[:1].isalnum():
        return False  # a word goes on, whatever stands between
    if BULLET.match(line.text) and line.tag.kind not in ("TD", "TH"):
        return True
    larger = max(line.size, last.size) > LARGER * min(line.size, last.size)
    left = _leftmost(block).x0
    width = max(1.0, edge - left)
    short = (last.x1 - left) < SHORT * width
    if larger:
        return True
    if line.bold != last.bold and (short or len(block.lines) == 1 or not last.bold) and not (line.bold and not short):
        return True
    if LEADERS.search(last.text):
        return True
    ended = bool(SENTENCE_END.search(last.text.rstrip()))
    if line.tag.block or last.tag.block:  # the file itself says what is one; a tag for each line is put right
        goes_on = line.text[:1].islower() or (line.text[:1].isdigit() and not NUMBER.match(line.text))
        one = {line.tag.kind, last.tag.kind} <= {"P", "LI", *HEADINGS} and not ended and not short and goes_on
        return line.tag.block != last.tag.block and not one
    if NUMBER.match(line.text) and (ended or short or last.bold):
        return True
    gap = last.y - line.y
    if gap <= 0:  # a new column
        return ended or not line.text[:1].islower()
    usual = leadings.get(round(line.size), 1.3 * line.size)
    if gap > max(1.28 * usual, usual + 2.5) and not (gap < 3 * line.size and not ended and line.text[:1].islower()):
        return True
    if line.x0 > last.x0 + 0.8 * line.size and (ended or short) and not (block.kind == "item" and len(block.lines) == 1):
        return True  # an indent
    if block.kind == "item" and line.x0 < first.x0 + 0.3 * line.size and (ended
                                                                          or line.x0 < first.x0 - line.size) and _hangs(block):
        return True
    if ended and short:
        return True
    return (last.x1 - last.x0) < 0.5 * width and not ended and line.text[:1].isupper() and block.kind == "text" and not line.bold


def _leftmost(block: Block) -> Line:
    """Where the last line of a block begins, though the file holds it in parts."""
    last = block.lines[-1]
    return min((line for line in block.lines if abs(line.y - last.y) < 1), key=lambda line: line.x0)


def _hangs(block: Block) -> bool:
    """True for an item whose later lines stand further in than its mark, or that has one line yet."""
    return len(block.lines) == 1 or block.lines[1].x0 > block.lines[0].x0 + 0.3 * block.lines[0].size


def _tell_heading(block: Block, body: float, mostly_bold: bool) -> None:
    first = block.lines[0]
    text = " ".join(line.text for line in block.lines).strip()
    like_text = first.size <= LARGER * body and not first.bold and (len(text.split()) > MANY_WORDS or text.endswith("."))
    if first.tag.kind in HEADINGS and len(text.split()) <= HEADING_WORDS and not like_text:
        block.kind = "heading"
        block.level = int(first.tag.kind[1]) if first.tag.kind[1:].isdigit() else 1
        return
    if first.tag.kind in ("LI", "TD", "TH", "Caption", "TOCI", "Note"):
        return
    stands_out = first.size > LARGER * body or (first.bold and not mostly_bold and first.size > 0.9 * body)
    whole = all(line.bold == first.bold for line in block.lines)
    if (stands_out and whole and len(block.lines) <= HEADING_LINES and len(text.split()) <= HEADING_WORDS
            and re.search(r"[^\W\d_]", text) and not text.endswith((".", ";", ",")) and not LEADERS.search(text)):
        block.kind = "heading"


def _parted(blocks: list[Block]) -> list[Block]:
    """Headings of several lines whole: lines of one type that follow each other closely, unless the first one is a question or a
    sentence that has ended."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if (last and last.kind == block.kind == "heading" and step_of(last) == step_of(block) and last.level == block.level
                and 0 < last.lines[-1].y - block.lines[0].y < 1.5 * block.lines[0].size
                and not SENTENCE_END.search(last.lines[-1].text.rstrip())
                and (block.lines[0].text[:1].islower() or (last.lines[0].size > 11.5 and not block.lines[0].text[:1].isdigit()))
                and sum(len(line.text.split()) for line in (*last.lines, *block.lines)) <= HEADING_WORDS):
            last.lines += block.lines
        else:
            joined.append(block)
    return joined


def _runs_of_tables(lines: list[Line], grids: Sequence[Grid], spanning: Container[int]) -> list[Block]:
    """Lines as runs of text and of tables: those that are ruled or tagged so, or whose cells stand under each other."""
    ruled: dict[int, Block] = {}
    for grid in grids:
        held = cells_of(grid, [line for line in lines if id(line) not in ruled
                               and (not line.tag.table or line.tag.table in spanning)])
        inside = [line for of_cell in (held or {}).values() for line in of_cell]
        ruled |= dict.fromkeys(map(id, inside), Block(inside, "table", grid=(grid, held or {})))
    free = [len(lines)] * len(lines)  # up to where nothing is ruled
    for number in range(len(lines) - 2, -1, -1):
        free[number] = number + 1 if id(lines[number + 1]) in ruled else free[number + 1]
    runs: list[Block] = []
    number = 0
    while number < len(lines):
        end = number + 1
        block = ruled.get(id(lines[number]))
        if block:
            if not any(block is other for other in runs):
                runs.append(block)
        elif lines[number].tag.table and lines[number].tag.kind in ("TD", "TH"):
            while end < len(lines) and lines[end].tag.table == lines[number].tag.table:
                end += 1
            runs.append(Block(lines[number:end], "table"))
        else:
            columns = columns_at(lines[:free[number]], number)
            if columns and columns.rows:
                runs.append(Block(list(lines[number:columns.end]), "table", rows=columns.rows))
            elif runs and runs[-1].kind == "text":
                runs[-1].lines += columns.texts if columns else [lines[number]]
            else:
                runs.append(Block(columns.texts if columns else [lines[number]], "text"))
            end = columns.end if columns else number + 1
        number = end
    return runs
