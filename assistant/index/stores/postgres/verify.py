"""every row of a generation in a database -> nothing, or the first that is not what was published.

A question verifies what it quotes; this is for ``check``, which reads everything.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np

from assistant.index.bm25 import tokens
from assistant.index.serialization import searched
from assistant.index.stores.postgres.catalog import pieces
from assistant.index.stores.postgres.rows import PART, half, postings_of
from assistant.index.stores.postgres.store import PostgresStore
from assistant.index.stores.proofs import BLOCK
from assistant.index.vectors import EXACT_FILE, STORED
from assistant.schema import Passage


def verify(store: PostgresStore) -> None:
    """Read every row and every small file. Raises IndexCorrupt, which names the first that is not what was published."""
    count, total, expected = len(store.texts), len(store.texts) + len(store.asked), store.manifest["inputs"]["sources"]
    for file, sha256 in store.manifest["files"].items():
        for _ in pieces(store.tables.database, file, sha256):
            pass
    for source_id in expected:
        store.texts.source(source_id)
    there = store.tables.rows("SELECT (SELECT count(*) FROM {}.source), (SELECT count(*) FROM {}.passage), "
                               "(SELECT count(*) FROM {}.near), (SELECT count(*) FROM {}.proof)")
    if there != [(len(expected), count, total, math.ceil(count / BLOCK))]:
        raise store.tables.wrong(f"The number of rows in {store.tables.schema}")
    _verify_words(store, count)
    _verify_vectors(store, total)


def _passages(store: PostgresStore, start: int) -> list[Passage]:
    """At most PART passages from number ``start`` on, each verified."""
    held = []
    for number, source_id, kind, record in store.tables.rows(
            "SELECT number, source_id, kind, record FROM {}.passage WHERE number >= %s AND number < %s ORDER BY number",
            (start, start + PART)):
        passage = store.texts.verify(number, bytes(record))
        if (source_id, kind) != (passage.source_id, store.texts.source(source_id).kind):
            raise store.tables.wrong(f"Passage {number}")
        held.append(passage)
    return held


def _stems(store: PostgresStore, start: int) -> list[list[str]]:
    return tokens([searched(passage) for passage in _passages(store, start)])


def _verify_words(store: PostgresStore, count: int) -> None:
    """Passages, and the words that they are found by; read twice, as the figures need the mean length of all."""
    parts = range(0, count, PART)
    mean = sum(len(words) for start in parts for words in _stems(store, start)) / count
    if store.tables.rows("SELECT count(*) FROM {}.word WHERE part >= %s", [len(parts)]) != [(0,)]:
        raise store.tables.wrong(f"The number of rows of {store.tables.schema}.word")
    for start in parts:
        words = postings_of(_stems(store, start), start, mean)
        stored = store.tables.rows("SELECT stem, part, seen, numbers, impacts FROM {}.word WHERE part = %s", [start // PART])
        if _by_stem(words) != _by_stem(stored):
            raise store.tables.wrong("A word")


def _by_stem(rows: Any) -> dict[str, tuple[Any, ...]]:
    """Rows of ``word`` by stem, with figures as the database holds them."""
    return {stem: (part, seen, list(numbers), np.array(impacts, np.float32).tolist())
            for stem, part, seen, numbers, impacts in rows}


def _verify_vectors(store: PostgresStore, total: int) -> None:
    """The manifest's hash of the file of vectors is that of the rows in order; each names its own passage's source."""
    hashed, count = hashlib.sha256(), len(store.texts)
    for start in range(0, total, BLOCK):
        leads = {number: number if number < count else int(store.asked[number - count])
                 for number in range(start, min(start + BLOCK, total))}
        owners = {number: owner for number, *owner in store.tables.rows(
            "SELECT number, source_id, kind FROM {}.passage WHERE number = ANY(%s)", [sorted(set(leads.values()))])}
        for number, source_id, kind, raw in store.tables.rows(
                "SELECT number, source_id, kind, halfvec_send(vector) FROM {}.near WHERE number >= %s AND number < %s "
                "ORDER BY number", (start, start + BLOCK)):
            if [source_id, kind] != owners.get(leads.get(number, -1)):
                raise store.tables.wrong(f"The vector {number}")
            hashed.update(half(raw).astype(STORED).tobytes())
    if hashed.hexdigest() != store.manifest["mapped"][EXACT_FILE]["sha256"]:
        raise store.tables.wrong("A vector")
