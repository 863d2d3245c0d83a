"""the generations of an index folder -> which stay, which goes back into service.

    index/rolled-back   names of generations that an operator took out of service, one a line; the folders stay

A generation is *previous* when it was published before the current one and was not taken out of service since. Names
sort by time. A folder that is newer than the published one and was never taken out of service is what a build left
that was killed between its last two steps: nobody ever read it, so it is cleared away.
"""

from __future__ import annotations

import os
from pathlib import Path

from assistant.atomic_files import replace_file
from assistant.errors import AssistantError, BadInput, IndexCorrupt
from assistant.index.encoder import GRAPH
from assistant.index.generation import CURRENT, MANIFEST, NAME, discard, locked, pointed, switch, verify
from assistant.index.index import Index

KEEP = 3  # generations, the published one included
ROLLED_BACK = "rolled-back"
RUNTIME = GRAPH  # a generation without it was built by an encoder that is handed in


def generations(index: Path) -> list[str]:
    """Names of all generations: the published one, those before it, those rolled back; each newest first."""
    live, out = pointed(index), rolled_back(index)
    names = sorted((path.name for path in index.iterdir()
                   if NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink()), reverse=True)
    return sorted(names, key=lambda name: 0 if name == live else 2 if name in out else 1)


def rolled_back(index: Path) -> set[str]:
    """Names of the generations that were taken out of service; never the published one."""
    try:
        lines = (index / ROLLED_BACK).read_text("utf-8", "replace").split()
    except OSError:
        return set()
    return {line for line in lines if NAME.fullmatch(line)} - {pointed(index)}


def tidy(index: Path) -> None:
    """Clear away what a killed build or rollback left. To be called under the lock. Raises OSError."""
    live, out = pointed(index), rolled_back(index)
    if os.path.lexists(index / CURRENT) and not (index / live / MANIFEST).is_file():
        return  # somebody harmed the pointer or the published folder: what is left may be all there is
    for name in generations(index):
        if name > live and name not in out:
            discard(index / name)
    _mark(index, out)
    prune(index)


def prune(index: Path) -> None:
    """Keep KEEP generations: the published one, then those before it, then those rolled back."""
    for old in generations(index)[KEEP:]:
        discard(index / old)


def rollback(index: Path) -> tuple[str, str]:
    """Publish the previous generation again; returns its name and the name of the one it takes the place of.

    It is verified as a reader would before the switch, which is atomic. The other one stays in the folder. Raises
    BadInput when there is none to go back to, IndexCorrupt or EncoderMismatch when it is not whole, BuildFailed.
    """
    none = BadInput(f"There is no earlier generation in {index} to go back to: `python -m assistant build` makes a new one.")
    if not index.is_dir():
        raise none
    with locked(index):
        live, out = pointed(index), rolled_back(index)
        earlier = [name for name in generations(index) if name not in out and (name < live or not live)]
        if not earlier:
            raise none
        target = index / earlier[0]
        try:
            Index(target, verify(target), load_encoder=(target / RUNTIME).exists())
        except AssistantError as error:
            raise type(error)(f"The generation before the published one is not whole, so nothing was changed: {error}",
                              **error.evidence) from error
        if live:
            _mark(index, {*out, live})  # before the switch: a mark on the published generation counts for nothing
        switch(index, target.name)
    return target.name, live


def same_as_rolled_back(index: Path, inputs: dict[str, object]) -> str | None:
    """The name of a rolled-back generation that was built from just these inputs, if there is one."""
    for name in sorted(rolled_back(index), reverse=True):
        try:
            if verify(index / name)["inputs"] == inputs:
                return name
        except (IndexCorrupt, KeyError):
            continue  # it cannot be published again anyway
    return None


def _mark(index: Path, names: set[str]) -> None:
    """Write down which generations are out of service; those that are gone are forgotten."""
    wanted = sorted(name for name in names if (index / name).is_dir())
    path = index / ROLLED_BACK
    if wanted != (path.read_text("utf-8", "replace").split() if path.exists() else []):
        replace_file(path, "".join(f"{name}\n" for name in wanted).encode())
