"""a generation of the large kind in a folder -> tables of a database, in one transaction; and back.

    small files -> answers.pieces      texts, proofs, vectors, words -> answers_<hash>.*      name -> answers.published

Rows, graph and the switch become visible together or not at all, whatever is killed when. Rolling back is one transaction too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from assistant.errors import AssistantError, BadInput, BuildFailed, IndexMissing
from assistant.index.bm25 import tokens
from assistant.index.generation import MANIFEST, current, verify
from assistant.index.index import Index
from assistant.index.serialization import canonical, passage_record, searched
from assistant.index.stores.mapped import MappedStore
from assistant.index.stores.postgres.catalog import KEEP, PIECE, kept, published, schema
from assistant.index.stores.postgres.connection import Database
from assistant.index.stores.postgres.rows import PART, half, postings_of, vector_literal
from assistant.index.stores.proofs import BLOCK, HASH, PROOFS

M, BUILD_DEPTH = 24, 100  # of the graph (docs/scaling.md)
LARGEST = 4_000  # dimensions that the graph takes
LOCK = 20261125  # one publisher at a time
AT_ONCE = 1_000  # rows read from a generation at a time
CHECKED, ROUNDED = 12, 0.002  # rows that are read again once they were sent, and what 16 bits may change

SCHEMA = """
CREATE EXTENSION IF NOT EXISTS vector;
CREATE SCHEMA IF NOT EXISTS answers;
CREATE TABLE IF NOT EXISTS answers.generations (name text PRIMARY KEY, turn bigint NOT NULL UNIQUE, manifest bytea NOT NULL,
    rolled_back boolean NOT NULL DEFAULT false);
CREATE TABLE IF NOT EXISTS answers.published (one boolean PRIMARY KEY DEFAULT true CHECK (one),
    name text NOT NULL REFERENCES answers.generations);
CREATE TABLE IF NOT EXISTS answers.pieces (sha256 text, piece int, content bytea NOT NULL, PRIMARY KEY (sha256, piece));
"""
TABLES = """
DROP SCHEMA IF EXISTS {0} CASCADE;
CREATE SCHEMA {0};
CREATE TABLE {0}.source (id text PRIMARY KEY, record bytea NOT NULL);
CREATE TABLE {0}.passage (number bigint PRIMARY KEY, source_id text NOT NULL, kind text NOT NULL, record bytea NOT NULL);
CREATE TABLE {0}.proof (block bigint PRIMARY KEY, hashes bytea NOT NULL);
CREATE TABLE {0}.near (number bigint PRIMARY KEY, source_id text NOT NULL, kind text NOT NULL, vector halfvec({1}) NOT NULL);
CREATE TABLE {0}.word (stem text, part int, seen int NOT NULL, numbers int[] NOT NULL, impacts real[] NOT NULL,
    PRIMARY KEY (stem, part));
"""
STORED = "SELECT halfvec_send(vector) FROM {0}.near WHERE number = %s"
NEAREST = "SELECT number, -(vector <#> %s::halfvec) FROM {0}.near ORDER BY vector <#> %s::halfvec LIMIT 10"
INDEXES = """
CREATE INDEX ON {0}.passage (source_id);
CREATE INDEX ON {0}.near (source_id);
CREATE INDEX ON {0}.near (kind);
CREATE INDEX ON {0}.near USING hnsw (vector halfvec_ip_ops) WITH (m = {1}, ef_construction = {2});
ANALYZE {0}.source, {0}.passage, {0}.proof, {0}.near, {0}.word;
"""
FORGET = """
DELETE FROM answers.pieces WHERE sha256 NOT IN (SELECT file.value FROM answers.generations,
    jsonb_each_text(convert_from(manifest, 'UTF8')::jsonb -> 'files') AS file)
