"""source -> its sentences with the publications that each rests on.

    Source.text    sentence, sentence <!-- facts: H2 | H1 H3 -->     one group of fact ids for each sentence or list item
    references     [{title, facts = ["H2"]}, ...]
    Claim          (start, end) of the sentence, numbers of its references, from 1

A text without such comments has no claims; a paragraph whose groups do not fit its sentences is passed over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from assistant.corpus.blocks import blocks
from assistant.corpus.lines import COMMENT
from assistant.corpus.passages import sentence_spans
from assistant.schema import Reference, Source, Span

FACTS = re.compile(r"<!--\s*facts:(.*?)-->", re.DOTALL)


@dataclass(frozen=True)
class Claim:
    """A sentence or list item and the numbers of the references of its source that it rests on."""

    start: int
    end: int
    references: tuple[int, ...]


@lru_cache(maxsize=256)
def claims(source: Source) -> tuple[Claim, ...]:
    """The sentences of a source that rest on one of its references, in order."""
    groups = [(match.start(), [group.split() for group in match[1].split("|")]) for match in FACTS.finditer(source.text)]
    if not groups or not source.references:
        return ()
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, reference in enumerate(source.references, 1):
        for fact in reference.facts:
            numbers[fact].append(number)
    skip = [match.span() for match in COMMENT.finditer(source.text)]
    runs: dict[int, list[Span]] = defaultdict(list)  # number of a comment -> the sentences between it and the one before
    for block in blocks(source.text, source.file.lower().endswith((".md", ".markdown")), skip):
        place = sum(at <= block.start for at, _ in groups)
        runs[place] += ([(block.start, block.end)] if block.kind == "item"
                        else sentence_spans(source.text, block.start, block.end))
    resting = []
    for place, spans in sorted(runs.items()):
        if place == len(groups) or len(groups[place][1]) != len(spans):
            continue
        for (start, end), facts in zip(spans, groups[place][1], strict=True):
            here = tuple(sorted({number for fact in facts for number in numbers.get(fact, ())}))
            resting += [Claim(start, end, here)] if here else []
    return tuple(resting)


def rests_on(source: Source, span: Span) -> tuple[Reference, ...]:
    """The references of the sentences that a span touches, in order of their numbers."""
    numbers = sorted({number for claim in claims(source) if claim.start < span[1] and span[0] < claim.end
                      for number in claim.references})
    return tuple(source.references[number - 1] for number in numbers)
