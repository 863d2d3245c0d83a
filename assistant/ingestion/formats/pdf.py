"""bytes of a PDF -> Document: headings, lists and tables, each with its page, in PDFium's own words.

    lines of a page (``pdf_lines``) -> blocks, told by tags where the file has them, else by type and place -> elements

Nothing is taken for a mark of a list, a running head or a raised sign unless its place on the page says so too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from assistant.ingestion.document import BULLET, LEADERS, SENTENCE_END, Document, tidy
from assistant.ingestion.formats.html_tables import add_table, look_like_names
from assistant.ingestion.formats.html_tree import Refused
from assistant.ingestion.formats.hyphens import PARTED, Spelling
from assistant.ingestion.formats.pdf_lines import HEADINGS, Line, PageTags, page_lines

FEWEST_WORDS_A_PAGE = 5  # fewer on average: pictures of pages
EVERY_PAGE = 0.4  # a line in the margin of so many pages is their running head
MARGIN = 0.13  # of a page's height, where running heads and feet stand
LARGER = 1.08  # of the size of most text: a heading
HEADING_LINES, HEADING_WORDS = 4, 20
MANY_WORDS = 8  # in the type of the text: a tag that calls this a heading is wrong
SHORT = 0.82  # of the width of a column: a line that ends there may end its paragraph
NUMBER = re.compile(r"\s*(?:\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
MAX_UNKNOWN = 0.02  # of a page's letters


@dataclass
class Page:
    number: int
    height: float
    lines: list[Line]
    tags: PageTags
    layer: str
    unknown: int = 0

    @property
    def words(self) -> int:
        return sum(len(line.text.split()) for line in self.lines)


@dataclass
class Block:
    lines: list[Line] = field(default_factory=list)
    kind: str = "text"
    level: int = 2


def read_pdf(raw: bytes) -> Document:
    import pypdfium2

    try:
        file = pypdfium2.PdfDocument(raw)
        pages = [_page(file, number) for number in range(len(file))]
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Refused("is locked with a password: save a copy without one and import that.") from None
        raise Refused("cannot be read as a PDF, it is damaged or not whole: open it in a PDF viewer and save it anew.") from None
    if not pages:
        raise Refused("cannot be read as a PDF, it is damaged or not whole: open it in a PDF viewer and save it anew.")
    if sum(page.words for page in pages) < FEWEST_WORDS_A_PAGE * len(pages):
        empty = sum(page.words < FEWEST_WORDS_A_PAGE for page in pages)
        if empty > len(pages) / 2:
            raise Refused("holds pictures of pages and no text: run text recognition (OCR) on it first, for instance with "
                          "ocrmypdf.")
    about = file.get_metadata_dict()
    document = Document(title=tidy(str(about.get("Title") or "")), published=_day(str(about.get("CreationDate") or "")),
                        pages=len(pages), layer=[page.layer for page in pages])
    bare = [page.number for page in pages if page.words < FEWEST_WORDS_A_PAGE]
    if bare:
        document.drop("pages without text (pictures?)", count=len(bare))
        document.doubts.append(f"page{'s' if len(bare) > 1 else ''} {', '.join(map(str, bare))} without text: if they are pictures of "
                               "text, run text recognition (OCR) on the file first, for instance with ocrmypdf")
    unknown = [page.number for page in pages if page.unknown > MAX_UNKNOWN * max(1, len(page.layer))]
    if unknown:
        document.doubts.append(f"page{'s' if len(unknown) > 1 else ''} {', '.join(map(str, unknown))}: the file does not say which "
                               "letters some of its signs are")
    read_pages(document, pages)
    return document


def _page(file: Any, number: int) -> Page:
    page = file[number]
    text_page = page.get_textpage()
    lines, tags, unknown = page_lines(page.raw, text_page.raw)
    layer = text_page.get_text_range() if text_page.count_chars() else ""
    height = page.get_height()
    text_page.close()
    page.close()
    return Page(number + 1, height, lines, tags, layer, unknown)


def _day(named: str) -> str:
    match = re.match(r"D:(\d{4})(\d{2})?(\d{2})?", named)
    return "-".join(part for part in match.groups() if part) if match else ""


def read_pages(document: Document, pages: Sequence[Page]) -> None:
    _drop_running_heads(document, pages)
    lines = [line for page in pages for line in page.lines]
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
        bold[line.bold] += len(line.text)
    body = max(sizes, key=lambda size: sizes[size], default=10.0)
    mostly_bold = bold[True] > bold[False]
    spelling = Spelling(page.layer for page in pages)
    blocks = [(page, block) for page in pages for block in _blocks(page, body, mostly_bold)]
    steps = sorted({_step(block) for _, block in blocks if block.kind == "heading" and not block.level}, reverse=True)
    tagged = 0  # the level of the last heading that the file itself marks
    for page, block in blocks:
        if block.kind == "table":
            _add_table(document, page, block.lines)
            continue
        text = spelling.join([line.text.replace("\t", " ") for line in block.lines])
        if block.kind == "heading" and block.level:
            tagged = block.level
        level = block.level or (min(6, tagged + 1 if tagged else steps.index(_step(block)) + 1) if block.kind == "heading" else 2)
        document.add(block.kind, text, level, page.number)


def _step(block: Block) -> tuple[float, bool]:
    """Headings of one size and weight are of one level."""
    return round(block.lines[0].size), block.lines[0].bold


# --- running heads -------------------------------------------------------------------------------------------------------------

def _drop_running_heads(document: Document, pages: Sequence[Page]) -> None:
    """A line that stands at the same place in the margin of many pages, but for its numbers, is their head or foot."""
    places: defaultdict[str, list[tuple[int, float, tuple[str, ...]]]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            if _in_margin(line, page) or line.tag.kind == "Artifact":
                places[_key(line.text)].append((page.number, line.y, tuple(re.findall(r"\d+", line.text))))
    heads = {key for key, found in places.items() if _runs(found, len(pages))}
    for page in pages:
        gone = _apart([line for line in page.lines if _key(line.text) in heads
                       and (_in_margin(line, page) or line.tag.kind == "Artifact")], page)
        gone += [line for line in page.lines if line not in gone and _in_margin(line, page)
                 and (line.tag.kind == "Artifact" or _is_page_number(line.text, page.number))]
        for line in gone:
            document.drop("running heads", line.text, page.number)
        page.lines = [line for line in page.lines if line not in gone]


def _apart(lines: list[Line], page: Page) -> list[Line]:
    """Those of the lines that do not go on into the text: space parts them from it, or they are of another size."""
    leading = _leading(page.lines)

    def close(one: Line, other: Line) -> bool:
        return (abs(one.y - other.y) <= 1.4 * leading.get(round(other.size), 1.2 * other.size)
                and max(one.size, other.size) <= LARGER * min(one.size, other.size) and one.tag.kind != "Artifact")

    held = [line for line in lines if not any(close(line, other) for other in page.lines if other not in lines)]
    return held if len(held) == len(lines) else _apart(held, page)


def _in_margin(line: Line, page: Page) -> bool:
    return not MARGIN * page.height < line.y < (1 - MARGIN) * page.height


def _key(line: str) -> str:
    return re.sub(r"\b(?:\d+|[ivxl]+)\b", "#", tidy(line).lower())


def _runs(found: list[tuple[int, float, tuple[str, ...]]], pages: int) -> bool:
    on = {number for number, *_ in found}
    if len(on) < 2 or len(on) < EVERY_PAGE * pages:
        return False
    middle = median(y for _, y, _ in found)
    steady = sum(abs(y - middle) < 12 for _, y, _ in found) >= 0.6 * len(found)  # left and right pages may differ a little
    numbers = [numbers for *_, numbers in found]
    grows = all(len({each[place] for each in numbers}) == 1 or _follows([(number, each[place]) for (number, *_), each
                                                                         in zip(found, numbers, strict=True)])
                for place in range(min(map(len, numbers), default=0)))
    return steady and grows


def _follows(seen: list[tuple[int, str]]) -> bool:
    """True for numbers that count the pages, or are the same on most."""
    offsets = Counter(int(text[-6:]) - page for page, text in seen)
    same = Counter(text for _, text in seen)
    return max(offsets.values()) >= 0.6 * len(seen) or max(same.values()) >= 0.5 * len(seen)


def _is_page_number(text: str, number: int) -> bool:
    digits = re.fullmatch(r"\W*(?:page|seite|página|pagina|p\.?)?\W*(\d{1,4})\W*(?:(?:of|von|de|/)\W*\d{1,4})?\W*", text.strip().lower())
    return bool(digits and abs(int(digits[1]) - number) <= 40)


# --- blocks --------------------------------------------------------------------------------------------------------------------

def _blocks(page: Page, body: float, mostly_bold: bool) -> list[Block]:
    blocks: list[Block] = []
    column = _columns(page.lines)
    leading = _leading(page.lines)
    for run in _runs_of_tables(page.lines):
        if run.kind == "table":
            blocks.append(run)
            continue
        fresh = True
        for line in run.lines:
            before = blocks[-1] if blocks and not fresh else None
            if before is None or _begins(line, before, column[id(before.lines[-1])], leading):
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


def _leading(lines: list[Line]) -> dict[float, float]:
    """The usual distance of lines of one size."""
    gaps: defaultdict[float, list[float]] = defaultdict(list)
    for above, line in zip(lines, lines[1:], strict=False):
        gap = above.y - line.y
        if abs(above.size - line.size) < 0.6 and 0.8 * line.size < gap < 4.5 * line.size:
            gaps[round(line.size)].append(gap)
    return {size: min(median(found), sorted(found)[len(found) // 4] * 1.12) for size, found in gaps.items()}


def _begins(line: Line, block: Block, edge: float, leading: dict[float, float]) -> bool:
    """True where ``line`` begins a new block below ``block``."""
    last, first = block.lines[-1], block.lines[0]
    if PARTED.search(last.text) and line.text[:1].isalnum():
        return False  # a word goes on, whatever stands between
    if BULLET.match(line.text) and line.tag.kind not in ("TD", "TH"):
        return True
    larger = max(line.size, last.size) > LARGER * min(line.size, last.size)
    width = max(1.0, edge - last.x0)
    short = (last.x1 - last.x0) < SHORT * width
    if larger:
        return True
    if line.bold != last.bold and (short or len(block.lines) == 1 or not last.bold) and not (line.bold and not short):
        return True
    if LEADERS.search(last.text):
        return True
    ended = bool(SENTENCE_END.search(last.text.rstrip()))
    if line.tag.block or last.tag.block:  # the file itself says what is one; a tag for each line is put right
        one = {line.tag.kind, last.tag.kind} <= {"P", "LI", *HEADINGS} and not ended and not short and line.text[:1].islower()
        return line.tag.block != last.tag.block and not one
    if NUMBER.match(line.text) and (ended or short or last.bold):
        return True
    gap = last.y - line.y
    if gap <= 0:  # a new column
        return ended or not line.text[:1].islower()
    usual = leading.get(round(line.size), 1.3 * line.size)
    if gap > max(1.28 * usual, usual + 2.5) and not (gap < 3 * line.size and not ended and line.text[:1].islower()):
        return True
    if line.x0 > last.x0 + 0.8 * line.size and (ended or short) and not (block.kind == "item" and len(block.lines) == 1):
        return True  # an indent
    if block.kind == "item" and line.x0 < first.x0 + 0.3 * line.size and (ended or line.x0 < first.x0 - line.size) and _hangs(block):
        return True
    if ended and short:
        return True
    return (last.x1 - last.x0) < 0.5 * width and not ended and line.text[:1].isupper() and block.kind == "text" and not line.bold


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
        if (last and last.kind == block.kind == "heading" and _step(last) == _step(block) and last.level == block.level
                and 0 < last.lines[-1].y - block.lines[0].y < 1.5 * block.lines[0].size
                and not SENTENCE_END.search(last.lines[-1].text.rstrip())
                and (block.lines[0].text[:1].islower() or (last.lines[0].size > 11.5 and not block.lines[0].text[:1].isdigit()))
                and sum(len(line.text.split()) for line in (*last.lines, *block.lines)) <= HEADING_WORDS):
            last.lines += block.lines
        else:
            joined.append(block)
    return joined


# --- tables --------------------------------------------------------------------------------------------------------------------

def _runs_of_tables(lines: list[Line]) -> list[Block]:
    """Lines as runs of text and of tables: cells that are tagged so, or three lines and more whose cells stand under each other."""
    runs: list[Block] = []
    number = 0
    while number < len(lines):
        end = number
        if lines[number].tag.table and lines[number].tag.kind in ("TD", "TH"):
            while end < len(lines) and lines[end].tag.table == lines[number].tag.table:
                end += 1
            runs.append(Block(lines[number:end], "table"))
        else:
            while end < len(lines) and _in_grid(lines[number], lines[end]):
                end += 1
            if end - number >= 3:
                runs.append(Block(lines[number:end], "table"))
            else:
                end = number + 1
                if runs and runs[-1].kind == "text":
                    runs[-1].lines.append(lines[number])
                else:
                    runs.append(Block([lines[number]], "text"))
        number = end
    return runs


def _in_grid(first: Line, line: Line) -> bool:
    return (len(first.starts) >= 2 and len(first.starts) == len(line.starts) and not BULLET.match(line.text)
            and not LEADERS.search(line.text)
            and all(abs(one - other) < 1.5 * first.size for one, other in zip(first.starts, line.starts, strict=True)))


def _add_table(document: Document, page: Page, lines: list[Line]) -> None:
    tags = page.tags
    if not lines[0].tag.table:
        rows = [[tidy(cell) for cell in line.text.split("\t")] for line in lines]
        named = (look_like_names(rows) and all(name[0].isupper() and name[-1] not in ".,;:!?" for name in rows[0])) or (
            lines[0].bold and not any(line.bold for line in lines[1:]))
        add_table(document, rows, named=named, page=page.number, guess=False)
        return
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
    add_table(document, rows, named=named, page=page.number, guess=False)
