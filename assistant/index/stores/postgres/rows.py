"""stems of passages -> rows of BM25 figures, and vectors as a database spells them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from assistant.arrays import Vectors
from assistant.index.bm25 import K1, B

PART = 1 << 16  # passages whose numbers stand in one row

Posting = tuple[str, int, int, list[int], list[float]]  # stem, part, passages, their numbers, what BM25 adds to each


def postings_of(words: Sequence[Sequence[str]], start: int, mean: float) -> Iterator[Posting]:
    """Rows of ``word`` for the stems of at most PART passages from number ``start`` on; ``mean``: length of all, in stems.

    What BM25 adds to a passage for a stem, but for the stem's weight. Lengths are rounded down to four bits from 24 on, as Lucene
    and tantivy do, so that scores are the same.
    """
    postings: dict[str, tuple[list[int], list[float]]] = {}
    for number, held in enumerate(words, start):
        over = len(held) - 24
        shift = max(0, over.bit_length() - 4)
        length = len(held) if over < 0 else 24 + (over >> shift << shift)
        for stem, times in Counter(held).items():
            numbers, impacts = postings.setdefault(stem, ([], []))
            numbers.append(number)
            impacts.append(float(np.float32(times * (K1 + 1) / (times + K1 * (1 - B + B * length / mean)))))
    for stem in sorted(postings):
        numbers, impacts = postings[stem]
        yield stem, start // PART, len(numbers), numbers, impacts


def vector_literal(vector: Vectors) -> str:
    """Example: [0.5, -1] -> "[0.5,-1]"; enough digits for the very number."""
    return "[" + ",".join(f"{value:.9g}" for value in vector.tolist()) + "]"


def half(raw: Any) -> Any:
    """What ``halfvec_send`` gives, as numbers: dimensions and nothing (2 bytes each), then big-endian halves."""
    return np.frombuffer(bytes(raw), ">f2", offset=4)
