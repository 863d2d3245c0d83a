"""bytes -> a file that is on disk, readable by others, and there whole or not at all. The one atomic file writer."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

READABLE, FOLDER = 0o644, 0o755  # whatever the umask is: the server often runs as another user than the build
DRAFT = ".draft-"  # how names begin that are being written, or on their way out; never read


def write(path: Path, content: bytes, mode: int = READABLE) -> None:
    """Write a file that others can read, and wait until it is on disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), READABLE)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left):]
        os.fsync(handle)
    finally:
        os.close(handle)
    os.chmod(path, mode)


def replace_file(path: Path, content: bytes, mode: int = READABLE) -> None:
    """Write a file anew: whoever reads it finds the old content or the new one, whole.

    Raises OSError; then the old content stays, and nothing is left beside it.
    """
    aside = path.parent / f"{DRAFT}{os.getpid()}-{path.name}"
    try:
        write(aside, content, mode)
        os.replace(aside, path)
    except OSError:  # a full disk leaves nothing behind
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    sync(path.parent)


def make_folders(folder: Path) -> None:
    """Make a folder and those above it, open to readers; one that is there keeps its permissions."""
    if not folder.is_dir():
        if folder.parent != folder:
            make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        os.chmod(folder, FOLDER)


def sync(path: Path) -> None:
    """Wait until a file or the entries of a folder are on disk."""
    if os.name == "nt":  # Windows cannot open a folder for this
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
