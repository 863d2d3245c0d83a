"""written exemplars -> weights; a question's depth and words -> kinds that the rules may have missed.

    corpus/exemplars.jsonl --fit--> likeness.safetensors --Likeness.kinds--> ("suicide",) | ()      beside ``urgent``
    corpus/refused.jsonl   --fit--> refusals.safetensors --Likeness.kinds--> ("dose",) | ()         beside ``limits``

The weights are those of ``kernel``: one column for yes or no, one for each kind. These stages only ever add: what the
rules found stays, and without a model the rules are the floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import jsonl
from assistant.errors import CorpusError
from assistant.kernel import Kernel, Numbers, Shape
from assistant.kernel import fit as fit_kernel


@dataclass(frozen=True)
class Stage:
    """One second stage: its files, the kinds it tells apart, and what was chosen by cross-validation on its exemplars."""

    file: str  # exemplars, in the corpus folder
    weights: str  # the same, fitted, in a generation
    key: str  # under which an exemplar names its kind; null there means none of them
    kinds: tuple[str, ...]  # most pressing first
    shape: Shape
    cut: float  # a question whose score (-1 none .. 1 one of the kinds) is above this is one of the kinds


URGENT = Stage("exemplars.jsonl", "likeness.safetensors", "kind",
               ("overdose", "ingestion", "suicide", "withdrawal", "violence"), Shape(3.0, 0.4, 0.2, keep=192), cut=0.1)
REFUSED = Stage("refused.jsonl", "refusals.safetensors", "subject",
                ("dose", "method", "buying", "testing", "someone-elses"), Shape(3.0, 0.4, 0.2, keep=192), cut=-0.1)


@dataclass(frozen=True)
class Exemplar:
    """A message written by an editor. ``kind`` is None for one that is none of the kinds."""

    text: str
    kind: str | None


def read_exemplars(path: Path, stage: Stage = URGENT) -> tuple[Exemplar, ...]:
    """The exemplars of a JSON Lines file. Raises CorpusError, which names file and line."""
    found: list[Exemplar] = []
    seen: set[str] = set()
    for number, record in jsonl.read(path, CorpusError):
        if not {"text", stage.key} <= record.keys():
            raise CorpusError(f'{path}, line {number}: an exemplar is one {{"text": ..., "{stage.key}": ...}} a line.')
        exemplar = Exemplar(record["text"], record[stage.key])
        if exemplar.kind not in (*stage.kinds, None) or not isinstance(exemplar.text, str) or not exemplar.text.strip():
            raise CorpusError(f"{path}, line {number}: {stage.key!r} must be null or one of {', '.join(stage.kinds)}, "
                              "'text' a message.")
        if exemplar.text.casefold() in seen:
            raise CorpusError(f"{path}, line {number}: this message stands in the file twice.")
        seen.add(exemplar.text.casefold())
        found.append(exemplar)
    if not {None, *stage.kinds} <= {exemplar.kind for exemplar in found}:
        raise CorpusError(f"{path} must hold messages of every {stage.key} and of none.")
    return tuple(found)


def fit(vectors: npt.NDArray[np.floating], exemplars: Sequence[Exemplar], stage: Stage = URGENT) -> bytes:
    """The packed weights for ``exemplars`` with these depths (see ``embedding.Fine``), one a row. Equal input, equal bytes."""
    # first column: one of the kinds or none; then one for each kind against all the rest
    wanted = np.array([[1.0 if exemplar.kind else -1.0, *(1.0 if exemplar.kind == kind else -1.0 for kind in stage.kinds)]
                       for exemplar in exemplars])
    return fit_kernel(vectors, [exemplar.text for exemplar in exemplars], wanted, stage.shape)


class Likeness:
    """A fitted second stage. Immutable, so threads may share it."""

    def __init__(self, packed: bytes, stage: Stage = URGENT) -> None:
        self._kernel, self._stage = Kernel(packed), stage
        if self._kernel.columns != 1 + len(stage.kinds):
            raise ValueError("the weights are for other kinds")

    @classmethod
    def open(cls, generation: Path, stage: Stage) -> Likeness | None:
        path = generation / stage.weights
        return cls(path.read_bytes(), stage) if path.exists() else None

    def scores(self, vector: npt.NDArray[np.floating], places: Sequence[int]) -> Numbers:
        """Any kind or none first, then one score a kind; about -1..1. ``places``: the question's ``kernel.slots``."""
        return self._kernel.scores(vector, places)

    def kinds(self, vector: npt.NDArray[np.floating], places: Sequence[int]) -> tuple[str, ...]:
        """The kinds that a question is like, most pressing first; empty when it is like those of none."""
        any_kind, *each = self.scores(vector, places)
        if any_kind <= self._stage.cut:
            return ()
        likest = max(each)
        return tuple(kind for kind, score in zip(self._stage.kinds, each, strict=True)
                     if score == likest or score > self._stage.cut)

    def likest(self, vector: npt.NDArray[np.floating], places: Sequence[int]) -> str | None:
        """The one kind that a question is most like; None when its score is not above the cut."""
        any_kind, *each = self.scores(vector, places)
        if any_kind <= self._stage.cut:
            return None
        return self._stage.kinds[int(np.argmax(each))]
