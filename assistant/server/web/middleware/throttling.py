"""requests -> a few at work, a short line, and for the rest "busy" at once. Owns no dependency.

A line without an end would make everybody wait until nobody is served in time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turnstile:
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
