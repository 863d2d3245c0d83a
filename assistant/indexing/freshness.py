"""corpus folder + inputs of an index -> what was changed since the index was built. Owns no dependency.

Reading a corpus takes a tenth of a second and more, so a watcher first compares ``footprint``: names, sizes and times.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.corpus.reader import SHIPPED, read_corpus
from assistant.index.staleness import stale_sources

Footprint = tuple[tuple[str, int, int], ...]
MOST_NAMES = 5  # changed parts that a sentence names; the rest are counted


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
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            try:
                state = os.stat(path)
            except OSError:  # it is being replaced just now: the next look sees it
                continue
            found.append((path, state.st_size, state.st_mtime_ns))
    return tuple(sorted(found))


def named(changed: tuple[str, ...]) -> str:
    """Example: five of seven names, "and 2 more"."""
    more = f" and {len(changed) - MOST_NAMES} more" if len(changed) > MOST_NAMES else ""
    return ", ".join(changed[:MOST_NAMES]) + more
