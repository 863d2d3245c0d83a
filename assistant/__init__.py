"""Ketamine Answers: cited passages, word for word, and always the same safety notice.

    from assistant import Assistant, build_index

Nothing heavy is imported until one of the names is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from assistant.building import build_index

__version__ = "0.1.0"
__all__ = ["Assistant", "__version__", "build_index"]


def __getattr__(name: str) -> Any:
    if name == "Assistant":
        from assistant import notebook
        from assistant.answering import Assistant

        notebook.install()
        return Assistant
    if name == "build_index":
        from assistant.building import build_index

        return build_index
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
