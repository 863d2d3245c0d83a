"""A file is there whole or not at all, and a full disk leaves nothing beside it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from assistant import atomic_files


def test_a_file_is_replaced_and_readable_by_others_whatever_the_umask_is(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        atomic_files.replace_file(tmp_path / "a", b"one")
        atomic_files.replace_file(tmp_path / "a", b"two")
        atomic_files.replace_file(tmp_path / "b", b"three", 0o600)
    finally:
        os.umask(before)
    assert [(path.name, path.read_bytes(), path.stat().st_mode & 0o777) for path in sorted(tmp_path.iterdir())] == [
        ("a", b"two", 0o644), ("b", b"three", 0o600)]


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, call: str,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    atomic_files.replace_file(tmp_path / "a", b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        with pytest.raises(OSError, match="No space"):
            atomic_files.replace_file(tmp_path / "a", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"old")]
