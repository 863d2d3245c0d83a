"""glyphs of a line as they stand from left to right -> in the order in which they are read, for Arabic, Hebrew and the like.

Files differ in the order in which they hold such letters; where they stand on the page does not. Numbers and words of Latin
letters are read from the left within the line (the Unicode bidirectional algorithm, backwards and for one level).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.ingestion.formats.pdf.lines import Glyph

FROM_RIGHT = ("R", "AL")
IN_NUMBERS = ("ES", "CS", "ET")  # signs that part digits of one number
Place = tuple[float, float, float, float, float]
BRACKETS = ("()", "[]", "{}", "«»")
WORD_GAP = 0.16  # sizes, where the file does not say it


def from_right(sign: str) -> bool:
    return unicodedata.bidirectional(sign[:1]) in FROM_RIGHT


def mostly_from_right(glyphs: Iterable[Glyph]) -> bool:
    letters = [from_right(one.sign) for one in glyphs if one.sign.isalpha()]
    return 2 * sum(letters) > len(letters)


def in_reading_order(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of one line, each with the gap before it. A sign above or below a letter comes behind it."""
    shown = sorted(glyphs, key=lambda one: (one.x0 + one.x1) / 2)
    marks = [one for one in shown if unicodedata.combining(one.sign[:1])]
    shown = [one for one in shown if not unicodedata.combining(one.sign[:1])]
    runs: list[list[Glyph]] = []  # in reading order; each is read from the left, and single signs are runs of their own
    place = len(shown)
    while place:
        begin = _begin_of_left_run(shown, place)
        runs.append(shown[begin:place])
        place = begin
    places = {one.place: number for number, one in enumerate(glyphs)}
    spaced: list[Glyph] = []
    right = None  # what stands on the right of a run
    for run in runs:
        for number, one in enumerate(run):
            left, beside = (run[number - 1], one) if number else (run[-1], right)
            space = beside is not None and _space(left, beside, glyphs, places)
            spaced.append(replace(one, gap=" " if space else "", behind=True))
        right = run[0]
    for pair in BRACKETS:  # a file may hold either sign of a pair
        numbers = [number for number, one in enumerate(spaced) if one.sign in pair]
        for turn, number in enumerate(numbers if len(numbers) % 2 == 0 else ()):
            spaced[number] = replace(spaced[number], sign=pair[turn % 2])
    for mark in marks:
        middle = (mark.x0 + mark.x1) / 2
        near = min(range(len(spaced)), key=lambda number: abs((spaced[number].x0 + spaced[number].x1) / 2 - middle), default=-1)
        spaced.insert(near + 1, replace(mark, gap="", behind=True))
    return spaced


def _begin_of_left_run(shown: Sequence[Glyph], end: int) -> int:
    """Where the run begins that ends before ``end`` and is read from the left: a number, or words of Latin letters."""
    kinds = [unicodedata.bidirectional(one.sign[:1]) for one in shown]
    begin = end - 1
    if kinds[begin] not in ("L", "EN", "AN"):
        return begin
    latin = kinds[begin] == "L"
    best = begin
    for place in range(begin - 1, -1, -1):
        kind = kinds[place]
        if kind in FROM_RIGHT:
            break
        if kind == "L" or (kind in ("EN", "AN") and (latin or not any(
                _apart(shown[number], shown[number + 1]) for number in range(place, best)))):
            best, latin = place, latin or kind == "L"
        elif not latin and kind not in IN_NUMBERS:
            break
    return best


def _space(left: Glyph, right: Glyph, glyphs: Sequence[Glyph], places: dict[Place, int]) -> bool:
    """True for a space between two signs that stand beside each other; the file says so of letters that are neighbours there."""
    here, before = places[left.place], places[right.place]
    if abs(here - before) == 1 and from_right(left.sign) == from_right(right.sign):
        return bool(glyphs[max(here, before)].gap)
    return _apart(left, right)


def _apart(one: Glyph, other: Glyph) -> bool:
    left, right = sorted((one, other), key=lambda glyph: glyph.x0)
    return right.x0 - left.x1 > WORD_GAP * max(one.style.size, other.style.size)
