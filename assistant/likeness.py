"""written exemplars -> weights; a question's vector and words -> kinds of urgent help that the rules may have missed.

    corpus/exemplars.jsonl --fit--> likeness.safetensors --Likeness.kinds--> ("suicide",) | ()

Every exemplar has a say in every question, for or against, and the nearer it is the louder it speaks. Nearness has two
parts: the cosine of the sentence vectors, which sees what is meant, and shared words and pairs of words, which see who
speaks and of when ("my friend is", "he was"). How loudly each exemplar speaks is solved once, at build time (kernel
ridge regression, in closed form). This stage only ever adds kinds: what the rules of ``urgent`` found stays.
"""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load, save

from assistant.errors import CorpusError
from assistant.wording import words

EXEMPLARS_FILE, LIKENESS_FILE = "exemplars.jsonl", "likeness.safetensors"
KINDS = ("overdose", "ingestion", "suicide", "withdrawal", "violence")

# Chosen by ten-fold cross-validation on the exemplars; tests/test_likeness.py holds what they give.
SHARPNESS = 5.0  # how fast an exemplar's say fades with distance
WORDS_SHARE = 0.4  # say of shared words beside a say of 1 for equal vectors
RIDGE = 0.3  # the larger, the less a single exemplar counts
CUT = 0.26  # a question whose score (-1 calm .. 1 urgent) is above this is urgent
SLOTS = 4096  # places for words and pairs of words, by a fixed hash

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Exemplar:
    """A message written by an editor. ``kind`` is None for a calm one."""

    text: str
    kind: str | None


def read_exemplars(path: Path) -> tuple[Exemplar, ...]:
    """The exemplars of a JSON Lines file. Raises CorpusError, which names file and line."""
    found: list[Exemplar] = []
    seen: set[str] = set()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            record = json.loads(line)
            exemplar = Exemplar(record["text"], record["kind"])
        except (ValueError, KeyError, TypeError):
            raise CorpusError(f'{path}, line {number}: an exemplar is one {{"text": ..., "kind": ...}} a line.') from None
        if exemplar.kind not in (*KINDS, None) or not isinstance(exemplar.text, str) or not exemplar.text.strip():
            raise CorpusError(f"{path}, line {number}: 'kind' must be null or one of {', '.join(KINDS)}, 'text' a message.")
        if exemplar.text.casefold() in seen:
            raise CorpusError(f"{path}, line {number}: this message stands in the file twice.")
        seen.add(exemplar.text.casefold())
        found.append(exemplar)
    if not {None, *KINDS} <= {exemplar.kind for exemplar in found}:
        raise CorpusError(f"{path} must hold calm messages and messages of every kind.")
    return tuple(found)


def fit(vectors: npt.NDArray[np.floating], exemplars: Sequence[Exemplar]) -> bytes:
    """The packed weights for ``exemplars`` with these unit ``vectors``, one a row. Equal input gives equal bytes."""
    vectors = vectors.astype(np.float16).astype(np.float64)  # as they are stored
    bags = [_slots(exemplar.text) for exemplar in exemplars]
    counts = np.zeros(SLOTS)
    for bag in bags:
        counts[bag] += 1
    rarity = np.log((1 + len(bags)) / (1 + counts))
    rows = np.stack([_row(bag, rarity) for bag in bags])
    near = np.exp(SHARPNESS * (vectors @ vectors.T - 1)) + WORDS_SHARE * rows @ rows.T
    # first column: urgent or calm; then one for each kind against all the rest
    wanted = np.array([[1.0 if exemplar.kind else -1.0, *(1.0 if exemplar.kind == kind else -1.0 for kind in KINDS)]
                       for exemplar in exemplars])
    say = np.linalg.solve(near + RIDGE * np.eye(len(near)), wanted).round(5)  # the last digits differ between machines
    return save({
        "vectors": vectors.astype(np.float16),
        "say": say.astype(np.float32),
        "words": (WORDS_SHARE * rows.T @ say).round(5).astype(np.float32),  # all exemplars' words, summed up once
        "rarity": rarity.round(5).astype(np.float32),
    })


class Likeness:
    """The second stage of the urgent screen. Immutable, so threads may share it."""

    def __init__(self, packed: bytes) -> None:
        stored = load(packed)
        self._vectors = stored["vectors"].astype(np.float32)
        self._say, self._words, self._rarity = stored["say"], stored["words"], stored["rarity"]
        if not len(self._vectors) == len(self._say) or not self._words.shape[1] == self._say.shape[1] == 1 + len(KINDS):
            raise ValueError("the parts of the weights do not fit together")

    @classmethod
    def open(cls, path: Path) -> Likeness | None:
        return cls(path.read_bytes()) if path.exists() else None

    def scores(self, vector: npt.NDArray[np.floating], question: str) -> Numbers:
        """Urgent or calm first, then one score a kind; about -1..1."""
        near = np.exp(SHARPNESS * (self._vectors @ vector.astype(np.float32) - 1))
        row = _row(_slots(question), self._rarity).astype(np.float32)
        found: Numbers = (near @ self._say + row @ self._words).astype(np.float64)
        return found

    def kinds(self, vector: npt.NDArray[np.floating], question: str) -> tuple[str, ...]:
        """The kinds that ``question`` is like, most pressing first; empty when it is like the calm ones."""
        urgent, *each = self.scores(vector, question)
        if urgent <= CUT:
            return ()
        likest = max(each)
        return tuple(kind for kind, score in zip(KINDS, each, strict=True) if score == likest or score > CUT)


def _slots(text: str) -> list[int]:
    """Places of the words and pairs of neighbouring words of a message, each once."""
    found = ["^", *words(text).split(), "$"]
    pairs = {f"{first} {second}" for first, second in itertools.pairwise(found)}
    return sorted({zlib.crc32(part.encode()) % SLOTS for part in pairs | set(found)})


def _row(slots: list[int], rarity: npt.NDArray[np.floating]) -> Numbers:
    """A message's words as a row of length 1; rare words count more."""
    row = np.zeros(SLOTS)
    row[slots] = rarity[slots]
    length = float(np.linalg.norm(row))
    return row / length if length else row
