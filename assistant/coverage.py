"""questions that the texts answer, and questions that they do not -> how surely a new question is one of the first.

    asked.toml and unanswered.jsonl --fit--> coverage.safetensors --Kernel.scores--> about -1 (not answered) .. 1

A cosine says how near a passage is, not whether it answers: "does it raise the pressure in the eye" lies near "does it
raise blood pressure". Written questions of both sorts can tell the two apart, because what is asked for differs where
the subject does not (docs/quality.md has the figures). The weights are those of ``kernel``; owns no dependency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import jsonl
from assistant.errors import CorpusError
from assistant.kernel import Shape
from assistant.kernel import fit as fit_kernel

UNANSWERED_FILE, COVERAGE_FILE = "unanswered.jsonl", "coverage.safetensors"
KINDS = ("near_miss", "other_health", "off_topic")
SHAPE = Shape(sharpness=3.0, words_share=0.3, ridge=0.1)  # by five-fold cross-validation over the examples


@dataclass(frozen=True)
class Examples:
    """Questions that the texts answer, and questions that nothing in them answers."""

    answered: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.answered and self.unanswered)


def read_unanswered(path: Path) -> tuple[str, ...]:
    """The questions of a JSON Lines file that nothing answers. Raises CorpusError, which names file and line."""
    found: dict[str, str] = {}
    for number, record in jsonl.read(path, CorpusError):
        if not {"text", "kind"} <= record.keys():
            raise CorpusError(f'{path}, line {number}: a question is one {{"text": ..., "kind": ...}} a line.')
        text, kind = record["text"], record["kind"]
        if kind not in KINDS or not isinstance(text, str) or not text.strip():
            raise CorpusError(f"{path}, line {number}: 'kind' must be one of {', '.join(KINDS)}, 'text' a question.")
        if text.casefold() in found:
            raise CorpusError(f"{path}, line {number}: this question stands in the file twice.")
        found[text.casefold()] = text
    return tuple(found.values())


def fit(vectors: npt.NDArray[np.floating], examples: Examples, texts: Sequence[str]) -> bytes:
    """Packed weights. ``vectors`` (n, dim) and ``texts`` hold the answered questions first, then the others."""
    wanted = np.array([[1.0]] * len(examples.answered) + [[-1.0]] * len(examples.unanswered))
    return fit_kernel(vectors, texts, wanted, SHAPE)
