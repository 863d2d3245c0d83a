"""stored text, spans -> paragraphs ready to show: the cited passage and the sentences with an editor's note cut out.

    Source.text --lines--> Paragraph (offsets) --passage, sentence, notes--> Part (pieces whose texts join to the text)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from assistant.schema import Note, PlacedNote, Span

HEADING = re.compile(r"#{1,6}[ \t]+(.*?)[ \t#]*$")
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)  # an editor's remark: stored, not shown
ITEM = re.compile(r"\s*(?:[-*+•●◦▪‣–—]\s|\d{1,3}[.)]\s)")
HARD_WRAP = 125  # a text without any longer line, and with blank lines, is taken to be wrapped by hand


@dataclass(frozen=True)
class Paragraph:
    """A piece of a source between line breaks; ``number`` counts from 1 and is its id on the page."""

    number: int
    start: int
    end: int
    heading: bool = False


@dataclass(frozen=True)
class Piece:
    """``noted``: an editor's note speaks of it. ``number``: of that note, where it begins; else empty. ``references``: numbers
    of the references that the sentence rests on which ends with it."""

    text: str
    marked: bool
    noted: bool = False
    number: str = ""
    references: tuple[int, ...] = ()


@dataclass(frozen=True)
class Part:
    """A paragraph ready for the template; the texts of ``pieces`` join to the stored text.

    ``notes``: the editor's notes that must stand above it, with their numbers on the page.
    """

    number: int
    pieces: tuple[Piece, ...]
    heading: bool
    classes: str
    notes: tuple[tuple[int, Note], ...] = ()


def paragraphs(text: str, headings: Iterable[str] = ()) -> tuple[Paragraph, ...]:
    """The non-empty lines of ``text`` as spans, in order; lines of a hand-wrapped paragraph are joined."""
    known = {heading.strip() for heading in headings if heading.strip()}
    wrapped = "\n\n" in text and all(len(line) <= HARD_WRAP for line in text.split("\n"))
    spans: list[tuple[int, int, bool]] = []  # joined without a look at ``headings``: numbers must not depend on them
    at, fresh = 0, True
    shown = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)  # of the same length: offsets stay
    for line in shown.split("\n"):
        start, end = at + len(line) - len(line.lstrip()), at + len(line.rstrip())
        at += len(line) + 1
        if start >= end:
            fresh = True
            continue
        mark = HEADING.match(text[start:end])
        if mark:
            spans.append((start + mark.start(1), start + mark.end(1), True))
        elif wrapped and not fresh and not spans[-1][2] and not ITEM.match(line):
            spans[-1] = (spans[-1][0], end, False)
        else:
            spans.append((start, end, False))
        fresh = False
    return tuple(Paragraph(number, start, end, mark or text[start:end] in known)
                 for number, (start, end, mark) in enumerate(spans, 1))


def anchor_at(text: str, offset: int) -> int:
    """The number of the paragraph with ``offset``, or of the next one, or of the heading right above it. 1 if there is none."""
    before = None
    for part in paragraphs(text):
        if offset < part.end:
            return before.number if before and before.heading else part.number
        before = part
    return 1


def parts(text: str, headings: Iterable[str] = (), passage: Span | None = None, sentence: Span | None = None,
          notes: Sequence[PlacedNote] = (), references: Mapping[int, tuple[int, ...]] = MappingProxyType({})) -> tuple[Part, ...]:
    """``text`` as paragraphs, those of ``passage`` given the class ``k-here`` and ``sentence`` cut out as marked.

    Each note goes to the first paragraph that its sentence touches. Equal notes share a number. ``references``: by the end of
    the sentence that rests on them.
    """
    numbers: dict[Note, int] = {}
    for placed in notes:
        numbers.setdefault(placed.note, len(numbers) + 1)
    told: set[PlacedNote] = set()
    result = []
    for part in paragraphs(text, headings):
        inside = passage is not None and part.start < passage[1] and passage[0] < part.end
        here = [placed for placed in notes if placed.start < part.end and part.start < placed.end]
        new = [placed for placed in here if placed not in told]
        told |= set(new)
        spans = [span for span in (sentence, *((placed.start, placed.end) for placed in here)) if span]
        edges = {part.start, part.end} | {edge for edge in (*(edge for span in spans for edge in span), *references)
                                          if part.start < edge < part.end}
        cuts = sorted(edges)
        pieces = []
        for low, high in pairwise(cuts):
            marked = sentence is not None and sentence[0] <= low and high <= sentence[1]
            noted = any(placed.start <= low and high <= placed.end for placed in here)
            begins = sorted({numbers[placed.note] for placed in new if max(placed.start, part.start) == low})
            pieces.append(Piece(text[low:high], marked, noted, ", ".join(map(str, begins)), references.get(high, ())))
        item = ITEM.match(text[part.start:part.end])
        classes = " ".join(name for name, on in (("k-item", item), ("k-here", inside)) if on)
        above = {numbers[placed.note]: placed.note for placed in new}
        result.append(Part(part.number, tuple(pieces), part.heading, classes, tuple(sorted(above.items()))))
    return tuple(result)
