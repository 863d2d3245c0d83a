"""What the guard lets through, what it refuses, and what it writes on every reply."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest

from assistant.server.web.middleware.guard import MAX_BODY, MAX_UNREAD, Guard
from assistant.server.web.middleware.throttling import TokenBuckets

PAGE = (
    '<!doctype html><html lang="xx" style="margin:0"><head><meta property="og:title" content="Gradio" />'
    '<meta property="og:image" content="https://huggingface.example/pic.jpg" /><title>Gradio</title>'
    '<meta name="twitter:image" content="https://raw.example/x.jpg"/><link rel="manifest" href="/manifest.json" />'
    '<script>window.a=1</script><script type="module" src="./a.js"></script></head>'
    '<body style="x"><p>hi</p></body></html>'
)


async def inner(scope: Any, receive: Any, send: Any) -> None:
    """A small app: the page at /, an echo for POST, an error at /source/broken, a bare 404 at /ui/missing."""
    path = scope["path"]
    body, kind, status = PAGE.encode(), b"text/html; charset=utf-8", 200
    if scope["method"] == "POST":
        body, kind = b"", b"text/plain"
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
    elif path == "/source/broken":
        raise ValueError("the question was: a private matter")
    elif path == "/ui/missing":
        body, kind, status = b'{"detail":"Not Found"}', b"application/json", 404
    elif path == "/source/host":
        body = repr(dict(scope["headers"])).encode()
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"access-control-allow-origin", b"*"),
        (b"Access-Control-Allow-Credentials", b"true"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def refuse(status: int, machine: bool) -> tuple[bytes, str]:
    return f"{status} {'json' if machine else 'page'} notice".encode(), "application/json" if machine else "text/html"


def guard(**more: Any) -> Guard:
    return Guard(inner, refuse, head="<title>Ours</title>", shell="<form>/plain</form>", **more)


def ask(app: Guard, method: str, path: str, **more: Any) -> httpx.Response:
    async def call() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.request(method, path, **more)

    return asyncio.run(call())


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/plain",
        "/about",
        "/healthz",
        "/readyz",
        "/theme.css",
        "/favicon.ico",
        "/robots.txt",
        "/manifest.json",
        "/config",
        "/source/a",
        "/assets/a.js",
        "/static/a",
        "/svelte/a",
        "/ui/page.css",
        "/gradio_api/info",
        "/gradio_api/queue/data",
        "/gradio_api/heartbeat/x",
        "/gradio_api/call/ask/1",
    ],
)
def test_routes_that_are_needed_pass(path: str) -> None:
    assert ask(guard(), "GET", path).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/gradio_api/file=https://example.org"),
        ("GET", "/gradio_api/proxy=x"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress"),
        ("GET", "/monitoring"),
        ("GET", "/monitoring/summary"),
        ("GET", "/gradio_api/deep_link"),
        ("GET", "/openapi.json"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/docs"),
        ("GET", "/gradio_api/runs"),
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/run/ask"),
        ("POST", "/gradio_api/api/ask"),
        ("POST", "/login"),
        ("GET", "/logout"),
        ("GET", "/gradio_api/token"),
        ("GET", "/gradio_api/user"),
        ("POST", "/gradio_api/reset"),
        ("POST", "/gradio_api/cancel"),
        ("GET", "/gradio_api/mcp/"),
        ("POST", "/gradio_api/mcp/"),
        ("POST", "/gradio_api/component_server"),
        ("GET", "/gradio_api/call/ui_ask/1"),
        ("POST", "/gradio_api/call/ui_ask"),
        ("GET", "/file/etc"),
        ("PUT", "/plain"),
        ("DELETE", "/"),
        ("OPTIONS", "/plain"),
        ("POST", "/"),
        ("GET", "/plainer"),
        ("GET", "/source/../config"),
        ("GET", "/ui/..\\x"),
        ("GET", "/nothing"),
    ],
)
def test_every_other_route_does_not_exist(method: str, path: str) -> None:
    async def call() -> int:
        seen = []
        scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b"", "client": ("a", 1)}

        async def send(message: Any) -> None:
            seen.append(message)

        async def receive() -> Any:
            return {"type": "http.request", "body": b""}

        await guard()(scope, receive, send)
        assert b"notice" in seen[1]["body"]
        return int(seen[0]["status"])

    assert asyncio.run(call()) == 404


def test_websockets_are_closed() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guard()({"type": "websocket", "path": "/"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_bodies_up_to_the_limit_arrive_whole() -> None:
    assert ask(guard(), "POST", "/plain", content=b"x" * MAX_BODY).text == "x" * MAX_BODY


def test_longer_bodies_are_refused() -> None:
    assert ask(guard(), "POST", "/plain", content=b"x" * (MAX_BODY + 1)).status_code == 413


def test_a_chunked_body_without_a_length_is_refused_too() -> None:
    async def chunks() -> Any:
        for _ in range(40):
            yield b"x" * 1024

    reply = ask(guard(), "POST", "/plain", content=chunks())
    assert reply.status_code == 413
    assert "notice" in reply.text


@pytest.mark.parametrize(("sent", "taken"), [(200, 200), (5_000, MAX_UNREAD // 1024 + 1)])
@pytest.mark.parametrize("headers", [[], [(b"content-length", b"300000")]])
def test_what_is_too_long_is_taken_in_before_the_refusal_but_not_without_end(sent: int, taken: int, headers: Any) -> None:
    """A sender that is cut off in the middle sees "connection reset" and not the refusal with its notice."""
    read, said = 0, []

    async def receive() -> Any:
        nonlocal read
        assert not said, "the refusal was sent too early"
        read += 1
        return {"type": "http.request", "body": b"x" * 1024, "more_body": read < sent}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": "/plain", "headers": headers, "query_string": b"", "client": ("a", 1)}
    asyncio.run(guard()(scope, receive, send))
    assert said[0]["status"] == 413
    assert (b"connection", b"close") in said[0]["headers"]
    assert b"notice" in said[1]["body"]
    assert read == taken


def test_a_lying_length_is_refused() -> None:
    assert ask(guard(), "POST", "/plain", content=b"x", headers={"content-length": "many"}).status_code == 413


def test_headers_on_every_reply() -> None:
    for path, status in (("/", 200), ("/source/a", 200), ("/nothing", 404), ("/source/broken", 500)):
        reply = ask(guard(), "GET", path)
        assert reply.status_code == status
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'self'" in reply.headers["content-security-policy"]
        assert not [name for name in reply.headers if name.startswith("access-control-")]


def test_our_own_pages_may_run_the_one_script_that_carries_the_nonce_of_the_reply_and_what_is_no_page_none() -> None:
    assert "script-src 'self'" in ask(guard(), "GET", "/").headers["content-security-policy"]
    seen = set()
    for method, path in (("GET", "/source/a"), ("GET", "/about"), ("GET", "/nothing"), ("POST", "/nothing")):
        policy = ask(guard(), method, path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        (scripts,) = re.findall(r"script-src ([^;]*)", policy)
        assert re.fullmatch(r"'nonce-[\w-]{20,}'", scripts), "neither 'self' nor inline nor eval"
        seen.add(scripts)
    assert len(seen) == 4
    for path in ("/gradio_api/nothing", "/ui/icon.svg"):
        assert "script-src" not in ask(guard(), "GET", path, headers={}).headers["content-security-policy"]
    for path in ("/ui/page.css", "/assets/page.js"):  # no browser shows these as a page
        assert "content-security-policy" not in ask(guard(), "GET", path, headers={}).headers
    assert "script-src" not in ask(guard(), "POST", "/plain").headers["content-security-policy"], "no HTML, no script"


def test_the_nonce_stands_on_every_script_and_differs_each_time() -> None:
    app, seen = guard(), set()
    for _ in range(3):
        reply = ask(app, "GET", "/")
        nonce = re.search(r"'nonce-([^']+)'", reply.headers["content-security-policy"])
        assert nonce
        assert reply.text.count("<script") == reply.text.count(f'<script nonce="{nonce[1]}"') == 2
        seen.add(nonce[1])
    assert len(seen) == 3


def test_the_page_gets_our_title_language_and_shell() -> None:
    html = ask(guard(), "GET", "/").text
    assert html.count("<title>") == 1
    assert "<title>Ours</title></head>" in html
    assert '<html lang="en"' in html
    assert '<body style="x"><form>/plain</form><p>hi</p>' in html
    assert "Gradio" not in html
    assert ".example" not in html
    assert "manifest" not in html


def test_the_page_is_compressed_for_those_who_ask() -> None:
    plain = ask(guard(), "GET", "/", headers={"accept-encoding": "identity"})
    small = ask(guard(), "GET", "/", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert len(small.content) == len(plain.content), "httpx has unpacked it"
    assert ask(guard(), "GET", "/", headers={"accept-encoding": "gzip, br"}).headers["content-encoding"] == "br"


def test_head_of_the_page_has_no_body() -> None:
    reply = ask(guard(), "HEAD", "/")
    assert reply.status_code == 200
    assert not reply.content


def test_hashed_files_may_be_kept_and_others_not() -> None:
    assert "immutable" in ask(guard(), "GET", "/assets/index-DphvyggB.js").headers["cache-control"]
    assert "immutable" in ask(guard(), "GET", "/ui/page.css?v=abc").headers["cache-control"]
    assert ask(guard(), "GET", "/ui/page.css").headers["cache-control"] == "no-cache"
    assert "immutable" not in ask(guard(), "GET", "/ui/missing?v=abc").headers["cache-control"]


def test_a_forwarded_host_does_not_reach_the_app() -> None:
    assert "evil" not in ask(guard(), "GET", "/source/host", headers={"x-forwarded-host": "evil.example"}).text


def test_bare_errors_become_our_page() -> None:
    reply = ask(guard(), "GET", "/ui/missing")
    assert (reply.status_code, reply.text) == (404, "404 page notice")


def test_an_exception_becomes_our_page_and_its_text_stays_out_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    reply = ask(guard(), "GET", "/source/broken")
    assert (reply.status_code, reply.text) == (500, "500 page notice")
    said = capsys.readouterr()
    assert "ValueError in inner" in said.err
    assert "private matter" not in said.err + said.out


def test_machines_are_refused_in_json() -> None:
    assert ask(guard(), "GET", "/gradio_api/runs").text == "404 json notice"


def test_too_many_questions_have_to_wait() -> None:
    now = [0.0]
    app = guard(burst=2, per_minute=60, clock=lambda: now[0])
    statuses = [
        ask(app, "POST", path, content=b"q").status_code for path in ("/plain", "/gradio_api/queue/join", "/plain")
    ]
    assert statuses == [200, 200, 429]
    refused = ask(app, "POST", "/gradio_api/call/ask", content=b"q")
    assert refused.status_code == 429
    assert refused.headers["retry-after"]
    assert "notice" in refused.text
    assert ask(app, "GET", "/plain").status_code == 200, "reading is not limited"
    now[0] = 1.0
    assert ask(app, "POST", "/plain", content=b"q").status_code == 200


def test_one_client_does_not_use_up_the_allowance_of_another() -> None:
    buckets = TokenBuckets(1, 60, lambda: 0.0)
    assert buckets.take("a")
    assert not buckets.take("a")
    assert buckets.take("b")


def test_who_may_frame_the_page_can_be_set() -> None:
    reply = ask(guard(ancestors="'self' https://charity.example"), "GET", "/")
    assert "frame-ancestors 'self' https://charity.example;" in reply.headers["content-security-policy"]


def test_a_full_line_behind_the_guard_is_told_with_the_notice_and_when_to_try_again() -> None:
    async def full(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 503, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": b'{"detail":"Queue is full. Max size is 64 and size is 64."}'})

    app = Guard(full, refuse)
    for path in ("/gradio_api/queue/join", "/gradio_api/call/ask"):
        reply = ask(app, "POST", path, content=b"{}")
        assert (reply.status_code, reply.text) == (503, "503 json notice")
        assert reply.headers["retry-after"] == "10"
    assert "notice" not in ask(app, "GET", "/readyz").text, "what machines ask about the state stays as it is"


def test_a_body_that_does_not_come_is_not_waited_for_without_end() -> None:
    said: list[Any] = []

    async def never() -> Any:
        await asyncio.sleep(3600)

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": "/plain", "headers": [], "query_string": b"", "client": ("a", 1)}
    asyncio.run(guard(max_wait=0.01)(scope, never, send))
    assert said[0]["status"] == 408
    assert (b"connection", b"close") in said[0]["headers"]
    assert b"notice" in said[1]["body"]


def test_open_requests_are_bounded_and_the_next_one_is_told_to_try_again() -> None:
    async def call() -> list[int]:
        gate = asyncio.Event()

        async def held(scope: Any, receive: Any, send: Any) -> None:
            await gate.wait()
            await inner(scope, receive, send)

        app = Guard(held, refuse, max_open=2)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            open_ = [asyncio.create_task(client.get("/about")) for _ in range(2)]
            await asyncio.sleep(0)
            while app._open < 2:
                await asyncio.sleep(0.001)
            refused = await client.get("/about")
            assert "notice" in refused.text
            gate.set()
            return [refused.status_code, *[(await task).status_code for task in open_], (await client.get("/about")).status_code]

    assert asyncio.run(call()) == [503, 200, 200, 200]
