"""The page as a service: routes, states, privacy and failures, on a real port, without a model."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.corpus.site_settings import Site
from assistant.errors import BadInput, BuildFailed, IndexCorrupt, IndexMissing
from assistant.notices import Urgent
from assistant.schema import Answer
from assistant.server import http_server, open_index, service
from assistant.server.web import page as web
from tests.browser.stand_in import NOTES, QUESTIONS, ROOT, SECRET, SOURCES, StandIn, built, running, shipped_texts
from tests.support import reached

TEXTS = shipped_texts()


def page(open_assistant: Any = lambda: StandIn(TEXTS), **more: Any) -> web.Page:
    return built(lambda: web.Page(ROOT / "index", TEXTS, open_assistant, **more))


def client(address: str) -> httpx.Client:
    return httpx.Client(base_url=address, trust_env=False, timeout=20)


@pytest.fixture(scope="module")
def site() -> Iterator[httpx.Client]:
    with running(page(burst=10_000).app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)
        yield found


def wait_until(true: Any, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def call_api(site: httpx.Client, *arguments: Any) -> Any:
    started = site.post("/gradio_api/call/ask", json={"data": arguments})
    assert started.status_code == 200, started.text
    lines = site.get(f"/gradio_api/call/ask/{started.json()['event_id']}").text.splitlines()
    assert "event: complete" in lines, lines
    return json.loads(next(line for line in lines if line.startswith("data: "))[6:])[0]


def words(html: str) -> str:
    """The text content: phone numbers stand in a span, so the notice is not one piece in the source."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def has_notice(html: str) -> bool:
    return TEXTS.notice.text in words(html) and all(reached(line) in html for line in TEXTS.notice.helplines)


# ---- routes


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/plain",
        "/about",
        "/healthz",
        "/readyz",
        "/source/provider",
        "/ui/page.css",
        "/ui/page.js",
        "/ui/leave.js",
        "/ui/fonts/reading-serif-400.woff2?v=1",
        "/favicon.ico",
        "/theme.css",
        "/config",
        "/gradio_api/info",
    ],
)
def test_the_page_and_what_it_needs_are_there(site: httpx.Client, path: str) -> None:
    assert site.get(path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/file=https://example.org"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/openapi.json"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/monitoring/summary"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/docs"),
        ("GET", "/gradio_api/deep_link"),
        ("GET", "/gradio_api/app_id"),
        ("POST", "/gradio_api/run/ui_ask"),
        ("POST", "/gradio_api/call/ui_ask"),
        ("POST", "/login"),
        ("GET", "/gradio_api/token"),
        ("GET", "/ui/nothing.css"),
        ("GET", "/ui/%2e%2e/web.py"),
        ("GET", "/assets/nothing.js"),
        ("GET", "/nothing"),
        ("GET", "/source/nothing"),
    ],
)
def test_what_is_not_there_is_answered_by_our_own_page(site: httpx.Client, method: str, path: str) -> None:
    reply = site.request(method, path)
    assert reply.status_code == 404
    if path.startswith("/gradio_api"):
        assert reply.json()["notice"] == TEXTS.notice.to_json()
    else:
        assert has_notice(reply.text)
        assert "Page not found" in reply.text


def test_too_large_a_message_is_refused_with_the_notice(site: httpx.Client) -> None:
    for size in (40_000, 900_000):
        reply = site.post("/plain", content=b"q=" + b"x" * size)
        assert reply.status_code == 413
        assert has_notice(reply.text)


def test_the_page_is_ours(site: httpx.Client) -> None:
    html = site.get("/").text
    assert "<title>Ketamine Answers</title>" in html
    assert '<html\n\tlang="en"' in html
    shell = html[: html.index("<gradio-app")].split('id="k-shell"')[1]  # what stands there before any script has come, or without
    assert re.search(r'<form class="k-ask" method="post" action="/plain".*<textarea.*name="q".*</form>', shell, re.DOTALL)
    assert has_notice(shell)
    assert "iframeResizer.contentWindow" not in html
    assert "SET_SCROLLING" not in html
    for foreign in (
        "og:image",
        "raw.githubusercontent",
        "huggingface.co",
        "@Gradio",
        "@teamGradio",
        "fonts.googleapis",
    ):
        assert foreign not in html


def test_only_ask_is_a_public_endpoint(site: httpx.Client) -> None:
    info = site.get("/gradio_api/info").json()
    assert list(info["named_endpoints"]) == ["/ask"]
    assert not info["unnamed_endpoints"]


