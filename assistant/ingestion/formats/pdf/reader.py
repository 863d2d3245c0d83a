"""bytes of a PDF -> Document: headings, lists and tables, each with its page, in PDFium's own words.

    lines of a page (``lines``) -> blocks, told by tags where the file has them, else by type and place -> elements

Nothing is taken for a mark of a list, a running head or a raised sign unless its place on the page says so too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from assistant.ingestion.document import Document, UnreadableDocument, tidy
from assistant.ingestion.formats.hyphens import Spelling
from assistant.ingestion.formats.pdf.blocks import LARGER, leading, page_blocks, step_of
from assistant.ingestion.formats.pdf.lines import INITIAL, Line, page_lines
from assistant.ingestion.formats.pdf.rules import Grid
from assistant.ingestion.formats.pdf.tables import ruled_elements, spaced_elements, table_elements
from assistant.ingestion.formats.pdf.tags import PageTags

FEWEST_WORDS_A_PAGE = 5  # fewer on average: pictures of pages
EVERY_PAGE = 0.4  # a line in the margin of so many pages is their running head
MARGIN = 0.13  # of a page's height, where running heads and feet stand
PRINTED_LINK = re.compile(r"\s*\(Link:\s*[^()]*(?:\([^()]*\)[^()]*)?\)")  # how some pages print themselves
CONTENTS = re.compile(r"(?:table of )?contents", re.IGNORECASE)
ENTRY = re.compile(r"[^\W\d_].*\t(?:\d{1,4}|[ivxl]{1,7})\s*$")
FEWEST_ENTRIES = 4
CLOSING = re.compile(r"\s*([,.;:)]+)")
MAX_UNKNOWN = 0.02  # of a page's letters


@dataclass
class Page:
    number: int
    height: float
    lines: list[Line]
    tags: PageTags
    layer: str
    grids: list[Grid]
    unknown: int = 0

    @property
    def tagged(self) -> bool:
        """True where the file says of nearly all lines what they are; what it says nothing of is no text."""
        return sum(bool(line.tag.block) for line in self.lines) > 0.8 * len(self.lines)

    @property
    def words(self) -> int:
        return sum(len(line.text.split()) for line in self.lines)


def read_pdf(raw: bytes) -> Document:
    import pypdfium2

    try:
        file = pypdfium2.PdfDocument(raw)
        pages = [_page(file, number) for number in range(len(file))]
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise UnreadableDocument("is locked with a password: save a copy without one and import that.") from None
        raise UnreadableDocument("cannot be read as a PDF, it is damaged or not whole: open it in a PDF viewer "
                                 "and save it anew.") from None
    if not pages:
        raise UnreadableDocument("cannot be read as a PDF, it is damaged or not whole: open it in a PDF viewer and save it anew.")
    if sum(page.words for page in pages) < FEWEST_WORDS_A_PAGE * len(pages):
        empty = sum(page.words < FEWEST_WORDS_A_PAGE for page in pages)
        if empty > len(pages) / 2:
            raise UnreadableDocument("holds pictures of pages and no text: run text recognition (OCR) on it "
                                     "first, for instance with "
                                     "ocrmypdf.")
    about = file.get_metadata_dict()
    document = Document(title=tidy(str(about.get("Title") or "")), published=_day(str(about.get("CreationDate") or "")),
                        pages=len(pages), layer=[page.layer for page in pages])
    bare = [page.number for page in pages if page.words < FEWEST_WORDS_A_PAGE]
    if bare:
        document.drop("pages without text (pictures?)", count=len(bare))
        document.doubts.append(f"{_pages(bare)} without text: if they are pictures of text, run text recognition (OCR) on the "
                               "file first, for instance with ocrmypdf")
    unknown = [page.number for page in pages if page.unknown > MAX_UNKNOWN * max(1, len(page.layer))]
    if unknown:
        document.doubts.append(f"{_pages(unknown)}: the file does not say which letters some of its signs are")
    read_pages(document, pages)
    return document


def _pages(numbers: list[int]) -> str:
    return f"page{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def _page(file: Any, number: int) -> Page:
    page = file[number]
    text_page = page.get_textpage()
    lines, tags, grids, unknown = page_lines(page.raw, text_page.raw)
    layer = text_page.get_text_range() if text_page.count_chars() else ""
    height = page.get_height()
    text_page.close()
    page.close()
    return Page(number + 1, height, lines, tags, layer, grids, unknown)


def _day(named: str) -> str:
    match = re.match(r"D:(\d{4})(\d{2})?(\d{2})?", named)
    return "-".join(part for part in match.groups() if part) if match else ""


def read_pages(document: Document, pages: Sequence[Page]) -> None:
    for page in pages:
        for line in [line for line in page.lines if line.left_out]:
            document.drop(line.left_out, line.text, page.number)
            page.lines.remove(line)
    _drop_running_heads(document, pages)
    for page in pages:
        _drop_contents(document, page)
        _drop_parted_links(document, page)
    spelling = Spelling(page.layer for page in pages)
    for page in pages:
        _join_large_initials(page, spelling)
    lines = [line for page in pages for line in page.lines]
    sizes: Counter[float] = Counter()
    bold: Counter[bool] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
        bold[line.bold] += len(line.text)
    body = max(sizes, key=lambda size: sizes[size], default=10.0)
    mostly_bold = bold[True] > bold[False]
    blocks = [(page, block) for page in pages for block in page_blocks(page.lines, body, mostly_bold, page.grids,
                                                                           page.tags.spanning)]
    steps = sorted({step_of(block) for _, block in blocks if block.kind == "heading" and not block.level}, reverse=True)
    tagged = 0  # the level of the last heading that the file itself marks
    for page, block in blocks:
        if block.grid:
            ruled_elements(document, page.number, *block.grid, spelling.join)
            continue
        if block.rows:
            spaced_elements(document, page.number, block.rows, spelling.join)
            continue
        if block.kind == "table":
            table_elements(document, page.number, page.tags, block.lines)
            continue
        text = spelling.join([line.text.replace("\t", " ") for line in block.lines])
        for address in PRINTED_LINK.findall(" ".join(line.text for line in block.lines)):
            document.drop("printed addresses of links", address, page.number)
        text = PRINTED_LINK.sub("", text)
        if block.kind == "heading" and block.level:
            tagged = block.level
        level = block.level or (min(6, tagged + 1 if tagged else steps.index(step_of(block)) + 1) if block.kind == "heading"
                                else 2)
        document.add(block.kind, text, level, page.number)


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
                 and (line.tag.kind == "Artifact" or _is_page_number(line.text, page.number)
                      or (page.tagged and not line.tag.block))]
        for line in gone:
            document.drop("running heads", line.text, page.number)
        page.lines = [line for line in page.lines if line not in gone]


def _drop_contents(document: Document, page: Page) -> None:
    """A table of contents without dots: under its name, lines with a page number at the end of a wide space."""
    top = next((number for number, line in enumerate(page.lines) if CONTENTS.fullmatch(line.text.strip())), None)
    entries = [number for number, line in enumerate(page.lines[top:] if top is not None else (), top or 0)
               if ENTRY.search(line.text)]
    if len(entries) < FEWEST_ENTRIES:
        return
    parted = [number - 1 for number in entries if page.lines[number].text[:1].islower()]  # an entry of two lines
    for number in sorted({top or 0, *entries, *parted}, reverse=True):
        document.drop("lines of a table of contents", page.lines.pop(number).text, page.number)


def _drop_parted_links(document: Document, page: Page) -> None:
    """Printed addresses that stand in lines or tags of their own; what follows one goes on with the text before it."""
    for number, line in enumerate(page.lines):
        text, mark, address = line.text.rpartition("(Link:")
        if not mark or (not text.strip() and not number):
            continue
        before = line if text.strip() else page.lines[number - 1]
        end = next((later for later in range(number, min(number + 5, len(page.lines))) if ")" in page.lines[later].text), number)
        rest = page.lines[end]
        if end == number and not PRINTED_LINK.fullmatch(line.text) and ")" in address:
            continue  # within a line: it goes when the lines are joined
        inside, _, after = (address if end == number else rest.text).partition(")")
        words = [address, *(one.text for one in page.lines[number + 1:end]), inside] if end > number else [inside]
        document.drop("printed addresses of links", mark + " ".join(words), page.number)
        for one in page.lines[number + 1:end]:
            one.text = ""
        _shorten(line, text.rstrip())
        if end > number:
            _shorten(rest, after.strip().replace("\t", " "))
        beside = page.lines[end + 1] if not after.strip() and end + 1 < len(page.lines) else rest
        if abs(beside.y - rest.y) < 1 and beside.x0 >= rest.x0:
            beside.tag, beside.x0 = before.tag, min(rest.x0, beside.x0)  # as though the address were not printed
            if sign := CLOSING.match(beside.text):
                before.text += sign[1]
                _shorten(beside, beside.text[sign.end():])
    page.lines = [line for line in page.lines if line.text.strip()]


def _shorten(line: Line, text: str) -> None:
    cells = text.count("\t") + 1
    line.text, line.starts, line.ends = text, line.starts[:cells], line.ends[:cells]


def _apart(lines: list[Line], page: Page) -> list[Line]:
    """Those of the lines that do not go on into the text: space parts them from it, or they are of another size."""
    usual = leading(page.lines)

    def close(one: Line, other: Line) -> bool:
        return (abs(one.y - other.y) <= 1.4 * usual.get(round(other.size), 1.2 * other.size)
                and max(one.size, other.size) <= LARGER * min(one.size, other.size) and one.tag.kind != "Artifact")

    held = [line for line in lines if not any(close(line, other) for other in page.lines if other not in lines)]
    return held if len(held) == len(lines) else _apart(held, page)


def _join_large_initials(page: Page, spelling: Spelling) -> None:
    """A large letter with which a paragraph begins belongs to the word beside its head."""
    for initial in [line for line in page.lines if re.fullmatch(r"[^\W\d_a-z]", line.text)]:
        beside = [line for line in page.lines if line.size * INITIAL < initial.size and line.text[:1].islower()
                  and -0.5 * line.size < line.x0 - initial.x1 < 1.5 * line.size
                  and initial.y - 0.2 * initial.size < line.y < initial.y + initial.size]
        if beside:
            first = max(beside, key=lambda line: line.y)
            alone = initial.text in "AI" and not spelling.has(initial.text + first.text.split()[0])
            first.text = initial.text + (" " if alone else "") + first.text
            page.lines.remove(initial)


def _in_margin(line: Line, page: Page) -> bool:
    """True in the margin of a page, where running heads and feet stand; a table that reaches into it is none."""
    if line.tag.kind in ("TD", "TH") or any(grid.cell_at(line.x0, line.y) and _reaches_out(grid, page) for grid in page.grids):
        return False
    return not MARGIN * page.height < line.y < (1 - MARGIN) * page.height


def _reaches_out(grid: Grid, page: Page) -> bool:
    return grid.ys[0] > MARGIN * page.height and grid.ys[-1] < (1 - MARGIN) * page.height


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
    digits = re.fullmatch(r"\W*(?:page|seite|página|pagina|p\.?)?\W*(\d{1,4})\W*(?:(?:of|von|de|/)\W*\d{1,4})?\W*",
                          text.strip().lower())
    return bool(digits and abs(int(digits[1]) - number) <= 40)
