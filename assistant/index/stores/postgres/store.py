"""question -> candidates and verified passages of a generation in a database.

The same figures as from a folder: cosines in full precision of the stored vectors, and BM25
over every passage that holds a word. The nearest rows come from a graph where a folder has short codes; each may miss another.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.arrays import Rows, Vectors
from assistant.errors import BadInput, IndexCorrupt
from assistant.index.bm25 import idf
from assistant.index.stores.mapped import ASKED, SUBJECTS
from assistant.index.stores.postgres.catalog import Tables, fetch, manifest_of, published
from assistant.index.stores.postgres.connection import Database
from assistant.index.stores.postgres.rows import half, vector_literal
from assistant.index.stores.proofs import VerifiedTexts
from assistant.index.stores.verified import VerifiedStore
from assistant.index.vectors import COMPARED

COMMON = 50_000  # stems whose frequency is held in memory, the most frequent ones; rarer ones are looked up
NARROW = 20_000  # rows of a filter that are compared in full; the graph looks at so many before it gives up

# <...> stands for constants and for conditions whose values are parameters; {} for the schema (see ``Tables``)
COSINES = "SELECT number, -(vector::vector <#> %(vector)s::vector) AS cosine FROM {}.near WHERE number = ANY(%(numbers)s)"
EVERY = "SELECT number, vector FROM {}.near WHERE <filter>"
GRAPH = EVERY + " ORDER BY vector <#> %(vector)s::halfvec(<dimensions>) LIMIT %(compared)s"
BEST_ROWS = """
WITH found AS MATERIALIZED (<found>)
SELECT number, -(vector::vector <#> %(vector)s::vector) AS cosine FROM found ORDER BY cosine DESC, number LIMIT %(count)s
"""
BEST_WORDS = """
SELECT number, sum(weight * impact) AS score
FROM unnest(%(stems)s::text[], %(weights)s::float8[]) AS asked(stem, weight) JOIN {}.word USING (stem)
    CROSS JOIN LATERAL unnest(numbers, impacts) AS held(number, impact) <filter>
GROUP BY number ORDER BY score DESC, number LIMIT %(count)s
"""


def opened(database: Database, name: str = "") -> tuple[Path, dict[str, Any], PostgresStore]:
    """A generation of the database, the published one unless another is named: folder of its small files, manifest, store.

    Raises IndexMissing, IndexCorrupt, Unreachable, BadInput, or BuildFailed when this machine cannot keep the small files.
    """
    name = name or published(database)
    raw, manifest = manifest_of(database, name)
    folder = fetch(database, name, raw, manifest)
    return folder, manifest, PostgresStore(Tables(database, name), folder, manifest)


class PostgresTexts(VerifiedTexts):
    """Passages and sources of a generation in a database; verified as those of a folder are."""

    def __init__(self, tables: Tables, folder: Path, sources: Mapping[str, str], passages: int) -> None:
        self._tables = tables
        super().__init__(folder, sources, passages)

    def _records_of(self, source_id: str) -> list[tuple[int, bytes | None]]:
        """All at once: one by one would take the network's time for each."""
        self.source(source_id)  # KeyError for one that is not there
        return [(number, bytes(record)) for number, record in self._tables.rows(
            "SELECT number, record FROM {}.passage WHERE source_id = %s ORDER BY number", [source_id])]

    def _open(self) -> None:
        pass

    def _records(self, numbers: Sequence[int]) -> dict[int, bytes | None]:
        """In one statement: the way there and back takes longer than reading."""
        return {number: bytes(record) for number, record in self._tables.rows(
            "SELECT number, record FROM {}.passage WHERE number = ANY(%s)", [list(numbers)])}

    def _record_of(self, number: int) -> bytes | None:
        return self._one("SELECT record FROM {}.passage WHERE number = %s", number)

    def _source_record(self, source_id: str) -> bytes | None:
        return self._one("SELECT record FROM {}.source WHERE id = %s", source_id)

    def _hashes_of(self, block: int) -> bytes:
        return self._one("SELECT hashes FROM {}.proof WHERE block = %s", block) or b""

    def _ends_of(self, source_id: str) -> Any:
        return self._tables.rows("SELECT min(number), max(number) FROM {}.passage WHERE source_id = %s", [source_id])[0]

    def _one(self, query: str, key: object) -> bytes | None:
        rows = self._tables.rows(query, [key])
        return bytes(rows[0][0]) if rows else None

    def _wrong(self, what: str) -> IndexCorrupt:
        return self._tables.wrong(what)


class Filter:
    """Only these sources and kinds of source; empty: any. ``rows``: how many vectors fit, -1 where all do.

    Raises BadInput when none does.
    """

    def __init__(self, tables: Tables, sources: Sequence[str] = (), kinds: Sequence[str] = ()) -> None:
        named = {"source_id": list(sources), "kind": list(kinds)}
        self.values = {column: values for column, values in named.items() if values}
        self.sql = " AND ".join(f"{column} = ANY(%({column})s)" for column in self.values) or "true"
        counted = "SELECT count(*) FROM {}.near WHERE <filter>".replace("<filter>", self.sql)
        self.rows = tables.rows(counted, self.values)[0][0] if self.values else -1
        if not self.rows:
            raise BadInput(f"No passage is of {' and '.join(', '.join(values) for values in self.values.values())}: name sources "
                           "by their ids, and kinds as in sources.toml.")


class PostgresVectorIndex:
    """Vectors of a generation in a database; its graph names the likeliest rows, which are compared in full."""

    def __init__(self, tables: Tables, dimensions: int, only: Filter) -> None:
        self._tables, self._only = tables, only
        every, graph = (query.replace("<filter>", only.sql).replace("<dimensions>", str(dimensions)) for query in (EVERY, GRAPH))
        # a narrow filter is compared in full; with a wide one the graph may give up before it finds any row
        self._ways = [graph] if only.rows < 0 else [every] if only.rows <= NARROW else [graph, every]

    def vectors(self, rows: Rows) -> Vectors:
        vectors = self._by_number("SELECT number, halfvec_send(vector) FROM {}.near WHERE number = ANY(%(numbers)s)", rows, {})
        return np.stack([half(raw) for raw in vectors]).astype(np.float32)

    def cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        return np.array(self._by_number(COSINES, rows, {"vector": vector_literal(vector)}), np.float32)

    def _by_number(self, query: str, rows: Rows, values: dict[str, Any]) -> list[Any]:
        numbers = [int(row) for row in rows]
        by_number = dict(self._tables.rows(query, {**values, "numbers": numbers}))
        if missing := [number for number in numbers if number not in by_number]:
            raise self._tables.wrong(f"The vector {missing[0]}")
        return [by_number[number] for number in numbers]

    def nearest(self, vector: Vectors, count: int) -> tuple[Rows, Vectors]:
        """The ``count`` nearest rows, nearest first, and their cosines in full."""
        values = {**self._only.values, "vector": vector_literal(vector), "compared": max(COMPARED, count), "count": count}
        rows: list[tuple[Any, ...]] = []
        for way in self._ways:
            rows = rows or self._tables.rows(BEST_ROWS.replace("<found>", way), values)
        return np.array([number for number, _ in rows], np.int64), np.array([cosine for _, cosine in rows], np.float32)


class PostgresWordIndex:
    """BM25 over the passages of a generation in a database: the same figures as from the keyword files of a folder."""

    def __init__(self, tables: Tables, passages: int, only: Filter) -> None:
        self._tables, self._passages, self._only = tables, passages, only
        self._common: dict[str, int] = dict(tables.rows(
            "SELECT stem, sum(seen)::bigint AS among FROM {}.word GROUP BY stem ORDER BY among DESC, stem LIMIT %s", [COMMON]))

    def within(self, only: Filter) -> PostgresWordIndex:
        """The same with a filter; the words that are held stay held once."""
        narrowed = copy.copy(self)
        narrowed._only = only
        return narrowed

    def seen(self, word: str) -> int:
        """Passages that hold a stem. Those of a question are not remembered: only what the texts hold is."""
        if word in self._common or len(self._common) < COMMON:
            return self._common.get(word, 0)
        return int(self._tables.rows("SELECT coalesce(sum(seen), 0) FROM {}.word WHERE stem = %s", [word])[0][0])

    def known(self, word: str) -> bool:
        return bool(self.seen(word))

    def idf(self, word: str) -> float:
        return idf(self._passages, self.seen(word))

    def best(self, words: Sequence[str], count: int) -> tuple[Rows, Vectors]:
        asked = Counter(word for word in words if self.known(word))
        if not asked:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        only = f"JOIN {{}}.passage USING (number) WHERE {self._only.sql}" if self._only.values else ""
        rows = self._tables.rows(BEST_WORDS.replace("<filter>", only), {
            **self._only.values, "stems": list(asked), "count": count,
            "weights": [times * self.idf(word) for word, times in asked.items()]})
        return np.array([number for number, _ in rows], np.int64), np.array([score for _, score in rows], np.float32)


class PostgresStore(VerifiedStore):
    """An opened generation of a database; it can be searched by source and kind."""

    def __init__(self, tables: Tables, folder: Path, manifest: dict[str, Any]) -> None:
        self.tables, self.manifest = tables, manifest
        count, rows, self._dimensions = (int(manifest[key]) for key in ("passages", "rows", "dimensions"))
        self._words = PostgresWordIndex(tables, count, Filter(tables))
        super().__init__(PostgresTexts(tables, folder, manifest["inputs"]["sources"], count), self._words,
                         PostgresVectorIndex(tables, self._dimensions, Filter(tables)), np.load(folder / ASKED),
                         np.load(folder / SUBJECTS), rows)

    def only(self, sources: Sequence[str] = (), kinds: Sequence[str] = ()) -> PostgresStore:
        narrowed, only = copy.copy(self), Filter(self.tables, sources, kinds)
        narrowed.vector_index = PostgresVectorIndex(self.tables, self._dimensions, only)
        narrowed.word_index = self._words.within(only)
        return narrowed

    def verify(self) -> None:
        from assistant.index.stores.postgres.verify import verify  # it reads a store

        verify(self)