def test_a_source_is_a_page_of_its_own_with_the_passage_marked(site: httpx.Client) -> None:
    html = site.get("/source/fact-dependence?at=200-260&best=210-220").text
    assert "<mark>" in html
    assert "k-here" in html
    assert has_notice(html)
    for odd in ("?at=x-y", "?at=9-1", "?at=0-99999999", "?best=5"):
        reply = site.get("/source/fact-dependence" + odd)
        assert reply.status_code == 200
        assert "<mark>" not in reply.text


def test_a_source_page_carries_its_editors_notes(site: httpx.Client) -> None:
    html = site.get("/source/provider").text
    for placed in NOTES["provider"]:
        assert placed.note.text in words(html)
    assert html.index("Editor’s note") < html.index("It helps to know what trouble")


def test_about_gives_the_date_of_the_sources_and_the_way_out_is_the_operators(site: httpx.Client) -> None:
    html = site.get("/about").text
    assert has_notice(html)
    assert "2026-11-22" in html
    made = page(site=Site(leave_to="https://example.org/recipes"))
    assert "not loaded yet" in made.about_html()
    made.service.reloader.put(StandIn(TEXTS))  # type: ignore[arg-type]
    assert "2026-11-22" in made.about_html()
    for shown in (made.render.part("helpbar"), made.render.fragment("shell"), made.render.plain()):
        assert 'class="k-leave" href="https://example.org/recipes"' in shown


# ---- asking


def test_the_api_gives_the_answer_as_json(site: httpx.Client) -> None:
    expected = {"id": "1"} | StandIn(TEXTS).ask(QUESTIONS["answered"], 2).to_json()
    assert call_api(site, QUESTIONS["answered"], 2) == json.loads(json.dumps(expected))


def test_the_api_bounds_the_number_of_passages(site: httpx.Client) -> None:
    assert len(call_api(site, QUESTIONS["answered"], -5)["citations"]) == 1
    assert len(call_api(site, QUESTIONS["answered"], 10**9)["citations"]) == 3
    assert len(call_api(site, QUESTIONS["answered"], "many")["citations"]) == 3


@pytest.mark.parametrize("question", ["", "x" * 1001, QUESTIONS["broken"]])
def test_the_api_carries_the_notice_also_when_it_has_no_answer(site: httpx.Client, question: str) -> None:
    found = call_api(site, question, 3)
    assert found["notice"] == TEXTS.notice.to_json()
    assert set(found) == {"id", *StandIn(TEXTS).ask("x").to_json()}
    assert SECRET not in json.dumps(found)


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name != "broken"])
def test_the_page_without_javascript_gives_the_same_answer(site: httpx.Client, name: str) -> None:
    reply = site.post("/plain", data={"q": QUESTIONS[name]})
    assert reply.status_code == 200
    assert has_notice(reply.text)
    assert f"k-is-{'answered' if name in ('hostile', 'differ', 'long') else name}" in reply.text


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_script_of_the_page_gets_the_cards_of_the_same_answer_alone(site: httpx.Client, name: str) -> None:
    reply = site.post("/ask", data={"q": QUESTIONS[name]})
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"
    shown = {"hostile": "answered", "differ": "answered", "long": "answered", "broken": "error"}.get(name, name)
    assert re.match(rf'<div class="k-answer k-is-{shown}"[ >]', reply.text)
    assert not re.search(r"<(html|main|script)\b", reply.text)
    assert SECRET not in reply.text
    assert "Please type a question." in site.post("/ask").text


def test_an_unusable_question_gets_one_clear_sentence(site: httpx.Client) -> None:
    for sent, sentence in (
        ({"q": " "}, "Please type a question."),
        ({}, "Please type a question."),
        ({"q": "y" * 1001}, "Your question is too long"),
    ):
        reply = site.post("/plain", data=sent)
        assert reply.status_code == 400
        assert sentence in reply.text
        assert has_notice(reply.text)


def test_bytes_that_are_no_text_do_no_harm(site: httpx.Client) -> None:
    assert site.post("/plain", content=b"q=%ff%fe\xff").status_code == 200


