"""written examples -> weights; a text's vector and words -> scores. Owns safetensors and threadpoolctl, with ``maxsim``.

    vectors, texts, targets --fit--> packed weights --Kernel.scores--> one score a target column

Kernel ridge regression (Saunders, Gammerman and Vovk 1998), solved once, in closed form, when the index is built. Every
example has a say in every question, for or against, and the nearer it is the louder it speaks:

    near(a, b) = exp(sharpness * (cos(a, b) - 1)) + words_share * cos(words of a, words of b)

The first part sees what is meant, the second the words themselves and who speaks ("my friend is", "he was").
"""

from __future__ import annotations

import itertools
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load, save
from threadpoolctl import threadpool_limits

from assistant.wording import words

SLOTS = 4096  # places for words and pairs of words, by a fixed hash

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """The choices of one kernel: how fast a say fades with distance, the words' share, and how much one example counts."""

    sharpness: float
    words_share: float
    ridge: float  # the larger, the less a single example counts


def fit(vectors: npt.NDArray[np.floating], texts: Sequence[str], wanted: Numbers, shape: Shape) -> bytes:
    """Packed weights for unit ``vectors`` (n, dim) and targets ``wanted`` (n, columns). Equal input gives equal bytes."""
    vectors = vectors.astype(np.float16).astype(np.float64)  # as they are stored
    bags = [_slots(text) for text in texts]
    counts = np.zeros(SLOTS)
    for bag in bags:
        counts[bag] += 1
    rarity = np.log((1 + len(bags)) / (1 + counts))
    rows = np.stack([_row(bag, rarity).astype(np.float32) for bag in bags])
    with threadpool_limits(os.cpu_count(), "blas"):  # large products, at build time: every core helps
        near = np.exp(shape.sharpness * (vectors @ vectors.T - 1)) + shape.words_share * (rows @ rows.T)
        near[np.diag_indices_from(near)] += shape.ridge
        say = np.linalg.solve(near, wanted).round(5)  # the last digits differ between machines
    return save({
        "vectors": vectors.astype(np.float16),
        "say": say.astype(np.float32),
        "words": (shape.words_share * rows.T @ say).round(5).astype(np.float32),  # all examples' words, summed up once
        "rarity": rarity.round(5).astype(np.float32),
        "sharpness": np.array([shape.sharpness]),
    })


class Kernel:
    """Fitted weights. Immutable, so threads may share it. Raises ValueError for bytes whose parts do not fit together."""

    def __init__(self, packed: bytes) -> None:
        stored = load(packed)
        self._vectors = stored["vectors"].astype(np.float32)
        self._say, self._words, self._rarity = stored["say"], stored["words"], stored["rarity"]
        self._sharpness = float(stored["sharpness"][0])
        if not (len(self._vectors) == len(self._say) and self._words.shape == (SLOTS, self.columns)
                and self._rarity.shape == (SLOTS,)):
            raise ValueError("the parts of the weights do not fit together")

    @classmethod
    def open(cls, path: Path) -> Kernel | None:
        return cls(path.read_bytes()) if path.exists() else None

    @property
    def columns(self) -> int:
        return int(self._say.shape[1])

    def scores(self, vector: npt.NDArray[np.floating], text: str) -> Numbers:
        """One score a target column: (columns,), about as large as the targets were."""
        near = np.exp(self._sharpness * (self._vectors @ vector.astype(np.float32) - 1))
        slots = _slots(text)
        row = _row(slots, self._rarity)[slots].astype(np.float32)
        found: Numbers = (near @ self._say + row @ self._words[slots]).astype(np.float64)
        return found


def _slots(text: str) -> list[int]:
    """Places of the words and pairs of neighbouring words of a text, each once."""
    found = ["^", *words(text).split(), "$"]
    pairs = {f"{first} {second}" for first, second in itertools.pairwise(found)}
    return sorted({zlib.crc32(part.encode()) % SLOTS for part in pairs | set(found)})


def _row(slots: list[int], rarity: npt.NDArray[np.floating]) -> Numbers:
    """A text's words as a row of length 1; rare words count more."""
    row = np.zeros(SLOTS)
    row[slots] = rarity[slots]
    length = float(np.linalg.norm(row))
    return row / length if length else row
