"""a large corpus -> files that are opened in no time, and passages that are proved when they are taken. Owns tantivy.

What a whole index holds in memory lies here in files that are mapped, or read where a question leads:

    texts.sqlite    source(id, record), passage(number, source_id, record), first(source_id, number)
    proofs.bin      sha256 of each passage record, 32 bytes each, in order
    roots.bin       sha256 of each BLOCK of those; the manifest vouches for this file, so opening reads no more than it
    keywords/       BM25 over the same words as in a small index, mapped
    nearest.faiss, vectors.f16   rows of passages, then of asked-as questions (see ``nearest``)
    asked.npy       passage of each asked-as row;  subjects.npy  vectors of the examples of subjects not covered

A passage is cut from its source's text when it is taken: its record must be the one whose hash stands at its number, the block
of that hash the one under the root, and the source the one that the manifest names. Sentences have no vectors here.

Who reads for people asks with ``taken``, ``get`` or ``values``: what fails its proof is withheld, counted and logged, and the
rest is shown. Who builds or checks asks with ``[]``, which raises IndexCorrupt.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import os
import shutil
import sqlite3
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence, ValuesView
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from assistant.errors import IndexCorrupt
from assistant.index.bm25 import K1, B, tokens
from assistant.index.generation import canonical, write
from assistant.index.inputs import has_its_text, of_source
from assistant.index.serialization import WAY_OUT, passage_record, read_passage, read_source, searched
from assistant.index.vectors import Codes, Rows, Vectors, write_codes
from assistant.schema import Passage, Source

TEXTS, PROOFS, ROOTS, KEYWORDS, ASKED, SUBJECTS = ("texts.sqlite", "proofs.bin", "roots.bin", "keywords", "asked.npy",
                                                   "subjects.npy")
BLOCK = 4096  # hashes under one root: 128 KB are read and hashed to prove a passage
HASH = 32  # bytes
REMEMBERED = 256  # blocks and sources held once they are proved
WRITER_MEMORY = 256 << 20  # of the keyword index, while it is built

log = logging.getLogger(__name__)


class Proved:
    """Passages and sources of a large generation, read and proved one by one. Threads may share it."""

    def __init__(self, folder: Path, sources: Mapping[str, str], passages: int) -> None:
        self._folder, self._expected, self._count = folder, sources, passages
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
        return self.prove(number, self._record_of(number))

    def prove(self, number: int, row: bytes | None) -> Passage:
        """The passage of a record that was read. Raises IndexCorrupt when it is not the one that was indexed at its number."""
        block, at = divmod(number, BLOCK)
        if row is None or hashlib.sha256(row).digest() != self._block(block)[at * HASH:(at + 1) * HASH]:
            raise self._wrong(f"Passage {number}")
        entry = json.loads(row)
        passage = read_passage(entry, self.source(entry["source_id"]).text)
        if passage is None:
            raise self._wrong(f"A passage of {entry['source_id']}")
        return passage

    def taken(self, number: int) -> Passage | None:
        """The same for showing it: None when it is not what was indexed."""
        return self._taken(number, self._record_of(number))

    def _taken(self, number: int, record: bytes | None) -> Passage | None:
        try:
            return self.prove(number, record)
        except IndexCorrupt as error:
            self._withhold(error)
            return None

    def taken_source(self, source_id: str) -> Source | None:
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
        found = [passage for number, record in records if (passage := self._taken(number, record))]
        own = tuple(passage for passage in found if passage.source_id == source_id)
        if len(own) < len(found):  # nothing vouches for the column that they were found by
            self._withhold(self._wrong(f"The list of passages of {source_id}"))
        return own

    def _records_of(self, source_id: str) -> list[tuple[int, bytes | None]]:
        return [(number, self._record_of(number)) for number in self.numbers_of(source_id)]

    def _withhold(self, error: IndexCorrupt) -> None:
        """Tells number or source, never a word of either."""
        self.withheld += 1
        log.error("Something was withheld: %s", error)

    def numbers_of(self, source_id: str) -> range:
        """The numbers of a source's passages; they stand together."""
        self.source(source_id)  # KeyError for one that is not there
        found = self._ends_of(source_id)
        return range(found[0], found[1] + 1) if found and found[0] is not None else range(0)

    def _read_source(self, source_id: str) -> Source:
        """Raises KeyError, or IndexCorrupt when it is not what was indexed."""
        expected = self._expected[source_id]
        row = self._source_record(source_id)
        try:
            source = read_source(json.loads(row)) if row else None
        except (ValueError, KeyError, TypeError):  # nothing vouches for the record before it is read
            source = None
        if source is None or source.id != source_id or of_source(source) != expected or not has_its_text(source):
            raise self._wrong(f"The source {source_id}")
        return source

    def _read_block(self, number: int) -> bytes:
        block = self._hashes_of(number)
        if hashlib.sha256(block).digest() != self._roots[number * HASH:(number + 1) * HASH]:
            raise self._wrong(f"The proof of passage {number * BLOCK}")
        return block

    # ---- what is read, and from where; a database has its own (see ``tables``)

    def _open(self) -> None:
        self._local = threading.local()  # SQLite's connections belong to one thread each
        self._proofs = os.open(self._folder / PROOFS, os.O_RDONLY)
        weakref.finalize(self, os.close, self._proofs)

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
        found = self._query(query, key)
        return found[0].encode() if found and isinstance(found[0], str) else None

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
    """All passages of a large generation; each is read and proved when it is taken."""

    def __init__(self, proved: Proved) -> None:
        self._proved = proved

    def __len__(self) -> int:
        return len(self._proved)

    @overload
    def __getitem__(self, number: int) -> Passage: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, number: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(number, slice):
            return tuple(self._proved.passage(at) for at in range(*number.indices(len(self))))
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return self._proved.passage(int(number) % len(self))


