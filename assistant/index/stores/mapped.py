"""a large corpus -> files that are mapped, so that neither opening nor memory grows with it. The only importer of tantivy.

    texts.sqlite, proofs.bin, roots.bin   the words, and what verifies them (see ``proofs``)
    keywords/       BM25 over the same words as in a small index, mapped
    nearest.faiss, vectors.f16   rows of passages, then of asked-as questions (see ``vectors``)
    asked.npy       passage of each asked-as row;  subjects.npy  vectors of the examples of subjects not covered

Sentences and tokens have no vectors here.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.arrays import Rows, Vectors
from assistant.index.bm25 import K1, B, idf, tokens
from assistant.index.generation import verify
from assistant.index.serialization import searched
from assistant.index.stores.proofs import PROOFS, ROOTS, TEXTS, VerifiedTexts, write_texts
from assistant.index.stores.verified import VerifiedStore, VerifiedTextStore
from assistant.index.vectors import Codes, write_codes
from assistant.schema import Passage, Source

KEYWORDS, ASKED, SUBJECTS = "keywords", "asked.npy", "subjects.npy"
AT_ONCE = 4096  # passages whose stems are held while the keyword index is built
TEXT_FILES = (TEXTS, PROOFS, ROOTS, f"{KEYWORDS}/")  # how the names begin of what holds the words
WRITER_MEMORY = 256 << 20  # of the keyword index, while it is built


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

    def idf(self, word: str) -> float:
        return idf(self._searcher.num_docs, self._searcher.doc_freq("words", word))


def mapped_texts(folder: Path, manifest: dict[str, Any]) -> VerifiedTextStore:
    """The texts of a large generation, found by their words; no vector is touched."""
    count = int(manifest["passages"])
    return VerifiedTextStore(VerifiedTexts(folder, manifest["inputs"]["sources"], count), KeywordFile(folder, count))


class MappedStore(VerifiedStore):
    """An opened large generation of an index folder."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self._folder = folder
        count, rows, dimensions = (int(manifest[key]) for key in ("passages", "rows", "dimensions"))
        asked: Rows = np.load(folder / ASKED)  # of plain numbers: numpy refuses anything else when it reads
        subjects: Vectors = np.load(folder / SUBJECTS)
        super().__init__(VerifiedTexts(folder, manifest["inputs"]["sources"], count), KeywordFile(folder, count),
                         Codes(folder, count + len(asked), dimensions), asked, subjects, rows)

    def verify(self) -> None:
        verify(self._folder, mapped=True)


def write_mapped(draft: Path, sources: Iterable[Source], passages: Sequence[Passage], vectors: Vectors, subjects: int
                ) -> list[str]:
    """Write a large generation's files; returns the names of those too large to be hashed whenever they are opened.

    ``vectors``: rows of passages, of their asked-as questions, then of ``subjects`` examples.
    """
    last = len(vectors) - subjects
    large = write_codes(draft, vectors[:last])
    _write_array(draft / SUBJECTS, vectors[last:])
    _write_array(draft / ASKED, np.repeat(np.arange(len(passages)), [len(passage.asked) for passage in passages]))
    texts = write_texts(draft, sources, passages)
    _write_keywords(draft / KEYWORDS, passages)
    return [*large, *texts, *(f"{KEYWORDS}/{path.name}" for path in sorted((draft / KEYWORDS).iterdir()))]


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
    for start in range(0, len(passages), AT_ONCE):
        part = passages[start:start + AT_ONCE]
        for number, words in enumerate(tokens([searched(passage) for passage in part]), start):
            writer.add_document(tantivy.Document(words=" ".join(words), number=number))
    writer.commit()
    writer.wait_merging_threads()
    del writer, index  # what they still clean up takes the lock once more
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
