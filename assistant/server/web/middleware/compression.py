"""static reply -> the same reply as small as brotli makes it, remembered. The only importer of brotli.

Gradio compresses every reply anew and quickly; on a phone link its files are most of what a visit waits for. They never change
while the process runs, so each is compressed well once, for its first visitor, and as well as can be after that.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli

from assistant.server.web.middleware.security_headers import STATIC, Headers

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Kept = tuple[Headers, bytes]

FIRST, BEST = 9, 11  # brotli's own scale; for a large script the first takes some 20 ms, the best a quarter of a second
EACH = 5  # for the one page that differs every time: 2 ms; the next tenth would cost twenty times that
LEAST = 400  # bytes; below this the head of the reply is most of it
TEXT = (b"text/", b"application/javascript", b"application/json", b"image/svg+xml")
OWN = re.compile(r"/ui/[a-z]+\.(js|css)")
OWN_COMMENTS = re.compile(  # behind a line's end no string can be open, so what has no quote up to there is no part of one
    rb"^[ \t]*//.*\n|[ \t]+// [^\"'`/\n]*$|^[ \t]*/\*(?:[^*]|\*(?!/))*\*/\n|[ \t]+/\*[^*\n]*\*/$|^\s+", re.MULTILINE)
MOST = 256  # replies that are remembered; a visit loads 60
CONDITIONAL = {b"if-none-match", b"if-modified-since", b"range"}  # the app knows the answer to these


class CompressionMiddleware:
    """Pure ASGI. ``wait`` returns once everything asked for so far is as small as it gets."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()
        self._behind = ThreadPoolExecutor(1, thread_name_prefix="squeezing")

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        named = dict(scope.get("headers", ()))
        if (scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(STATIC)
                or b"br" not in named.get(b"accept-encoding", b"") or CONDITIONAL & named.keys()):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self._kept:
            whole = _Whole()
            bare = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            await self._app({**scope, "headers": bare}, receive, whole)
            if not whole.worth():
                await whole.send_to(send)
                return
            kept = await asyncio.to_thread(self._compressed, path, whole.headers, without_comments(path, whole.body))
        else:
            kept = self._kept[path]
        await send({"type": "http.response.start", "status": 200, "headers": list(kept[0])})
        await send({"type": "http.response.body", "body": kept[1]})

    def _compressed(self, path: str, headers: Headers, body: bytes) -> Kept:
        """The reply for now; a smaller one is made behind the visitor's back and sent from then on."""
        kept = small(headers, body, FIRST)
        with self._lock:
            room = path not in self._kept and len(self._kept) < MOST
            if room:
                self._kept[path] = kept
        if room:
            self._behind.submit(self._improve, path, headers, body)
        return kept

    def _improve(self, path: str, headers: Headers, body: bytes) -> None:
        self._kept[path] = small(headers, body, BEST)

    def wait(self) -> None:
        self._behind.submit(lambda: None).result()


class _Whole:
    """A reply that is taken in before anything of it is sent."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self._messages.append(message)

    async def send_to(self, send: Send) -> None:
        for message in self._messages:
            await send(message)

    @property
    def headers(self) -> Headers:
        return list(self._messages[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self._messages[1:])

    def worth(self) -> bool:
        """True for text that was found, is not compressed yet and long enough."""
        named = dict(self.headers)
        return (self._messages[0]["status"] == 200 and b"content-encoding" not in named
                and named.get(b"content-type", b"").startswith(TEXT) and len(self.body) >= LEAST)


def without_comments(path: str, body: bytes) -> bytes:
    """One of our own scripts or stylesheets without its indentation and its lines of comment."""
    return OWN_COMMENTS.sub(b"", body) if OWN.fullmatch(path) else body


def packed(body: bytes, quality: int = EACH) -> bytes:
    return bytes(brotli.compress(body, quality=quality))


def small(headers: Headers, body: bytes, quality: int) -> Kept:
    """Headers and body of the compressed reply, without what was said of the longer bytes."""
    made = packed(body, quality)
    dropped = (b"content-length", b"etag", b"last-modified", b"accept-ranges", b"vary")
    kept = [(name, value) for name, value in headers if name.lower() not in dropped]
    return [*kept, (b"content-encoding", b"br"), (b"vary", b"accept-encoding"),
            (b"content-length", str(len(made)).encode())], made
