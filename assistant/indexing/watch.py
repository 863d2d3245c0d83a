"""a corpus folder -> what was changed since the index was built; and builds while it changes, each by a process of its own.

    changed, and then still for one look --> python -m assistant build --> a generation, which the page takes by itself
                                               +-- failed: its sentence goes to standard error, the old one stays

Reading a corpus takes a tenth of a second and more, so a watcher first compares ``footprint``: names, sizes and times.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant import child_process
from assistant.corpus.files import SHIPPED
from assistant.corpus.reader import read_corpus
from assistant.index.inputs import stale_sources
from assistant.index.location import Place, as_argument

Footprint = tuple[tuple[str, int, int], ...]
MOST_NAMES = 5  # changed parts that a sentence names; the rest are counted
EVERY = 1.0  # seconds between two looks; an editor's program may write a file in several steps


@dataclass(frozen=True)
class Freshness:
    """``changed``: ids of sources and names of parts ("texts", "notes", ...). ``foreign``: built from another folder."""

    changed: tuple[str, ...] = ()
    foreign: bool = False

    @property
    def stale(self) -> bool:
        """True when what people are shown is older than the corpus folder."""
        return bool(self.changed) and not self.foreign


def freshness(corpus: Path, inputs: dict[str, Any], shipped: Path = SHIPPED) -> Freshness:
    """Compare a corpus folder with the inputs of an index. Raises CorpusError or NoticeMissing."""
    read = read_corpus(corpus, shipped)
    foreign = not {source.id for source in read.sources} & set(inputs["sources"])
    return Freshness(tuple(stale_sources(read, inputs)), foreign)


def footprint(folder: Path) -> Footprint:
    """Name, size and time of change (ns) of every file below a folder; equal ones mean that nothing was changed."""
    files = []
    for above, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(above, name)
            try:
                state = os.stat(path)
            except OSError:  # it is being replaced just now: the next look sees it
                continue
            files.append((path, state.st_size, state.st_mtime_ns))
    return tuple(sorted(files))


def named(changed: tuple[str, ...]) -> str:
    """Example: five of seven names, "and 2 more"."""
    more = f" and {len(changed) - MOST_NAMES} more" if len(changed) > MOST_NAMES else ""
    return ", ".join(changed[:MOST_NAMES]) + more


class CorpusWatcher:
    """Watches ``corpus`` while it is entered (``with``). ``look`` is one step, for tests."""

    def __init__(self, index: Place, corpus: Path) -> None:
        self._index, self._corpus = index, corpus
        self._built: Footprint = footprint(corpus)
        self._last: Footprint = self._built
        self._stopped = threading.Event()
        self._build: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="rebuild", daemon=True)

    def __enter__(self) -> CorpusWatcher:
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
        index, secret = as_argument(self._index)
        self._build = child_process.start("assistant", "build", "--corpus", str(self._corpus), "--index", index,
                                          stdout=sys.stderr.fileno(), env=secret)
        if self._build.wait() and not self._stopped.is_set():
            print("The change could not be built, so the page goes on with what it had. Mend what the line above names and save.",
                  file=sys.stderr, flush=True)
        return True
