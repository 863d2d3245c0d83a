"""files of written messages -> what the weights are trained on. Owns no dependency.

    exemplars.jsonl     messages of people in danger, by kind, and calm ones
    refused.jsonl       questions that passages must not answer, by subject, and others
    unanswered.jsonl    questions that nothing here answers

They are training data for ``python -m assistant fit`` (see ``training``); no index embeds them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorpusError

UNANSWERED_FILE = "unanswered.jsonl"
NEAR_MISS, OTHER_HEALTH, OFF_TOPIC = UNANSWERED_KINDS = ("near_miss", "other_health", "off_topic")


@dataclass(frozen=True)
class Stage:
    """One classifier: the file that it learns from, the file of its weights, and the kinds that it tells apart."""

    file: str  # exemplars, in the corpus folder
    weights: str  # trained on them, in the folder of weights and in a generation
    key: str  # under which an exemplar names its kind; null there means none of them
    kinds: tuple[str, ...]  # most pressing first
    cut: float  # a message whose probability of being any of the kinds is above this is taken to be one


DANGER = Stage("exemplars.jsonl", "danger.safetensors", "kind",
               ("overdose", "ingestion", "suicide", "withdrawal", "violence"), cut=0.5)
REFUSAL = Stage("refused.jsonl", "refusal.safetensors", "subject",
                ("dose", "method", "buying", "testing", "someone-elses"), cut=0.5)


@dataclass(frozen=True)
class Exemplar:
    """A message written by an editor. ``kind`` is None for one that is none of the kinds."""

    text: str
    kind: str | None


@dataclass(frozen=True)
class Unanswered:
    """A question that nothing in the corpus answers."""

    text: str
    kind: str


@dataclass(frozen=True)
class Examples:
    """Questions that the texts answer, and questions that nothing in them answers."""

    answered: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.answered and self.unanswered)


def read_exemplars(path: Path, stage: Stage = DANGER) -> tuple[Exemplar, ...]:
    """The exemplars of a JSON Lines file. Raises CorpusError, which names file and line."""
    found: list[Exemplar] = []
    seen: set[str] = set()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            record = json.loads(line)
            exemplar = Exemplar(record["text"], record[stage.key])
        except (ValueError, KeyError, TypeError):
            raise CorpusError(f'{path}, line {number}: an exemplar is one {{"text": ..., "{stage.key}": ...}} a line.') from None
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


def read_unanswered(path: Path) -> tuple[Unanswered, ...]:
    """The questions of a JSON Lines file that nothing answers. Raises CorpusError, which names file and line."""
    found: dict[str, Unanswered] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            item = Unanswered(record["text"], record["kind"])
        except (ValueError, KeyError, TypeError):
            raise CorpusError(f'{path}, line {number}: a question is one {{"text": ..., "kind": ...}} a line.') from None
        if item.kind not in UNANSWERED_KINDS or not isinstance(item.text, str) or not item.text.strip():
            raise CorpusError(f"{path}, line {number}: 'kind' must be one of {', '.join(UNANSWERED_KINDS)}, 'text' a question.")
        if item.text.casefold() in found:
            raise CorpusError(f"{path}, line {number}: this question stands in the file twice.")
        found[item.text.casefold()] = item
    return tuple(found.values())
