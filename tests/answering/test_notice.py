"""One notice: byte for byte what the reviewed file says, in every status, after every fault, on every way out."""

from __future__ import annotations

import contextlib
import html
import io
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering import assistant as answering
from assistant.answering.assistant import Assistant
from assistant.answering.cards import refuse, screen
from assistant.cli import main
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.errors import IndexCorrupt, IndexMissing, QuestionError
from assistant.schema import Answer
from assistant.server.web import page as web
from tests.browser.stand_in import QUESTIONS, StandIn, built, running
from tests.support import ToyEncoder, sure

REVIEWED = tomllib.loads((SHIPPED / "notice.toml").read_text("utf-8"))["text"]
TEXTS = read_texts(SHIPPED)
CALM, URGENT = "Is ketamine addictive?", "my friend took ketamine and will not wake up"
FAULTS = ("index missing", "index corrupt", "encoder failing", "ask raising")


class FailingEncoder(ToyEncoder):
    """Opens like the toy one and then fails, as a model does when memory runs out."""

    broken = False

    def encode_fine(self, texts: Any, progress: Any = None) -> Any:
        if self.broken:
            raise RuntimeError("no memory")
        return super().encode_fine(texts, progress)


def has_reviewed_notice(answer: Answer) -> bool:
    record = json.loads(json.dumps(answer.to_json()))
    return (answer.notice.text == REVIEWED and record["notice"]["text"] == REVIEWED and REVIEWED in str(answer)
            and [line["name"] for line in record["notice"]["helplines"]] == [line.name for line in TEXTS.notice.helplines])


def as_read(page: str) -> str:
    """A page's words without its marks, as a reader or a screen reader gets them."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def open_with(fault: str, index: Path) -> Any:
    """A way to open an assistant in which ``fault`` happens."""
    def open_assistant(*_: Any, **__: Any) -> Any:
        if fault == "index missing":
            raise IndexMissing("There is no index.")
        if fault == "index corrupt":
            raise IndexCorrupt("The index was changed.")
        encoder = FailingEncoder()
        found = Assistant(answering.Index.open(index, encoder))
        if fault == "encoder failing":
            encoder.broken = True
        if fault == "ask raising":
            def fail(*_: Any, **__: Any) -> Any:
                raise ValueError("a fault nobody foresaw")
            found.ask = fail  # type: ignore[method-assign]
        return found
    return open_assistant


# ---- the library


@pytest.mark.parametrize("probability", [0.0, 0.5, 1.0])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.one_of(st.text(min_size=1, max_size=300), st.sampled_from([
    CALM, URGENT, "alcohol", "help", "how do I inject ketamine", "qwxyz", "¿Cuánto dura?", "I want to die"])))
def test_whatever_is_asked_the_answer_carries_the_reviewed_notice(
        assistant: Assistant, monkeypatch: pytest.MonkeyPatch, probability: float, question: str) -> None:
    sure(monkeypatch, probability)
    try:
        answer = assistant.ask(question)
    except QuestionError as error:
        answer = refuse(question, assistant.texts, str(error))
    assert has_reviewed_notice(answer)


def test_every_status_is_among_those_that_were_tried(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = set()
    for probability in (0.0, 0.1, 1.0):
        sure(monkeypatch, probability)
        for question in (CALM, URGENT, "alcohol", "qwxyz", "how do I inject ketamine"):
            answer = assistant.ask(question)
            assert has_reviewed_notice(answer)
            seen.add(answer.status)
    assert seen == {"urgent", "answered", "related", "not_covered"}


def test_the_screen_alone_and_a_refusal_carry_it() -> None:
    alarm = screen(URGENT, TEXTS)
    assert alarm
    assert has_reviewed_notice(alarm)
    assert has_reviewed_notice(refuse("?", TEXTS, "There is no question."))


# ---- the command line


@pytest.mark.parametrize("question", [CALM, URGENT], ids=["calm", "urgent"])
@pytest.mark.parametrize("as_json", [False, True], ids=["for people", "json"])
@pytest.mark.parametrize("fault", FAULTS)
def test_the_command_line_prints_it_after_every_fault(
        index: Path, monkeypatch: pytest.MonkeyPatch, fault: str, as_json: bool, question: str) -> None:
    monkeypatch.setattr(answering.Assistant, "open", open_with(fault, index))
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main.main(["ask", question, "--index", str(index), *(["--json"] if as_json else [])])
    assert code in (0, 1)  # 0: the card needs neither model nor search, so nothing failed for this person
    assert code == 1 or question == URGENT
    if as_json:
        record = json.loads(out.getvalue())
        assert record["notice"]["text"] == REVIEWED
        assert (record["status"] == "urgent") == (question == URGENT)
    else:
        assert REVIEWED in out.getvalue()


# ---- the page without JavaScript, and what machines get


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    page = built(lambda: web.Page(Path("index"), TEXTS, lambda: StandIn(TEXTS), burst=10_000))
    page.service.reloader.put(StandIn(TEXTS))
    with running(page.app) as (address, _), httpx.Client(base_url=address, trust_env=False, timeout=20) as found:
        yield found


@pytest.mark.parametrize("state", [*QUESTIONS, "empty", "too long"])
def test_the_plain_page_carries_it_in_every_state(site: httpx.Client, state: str) -> None:
    question = {"empty": "", "too long": "word " * 1000}.get(state) or QUESTIONS.get(state, "")
    reply = site.post("/plain", data={"q": question})
    assert REVIEWED in as_read(reply.text), reply.status_code


@pytest.mark.parametrize("path", ["/plain", "/source/provider", "/source/nothing", "/nothing"])
def test_every_other_page_of_ours_carries_it(site: httpx.Client, path: str) -> None:
    assert REVIEWED in as_read(site.get(path).text)


@pytest.mark.parametrize("question", [CALM, URGENT], ids=["calm", "urgent"])
@pytest.mark.parametrize("fault", FAULTS)
def test_after_every_fault_the_page_and_the_api_still_carry_it(index: Path, fault: str, question: str) -> None:
    page = built(lambda: web.Page(index, TEXTS, open_with(fault, index)))
    with contextlib.suppress(Exception):
        page.service.reloader.put(open_with(fault, index)())
    page.service.reloader.failed = page.service.assistant is None
    page.service.reloader.stop()  # what is in service stays as it is
    record = page.ask_json(question)
    assert record["notice"]["text"] == REVIEWED
    assert (record["status"] == "urgent") == (question == URGENT)
    with running(page.app) as (address, _), httpx.Client(base_url=address, trust_env=False, timeout=20) as site:
        reply = site.post("/plain", data={"q": question})
    assert REVIEWED in as_read(reply.text)
    assert (TEXTS.cards["overdose"].heading in as_read(reply.text)) == (question == URGENT)


def test_a_notice_with_one_letter_changed_would_be_seen() -> None:
    assert REVIEWED not in as_read("<p>" + REVIEWED.replace("quotes", "quotas") + "</p>")
