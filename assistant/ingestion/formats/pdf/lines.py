"""a page of a PDF -> its lines, word for word, each with place, size and tag.

    characters of PDFium, with baseline, size, font, tag  ->  Line(text, x0, x1, y, size, bold, tag)

A raised digit is told by its size and baseline (``raised``), a gap wider than words have is a tab, and a line is what stands on
one baseline, because PDFium ends a line where a raised digit stands. Tags (PDF/UA) name paragraphs, headings, items and cells.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pypdfium2.raw as pdfium

from assistant.ingestion.document import BULLETS
from assistant.ingestion.formats.pdf.hidden import Hidden
from assistant.ingestion.formats.pdf.right_to_left import from_right, in_reading_order, mostly_from_right
from assistant.ingestion.formats.pdf.rules import Grid, Ink, Rule, page_grids
from assistant.ingestion.formats.pdf.struck import struck_places
from assistant.ingestion.formats.pdf.tags import ARTIFACT, PageTags, Tag, is_artifact, page_tags
from assistant.ingestion.formats.superscript import lowered, raised

SMALL = 0.86  # of a line's size: what is smaller and off the baseline is raised or lowered
INITIAL, LARGE = 1.8, 18.0  # times the size of the text, and points: a large letter with which it begins
WORD_GAP = 0.15  # sizes: letters of one word stand nearer
CELL_GAP = 1.8  # sizes: a wider gap parts cells
BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
SYMBOLS = re.compile(r"wingdings|webdings|dingbats|symbol", re.IGNORECASE)
BULLET_SIGN = "•"


@dataclass(frozen=True)
class Style:
    """What the characters of one text object share."""

    size: float
    bold: bool
    symbols: bool
    tag: Tag
    hidden: bool = False
    turn: float = 0.0  # of its line against a line across the page, in quarters of a circle: slanted letters are not turned

    @property
    def turned(self) -> bool:
        return 0.07 < self.turn % 4 < 3.93

    @property
    def askew(self) -> bool:
        """Neither across the page nor up nor down it."""
        return 0.07 < self.turn % 1 < 0.93


@dataclass(frozen=True)
class Glyph:
    sign: str
    x0: float
    x1: float
    y: float
    style: Style
    left_out: str  # why it is no text of the page, by a name that people understand; empty for text
    gap: str  # what PDFium has before it: nothing, " " or "\n"
    place: tuple[float, float, float, float, float] = (0.0, 0.0, 0.0, 0.0, 0.0)  # where it begins, and its box
    behind: bool = False  # what stood before it was left out, so the place says nothing of the gap between them


@dataclass
class Line:
    """``text``: cells parted by tabs. ``y``: the baseline, from the foot of the page."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    tag: Tag
    starts: list[float] = field(default_factory=list)  # where each cell begins
    ends: list[float] = field(default_factory=list)  # and where it ends
    left_out: str = ""  # why it is no text of the page, by a name that people understand


def page_lines(page: Any, text_page: Any) -> tuple[list[Line], PageTags, list[Grid], int]:
    """(lines in the order of the file, the page's tags, its ruled tables, characters that the file gives no letter for)."""
    tags = page_tags(page)
    on_page = list(page_glyphs(text_page, tags, Hidden(page)))
    struck = struck_places(page, [Ink(one.x0, one.x1, one.y, one.style.size) for one in on_page])
    on_page = [replace(one, left_out="struck words") if number in struck and not one.left_out else one
               for number, one in enumerate(on_page)]
    if turns := pdfium.FPDFPage_GetRotation(page):
        on_page = [_turned(one, turns, *page_size(page)) for one in on_page]
    grids = page_grids(page, [Ink(one.x0, one.x1, one.y, one.style.size) for one in on_page
                              if not one.style.turned and not one.left_out])
    rules = [rule for grid in grids for rule in grid.down]
    lines = [line_of(glyphs) for glyphs in _runs(on_page, rules)]
    unknown = sum(one.sign == "\ufffd" for one in on_page)
    return [part for line in lines if line.text.strip() for part in _items_of(line)], tags, grids, unknown


