"""The running page follows the index folder: without a failed request, and never to something broken."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.answering.assistant import Assistant
from assistant.cli import main
from assistant.corpus.fixed_texts import read_texts
from assistant.errors import IndexCorrupt
from assistant.index import generation
from assistant.indexing.build import build_index
from assistant.indexing.watch import Freshness, footprint, freshness, named
from assistant.server import reload
from assistant.server.reload import Reloader
from assistant.server.web.page import Page
from tests.server.web.test_page import built, client, running, wait_until
from tests.support import BLADDER, ROOT, ToyEncoder, refusals

QUESTION = "Does ketamine hurt the bladder?"
CLIENTS = 50


def opener(index: Path) -> Any:
    return lambda: Assistant.open(index, encoder=ToyEncoder())


@pytest.fixture
def reloader(index: Path, corpus: Path) -> Reloader:
    made = Reloader(index, corpus, opener(index), (QUESTION,))
    made.look()
    return made


def served(reloader: Reloader) -> str:
    assert reloader.serving
    return reloader.serving.assistant.generation


def add(corpus: Path, name: str = "help") -> None:
    (corpus / f"{name}.txt").write_text(f"{name}\n\nThere is help for people. A nurse or a friend can help you.\n", "utf-8")


def rebuild(corpus: Path, index: Path) -> str:
    return build_index(corpus, index, encoder=ToyEncoder()).generation


def spoil(index: Path, name: str = "corpus.json") -> str:
    """Publish a generation with one byte changed; its name."""
    old = generation.current(index)
    bad = index / ("29991231T000000000000Z-" + old.name[-16:])
    shutil.copytree(old, bad)
    raw = (bad / name).read_bytes()
    (bad / name).write_bytes(raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:])
    generation.switch(index, bad.name)
    return bad.name


# ---- one look after the other


def test_a_new_generation_is_taken_into_service(reloader: Reloader, corpus: Path, index: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    old = served(reloader)
    add(corpus)
    new = rebuild(corpus, index)
    reloader.look()
    assert served(reloader) == new != old
    assert reloader.serving
    assert "help" in reloader.serving.sources
    assert f"{new} is in service now" in capsys.readouterr().err


def test_nothing_is_opened_again_while_nothing_is_published(reloader: Reloader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reloader, "_open", lambda: pytest.fail("opened without need"))
    for _ in range(3):
        reloader.look()


@pytest.mark.parametrize("name", ["corpus.json", "vectors.faiss", "manifest.json"])
def test_a_bad_generation_is_refused_and_the_old_one_stays(reloader: Reloader, index: Path, name: str,
                                                           capsys: pytest.CaptureFixture[str]) -> None:
    old = served(reloader)
    bad = spoil(index, name)
    reloader.look()
    assert served(reloader) == old
    assert reloader.refused == bad
    assert reloader.serving
    assert reloader.serving.assistant.ask(QUESTION).citations
    said = capsys.readouterr().err
    assert f"{bad} was refused, {old} stays in service" in said
    reloader.look()
    assert capsys.readouterr().err == "", "it is said once"


def test_after_a_bad_generation_a_good_one_is_taken_again(reloader: Reloader, corpus: Path, index: Path) -> None:
    spoil(index)
    reloader.look()
    add(corpus)
    new = rebuild(corpus, index)
    reloader.look()
    assert served(reloader) == new
    assert reloader.refused == ""


def test_going_back_to_the_generation_in_service_clears_the_refusal(reloader: Reloader, index: Path) -> None:
    old = served(reloader)
    spoil(index)
    reloader.look()
    generation.switch(index, old)
    reloader.look()
    assert (served(reloader), reloader.refused) == (old, "")


def test_a_generation_that_cannot_answer_an_example_is_refused(reloader: Reloader, corpus: Path, index: Path,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    old = served(reloader)
    add(corpus)
    rebuild(corpus, index)
    monkeypatch.setattr(Assistant, "ask", lambda *_: 1 / 0)
    reloader.look()
    assert served(reloader) == old


def test_a_generation_whose_passage_fails_its_proof_is_refused(reloader: Reloader, corpus: Path, index: Path,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    old = served(reloader)
    add(corpus)
    rebuild(corpus, index)

    def tampered() -> Assistant:
        made = opener(index)()
        store = made._index.store
        store.hashes = dict.fromkeys(store.hashes, "0" * 64)
        return made

    monkeypatch.setattr(reloader, "_open", tampered)
    reloader.look()
    assert served(reloader) == old


@pytest.mark.parametrize("harm", ["gone", "no name", "not there"])
def test_an_index_folder_in_disorder_changes_nothing(reloader: Reloader, index: Path, harm: str) -> None:
    old = served(reloader)
    (index / "current").unlink()
    if harm != "gone":
        (index / "current").write_text({"no name": "../../etc", "not there": "29990101T000000000000Z-" + "0" * 16}[harm])
    reloader.look()
    assert served(reloader) == old
    assert reloader.serving
    assert reloader.serving.assistant.ask(QUESTION).citations, "what is in service is in memory"


def test_what_could_not_be_opened_at_the_start_is_tried_again_once_it_is_built_anew(corpus: Path, index: Path) -> None:
    bad = spoil(index)
    made = Reloader(index, corpus, opener(index), (QUESTION,))
    made.look()
    assert made.failed
    assert made.serving is None
    shutil.rmtree(index / bad)
    new = rebuild(corpus, index)
    made.look()
    assert served(made) == new
    assert not made.failed


def test_a_fault_in_one_look_does_not_end_the_watch(reloader: Reloader, monkeypatch: pytest.MonkeyPatch,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    looks = threading.Semaphore(0)

    def look() -> None:
        looks.release()
        raise OSError("the disk is gone")

    monkeypatch.setattr(reload, "EVERY", 0.01)
    monkeypatch.setattr(reloader, "look", look)
    reloader.start()
    for _ in range(3):
        assert looks.acquire(timeout=10)
    reloader.stop()
    assert "could not be looked at: OSError" in capsys.readouterr().err


# ---- is the corpus newer than the index?


def compare(reloader: Reloader) -> Freshness:
    for _ in range(reload.CORPUS_LOOKS):
        reloader.look()
    return reloader.fresh


@pytest.mark.parametrize(("edit", "named"), [
    (lambda corpus: (corpus / "bladder.txt").write_text(f"Bladder\n\n{BLADDER} More.\n"), "bladder"),
    (lambda corpus: (corpus / "alcohol.txt").unlink(), "alcohol"),
    (lambda corpus: add(corpus, "new"), "new"),
    (lambda corpus: (corpus / "alcohol.txt").rename(corpus / "drink.txt"), "drink"),
    (lambda corpus: (corpus / "glossary.toml").write_text('[[term]]\nword = "bladder"\nalso = ["waterworks"]\n'), "glossary"),
    (lambda corpus: (corpus / "not_covered.toml").write_text(refusals("Ask a nurse.")), "texts"),
], ids=["edited", "deleted", "added", "renamed", "glossary", "fixed texts"])
def test_every_change_of_the_corpus_is_seen_and_said_once_and_taken_back_after_a_build(
        reloader: Reloader, corpus: Path, index: Path, edit: Any, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(reloader) == Freshness()
    capsys.readouterr()
    edit(corpus)
    assert named in compare(reloader).changed
    said = capsys.readouterr().err
    assert "is newer than the index" in said
    assert named in said
    assert "python -m assistant build" in said
    assert compare(reloader).stale
    assert capsys.readouterr().err == ""
    assert main.main(["check", "--corpus", str(corpus), "--index", str(index)]) == 1
    assert "changed after the index was built" in capsys.readouterr().out
    rebuild(corpus, index)
    reloader.look()
    assert not compare(reloader).stale


def test_a_corpus_that_cannot_be_read_is_said_and_nothing_else_happens(reloader: Reloader, corpus: Path,
                                                                       capsys: pytest.CaptureFixture[str]) -> None:
    compare(reloader)
    (corpus / "sources.toml").write_text("this is = = no toml")
    assert not compare(reloader).stale
    assert "The corpus cannot be read" in capsys.readouterr().err


def test_an_index_of_another_folder_is_told_with_what_the_page_takes_from_it_and_not_called_out_of_date(
        index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other"
    other.mkdir()
    add(other, "elsewhere")
    made = Reloader(index, other, opener(index), ())
    made.look()
    assert made.fresh.foreign
    assert not made.fresh.stale
    told = capsys.readouterr().err
    assert f"was built from another folder than {other}" in told
    assert f"its name, contact, colours and subjects from {other}" in told
    assert "--corpus" in told


def test_the_corpus_is_read_only_when_a_file_of_it_was_touched(reloader: Reloader, corpus: Path,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    compare(reloader)
    read: list[Path] = []
    monkeypatch.setattr(reload, "freshness", lambda *where: (read.append(where[0]), freshness(*where))[1])
    compare(reloader)
    assert not read
    os.utime(corpus / "bladder.txt", (1, 1))
    assert not compare(reloader).stale, "touched, not changed"
    assert read == [corpus]


def test_a_footprint_sees_size_time_and_name(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("x")
    seen = [footprint(tmp_path)]
    file.write_text("xy")
    seen.append(footprint(tmp_path))
    file.rename(tmp_path / "b")
    seen.append(footprint(tmp_path))
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert footprint(tmp_path) == seen[-1], "a link to nothing is no text"
    assert len(set(seen)) == 3


def test_many_changes_are_counted_and_not_all_listed() -> None:
    assert named(tuple("abcdefg")) == "a, b, c, d, e and 2 more"


# ---- the page over it


@pytest.fixture
def site(index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Page, httpx.Client]]:
    monkeypatch.setattr(reload, "EVERY", 0.05)
    monkeypatch.setattr(reload, "CORPUS_LOOKS", 1)
    page = built(lambda: Page(index, read_texts(corpus), opener(index), corpus=corpus, burst=10**6))
    with running(page.app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)
        yield page, found


def test_fifty_clients_ask_while_generations_change_and_not_one_request_fails(
        site: tuple[Page, httpx.Client], corpus: Path, index: Path) -> None:
    _, found = site
    ended = threading.Event()
    statuses: list[int] = []
    generations: set[str] = set()

    def visitor(number: int) -> None:
        with client(str(found.base_url)) as mine:
            asked = 0
            while not ended.is_set() or not asked:
                asked += 1
                reply = mine.post("/plain", data={"q": QUESTION})
                statuses.append(reply.status_code)
                assert "k-is-answered" in reply.text or "k-is-related" in reply.text, reply.text[:300]
                if number == 0:
                    generations.add(mine.get("/readyz").json()["generation"])

    with ThreadPoolExecutor(CLIENTS) as clients:
        visits = [clients.submit(visitor, number) for number in range(CLIENTS)]
        try:
            for number in range(3):
                add(corpus, f"help{number}")
                new = rebuild(corpus, index)
                wait_until(lambda name=new: name in generations, 60)
            bad = spoil(index)
            wait_until(lambda: found.get("/readyz").json()["refused"] == bad, 60)
        finally:
            ended.set()
        for visit in visits:
            visit.result(60)
    assert set(statuses) == {200}
    assert len(statuses) >= CLIENTS
    assert found.get("/readyz").json()["generation"] == new, "the bad one was not taken"
    assert len(generations) >= 3


def test_visitors_see_the_date_of_the_sources_and_whether_texts_are_newer(site: tuple[Page, httpx.Client],
                                                                          corpus: Path, index: Path) -> None:
    page, found = site
    day = generation.current(index).name[:8]
    date = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    for shown in (found.get("/about").text, found.get("/plain").text, page.sources_html(), page.about_html()):
        assert date in shown
        assert "k-stale" not in shown
    assert found.get("/readyz").json()["corpus_newer"] is False
    add(corpus)
    wait_until(lambda: found.get("/readyz").json()["corpus_newer"], 20)
    assert found.get("/readyz").status_code == 200, "older texts are still proved texts"
    for shown in (found.get("/about").text, found.get("/plain").text, page.sources_html(), page.about_html()):
        assert "Some texts were changed after that day" in shown
    rebuild(corpus, index)
    wait_until(lambda: not found.get("/readyz").json()["corpus_newer"], 20)


def test_a_changed_notice_is_on_the_whole_page_once_its_generation_is_in_service(
        site: tuple[Page, httpx.Client], corpus: Path, index: Path) -> None:
    _, found = site
    shipped = (ROOT / "corpus" / "notice.toml").read_text("utf-8")
    old = read_texts(corpus).notice.text
    first, rest = old.split(" ", 1)
    assert shipped.count(old) == 1
    (corpus / "notice.toml").write_text(shipped.replace(old, f"{first} NEWLY {rest}"), "utf-8")
    assert "NEWLY" not in found.get("/").text
    new = rebuild(corpus, index)
    wait_until(lambda: found.get("/readyz").json()["generation"] == new, 20)
    for reply in (found.get("/"), found.get("/plain"), found.get("/nothing"), found.post("/plain", data={"q": QUESTION}),
                  found.get("/gradio_api/runs"), found.get("/config")):
        assert "NEWLY" in reply.text, reply.url
        assert old not in reply.text, reply.url


def test_a_withheld_passage_turns_readyz_red_is_counted_and_tells_no_question(
        site: tuple[Page, httpx.Client], corpus: Path, index: Path, caplog: pytest.LogCaptureFixture) -> None:
    page, found = site
    assert found.get("/readyz").json()["withheld"] == 0
    serving = page.service.reloader.serving
    assert serving
    key, source = "bladder", serving.assistant._index.sources["bladder"]
    serving.assistant._index.sources[key] = dataclasses.replace(source, text=source.text.replace("can hurt", "can heal"))
    reply = found.post("/plain", data={"q": f"{QUESTION} marker-of-this-question"})
    assert "can heal" not in reply.text
    assert "can hurt" not in reply.text
    ready = found.get("/readyz")
    assert ready.status_code == 503
    assert (ready.json()["ready"], ready.json()["why"]) == (False, "withheld")
    assert ready.json()["withheld"] >= 1
    assert "was withheld" in caplog.text
    assert "marker-of-this-question" not in caplog.text
    assert found.get("/healthz").status_code == 200
    add(corpus)
    new = rebuild(corpus, index)
    wait_until(lambda: found.get("/readyz").status_code == 200, 20)
    assert found.get("/readyz").json()["generation"] == new, "a whole generation is green again"


def test_readyz_tells_machines_all_they_need(site: tuple[Page, httpx.Client]) -> None:
    assert set(json.loads(found.text) if (found := site[1].get("/readyz")) else {}) == {
        "ready", "search", "generation", "created", "withheld", "corpus_newer", "refused"}


def test_opening_names_the_bad_file(index: Path) -> None:
    spoil(index, "vectors.faiss")
    with pytest.raises(IndexCorrupt, match=r"vectors\.faiss"):
        opener(index)()
