"""A few at work, a short line, and for the rest "busy, try again" at once, with the help lines; nobody is lost."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from assistant.server.web import page as web
from assistant.server.web.middleware.throttling import ConcurrencyLimit
from tests.server.web.test_page import TEXTS, StandIn, client, has_notice, page, running, wait_until


def test_two_begin_the_next_wait_and_the_rest_is_turned_away() -> None:
    async def call() -> tuple[list[bool], int]:
        line, gate, inside, most = ConcurrencyLimit(2, 3), asyncio.Event(), 0, 0

        async def visitor() -> bool:
            nonlocal inside, most
            async with line.enter() as turn:
                if turn:
                    inside += 1
                    most = max(most, inside)
                    await gate.wait()
                    inside -= 1
                return turn

        visits = [asyncio.create_task(visitor()) for _ in range(9)]
        await asyncio.sleep(0.01)
        assert [visit.result() for visit in visits if visit.done()] == [False] * 4, "told at once, while the others wait"
        gate.set()
        return [await visit for visit in visits], most

    assert asyncio.run(call()) == ([True] * 5 + [False] * 4, 2)


def test_whoever_gives_up_or_fails_makes_room() -> None:
    async def call() -> bool:
        line = ConcurrencyLimit(1, 0)
        for _ in range(3):
            with pytest.raises(ValueError, match="inside"):
                async with line.enter():
                    raise ValueError("inside")
        async with line.enter() as turn:
            return turn

    assert asyncio.run(call())


class Held(StandIn):
    """Answers once the gate is open."""

    def __init__(self, gate: threading.Event) -> None:
        super().__init__(TEXTS)
        self.gate = gate

    def ask(self, question: str, k: int = 3) -> Any:
        if question not in web.EXAMPLES:
            self.gate.wait(60)
        return super().ask(question, k)


@pytest.mark.parametrize("clients", [50, 200])
def test_of_many_clients_at_once_none_is_lost_and_the_excess_is_told_to_try_again(clients: int) -> None:
    gate = threading.Event()
    with running(page(lambda: Held(gate), burst=10**6).app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)

        def visitor(_: int) -> httpx.Response:
            with client(address) as mine:
                mine.timeout = 120
                return mine.post("/plain", data={"q": "Does it harm the bladder?"})

        with ThreadPoolExecutor(clients) as threads:
            visits = [threads.submit(visitor, number) for number in range(clients)]
            excess = max(0, clients - web.AT_ONCE - web.QUEUE)
            try:
                wait_until(lambda: sum(visit.done() for visit in visits) == excess, 60)  # told while the others still wait
            finally:
                gate.set()
            replies = [visit.result(120) for visit in visits]
    answered = [reply for reply in replies if reply.status_code == 200]
    busy = [reply for reply in replies if reply.status_code == 503]
    assert (len(answered), len(busy)) == (clients - excess, excess)
    assert all("k-is-answered" in reply.text for reply in answered)
    for reply in busy:
        assert "Many people are asking" in reply.text
        assert has_notice(reply.text)
        assert reply.headers["retry-after"]
        assert "Does it harm the bladder?" in reply.text, "the question stands in the form, to be sent again"


def test_the_api_too_tells_the_excess_with_the_notice() -> None:
    gate = threading.Event()
    with running(page(lambda: Held(gate), burst=10**6).app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)
        try:
            replies = [found.post("/gradio_api/call/ask", json={"data": ["Does it harm the bladder?", 1]})
                       for _ in range(web.QUEUE + web.AT_ONCE + 20)]
        finally:
            gate.set()
        busy = [reply for reply in replies if reply.status_code == 503]
        taken = [reply.json()["event_id"] for reply in replies if reply.status_code == 200]
        assert len(busy) + len(taken) == len(replies)
        assert len(busy) >= 10
        for reply in busy:
            assert reply.json()["notice"] == TEXTS.notice.to_json()
            assert "try again" in reply.json()["error"]
            assert reply.headers["retry-after"]
        for event in taken:
            assert "event: complete" in found.get(f"/gradio_api/call/ask/{event}").text


def test_the_help_lines_stay_reachable_while_everybody_asks() -> None:
    gate = threading.Event()
    with running(page(lambda: Held(gate), burst=10**6).app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)
        with ThreadPoolExecutor(20) as threads:
            for _ in range(20):
                threads.submit(lambda: httpx.post(f"{address}/plain", data={"q": "x"}, timeout=60, trust_env=False))
            try:
                for path in ("/", "/plain", "/about", "/source/provider"):
                    assert has_notice(found.get(path).text), path
                assert found.get("/healthz").status_code == found.get("/readyz").status_code == 200
            finally:
                gate.set()
