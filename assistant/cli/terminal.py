"""records, progress and errors -> the two streams of a terminal. The only importer of tqdm.

Standard output carries results only; progress, logs and errors go to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def say(line: str) -> None:
    print(line, file=sys.stderr)


def print_json(record: object) -> None:
    print(json.dumps(record, ensure_ascii=False))


def sentence(error: Exception) -> str:
    return " ".join(str(error).split())


@contextmanager
def progress_bar(task: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that is drawn from the first report on."""
    from tqdm import tqdm

    bars: list[Any] = []

    def report(done: int, total: int) -> None:
        if not bars:
            bars.append(tqdm(total=total, desc=task, file=sys.stderr, unit="text", leave=True))
        bars[0].update(done - bars[0].n)

    try:
        yield report
    finally:
        for bar in bars:
            bar.close()
