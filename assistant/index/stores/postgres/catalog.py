"""tables of a database -> the published name, its manifest and its small files.

    answers.generations   name, turn, manifest, rolled_back      one row a generation; the manifest's very bytes
    answers.published     the one row that names the generation in service
    answers.pieces        sha256, piece, content                 the small files: model, weights, fixed texts, roots of proofs
    answers_<hash>.       what a large index folder maps (see ``stores.mapped``), a schema for each generation:
        source(id, record)   passage(number, source_id, kind, record)   proof(block, hashes)
        near(number, source_id, kind, vector)      rows of passages, then of asked-as questions, with a graph (HNSW)
        word(stem, part, seen, numbers, impacts)   the passages that hold a stem, and what BM25 adds to each for it

The manifest is that of an index folder, and the name ends in its hash. So a generation here proves itself as it does there: small
files are fetched once, verified, and kept by this machine; a passage is proved by its record, its block of hashes and its root, a
source by its hash in the manifest. Nothing that the database says can put other words into a quotation.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.atomic_files import FOLDER, write
from assistant.errors import BuildFailed, IndexCorrupt, IndexMissing
from assistant.index.generation import FORMAT, MANIFEST, NAME, building, discard, verify
from assistant.index.stores.postgres.connection import Database
from assistant.index.vectors import CODES

KEEP = 3  # generations in the database, and on this machine, the one in service included
SERVED = "served"  # below the folder of a database: small files by generation
WAIT = 600.0  # seconds for another process of this machine that fetches the same files
PIECE = 4 << 20  # bytes of a small file in one row


def schema(name: str) -> str:
    """The schema of a generation. Names are checked, so nothing but hexadecimal digits gets into a statement."""
    if not NAME.fullmatch(name):
        raise IndexCorrupt(f"{name!r} is no name of a generation: publish again with `python -m assistant build`.")
    return f"answers_{name[-16:]}"


def published(database: Database) -> str:
    """The name of the generation in service. Raises IndexMissing when there is none, and what ``Database.rows`` raises."""
    there = database.rows("SELECT to_regclass('answers.published') IS NOT NULL")[0][0]
    rows = database.rows("SELECT name FROM answers.published") if there else []
    if not rows:
        raise IndexMissing(f"{database} holds no published generation: run `python -m assistant build --index {database}`.")
    return str(rows[0][0])


def kept(database: Database) -> dict[str, bool]:
    """Names of the generations there, the newest first, and whether each was rolled back."""
    with contextlib.suppress(IndexMissing):
        published(database)
        return dict(database.rows("SELECT name, rolled_back FROM answers.generations ORDER BY turn DESC"))
    return {}


def manifest_of(database: Database, name: str) -> tuple[bytes, dict[str, Any]]:
    """The manifest of a generation and its very bytes, whose hash is in the name. Raises IndexCorrupt."""
    rows = database.rows("SELECT manifest FROM answers.generations WHERE name = %s", [name])
    raw = bytes(rows[0][0]) if rows else b""
    if not NAME.fullmatch(name) or hashlib.sha256(raw).hexdigest()[:16] != name[-16:]:
        raise wrong(database, f"The manifest of {name}")
    manifest: dict[str, Any] = json.loads(raw)
    if manifest["format"] != FORMAT or manifest["nearest"] != CODES:
        age = "an older" if manifest["format"] < FORMAT else "a newer"
        raise IndexCorrupt(f"{name} in {database} was built by {age} version (format {manifest['format']}, this one reads "
                           f"{FORMAT}): publish again with `python -m assistant build --force`.")
    return raw, manifest


def fetch(database: Database, name: str, raw: bytes, manifest: dict[str, Any]) -> Path:
    """The folder with the small files of a generation: one that is there and whole, else fetched. Verified either way.

    A fetch that is killed leaves a draft, which is never read.
    """
    folder = database.folder() / SERVED / name
    with contextlib.suppress(IndexCorrupt):
        verify(folder, sorted(manifest["files"]))
        return folder
    try:
        with building(folder.parent, WAIT) as draft:
            with contextlib.suppress(IndexCorrupt):  # another process was quicker
                verify(folder, sorted(manifest["files"]))
                return folder
            for file, sha256 in manifest["files"].items():
                if Path(file).name != file:
                    raise wrong(database, f"The manifest of {name}")
                if not _shared(folder.parent, file, sha256, draft / file):
                    write(draft / file, b"".join(pieces(database, file, sha256)))
            write(draft / MANIFEST, raw)
            os.chmod(draft, FOLDER)
            discard(folder)
            os.rename(draft, folder)
            others = sorted((path for path in folder.parent.iterdir() if NAME.fullmatch(path.name) and path != folder),
                            reverse=True)
            for old in others[KEEP - 1:]:
                discard(old)
    except BuildFailed as error:
        raise BuildFailed(f"The small files of {database} cannot be kept in {folder.parent}: make room, mend permissions or name "
                          "another folder with the variable ASSISTANT_CACHE.") from error
    verify(folder, sorted(manifest["files"]))
    return folder


def _shared(folder: Path, file: str, sha256: str, into: Path) -> bool:
    """Take a file from another generation that this machine has: mostly the model, which seldom changes."""
    for other in folder.glob(f"*/{MANIFEST}"):
        try:
            if json.loads(other.read_bytes())["files"].get(file) != sha256:
                continue
            content = (other.parent / file).read_bytes()
        except (OSError, ValueError, KeyError):
            continue
        if hashlib.sha256(content).hexdigest() == sha256:
            write(into, content)
            return True
    return False


def pieces(database: Database, file: str, sha256: str) -> Iterator[bytes]:
    """A small file, piece by piece. Raises IndexCorrupt at its end when it is not what the manifest says."""
    hashed, piece = hashlib.sha256(), 0
    while rows := database.rows("SELECT content FROM answers.pieces WHERE sha256 = %s AND piece = %s", (sha256, piece),
                               binary=True):
        hashed.update(rows[0][0])
        yield bytes(rows[0][0])
        piece += 1
    if hashed.hexdigest() != sha256:
        raise wrong(database, f"The file {file}")


class Tables:
    """The tables of one generation. In a query ``{}`` stands for its schema."""

    def __init__(self, database: Database, name: str) -> None:
        self.database, self.schema = database, schema(name)

    def rows(self, query: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """What one reading statement finds; raises what ``Database.rows`` does."""
        return self.database.rows(query.replace("{}", self.schema), values)

    def wrong(self, what: str) -> IndexCorrupt:
        return wrong(self.database, what)


def wrong(database: Database, what: str) -> IndexCorrupt:
    return IndexCorrupt(f"{what} in {database} is not what was indexed: publish it again with `python -m assistant build "
                        "--force`.", part=what)
