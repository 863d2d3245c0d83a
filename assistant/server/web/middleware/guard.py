"""ASGI app -> the same app behind an allow-list, limits and headers.

    request --host? route? rate? body?----> app --headers, nonce, touched-up page--> browser
              421   404    429   413, 408    +--503 when its line is full: notice and "try again"

Gradio opens about twenty routes that this service has no use for (uploads, a proxy for any address, ...). Here a
route that is not named does not exist.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from assistant.server.access_log import kind_and_place
from assistant.server.web.middleware.compression import packed
from assistant.server.web.middleware.security_headers import NONCE, Headers, headers, touch_up
from assistant.server.web.middleware.throttling import TokenBuckets

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

MAX_BODY = 32 * 1024  # bytes; the longest question is 2,000 characters, of up to 12 bytes each in a form
MAX_UNREAD = 1024 * 1024  # bytes of a refused body that are still taken in, so that its sender can read the refusal
MAX_WAIT = 20.0  # seconds in which a body must have come; the longest has 32 KiB, so even a slow phone needs less
MAX_OPEN = 1_000  # requests in progress, streams that are held open included; each takes some 50 KB
BURST, PER_MINUTE = 200, 120  # questions of one address: a library or a campus often has one address for all its visitors
TRY_AGAIN = {429: b"60", 503: b"10"}  # seconds, in Retry-After

# app_id is not among them: Gradio would load a page again after a lost connection, and the typed question would be gone
READ = frozenset(("/", "/theme.css", "/favicon.ico", "/robots.txt", "/manifest.json", "/healthz", "/readyz", "/plain",
                  "/about", "/sources", "/config", "/gradio_api/info", "/gradio_api/queue/data"))
READ_BELOW = ("/source/", "/plain/", "/lines/", "/assets/", "/static/", "/svelte/", "/ui/", "/gradio_api/heartbeat/",
              "/gradio_api/call/ask/")
WRITE = frozenset(("/plain", "/ask", "/helped", "/gradio_api/queue/join", "/gradio_api/call/ask"))
MACHINE = ("/gradio_api/", "/config", "/healthz", "/readyz")  # callers that want JSON, also when refused
SPOOFED = {b"x-forwarded-host", b"x-gradio-server", b"forwarded"}
HOST = re.compile(rb"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?")


class Guard:
    """Pure ASGI. ``refuse(status, machine)`` gives body and content type of a refusal, notice included.

    ``head`` replaces Gradio's title and preview tags in the served page, ``shell`` opens its body.
    ``ancestors`` says who may show the page in a frame; ``burst`` and ``per_minute`` bound the questions per client.
    ``hosts``: the names that the page answers to; none named: any that is a name.
    """

    def __init__(self, app: App, refuse: Callable[[int, bool], tuple[bytes, str]], *, head: str = "",
                 shell: str = "", burst: int = BURST, per_minute: float = PER_MINUTE, max_body: int = MAX_BODY,
                 max_wait: float = MAX_WAIT, max_open: int = MAX_OPEN, ancestors: str = "'self'", hosts: Iterable[str] = (),
                 clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._refuse = app, refuse
        self.dress(head, shell)
        self._max_body, self._max_wait, self._ancestors = max_body, max_wait, ancestors
        self.hosts = frozenset(hosts)
        self.also: frozenset[str] = frozenset()  # routes that the operator opened, to read and to write
        self._told_hosts = False
        self._max_open, self._open = max_open, 0
        self._buckets = TokenBuckets(burst, per_minute, clock)

    def dress(self, head: str, shell: str) -> None:
        """What the served page gets from now on."""
        self._head, self._shell = str(head), str(shell)  # a Markup would escape what it is added to

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":  # lifespan
            await self._app(scope, receive, send)
            return
        NONCE.set(secrets.token_urlsafe(16))
        status = self._refusal(scope)
        self._open += 1
        try:
            await self._serve(status or (503 if self._open > self._max_open else 0), scope, receive, send)
        finally:
            self._open -= 1

    async def _serve(self, status: int, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One request; ``status`` is what it is refused with, or 0."""
        body = b""
        if not status and scope["method"] == "POST":
            try:
                read = await asyncio.wait_for(self._read(scope, receive), self._max_wait)
            except TimeoutError:
                status = 408
            else:
                status, body = (413, b"") if read is None else (0, read)
        if status:
            await self.send_refusal(status, scope, send)
            return
        await self._pass_on(scope, receive, send, body)

    def _refusal(self, scope: MutableMapping[str, Any]) -> int:
        """The status to refuse with, or 0."""
        path, method = scope["path"], scope["method"]
        if not self._is_ours(scope["headers"]):
            return 421
        if method in ("GET", "HEAD"):
            below = path.startswith(READ_BELOW) and ".." not in path and "\\" not in path
            return 0 if path in READ or path in self.also or below else 404
        if method != "POST" or (path not in WRITE and path not in self.also):
            return 404
        client = scope.get("client")
        return 0 if self._buckets.take(client[0] if client else "") else 429

    def _is_ours(self, headers: Headers) -> bool:
        """True for one Host header that is a name, and one of ours where they are named. Gradio writes the host into the
        page and remembers it, so what is no name must not get there; a request without one is HTTP/1.0."""
        hosts = [value for name, value in headers if name == b"host"]
        found = HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if found is None:
            return not hosts and not self.hosts
        if not self.hosts or found[1].decode().lower().strip("[]") in self.hosts:
            return True
        if not self._told_hosts:  # once: whoever sends such requests could fill the log
            self._told_hosts = True
            print(f"A request for another host than {', '.join(sorted(self.hosts))} was refused: if people reach this page "
                  "under another name, set ASSISTANT_HOSTS to it.", file=sys.stderr, flush=True)
        return False

    async def _read(self, scope: MutableMapping[str, Any], receive: Receive) -> bytes | None:
        """The whole body, or None when it is too long: said or, in a chunked body, found.

        What is too long is taken in and dropped, up to MAX_UNREAD: a sender that is cut off while it still sends
        sees a broken connection and not the refusal.
        """
        hosts = dict(scope["headers"]).get(b"content-length", b"0")
        body, taken, refused = b"", 0, not hosts.isdigit() or int(hosts) > self._max_body
        while True:
            message = await receive()
            chunk = bytes(message.get("body", b""))
            taken += len(chunk)
            refused = refused or taken > self._max_body
            body = b"" if refused else body + chunk
            ended = message["type"] != "http.request" or not message.get("more_body")
            if ended or (refused and taken > MAX_UNREAD):
                return None if refused else body

    async def _pass_on(self, scope: MutableMapping[str, Any], receive: Receive, send: Send, body: bytes) -> None:
        reply = Reply(self, scope, send)
        given = False

        async def replay() -> Message:
            nonlocal given
            if scope["method"] != "POST" or given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        # Gradio would write these hosts into the page; compression would hide the page from us
        dropped = SPOOFED | ({b"accept-encoding"} if scope["path"] == "/" else set())
        inner = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in dropped]}
        try:
            await self._app(inner, replay, reply)
        except Exception as error:
            print(f"Error in {scope['path']}: {kind_and_place(error)}", file=sys.stderr)
            if not reply.started:
                await self.send_refusal(500, scope, send)

    async def send_refusal(self, status: int, scope: MutableMapping[str, Any], send: Send) -> None:
        body, content_type = self._refuse(status, scope["path"].startswith(MACHINE))
        headers = self.headers(scope["path"], status, nonce_for(content_type.encode()))
        headers += [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
        if status in TRY_AGAIN:
            headers.append((b"retry-after", TRY_AGAIN[status]))
        if status in (408, 413):
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def headers(self, path: str, status: int, nonce: str, query: bytes = b"") -> Headers:
        return headers(path, status, nonce, query, self._ancestors)

    def touch_up(self, html: str, nonce: str) -> str:
        return touch_up(html, nonce, self._head, self._shell)


class Reply:
    """The ``send`` of one request: sets headers, rewrites the one HTML page, swaps bare errors for our page."""

    def __init__(self, guard: Guard, scope: MutableMapping[str, Any], send: Send) -> None:
        self._guard, self._scope, self._send = guard, scope, send
        self.started = False
        self._start: Message | None = None  # held back while the page is collected
        self._body = b""
        self._swallow = False

    async def __call__(self, message: Message) -> None:
        if self._swallow:
            return
        if message["type"] == "http.response.start":
            await self._on_start(message)
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish()
        else:
            await self._send(message)

    async def _on_start(self, message: Message) -> None:
        path, status = self._scope["path"], message["status"]
        content_type = dict(message["headers"]).get(b"content-type", b"")
        self.started = True
        busy = status == 503 and path in WRITE and path.startswith(MACHINE)  # Gradio's line is full: it says no notice
        if busy or (status >= 400 and not path.startswith(MACHINE) and not content_type.startswith(b"text/html")):
            self._swallow = True
            await self._guard.send_refusal(status, self._scope, self._send)
            return
        if path == "/" and status == 200 and content_type.startswith(b"text/html"):
            self._start = message
            return
        await self._send({**message, "headers": self._merged(message["headers"], status)})

    def _merged(self, theirs: Headers, status: int) -> Headers:
        nonce = nonce_for(dict(theirs).get(b"content-type", b""))
        ours = self._guard.headers(self._scope["path"], status, nonce, self._scope.get("query_string", b""))
        names = {name for name, _ in ours}
        kept = [(name, value) for name, value in theirs
                if name.lower() not in names and not name.lower().startswith(b"access-control-")]
        return kept + ours

    async def _finish(self) -> None:
        assert self._start is not None
        headers = [(name, value) for name, value in self._merged(self._start["headers"], 200)
                   if name != b"content-length"]
        body = b""
        if self._scope["method"] != "HEAD":
            body = self._guard.touch_up(self._body.decode(), NONCE.get()).encode()
            takes = dict(self._scope["headers"]).get(b"accept-encoding", b"")
            for name, pack in ((b"br", packed), (b"gzip", gzip.compress)):
                if name in takes:
                    body = pack(body)
                    headers += [(b"content-encoding", name), (b"vary", b"accept-encoding")]
                    break
            headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def nonce_for(content_type: bytes) -> str:
    """The nonce of this request if the reply is a page, else nothing: what is no page runs no script."""
    return NONCE.get() if content_type.startswith(b"text/html") else ""