def _runs(on_page: Sequence[Glyph], rules: Sequence[Rule]) -> Iterable[list[Glyph]]:
    """The glyphs of each line, in the order of the file. What is left out makes lines of its own and parts none."""
    runs: list[list[Glyph]] = []
    text: list[Glyph] = []  # the line of text that is not ended yet
    last, gap = "", ""
    for glyph in on_page:
        gap = (gap if last else "") or glyph.gap
        run = text if not glyph.left_out else runs[-1] if last == glyph.left_out else []
        if last and not glyph.left_out and run:
            glyph = replace(glyph, behind=True, gap=gap)
        last = glyph.left_out
        if not run or not _same_line(run, glyph) or any(
                run[-1].x1 - 1 <= rule.at <= glyph.x0 + 1 and rule.covers(glyph.y) for rule in rules
                if glyph.x0 - run[-1].x1 > WORD_GAP * glyph.style.size):
            run = []
            runs.append(run)
        run.append(glyph)
        text = text if glyph.left_out else run
    return runs


def page_size(page: Any) -> tuple[float, float]:
    """(width, height) as they are seen."""
    return pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)


def _turned(one: Glyph, turns: int, width: float, height: float) -> Glyph:
    """A glyph where it is seen on a page that is shown turned by so many quarters of a circle."""
    begins, _, foot, _, top = one.place
    x0, x1, y = {1: (min(one.y, foot), max(one.y, top), height - begins), 2: (width - one.x1, width - one.x0, height - one.y),
                 3: (width - max(one.y, top), width - min(one.y, foot), begins)}[turns]
    return replace(one, x0=x0, x1=x1, y=y, style=replace(one.style, turn=one.style.turn - turns))


def _items_of(line: Line) -> Iterator[Line]:
    """Items of a list in two columns are items all the same."""
    parts = re.split(rf"\t(?=[{BULLETS}])", line.text)
    at = 0
    for part in parts:
        count = part.count("\t") + 1
        yield replace(line, text=part, x0=line.starts[at], starts=line.starts[at:at + count], ends=line.ends[at:at + count])
        at += count


