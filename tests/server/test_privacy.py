"""Nothing about a question leaves the machine, and no word of it stays: not in logs, files, counts or crashes."""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.errors import BadInput
from assistant.schema import Answer, Term
from assistant.server.counts import AnswerCounts
from assistant.server.settings import Settings, read_settings
from tests.server.web.test_page import TEXTS, StandIn, built, call_api, client, page, running, wait_until
from tests.support import ROOT

MARKER = "xanthorrhoea"  # a word that stands nowhere in the project's texts, typed into every question below
CRASH = "crashinside"  # makes the search raise an exception whose text is the whole question
SPOILT = "spoilthecard"  # makes the renderer raise one

DRIVER = f'''
"""The real command, with a guard around the process: every look-up and connection is written down and refused."""
import ipaddress, json, os, sys
allowed = ("127.0.0.1", "::1", "localhost", None, "")
tried = []

def watch(event, arguments):
    if event == "socket.getaddrinfo" and arguments[0] not in allowed:
        tried.append([event, str(arguments[0])])
    elif event in ("socket.gethostbyname", "socket.gethostbyaddr"):
        tried.append([event, str(arguments[0])])
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and address[0] not in allowed:
            tried.append([event, str(address)])
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"):
        tried.append([event, "another process, which nothing here would watch"])
    else:
        return
    if tried:
        with open(os.environ["TRIED"], "a") as out:
            out.write(json.dumps(tried.pop()) + chr(10))
        raise OSError("refused by the test")

sys.addaudithook(watch)
from assistant.answering import assistant as answering
from assistant.cli import main as cli
from assistant.server.web import rendering
rank, shown = answering.rank, rendering.Renderer.answer

def failing(index, question, *rest):
    if {CRASH!r} in question:
        raise RuntimeError("cannot search for: " + question)
    return rank(index, question, *rest)

def unshowable(self, answer, *rest, **named):
    if {SPOILT!r} in answer.question:
        raise RuntimeError("cannot show: " + answer.question)
    return shown(self, answer, *rest, **named)

answering.rank, rendering.Renderer.answer = failing, unshowable
sys.exit(cli.main(sys.argv[1:]))
'''

QUESTIONS = (
    f"Is ketamine addictive? {MARKER}",
    f"{MARKER} {CRASH}",
    f"{MARKER} {SPOILT} Is ketamine addictive?",
    f"{MARKER} boiling point of zinc",
    f"my friend took ketamine and will not wake up {MARKER}",
    f"will not wake up {MARKER} {CRASH}",
    f"how much ketamine should I take {MARKER}",
    f"{MARKER} " * 400,
    f"{MARKER} 😀 <script>{MARKER}</script>",
)


def files_below(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        for place, _, names in os.walk(folder):
            yield from (Path(place, name) for name in names if Path(place, name).is_file())


@pytest.mark.model
def test_the_whole_service_calls_nobody_and_keeps_no_word(shipped_index: Path, tmp_path: Path) -> None:
    """The real command with the real model: page, API, page without JavaScript, errors and crashes."""
    home, temporary, cwd = (tmp_path / name for name in ("home", "temporary", "cwd"))
    for folder in (home, temporary, cwd):
        folder.mkdir()
    driver, log, tried = tmp_path / "driver.py", tmp_path / "log", tmp_path / "tried"
    driver.write_text(DRIVER)
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(temporary), "TRIED": str(tried),
                   "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1",
                   "ASSISTANT_COUNT_TOPICS": "1", "ASSISTANT_BURST": "1000"}
    for name in ("HF_HUB_OFFLINE", "GRADIO_ANALYTICS_ENABLED", "HF_HUB_DISABLE_TELEMETRY", "HTTP_PROXY", "HTTPS_PROXY"):
        environment.pop(name, None)  # the project sets what it needs itself
    before = {path: path.stat().st_mtime_ns for path in files_below(shipped_index)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, str(driver), "serve", "--index", str(shipped_index), "--corpus", str(ROOT / "corpus"),
             "--port", "0"], cwd=cwd, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: "is at http" in log.read_text() or process.poll() is not None, 60)
        found = re.search(r"is at (http\S+)", log.read_text())
        assert found, log.read_text()
        with client(found[1]) as site:
            wait_until(lambda: site.get("/readyz").status_code == 200, 60)
            for question in QUESTIONS:
                statuses = [site.post("/plain", data={"q": question}).status_code, call_api(site, question, 3)["status"]]
                assert statuses[0] in (200, 400, 500), statuses
                shown = site.post("/ask", data={"q": question})
                assert shown.status_code == 200
                assert "k-answer" in shown.text, shown.text
            for path in ("/", "/about", f"/source/{MARKER}", f"/plain?q={MARKER}", f"/nothing/{MARKER}", "/source/fact-bladder"):
                site.get(path)
            site.post("/plain", content=b"q=" + MARKER.encode() * 9000)
            site.post("/gradio_api/queue/join", content=b'{"data": ["' + MARKER.encode() + b'"')
            site.post("/gradio_api/queue/join", json={"data": [[MARKER]], "fn_index": MARKER, "session_hash": MARKER})
            site.post("/gradio_api/call/ask", json={"data": {MARKER: MARKER}})
            site.post("/gradio_api/call/ask", json={"data": [{MARKER: MARKER}, MARKER]})
            site.get("/plain", headers={"host": f"{MARKER}.example"})
            assert "k-topics" in site.get("/about").text
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    said = log.read_text()
    assert not tried.exists(), tried.read_text()
    assert "Questions since the start: " in said, "the service ended as it should, and told its counts"
    assert "RuntimeError" in said, "the crashes inside did happen"
    assert MARKER not in said.lower()
    assert CRASH not in said
    after = {path: path.stat().st_mtime_ns for path in files_below(shipped_index)}
    assert after == before, "asking writes nothing into the index"
    for path in files_below(home, temporary, cwd, shipped_index):
        assert MARKER.encode() not in path.read_bytes().lower(), path


