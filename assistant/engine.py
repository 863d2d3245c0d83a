"""a generation -> tables of a PostgreSQL database with pgvector -> hybrid hits, for more than one machine. Owns psycopg.

    generations   name, created, manifest, rolled_back         one row a generation
    published     the one row that names the generation in service
    g_<hash>      number, source_id, kind, tier, heading, words, sha256, record, vector halfvec, stems tsvector

Publishing is one transaction: rows, indexes and the switch become visible together or not at all, whatever is killed when.
Rolling back is one UPDATE. A question is one statement: the nearest by vector and the best by words, filtered, joined by
reciprocal rank (Cormack, Clarke and Buettcher 2009). The words that come back are checked against their hash.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import BadInput, BuildFailed, EncoderMismatch, IndexCorrupt
from assistant.generation import MANIFEST
from assistant.index import Index
from assistant.keywords import tokens
from assistant.records import passage_record, searched, text_sha256

if TYPE_CHECKING:
    from assistant.embedding import Vectors

KEEP = 3  # generations, the published one included, as in an index folder
M, BUILD_DEPTH, SEARCH_DEPTH = 24, 100, 200  # of the graph: recall@10 0.98 to 0.995 at 100,000 (docs/scaling.md)
POOL = 100  # hits of each of the two lists that are joined
RECIPROCAL = 60  # the constant of the paper
LOCK = 20261125  # one publisher at a time
AT_ONCE = 1_000  # rows read from a generation at a time
LARGEST = 16_000  # halfvec holds up to so many dimensions

SCHEMA = """
CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE IF NOT EXISTS generations (name text PRIMARY KEY, created text NOT NULL, manifest jsonb NOT NULL,
    rolled_back boolean NOT NULL DEFAULT false);
CREATE TABLE IF NOT EXISTS published (one boolean PRIMARY KEY DEFAULT true CHECK (one),
    name text NOT NULL REFERENCES generations);
"""
HYBRID = """
WITH near AS (
    SELECT number, row_number() OVER (ORDER BY distance, number) AS place FROM (
        SELECT number, vector <=> %(vector)s::halfvec AS distance FROM {table} WHERE {filter}
        ORDER BY vector <=> %(vector)s::halfvec LIMIT %(pool)s) AS nearest),
worded AS (
    SELECT number, row_number() OVER (ORDER BY score DESC, number) AS place FROM (
        SELECT number, ts_rank(stems, query) AS score FROM {table}, to_tsquery('simple', %(stems)s) AS query
        WHERE stems @@ query AND {filter} ORDER BY score DESC LIMIT %(pool)s) AS best),
joined AS (
    SELECT number, sum(1.0 / (%(reciprocal)s + place)) AS score FROM (TABLE near UNION ALL TABLE worded) AS both_lists
    GROUP BY number ORDER BY score DESC, number LIMIT %(keep)s)
