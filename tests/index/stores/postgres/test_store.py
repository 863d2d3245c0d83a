"""A generation in a database says what its folder says, and no word that was altered there is ever shown."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answering.assistant import Assistant
from assistant.errors import AssistantError, BadInput, BuildFailed, IndexCorrupt, Unreachable
from assistant.index.bm25 import tokens
from assistant.index.index import Index
from assistant.index.stores.postgres import catalog, connection, store
from assistant.index.stores.postgres import rows as postings
from assistant.index.stores.postgres.connection import Database
from assistant.indexing.build import BUILT, build_index
from assistant.indexing.check import check
from tests.support import BLADDER, ROOT, ToyEncoder

psycopg = pytest.importorskip("psycopg")

QUESTIONS = ("What about the bladder in case n7?", "alcohol and ketamine n30", "help", "What does it do?", "zebra",
             "depression n11")


@pytest.fixture
def there(address: str, many: Path) -> str:
    """The address of a database that the sources were built into."""
    build_index(many, address, encoder=ToyEncoder())
    return address


def folder_of(address: str) -> Path:
    """Where this machine built what it published: the same generation."""
    return Database(address).folder() / BUILT


def execute(address: str, statement: str) -> None:
    """``{}`` stands for the schema of the one generation."""
    with psycopg.connect(address) as connection:
        (name,) = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'answers\\_%'").fetchone()
        connection.execute(statement.replace("{}", name))


def opened(place: Any) -> Assistant:
    return Assistant.open(place, ToyEncoder())


# ---- the same as the folder


def test_every_question_gets_the_answer_that_the_folder_of_the_same_generation_gives(there: str) -> None:
    folder, database = opened(folder_of(there)), opened(there)
    assert database.generation == folder.generation
    for question in QUESTIONS:
        one, other = folder.ask(question, 3, 10), database.ask(question, 3, 10)
        assert one.status == other.status
        assert one.confidence == pytest.approx(other.confidence, abs=1e-3)
        for ours, theirs in ((one.citations, other.citations), (one.ranked, other.ranked)):
            assert [(cited.receipt, cited.exact, cited.highlight) for cited in ours] == [
                (cited.receipt, cited.exact, cited.highlight) for cited in theirs]
            assert [cited.score for cited in ours] == pytest.approx([cited.score for cited in theirs], abs=1e-3)


def stores(address: str) -> tuple[Any, Any]:
    """The folder's and the database's."""
    return Index.open(folder_of(address), ToyEncoder()).store, Index.open(Database(address), ToyEncoder()).store


def test_cosines_and_bm25_are_those_of_the_folder(there: str) -> None:
    folder, database = stores(there)
    for question in QUESTIONS:
        words, vector = tokens([question])[0], ToyEncoder().encode([question])[0]
        both = (astuple(each.candidates(vector, words)) for each in (folder, database))
        for one, other in zip(*both, strict=True):
            assert other == pytest.approx(one, abs=1e-4)
    rows = np.arange(database.rows)
    assert (database.vectors(rows) == folder.vectors(rows)).all()


def test_rare_words_are_looked_up_where_only_the_common_ones_are_held(there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "COMMON", 5)
    folder, database = stores(there)
    for word in ("n7", "bladder", "zebra"):
        assert (database.known(word), database.idf(word)) == (folder.known(word), folder.idf(word))


def test_words_in_several_parts_are_joined(address: str, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.index.stores.postgres.publish.PART", 7)
    monkeypatch.setattr("assistant.index.stores.postgres.verify.PART", 7)
    monkeypatch.setattr(postings, "PART", 7)
    build_index(many, address, encoder=ToyEncoder())
    folder, database = stores(address)
    for one, other in zip(folder.matches(["bladder", "n7"]), database.matches(["bladder", "n7"]), strict=True):
        assert other == pytest.approx(one, abs=1e-4)
    database.verify()


@pytest.mark.parametrize("narrow", [0, store.NARROW])
def test_a_filter_finds_the_same_through_the_graph_and_by_comparing_all_in_full(there: str, narrow: int,
                                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "NARROW", narrow)
    assistant = opened(there)
    assert {hit.passage.source_id for hit in assistant.only(sources=["s7"]).hits("alcohol ketamine")[0]} == {"s7"}
    assert {int(hit.passage.source_id[1:]) % 3 for hit in assistant.only(kinds=["study"]).hits("case n7 alcohol")[0]} == {2}


# ---- what was altered


def forged_record(field: str) -> str:
    return f"convert_to(replace(convert_from({field}, 'UTF8'), 'can hurt', 'can heal'), 'UTF8')"


ALTERED = {
    "a source's text": f"UPDATE {{}}.source SET record = {forged_record('record')}",
    "a passage's span": "UPDATE {}.passage SET record = convert_to(replace(convert_from(record, 'UTF8'), '\"start\": 8', "
                        "'\"start\": 9'), 'UTF8')",
    "a passage's heading": "UPDATE {}.passage SET record = convert_to(replace(convert_from(record, 'UTF8'), 'Part', 'Pact'), "
                           "'UTF8')",
    "a passage of another number": "UPDATE {}.passage SET record = (SELECT record FROM {}.passage WHERE number = 29)",
    "a passage that is gone": "DELETE FROM {}.passage",
    "a source that is gone": "DELETE FROM {}.source",
    "a proof": "UPDATE {}.proof SET hashes = set_byte(hashes, 5, (get_byte(hashes, 5) + 1) % 256)",
    "a proof that is gone": "DELETE FROM {}.proof",
}


@pytest.mark.parametrize("what", ALTERED)
def test_no_word_that_was_altered_in_the_database_is_shown(there: str, many: Path, what: str) -> None:
    true = {passage.text for passage in opened(there)._index.passages}
    assert any(BLADDER in citation.exact for citation in opened(there).ask("What about the bladder?", 10).citations)
    assistant = opened(there)  # what one has proved it may remember
    execute(there, ALTERED[what])
    for one in (assistant, opened(there)):
        try:
            answer = one.ask("What about the bladder?", 10)
        except IndexCorrupt as error:
            assert "is not what was indexed" in str(error)  # noqa: PT017 - either way is right
        else:
            assert {citation.exact for citation in answer.citations} <= true
            assert one.withheld or answer.status == "not_covered"
    (finding,) = [finding for finding in check(many, Database(there)) if finding.rule == "index"]
    assert finding.level == "error"
    assert "--force" in finding.problem


@pytest.mark.parametrize(("statement", "named"), [
    ("UPDATE {}.near SET vector = (SELECT vector FROM {}.near WHERE number = 1) WHERE number = 2", "A vector"),
    ("DELETE FROM {}.near WHERE number = 3", "number of rows"),
    ("UPDATE {}.near SET kind = 'study' WHERE number = 3", "vector 3"),
    ("UPDATE {}.passage SET kind = 'study' WHERE number = 3", "Passage 3"),
    ("UPDATE {}.word SET seen = seen + 1 WHERE stem = 'bladder'", "A word"),
    ("UPDATE {}.word SET impacts[2] = 9 WHERE stem = 'bladder'", "A word"),
    ("INSERT INTO {}.word VALUES ('bladder', 9, 1, '{3}', '{9}')", "number of rows"),
    ("UPDATE answers.pieces SET content = set_byte(content, 3, 1)", "The file"),
    ("DELETE FROM answers.pieces WHERE piece = 0", "The file"),
    ("UPDATE answers.generations SET manifest = set_byte(manifest, 3, 1)", "The manifest"),
    ("DROP TABLE {}.near", "cannot be read"),
])
def test_check_names_what_was_altered_in_any_table(there: str, many: Path, statement: str, named: str) -> None:
    assert [finding for finding in check(many, Database(there)) if finding.rule == "index"] == []
    execute(there, statement)
    (finding,) = [finding for finding in check(many, Database(there)) if finding.rule == "index"]
    assert named in finding.problem


def test_another_manifest_cannot_take_the_place_of_the_published_one(there: str) -> None:
    """Whoever rewrites words and hashes together would have to keep the name, which is the hash of the manifest."""
    execute(there, f"UPDATE answers.generations SET manifest = {forged_record('manifest')} || ' '::bytea")
    with pytest.raises(IndexCorrupt, match=r"manifest of .* is not what was indexed"):
        opened(there)


@pytest.mark.parametrize("name", ["answers; DROP SCHEMA answers", "", "20260101T000000000000Z-0123456789abcdeg"])
def test_no_name_gets_into_a_statement_that_is_none(name: str) -> None:
    with pytest.raises(IndexCorrupt, match="is no name of a generation"):
        catalog.schema(name)


# ---- small files


def test_small_files_are_fetched_once_and_verified_each_time(there: str) -> None:
    opened(there)
    execute(there, "DELETE FROM answers.pieces")
    assert opened(there).ask("bladder").citations
    folder = next((Database(there).folder() / catalog.SERVED).glob("2*"))
    (folder / "corpus.json").write_bytes((folder / "corpus.json").read_bytes() + b" ")
    with pytest.raises(IndexCorrupt, match=r"The file .* is not what was indexed"):
        opened(there)


def test_a_harmed_file_of_this_machine_is_fetched_again(there: str) -> None:
    opened(there)
    folder = next((Database(there).folder() / catalog.SERVED).glob("2*"))
    (folder / "roots.bin").write_bytes(b"")
    assert opened(there).ask("bladder").citations
    assert (folder / "roots.bin").stat().st_size == 32


def test_an_altered_small_file_is_never_opened(there: str) -> None:
    execute(there, "UPDATE answers.pieces SET content = set_byte(content, 3, 1)")
    with pytest.raises(IndexCorrupt, match="The file"):
        opened(there)
    assert not list((Database(there).folder() / catalog.SERVED).glob("2*"))


def test_the_next_generation_takes_files_that_did_not_change_from_this_machine(there: str, many: Path,
                                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    opened(there)
    (many / "s3.txt").write_text("New\n\nThere is help with alcohol.\n", "utf-8")
    build_index(many, there, encoder=ToyEncoder())
    fetched: list[str] = []
    read = catalog.pieces
    monkeypatch.setattr(catalog, "pieces", lambda engine, file, sha256: fetched.append(file) or read(engine, file, sha256))
    opened(there)
    assert "roots.bin" in fetched
    assert "corpus.json" not in fetched  # fixed texts and glossary; words of sources are rows


FETCH = """
import os, sys
from assistant.index.stores.postgres import catalog as tables
from assistant.index.stores.postgres.connection import Database
from assistant.index.index import Index
write = tables.write
def once(path, content):
    write(path, content)
    os.kill(os.getpid(), 9)
