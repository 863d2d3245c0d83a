"""a corpus folder that changes -> builds, one after another, each by a process of its own. Owns no dependency.

    changed, and then still for one look --> python -m assistant build --> a generation, which the page takes by itself
                                               +-- failed: its sentence goes to standard error, the old one stays
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

from assistant.index.stores.postgres.connection import Place, spelt
from assistant.indexing.freshness import Footprint, footprint

EVERY = 1.0  # seconds between two looks; an editor's program may write a file in several steps


class Rebuilder:
    """Watches ``corpus`` while it is entered (``with``). ``look`` is one step, for tests."""

    def __init__(self, index: Place, corpus: Path) -> None:
        self._index, self._corpus = index, corpus
        self._built: Footprint = footprint(corpus)
        self._last: Footprint = self._built
        self._stopped = threading.Event()
        self._build: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="rebuild", daemon=True)

    def __enter__(self) -> Rebuilder:
        print(f"Watching {self._corpus}: a change is built in the background and shown when it is ready.", file=sys.stderr)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stopped.set()
        if self._build is not None and self._build.poll() is None:
            self._build.terminate()
        self._thread.join(5)

    def _run(self) -> None:
        while not self._stopped.wait(EVERY):
            self.look()

    def look(self) -> bool:
        """Build if the folder changed since the last build and not since the last look; True when a build was made."""
        now = footprint(self._corpus)
        settled, self._last = now == self._last, now
        if not settled or now == self._built:
            return False
        self._built = now  # also when the build fails: it is tried again after the next change, not for ever
        print(f"{self._corpus} was changed: building.", file=sys.stderr, flush=True)
        package = str(Path(__file__).resolve().parents[2])
        paths = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH", "")) if part)
        index, secret = spelt(self._index)
        self._build = subprocess.Popen(
            [sys.executable, "-m", "assistant", "build", "--corpus", str(self._corpus), "--index", index],
            stdout=sys.stderr.fileno(), env={**os.environ, **secret, "PYTHONPATH": paths})
        if self._build.wait() and not self._stopped.is_set():
            print("The change could not be built, so the page goes on with what it had. Mend what the line above names and save.",
                  file=sys.stderr, flush=True)
        return True
