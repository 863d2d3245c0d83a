"""a document taken apart -> the text that a corpus keeps of it, with what was kept and dropped. Owns no dependency.

    Paper.pieces   heading | text | item | row, in reading order, each with the page that it begins on (PDF only)
    to_text        # Title, ## Heading, paragraphs, "- item"; a form feed where a page ends

A page of the original ends at a form feed, the old mark for it: no letter, so no quote changes, and it moves with the
text when an editor changes something. ``page_at`` counts them. A row of a table becomes one list item in which each cell
stands under its column's name, because a passage has to be understood alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.corpus.blocks import PAGE_END

MAX_HEADING_WORDS = 14  # in a PDF; longer, or ending as a sentence does, is text in large type
SENTENCE_END = re.compile(r"[.!?:…][\"'”’)\]]*$")
CONTENTS_LINE = re.compile(r"(?:\.[\s.]*){4,}|…\s*\d+\s*$")  # "Bladder . . . . . 12"
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Piece:
    kind: str  # heading | text | item | row
    text: str
    level: int = 2  # of a heading, 1..6
    page: int = 0  # from 1; 0 where the format has no pages


@dataclass
class Paper:
    """One document as it was read. ``dropped`` counts what was left out, by a name that people understand."""

    title: str = ""
    publisher: str = ""
    url: str = ""
    published: str = ""
    pieces: list[Piece] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    tables: int = 0
    pages: int = 0

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "pieces": [asdict(piece) for piece in self.pieces], "dropped": dict(self.dropped)}

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Paper:
        pieces = [Piece(**piece) for piece in record.pop("pieces")]
        return cls(pieces=pieces, dropped=Counter(record.pop("dropped")), **record)

    def add(self, kind: str, text: str, level: int = 2, page: int = 0) -> None:
        """Add a piece, tidied; what has no letter or digit, and lines of a table of contents, are left out."""
        text = tidy(text)
        if kind == "heading":
            text = text.rstrip("¶# ")  # the sign of a link to itself
        if not re.search(r"\w", text):
            return
        if CONTENTS_LINE.search(text):
            self.dropped["lines of a table of contents"] += 1
            return
        if kind == "heading" and page and (len(text.split()) > MAX_HEADING_WORDS or text.endswith((".", ";", ","))):
            kind = "text"  # a PDF marks no headings: they are told by the size of the type
        last = self.pieces[-1] if self.pieces else None
        if (page and last and last.page == page - 1 and last.kind == kind == "text" and text[:1].islower()
                and not SENTENCE_END.search(last.text)):
            self.pieces[-1] = Piece("text", last.text + PAGE_END + text, page=page)  # a paragraph that goes over the page
            return
        self.pieces.append(Piece(kind, text, level, page))

    def kept(self) -> dict[str, int]:
        """What was kept, by a name that people understand."""
        kinds = Counter(piece.kind for piece in self.pieces)
        counts = {"words": sum(len(piece.text.split()) for piece in self.pieces), "headings": kinds["heading"],
                  "paragraphs": kinds["text"], "list items": kinds["item"], "tables": self.tables,
                  "table rows": kinds["row"], "pages": self.pages}
        return {name: count for name, count in counts.items() if count}


def tidy(text: str) -> str:
    """One line without invisible characters; a comment mark is opened, or it would hide what follows."""
    text = text.replace("\x02\r\n", "").replace("\x02\n", "").replace("\x02", "")  # PDFium's mark for a hyphen at a line's end
    return " ".join(INVISIBLE.sub("", text).replace("<!--", "< !--").split())


def to_text(paper: Paper, title: str) -> str:
    """The text as it is kept, ending with a line break."""
    parts = [f"# {title}"]
    page = 1
    top = min((piece.level for piece in paper.pieces if piece.kind == "heading"), default=1)
    for number, piece in enumerate(paper.pieces):
        if number == 0 and piece.kind == "heading" and piece.text.casefold() == title.casefold():
            continue
        first = piece.page - piece.text.count(PAGE_END) if piece.page else page  # where the piece begins
        turns = PAGE_END * max(0, first - page)
        page = max(page, piece.page)
        listed = piece.kind in ("item", "row")
        mark = "#" * min(6, piece.level - top + 2) + " " if piece.kind == "heading" else "- " if listed else ""
        goes_on = listed and number and paper.pieces[number - 1].kind == piece.kind and not turns
        parts.append(("\n" if goes_on else "\n\n") + turns + mark + piece.text)
    return "".join(parts) + "\n"
