"""verified texts, a word index and a vector index -> the store of a large generation, whatever files or tables these are.

Sentences and tokens have no vectors here. The nearest rows come from an index that may miss one; their cosines are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from assistant.arrays import Rows, Vectors
from assistant.errors import BadInput
from assistant.index.bm25 import covered, tokens
from assistant.index.late_interaction import TokenVectors
from assistant.index.serialization import searched
from assistant.index.stores.base import KEYWORD_MATCHES, NO_FILTER, Candidates, Store
from assistant.index.stores.proofs import Passages, Sources, VerifiedTexts
from assistant.schema import Passage, Source

NEAREST = 100  # nearest rows whose passages are scored in full


class WordIndex(Protocol):
    """BM25 over passages that lie elsewhere."""

    def best(self, words: Sequence[str], count: int) -> tuple[Rows, Vectors]:
        """Numbers of the ``count`` best passages for stemmed words and their BM25, best first."""
        ...

    def known(self, word: str) -> bool: ...

    def idf(self, word: str) -> float: ...


class VectorIndex(Protocol):
    """Rows of passages, then of asked-as questions."""

    def nearest(self, vector: Vectors, count: int) -> tuple[Rows, Vectors]:
        """The ``count`` nearest rows, nearest first, and their cosines in full."""
        ...

    def cosines(self, vector: Vectors, rows: Rows) -> Vectors: ...

    def vectors(self, rows: Rows) -> Vectors: ...


class VerifiedTextStore:
    """Texts that are verified one by one when they are read, found by their words."""

    in_memory = False

    def __init__(self, texts: VerifiedTexts, word_index: WordIndex) -> None:
        self.texts, self.word_index = texts, word_index
        self.passages: Sequence[Passage] = Passages(texts)
        self.sources: Mapping[str, Source] = Sources(texts)

    @property
    def withheld(self) -> int:
        return self.texts.withheld

    def passage(self, number: int) -> Passage | None:
        return self.read([number])[0]

    def read(self, numbers: Sequence[int]) -> list[Passage | None]:
        return self.texts.try_get(numbers)

    def passages_of(self, source_id: str) -> tuple[Passage, ...]:
        return self.texts.passages_of(source_id)

    def count_of(self, source_id: str) -> int:
        return len(self.texts.numbers_of(source_id))

    def matches(self, words: Sequence[str]) -> tuple[Rows, Vectors]:
        return self.word_index.best(words, KEYWORD_MATCHES)

    def asked_matches(self, words: Sequence[str], numbers: Rows) -> None:
        return None

    def idf(self, word: str) -> float:
        return self.word_index.idf(word)

    def known(self, word: str) -> bool:
        return self.word_index.known(word)

    def covered(self, weights: Mapping[str, float], passage: Passage) -> float:
        return covered(weights, set(tokens([searched(passage)])[0]))


class VerifiedStore(VerifiedTextStore):
    """The same with vectors. ``asked``: the passage of each asked-as row, (n,)."""

    late_interaction: TokenVectors | None = None

    def __init__(self, texts: VerifiedTexts, word_index: WordIndex, vector_index: VectorIndex, asked: Rows, subjects: Vectors,
                 rows: int) -> None:
        super().__init__(texts, word_index)
        self.vector_index, self.asked, self.subjects = vector_index, asked, subjects
        if rows != self.rows + len(subjects):
            raise ValueError("the rows are not those of the passages")

    @property
    def rows(self) -> int:
        return len(self.texts) + len(self.asked)

    @property
    def has_asked(self) -> bool:
        return bool(len(self.asked))

    def candidates(self, vector: Vectors, words: Sequence[str]) -> Candidates:
        """A passage that only its words brought has its cosine looked up."""
        rows, cosines = self.vector_index.nearest(vector, NEAREST)
        best, scores = self.word_index.best(words, KEYWORD_MATCHES)
        passages = len(self.texts)
        is_asked = rows >= passages
        numbers = np.unique(np.concatenate([rows[~is_asked], self.asked[rows[is_asked] - passages], best]))
        if not len(numbers):  # a vector without a direction and words that occur nowhere
            numbers = np.zeros(1, np.int64)
        cosine = self.vector_index.cosines(vector, numbers)
        asked = cosine.copy()
        if is_asked.any():
            np.maximum.at(asked, np.searchsorted(numbers, self.asked[rows[is_asked] - passages]), cosines[is_asked])
        keyword = np.zeros(len(numbers), np.float32)
        keyword[np.searchsorted(numbers, best)] = scores
        return Candidates(numbers, cosine, cosine, asked, keyword)

    def sentence_cosines(self, vector: Vectors, number: int) -> None:
        return None

    def vectors(self, rows: Rows) -> Vectors:
        return self.vector_index.vectors(rows)

    def only(self, sources: Sequence[str] = (), kinds: Sequence[str] = ()) -> Store:
        raise BadInput(NO_FILTER)
