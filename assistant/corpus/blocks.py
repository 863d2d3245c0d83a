"""text -> blocks: paragraphs and list items, each with the headings it stands under, and the page it is on.

    Line (see ``lines``) -> Block(start, end, kind)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.corpus.lines import GUARD, ITEM, classify, has_marks, heading_paths, is_wrapped, split_lines
from assistant.schema import Span

PAGE_END = "\f"  # where a page of the original ends


@dataclass(frozen=True)
class Block:
    """A paragraph or a list item. ``start`` is behind the bullet; ``outer`` is where the bullet begins. ``heading`` is the whole
    path of headings that it stands under: "Side effects: Common"."""

    start: int
    end: int
    kind: str  # text | item
    heading: str
    section: int  # blocks of one section share this number
    outer: int


def blocks(text: str, markdown: bool, skip: Iterable[Span] = ()) -> list[Block]:
    """Paragraphs and list items in order, each with its heading and the number of its section."""
    lines = classify(split_lines(text, skip), markdown)
    joined = is_wrapped(lines) or (markdown and has_marks(lines))  # a paragraph goes on over a single line break
    found: list[Block] = []
    paths = iter(heading_paths(lines))
    heading, section = "", 0
    open_block: list[int] | None = None  # [outer, start, end]
    open_kind = "text"

    def close() -> None:
        nonlocal open_block
        if open_block:
            found.append(Block(open_block[1], open_block[2], open_kind, heading, section, open_block[0]))
        open_block = None

    for line in lines:
        if line.kind in ("blank", "skip"):
            close()
            if line.kind == "skip":
                section += 1
        elif line.kind == "heading":
            close()
            heading, section = next(paths), section + 1
        elif line.kind == "item":
            close()
            match = ITEM.match(line.text)
            offset = match.end() if match else 0
            open_block, open_kind = [line.start, line.start + offset, line.end], "item"
        elif open_block and (joined or (open_kind == "item" and line.text[:1].isspace())):
            open_block[2] = line.end
        else:
            close()
            lead = len(line.text) - len(line.text.lstrip().lstrip(GUARD))
            open_block, open_kind = [line.start + lead, line.start + lead, line.end], "text"
    close()
    return [_trim(block, text) for block in found if text[block.start:block.end].strip()]


def _trim(block: Block, text: str) -> Block:
    end = block.start + len(text[block.start:block.end].rstrip())
    return Block(block.start, end, block.kind, block.heading, block.section, block.outer)


def page_at(text: str, offset: int) -> int | None:
    """The page of the original that ``offset`` is on, from 1; None where the text names no pages.

    >>> page_at("one\\f two", 5)
    2
    """
    return text.count(PAGE_END, 0, offset) + 1 if PAGE_END in text else None