def page_glyphs(text_page: Any, tags: PageTags, hidden: Hidden) -> Iterator[Glyph]:
    styles: dict[int, Style] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    gap = ""
    style = Style(10.0, False, False, Tag())
    high = ""
    for number in range(pdfium.FPDFText_CountChars(text_page)):
        code = pdfium.FPDFText_GetUnicode(text_page, number)
        if 0xD800 <= code < 0xDC00:
            high = chr(code)
            continue
        sign = (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace") if high else chr(code)
        high = ""
        if code in (10, 13):
            gap = "\n"
            continue
        if sign.isspace() or code in (0, 0xFFFE, 0xFFFF):
            gap = gap or (" " if sign.isspace() else "")
            continue
        if code == 2:  # PDFium's mark for a hyphen at a line's end
            sign = "-"
        thing = pdfium.FPDFText_GetTextObject(text_page, number)
        place = ctypes.cast(thing, ctypes.c_void_p).value if thing else None
        if place:
            if place not in styles:
                styles[place] = _style(text_page, number, thing, tags, hidden)
            style = styles[place]
        pdfium.FPDFText_GetCharOrigin(text_page, number, x, y)
        pdfium.FPDFText_GetCharBox(text_page, number, left, right, bottom, top)
        unseen = "hidden parts" if style.hidden or hidden.outside(x.value, y.value) else ""
        box = (left.value, bottom.value, right.value, top.value)
        yield Glyph(sign, min(x.value, left.value), max(right.value, x.value), y.value, style, unseen, gap, (x.value, *box))
        gap = ""


def _style(text_page: Any, number: int, thing: Any, tags: PageTags, hidden: Hidden) -> Style:
    matrix = pdfium.FS_MATRIX()
    scale, turn = 1.0, 0.0
    if pdfium.FPDFText_GetMatrix(text_page, number, matrix):
        scale = math.hypot(matrix.c, matrix.d) or 1.0
        turn = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
    font = pdfium.FPDFTextObj_GetFont(thing)
    name = ""
    if font:
        length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
        buffer = ctypes.create_string_buffer(length or 1)
        pdfium.FPDFFont_GetBaseFontName(font, buffer, length)
        name = buffer.value.decode("latin-1")
    bold = bool(BOLD.search(name)) or pdfium.FPDFTextObj_GetTextRenderMode(thing) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE
    size = (pdfium.FPDFText_GetFontSize(text_page, number) or 1.0) * scale
    mark = pdfium.FPDFPageObj_GetMarkedContentID(thing)
    tag = tags.by_mark.get(mark, Tag()) if mark >= 0 else (ARTIFACT if is_artifact(thing) else Tag())
    return Style(size, bold, bool(SYMBOLS.search(name)), tag, hidden(thing, size), turn)


def _same_line(line: list[Glyph], glyph: Glyph) -> bool:
    last = line[-1]
    if glyph.style.turned != last.style.turned or glyph.style.tag.block != last.style.tag.block:
        return False
    if glyph.style.turned:
        return glyph.gap != "\n"
    size = max(one.style.size for one in line[-40:])
    if len(line) == 1 and size > max(LARGE, INITIAL * glyph.style.size) and last.sign.isalpha() and glyph.sign.isalpha():
        return False  # a large letter with which a paragraph begins: what follows is not raised
    base = next(one.y for one in reversed(line) if one.style.size >= SMALL * size)
    up = glyph.y - base
    small, large = glyph.style.size < SMALL * size, size < SMALL * glyph.style.size
    if abs(up) > 0.15 * size and not (small and -0.5 * size < up < 0.8 * size) and not (
            large and -0.8 * glyph.style.size < up < 0.1 * glyph.style.size):
        return False
    if (small or large) and abs(up) > 0.05 * size and abs(glyph.x0 - last.x1) > 1.2 * max(size, glyph.style.size):
        return False
    if from_right(glyph.sign) or any(from_right(one.sign) for one in line):
        return glyph.gap != "\n" or abs(glyph.x1 - last.x0) < size or abs(glyph.x0 - last.x1) < size
    return glyph.x0 > last.x0 - 0.3 * size and glyph.x0 - last.x1 > -1.2 * size


def line_of(glyphs: list[Glyph]) -> Line:
    size = max(one.style.size for one in glyphs)
    full = [one for one in glyphs if one.style.size >= SMALL * size]
    base = sorted(one.y for one in full)[len(full) // 2]
    runs: list[tuple[int, str]] = []  # (1 raised, -1 lowered, 0 on the line; text)
    if mostly_from_right(glyphs):
        glyphs = in_reading_order(glyphs)
    starts, ends = [glyphs[0].x0], []
    for number, one in enumerate(glyphs):
        up = one.y - base
        level = 0 if one.style.size >= SMALL * size or one.style.turned else (
            1 if up > 0.12 * size else -1 if up < -0.05 * size else 0)
        sign = one.sign
        if one.style.symbols and (number == 0 or (number == 1 and len(glyphs) > 1)) and not sign.isdigit() and len(runs) == 0:
            sign = BULLET_SIGN
        gap = ""
        if number:
            wide = one.x0 - glyphs[number - 1].x1
            if one.behind:
                gap = one.gap and " "
            elif wide > CELL_GAP * size and not one.style.turned:
                gap = "\t"
                starts.append(one.x0)
                ends.append(glyphs[number - 1].x1)
            elif one.gap == " " or wide > size or (one.gap == "\n" and wide > WORD_GAP * size) or (one.style.turned and one.gap):
                gap = " "
        if runs and runs[-1][0] == level and not gap:
            runs[-1] = (level, runs[-1][1] + sign)
        elif gap and runs:
            if level == 0 and runs[-1][0] == 0:
                runs[-1] = (0, runs[-1][1] + gap + sign)
            else:
                runs += [(0, gap), (level, sign)]
        else:
            runs.append((level, sign))
    text = ""
    for number, (level, run) in enumerate(runs):
        after = runs[number + 1][1] if number + 1 < len(runs) else ""
        text += run if not level else raised(text, run, after) if level > 0 else lowered(text, run, after)
    signs = [one for one in full if one.sign.isalnum()] or full
    bold = sum(one.style.bold for one in signs) >= 0.9 * len(signs)
    tag = next((one.style.tag for one in full if one.style.tag.kind), full[0].style.tag)
    return Line(text, min(one.x0 for one in glyphs), max(one.x1 for one in glyphs), base, size, bold, tag, starts,
                [*ends, glyphs[-1].x1], glyphs[0].left_out or ("watermarks" if all(one.style.askew for one in glyphs) else ""))
