"""files -> a published generation, and back only if nothing was changed.

    index/current                -> the name of the published generation (a link; a text file where links fail)
    index/<name>/manifest.json   what was built from what, and the sha256 of every other file
    index/<name>/...             the files
    index/.draft-*               being built, or on its way out; never read

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
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.atomic_files import FOLDER, READABLE, make_folders, sync, write
from assistant.errors import BuildFailed, IndexCorrupt, IndexMissing
from assistant.index.serialization import canonical

FORMAT = 4  # 1: token vectors could lie the wrong way round; 2: other weights and languages; 3: other names, no facts
CURRENT, MANIFEST, DRAFT = "current", "manifest.json", ".draft-"
KEYWORDS = "keywords"  # the one folder that a large generation may hold
NAME, TIME = re.compile(r"\d{8}T\d{12}Z-[0-9a-f]{16}"), "%Y%m%dT%H%M%S%fZ"


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def pointed(index: Path) -> str:
    """The name that ``current`` gives, or "" when there is none or it is no name of a generation."""
    pointer = index / CURRENT
    try:
        name = os.readlink(pointer) if pointer.is_symlink() else pointer.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
    return name if NAME.fullmatch(name) else ""


def current(index: Path) -> Path:
    """The folder of the published generation. Raises IndexMissing or IndexCorrupt."""
    if not os.path.lexists(index / CURRENT):
        raise IndexMissing(f"There is no index at {index}: run `python -m assistant build --index {index}`.")
    name = pointed(index)
    if not name:
        raise IndexCorrupt(f"{index / CURRENT} does not name a generation: run "
                           f"`python -m assistant build --index {index}`.")
    folder = index / name
    if folder.is_symlink() or not folder.is_dir():
        raise IndexCorrupt(f"The published generation {folder} is gone: run "
                           f"`python -m assistant build --index {index}`.")
    return folder


def verify(folder: Path, only: Collection[str] = (), *, mapped: bool = False) -> dict[str, Any]:
    """Check every file of a generation against its manifest; returns the manifest.

    ``only``: the names of the files to check; the others must not be read then. The files of a large generation that are
    mapped are checked by their sizes, so that opening does not take longer for a larger corpus, and by their hashes only with
    ``mapped`` (``check`` does that). What is quoted from them is verified when it is quoted (see ``stores.proofs``).

    Raises IndexCorrupt, which names the first file that is not what the manifest says.
    """
    way_out = "rebuild it with `python -m assistant build --force`."
    try:
        if (folder / MANIFEST).is_symlink():
            raise IndexCorrupt(f"{folder / MANIFEST} is a link and no plain file: {way_out}")
        raw = (folder / MANIFEST).read_bytes()
        if not folder.name.startswith(DRAFT) and hashlib.sha256(raw).hexdigest()[:16] != folder.name[-16:]:
            raise IndexCorrupt(f"{folder / MANIFEST} was changed after it was published: {way_out}")
        manifest: dict[str, Any] = json.loads(raw)
        if manifest["format"] != FORMAT:
            age = "an older" if manifest["format"] < FORMAT else "a newer"
            raise IndexCorrupt(f"{folder} was built by {age} version (format {manifest['format']}, this one reads {FORMAT}): "
                               f"{way_out}")
        large = manifest.get("mapped", {})
        vouched = {**manifest["files"], **{name: entry["sha256"] for name, entry in large.items()}}
        for name, expected in ((name, vouched[name]) for name in only or vouched):
            path = folder / name
            if (path.is_symlink() or not path.is_file() or ".." in Path(name).parts
                    or path.parent not in ((folder, folder / KEYWORDS) if name in large else (folder,))):
                raise IndexCorrupt(f"{path} is missing or is no plain file: {way_out}")
            if name in large and path.stat().st_size != large[name]["bytes"]:
                raise IndexCorrupt(f"{path} was changed after it was published: {way_out}")
            if name in large and not mapped:
                continue
            actual = file_sha256(path)
            if actual != expected:
                raise IndexCorrupt(f"{path} was changed after it was published: {way_out}",
                                   found=actual, expected=expected)
        for path in folder.rglob("*"):  # a file that nothing vouches for would be read all the same
            name = path.relative_to(folder).as_posix()
            if name not in (MANIFEST, *manifest["files"], *large) and not (large and name == KEYWORDS and not path.is_symlink()):
                raise IndexCorrupt(f"{path} is not in the manifest of its generation: {way_out}")
    except OSError as error:
        raise IndexCorrupt(f"{error.filename or folder} cannot be read ({error.strerror}): {way_out}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexCorrupt(f"{folder / MANIFEST} cannot be understood: {way_out}") from error
    return manifest


@contextlib.contextmanager
def locked(index: Path, wait: float = 0) -> Iterator[None]:
    """The one lock of an index folder; what a killed build left there is cleared away, before and after.

    ``wait``: seconds for another one to end.

    Raises BuildFailed when the folder cannot be written, the disk is full, or another build holds the lock.
    """
    try:
        with FileLock(index / ".lock", timeout=wait, mode=READABLE):
            _sweep(index)
            try:
                yield
            finally:
                _sweep(index)
    except Timeout:
        raise BuildFailed(f"Another build is running in {index}: wait for it to end, then try again.") from None
    except OSError as error:
        raise BuildFailed(f"The index folder {index} cannot be written ({error.strerror}): what was published "
                          "before is unchanged; make room or mend permissions, then try again.") from error


@contextlib.contextmanager
def building(index: Path, wait: float = 0) -> Iterator[Path]:
    """A draft folder under the lock. It is removed when the build does not end in ``publish``. Raises BuildFailed."""
    try:
        make_folders(index)
    except OSError as error:
        raise BuildFailed(f"The index folder {index} cannot be made ({error.strerror}): mend permissions or name another "
                          "folder with --index.") from error
    with locked(index, wait):
        draft = index / f"{DRAFT}{os.getpid()}"
        draft.mkdir()
        yield draft


def seal(draft: Path, manifest: dict[str, Any], mapped: Collection[str] = ()) -> dict[str, Any]:
    """Complete the manifest with time and file hashes and write it as the draft's last file.

    ``mapped``: names of files that are too large to be hashed whenever they are opened.

    Names of generations sort by time, so a clock that was set back does not make an old one out of a new one.
    """
    files = {path.relative_to(draft).as_posix(): path for path in sorted(draft.rglob("*"))
             if path.name != MANIFEST and not path.is_dir()}
    for path in files.values():
        os.chmod(path, READABLE)
        sync(path)
    if (draft / KEYWORDS).is_dir():
        os.chmod(draft / KEYWORDS, FOLDER)
        sync(draft / KEYWORDS)
    earlier = [datetime.strptime(path.name.split("-")[0], TIME).replace(tzinfo=UTC) for path in draft.parent.iterdir()
               if NAME.fullmatch(path.name)]
    created = max([datetime.now(UTC), *(time + timedelta(microseconds=1) for time in earlier)])
    sealed = {"format": FORMAT, "created": created.strftime(TIME), **manifest,
              "files": {name: file_sha256(path) for name, path in files.items() if name not in mapped}}
    if mapped:
        sealed["mapped"] = {name: {"sha256": file_sha256(files[name]), "bytes": files[name].stat().st_size} for name in mapped}
    write(draft / MANIFEST, canonical(sealed))
    os.chmod(draft, FOLDER)
    sync(draft)
    return sealed


def publish(index: Path, draft: Path) -> str:
    """Rename a sealed draft to its final name and switch ``current`` to it. Returns the name."""
    raw = (draft / MANIFEST).read_bytes()
    name = f"{json.loads(raw)['created']}-{hashlib.sha256(raw).hexdigest()[:16]}"
    os.rename(draft, index / name)
    try:
        sync(index)
        switch(index, name)
    except OSError:
        discard(index / name)
        raise
    return name


def switch(index: Path, name: str) -> None:
    """Point ``current`` at a generation, atomically.

    Raises OSError when nothing was switched, BuildFailed when it was and the disk did not confirm it.
    """
    aside = index / f"{DRAFT}{os.getpid()}-{CURRENT}"
    aside.unlink(missing_ok=True)
    try:
        os.symlink(name, aside, target_is_directory=True)
    except (OSError, NotImplementedError):  # Windows without the right to make links
        write(aside, name.encode())
    os.replace(aside, index / CURRENT)
    try:
        sync(index)
    except OSError as error:  # readers see the new one already: taking it away again would leave them with nothing
        raise BuildFailed(f"{name} is published, but the disk did not confirm it ({error.strerror}): check the disk, then "
                          "build again.") from error


def discard(folder: Path) -> None:
    """Remove a generation, in one step as far as readers can see. What cannot be removed now goes with the next sweep."""
    gone = folder.parent / f"{DRAFT}{os.getpid()}-{folder.name}"
    with contextlib.suppress(OSError):
        os.rename(folder, gone)
    for left in (gone, folder):
        shutil.rmtree(left, ignore_errors=True)


def _sweep(index: Path) -> None:
    """Remove drafts. We hold the lock, so nobody uses them; a second try for what a passing fault kept."""
    for left in [*index.glob(DRAFT + "*"), *index.glob(DRAFT + "*")]:
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
