"""quote, marked span -> HTML whose text content is the quote, letter for letter: lists as lists, the mark as a mark.

    "Signs may include:\\n- pain\\n- blood"  ->  Signs may include: <ul><li>pain</li> <li>blood</li></ul>

The hyphen of an item stays in the text and is hidden by the stylesheet. The marked sentence stands with as much of what follows
as makes it clear; the rest has the class ``k-rest``, so that a script may fold it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise, takewhile
from typing import NamedTuple

from markupsafe import Markup, escape

from assistant.corpus.passages import sentence_spans
from assistant.schema import Span

BULLET = re.compile(r"[ \t]*(?:[-*+•●◦▪‣–—][ \t]+|\d{1,3}[.)][ \t]+)(?=\S)")
FEWEST_ITEMS = 2  # one line with a dash may be speech or a break in thought
FOLDS_FROM = 120  # characters from which the rest is folded: less would save no line
CONTEXT = 120  # characters that follow the marked ones at least, where the paragraph has them: a sentence seldom stands alone

Line = tuple[int, int]  # span of one line, its line break included


class Cut(NamedTuple):
    """Where a quote is marked, and which part of it stands first."""

    low: int
    high: int
    first: int
    last: int


def quote_html(text: str) -> Markup:
    """``text`` escaped so that its text content is ``text`` itself: the parser would turn a bare \\r into \\n."""
    return escape(text).replace("\r", Markup("&#13;"))


def shown_first(exact: str, low: int, high: int) -> Span:
    """The span that stands until the rest is asked for; all of it where nothing is marked or too little would be saved.

    A lead-in stands with its list, and the last sentence of a paragraph with the one before it.
    """
    if low >= high:
        return 0, len(exact)
    first, last = low, _with_list(exact, high)
    end = exact.find("\n", last)
    for _, stop in sentence_spans(exact, last, len(exact) if end < 0 else end):
        if last - high >= CONTEXT:
            break
        last = _with_list(exact, stop)
    begin = exact.rfind("\n", 0, low) + 1
    if last == high:
        before = sentence_spans(exact, begin, low)
        first = before[-1][0] if before else low
    return (first, last) if len(exact) - (last - first) >= FOLDS_FROM else (0, len(exact))


def _with_list(exact: str, end: int) -> int:
    """Where what ends at ``end`` is complete: behind the list that a colon announces."""
    if not exact[:end].rstrip().endswith(":"):
        return end
    lines = [line for line in _lines(exact) if line[0] >= end]
    items = list(takewhile(lambda line: BULLET.match(exact, *line) or not exact[slice(*line)].strip(), lines))
    return items[-1][1] if items else end


def quotation_html(exact: str, low: int, high: int) -> Markup:
    """``exact`` with ``exact[low:high]`` marked; nothing is marked where ``low == high``."""
    cut = Cut(low, high, *shown_first(exact, low, high))
    return Markup("").join(_list(exact, lines, cut) if is_list else _runs(exact, lines[0][0], lines[-1][1], cut)
                           for is_list, lines in _blocks(exact))


def _lines(text: str) -> Iterator[Line]:
    at = 0
    for line in text.split("\n"):
        yield at, min(at + len(line) + 1, len(text))
        at += len(line) + 1


def _blocks(text: str) -> Iterator[tuple[bool, list[Line]]]:
    """Runs of lines that are items, and runs that are not. An empty line between two items is part of their list."""
    lines = [line for line in _lines(text) if line[0] < line[1]]
    items = [bool(BULLET.match(text, *line)) for line in lines]
    for number in range(1, len(lines) - 1):
        items[number] = items[number] or (items[number - 1] and items[number + 1] and not text[slice(*lines[number])].strip())
    for is_list, group in groupby(zip(items, lines, strict=True), key=lambda pair: pair[0]):
        block = [line for _, line in group]
        yield is_list and len(block) >= FEWEST_ITEMS, block


def _list(text: str, lines: list[Line], cut: Cut) -> Markup:
    items = []
    for start, end in lines:
        bullet = BULLET.match(text, start, end)
        if bullet is None:
            items.append(quote_html(text[start:end]))
            continue
        last = end - 1 if text[end - 1] == "\n" else end
        stands = start < cut.last and cut.first < last
        numbered = bullet[0].strip()[0].isdigit()
        items.append(Markup("<li{}><span class=\"{}\">{}</span>{}</li>{}").format(
            "" if stands else Markup(' class="k-rest"'), "k-count" if numbered else "k-dash", quote_html(bullet[0]),
            _runs(text, bullet.end(), last, cut), text[last:end]))
    return Markup('<ul class="k-items">{}</ul>').format(Markup("").join(items))


def _runs(text: str, start: int, end: int, cut: Cut) -> Markup:
    """``text[start:end]``, its marked part in a mark and what may be folded in a span."""
    edges = sorted({start, end, *(edge for edge in cut if start < edge < end)})
    runs = []
    for first, last in pairwise(edges):
        words = quote_html(text[first:last])
        if cut.low <= first and last <= cut.high:
            words = Markup("<mark>{}</mark>").format(words)
        elif not (cut.first <= first and last <= cut.last):
            words = Markup('<span class="k-rest">{}</span>').format(words)
        runs.append(words)
    return Markup("").join(runs)
