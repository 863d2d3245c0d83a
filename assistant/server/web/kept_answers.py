"""an answer to a form -> a random address, for ten minutes: so that Back and reload work where no script runs.

The address holds no word of the question. What is kept lies in memory alone, and each entry is forgotten when its time is over,
whether or not anybody came for it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from markupsafe import Markup

KEPT_SECONDS = 600.0
MOST = 500  # answers; some 20 KB each


@dataclass(frozen=True)
class KeptAnswer:
    """What was answered, with the status of its page and the country whose help lines it shows."""

    question: str
    results: Markup | None
    status: int = 200
    urgent: bool = False
    region: str | None = None
    helped: bool = False  # it is an answer, so that people may be asked whether it helped
    about: str = ""  # id of the source that it came from


class KeptAnswers:
    """Used from one event loop."""

    def __init__(self, seconds: float = KEPT_SECONDS, most: int = MOST) -> None:
        self._seconds, self._most = seconds, most
        self._answers: OrderedDict[str, KeptAnswer] = OrderedDict()

    def keep(self, answer: KeptAnswer) -> str:
        """The name that it is kept under."""
        name = secrets.token_urlsafe(16)
        self._answers[name] = answer
        while len(self._answers) > self._most:
            self._answers.popitem(last=False)
        asyncio.get_running_loop().call_later(self._seconds, self._answers.pop, name, None)
        return name

    def get(self, name: str) -> KeptAnswer | None:
        return self._answers.get(name)

    def __len__(self) -> int:
        return len(self._answers)
