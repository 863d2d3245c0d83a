"""bytes of a PDF -> Paper: headings, lists and tables, each with its page. The only importer of kreuzberg.

Kreuzberg says what is a heading, an item, a table; the words are PDFium's, as they stand on the page. Where the two do not agree
a page is read as plain lines: less structure, but word for word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Any

from assistant.ingestion.document import CONTENTS_LINE, Paper, tidy
from assistant.ingestion.html_elements import add_table, look_like_names
from assistant.ingestion.html_tree import Refused

FEWEST_WORDS_A_PAGE = 5  # fewer on average: pictures of pages
FULL_TABLE = 0.8  # of its cells
EVERY_PAGE = 0.4  # a line at the top or foot of so many pages is their running head
PDF_TEXT = ("paragraph", "code", "list_item", "quote", "footnote")
BULLET = re.compile(r"\s*[•●◦▪‣–]\s*")


def read_pdf(raw: bytes) -> Paper:
    import kreuzberg

    config = kreuzberg.ExtractionConfig(
        output_format="markdown", disable_ocr=True, use_cache=False, include_document_structure=True,
        pages=kreuzberg.PageConfig(extract_pages=True))
    try:
        found = kreuzberg.extract_bytes_sync(raw, "application/pdf", config=config)
    except BaseException as error:  # a panic of its Rust code is no Exception
        if isinstance(error, MemoryError | KeyboardInterrupt):
            raise
        said = str(error).lower()
        if "password" in said or "encrypt" in said:
            raise Refused("is locked with a password: save a copy without one and import that.") from None
        raise Refused("cannot be read as a PDF, it is damaged or not whole: open it in a PDF viewer and save it anew.") from None
    raw_pages = [str(page["content"]) for page in found.pages or ()]
    words = sum(len(page.split()) for page in raw_pages)
    if words < FEWEST_WORDS_A_PAGE * max(1, len(raw_pages)):
        raise Refused("holds pictures of pages and no text: run text recognition (OCR) on it first, for instance with ocrmypdf.")
    about = found.metadata
    paper = Paper(title=tidy(str(about.get("title") or "")), published=str(about.get("created_at") or "")[:10],
                  pages=len(raw_pages))
    _pdf_pieces(paper, found.document["nodes"], raw_pages)
    return paper


def _pdf_pieces(paper: Paper, nodes: list[dict[str, Any]], raw_pages: list[str]) -> None:
    """Kreuzberg straightens quotation marks and mends letters that were right, so each of its pieces is looked up on the page."""
    pages = [Letters(page) for page in raw_pages]
    page = 1
    for node in nodes:  # some have no page: they stand on that of the node before
        page = node["page"] = node.get("page") or page
    plain = {node["page"] for node in nodes if not _has_its_words(node["content"], pages[node["page"] - 1])}
    done: set[int] = set()
    heads = _running_heads(raw_pages)
    for node in nodes:
        content, page = node["content"], node["page"]
        kind, words = content["node_type"], pages[page - 1]
        if page in plain:
            if page not in done:
                done.add(page)
                headings = {tidy(other["content"]["text"]).lower(): int(other["content"].get("level", 2)) for other in nodes
                            if other["page"] == page and other["content"]["node_type"] == "heading"}
                _plain_page(paper, raw_pages[page - 1], heads, headings, page)
        elif kind == "table":
            add_table(paper, [[words.find(cell) or "" for cell in row] for row in _grid(content)], named=True, page=page)
        elif kind == "heading":
            paper.add("heading", words.find(content["text"]) or "", int(content.get("level", 2)), page)
        elif kind in PDF_TEXT:
            paper.add("item" if kind == "list_item" else "text", words.find(content.get("text", "")) or "", page=page)
        elif kind == "image":
            paper.dropped["pictures"] += 1


def _has_its_words(content: dict[str, Any], page: Letters) -> bool:
    """True when the words of a piece stand on its page as they are; text in columns taken for a table does not."""
    if content["node_type"] == "table":
        rows = _grid(content)
        return _is_table(rows) and all(page.find(" ".join(row)) for row in rows)
    if content["node_type"] not in ("heading", *PDF_TEXT) or not re.search(r"\w", content.get("text", "")):
        return True
    return page.find(content["text"]) is not None


def _is_table(rows: list[list[str]]) -> bool:
    """True for what is surely a table. Lines of text with gaps that stand in a row look like one, and taking them for one would
    tear sentences apart; so there must be names above, none of which reads like a piece of a sentence, and few holes."""
    cells = [cell for row in rows for cell in row]
    return (look_like_names(rows) and all(name[0].isupper() and name[-1] not in ".,;:!?" for name in rows[0])
            and sum(map(bool, cells)) >= FULL_TABLE * len(cells) and not any(CONTENTS_LINE.search(cell) for cell in cells))


class Letters:
    """A page's letters and digits alone, with where each stands, to find words whatever marks are between them."""

    def __init__(self, page: str) -> None:
        self._page = page
        found = [(letter, at) for at, one in enumerate(page) for letter in unicodedata.normalize("NFKC", one).lower()
                 if letter.isalnum()]
        self._letters, self._at = "".join(letter for letter, _ in found), [at for _, at in found]

    def find(self, text: str) -> str | None:
        """The page's own words for ``text``, with the marks that touch them; None when they do not stand there."""
        key = "".join(letter for letter in unicodedata.normalize("NFKC", text).lower() if letter.isalnum())
        start = self._letters.find(key) if key else -1
        if start < 0:
            return None
        low, high = self._at[start], self._at[start + len(key) - 1] + 1
        while low and not self._page[low - 1].isspace() and not self._page[low - 1].isalnum():
            low -= 1
        while high < len(self._page) and not self._page[high].isspace() and not self._page[high].isalnum():
            high += 1
        return self._page[low:high]


