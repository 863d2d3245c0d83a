"""exception -> its kind and place for the log, never its words: they may hold the question."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType
from typing import Any


def kind_and_place(error: BaseException | None, at: TracebackType | None = None) -> str:
    """Example: "ValueError in rank:88", the innermost function and its line."""
    at = at or (error.__traceback__ if error else None)
    while at and at.tb_next:
        at = at.tb_next
    place = f" in {at.tb_frame.f_code.co_name}:{at.tb_lineno}" if at else ""
    return f"{type(error).__name__}{place}"


class QuietFormatter(logging.Formatter):
    """Log lines whose exceptions are told by kind and place."""

    def formatException(self, ei: Any) -> str:  # the name is logging's
        return kind_and_place(ei[1], ei[2])


class QuietTraceback:
    """Stands in for the ``traceback`` module inside a library that prints exceptions with the data that caused them."""

    def print_exc(self, *_: Any, **__: Any) -> None:
        print(f"Error in the page: {kind_and_place(sys.exc_info()[1])}", file=sys.stderr, flush=True)

    def __getattr__(self, name: str) -> Any:
        return getattr(traceback, name)


def hush_logs() -> None:
    """Every handler of the root logger tells exceptions by kind and place; there is one afterwards, to stderr."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler(sys.stderr))
    for handler in root.handlers:
        handler.setFormatter(QuietFormatter("%(message)s"))
