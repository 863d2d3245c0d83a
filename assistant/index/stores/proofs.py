"""number or id -> a passage or source whose every word was verified on read, against a tree of hashes.

    texts.sqlite    source(id, record), passage(number, source_id, record)
    proofs.bin      sha256 of each passage record, 32 bytes each, in order
    roots.bin       sha256 of each BLOCK of those; the manifest vouches for this file, so opening reads no more than it

A passage is cut from its source's text when it is read: its record must be the one whose hash stands at its number, the block
of that hash the one under the root, and the source the one that the manifest names.

Who reads for people asks with ``try_get``, ``get`` or ``values``: what fails its proof is withheld, counted and logged, and the
rest is shown. Who builds or checks asks with ``[]``, which raises IndexCorrupt.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence, ValuesView
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

from assistant.atomic_files import write
from assistant.errors import IndexCorrupt
from assistant.index.inputs import has_its_text, source_sha256
from assistant.index.serialization import WAY_OUT, canonical, passage_record, read_passage, read_source
from assistant.schema import Passage, Source

TEXTS, PROOFS, ROOTS = "texts.sqlite", "proofs.bin", "roots.bin"
BLOCK = 4096  # hashes under one root: 128 KB are read and hashed to verify a passage
HASH = 32  # bytes
REMEMBERED = 256  # blocks and sources held once they are verified

log = logging.getLogger(__name__)


class VerifiedTexts:
    """Passages and sources of a large generation, read and verified one by one. Threads may share it."""

    def __init__(self, folder: Path, sources: Mapping[str, str], passages: int) -> None:
        self._folder, self.expected, self._count = folder, sources, passages  # ``sources``: hash by id
        self.withheld = 0  # times that something failed its proof and was left out
        self._roots = (folder / ROOTS).read_bytes()
        self._block = lru_cache(REMEMBERED)(self._read_block)
        self.source = lru_cache(REMEMBERED)(self._read_source)
        self._open()
        if len(self._roots) != HASH * math.ceil(passages / BLOCK):
            raise IndexCorrupt(f"{folder / ROOTS} is not that of {passages} passages: {WAY_OUT}")

    def __len__(self) -> int:
        return self._count

    def passage(self, number: int) -> Passage:
        """Raises IndexCorrupt when it is not what was indexed."""
        return self.verify(number, self._record_of(number))

    def verify(self, number: int, row: bytes | None) -> Passage:
        """The passage of a record that was read. Raises IndexCorrupt when it is not the one that was indexed at its number."""
        block, at = divmod(number, BLOCK)
        if row is None or hashlib.sha256(row).digest() != self._block(block)[at * HASH:(at + 1) * HASH]:
            raise self._wrong(f"Passage {number}")
        entry = json.loads(row)
        passage = read_passage(entry, self.source(entry["source_id"]).text)
        if passage is None:
            raise self._wrong(f"A passage of {entry['source_id']}")
        return passage

    def try_get(self, numbers: Sequence[int]) -> list[Passage | None]:
        """The same of many for showing them: None for each that is not what was indexed."""
        records = self._records(numbers)
        return [self._try_get(number, records.get(number)) for number in numbers]

    def _try_get(self, number: int, record: bytes | None) -> Passage | None:
        try:
            return self.verify(number, record)
        except IndexCorrupt as error:
            self._withhold(error)
            return None

    def try_get_source(self, source_id: str) -> Source | None:
        """The same of a source. Raises KeyError for one that is not there."""
        try:
            return self.source(source_id)
        except IndexCorrupt as error:
            self._withhold(error)
            return None

    def passages_of(self, source_id: str) -> tuple[Passage, ...]:
        """Those of a source that are what was indexed. Raises KeyError for one that is not there."""
        try:
            records = self._records_of(source_id)
        except IndexCorrupt as error:
            self._withhold(error)
            return ()
        whole = [passage for number, record in records if (passage := self._try_get(number, record))]
        own = tuple(passage for passage in whole if passage.source_id == source_id)
        if len(own) < len(whole):  # nothing vouches for the column that they were found by
            self._withhold(self._wrong(f"The list of passages of {source_id}"))
        return own

    def _records_of(self, source_id: str) -> list[tuple[int, bytes | None]]:
        self.source(source_id)  # one that is not what was indexed has no passage to show
        return [(number, self._record_of(number)) for number in self.numbers_of(source_id)]

    def _withhold(self, error: IndexCorrupt) -> None:
        """Tells number or source, never a word of either."""
        self.withheld += 1
        log.error("Something was withheld: %s", error)

    def numbers_of(self, source_id: str) -> range:
        """The numbers of a source's passages; they stand together. Raises KeyError for one that is not there."""
        if source_id not in self.expected:
            raise KeyError(source_id)
        ends = self._ends_of(source_id)
        return range(ends[0], ends[1] + 1) if ends and ends[0] is not None else range(0)

    def _read_source(self, source_id: str) -> Source:
        """Raises KeyError, or IndexCorrupt when it is not what was indexed."""
        expected = self.expected[source_id]
        row = self._source_record(source_id)
        try:
            source = read_source(json.loads(row)) if row else None
        except (ValueError, KeyError, TypeError):  # nothing vouches for the record before it is read
            source = None
        if source is None or source.id != source_id or source_sha256(source) != expected or not has_its_text(source):
            raise self._wrong(f"The source {source_id}")
        return source

    def _read_block(self, number: int) -> bytes:
        block = self._hashes_of(number)
        if hashlib.sha256(block).digest() != self._roots[number * HASH:(number + 1) * HASH]:
            raise self._wrong(f"The proof of passage {number * BLOCK}")
        return block

    # ---- what is read, and from where; a database has its own (see ``postgres.store``)

    def _open(self) -> None:
        self._local = threading.local()  # SQLite's connections belong to one thread each
        self._proofs = os.open(self._folder / PROOFS, os.O_RDONLY)
        weakref.finalize(self, os.close, self._proofs)

    def _records(self, numbers: Sequence[int]) -> dict[int, bytes | None]:
        return {number: self._record_of(number) for number in numbers}

    def _record_of(self, number: int) -> bytes | None:
        return self._row("SELECT record FROM passage WHERE number = ?", number)

    def _source_record(self, source_id: str) -> bytes | None:
        return self._row("SELECT record FROM source WHERE id = ?", source_id)

    def _ends_of(self, source_id: str) -> Any:
        """The numbers of a source's first and last passage."""
        return self._query("SELECT min(number), max(number) FROM passage WHERE source_id = ?", source_id)

    def _hashes_of(self, block: int) -> bytes:
        return os.pread(self._proofs, BLOCK * HASH, block * BLOCK * HASH)

    def _row(self, query: str, key: object) -> bytes | None:
        row = self._query(query, key)
        return row[0].encode() if row and isinstance(row[0], str) else None

    def _query(self, query: str, key: object) -> Any:
        try:
            if not hasattr(self._local, "connection"):
                self._local.connection = sqlite3.connect(f"file:{self._folder / TEXTS}?mode=ro&immutable=1", uri=True)
            return self._local.connection.execute(query, (key,)).fetchone()
        except sqlite3.Error as error:
            raise self._wrong(f"The store of texts ({type(error).__name__})") from error

    def _wrong(self, what: str) -> IndexCorrupt:
        return IndexCorrupt(f"{what} in {self._folder} is not what was indexed: {WAY_OUT}", part=what)


