"""a question's vectors -> figures of what it is, by shipped weights. Owns no dependency.

    network.safetensors     depth -> log-odds of each danger, each refusal, and of what it is about    ``Network``
    coverage.safetensors    vector, words -> how surely the texts answer, about -1..1                  ``Coverage``

``training`` makes the weights, once, from written messages; here they are only multiplied. ``decision`` weighs the figures
against the rules and the retrieval; without a model the rules are the floor.
"""

from __future__ import annotations

import itertools
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.exemplars import LABELS
from assistant.packing import unpacked
from assistant.wording import words

NETWORK_FILE, COVERAGE_FILE = "network.safetensors", "coverage.safetensors"
SLOTS = 4096  # places for words and pairs of words, by a fixed hash

Numbers = npt.NDArray[np.floating]


class Network:
    """A network of one hidden layer. Immutable, so threads may share it. Raises ValueError for weights of other labels.

        logits = second . relu(first . depth + first_bias) + second_bias        one for each of ``exemplars.LABELS``

    first float16 (dim, units), second float16 (units, labels), each bias float32.
    """

    def __init__(self, packed: bytes) -> None:
        stored = unpacked(packed)
        # transposed: a vector times rows that lie together in memory
        self._first, self._second = (np.ascontiguousarray(stored[name].T, np.float32) for name in ("first", "second"))
        self._first_bias, self._second_bias = stored["first_bias"].copy(), stored["second_bias"].copy()
        if not (len(self._second) == len(self._second_bias) == len(LABELS)
                and len(self._first) == len(self._first_bias) == self._second.shape[1]):
            raise ValueError("the weights are for other labels")

    @classmethod
    def open(cls, folder: Path) -> Network | None:
        path = folder / NETWORK_FILE
        return cls(path.read_bytes()) if path.exists() else None

    def logits(self, depth: Numbers) -> dict[str, float]:
        """The log-odds of each label. ``depth``: see ``embedding.Fine``. Labels do not shut each other out."""
        hidden = np.maximum(self._first @ depth + self._first_bias, 0)
        return dict(zip(LABELS, (self._second @ hidden + self._second_bias).tolist(), strict=True))


def slots(text: str) -> list[int]:
    """Places of the words and pairs of neighbouring words of a text, each once."""
    found = ["^", *words(text).split(), "$"]
    pairs = {f"{first} {second}" for first, second in itertools.pairwise(found)}
    return sorted({zlib.crc32(part.encode()) % SLOTS for part in pairs | set(found)})


class Coverage:
    """Kernel ridge regression (Saunders, Gammerman and Vovk 1998) over written questions that are answered and that are not.

        score(q) = sum_i say_i * exp(sharpness * (cos(q, e_i) - 1)) + words . (words of q)

    Every example has a say, the nearer the louder: a cosine says how near a passage is, not whether it answers, and "does it
    raise the pressure in the eye" lies near "does it raise blood pressure". Vectors are compared in the ``directions`` in which
    the examples differ most, in bytes. Immutable, so threads may share it. Raises ValueError for bytes whose parts do not fit.
    """

    def __init__(self, packed: bytes) -> None:
        stored = unpacked(packed)
        self._examples = stored["examples"].astype(np.float32) * stored["unit"]
        self._say, self._sharpness = stored["say"].astype(np.float32), float(stored["sharpness"][0])
        self._middle, self._directions = stored["middle"].copy(), np.ascontiguousarray(stored["directions"].T, np.float32)
        self._words, self._rarity = stored["words"].astype(np.float32), stored["rarity"].astype(np.float32)
        if not (self._examples.shape == (len(self._say), len(self._directions)) and len(self._middle) == self._directions.shape[1]
                and self._words.shape == self._rarity.shape == (SLOTS,)):
            raise ValueError("the parts of the weights do not fit together")

    @classmethod
    def open(cls, folder: Path) -> Coverage | None:
        path = folder / COVERAGE_FILE
        return cls(path.read_bytes()) if path.exists() else None

    def score(self, vector: Numbers, text: str) -> float:
        """How surely such a question is answered, about -1..1. ``vector`` (dim,): that of ``text``, the question as searched."""
        seen = self._directions @ (vector - self._middle)
        seen /= max(float(np.linalg.norm(seen)), 1e-9)
        near = np.exp(self._sharpness * (np.vecdot(self._examples, seen) - 1))
        places = slots(text)
        return float(near @ self._say + unit(self._rarity[places]) @ self._words[places])


def unit(values: Numbers) -> Numbers:
    length = float(np.linalg.norm(values))
    return values / length if length else values
