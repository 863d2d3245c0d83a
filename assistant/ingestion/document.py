"""a document taken apart -> the text that a corpus keeps of it, with what was kept and dropped.

    Document.elements   heading | text | item | row, in reading order, each with the page that it begins on (PDF only)
    to_text             # Title, ## Heading, paragraphs, "- item"; a form feed where a page ends

A page of the original ends at a form feed, the old mark for it: no letter, so no quote changes, and it moves with the
text when an editor changes something. ``page_at`` counts them. A row of a table becomes one list item in which each cell
stands under its column's name, because a passage has to be understood alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from assistant.corpus.blocks import PAGE_END
from assistant.corpus.lines import BOLD_LINE, GUARD, ITEM, MARKDOWN_HEADING, RULE

MAX_HEADING_WORDS = 20  # in a PDF; longer, or ending as a sentence does, is text in large type
SENTENCE_END = re.compile(r"[.!?:…][\"'”’)\]]*$")
# "Bladder . . . . . 12"
LEADERS = re.compile(r"(?:(?:\.\s?){5,}|(?:…\s?){2,}|(?:·\s?){5,}|(?:_\s?){5,})\s*(?:\d{1,4}|[ivxlc]{1,6})\s*$")
MAX_CONTENTS_WORDS = 25  # a longer paragraph that ends so is no line of a table of contents
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe]")
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"})
BULLETS = "•●◦▪▫■□‣∙⁃➢➤►▶❖✓✔❏❑○◆◇\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf0e0\uf06e\uf071\uf0a8\uf02d\u00b7"
BULLET = re.compile(rf"\s*(?:[{BULLETS}]\s*|[\ue000-\uf8ff]\s+)")
DASH = re.compile(r"\s*([-–—*+])\s+(?=\S)")
NUMBERED = re.compile(r"\(?(?:(\d{1,3})|([a-z]))[.)]\s+(?=\S)")
PRIVATE = re.compile(r"[\ue000-\uf8ff\ufffd]")  # signs of a font that say nothing elsewhere


class UnreadableDocument(Exception):
    """The document cannot be read; the message continues "FILE ..."."""


@dataclass(frozen=True)
class Element:
    kind: str  # heading | text | item | row
    text: str
    level: int = 2  # of a heading, 1..6
    page: int = 0  # from 1; 0 where the format has no pages


@dataclass
class Document:
    """One document as it was read. ``dropped`` counts what was left out, by a name that people understand; ``left_out`` holds
    its words. ``layer`` is the text of each page as the file itself gives it, for the proof; ``doubts`` are sentences."""

    title: str = ""
    publisher: str = ""
    url: str = ""
    published: str = ""
    language: str = ""
    elements: list[Element] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    left_out: list[tuple[str, int, str]] = field(default_factory=list)  # (name, page, words)
    layer: list[str] = field(default_factory=list)
    # (page, words) that a row repeats: names, cells over several rows
    repeated: list[tuple[int, str]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    proof: dict[str, Any] = field(default_factory=dict)
    tables: int = 0
    pages: int = 0

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "elements": [asdict(element) for element in self.elements], "dropped": dict(self.dropped),
                "layer": []}

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Document:
        elements = [Element(**element) for element in record.pop("elements")]
        return cls(elements=elements, dropped=Counter(record.pop("dropped")), **record)

    def drop(self, name: str, text: str = "", page: int = 0, count: int = 1) -> None:
        """Leave something out, and say so. What has no name is no text of a document, as the head of a page."""
        if name:
            self.dropped[name] += count
        if text.strip():
            self.left_out.append((name, page, " ".join(text.split())))

    def add(self, kind: str, text: str, level: int = 2, page: int = 0) -> None:
        """Add an element, tidied; what has no letter or digit, and lines of a table of contents, are left out."""
        text = tidy(text)
        bullet = BULLET.match(text)
        if kind in ("text", "item") and bullet:
            kind, text = "item", text[bullet.end():]
        text = " ".join(PRIVATE.sub(" ", text).split())
        if kind == "heading":
            text = text.rstrip("¶# ")  # the sign of a link to itself
        if not re.search(r"\w", text):
            return
        if LEADERS.search(text) and len(text.split()) <= MAX_CONTENTS_WORDS:
            self.drop("lines of a table of contents", text, page)
            return
        if kind == "heading" and page and (len(text.split()) > MAX_HEADING_WORDS or text.endswith((".", ";", ","))):
            kind = "text"  # a PDF marks no headings: they are told by the size of the type
        last = self.elements[-1] if self.elements else None
        if (page and last and last.page == page - 1 and last.kind in ("text", "item") and kind == "text"
                and text[:1].islower() and not SENTENCE_END.search(last.text)):
            self.elements[-1] = replace(last, text=last.text + PAGE_END + text, page=page)  # it goes on over the page
            return
        self.elements.append(Element(kind, text, level, page))

    def settle(self) -> None:
        """Typed marks of a list, which only what stands beside them shows to be one, make items of their paragraphs."""
        self._name_bold_lines()
        shown = [DASH.match(element.text) if element.kind == "text" else None for element in self.elements]
        for number, mark in enumerate(shown):
            beside = [shown[near] for near in (number - 1, number + 1) if 0 <= near < len(shown)]
            if mark and any(near and near[1] == mark[1] for near in beside):
                element = self.elements[number]
                self.elements[number] = replace(element, kind="item", text=element.text[mark.end():])

    def _name_bold_lines(self) -> None:
        """A short paragraph that is bold throughout is a heading where text follows; three in a row are a list of statements."""
        kinds = [element.kind for element in self.elements]
        for number, element in enumerate(self.elements):
            if element.kind != "bold":
                continue
            low = high = number
            while low and kinds[low - 1] == "bold":
                low -= 1
            while high + 1 < len(kinds) and kinds[high + 1] == "bold":
                high += 1
            heads = high + 1 < len(kinds) and kinds[high + 1] != "heading" and high - low < 2
            self.elements[number] = replace(element, kind="heading" if heads else "text")

    def kept(self) -> dict[str, int]:
        """What was kept, by a name that people understand."""
        kinds = Counter(element.kind for element in self.elements)
        counts = {"words": sum(len(element.text.split()) for element in self.elements), "headings": kinds["heading"],
                  "paragraphs": kinds["text"], "list items": kinds["item"], "tables": self.tables,
                  "table rows": kinds["row"], "pages": self.pages}
        return {name: count for name, count in counts.items() if count}


def tidy(text: str) -> str:
    """One line without invisible characters; a comment mark is opened, or it would hide what follows."""
    text = text.replace("\x02\r\n", "").replace("\x02\n", "").replace("\x02", "")  # PDFium's mark for a hyphen at a line's end
    text = INVISIBLE.sub("", text).translate(LIGATURES).replace("<!--", "< !--")
    return " ".join(text.split())


def to_text(document: Document, title: str) -> str:
    """The text as it is kept, ending with a line break."""
    parts = [f"# {title}"]
    page = 1
    elements = document.elements
    said = bool(elements) and elements[0].kind == "heading" and elements[0].text.casefold() == title.casefold()
    top = min((element.level for element in elements[said:] if element.kind == "heading"), default=1)
    for number, element in enumerate(elements):
        if said and number == 0:
            continue
        first = element.page - element.text.count(PAGE_END) if element.page else page  # where the element begins
        turns = PAGE_END * max(0, first - page)
        page = max(page, element.page)
        listed = element.kind in ("item", "row")
        mark = ("#" * min(6, element.level - top + 2) + " " if element.kind == "heading" else "- " if listed
                else GUARD if _looks_marked(elements, number) else "")
        goes_on = listed and number and elements[number - 1].kind == element.kind and not turns
        parts.append(("\n" if goes_on else "\n\n") + turns + mark + element.text)
    return "".join(parts) + "\n"


def _looks_marked(elements: Sequence[Element], number: int) -> bool:
    """True for a paragraph whose first signs would be read as the mark of a heading or a list, and are not."""
    text = elements[number].text
    if MARKDOWN_HEADING.match(text) or BOLD_LINE.match(text) or RULE.match(text):
        return True
    if not ITEM.match(text):
        return False
    mine = _place(text)
    beside = [_place(elements[near].text) for near in (number - 1, number + 1) if 0 <= near < len(elements)]
    return mine is None or not any(other is not None and abs(other - mine) == 1 for other in beside)


def _place(text: str) -> int | None:
    """The place in a numbered list that a text names: "3." is 3, "b)" is 1,001."""
    mark = NUMBERED.match(text)
    return None if not mark else int(mark[1]) if mark[1] else 1_000 + ord(mark[2]) - ord("a")
