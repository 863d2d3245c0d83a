"""passages, vectors and token vectors in memory -> exact candidates, by comparing every row. For up to 100,000 passages.

    row      0 .. P-1      one per passage, of "heading. text"
    row      P .. P+S-1    one per sentence, in the order of the passages
    row      P+S .. R-1    one per asked-as question that the weights have not learnt from, in the order of the passages
    row      R ..          one per example question of a subject that is not covered
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from assistant.arrays import Rows, Vectors
from assistant.errors import BadInput
from assistant.index.bm25 import Keywords
from assistant.index.late_interaction import TokenVectors
from assistant.index.serialization import searched, text_sha256
from assistant.index.stores.base import KEYWORD_MATCHES, NO_FILTER, Candidates
from assistant.index.vectors import Flat
from assistant.schema import Passage, Source

POOL_ROWS = 1000  # nearest rows whose passages are scored in full

log = logging.getLogger(__name__)


class MemoryTextStore:
    """Verified texts with BM25, both in memory. A passage is compared with its hash again whenever it is to be shown."""

    in_memory = True

    def __init__(self, passages: Sequence[Passage], sources: Mapping[str, Source]) -> None:
        self.passages, self.sources, self.withheld = tuple(passages), dict(sources), 0
        self.keywords = Keywords([searched(passage) for passage in self.passages])
        self.hashes = {passage.id: text_sha256(passage.text) for passage in self.passages}
        self._numbers: dict[str, list[int]] = {}
        for number, passage in enumerate(self.passages):
            self._numbers.setdefault(passage.source_id, []).append(number)
        self._number = {(passage.source_id, passage.start): number for number, passage in enumerate(self.passages)}

    def passage(self, number: int) -> Passage | None:
        passage = self.passages[number]
        source = self.sources.get(passage.source_id)
        if source and text_sha256(source.text[passage.start:passage.end]) == self.hashes[passage.id]:
            return passage
        self.withheld += 1
        log.error("A passage of %s no longer matches its hash and was withheld.", passage.source_id)
        return None

    def read(self, numbers: Sequence[int]) -> list[Passage | None]:
        return [self.passage(number) for number in numbers]

    def passages_of(self, source_id: str) -> tuple[Passage, ...]:
        return tuple(passage for number in self._numbers.get(source_id, ()) if (passage := self.passage(number)))

    def count_of(self, source_id: str) -> int:
        return len(self._numbers.get(source_id, ()))

    def matches(self, words: Sequence[str]) -> tuple[Rows, Vectors]:
        """All passages, in order."""
        return np.arange(len(self.passages)), self.keywords.scores(words)

    def asked_matches(self, words: Sequence[str], numbers: Rows) -> Vectors | None:
        owners, questions = self._asked
        if questions is None:
            return None
        best = np.zeros(len(self.passages), np.float32)
        np.maximum.at(best, owners, questions.scores(words))
        return best[numbers]

    @cached_property
    def _asked(self) -> tuple[Rows, Keywords | None]:
        """The passage of each asked-as question, and the questions; only a search by words alone needs them."""
        pairs = [(number, question) for number, passage in enumerate(self.passages) for question in passage.asked]
        return (np.array([number for number, _ in pairs], np.int64),
                Keywords([question for _, question in pairs]) if pairs else None)

    def idf(self, word: str) -> float:
        return self.keywords.idf(word)

    def known(self, word: str) -> bool:
        return self.keywords.known(word)

    def covered(self, weights: Mapping[str, float], passage: Passage) -> float:
        return self.keywords.covered(weights, self._number[passage.source_id, passage.start])


class MemoryStore(MemoryTextStore):
    """The same with every vector. ``asked``: how many asked-as questions of each passage have a row, (P,)."""

    def __init__(self, passages: Sequence[Passage], sources: Mapping[str, Source], flat: Flat, asked: Rows,
                 late_interaction: TokenVectors | None = None) -> None:
        super().__init__(passages, sources)
        self.late_interaction = late_interaction
        self._flat = flat  # it holds what the rows show
        self._all: Vectors = flat.rows
        numbers = np.arange(len(self.passages))
        sentences = np.array([len(passage.sentences) for passage in self.passages], np.int64)
        self.row_passage: Rows = np.concatenate([numbers, np.repeat(numbers, sentences), np.repeat(numbers, asked)])
        self.first_sentence: Rows = len(numbers) + np.concatenate([[0], np.cumsum(sentences)])
        self.first_asked: Rows = self.first_sentence[-1] + np.concatenate([[0], np.cumsum(asked)])
        self.subjects: Vectors = self._all[self.rows:]
        if len(self._all) < self.rows or (late_interaction is not None and len(late_interaction) != len(numbers)):
            raise ValueError("the rows are not those of the passages")

    @property
    def rows(self) -> int:
        return len(self.row_passage)

    @property
    def has_asked(self) -> bool:
        return bool(self.first_asked[-1] > self.first_asked[0])

    def candidates(self, vector: Vectors, words: Sequence[str]) -> Candidates:
        """Every row is compared: row by row, without BLAS, which is three times as quick for one vector, and equal rows get
        equal figures wherever they stand."""
        keyword = self.keywords.scores(words)
        cosine: Vectors = np.vecdot(self._all, vector)
        near = self.row_passage[self._nearest(cosine)]
        best = np.argsort(-keyword)[:KEYWORD_MATCHES]
        numbers = np.flatnonzero(np.bincount(np.concatenate([near, best]), minlength=len(self.passages)))
        return Candidates(numbers, *self._cosines(cosine, numbers), keyword[numbers])

    def _nearest(self, cosine: Vectors) -> Rows:
        """Numbers of the POOL_ROWS nearest rows and more, of those that belong to passages; in no order."""
        count = POOL_ROWS + len(self.subjects)
        if count >= len(cosine):
            return np.arange(self.rows)
        rows = np.argpartition(-cosine, count)[:count]
        return rows[rows < self.rows]

    def _cosines(self, cosine: Vectors, numbers: Rows) -> tuple[Vectors, Vectors, Vectors]:
        """Passage, best-sentence and best asked-as cosine, each (n,), from the cosine of every row.

        A passage without asked-as questions is taken to be asked what its closest words say.
        """
        sentence_rows, sentences = _rows_of(self.first_sentence, numbers)
        asked_rows, questions = _rows_of(self.first_asked, numbers)
        sentence = np.maximum.reduceat(cosine[sentence_rows], np.cumsum(sentences) - sentences)
        asked = np.maximum(cosine[numbers], sentence)
        has = questions > 0
        if has.any():
            asked[has] = np.maximum.reduceat(cosine[asked_rows], (np.cumsum(questions) - questions)[has])
        return cosine[numbers], sentence, asked

    def sentence_cosines(self, vector: Vectors, number: int) -> Vectors:
        cosine: Vectors = np.vecdot(self._all[self.first_sentence[number]:self.first_sentence[number + 1]], vector)
        return cosine

    def vectors(self, rows: Rows) -> Vectors:
        return self._all[np.asarray(rows, np.int64)]

    def only(self, sources: Sequence[str] = (), kinds: Sequence[str] = ()) -> MemoryStore:
        raise BadInput(NO_FILTER)

    def verify(self) -> None:
        """Everything was verified when it was opened."""


def _rows_of(first: Rows, numbers: Rows) -> tuple[Rows, npt.NDArray[np.int64]]:
    """Row numbers that belong to some passages, passage by passage, and how many each has."""
    counts = first[numbers + 1] - first[numbers]
    starts = np.cumsum(counts) - counts
    return np.arange(counts.sum()) + np.repeat(first[numbers] - starts, counts), counts
