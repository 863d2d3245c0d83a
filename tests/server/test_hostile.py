"""Hostile requests against the whole page on a real port: each gets a refusal of ours or a plain answer, never more."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.schema import Source
from assistant.server.settings import LOOPBACK
from assistant.server.web.middleware import security_headers
from assistant.server.web.middleware.guard import MAX_BODY, MAX_WAIT, READ, READ_BELOW, WRITE
from assistant.server.web.routes import span
from tests.server.web.test_page import ROOT, SECRET, TEXTS, call_api, client, has_notice, page, running, wait_until

TRAVERSALS = [
    "/assets/../../../../etc/passwd", "/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2f..%2fetc%2fpasswd",
    "/assets/....//....//etc/passwd", "/assets/%252e%252e%252fetc%252fpasswd", "/assets//etc/passwd",
    "/assets/C:\\windows\\win.ini",
    "/static/../../../etc/passwd", "/static/%2e%2e%5c%2e%2e%5cetc%5cpasswd", "/svelte/../../etc/passwd", "/ui/../web.py",
    "/ui/%2e%2e/web.py", "/ui/..%2fweb.py", "/ui/%2e%2e%5cweb.py", "/ui//etc/passwd", "/ui/page.css%00.py", "/source/../config",
    "/source/..%2f..%2fetc%2fpasswd", "/source/%2e%2e", "/gradio_api/file=/etc/passwd", "/gradio_api/file=../../etc/passwd",
    "/gradio_api/file/etc/passwd", "/file=/etc/passwd", "//etc/passwd", "/gradio_api/heartbeat/../file=/etc/passwd",
    "/gradio_api/call/ask/../../file=/etc/passwd",
]  # fmt: skip
FILES = [below for below in READ_BELOW if not below.startswith("/gradio_api/")]  # the others are streams without an end
STRANGERS = ["https://evil.example", "null", "http://localhost:7860.evil.example", "http://127.0.0.1"]
QUESTION = "Is ketamine addictive?"


@pytest.fixture(scope="module")
def made() -> Any:
    return page(burst=10**6)


@pytest.fixture(scope="module")
def site(made: Any) -> Iterator[httpx.Client]:
    with running(made.app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)
        yield found


def raw(site: httpx.Client, request: bytes) -> bytes:
    """Bytes as they are, past every nicety of a client; the reply up to the end of the connection."""
    with socket.create_connection((site.base_url.host, site.base_url.port), 20) as link:
        reply = b""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may be cut off while it still sends
            link.sendall(request)
        with contextlib.suppress(ConnectionResetError):
            while chunk := link.recv(65536):
                reply += chunk
        return reply


def get_raw(site: httpx.Client, path: str, *more: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *more, "", ""]
    return raw(site, "\r\n".join(lines).encode("latin-1"))


# ---- paths


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_out_of_what_is_served(site: httpx.Client, path: str) -> None:
    reply = get_raw(site, path)
    assert re.match(rb"HTTP/1\.1 40[0345] ", reply), reply[:100]
    assert b"root:" not in reply
    assert b"import gradio" not in reply


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n "), max_size=60), st.sampled_from(("", *FILES)))
def test_whatever_the_path_the_server_gives_a_page_and_no_file(site: httpx.Client, rest: str, below: str) -> None:
    reply = get_raw(site, below + rest.encode().decode("latin-1") if below else "/" + rest.encode().decode("latin-1"))
    assert re.match(rb"HTTP/1\.1 (200|307|400|403|404|405|422) ", reply), reply[:200]
    assert b"Traceback" not in reply
    assert b"def " not in reply or reply.startswith(b"HTTP/1.1 200")


def test_only_named_routes_reach_gradio(made: Any) -> None:
    """Whatever route a new version of Gradio or FastAPI adds: it is not there unless it is named."""
    app = made.app._app._app  # behind the guard and what compresses
    routes, names = [app], set()
    while routes:
        for route in getattr(routes.pop(), "routes", None) or []:
            names.add(getattr(route, "path", ""))
            routes.append(getattr(route, "app", None))
    assert len(names) > 20, "Gradio's routes were found"
    unsafe = re.compile(r"file|upload|proxy|stream|login|logout|token|user|mcp|openapi|docs|monitoring|runs|reset|cancel|deep")
    assert not [name for name in (*READ, *READ_BELOW, *WRITE) if unsafe.search(name)]


# ---- hosts and origins


@pytest.mark.parametrize("lines", [
    ["Host: evil.example"], ["Host: 127.0.0.1.evil.example"], ["Host: 127.0.0.1", "Host: evil.example"],
    ["Host: 127.0.0.1:80@evil.example"], ["Host: <script>"], ["Host: a/b"], ["Host: "], ["Host: [::1"]])
def test_a_page_on_the_loopback_does_not_answer_to_another_name(lines: list[str]) -> None:
    """A site whose name is pointed at the loopback (DNS rebinding) gets a refusal, and so does a header that is no name."""
    local = page()
    local.app.hosts = frozenset(LOOPBACK)
    with running(local.app) as (address, _), client(address) as found:
        request = "\r\n".join(["GET /plain HTTP/1.1", *lines, "Connection: close", "", ""]).encode()
        reply = raw(found, request)
        assert re.match(rb"HTTP/1\.1 4(21|00) ", reply), reply[:100]
        assert b"evil" not in reply
        for host in ("127.0.0.1", "localhost:7860", "[::1]:80", "LOCALHOST"):
            assert found.get("/plain", headers={"host": host}).status_code == 200, host


def test_a_refused_host_is_told_to_the_operator_once_and_gets_the_notice(capfd: pytest.CaptureFixture[str]) -> None:
    local = page()
    local.app.hosts = frozenset({"answers.example"})
    with running(local.app) as (address, _), client(address) as found:
        replies = [found.get("/plain", headers={"host": "evil.example"}) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [421] * 3
    assert has_notice(replies[0].text)
    said = capfd.readouterr().err
    assert said.count("ASSISTANT_HOSTS") == 1
    assert "evil" not in said


@pytest.mark.parametrize("spoof", [{"x-forwarded-host": "evil.example"}, {"forwarded": "host=evil.example"},
                                   {"x-original-url": "/evil.example"}, {"x-forwarded-prefix": "/evil.example"},
                                   {"x-gradio-server": "http://evil.example"}])
def test_no_header_of_a_stranger_is_written_into_the_page(site: httpx.Client, spoof: dict[str, str]) -> None:
    for path in ("/", "/plain", "/config", "/gradio_api/info"):
        assert "evil.example" not in site.get(path, headers=spoof).text, path


@pytest.mark.parametrize("origin", STRANGERS)
def test_no_other_site_may_read_or_ask(site: httpx.Client, origin: str) -> None:
    for method, path in (("GET", "/"), ("GET", "/config"), ("GET", "/readyz"), ("POST", "/gradio_api/call/ask"),
                         ("GET", "/nothing"), ("OPTIONS", "/gradio_api/call/ask"), ("OPTIONS", "/plain")):
        reply = site.request(method, path, headers={"origin": origin, "access-control-request-method": "POST"},
                             **({"json": {"data": [QUESTION, 1]}} if method == "POST" else {}))
        assert not [name for name in reply.headers if name.startswith("access-control-")], (method, path)
        assert reply.status_code == 404 or method != "OPTIONS"


def test_a_form_of_another_site_cannot_pass_for_json(site: httpx.Client) -> None:
    body = json.dumps({"data": [QUESTION, 1]})
    assert site.post("/gradio_api/call/ask", content=body, headers={"content-type": "text/plain"}).status_code == 422


# ---- headers


def test_the_policy_lets_nothing_in_and_nothing_out(site: httpx.Client) -> None:
    for path in ("/", "/plain", "/about", "/source/provider", "/nothing", "/readyz"):
        reply = site.get(path)
        policy = dict(part.strip().split(" ", 1) for part in reply.headers["content-security-policy"].split(";") if part.strip())
        assert policy["default-src"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert policy["frame-ancestors"] == "'self'"
        assert "'unsafe-inline'" not in policy.get("script-src", "")
        assert "http" not in " ".join(policy.values()), "no other host is named"
        assert policy["base-uri"] in ("'self'", "'none'")
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["cache-control"] == "no-store"
        assert "server" not in reply.headers
        assert "set-cookie" not in reply.headers
    assert "connect-src 'self'" in security_headers.PAGE_POLICY
    assert "script-src" not in security_headers.STRICT_POLICY


def test_what_machines_are_told_names_no_path_of_this_machine(site: httpx.Client) -> None:
    for path in ("/config", "/gradio_api/info", "/readyz", "/healthz", "/gradio_api/app_id"):
        text = site.get(path).text
        assert str(ROOT) not in text
        assert "site-packages" not in text
        assert SECRET not in text


# ---- bodies


def test_the_longest_question_arrives_in_any_script(site: httpx.Client) -> None:
    for char in ("x", "é", "漢", "😀"):
        longest = char * 2000
        assert "too long" in site.post("/plain", data={"q": longest}).text, "the stand-in takes 1,000; the guard lets it through"
        assert call_api(site, longest, 1)["notice"] == TEXTS.notice.to_json()


@pytest.mark.parametrize("body", [
    b"", b"{", b"[" * 30_000, b'{"a":' * 6_000, b"\xff\xfe", b"null", b'{"data": null}', b'{"data": []}',
    b'{"data": ["marker-in-the-data"]}', b'{"data": [["marker-in-the-data"], {"k": "marker-in-the-data"}, 3, 4]}',
    b'{"data": [null, null]}', b'{"data": [1e999, -1]}', b'{"data": ["x", 3], "session_hash": {"$ne": 1}}',
    b'{"data": ["\\ud800", 3]}'], ids=lambda body: repr(body[:24]))
@pytest.mark.parametrize("path", ["/gradio_api/call/ask", "/gradio_api/queue/join"])
def test_a_malformed_message_is_refused_and_the_page_lives(site: httpx.Client, path: str, body: bytes,
                                                           capfd: pytest.CaptureFixture[str]) -> None:
    reply = site.post(path, content=body, headers={"content-type": "application/json"})
    assert reply.status_code in (200, 400, 404, 422, 500), reply.text
    assert "Traceback" not in reply.text
    assert "site-packages" not in reply.text
    assert site.post("/plain", data={"q": QUESTION}).status_code == 200
    said = capfd.readouterr().err
    assert "Traceback" not in said
    assert "marker-in-the-data" not in said


@pytest.mark.parametrize("event", [-1, 999, "0", None, "ui_ask", 1.5, [1]])
def test_an_event_that_does_not_exist_is_refused(site: httpx.Client, event: Any) -> None:
    reply = site.post("/gradio_api/queue/join", json={"data": [QUESTION], "fn_index": event, "session_hash": "x"})
    assert reply.status_code in (200, 400, 404, 422, 500)
    assert "Traceback" not in reply.text
    assert site.get("/readyz").status_code == 200


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_a_form_holds_the_page_answers_with_the_notice(site: httpx.Client, body: bytes) -> None:
    reply = site.post("/plain", content=body)
    assert reply.status_code in (200, 400, 500)
    assert has_notice(reply.text)


@pytest.mark.parametrize("request_", [
    b"POST /plain HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
    b"POST /plain HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nx",
    b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET /plain\r\n\r\n",
    b"GET /plain HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n",
], ids=["negative length", "two lengths", "null byte", "tls", "http 0.9", "long header"])
def test_a_request_that_is_no_http_is_refused_and_the_page_lives(site: httpx.Client, request_: bytes) -> None:
    reply = raw(site, request_)
    assert not reply or re.match(rb"HTTP/1\.1 [45]\d\d ", reply), reply[:200]
    assert site.get("/readyz").status_code == 200


def test_a_request_hidden_behind_another_is_not_answered(site: httpx.Client) -> None:
    """Two lengths that disagree (request smuggling): the chunked one counts, and the rest goes through the guard too."""
    hidden = b"GET /monitoring/summary HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    reply = raw(site, b"POST /plain HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                      b"0\r\n\r\n" + hidden)
    assert b"success_rate" not in reply
    assert reply.count(b"HTTP/1.1 ") <= 2


def test_limits_are_what_the_threat_model_says() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    assert f"{MAX_BODY // 1024} KiB" in text
    assert f"{MAX_WAIT:.0f} seconds" in text


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_the_span_in_an_address_is_inside_the_text_or_none(text: str) -> None:
    source = Source("a", "a", "x" * 500, "", "a.txt")
    found = span(text, source)
    assert found is None or 0 <= found[0] < found[1] <= 500
