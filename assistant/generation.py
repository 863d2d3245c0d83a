"""files -> a published generation, and back only if nothing was changed. Owns filelock.

    index/current                -> the name of the published generation (a link; a text file where links fail)
    index/<name>/manifest.json   what was built from what, and the sha256 of every other file
    index/<name>/...             the files
    index/.draft-*               being built; never read

``<name>`` ends in the hash of its own manifest, and the manifest holds the hash of each file. So a byte that was
changed, a file that was swapped with one of another generation, or a missing file is seen before anything is read.
Publishing is one atomic switch: readers find the old generation or the new one, whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.errors import BuildFailed, IndexCorrupt, IndexMissing

FORMAT = 1
KEEP = 3  # generations, the published one included
CURRENT, MANIFEST, DRAFT = "current", "manifest.json", ".draft-"
NAME = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{16}")


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def canonical(record: object) -> bytes:
    """JSON with one spelling, to be hashed."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8")


def current(index: Path) -> Path:
    """The folder of the published generation. Raises IndexMissing or IndexCorrupt."""
    pointer = index / CURRENT
    if pointer.is_symlink():
        name = os.readlink(pointer)
    elif pointer.is_file():
        name = pointer.read_text("utf-8", "replace").strip()
    else:
        raise IndexMissing(f"There is no index at {index}: run `python -m assistant build --index {index}`.")
    if not NAME.fullmatch(name):
        raise IndexCorrupt(f"{pointer} does not name a generation: run `python -m assistant build --index {index}`.",
                           found=name)
    folder = index / name
    if folder.is_symlink() or not folder.is_dir():
        raise IndexCorrupt(f"The published generation {folder} is gone: run "
                           f"`python -m assistant build --index {index}`.")
    return folder


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of a generation against its manifest; returns the manifest.

    Raises IndexCorrupt, which names the first file that is not what the manifest says.
    """
    way_out = "rebuild it with `python -m assistant build --force`."
    try:
        raw = (folder / MANIFEST).read_bytes()
        if not folder.name.startswith(DRAFT) and hashlib.sha256(raw).hexdigest()[:16] != folder.name[-16:]:
            raise IndexCorrupt(f"{folder / MANIFEST} was changed after it was published: {way_out}")
        manifest: dict[str, Any] = json.loads(raw)
        if manifest["format"] != FORMAT:
            raise IndexCorrupt(f"{folder} has format {manifest['format']}, this version reads {FORMAT}: {way_out}")
        for name, expected in manifest["files"].items():
            path = folder / name
            if path.is_symlink() or path.parent != folder or not path.is_file():
                raise IndexCorrupt(f"{path} is missing or is no plain file: {way_out}")
            found = file_sha256(path)
            if found != expected:
                raise IndexCorrupt(f"{path} was changed after it was published: {way_out}",
                                   found=found, expected=expected)
    except OSError as error:
        raise IndexCorrupt(f"{error.filename or folder} cannot be read ({error.strerror}): {way_out}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexCorrupt(f"{folder / MANIFEST} cannot be understood: {way_out}") from error
    return manifest


@contextlib.contextmanager
def building(index: Path) -> Iterator[Path]:
    """A draft folder under the build lock. It is removed when the build does not end in ``publish``.

    Raises BuildFailed when the folder cannot be written, the disk is full, or another build holds the lock.
    """
    draft: Path | None = None
    try:
        index.mkdir(parents=True, exist_ok=True)
        with FileLock(index / ".lock", timeout=0, mode=0o644):
            for left in index.glob(DRAFT + "*"):  # of a build that was killed; we hold the lock, so nobody uses it
                shutil.rmtree(left, ignore_errors=True)
            draft = index / f"{DRAFT}{os.getpid()}"
            draft.mkdir()
            yield draft
    except Timeout:
        raise BuildFailed(f"Another build is running in {index}: wait for it to end, then try again.") from None
    except OSError as error:
        raise BuildFailed(f"The index folder {index} cannot be written ({error.strerror}): what was published "
                          "before is unchanged; make room or mend permissions, then build again.") from error
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)


def write(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on disk."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def seal(draft: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Complete the manifest with time and file hashes and write it as the draft's last file."""
    files = sorted(path for path in draft.iterdir() if path.name != MANIFEST)
    for path in files:
        _sync(path)
    sealed = {"format": FORMAT, "created": datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ"), **manifest,
              "files": {path.name: file_sha256(path) for path in files}}
    write(draft / MANIFEST, canonical(sealed))
    _sync(draft)
    return sealed


def publish(index: Path, draft: Path) -> str:
    """Rename a sealed draft to its final name and switch ``current`` to it. Returns the name."""
    raw = (draft / MANIFEST).read_bytes()
    name = f"{json.loads(raw)['created']}-{hashlib.sha256(raw).hexdigest()[:16]}"
    os.rename(draft, index / name)
    try:
        _sync(index)
        switch(index, name)
    except OSError:
        shutil.rmtree(index / name, ignore_errors=True)
        raise
    for old in generations(index)[KEEP:]:
        shutil.rmtree(index / old, ignore_errors=True)
    return name


def switch(index: Path, name: str) -> None:
    """Point ``current`` at a generation, atomically."""
    aside = index / f"{DRAFT}{os.getpid()}-current"
    aside.unlink(missing_ok=True)
    try:
        os.symlink(name, aside, target_is_directory=True)
    except (OSError, NotImplementedError):  # Windows without the right to make links
        write(aside, name.encode())
    try:
        os.replace(aside, index / CURRENT)
    finally:
        aside.unlink(missing_ok=True)
    _sync(index)


def generations(index: Path) -> list[str]:
    """Names of all generations in the folder, the published one first, then the newest."""
    try:
        live = current(index).name
    except (IndexMissing, IndexCorrupt):
        live = ""
    names = sorted((path.name for path in index.iterdir() if NAME.fullmatch(path.name)), reverse=True)
    return sorted(names, key=lambda name: name != live)


def _sync(path: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder for this
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
