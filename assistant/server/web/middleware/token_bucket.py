"""key, time -> may it ask now? A token bucket per key. Owns no dependency."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

MAX_CLIENTS = 10_000  # addresses whose allowance is remembered; it lives in memory only and is never written down


class Buckets:
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