def strings_with(word: str) -> list[str]:
    """Every text in the memory of this process that holds the word, but for what the running test itself holds."""
    gc.collect()
    seen: dict[int, str] = {}
    for thing in gc.get_objects():
        if type(thing) is not types.FrameType:  # isinstance() would ask the thing itself, and wake lazy modules
            seen |= {id(text): text for text in gc.get_referents(thing) if type(text) is str and word in text}
    return list(seen.values())


@pytest.mark.parametrize("way", ["page", "api", "plain"])
def test_no_word_of_a_question_stays_in_memory_once_it_is_answered(way: str) -> None:
    with running(page(burst=10_000).app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)

        def ask(question: str) -> str:
            if way == "api":
                return json.dumps(call_api(found, question, 3))
            return found.post("/plain" if way == "plain" else "/ask", data={"q": question}).text

        marker = f"{way}{MARKER}"
        assert marker in ask(f"what is {marker} 0001")
        for other in range(2, 6):  # what is kept of the very last request may be overwritten by the next
            ask(f"what is ketamine {other:04}")
        wait_until(lambda: set(strings_with(marker)) <= {marker}, 30)  # tasks of the server end a moment later


def test_a_marker_in_a_file_or_a_connection_would_be_seen(tmp_path: Path) -> None:
    """The test above can fail: its guard sees a look-up, a connection and another process, and lets the loopback be."""
    code = DRIVER.split("from assistant.")[0] + '''
import socket, subprocess
for do in (lambda: socket.getaddrinfo("example.org", 80), lambda: socket.create_connection(("192.0.2.1", 9), 1),
           lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 9)),
           lambda: subprocess.Popen(["true"]), lambda: socket.getaddrinfo("127.0.0.1", 80)):
    try:
        do()
    except OSError as error:
        assert str(error) == "refused by the test", error
'''
    tried = tmp_path / "tried"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "TRIED": str(tried)})
    assert [json.loads(line)[0] for line in tried.read_text().splitlines()] == [
        "socket.getaddrinfo", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen"]


def test_the_command_line_says_no_word_of_a_question_that_crashed(index: Path, toy: object, monkeypatch: pytest.MonkeyPatch,
                                                                  capsys: pytest.CaptureFixture[str]) -> None:
    from assistant.answering import assistant

    class Crashing:
        texts, generation = TEXTS, "x"

        def ask(self, question: str, *_: int) -> Answer:
            raise RuntimeError(f"cannot search for {question}")

    monkeypatch.setattr(assistant.Assistant, "open", lambda *_: Crashing())
    assert main.main(["ask", f"{MARKER} and more", "--index", str(index)]) == 1
    said = capsys.readouterr()
    assert "RuntimeError" in said.err
    assert MARKER not in said.err


# ---- counts, never words


def test_only_statuses_are_counted_unless_the_operator_wants_topics() -> None:
    counts = AnswerCounts()
    counts.add(Answer(MARKER, "not_covered", TEXTS.notice, message=TEXTS.subjects[0].text, terms=(Term("bladder"),)), TEXTS)
    counts.add(("error", MARKER), TEXTS)
    assert counts.totals() == {"status": {"not_covered": 1, "error": 1}}
    assert counts.news() == "Questions since the start: error 1, not_covered 1."
    assert counts.news() == "", "nothing new, nothing said"


def test_topics_are_subjects_and_glossary_words_of_what_was_not_answered() -> None:
    counts, notice, subject = AnswerCounts(topics=True), TEXTS.notice, TEXTS.subjects[0]
    counts.add(Answer(MARKER, "not_covered", notice, message=subject.text), TEXTS)
    for status in ("related", "not_covered", "answered", "urgent"):
        counts.add(Answer(f"{MARKER} wee", status, notice, message=TEXTS.related, terms=(Term("bladder", ("wee",)),)), TEXTS)  # type: ignore[arg-type]
    assert counts.totals() == {"status": {"not_covered": 2, "related": 1, "answered": 1, "urgent": 1},
                               "subject": {subject.id: 1}, "term": {"bladder": 2}}
    said = counts.news()
    assert f"not answered, by subject: {subject.id} 1" in said
    assert "by glossary word: bladder 2" in said
    assert MARKER not in said
    assert "wee" not in said, "the word that was typed is not the one that is counted"


def test_counting_topics_is_off_by_default_and_said_on_the_page_when_on() -> None:
    assert not read_settings({}).topics
    assert read_settings({"ASSISTANT_COUNT_TOPICS": "1"}).topics
    assert "k-topics" not in page().about_html()
    said = page(topics=True).about_html()
    assert "which subjects from a fixed list" in said
    assert "never your words" in said


def test_a_page_that_ends_tells_its_counts_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    with running(page(topics=True).app) as (address, _), client(address) as site:
        wait_until(lambda: site.get("/readyz").status_code == 200)
        for question in (f"related: {MARKER}", f"is it {MARKER}?", f"broken: {MARKER}"):
            site.post("/plain", data={"q": question})
    said = capfd.readouterr().err
    assert "Questions since the start: answered 1, error 1, related 1; by glossary word: " in said
    assert MARKER not in said


def test_an_answer_that_cannot_be_shown_is_an_error_card_and_its_text_stays_out_of_the_log(
        monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    made = page()
    made.service.reloader.put(StandIn(TEXTS))  # type: ignore[arg-type]

    def unshowable(*_: object, **__: object) -> None:
        raise ValueError(MARKER)

    monkeypatch.setattr(made.render, "answer", unshowable)
    assert "Something went wrong" in made.answer_html("Is ketamine addictive?", True)[1]
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert MARKER not in said


# ---- the operator's choices


@pytest.mark.parametrize(("name", "value"), [("HOSTS", "https://a.example"), ("HOSTS", "a b\x00c"), ("HOSTS", "-a-"),
                                             ("FRAME_ANCESTORS", "'self'; script-src *"), ("FRAME_ANCESTORS", "a\r\nb"),
                                             ("BURST", "0"), ("BURST", "-1"), ("PER_MINUTE", "many"), ("PER_MINUTE", "1" * 10),
                                             ("COUNT_TOPICS", "yes")])
def test_a_choice_that_cannot_be_used_is_named_in_one_sentence(name: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"ASSISTANT_{name} ") as found:
        read_settings({f"ASSISTANT_{name}": value})
    assert len(str(found.value).splitlines()) == 1


def test_choices_are_read_from_the_environment() -> None:
    assert read_settings({"ASSISTANT_HOSTS": ""}) == Settings()
    assert read_settings({
        "ASSISTANT_HOSTS": "Answers.example.org, 192.0.2.7", "ASSISTANT_FRAME_ANCESTORS": "'self' https://*.example.org",
        "ASSISTANT_BURST": "5", "ASSISTANT_PER_MINUTE": "9"}) == Settings(
            ("answers.example.org", "192.0.2.7"), "'self' https://*.example.org", 5, 9)


def test_a_page_on_the_loopback_answers_to_loopback_names_and_elsewhere_to_any_unless_named() -> None:
    assert "localhost" in Settings().hosts_at("127.0.0.1")
    assert Settings().hosts_at("0.0.0.0") == ()
    assert Settings(hosts=("a.example",)).hosts_at("127.0.0.1") == ("a.example",)
    assert built(lambda: page().app.hosts) == frozenset()
