"""verified passages -> citations: the words are cut again from the source and must be the passage's."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from copy import copy
from typing import Self

from assistant.answering.countries import is_quotable
from assistant.answering.selection import Shown
from assistant.corpus.blocks import page_at
from assistant.corpus.editorial import merged_note
from assistant.index.text_index import TextIndex
from assistant.notices import FixedTexts
from assistant.schema import Citation, Hit, Passage, PlacedNote, Source, Span, still

log = logging.getLogger(__name__)


class Quotations:
    """Texts that may be quoted. Immutable after opening, so threads may share it."""

    def __init__(self, text_index: TextIndex) -> None:
        self._text_index = text_index
        self.texts: FixedTexts = text_index.texts
        self.generation: str = text_index.name
        self.created: str = text_index.created
        self.inputs = text_index.inputs  # what it was built from, as hashes
        self._unlike: Counter[str] = Counter()  # by source: passages that no longer matched their hash when they were to be shown

    def with_texts(self, texts: FixedTexts) -> Self:
        """The same passages under other fixed texts: those of the country that a reader chose."""
        other = copy(self)
        other.texts = texts
        return other

    @property
    def withheld(self) -> int:
        """How often a passage or a source failed its proof and was not shown."""
        return self._unlike.total() + self._text_index.withheld

    @property
    def sources(self) -> tuple[Source, ...]:
        """All of them; those of a large index are read and proved one by one."""
        return tuple(self._text_index.sources.values())

    @property
    def by_id(self) -> Mapping[str, Source]:
        """The sources by their ids."""
        return self._text_index.sources

    def passages_of(self, source_id: str) -> tuple[Passage, ...]:
        return self._text_index.passages_of(source_id)

    def _quotable_of(self, source_id: str) -> list[Passage]:
        """The passages of a source that send nobody to another country's number."""
        return [passage for passage in self.passages_of(source_id) if is_quotable(passage.text, self.texts)]

    def count_of(self, source_id: str) -> int:
        """How many passages a source has."""
        return self._text_index.count_of(source_id)

    def notes_of(self, source_id: str) -> tuple[PlacedNote, ...]:
        """Editor's notes of a source with the spans that they speak of, in order."""
        notes = {note for passage in self.passages_of(source_id) for note in passage.notes}
        return tuple(sorted(notes, key=lambda placed: (placed.start, placed.end)))

    def quotations(self, source_id: str) -> tuple[Citation, ...]:
        """Every passage of a source as a citation with no sentence marked, in order; one that cannot be proved is left out."""
        return self._cite([Shown(Hit(passage, 0.0, rank, still((passage.start, passage.start))))
                           for rank, passage in enumerate(self.passages_of(source_id), 1)])

    def _kind(self, hit: Hit) -> str:
        return self._text_index.sources[hit.passage.source_id].kind

    def _cite(self, shown: list[Shown]) -> tuple[Citation, ...]:
        """Citations of hits whose words are proved; ranks count from 1 without gaps."""
        citations: list[Citation] = []
        for one in shown:
            hit = one.hit
            passage, source = hit.passage, self._text_index.sources[hit.passage.source_id]
            exact = source.text[passage.start:passage.end]
            if exact != passage.text:  # the passage itself was matched with its hash when it was taken
                self._unlike[source.id] += 1
                log.error("A passage of %s no longer matches its hash and was withheld.", source.id)
                continue
            mark = self._mark(hit, source)
            citations.append(Citation(
                len(citations) + 1, round(hit.score, 4), source.id, passage.start, passage.end, exact, mark,
                passage.heading, source.title, source.publisher, source.url, source.published, source.kind, source.tier,
                source.interest, merged_note(passage.notes), source.retrieved,
                tuple(self._text_index.sources[source_id].title for source_id in one.also), self.generation,
                one.pair, one.differs, page_at(source.text, mark[0])))
        return tuple(citations)

    def _mark(self, hit: Hit, source: Source) -> Span:
        """What is marked of a quote: never the number of another country."""
        sentence = hit.mark()
        here = is_quotable(source.text[slice(*sentence)], self.texts, urgent=True)
        return sentence if here else (hit.passage.start, hit.passage.start)
