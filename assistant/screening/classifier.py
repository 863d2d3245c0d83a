"""a question's vectors -> figures of what it is, by shipped weights.

    network.safetensors     vector, inner layers -> log-odds of each danger, each refusal and of what it is about,
                            and the log-probability of each section of the texts that it learnt to answer with

``training`` makes the weights, once, from written messages; here they are only multiplied. ``decision`` weighs the figures
against the rules and the retrieval, ``ranking`` the sections against the passages; without a model the rules are the floor.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.arrays import unpacked
from assistant.screening.labels import LABELS, MATTERS

NETWORK_FILE = "network.safetensors"
UNANSWERED = MATTERS[1:]  # beside the sections: what a question may be about that nothing answers

Numbers = npt.NDArray[np.floating]
Section = tuple[str, str]  # source id and heading


@dataclass(frozen=True)
class Reading:
    """What the network makes of one question.

    ``logits``: log-odds by label of ``labels.LABELS``; labels do not shut each other out. ``sections`` (sections,) and
    ``unanswered`` (len(UNANSWERED),): log-probabilities, which together sum to one.
    """

    logits: Mapping[str, float]
    sections: Numbers
    unanswered: Numbers

    def coverage(self, present: npt.NDArray[np.bool_]) -> float:
        """The log-odds that one of the sections that are ``present`` (sections,) answers."""
        there, elsewhere = _total(self.sections[present]), _total(np.concatenate([self.sections[~present], self.unanswered]))
        return there - elsewhere


class Network:
    """A network of one hidden layer. Immutable, so threads may share it. Raises ValueError for weights of other labels.

        out = second . relu(first . [vector, inner_layers] + first_bias) + second_bias

    one for each of ``labels.LABELS``, of ``sections`` and of UNANSWERED; the last two go through one softmax. first float16
    (dim, units), second float16 (units, outputs), each bias float32; ``sections`` is a JSON list of pairs, in bytes.
    """

    def __init__(self, packed: bytes) -> None:
        stored = unpacked(packed)
        # transposed: a vector times rows that lie together in memory
        self._first, self._second = (np.ascontiguousarray(stored[name].T, np.float32) for name in ("first", "second"))
        self._first_bias, self._second_bias = stored["first_bias"].copy(), stored["second_bias"].copy()
        self.sections: tuple[Section, ...] = tuple(
            (source, heading) for source, heading in json.loads(stored["sections"].tobytes()))
        outputs = len(LABELS) + len(self.sections) + len(UNANSWERED)
        if not (len(self._second) == len(self._second_bias) == outputs
                and len(self._first) == len(self._first_bias) == self._second.shape[1]):
            raise ValueError("the weights are for other labels")

    @classmethod
    def open(cls, folder: Path) -> Network | None:
        path = folder / NETWORK_FILE
        return cls(path.read_bytes()) if path.exists() else None

    def read(self, vector: Numbers, inner_layers: Numbers) -> Reading:
        """The figures of a question with this vector and these inner layers (see ``encoder.TextEmbedding``)."""
        hidden = np.maximum(self._first @ np.concatenate([vector, inner_layers]) + self._first_bias, 0)
        outputs = self._second @ hidden + self._second_bias
        likely = outputs[len(LABELS):] - _total(outputs[len(LABELS):])
        return Reading(dict(zip(LABELS, outputs[:len(LABELS)].tolist(), strict=True)), likely[:len(self.sections)],
                       likely[len(self.sections):])


def section_bytes(sections: Sequence[Section]) -> npt.NDArray[np.uint8]:
    """The names of sections as an array for the file of weights."""
    return np.frombuffer(json.dumps(sections, ensure_ascii=False).encode(), np.uint8)


def _total(logs: Numbers) -> float:
    """The log of the sum of exponentials; the log of next to nothing for none."""
    if not len(logs):
        return -30.0
    most = float(logs.max())
    return most + float(np.log(np.exp(logs - most).sum()))
