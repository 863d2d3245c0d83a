"""a passage and a score for each of its sentences -> the span to mark in it.

    the best sentence that no editor's note disputes
        it announces a list ("... lists these effects:") -> the items of that list
        the next sentence takes it back ("But ...")      -> that one
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.schema import Passage, Span

ITEM = re.compile(r"\n[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]+$")  # what stands before the first word of a list item
TAKES_BACK = re.compile(
    r"(?:but|however|yet|still|in fact|even so|(?:that|this) is (?:not|wrong|disputed)|it is (?:not|wrong)|"
    r"no (?:trial|study|evidence)|trials? (?:do|does|did) not|trials? disagree|other (?:sources|trials|studies))\b",
    re.IGNORECASE)
CLAIMS = re.compile(r"\b(?:claims?|says?|promises?|states?|calls? it|suggests?)\b", re.IGNORECASE)


def mark(passage: Passage, scores: Sequence[float] | npt.NDArray[np.floating]) -> Span:
    """The span to mark, inside the passage; empty at its start when every sentence is disputed.

    ``scores``: one for each of ``passage.sentences``, the higher the better; the earlier one of equals wins.
    """
    free = [number for number, span in enumerate(passage.sentences) if not _noted(passage, span)]
    if not free:
        return (passage.start, passage.start)
    best = max(free, key=lambda number: (scores[number], -number))
    after = best + 1 if best + 1 in free else None
    items = _items(passage, best)
    if items:
        return items
    if after is not None and CLAIMS.search(_words(passage, best)) and TAKES_BACK.match(_words(passage, after)):
        return passage.sentences[after]
    return passage.sentences[best]


def _words(passage: Passage, number: int) -> str:
    start, end = passage.sentences[number]
    return passage.text[start - passage.start:end - passage.start]


def _noted(passage: Passage, span: Span) -> bool:
    return any(note.start < span[1] and span[0] < note.end for note in passage.notes)


def _items(passage: Passage, number: int) -> Span | None:
    """The list that sentence ``number`` announces, itself or through the next one; None when it announces none."""
    count = len(passage.sentences)
    lead = next((at for at in (number, number + 1) if at < count and _words(passage, at).rstrip().endswith(":")), None)
    if lead is None or _is_item(passage, number):
        return None
    last = lead
    while last + 1 < count and _is_item(passage, last + 1) and not _noted(passage, passage.sentences[last + 1]):
        last += 1
    return (passage.sentences[lead + 1][0], passage.sentences[last][1]) if last > lead else None


def _is_item(passage: Passage, number: int) -> bool:
    return bool(ITEM.search(passage.text[:passage.sentences[number][0] - passage.start]))
