"""host, port, ASGI app -> a server that listens there and says so. The only importer of uvicorn."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import Any

import uvicorn

from assistant.errors import BadInput
from assistant.server.access_log import hush_logs

HOST, PORT = "127.0.0.1", 7860


class Server(uvicorn.Server):
    """uvicorn that says on stdout where the page is, once it can be reached."""

    address = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            print(f"Ketamine Answers is at {self.address}", flush=True)


def bound(host: str, port: int) -> socket.socket:
    """A socket that holds the address. Raises BadInput, before anything is loaded, when it cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
        except OSError:
            listening.close()
            raise
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(f"The address {host}:{port} cannot be used ({reason}): stop what is running there, "
                       "or choose another with --port or GRADIO_SERVER_PORT.") from None
    return listening


def address_from(host: str | None, port: int | None) -> tuple[str, int]:
    """The arguments, else GRADIO_SERVER_NAME and GRADIO_SERVER_PORT, else 127.0.0.1:7860. Raises BadInput."""
    host = host or os.environ.get("GRADIO_SERVER_NAME") or HOST
    number = os.environ.get("GRADIO_SERVER_PORT") or str(PORT)
    if port is None and not number.isdigit():
        raise BadInput(f"GRADIO_SERVER_PORT is {number!r}: set it to a number such as {PORT}, or unset it.")
    return host, int(number) if port is None else port


def configured(app: Any, patience: int = 5) -> uvicorn.Config:
    """How the app is served. ``patience``: seconds that requests get to end once the process is told to."""
    # one process: Gradio's queue lives in it. No access log: who asked when is nobody's business. h11 bounds what the
    # headers of one request may take; the faster parser has no bound.
    return uvicorn.Config(app, access_log=False, log_level="warning", log_config=None, server_header=False, workers=1,
                          http="h11", timeout_graceful_shutdown=patience)


def listen(app: Any, host: str, held: socket.socket) -> None:
    """Serve ``app`` on the bound socket until the process is told to end."""
    hush_logs()
    server = Server(configured(app))
    everywhere = {"0.0.0.0": HOST, "::": "[::1]"}  # noqa: S104 - only for the line that is printed
    shown = everywhere.get(host, f"[{host}]" if ":" in host else host)
    server.address = f"http://{shown}:{held.getsockname()[1]}"
    with suppress(KeyboardInterrupt):
        server.run(sockets=[held])
