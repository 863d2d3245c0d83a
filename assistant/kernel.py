"""written examples -> weights; a text's vector and words -> scores. Owns threadpoolctl, with ``maxsim``.

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
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from assistant.packing import packed, unpacked
from assistant.wording import words

SLOTS = 4096  # places for words and pairs of words, by a fixed hash

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """The choices of one kernel: how fast a say fades with distance, the words' share, and how much one example counts."""

    sharpness: float
    words_share: float
    ridge: float  # the larger, the less a single example counts
    keep: int = 0  # directions in which the examples differ most (principal components) to compare in; 0: the vectors as they are


def fit(vectors: npt.NDArray[np.floating], texts: Sequence[str], wanted: Numbers, shape: Shape) -> bytes:
    """Packed weights for ``vectors`` (n, dim) and targets ``wanted`` (n, columns). Equal input gives equal bytes.

    The vectors have length 1; where ``shape.keep`` asks for directions, each is brought to length 1 within them.
    """
    turned: dict[str, npt.NDArray[Any]] = {}
    if shape.keep:
        turned = _directions(vectors, shape.keep)
        vectors = _turn(vectors, turned["centre"], turned["directions"])
    vectors = vectors.astype(np.float16).astype(np.float64)  # as they are stored
    bags = [slots(text) for text in texts]
    counts = np.zeros(SLOTS)
    for bag in bags:
        counts[bag] += 1
    rarity = np.log((1 + len(bags)) / (1 + counts))
    rows = np.stack([_row(bag, rarity).astype(np.float32) for bag in bags])
    with threadpool_limits(os.cpu_count(), "blas"):  # large products, at build time: every core helps
        near = np.exp(shape.sharpness * (vectors @ vectors.T - 1)) + shape.words_share * (rows @ rows.T)
        near[np.diag_indices_from(near)] += shape.ridge
        say = np.linalg.solve(near, wanted).round(5)  # the last digits differ between machines
    return packed(turned | {
        "vectors": vectors.astype(np.float16),
        "say": say.astype(np.float32),
        "words": (shape.words_share * rows.T @ say).round(5).astype(np.float32),  # all examples' words, summed up once
        "rarity": rarity.round(5).astype(np.float32),
        "sharpness": np.array([shape.sharpness]),
    })


def _directions(vectors: npt.NDArray[np.floating], keep: int) -> dict[str, npt.NDArray[Any]]:
    """The centre of the vectors (dim,) and the ``keep`` directions in which they differ most: (dim, at most keep)."""
    centre = vectors.mean(0, dtype=np.float64).round(5)
    apart = vectors - centre
    with threadpool_limits(os.cpu_count(), "blas"):
        _, found = np.linalg.eigh(apart.T @ apart)
    most = found[:, ::-1][:, :keep]
    signs = np.sign(most[np.abs(most).argmax(0), np.arange(most.shape[1])])  # either way round is right: take one
    return {"centre": centre.astype(np.float32), "directions": (most * signs).round(5).astype(np.float32)}


def _turn(vectors: npt.NDArray[np.floating], centre: npt.NDArray[np.floating],
          directions: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Vectors (..., dim) seen from the centre, in the directions, at length 1: (..., directions)."""
    seen = (vectors - centre) @ directions
    found: npt.NDArray[np.floating] = seen / np.maximum(np.linalg.norm(seen, axis=-1, keepdims=True), 1e-9)
    return found


class Kernel:
    """Fitted weights. Immutable once opened, so threads may share it. Raises ValueError for bytes whose parts do not fit."""

    def __init__(self, raw: bytes) -> None:
        stored = {name: part.copy() if name != "vectors" else part.astype(np.float32)  # else all the bytes stay for a few
                  for name, part in unpacked(raw).items()}
        self._vectors = stored["vectors"]
        self._say, self._words, self._rarity = stored["say"], stored["words"], stored["rarity"]
        self._sharpness = float(stored["sharpness"][0])
        self._centre, self._directions = stored.get("centre"), stored.get("directions")
        if not (len(self._vectors) == len(self._say) and self._words.shape == (SLOTS, self.columns)
                and self._rarity.shape == (SLOTS,)):
            raise ValueError("the parts of the weights do not fit together")
        if self._directions is not None and self._directions.shape[1] != self.dimensions:
            raise ValueError("the parts of the weights do not fit together")

    @classmethod
    def open(cls, path: Path) -> Kernel | None:
        return cls(path.read_bytes()) if path.exists() else None

    @property
    def columns(self) -> int:
        return int(self._say.shape[1])

    @property
    def dimensions(self) -> int:
        return int(self._vectors.shape[1])

    def scores(self, vector: npt.NDArray[np.floating], places: Sequence[int]) -> Numbers:
        """One score a target column: (columns,), about as large as the targets were. ``places``: the ``slots`` of the text."""
        if self._centre is not None and self._directions is not None:
            vector = _turn(vector, self._centre, self._directions)
        # vecdot: row by row, three times as quick as BLAS with one vector, and no row's figure depends on the others
        cosines = np.vecdot(self._vectors, vector.astype(np.float32, copy=False))
        near = np.exp(self._sharpness * (cosines - 1))
        found: Numbers = (near @ self._say + _unit(self._rarity[places]) @ self._words[places]).astype(np.float64)
        return found


def slots(text: str) -> list[int]:
    """Places of the words and pairs of neighbouring words of a text, each once."""
    found = ["^", *words(text).split(), "$"]
    pairs = {f"{first} {second}" for first, second in itertools.pairwise(found)}
    return sorted({zlib.crc32(part.encode()) % SLOTS for part in pairs | set(found)})


def _row(places: list[int], rarity: npt.NDArray[np.floating]) -> Numbers:
    """A text's words as a row of length 1; rare words count more."""
    row = np.zeros(SLOTS)
    row[places] = _unit(rarity[places])
    return row


def _unit(values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    length = float(np.linalg.norm(values))
    return values / length if length else values
