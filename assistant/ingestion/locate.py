"""what an operator names -> the documents that are meant: files, folders, addresses, lists of addresses. Owns no dependency."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import BadInput
from assistant.ingestion.sandbox import SUFFIXES

MAX_DOCUMENTS = 1_000  # of one import: a folder named by mistake has more
URL = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Origin:
    """Where a document is: a file, or an address; ``name`` is how the entry remembers it."""

    name: str
    path: Path | None = None


def gather(paths: Sequence[str]) -> tuple[list[Origin], list[str]]:
    """(documents in order, names in folders that are of no kind that can be imported). Raises BadInput."""
    found: list[Origin] = []
    passed: list[str] = []
    for name in paths:
        path = Path(name)
        if URL.fullmatch(name):
            found.append(Origin(name))
        elif path.is_dir():
            inside = sorted(file for file in path.rglob("*")
                            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts))
            passed += [str(file) for file in inside if file.suffix.lower() not in SUFFIXES]
            for file in (file for file in inside if file.suffix.lower() in SUFFIXES):
                listed = _addresses(file)
                found += listed or [Origin(file.relative_to(path).as_posix(), file)]
        elif path.is_file():
            found += _addresses(path) or [Origin(path.name, path)]
        else:
            raise BadInput(f"There is no file or folder {name}: name a document, a folder, or an address that begins with https://.")
        if len(found) > MAX_DOCUMENTS:
            raise BadInput(f"{name} holds more than {MAX_DOCUMENTS} documents: name a smaller folder.")
    if not found:
        raise BadInput(f"{', '.join(paths)} holds no document that can be imported: bring {', '.join(sorted(SUFFIXES))} files.")
    return list({origin.name: origin for origin in found}.values()), passed


def _addresses(path: Path) -> list[Origin]:
    """The addresses of a list of them; empty for any other file."""
    if path.suffix.lower() not in (".txt", ".md", ".text") or path.stat().st_size > 1 << 20:
        return []
    lines = [line.strip() for line in path.read_text("utf-8", "replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return [Origin(line) for line in lines] if lines and all(URL.fullmatch(line) for line in lines) else []
