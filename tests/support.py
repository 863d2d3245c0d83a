"""What tests import: a five-word encoder whose cosines can be checked by hand, two paragraphs, the repository's root."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.answering import decision
from assistant.answering.decision import Figures
from assistant.arrays import Vectors
from assistant.index.encoder import EncoderIdentity, Progress, TextEmbedding
from assistant.notices import Helpline
from assistant.screening.labels import REFUSALS

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
WORDS = ("ketamine", "bladder", "alcohol", "help", "depression")


class ToyEncoder:
    """Counts five words. Rows have length 1; a text with none of the words is zero, so near to nothing."""

    def __init__(self, sha256: str = "toy") -> None:
        self.identity = EncoderIdentity("toy", sha256, 8)
        self.seen: list[str] = []  # every text that went through the model

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.seen += texts
        return np.array([self._row(text.lower()) for text in texts], np.float32).reshape(len(texts), len(WORDS))

    def _row(self, text: str) -> list[float]:
        counts = [float(text.count(word)) for word in WORDS]
        length = math.sqrt(sum(count * count for count in counts)) or 1.0
        return [count / length for count in counts]

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[TextEmbedding]:
        """Each of the five words is a token; other words have none."""
        made = []
        for text, vector in zip(texts, self.encode(texts), strict=True):
            ids = [WORDS.index(word) for word in re.findall(r"\w+", text.lower()) if word in WORDS]
            made.append(TextEmbedding(vector, np.array(ids, np.int32), np.eye(len(WORDS), dtype=np.float32)[ids], vector))
        return made

    def encode_inner_layers(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self.encode(texts)

    def save_runtime(self, folder: Path) -> list[str]:
        return []


BLADDER = "Ketamine can hurt the bladder. People may need to pee often, and it may sting. A doctor can check the bladder."
ALCOHOL = "Mixing alcohol and ketamine is risky. Both slow the body down, and a person may stop breathing well."


def refusals(text: str = "Please ask someone who knows about {}.") -> str:
    """A not_covered.toml with every subject that the rules give."""
    return "".join(f'[[subject]]\nid = "{name}"\ntext = "{text.format(name)}"\n' for name in REFUSALS)


def reached(line: Helpline) -> str:
    """The address behind a help line: its number, or the website of one that has none."""
    return f"tel:{line.tel}" if line.tel else str(line.url)


BEIR_DOCUMENTS = [
    {"_id": "d1", "title": "The bladder.", "text": "Ketamine can hurt the bladder. A doctor can look at it."},
    {"_id": "d2", "title": "", "text": "Alcohol slows the body down. It makes people drowsy."},
    {"_id": "d3", "title": "Help", "text": "There is help for people. Ask a nurse about it, or a friend."},
]


BEIR_QUERIES = [{"_id": "q1", "text": "bladder"}, {"_id": "q2", "text": "alcohol"}, {"_id": "unjudged", "text": "help"}]


BEIR_QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td2\t1\n"


def json_lines(records: list[dict[str, str]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def sure(monkeypatch: pytest.MonkeyPatch, probability: float | Callable[[Figures], float]) -> None:
    """Let the passages answer with this probability; everything else is decided as it is."""
    whole = decision.probabilities
    given = probability if callable(probability) else lambda _: probability
    monkeypatch.setattr(decision, "probabilities", lambda known: whole(known) | {"answer": given(known), "other": 0.0})