tables.write = once
Index.open(Database(sys.argv[1]), load_encoder=False)
"""


def test_a_fetch_that_is_killed_leaves_nothing_that_counts(there: str) -> None:
    done = subprocess.run([sys.executable, "-c", FETCH, there], cwd=ROOT, check=False)
    assert done.returncode == -9
    served = Database(there).folder() / catalog.SERVED
    assert [path.name[:7] for path in served.iterdir() if path.is_dir()] == [".draft-"]
    assert opened(there).ask("bladder").citations
    assert all(path.name[0] == "2" for path in served.iterdir() if path.is_dir())


def test_a_machine_that_can_keep_nothing_says_where_and_how(there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "file"))
    with pytest.raises(BuildFailed, match="ASSISTANT_CACHE"):
        opened(there)


def test_a_user_who_may_only_read_can_serve_and_not_publish(address: str, many: Path) -> None:
    """With the rights that docs/scaling.md names, given before anything was published."""
    there, role = address, f"reader{time.monotonic_ns()}"
    (granted,) = re.findall(r"\n((?: +ALTER DEFAULT PRIVILEGES .*;\n)+)", (ROOT / "docs" / "scaling.md").read_text("utf-8"))
    with psycopg.connect(there) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN")
        connection.execute(granted.replace("builder", "postgres").replace("reader", role))
    build_index(many, there, encoder=ToyEncoder())
    reader = there.replace("postgres:@", f"{role}:@")
    assert reader != there
    assert opened(reader).ask("bladder").citations
    (many / "s3.txt").write_text("New\n\nThere is help with alcohol.\n", "utf-8")
    with pytest.raises(AssistantError, match=r"may not publish|may not read"):
        build_index(many, reader, encoder=ToyEncoder())
    execute(there, f"REVOKE ALL ON ALL TABLES IN SCHEMA answers FROM {role}")
    with pytest.raises(BadInput, match="may not read"):
        opened(reader)


def test_a_question_reads_six_times_at_most(there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passages come in one statement: each way there and back takes longer than reading."""
    database, read = Database(there), []
    assistant = Assistant.open(database, ToyEncoder())
    for question in QUESTIONS:
        assistant.ask(question)  # sources and proofs are kept once they are verified
    rows = Database.rows
    monkeypatch.setattr(Database, "rows", lambda *given, **named: read.append(given[1]) or rows(*given, **named))
    for question in QUESTIONS:
        read.clear()
        assistant.ask(question)
        assert len(read) <= 6, (question, read)


def test_a_statement_that_takes_too_long_is_not_given_again(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "ANSWER", 1)
    database, taken = Database(address), []
    database.rows("SELECT 1")  # so that the connection was used before, as one that may have broken since
    take = database._taken
    monkeypatch.setattr(database, "_taken", lambda: taken.append(1) or take())
    with pytest.raises(Unreachable):
        database.rows("SELECT pg_sleep(9)")
    assert len(taken) == 1
