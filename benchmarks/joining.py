"""vectors of real passages -> as many joined ones as are wanted. Shared by scale.py and joined.py; needs numpy alone.

A joined passage has the heading and the first half of the sentences of a real one, and the second half of those of one of
its NEIGHBOURS nearest. Its vector is the mean of their two vectors plus noise, scaled to length 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

NEIGHBOURS = 50
NOISE = 0.35  # length of the noise beside a mean vector of length about 0.9
AT_ONCE = 50_000
SEED = 9
BLOCK = 2_000  # passages whose neighbours are looked for at a time


def neighbours(vectors: np.ndarray) -> np.ndarray:
    """The NEIGHBOURS nearest rows of each row, in no order: (rows, NEIGHBOURS)."""
    found = np.empty((len(vectors), NEIGHBOURS), np.int64)
    for start in range(0, len(vectors), BLOCK):
        cosines = vectors[start:start + BLOCK] @ vectors.T
        found[start:start + BLOCK] = np.argpartition(-cosines, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    return found


def joined(base: np.ndarray, count: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Blocks of joined passages: rows of the first and of the second half (n,), and the vectors (n, dim)."""
    random = np.random.default_rng(SEED)
    near = neighbours(base)
    for start in range(0, count, AT_ONCE):
        size = min(AT_ONCE, count - start)
        first = random.integers(len(base), size=size)
        second = near[first, random.integers(NEIGHBOURS, size=size)]
        noise = random.normal(size=(size, base.shape[1])).astype(np.float32)
        made = (base[first] + base[second]) / 2 + NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        yield first, second, made / np.linalg.norm(made, axis=1, keepdims=True)


def halves(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Sentences of a joined passage."""
    return [*first[:(len(first) + 1) // 2], *second[len(second) // 2:]]


def best(vectors: np.ndarray, asked: np.ndarray, depth: int) -> np.ndarray:
    """Rows of the ``depth`` nearest to each question by comparing all in full, nearest first: (questions, depth)."""
    kept = [np.zeros((len(asked), 0)), np.zeros((len(asked), 0), int)]
    for start in range(0, len(vectors), AT_ONCE):
        cosines = asked @ vectors[start:start + AT_ONCE].T
        top = np.argpartition(-cosines, min(depth, cosines.shape[1] - 1), axis=1)[:, :depth]
        kept = [np.concatenate([kept[0], np.take_along_axis(cosines, top, 1)], 1), np.concatenate([kept[1], top + start], 1)]
    return np.take_along_axis(kept[1], np.argsort(-kept[0], axis=1)[:, :depth], 1)


def recall(found: Sequence[Sequence[int]], true: np.ndarray) -> float:
    """Share of the truly nearest that were found."""
    return round(sum(len(set(mine) & set(row.tolist())) for mine, row in zip(found, true, strict=True)) / true.size, 4)
