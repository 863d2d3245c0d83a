"""sentences, passages, and other people's documents -> words that stand in two places."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from assistant.corpus.lines import WORD, words
from assistant.corpus.lint.context import LintContext, Violation
from assistant.corpus.passages import MIN_WORDS
from assistant.corpus.reader import TEXT_SUFFIXES
from assistant.errors import CorpusError

GRAM, SAME = 5, 0.6  # passages that share this part of the shorter one's word 5-grams say the same twice
COMMON_GRAM = 200  # a run of words in more passages than this is boilerplate, and comparing them all takes too long
COPIED_WORDS = 12
SHORTEST_REPEAT = 4  # "Some need surgery." may be said twice


def said_twice(context: LintContext) -> Iterator[Violation]:
    """Sentences and list items of ours that an earlier one of the same text says word for word, each at the later place."""
    for view in context.views:
        first: dict[tuple[str, ...], int] = {}
        for start, end in view.sentences if view.own else ():
            tokens = tuple(word.casefold() for word in WORD.findall(view.seen[start:end]))
            if len(tokens) >= SHORTEST_REPEAT and first.setdefault(tokens, start) != start:
                yield view.violation(start, f"said before, on line {view.line(first[tokens])}", view.seen[start:end])


def near_duplicate(context: LintContext) -> Iterator[Violation]:
    """Pairs of passages, each said once, at the later one. Passages too short to compare are left aside."""
    passages = [(view, passage) for view in context.views for passage in view.passages if words(passage.text) >= MIN_WORDS]
    grams = [_grams(passage.text, GRAM) for _, passage in passages]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, passage_grams in enumerate(grams):
        for gram in passage_grams:
            holders[gram].append(number)
    shared = Counter(pair for numbers in holders.values() if len(numbers) <= COMMON_GRAM
                     for pair in itertools.combinations(numbers, 2))
    for (first, second), count in sorted(shared.items()):
        if count >= SAME * min(len(grams[first]), len(grams[second])):
            (view, one), (other, two) = passages[first], passages[second]
            yield other.violation(two.start, f"almost the same as {view.file}:{view.line(one.start)}", two.text)


def _grams(text: str, length: int) -> set[tuple[str, ...]]:
    tokens = [word.casefold() for word in WORD.findall(text)]
    return set(zip(*(tokens[start:] for start in range(length)), strict=False))


def copied(context: LintContext) -> Iterator[Violation]:
    """Runs of words in our own texts that other people's documents have too, each run once.

    Raises CorpusError when the folder is not there: a comparison with nothing must not pass.
    """
    if context.against is None:
        return
    if not context.against.is_dir():
        raise CorpusError(f"There is no folder at {context.against} to compare with: name an existing one with --against.")
    theirs: dict[tuple[str, ...], Path] = {}
    for path in sorted(context.against.rglob("*")):
        if path.is_file() and path.suffix.lower() in TEXT_SUFFIXES:
            for gram in _grams(path.read_text("utf-8", errors="replace"), COPIED_WORDS):
                theirs.setdefault(gram, path)
    for view in context.views if theirs else ():
        tokens = list(WORD.finditer(view.seen)) if view.own else []
        end = 0
        for first in range(len(tokens) - COPIED_WORDS + 1):
            run = tokens[first:first + COPIED_WORDS]
            origin = theirs.get(tuple(token[0].casefold() for token in run))
            if origin and run[0].start() >= end:
                end = run[-1].end()
                yield view.violation(run[0].start(), f"{COPIED_WORDS} words in a row as in {origin}",
                                     view.seen[run[0].start():end])
