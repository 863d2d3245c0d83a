"""Ketamine Answers: cited passages, word for word, and always the same safety notice.

    from assistant import Assistant, build_index

Nothing heavy is imported until one of the names is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.indexing.build import build_index

__version__ = "0.1.0"
__all__ = ["Assistant", "__version__", "build_index"]


def __getattr__(name: str) -> Any:
    if name == "Assistant":
        from assistant.answering.assistant import Assistant
        from assistant.server.web import notebook

        notebook.install()
        return Assistant
    if name == "build_index":
        from assistant.indexing.build import build_index

        return build_index
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
