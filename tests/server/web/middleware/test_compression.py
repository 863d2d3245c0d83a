"""Static replies arrive whole and small, whoever asks and however often."""

from __future__ import annotations

import asyncio
from typing import Any

import brotli
import httpx

from assistant.server.web.middleware.compression import CompressionMiddleware

SCRIPT = b"export function answer() { return 'a passage, word for word'; }\n" * 400
calls: list[str] = []


async def app(scope: Any, receive: Any, send: Any) -> None:
    path, named = scope["path"], dict(scope["headers"])
    calls.append(path)
    status, kind, body = 200, b"text/javascript", SCRIPT
    if path.endswith(".woff2"):
        kind = b"font/woff2"
    elif path.endswith("missing.js"):
        status, kind, body = 404, b"text/html", b"<p>nothing</p>" * 100
    elif b"if-none-match" in named:
        status, body = 304, b""
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"etag", b'"1"')]})
    half = len(body) // 2
    await send({"type": "http.response.body", "body": body[:half], "more_body": True})
    await send({"type": "http.response.body", "body": body[half:]})


def ask(squeezed: CompressionMiddleware, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    async def inside() -> tuple[int, dict[str, str], bytes]:
        transport = httpx.ASGITransport(app=squeezed)  # type: ignore[arg-type]
        asked = {"accept-encoding": "gzip, br"} | {name.replace("_", "-"): value for name, value in headers.items()}
        async with (httpx.AsyncClient(transport=transport, base_url="http://test") as client,
                    client.stream("GET", path, headers=asked) as reply):
            raw = b"".join([piece async for piece in reply.aiter_raw()])
            return reply.status_code, dict(reply.headers), raw

    return asyncio.run(inside())


def test_a_script_arrives_whole_and_small_and_is_made_once() -> None:
    calls.clear()
    squeezed = CompressionMiddleware(app)
    for _ in range(3):
        status, headers, raw = ask(squeezed, "/assets/a-12345678.js")
        squeezed.wait()
        assert status == 200
        assert brotli.decompress(raw) == SCRIPT
        assert headers["content-encoding"] == "br"
        assert headers["content-length"] == str(len(raw))
        assert headers["vary"] == "accept-encoding"
        assert "etag" not in headers, "it named other bytes"
        assert len(raw) < len(SCRIPT) / 20
    assert calls == ["/assets/a-12345678.js"]


def test_who_cannot_read_it_or_asks_whether_it_changed_gets_the_app_s_own_reply() -> None:
    squeezed = CompressionMiddleware(app)
    status, headers, raw = ask(squeezed, "/ui/page.js", accept_encoding="identity")
    assert (status, raw) == (200, SCRIPT)
    assert "content-encoding" not in headers
    assert ask(squeezed, "/ui/page.js", if_none_match='"1"')[0] == 304


def test_fonts_errors_and_answers_are_left_alone() -> None:
    squeezed = CompressionMiddleware(app)
    for path, status in (("/ui/fonts/a.woff2", 200), ("/assets/missing.js", 404), ("/plain", 200)):
        for _ in range(2):
            found = ask(squeezed, path)
            assert found[0] == status
            assert "content-encoding" not in found[1]