class Passages(Sequence[Passage]):
    """All passages of a large generation; each is read and verified when it is taken."""

    def __init__(self, verified: VerifiedTexts) -> None:
        self._verified = verified

    def __len__(self) -> int:
        return len(self._verified)

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, number: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(number, slice):
            return tuple(self._verified.passage(at) for at in range(*number.indices(len(self))))
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return self._verified.passage(int(number) % len(self))


class Sources(Mapping[str, Source]):
    """All sources of a large generation by id; each is read and verified when it is taken.

    ``get`` and ``values`` leave out what is not what was indexed; [] raises IndexCorrupt.
    """

    def __init__(self, verified: VerifiedTexts) -> None:
        self._verified, self._ids = verified, dict.fromkeys(verified.expected)

    def __getitem__(self, source_id: str) -> Source:
        return self._verified.source(source_id)

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._ids

    def get(self, source_id: str, default: Any = None) -> Any:
        return (self._verified.try_get_source(source_id) if source_id in self._ids else None) or default

    def values(self) -> ValuesView[Source]:
        return _Whole(self)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


class _Whole(ValuesView[Source]):
    """The sources that are what was indexed."""

    def __init__(self, sources: Sources) -> None:
        super().__init__(sources)
        self._sources = sources

    def __iter__(self) -> Iterator[Source]:
        return (source for source_id in self._sources if (source := self._sources.get(source_id)))


def write_texts(draft: Path, sources: Iterable[Source], passages: Sequence[Passage]) -> list[str]:
    """Write the words of a large generation and what verifies them; returns the names of the files too large to be hashed
    whenever they are opened."""
    records = [canonical(passage_record(passage)) for passage in passages]
    with sqlite3.connect(draft / TEXTS) as store:
        store.execute("PRAGMA journal_mode = OFF")
        store.execute("CREATE TABLE source(id TEXT PRIMARY KEY, record TEXT) WITHOUT ROWID")
        store.execute("CREATE TABLE passage(number INTEGER PRIMARY KEY, source_id TEXT, record TEXT)")
        store.executemany("INSERT INTO source VALUES (?, ?)",
                          ((source.id, canonical(asdict(source)).decode()) for source in sources))
        store.executemany("INSERT INTO passage VALUES (?, ?, ?)",
                          ((number, passage.source_id, record.decode())
                           for number, (passage, record) in enumerate(zip(passages, records, strict=True))))
        store.execute("CREATE INDEX of_source ON passage(source_id)")
    store.close()
    hashes = [hashlib.sha256(record).digest() for record in records]
    blocks = [b"".join(hashes[start:start + BLOCK]) for start in range(0, len(hashes), BLOCK)]
    write(draft / PROOFS, b"".join(blocks))
    write(draft / ROOTS, b"".join(hashlib.sha256(block).digest() for block in blocks))
    return [TEXTS, PROOFS]
