"""a question's vector and words -> candidates and verified passages of one generation: what ranking asks of any store.

    memory      everything read and verified when it is opened: up to 100,000 passages
    mapped      files that are mapped; each passage is verified when it is read
    postgres/   the same in tables of a database

A TextStore is searched by words alone; a Store has vectors besides. Both withhold what fails its proof, count it, and log it
without a word of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from assistant.arrays import Rows, Vectors
from assistant.schema import Passage, Source

if TYPE_CHECKING:
    from assistant.index.late_interaction import TokenVectors

KEYWORD_MATCHES = 100  # best keyword matches that are scored in full
NO_FILTER = "Only a database can be searched by source or kind: build into one with --index postgresql://..."


@dataclass(frozen=True)
class Candidates:
    """Passages near a question or with its words: ``numbers`` (n,), n > 0, each other (n,).

    ``passage``, ``sentence``, ``asked``  cosines with the passage, its best sentence and its best asked-as question. Where
                 sentences have no vectors the passage's own stands for theirs, and a passage without asked-as questions is
                 taken to be asked what its words say
    ``keyword``  BM25, 0 for a passage that is not among the best by keyword
    """

    numbers: Rows
    passage: Vectors
    sentence: Vectors
    asked: Vectors
    keyword: Vectors


class TextStore(Protocol):
    """What may be quoted, and the words that it is found by. Threads may share it."""

    in_memory: bool  # every passage lies in memory and was verified when it was opened

    @property
    def passages(self) -> Sequence[Passage]:
        """All of them by number. [] raises IndexCorrupt for one that is not what was indexed."""
        ...

    @property
    def sources(self) -> Mapping[str, Source]:
        """All of them by id. ``get`` and ``values`` leave out what is not what was indexed."""
        ...

    @property
    def withheld(self) -> int:
        """How often something failed its proof and was left out."""
        ...

    def passage(self, number: int) -> Passage | None:
        """The passage to show; None when it is not what was indexed."""
        ...

    def read(self, numbers: Sequence[int]) -> list[Passage | None]:
        """The same of many, in one go where they lie elsewhere."""
        ...

    def passages_of(self, source_id: str) -> tuple[Passage, ...]:
        """Those of a source that are what was indexed, in order."""
        ...

    def count_of(self, source_id: str) -> int:
        """How many passages a source has."""
        ...

    def matches(self, words: Sequence[str]) -> tuple[Rows, Vectors]:
        """Numbers of passages, among them all that match stemmed words best, and their BM25, 0 where no word is shared."""
        ...

    def asked_matches(self, words: Sequence[str], numbers: Rows) -> Vectors | None:
        """BM25 of the best asked-as question of each of these passages; None where those count as the passage's own words
        only."""
        ...

    def idf(self, word: str) -> float: ...

    def known(self, word: str) -> bool:
        """Whether any passage holds a stem."""
        ...

    def covered(self, weights: Mapping[str, float], passage: Passage) -> float:
        """Share of the words' IDF weight, given by word, that a passage of this store holds, 0..1."""
        ...


class Store(TextStore, Protocol):
    """The same with vectors: what an index is ranked from."""

    subjects: Vectors  # of the examples of subjects not covered: (examples, dim)
    late_interaction: TokenVectors | None  # None where tokens have no vectors

    @property
    def rows(self) -> int:
        """Rows of passages, of their sentences where these have any, and of asked-as questions."""
        ...

    @property
    def has_asked(self) -> bool:
        """Whether any asked-as question has a vector."""
        ...

    def candidates(self, vector: Vectors, words: Sequence[str]) -> Candidates: ...

    def sentence_cosines(self, vector: Vectors, number: int) -> Vectors | None:
        """Cosine of each sentence of a passage; None where sentences have no vectors."""
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """Stored vectors of the given rows: (len(rows), dim)."""
        ...

    def only(self, sources: Sequence[str] = (), kinds: Sequence[str] = ()) -> Store:
        """The same, searched in these sources and kinds of source alone. Raises BadInput when none is there, or this store
        cannot."""
        ...

    def verify(self) -> None:
        """Read and verify everything that opening leaves for later. Raises IndexCorrupt, which names what is wrong."""
        ...
