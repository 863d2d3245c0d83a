"""a file of a corpus folder, or of the shipped one -> its bytes, text or TOML tables, or one sentence that names it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.corpus import strict_toml
from assistant.errors import CorpusError

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parent / "corpus"
SHIPPED = _CHECKOUT if (_CHECKOUT / "notice.toml").is_file() else _PACKAGE / "shipped"  # in a wheel the corpus is package data
MAX_BYTES = 50_000_000


def first_existing(name: str, *folders: Path) -> Path | None:
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CorpusError(f"{path} is larger than {MAX_BYTES // 1_000_000} MB: split it into smaller files.")
        return path.read_bytes()
    except FileNotFoundError:
        raise CorpusError(f"{path} does not exist: add the file or take it out of sources.toml.") from None
    except IsADirectoryError:
        raise CorpusError(f"{path} is a folder, not a text file: name a file in sources.toml.") from None
    except OSError as error:
        raise CorpusError(f"{path} cannot be read ({error.strerror}): mend its permissions or take it out.") from None


def decode(path: Path, raw: bytes) -> str:
    if b"\0" in raw:
        raise CorpusError(f"{path} is not a text file (it holds binary data): save it as plain text in UTF-8.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not UTF-8 (byte {error.start} cannot be read): save it as UTF-8.") from None
    if not text.strip():
        raise CorpusError(f"{path} is empty: add its text or take it out of the corpus.")
    return text


def read_toml(path: Path) -> dict[str, Any]:
    return strict_toml.verify(strict_toml.read(decode(path, read_bytes(path)), path), path.name, path)


def tables(name: str, key: str, *folders: Path) -> tuple[list[dict[str, Any]], str]:
    """The [[key]] tables of the first folder that has the file, and the file's name for messages."""
    path = first_existing(name, *folders)
    return (read_toml(path).get(key, []) if path else []), str(path)
