"""what an operator names -> the documents that are meant: files, folders, addresses, lists of addresses."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import BadInput
from assistant.ingestion.sandbox import SUFFIXES

MAX_DOCUMENTS = 1_000  # of one import: a folder named by mistake has more
MAX_LIST = 1 << 20  # bytes of a list of addresses
URL = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Origin:
    """Where a document is: a file, or an address; ``name`` is how the entry remembers it, ``folder`` is where that name holds, as
    seen from the corpus."""

    name: str
    path: Path | None = None
    folder: str = ""


def gather(paths: Sequence[str], corpus: Path) -> tuple[list[Origin], list[str]]:
    """(documents in order, names of files that are of no kind that can be imported). What ``corpus`` itself holds is none.

    Raises BadInput.
    """
    origins: list[Origin] = []
    passed: list[str] = []
    own = corpus.resolve()
    for name in paths:
        path = Path(name)
        if URL.fullmatch(name):
            origins.append(Origin(name))
        elif path.is_dir():
            inside = sorted(file for file in path.rglob("*")
                            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
                            and not _is_corpus(file, path, own))
            passed += [str(file) for file in inside if file.suffix.lower() not in SUFFIXES]
            for file in (file for file in inside if file.suffix.lower() in SUFFIXES):
                origins += _addresses(file) or [Origin(file.relative_to(path).as_posix(), file, _seen_from(own, path))]
        elif path.is_file():
            origins += _addresses(path) or [Origin(path.name, path, _seen_from(own, path.parent))]
        else:
            raise BadInput(f"There is no file or folder {name}: name a document, a folder, or an address that begins with https://.")
        if len(origins) > MAX_DOCUMENTS:
            raise BadInput(f"{name} holds more than {MAX_DOCUMENTS} documents: name a smaller folder.")
    if not origins:
        raise BadInput(f"{', '.join(paths)} holds no document that can be imported: bring {', '.join(sorted(SUFFIXES))} files.")
    once: dict[object, Origin] = {}
    for origin in origins:
        once.setdefault(origin.path.resolve() if origin.path else origin.name, origin)
    return list(once.values()), passed


def _is_corpus(file: Path, given: Path, corpus: Path) -> bool:
    """True for a file of the corpus that stands inside the folder that was named: its texts would be brought in again."""
    if given.resolve() == corpus:
        return file.resolve().is_relative_to(corpus / "texts")
    return corpus.is_relative_to(given.resolve()) and file.resolve().is_relative_to(corpus)


def _seen_from(corpus: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(folder.resolve(), corpus)).as_posix()
    except ValueError:  # another drive of Windows
        return folder.resolve().as_posix()


def _addresses(path: Path) -> list[Origin]:
    """The addresses of a list of them; empty for any other file."""
    if path.suffix.lower() not in (".txt", ".md", ".text") or path.stat().st_size > MAX_LIST:
        return []
    try:
        lines = [line.strip() for line in path.read_text("utf-8", "replace").splitlines()]
    except OSError:  # its reader will say so
        return []
    lines = [line for line in lines if line and not line.startswith("#")]
    return [Origin(line) for line in lines] if lines and all(URL.fullmatch(line) for line in lines) else []
