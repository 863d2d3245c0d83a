"""index folder or database -> Assistant: opened, or built first by another process when there is none. Owns no dependency.

A database is never built into by who serves it: others may read it, and the server need not be allowed to write.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from assistant.answering.assistant import Assistant
from assistant.answering.lexical_search import LexicalAssistant
from assistant.errors import BuildFailed, IndexMissing
from assistant.index.encoder import EXPORTED
from assistant.index.stores.postgres.connection import Engine, Place
from assistant.screening.normalize import compile_rules


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
            if isinstance(self._index, Engine):
                raise
            print("There is no index yet: building it once.", file=sys.stderr)
        package = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH", "")) if part)
        command = [sys.executable, "-m", "assistant", "build",
                   "--corpus", str(self._corpus), "--index", str(self._index)]
        self._build = subprocess.Popen(command, stdout=sys.stderr.fileno(), env={**os.environ, "PYTHONPATH": paths})
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