"""


def ready(database: Database) -> None:
    """Raises Unreachable, BadInput or BuildFailed when nothing can be published there: before a long build, not after it."""
    with database.transaction() as connection:
        _prepared(connection)


def deliver(database: Database, index: Path) -> str:
    """Publish what is published in an index folder; returns why there was nothing to do, or ""."""
    name, known = current(index).name, kept(database)
    try:
        live = published(database)
    except IndexMissing:
        live = ""
    if name == live:
        return f"Nothing changed: {name} stays published."
    if known.get(name):
        return (f"These sources gave {name}, which was rolled back: {live} stays published until something changes "
                "(`build --force` publishes them again).")
    publish(database, Index.open(index, load_encoder=False))
    return ""


def publish(database: Database, index: Index) -> str:
    """Copy a generation into the database and put it in service, in one transaction. Returns its name.

    Raises BadInput (it is of the small kind, or this user may not publish), Unreachable, BuildFailed.
    """
    if not isinstance(index.store, MappedStore):
        raise BadInput(f"{index.folder} is a small index: a database takes the kind `codes` (`build --nearest codes`).")
    with database.transaction() as connection:
        _prepared(connection)
        if not connection.execute("SELECT 1 FROM answers.generations WHERE name = %s", (index.name,)).fetchone():
            _copy(connection, index, index.store)
        connection.execute("UPDATE answers.generations SET rolled_back = false, turn = (SELECT max(turn) + 1 FROM "
                           "answers.generations) WHERE name = %s", (index.name,))
        _switch(connection, index.name)
        gone = connection.execute("SELECT name FROM answers.generations WHERE name NOT IN (SELECT name FROM answers.published) "
                                  "ORDER BY rolled_back, turn DESC OFFSET %s", (KEEP - 1,)).fetchall()
        for (name,) in gone:
            connection.execute(f"DROP SCHEMA IF EXISTS {schema(name)} CASCADE")
            connection.execute("DELETE FROM answers.generations WHERE name = %s", (name,))
        connection.execute(FORGET)
    return index.name


def rollback(database: Database) -> tuple[str, str]:
    """Put the generation before the one in service back; returns both names.

    It is opened as a reader would before the switch. Raises BadInput when there is none, IndexCorrupt when it is not whole,
    Unreachable, BuildFailed.
    """
    with database.transaction() as connection:
        _prepared(connection)
        live = published(database)
        earlier = connection.execute(
            "SELECT name FROM answers.generations WHERE turn < (SELECT turn FROM answers.generations WHERE name = %s) AND NOT "
            "rolled_back ORDER BY turn DESC LIMIT 1", (live,)).fetchone()
        if earlier is None:
            raise BadInput(f"There is no earlier generation in {database} to go back to: `python -m assistant build` makes a new "
                           "one.")
        try:
            Index.open(database, load_encoder=False, name=earlier[0])
        except AssistantError as error:
            raise type(error)(f"The generation before the published one is not whole, so nothing was changed: {error}",
                              **error.evidence) from error
        connection.execute("UPDATE answers.generations SET rolled_back = true WHERE name = %s", (live,))
        _switch(connection, earlier[0])
    return str(earlier[0]), live


def _prepared(connection: Any) -> None:
    """Take the lock, and make what all generations share. Raises BadInput for a database that is not in UTF-8."""
    connection.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")  # a graph takes long
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    if connection.execute("SHOW server_encoding").fetchone() != ("UTF8",):
        raise BadInput("The database is not in UTF-8: make one with `createdb --encoding UTF8`.")
    if connection.execute("SELECT to_regclass('answers.pieces')").fetchone() == (None,):
        connection.execute(SCHEMA)


def _switch(connection: Any, name: str) -> None:
    connection.execute("INSERT INTO answers.published (name) VALUES (%s) ON CONFLICT (one) DO UPDATE SET name = excluded.name",
                       (name,))


def _copy(connection: Any, index: Index, store: MappedStore) -> None:
    into, count, total = schema(index.name), len(index.passages), len(index.passages) + len(store.asked)
    manifest = verify(index.folder, mapped=True)  # what is copied is what the manifest vouches for
    connection.execute("INSERT INTO answers.generations SELECT %s, coalesce(max(turn), 0) + 1, %b FROM answers.generations",
                       (index.name, (index.folder / MANIFEST).read_bytes()))
    for file, sha256 in manifest["files"].items():
        _copy_file(connection, index.folder / file, sha256)
    dimensions = int(manifest["dimensions"])
    if dimensions > LARGEST:
        raise BadInput(f"The vectors have {dimensions} dimensions, the database takes {LARGEST}.")
    connection.execute(TABLES.format(into, dimensions))
    for table, rows in (("source", ((source.id, canonical(asdict(source))) for source in index.sources.values())),
                        ("proof", _proofs(index.folder / PROOFS)), ("passage", _passages(index)),
                        ("near", _vectors(index, store, count, total)), ("word", _words(index))):
        with connection.cursor().copy(f"COPY {into}.{table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    connection.execute(INDEXES.format(into, M, BUILD_DEPTH))
    _verify_copy(connection, index, into, total)


def _verify_copy(connection: Any, index: Index, into: str, total: int) -> None:
    """Some vectors are what the folder has, and the graph leads to most. Raises BuildFailed, and all is taken back."""
    missed = 0
    for number in sorted({int(place) for place in np.linspace(0, total - 1, CHECKED)}):
        vector = index.store.vectors(np.array([number]))[0]
        ((raw,),) = connection.execute(STORED.format(into), (number,)).fetchall()
        near = dict(connection.execute(NEAREST.format(into), [vector_literal(vector)] * 2).fetchall())
        missed += bool(vector.any() and number not in near and min(near.values(), default=-1) < 1 - ROUNDED)
        if not np.allclose(half(raw).astype(np.float32), vector, atol=ROUNDED) or missed > CHECKED / 4:
            raise BuildFailed(f"The vector {number} did not come back from the database as it was sent, so nothing was "
                              "published: build again.", row=number)


def _copy_file(connection: Any, path: Path, sha256: str) -> None:
    """A small file in pieces, unless another generation brought it and it is still whole."""
    if connection.execute("SELECT encode(sha256(string_agg(content, ''::bytea ORDER BY piece)), 'hex') FROM answers.pieces "
                          "WHERE sha256 = %s", (sha256,)).fetchone() == (sha256,):
        return
    connection.execute("DELETE FROM answers.pieces WHERE sha256 = %s", (sha256,))
    with path.open("rb") as stream:
        for piece, content in enumerate(iter(lambda: stream.read(PIECE), b"")):
            connection.execute("INSERT INTO answers.pieces VALUES (%s, %s, %b)", (sha256, piece, content))


def _proofs(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as stream:
        yield from enumerate(iter(lambda: stream.read(BLOCK * HASH), b""))


def _passages(index: Index) -> Iterator[tuple[Any, ...]]:
    for number in range(len(index.passages)):
        passage = index.passages[number]
        yield (number, passage.source_id, index.sources[passage.source_id].kind, canonical(passage_record(passage)))


def _vectors(index: Index, store: MappedStore, count: int, total: int) -> Iterator[tuple[Any, ...]]:
    """Rows of passages, then of asked-as questions, with the source that they lead to."""
    for start in range(0, total, AT_ONCE):
        numbers = np.arange(start, min(start + AT_ONCE, total))
        for number, vector in zip(numbers.tolist(), index.store.vectors(numbers), strict=True):
            owner = index.passages[number if number < count else int(store.asked[number - count])]
            yield number, owner.source_id, index.sources[owner.source_id].kind, vector_literal(vector)


def _words(index: Index) -> Iterator[Sequence[Any]]:
    """Passages are read twice: the figures need the mean length of all."""
    count = len(index.passages)
    parts = [range(start, min(start + PART, count)) for start in range(0, count, PART)]
    mean = sum(len(words) for part in parts for words in _stems(index, part)) / count
    for part in parts:
        yield from postings_of(_stems(index, part), part.start, mean)


def _stems(index: Index, numbers: range) -> list[list[str]]:
    return tokens([searched(index.passages[number]) for number in numbers])
