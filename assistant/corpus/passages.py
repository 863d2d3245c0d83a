"""source -> passages: spans of its text, never edited. The only importer of sentencex (sentence ends).

    blocks of a section:  P1........ P2.... - item - item  P3......
    passages:             [0        :                    ) [      )   each 40-160 words, cut at sentence ends

A passage is a half-open span of code points; ``text[start:end] == passage.text`` always. Where a long section
is cut is found by dynamic programming over its sentences (the least-cost partition, as in Knuth and Plass 1981).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import sentencex

from assistant.corpus.blocks import Block, blocks
from assistant.corpus.lines import ENDS_SENTENCE, WORD, excluded_spans, words
from assistant.schema import Passage, Source, Span

SPLITTER = "3"  # raise when the same text would be split differently: it is part of the manifest
MIN_WORDS, TARGET_WORDS, MAX_WORDS = 40, 100, 160
MOST_WORDS = 220  # of a passage, whatever its text: one without a full stop is cut between words
LINKS = re.compile(  # a heading above names of other texts, which answer nothing themselves
    r"(?:more|other|related|useful|further|external|quick|helpful)\b.*\b(?:leaflets?|links?|pages?|articles?|reading|topics?|guides?|"
    r"websites?|sites?|content|resources)|(?:see|read) (?:also|more|next)|links?|in this section|on this page", re.IGNORECASE)
MID_PARAGRAPH = 0.6  # cost of a cut inside a paragraph, against 1.0 for a passage 50 words off target
SLACK = 15  # words: so far from the middle a comma is looked for
FEWEST_WORDS = 3  # less is page furniture

# A phone number or sales line in other people's text is advertising; it must never stand where people look for help.
SALES = re.compile(r"(?<![\w.])(?:\+?\d{1,2}[ .-]?)?(?:\(\d{3}\)|\d{3,4})[ .-]\d{3}[ .-]?\d{3,4}(?!\w)"
                   r"|(?<![\w.])0\d{2,4}[ .-]\d{3,4}[ .-]?\d{3,4}(?!\w)"
                   r"|(?<!\w)\+\d{1,3}[ .-]?(?:\(0\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}(?!\w)"
                   r"|\b(?:call|contact|email|text) (?:us|our)\b|\badmissions (?:specialist|team|line)|\bclick here\b"
                   r"|\b\S+@\S+\.\w{2,}", re.IGNORECASE)
OWN_KINDS = ("fact-sheet", "digest", "government", "charity", "study")  # these may name a number

SETTINGS = {"splitter": SPLITTER, "min_words": MIN_WORDS, "target_words": TARGET_WORDS, "max_words": MAX_WORDS}


@dataclass(frozen=True)
class Unit:
    """The smallest piece a passage is made of: one sentence or one list item."""

    outer: int  # with its bullet
    start: int
    end: int
    count: int
    ends_block: bool
    glued: bool  # the next unit may not be parted from this one: a lead-in and its list


def sentence_spans(text: str, start: int, end: int) -> list[Span]:
    """Sentences of ``text[start:end]`` as trimmed spans into ``text``, in order, none empty."""
    piece = text[start:end]
    spans: list[Span] = []
    for found in sentencex.get_sentence_boundaries("en", piece):
        low, high = found["start_index"], found["end_index"]
        raw = piece[low:high]
        low += len(raw) - len(raw.lstrip())
        high -= len(raw) - len(raw.rstrip())
        if low >= high:
            continue
        if spans and not re.search(r"\w", piece[low:high]):  # a lone quote mark belongs to what it closes
            spans[-1] = (spans[-1][0], start + high)
        else:
            spans.append((start + low, start + high))
    return spans


def is_lead_in(text: str) -> bool:
    """True for the line that introduces a list: it ends with a colon or without a full stop."""
    return text.rstrip().endswith(":") or not ENDS_SENTENCE.search(text.rstrip())


def split(source: Source) -> tuple[Passage, ...]:
    """All passages of a source, in order of their place in the text."""
    skip, _ = excluded_spans(source.text, source.exclude)
    found = blocks(source.text, source.file.lower().endswith((".md", ".markdown")), skip)
    passages: list[Passage] = []
    section: list[Block] = []
    for block in [*found, None]:
        if section and (block is None or block.section != section[0].section):
            units = [] if _lists_links(section, source.text) else _units(section, source.text)
            for run in _without_sales(units, source):
                passages += _passages_of(run, section[0].heading, source)
            section = []
        if block is not None:
            section.append(block)
    return tuple(passages)


def _lists_links(section: list[Block], text: str) -> bool:
    """True for a list of names of other texts: no sentence under a heading that says so."""
    heading = section[0].heading.rpartition(": ")[2]
    return bool(LINKS.fullmatch(heading.strip(" :"))) and all(
        block.kind == "item" and not ENDS_SENTENCE.search(text[block.start:block.end]) for block in section)


def missing_excludes(source: Source) -> list[str]:
    """The ``exclude`` entries that occur nowhere in the source's text."""
    return excluded_spans(source.text, source.exclude)[1]


