"""written exemplars -> weights; a question's vector and words -> kinds of urgent help that the rules may have missed.

    corpus/exemplars.jsonl --fit--> likeness.safetensors --Likeness.kinds--> ("suicide",) | ()

The weights are those of ``kernel``: one column for urgent or calm, one for each kind. This stage only ever adds kinds:
what the rules of ``urgent`` found stays.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.errors import CorpusError
from assistant.kernel import Kernel, Numbers, Shape
from assistant.kernel import fit as fit_kernel

EXEMPLARS_FILE, LIKENESS_FILE = "exemplars.jsonl", "likeness.safetensors"
KINDS = ("overdose", "ingestion", "suicide", "withdrawal", "violence")

# Chosen by ten-fold cross-validation on the exemplars; tests/test_likeness.py holds what they give.
SHAPE = Shape(sharpness=5.0, words_share=0.4, ridge=0.3)
CUT = 0.26  # a question whose score (-1 calm .. 1 urgent) is above this is urgent


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
    # first column: urgent or calm; then one for each kind against all the rest
    wanted = np.array([[1.0 if exemplar.kind else -1.0, *(1.0 if exemplar.kind == kind else -1.0 for kind in KINDS)]
                       for exemplar in exemplars])
    return fit_kernel(vectors, [exemplar.text for exemplar in exemplars], wanted, SHAPE)


class Likeness:
    """The second stage of the urgent screen. Immutable, so threads may share it."""

    def __init__(self, packed: bytes) -> None:
        self._kernel = Kernel(packed)
        if self._kernel.columns != 1 + len(KINDS):
            raise ValueError("the weights are for other kinds")

    @classmethod
    def open(cls, path: Path) -> Likeness | None:
        return cls(path.read_bytes()) if path.exists() else None

    def scores(self, vector: npt.NDArray[np.floating], question: str) -> Numbers:
        """Urgent or calm first, then one score a kind; about -1..1."""
        return self._kernel.scores(vector, question)

    def kinds(self, vector: npt.NDArray[np.floating], question: str) -> tuple[str, ...]:
        """The kinds that ``question`` is like, most pressing first; empty when it is like the calm ones."""
        urgent, *each = self.scores(vector, question)
        if urgent <= CUT:
            return ()
        likest = max(each)
        return tuple(kind for kind, score in zip(KINDS, each, strict=True) if score == likest or score > CUT)
