"""quote, marked span -> HTML whose text content is the quote, letter for letter: lists as lists, the mark as a mark.

    "Signs may include:\\n- pain\\n- blood"  ->  Signs may include: <ul><li>pain</li> <li>blood</li></ul>

The hyphen of an item stays in the text and is hidden by the stylesheet. What is not marked has the class ``k-rest``, so that a
script may fold it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape

BULLET = re.compile(r"[ \t]*(?:[-*+•●◦▪‣–—][ \t]+|\d{1,3}[.)][ \t]+)(?=\S)")
FEWEST_ITEMS = 2  # one line with a dash may be speech or a break in thought
FOLDS_FROM = 120  # characters beside the marked ones from which a quote is folded: less would save no line

Line = tuple[int, int]  # span of one line, its line break included


def quote_html(text: str) -> Markup:
    """``text`` escaped so that its text content is ``text`` itself: the parser would turn a bare \\r into \\n."""
    return escape(text).replace("\r", Markup("&#13;"))


def folds(exact: str, low: int, high: int) -> bool:
    """Whether the marked words may stand alone until the rest is asked for."""
    return low < high and len(exact) - (high - low) >= FOLDS_FROM


def quotation_html(exact: str, low: int, high: int) -> Markup:
    """``exact`` with ``exact[low:high]`` marked; nothing is marked where ``low == high``."""
    return Markup("").join(
        _list(exact, lines, low, high) if is_list else _runs(exact, lines[0][0], lines[-1][1], low, high)
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


def _list(text: str, lines: list[Line], low: int, high: int) -> Markup:
    items = []
    for start, end in lines:
        bullet = BULLET.match(text, start, end)
        if bullet is None:
            items.append(quote_html(text[start:end]))
            continue
        last = end - 1 if text[end - 1] == "\n" else end
        marked = start < high and low < last
        numbered = bullet[0].strip()[0].isdigit()
        items.append(Markup("<li{}><span class=\"{}\">{}</span>{}</li>{}").format(
            "" if marked else Markup(' class="k-rest"'), "k-count" if numbered else "k-dash", quote_html(bullet[0]),
            _runs(text, bullet.end(), last, low, high), text[last:end]))
    return Markup('<ul class="k-items">{}</ul>').format(Markup("").join(items))


def _runs(text: str, start: int, end: int, low: int, high: int) -> Markup:
    """``text[start:end]``, its marked part in a mark and the others in spans."""
    cuts = [start, *(edge for edge in (low, high) if start < edge < end), end]
    return Markup("").join(
        Markup("<mark>{}</mark>" if low <= first and last <= high else '<span class="k-rest">{}</span>').format(
            quote_html(text[first:last]))
        for first, last in zip(cuts, cuts[1:], strict=False) if first < last)
