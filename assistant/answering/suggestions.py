"""passages, reviewed questions -> what may be suggested -> the few that are nearest to a question.

    heading that is a question      -\\
    asked-as question, if reviewed   --> Suggestion (its passage) --BM25--> neighbours of a question that has no answer

Nothing is made up: each is a heading of a source, or stands in `suggested.toml` word for word. What would be met with an urgent
card or a refusal is left out, so a suggestion never leads there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from assistant.answering.countries import is_quotable
from assistant.answering.quotations import Quotations
from assistant.corpus.lint.prose import stigma_in
from assistant.corpus.reviewed import fold
from assistant.index.bm25 import Keywords, tokens
from assistant.schema import Passage
from assistant.screening import refused, urgent

LONGEST = 90  # characters: one line on a desktop, two on a phone
FEWEST_WORDS = 3
MOST_PASSAGES = 5_000  # of an index whose questions are listed; a larger one has its own search
NUMBER = re.compile(r"\d{3}")  # a phone number may be another country's, and stands only beside its own name
OUR_KINDS = ("fact-sheet", "digest")
TELLING = 2.0  # inverse document frequency from which a shared word says anything: "what", "is" and "ketamine" are in too many


@dataclass(frozen=True)
class Suggestion:
    question: str
    source_id: str
    start: int  # of its passage in the source


def suggestable(question: str) -> bool:
    """Whether a question may stand on a page: short, without blame or numbers, and nothing that is screened."""
    return (len(question) <= LONGEST and len(question.split()) >= FEWEST_WORDS and not stigma_in(question)
            and not NUMBER.search(question) and not urgent.screen(question) and refused.subject(question) is None)


def questions_of(passage: Passage, reviewed: Mapping[str, str]) -> tuple[str, ...]:
    """The questions of a passage that may be shown, each once: its heading first, then its reviewed ones."""
    heading = (passage.heading,) if passage.heading.rstrip().endswith("?") else ()
    shown: dict[str, str] = {}
    for question in (*heading, *(reviewed[fold(asked)] for asked in passage.asked if fold(asked) in reviewed)):
        if suggestable(question):
            shown.setdefault(fold(question), _as_question(question))
    return tuple(shown.values())


def _as_question(question: str) -> str:
    words = " ".join(question.split()).rstrip("? .")
    return f"{words[:1].upper()}{words[1:]}?"


class Suggestions:
    """The questions of everything that a reader may quote. Raises what its index raises when it is made."""

    def __init__(self, reader: Quotations, reviewed: Mapping[str, str]) -> None:
        self.all: tuple[Suggestion, ...] = tuple(_unique(_listed(reader, reviewed)))
        self._keywords = Keywords([one.question for one in self.all]) if self.all else None

    @classmethod
    def none(cls) -> Suggestions:
        bare = cls.__new__(cls)
        bare.all, bare._keywords = (), None
        return bare

    def near(self, question: str, most: int = 3) -> tuple[str, ...]:
        """The questions that share most telling words with one, of different passages; none where no such word is shared."""
        if self._keywords is None:
            return ()
        told = [word for word in tokens([question])[0] if self._keywords.idf(word) >= TELLING]
        scores = self._keywords.scores(told)
        places: dict[tuple[str, int], str] = {}
        for number in (-scores).argsort(kind="stable"):
            if scores[number] <= 0 or len(places) == most:
                break
            one = self.all[int(number)]
            if fold(one.question) != fold(question):
                places.setdefault((one.source_id, one.start), one.question)
        return tuple(places.values())


def _listed(reader: Quotations, reviewed: Mapping[str, str]) -> Iterator[Suggestion]:
    sources = sorted(reader.sources, key=lambda source: source.kind != "fact-sheet")
    if sum(reader.count_of(source.id) for source in sources) > MOST_PASSAGES:
        return
    for source in sources:
        if source.kind not in OUR_KINDS:  # a heading of somebody else's text is no question that an editor read
            continue
        for passage in reader.passages_of(source.id):
            if is_quotable(passage.text, reader.texts):
                yield from (Suggestion(question, source.id, passage.start) for question in questions_of(passage, reviewed))


def _unique(suggestions: Iterable[Suggestion]) -> Iterator[Suggestion]:
    seen: set[str] = set()
    for one in suggestions:
        if fold(one.question) not in seen:
            seen.add(fold(one.question))
            yield one