class Sources(Mapping[str, Source]):
    """All sources of a large generation by id; each is read and proved when it is taken.

    ``get`` and ``values`` leave out what is not what was indexed; [] raises IndexCorrupt.
    """

    def __init__(self, proved: Proved, ids: Iterable[str]) -> None:
        self._proved, self._ids = proved, dict.fromkeys(ids)

    def __getitem__(self, source_id: str) -> Source:
        return self._proved.source(source_id)

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._ids

    def get(self, source_id: str, default: Any = None) -> Any:
        return (self._proved.taken_source(source_id) if source_id in self._ids else None) or default

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


class KeywordFile:
    """BM25 over the passages of a large generation, mapped: the best matches and the weight of a word."""

    def __init__(self, folder: Path, passages: int) -> None:
        tantivy, self._schema = _tantivy()
        self._query, self._should = tantivy.Query, tantivy.Occur.Should
        # tantivy locks a folder that it reads by writing into it; ours is sealed, and often another user's
        links = tempfile.mkdtemp(prefix="keywords-")
        weakref.finalize(self, shutil.rmtree, links, ignore_errors=True)
        for path in (folder / KEYWORDS).resolve().iterdir():
            os.symlink(path, Path(links) / path.name)
        index = tantivy.Index.open(links)
        index.register_tokenizer("stems", _splitter())
        self._searcher = index.searcher()
        if self._searcher.num_docs != passages:
            raise ValueError("the keywords are not those of the passages")

    def best(self, words: Sequence[str], count: int) -> tuple[Rows, Vectors]:
        """Numbers of the ``count`` best passages for stemmed words and their BM25, best first."""
        parts = [(self._should, self._query.term_query(self._schema, "words", word, "freq"))
                 for word in words if self.known(word)]
        if not parts:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        hits = self._searcher.search(self._query.boolean_query(parts), count, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return np.array(numbers, np.int64), np.array([score for score, _ in hits], np.float32)

    def known(self, word: str) -> bool:
        return bool(self._searcher.doc_freq("words", word))

    def weight(self, word: str) -> float:
        """Inverse document frequency, as in ``keywords``."""
        among, seen = self._searcher.num_docs, self._searcher.doc_freq("words", word)
        return math.log(1 + (among - seen + 0.5) / (seen + 0.5))

    def covered(self, question: Sequence[str], passage: Passage) -> float:
        """Share of the question's weight whose words occur in the passage, 0..1."""
        held = set(tokens([searched(passage)])[0])
        total = sum(self.weight(word) for word in set(question))
        return sum(self.weight(word) for word in set(question) if word in held) / total if total else 0.0


class Stacks:
    """An opened large generation: what ``ranking`` asks of it."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        count, rows, dimensions = (int(manifest[key]) for key in ("passages", "rows", "dimensions"))
        self.proved = Proved(folder, manifest["inputs"]["sources"], count)
        self.asked: Rows = np.load(folder / ASKED)  # of plain numbers: numpy refuses anything else when it reads
        self.subjects: Vectors = np.load(folder / SUBJECTS)
        self.codes = Codes(folder, count + len(self.asked), dimensions)
        self.keywords = KeywordFile(folder, count)
        if rows != count + len(self.asked) + len(self.subjects):
            raise ValueError("the rows are not those of the passages")

    def candidates(self, vector: Vectors, words: Sequence[str], count: int) -> tuple[Rows, Vectors, Vectors, Vectors]:
        """Passages near the question or with its words: numbers, cosines, cosines of the best asked-as question, BM25.

        Each (n,). A passage that only its words brought has its cosine looked up; one that is not among the best by keyword
        counts as sharing none. Without an asked-as question near, a passage is taken to be asked what its words say.
        """
        rows, _ = self.codes.nearest(vector, count)
        best, scores = self.keywords.best(words, count)
        passages = len(self.proved)
        is_asked = rows >= passages
        numbers = np.unique(np.concatenate([rows[~is_asked], self.asked[rows[is_asked] - passages], best]))
        if not len(numbers):  # a vector without a direction and words that occur nowhere
            numbers = np.zeros(1, np.int64)
        cosine = self.codes.cosines(vector, numbers)
        asked = cosine.copy()
        if is_asked.any():
            near = self.codes.cosines(vector, rows[is_asked])
            np.maximum.at(asked, np.searchsorted(numbers, self.asked[rows[is_asked] - passages]), near)
        keyword = np.zeros(len(numbers), np.float32)
        keyword[np.searchsorted(numbers, best)] = scores
        return numbers, cosine, asked, keyword


def write_stacks(draft: Path, sources: Iterable[Source], passages: Sequence[Passage], vectors: Vectors, subjects: int
                ) -> list[str]:
    """Write a large generation's files; returns the names of those too large to be hashed whenever they are opened.

    ``vectors``: rows of passages, of their asked-as questions, then of ``subjects`` examples.
    """
    last = len(vectors) - subjects
    large = write_codes(draft, vectors[:last])
    _write_array(draft / SUBJECTS, vectors[last:])
    _write_array(draft / ASKED, np.repeat(np.arange(len(passages)), [len(passage.asked) for passage in passages]))
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
    proofs = [hashlib.sha256(record).digest() for record in records]
    blocks = [b"".join(proofs[start:start + BLOCK]) for start in range(0, len(proofs), BLOCK)]
    write(draft / PROOFS, b"".join(blocks))
    write(draft / ROOTS, b"".join(hashlib.sha256(block).digest() for block in blocks))
    _write_keywords(draft / KEYWORDS, passages)
    return [*large, TEXTS, PROOFS, *(f"{KEYWORDS}/{path.name}" for path in sorted((draft / KEYWORDS).iterdir()))]


def _write_array(path: Path, array: npt.NDArray[Any]) -> None:
    with path.open("wb") as out:
        np.save(out, array)


def _write_keywords(folder: Path, passages: Sequence[Passage]) -> None:
    tantivy, schema = _tantivy()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    index = tantivy.Index(schema, path=str(folder))
    index.register_tokenizer("stems", _splitter())
    writer = index.writer(WRITER_MEMORY, 1)  # one thread: equal input gives equal files, and one segment is quickest to search
    for start in range(0, len(passages), BLOCK):
        part = passages[start:start + BLOCK]
        for number, words in enumerate(tokens([searched(passage) for passage in part]), start):
            writer.add_document(tantivy.Document(words=" ".join(words), number=number))
    writer.commit()
    writer.wait_merging_threads()
    for lock in folder.glob(".tantivy-*.lock"):
        lock.unlink()


@lru_cache(maxsize=1)
def _tantivy() -> tuple[Any, Any]:
    """The library and the schema: stems with their frequency, and the passage's number. BM25 with its defaults."""
    import tantivy

    if (K1, B) != (1.2, 0.75):  # tantivy's are fixed
        raise ValueError("tantivy scores with k1 = 1.2 and b = 0.75 only")
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", stored=False, tokenizer_name="stems", index_option="freq")
    builder.add_integer_field("number", stored=False, indexed=False, fast=True)
    return tantivy, builder.build()


def _splitter() -> Any:
    tantivy, _ = _tantivy()
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
