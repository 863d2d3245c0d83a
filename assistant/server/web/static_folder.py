"""files -> a folder that is there whole or not at all, and never in the place of somebody else's.

    DIR.draft, beside it --every file on disk, its name and hash in the list--> switched with DIR in one step

What may be replaced is a folder in which each file is one that the list names, unchanged.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.atomic_files import FOLDER, write
from assistant.errors import BadInput, BuildFailed
from assistant.index.generation import file_sha256
from assistant.index.serialization import canonical

LIST = "answer-book.json"
FORMAT = 1
LEFT_OVER = 600.0  # seconds after which a draft is taken for one that a killed export left
HERE, SWAP = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux


def write_folder(target: Path, files: Mapping[str, bytes], about: Mapping[str, Any]) -> None:
    """Write ``files`` (relative name -> content) as the folder ``target``, with a list of them that also holds ``about``.

    Raises BadInput when what is there was not written by this, BuildFailed when the disk refuses; then all is as it was.
    """
    target = Path(os.path.abspath(target))
    refuse_foreign(target)
    draft = target.parent / f".{target.name}.draft"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear(draft)
        draft.mkdir()
        try:
            for name, content in files.items():
                path = draft / name
                path.parent.mkdir(parents=True, exist_ok=True)
                write(path, content)
            listed = {name: file_sha256(draft / name) for name in sorted(files)}
            write(draft / LIST, canonical({"format": FORMAT, **about, "files": listed}))
            for folder in (draft, *(path for path in draft.rglob("*") if path.is_dir())):
                os.chmod(folder, FOLDER)
            refuse_foreign(target)  # again: writing took a while
            _switch(draft, target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise BuildFailed(f"{error.filename or target} cannot be written ({error.strerror}): what was there before is "
                          "unchanged; make room or mend permissions, then try again.") from error


def refuse_foreign(target: Path) -> None:
    """Raises BadInput, which names the file, unless ``target`` is missing, empty or just what was written before."""
    way_out = "name another folder, or move what is there away."
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise BadInput(f"{target} is a link or a file, not a folder: {way_out}")
    if not target.exists() or not any(target.iterdir()):
        return
    try:
        record = json.loads((target / LIST).read_bytes())
        listed = dict(record["files"]) if record["format"] == FORMAT else {}
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(f"{target} holds files that this command did not write (there is no {LIST} that lists them): {way_out}"
                       ) from None
    for path in sorted(target.rglob("*")):
        name = path.relative_to(target).as_posix()
        if path.is_symlink() or (path.is_file() and name != LIST and listed.get(name) != file_sha256(path)):
            raise BadInput(f"{path} was not written by this command, or was changed since: {way_out}")


def _clear(draft: Path) -> None:
    """Remove what a killed export left; raises BuildFailed for one that may still be running."""
    if not os.path.lexists(draft):
        return
    if time.time() - draft.lstat().st_mtime < LEFT_OVER:
        raise BuildFailed(f"Another export is writing {draft}: wait for it to end, or remove that folder if none is running.")
    shutil.rmtree(draft)


def _switch(draft: Path, target: Path) -> None:
    """Put the draft where the target is; who reads finds the old folder or the new one, whole. The old one becomes the draft."""
    if not target.exists() or not any(target.iterdir()):
        with contextlib.suppress(FileNotFoundError):
            target.rmdir()
        os.rename(draft, target)
        return
    try:
        _swap(draft, target)
    except (OSError, AttributeError):  # another system or file system: two steps, and back if the second fails
        aside = draft.with_name(draft.name + "-old")
        shutil.rmtree(aside, ignore_errors=True)
        os.rename(target, aside)
        try:
            os.rename(draft, target)
        except OSError:
            os.rename(aside, target)
            raise
        os.rename(aside, draft)


def _swap(one: Path, other: Path) -> None:
    """Exchange two folders in one step, on Linux. Raises OSError or AttributeError where that cannot be done."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(HERE, os.fsencode(one), HERE, os.fsencode(other), SWAP):
        raise OSError(ctypes.get_errno(), "the folders cannot be exchanged")