SELECT number, joined.score::float8, 1 - (vector <=> %(vector)s::halfvec), source_id, heading, words, sha256, record
FROM joined JOIN {table} USING (number) ORDER BY joined.score DESC, number
"""


@dataclass(frozen=True)
class EngineHit:
    """A passage that the database found. ``score`` only orders; ``cosine`` is -1..1; ``start``, ``end`` as in a citation."""

    rank: int
    score: float
    cosine: float
    source_id: str
    heading: str
    start: int
    end: int
    exact: str
    generation: str


class Engine:
    """A database that holds generations. ``address``: a PostgreSQL connection string."""

    def __init__(self, address: str) -> None:
        self._address = address

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Any]:
        """A connection whose transaction is committed at the end, or undone. Raises BadInput, BuildFailed."""
        try:
            import psycopg
        except ModuleNotFoundError:
            raise BadInput('The database client is not installed: run `pip install -e ".[engine]"`.') from None
        try:
            connection = psycopg.connect(self._address, connect_timeout=10)
        except (psycopg.OperationalError, psycopg.ProgrammingError):
            raise BadInput("The database cannot be reached: check that it runs and that the address is right.") from None
        try:
            with connection:
                yield connection
        except psycopg.Error as error:
            raise BuildFailed(f"The database stopped before it was done ({type(error).__name__}): what was published there "
                              "before is unchanged; try again.") from error

    def publish(self, index: Index) -> str:
        """Copy a generation into the database and put it in service, in one transaction. Returns its name."""
        dimensions = index.vectors(_numbers(0, 1)).shape[1]
        if dimensions > LARGEST:
            raise BadInput(f"The vectors have {dimensions} dimensions, the database takes {LARGEST}.")
        table = _table(index.name)
        with self._connected() as connection:
            connection.execute(SCHEMA)
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            manifest = json.loads((index.folder / MANIFEST).read_bytes())
            if not connection.execute("SELECT 1 FROM generations WHERE name = %s", (index.name,)).fetchone():
                connection.execute(
                    f"CREATE TABLE {table} (number bigint PRIMARY KEY, source_id text, kind text, tier text, heading text, "
                    f"words text, sha256 text, record jsonb, vector halfvec({dimensions}), stems tsvector)")
                with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    for row in _rows(index):
                        copy.write_row(row)
                connection.execute(f"CREATE INDEX ON {table} USING hnsw (vector halfvec_cosine_ops) "
                                   f"WITH (m = {M}, ef_construction = {BUILD_DEPTH})")
                connection.execute(f"CREATE INDEX ON {table} USING gin (stems)")
                connection.execute(f"CREATE INDEX ON {table} (source_id)")
                connection.execute("INSERT INTO generations VALUES (%s, %s, %s)",
                                   (index.name, index.created, json.dumps(manifest)))
            connection.execute("UPDATE generations SET rolled_back = false WHERE name = %s", (index.name,))
            _switch(connection, index.name)
            gone = connection.execute("SELECT name FROM generations WHERE name NOT IN (SELECT name FROM published) "
                                      "ORDER BY rolled_back, name DESC OFFSET %s", (KEEP - 1,)).fetchall()
            for (name,) in gone:
                connection.execute(f"DROP TABLE {_table(name)}")
                connection.execute("DELETE FROM generations WHERE name = %s", (name,))
        return index.name

    def rollback(self) -> tuple[str, str]:
        """Put the generation before the one in service back; returns both names. Raises BadInput when there is none."""
        with self._connected() as connection:
            connection.execute(SCHEMA)
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            live = self._published(connection)
            found = connection.execute("SELECT name FROM generations WHERE name < %s AND NOT rolled_back ORDER BY name DESC "
                                       "LIMIT 1", (live,)).fetchone()
            if found is None:
                raise BadInput("There is no earlier generation in the database to go back to: publish another one.")
            connection.execute("UPDATE generations SET rolled_back = true WHERE name = %s", (live,))
            _switch(connection, found[0])
        return found[0], live

    def published(self) -> str:
        """The name of the generation in service. Raises BadInput when there is none."""
        with self._connected() as connection:
            connection.execute(SCHEMA)
            return self._published(connection)

    def search(self, question: str, vector: Vectors, keep: int = 10, *, sources: Sequence[str] = (), kinds: Sequence[str] = ()
               ) -> list[EngineHit]:
        """The ``keep`` best passages, of the given sources and kinds of source only where some are named.

        Raises IndexCorrupt when words that come back are not those whose hash was stored.
        """
        stems = " | ".join(sorted({word for word in tokens([question])[0] if re.fullmatch(r"\w+", word)}))
        wanted = " AND ".join(["true", *(f"{column} = ANY(%({column})s)" for column, values in
                                         (("source_id", sources), ("kind", kinds)) if values)])
        with self._connected() as connection:
            name = self._published(connection)
            connection.execute(f"SET LOCAL hnsw.ef_search = {SEARCH_DEPTH}")
            connection.execute("SET LOCAL hnsw.iterative_scan = strict_order")  # else a narrow filter finds nearly nothing
            rows = connection.execute(HYBRID.format(table=_table(name), filter=wanted), {
                "vector": _spelt(vector), "stems": stems, "pool": POOL, "keep": keep, "reciprocal": RECIPROCAL,
                "source_id": list(sources), "kind": list(kinds)}).fetchall()
        hits = []
        for place, (number, score, cosine, source_id, heading, words, sha256, record) in enumerate(rows, 1):
            if text_sha256(words) != sha256 or record["sha256"] != sha256:
                raise IndexCorrupt(f"Passage {number} of {name} in the database is not what was published: publish it again.",
                                   part=number)
            hits.append(EngineHit(place, score, cosine, source_id, heading, record["start"], record["end"], words, name))
        return hits

    def search_with(self, index: Index, question: str, keep: int, sources: Sequence[str] = (), kinds: Sequence[str] = ()
                    ) -> list[EngineHit]:
        """The same with the model of an index folder, the question widened by its glossary.

        Raises EncoderMismatch when the published vectors were made by another model.
        """
        with self._connected() as connection:
            name = self._published(connection)
            made = connection.execute("SELECT manifest -> 'inputs' -> 'encoder' ->> 'sha256' FROM generations WHERE name = %s",
                                      (name,)).fetchone()
        if index.encoder is None or made != (index.identity.sha256,):
            raise EncoderMismatch(f"The vectors of {name} in the database were made by another model than {index.folder} has: "
                                  "publish this index there.", found=made)
        widened, _ = index.glossary.widen(question)
        return self.search(widened, index.encoder.encode([widened])[0], keep, sources=sources, kinds=kinds)

    def _published(self, connection: Any) -> str:
        found = connection.execute("SELECT name FROM published").fetchone()
        if found is None:
            raise BadInput("The database holds no published generation: run `python -m assistant engine publish`.")
        return str(found[0])


def _switch(connection: Any, name: str) -> None:
    connection.execute("INSERT INTO published (name) VALUES (%s) ON CONFLICT (one) DO UPDATE SET name = excluded.name", (name,))


def _table(generation: str) -> str:
    """The table of a generation. Names are checked, so nothing but hexadecimal digits gets into a statement."""
    found = re.fullmatch(r"\d{8}T\d{12}Z-([0-9a-f]{16})", generation)
    if found is None:
        raise BadInput(f"{generation!r} is no name of a generation.")
    return f"g_{found[1]}"


def _rows(index: Index) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(index.passages), AT_ONCE):
        part = index.passages[start:start + AT_ONCE]
        vectors = index.vectors(_numbers(start, start + len(part)))
        stems = tokens([searched(passage) for passage in part])
        for number, (passage, vector, words) in enumerate(zip(part, vectors, stems, strict=True), start):
            source = index.sources[passage.source_id]
            yield (number, passage.source_id, source.kind, source.tier, passage.heading, passage.text, text_sha256(passage.text),
                   json.dumps(passage_record(passage)), _spelt(vector), _vector_of_words(words))


def _vector_of_words(words: Sequence[str]) -> str:
    """Stems as PostgreSQL spells a tsvector: 'bladder':1 'pain':2,5."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word.replace("'", "''").replace("\\", "\\\\"), []).append(min(place, 16_383))
    return " ".join(f"'{word}':{','.join(map(str, held[:255]))}" for word, held in places.items())


def _spelt(vector: Vectors) -> str:
    return "[" + ",".join(f"{value:.6g}" for value in vector.tolist()) + "]"


def _numbers(start: int, end: int) -> Any:
    import numpy as np

    return np.arange(start, end)