def test_a_failure_shows_a_card_and_tells_nothing(site: httpx.Client, capfd: pytest.CaptureFixture[str]) -> None:
    reply = site.post("/plain", data={"q": QUESTIONS["broken"]})
    assert reply.status_code == 500
    assert has_notice(reply.text)
    assert "Something went wrong" in reply.text
    said = capfd.readouterr()
    assert SECRET not in reply.text
    assert "Traceback" not in reply.text
    assert "ValueError" in said.err, "the log names the kind of error"
    assert SECRET not in said.err, "and nothing else"
    assert QUESTIONS["broken"] not in said.err + said.out


def test_questions_are_never_logged(site: httpx.Client, capfd: pytest.CaptureFixture[str]) -> None:
    call_api(site, "a private question", 1)
    site.post("/plain", data={"q": "a private question"})
    said = capfd.readouterr()
    assert "private question" not in said.out + said.err


def test_too_many_questions_from_one_address_have_to_wait() -> None:
    with running(page(burst=2).app) as (address, _), client(address) as found:
        statuses = [found.post("/plain", data={"q": "x"}).status_code for _ in range(4)]
        assert statuses.count(429) == 2
        assert has_notice(found.post("/plain", data={"q": "x"}).text)


# ---- before the index is there, and when it never comes


def fire(question: str, texts: Any) -> Answer | None:
    card = Urgent("overdose", "This may be an emergency", "Call now.", texts.notice.helplines[:1])
    return Answer(question, "urgent", texts.notice, urgent=card) if "wake" in question else None


def test_the_page_is_up_before_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "screen", fire)
    gate = threading.Event()

    def slow() -> Any:
        gate.wait(20)
        return StandIn(TEXTS)

    with running(page(slow).app) as (address, _), client(address) as found:
        try:
            assert found.get("/healthz").status_code == 200
            assert found.get("/").status_code == 200
            assert found.get("/readyz").status_code == 503
            source = found.get("/source/provider")
            assert source.status_code == 503
            assert has_notice(source.text)
            reply = found.post("/plain", data={"q": "Is ketamine addictive?"})
            assert reply.status_code == 503
            assert "Still starting" in reply.text
            assert has_notice(reply.text)
            assert call_api(found, "Is ketamine addictive?", 3)["status"] == "starting"
            urgent = found.post("/plain", data={"q": "he will not wake up"})
            assert urgent.status_code == 200
            assert "This may be an emergency" in urgent.text
        finally:
            gate.set()
        wait_until(lambda: found.get("/readyz").status_code == 200)
        assert "k-is-answered" in found.post("/plain", data={"q": "Is ketamine addictive?"}).text


def test_a_failed_load_keeps_the_page_up_and_the_reason_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(service, "screen", fire)

    def fail() -> Any:
        raise IndexCorrupt("The file /srv/index/vectors is damaged: build again.")

    with running(page(fail).app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").json().get("why") == "failed")
        assert found.get("/readyz").status_code == 503
        assert found.get("/").status_code == 200
        reply = found.post("/plain", data={"q": "Is ketamine addictive?"})
        assert reply.status_code == 503
        assert "Something went wrong" in reply.text
        assert "/srv" not in reply.text
        assert has_notice(reply.text)
        assert "This may be an emergency" in found.post("/plain", data={"q": "will not wake"}).text
    assert "The file /srv/index/vectors is damaged" in capfd.readouterr().err


def test_an_urgent_message_gets_its_card_also_when_the_search_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "screen", fire)
    broken = page()
    broken.service.reloader.put(StandIn(TEXTS))  # type: ignore[arg-type]
    found = broken.answer_html("broken: he will not wake up", True)[0]
    assert isinstance(found, Answer)
    assert found.status == "urgent"


def test_a_missing_index_is_built_in_another_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    built: list[list[str]] = []

    class Build:
        returncode = 0

        def __init__(self, command: list[str], **_: Any) -> None:
            built.append(command)

        def wait(self) -> int:
            return self.returncode

        def poll(self) -> int:
            return self.returncode

    def missing(_: Path, encoder: str) -> Any:
        if not built:
            raise IndexMissing("none")
        return "opened"

    monkeypatch.setattr(open_index.subprocess, "Popen", Build)
    monkeypatch.setattr(open_index, "Assistant", type("Fake", (), {"open_with": staticmethod(missing)}))
    assert open_index.OpenOrBuild(tmp_path / "i", tmp_path / "c")() == "opened"  # type: ignore[comparison-overlap]
    assert built == [
        [sys.executable, "-m", "assistant", "build", "--corpus", str(tmp_path / "c"), "--index", str(tmp_path / "i")]
    ]
    built.clear()
    Build.returncode = 1
    with pytest.raises(BuildFailed, match="python -m assistant build"):
        open_index.OpenOrBuild(tmp_path / "i", tmp_path / "c")()