def _units(section: list[Block], text: str) -> list[Unit]:
    units: list[Unit] = []
    for number, block in enumerate(section):
        following = section[number + 1] if number + 1 < len(section) else None
        leads = bool(block.kind == "text" and following and following.kind == "item"
                     and is_lead_in(text[block.start:block.end]))
        spans = sentence_spans(text, block.start, block.end)
        spans = [part for span in spans for part in _short_enough(text, *span)]
        for place, (start, end) in enumerate(spans):
            last = place == len(spans) - 1
            outer = block.outer if place == 0 else start
            units.append(Unit(outer, start, end, words(text[start:end]), last, leads and last))
    return units


def _short_enough(text: str, start: int, end: int) -> list[Span]:
    """A sentence in parts of at most MAX_WORDS words, cut behind a comma or semicolon where there is one, else between words."""
    found = list(WORD.finditer(text, start, end))
    if len(found) <= MAX_WORDS:
        return [(start, end)]
    parts: list[Span] = []
    low, at = start, 0
    while len(found) - at > MAX_WORDS:
        left = len(found) - at
        aim = at + left // -(-left // (MAX_WORDS - SLACK))
        near = [place for place in range(aim - SLACK, aim + SLACK + 1)
                if text[found[place - 1].end():found[place].start()].lstrip()[:1] in (",", ";", ":")]
        at = min(near, key=lambda place: abs(place - aim)) if near else aim
        parts.append((low, low + len(text[low:found[at].start()].rstrip())))
        low = found[at].start()
    return [*parts, (low, end)]


def _without_sales(units: list[Unit], source: Source) -> list[list[Unit]]:
    """Runs of units between sales lines; our own and public bodies' texts are one run."""
    runs: list[list[Unit]] = [[]]
    for unit in units:
        if source.kind not in OWN_KINDS and SALES.search(source.text[unit.start:unit.end]):
            runs.append([])
        else:
            runs[-1].append(unit)
    return runs


def _passages_of(units: list[Unit], title: str, source: Source) -> list[Passage]:
    """The passages of one run of units under the heading ``title``."""
    made: list[Passage] = []
    lead_in = ""
    for low, high in _cuts(units):
        piece = units[low:high]
        while piece and source.text[piece[-1].start:piece[-1].end].endswith(":"):
            piece = piece[:-1]  # "Here is a guide:" leads nowhere when its list is elsewhere
        if not piece:
            continue
        start, end = piece[0].outer, piece[-1].end
        heading = title
        if lead_in and piece[0].outer != piece[0].start:  # a list that goes on keeps its lead-in as a label
            heading = f"{heading}: {lead_in}" if heading else lead_in
        for unit in piece:
            if unit.glued:
                lead_in = source.text[unit.start:unit.end].rstrip(" :")
            elif unit.outer == unit.start and unit.ends_block:
                lead_in = ""
        text = source.text[start:end]
        if words(text) >= FEWEST_WORDS:
            spans = tuple((unit.start, unit.end) for unit in piece)
            made.append(Passage(source.id, start, end, heading, text, spans))
    return made


def _cost(count: int) -> float:
    cost = ((count - TARGET_WORDS) / 50) ** 2
    if count > MAX_WORDS:
        cost += ((count - MAX_WORDS) / 10) ** 2
    if count < MIN_WORDS:
        cost += ((MIN_WORDS - count) / 10) ** 2
    return cost


def _cuts(units: list[Unit]) -> list[Span]:
    """The least-cost partition of the units into passages, as index ranges.

    Example: counts [30, 90, 95] -> [(0, 2), (2, 3)]: 120 and 95 words, neither too short nor too long.
    """
    if sum(unit.count for unit in units) <= MAX_WORDS:
        return [(0, len(units))] if units else []
    best = [0.0] + [float("inf")] * len(units)
    came_from = [0] * (len(units) + 1)
    for high in range(1, len(units) + 1):
        last = units[high - 1]
        if last.glued and high < len(units) and last.count + units[high].count <= MOST_WORDS:
            continue
        count = 0
        for low in range(high - 1, -1, -1):
            count += units[low].count
            if count > MOST_WORDS and low < high - 1:
                break
            between = 0.0 if low == 0 or units[low - 1].ends_block else MID_PARAGRAPH
            cost = best[low] + _cost(count) + between
            if cost < best[high]:
                best[high], came_from[high] = cost, low
    cuts: list[Span] = []
    high = len(units)
    while high:
        cuts.append((came_from[high], high))
        high = came_from[high]
    return cuts[::-1]