def _grid(content: dict[str, Any]) -> list[list[str]]:
    grid = content["grid"]
    rows = [[""] * grid["cols"] for _ in range(grid["rows"])]
    for cell in grid["cells"]:
        rows[cell["row"]][cell["col"]] = tidy(cell["content"])
    return [row for row in rows if any(row)]


def _running_heads(raw_pages: list[str]) -> set[str]:
    ends = Counter(key for page in raw_pages for key in {_key(line) for line in _ends(page)})
    return {key for key, count in ends.items() if count >= max(3, EVERY_PAGE * len(raw_pages))}


def _ends(page: str) -> list[str]:
    lines = [line for line in page.splitlines() if line.strip()]
    return lines[:2] + lines[-2:]


def _key(line: str) -> str:
    return re.sub(r"\b(?:\d+|[ivxl]+)\b", "#", tidy(line).lower())


def _plain_page(paper: Paper, page: str, heads: set[str], headings: dict[str, int], number: int) -> None:
    """Paragraphs of bare lines: one ends with a sentence on a line that is not full, or where a heading or bullet begins."""
    lines = [line for line in page.replace("\x02\r\n", "").splitlines() if line.strip()]
    paper.dropped["running heads"] += sum(_key(line) in heads for line in lines)
    lines = [line for line in lines if _key(line) not in heads]
    full = max(map(len, lines), default=0)
    kind, buffer = "text", ""
    for line in lines:
        bullet = BULLET.match(line)
        level = headings.get(tidy(line).lower())
        if bullet or level:
            paper.add(kind, buffer, page=number)
            kind, buffer = "item" if bullet else "text", ""
        if level:
            paper.add("heading", line, level, number)
            continue
        buffer += " " + (line[bullet.end():] if bullet else line)
        if (re.search(r"[.!?:]\s*$", line) and len(line) < 0.8 * full) or CONTENTS_LINE.search(line):
            paper.add(kind, buffer, page=number)
            kind, buffer = "text", ""
    paper.add(kind, buffer, page=number)
    paper.dropped["pages taken as plain lines"] += 1