def test_a_build_that_is_still_running_ends_with_the_page(tmp_path: Path) -> None:
    opener = open_index.OpenOrBuild(tmp_path, tmp_path)
    opener.stop()
    opener._build = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    opener.stop()
    assert opener._build.wait(10) != 0


# ---- where it listens


def test_a_taken_port_is_one_sentence_before_anything_is_loaded() -> None:
    with http_server.bound("127.0.0.1", 0) as held:
        held.listen()
        port = held.getsockname()[1]
        with pytest.raises(BadInput, match=f"127.0.0.1:{port} cannot be used"):
            web.serve(ROOT / "nowhere", ROOT / "nowhere", "127.0.0.1", port)


def test_the_address_comes_from_arguments_then_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRADIO_SERVER_NAME", raising=False)
    monkeypatch.delenv("GRADIO_SERVER_PORT", raising=False)
    assert http_server.address_from(None, None) == ("127.0.0.1", 7860)
    monkeypatch.setenv("GRADIO_SERVER_NAME", "192.0.2.1")
    monkeypatch.setenv("GRADIO_SERVER_PORT", "8080")
    assert http_server.address_from(None, None) == ("192.0.2.1", 8080)
    assert http_server.address_from("127.0.0.2", 9000) == ("127.0.0.2", 9000)
    monkeypatch.setenv("GRADIO_SERVER_PORT", "eight")
    with pytest.raises(BadInput, match="GRADIO_SERVER_PORT"):
        http_server.address_from(None, None)


# ---- privacy


def test_gradio_is_told_to_keep_quiet() -> None:
    assert [os.environ[name] for name in ("GRADIO_ANALYTICS_ENABLED", "GRADIO_SHARE", "GRADIO_RUN_HISTORY")] == [
        "False"
    ] * 3
    demo = page().demo
    assert demo.run_history is False
    assert demo.analytics_enabled is False
    assert demo.footer_links == []
    assert demo.show_error is False
    assert demo.enable_monitoring is False
    assert not demo.share
    assert demo.allowed_paths == []
    assert demo.max_file_size == 1


def test_every_private_event_is_queued_so_that_the_guard_sees_one_way_in() -> None:
    events = page().demo.config["dependencies"]
    assert [event["api_name"] for event in events if event["api_visibility"] == "public"] == ["ask"]
    assert not [event["api_name"] for event in events if event["queue"] is False and event["backend_fn"]]


def test_data_never_goes_through_a_template_of_the_browser() -> None:
    code = (ROOT / "assistant" / "server" / "web" / "page.py").read_text()
    assert web.RAW == "${value}"
    assert re.findall(r"html_template=(\w+)", code) == ["RAW"]
    assert "{{" not in code
    for component in page().demo.config["components"]:
        assert component["props"].get("html_template", web.RAW) == web.RAW


def test_starting_and_asking_looks_up_no_address_and_imports_no_torch() -> None:
    script = f"""
import sys
looked_up = []
sys.addaudithook(lambda event, args: looked_up.append(args[0]) if event == "socket.getaddrinfo" else None)
sys.path[:0] = {[str(ROOT), str(ROOT / "tests" / "browser")]!r}
import time
from tests.browser.stand_in import *
from assistant.server.web.page import Page
import http.client, json
texts = shipped_texts()
with running(Page(ROOT / "index", texts, lambda: StandIn(texts)).app) as (address, _):
    host = address.removeprefix("http://")
    asked = json.dumps({{"data": ["hello", 3]}})
    for path, body in (("/", None), ("/plain", "q=hello"), ("/gradio_api/call/ask", asked)):
        link = http.client.HTTPConnection(host)
        link.request("POST" if body else "GET", path, body, {{"content-type": "application/json"}} if body else {{}})
        assert link.getresponse().status in (200, 503)
    time.sleep(1)
print(json.dumps([[name for name in looked_up if name not in ("127.0.0.1", None)],
                  [name for name in ("torch", "sentence_transformers", "sklearn") if name in sys.modules]]))
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [[], []]


def test_the_launcher_has_a_demo_for_hugging_face() -> None:
    code = (ROOT / "app.py").read_text()
    assert re.search(r"^    demo = page\.demo$", code, re.MULTILINE)
    assert SOURCES
