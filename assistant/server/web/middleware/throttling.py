"""client, time -> may it ask now? questions -> a few at work, a short line, and for the rest "busy" at once.

Two limits: a token bucket for each address, and how many questions are looked up at the same time. A line without an end would
make everybody wait until nobody is served in time.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

MAX_CLIENTS = 10_000  # addresses whose allowance is remembered; it lives in memory only and is never written down


class TokenBuckets:
    """A token bucket per key: ``burst`` at once, then ``per_minute``.

    Example: burst 2, 60 a minute: two pass, the third does not, one second later one more does.
    """

    def __init__(self, burst: int, per_minute: float, clock: Callable[[], float]) -> None:
        self._burst, self._rate, self._clock = float(burst), per_minute / 60.0, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> bool:
        now = self._clock()
        tokens, then = self._left.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        self._left[key] = (tokens - 1 if tokens >= 1 else tokens, now)
        while len(self._left) > MAX_CLIENTS:
            self._left.popitem(last=False)
        return tokens >= 1


class ConcurrencyLimit:
    """At most ``at_once`` inside and ``waiting`` in line. Used from one event loop.

    Example: at_once 2, waiting 64: of 70 that come together two begin, 64 wait, four are turned away.
    """

    def __init__(self, at_once: int, waiting: int) -> None:
        self._most, self._here = at_once + waiting, 0
        self._inside = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[bool]:
        """Gives True once it is this one's turn, and False at once when the line is full."""
        if self._here >= self._most:
            yield False
            return
        self._here += 1
        try:
            async with self._inside:
                yield True
        finally:
            self._here -= 1
