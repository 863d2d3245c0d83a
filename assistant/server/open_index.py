"""index folder or database -> Assistant: opened, or built first by another process when there is none.

A database is never built into by who serves it: others may read it, and the server need not be allowed to write.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from assistant import child_process
from assistant.answering.assistant import Assistant
from assistant.answering.lexical_search import LexicalAssistant
from assistant.errors import BuildFailed, IndexMissing
from assistant.index.encoder import EXPORTED
from assistant.index.location import Place
from assistant.index.stores.postgres.connection import Database
from assistant.screening.rule_file import compile_rules


class OpenOrBuild:
    """Opens the index. When there is none, it is built first, by another process: torch stays out of this one."""

    def __init__(self, index: Place, corpus: Path, encoder: str = EXPORTED) -> None:
        self._index, self._corpus, self._encoder = index, corpus, encoder
        self._build: subprocess.Popen[bytes] | None = None

    def __call__(self) -> Assistant:
        """Raises BuildFailed, IndexCorrupt or EncoderMismatch."""
        compile_rules()
        try:
            return Assistant.open_with(self._index, self._encoder)
        except IndexMissing:
            if isinstance(self._index, Database):
                raise
            print("There is no index yet: building it once.", file=sys.stderr)
        self._build = child_process.start("assistant", "build", "--corpus", str(self._corpus), "--index", str(self._index),
                                          stdout=sys.stderr.fileno())
        if self._build.wait():
            raise BuildFailed(f"The index could not be built (exit code {self._build.returncode}): run "
                              "`python -m assistant build` to see why.")
        return Assistant.open_with(self._index, self._encoder)

    def words(self) -> LexicalAssistant:
        """What answers until then, by words alone. Raises IndexCorrupt, CorpusError, NoticeMissing, or BadInput for
        a database."""
        return LexicalAssistant.open(self._index, self._corpus)

    def stop(self) -> None:
        """End a build that is still running."""
        if self._build is not None and self._build.poll() is None:
            self._build.terminate()
