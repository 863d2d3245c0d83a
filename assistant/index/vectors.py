"""unit vectors -> the nearest rows to a question. The only importer of faiss.

Which kind of index a corpus gets was chosen by measurement (docs/scaling.md) and is written into its manifest:

    flat    every row is compared in full: exact, and the quickest up to about 100,000 rows
    codes   inverted lists of short codes (IVF, RaBitQ: Gao and Long 2024) name some hundred candidates, whose stored
            vectors are read from disk and compared in full: a score is a cosine in both kinds

``nearest.faiss`` is mapped, not read, and ``vectors.f16`` (rows, dim) is read row by row, so that neither the time to open a
large index nor its memory grows with the corpus.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from assistant.arrays import Rows, Vectors

FLAT, CODES = ("flat", "codes")
FLAT_UP_TO = 100_000  # passages: flat took 6-8 ms a question there, and ten times that at a million
CODES_FILE, EXACT_FILE = "nearest.faiss", "vectors.f16"
STORED = np.float16  # of vectors on disk: a cosine differs by less than 0.0005
PER_LIST = 39  # training vectors a list, the fewest that faiss asks for
PROBED_SHARE, FEWEST_PROBED = 1 / 8, 64  # lists that a question looks into; what is lost is lost here (docs/scaling.md)
COMPARED = 600  # candidates that are compared in full: 200 lost two in a hundred of the nearest among a million (docs/scaling.md)
SEED = 20261125

faiss.omp_set_num_threads(1)  # one query is faster on one thread than on two


def chosen(passages: int, wanted: str | None = None) -> str:
    """The kind for a corpus of this size, unless one is asked for."""
    return wanted or (FLAT if passages <= FLAT_UP_TO else CODES)


def flat_bytes(vectors: Vectors) -> bytes:
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(np.ascontiguousarray(vectors, np.float32))
    return bytes(faiss.serialize_index(flat).tobytes())


class Flat:
    """All rows in memory. Raises ValueError for bytes of another kind of index, whose scores would be no cosines."""

    def __init__(self, stored: bytes) -> None:
        self._index = faiss.deserialize_index(np.frombuffer(stored, np.uint8))
        if not isinstance(self._index, faiss.IndexFlatIP):
            raise ValueError("another kind of index")
        self.shape: tuple[int, int] = (self._index.ntotal, self._index.d)
        self.rows: Vectors = faiss.rev_swig_ptr(  # a view of what faiss holds: (rows, dim)
            self._index.get_xb(), self._index.ntotal * self._index.d).reshape(self.shape)


def write_codes(folder: Path, vectors: Vectors) -> list[str]:
    """Write both files of the kind ``codes`` for unit ``vectors`` (rows, dim); returns their names."""
    rows, dimensions = vectors.shape
    lists = max(1, min(round(math.sqrt(rows)), rows // PER_LIST))
    centres = faiss.IndexFlatIP(dimensions)
    index: Any = faiss.IndexIVFRaBitQ(centres, dimensions, lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed, index.cp.max_points_per_centroid = SEED, PER_LIST
    faiss.omp_set_num_threads(os.cpu_count() or 1)  # at build time every core helps
    try:
        index.train(np.ascontiguousarray(vectors, np.float32))
        index.add(np.ascontiguousarray(vectors, np.float32))
    finally:
        faiss.omp_set_num_threads(1)
    faiss.write_index(index, str(folder / CODES_FILE))
    with (folder / EXACT_FILE).open("wb") as out:
        for start in range(0, rows, 100_000):
            out.write(vectors[start:start + 100_000].astype(STORED).tobytes())
    return [CODES_FILE, EXACT_FILE]


class Codes:
    """Opened codes: mapped, so that opening takes no longer for a larger corpus. Threads may share it."""

    def __init__(self, folder: Path, rows: int, dimensions: int) -> None:
        opened: Any = faiss.read_index(str(folder / CODES_FILE), faiss.IO_FLAG_MMAP_IFC)
        self._index = opened
        self._file = os.open(folder / EXACT_FILE, os.O_RDONLY)
        self._width = dimensions * np.dtype(STORED).itemsize
        if (self._index.ntotal, self._index.d) != (rows, dimensions) or os.fstat(self._file).st_size != rows * self._width:
            raise ValueError("the codes are not those of the rows")
        self._probed = min(opened.nlist, max(FEWEST_PROBED, math.ceil(opened.nlist * PROBED_SHARE)))

    def __del__(self) -> None:
        if (handle := getattr(self, "_file", None)) is not None:
            os.close(handle)

    def vectors(self, rows: Rows) -> Vectors:
        """Stored vectors of the given rows: (len(rows), dim). Read, not mapped: they do not stay in memory."""
        raw = b"".join(os.pread(self._file, self._width, int(row) * self._width) for row in rows)
        return np.frombuffer(raw, STORED).astype(np.float32).reshape(len(rows), self._width // np.dtype(STORED).itemsize)

    def cosines(self, vector: Vectors, rows: Rows) -> Vectors:
        cosines: Vectors = np.vecdot(self.vectors(rows), vector)
        return cosines

    def nearest(self, vector: Vectors, count: int, probed: int | None = None, compared: int = COMPARED) -> tuple[Rows, Vectors]:
        """The ``count`` nearest rows, nearest first, and their cosines in full."""
        settings: Any = faiss.IVFRaBitQSearchParameters()
        settings.nprobe = probed or self._probed
        _, numbers = self._index.search(vector.reshape(1, -1), max(compared, count), params=settings)
        rows = np.sort(numbers[0][numbers[0] >= 0])  # in the order of the file
        cosines = self.cosines(vector, rows)
        best = np.lexsort((rows, -cosines))[:count]
        return rows[best], cosines[best]
