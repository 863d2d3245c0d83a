"""JSON Lines file -> (line number, object), or one sentence with file and line.

    bytes --split at \\n, \\r\\n--> lines --UTF-8, JSON--> objects

Lines end at a newline and nowhere else, as jsonlines.org has it: what Python's ``splitlines`` calls an end (U+2028, U+0085, a
form feed) may stand raw inside a string. Blank lines are passed over and counted. What RFC 8259 leaves open is refused, because
two readers would read two things: NaN, infinities, a key that stands twice, half a surrogate pair.
"""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from assistant.errors import AssistantError, BadInput

BOM = b"\xef\xbb\xbf"


def read(path: Path, error: type[AssistantError] = BadInput, *, halves: bool = False) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every object of the file with the number of its line, from 1. ``path``: plain, or packed as .gz.

    ``halves``: half surrogate pairs are let through; some public sets hold them. Raises ``error``, which names file and line;
    its evidence has "line".
    """
    for number, line in text_lines(path, error):
        if line.strip():
            yield number, _object(line, f"{path}, line {number}", number, error, halves)


def text_lines(path: Path, error: type[AssistantError] = BadInput) -> Iterator[tuple[int, str]]:
    """Every line without its end, with its number, from 1; a byte order mark is dropped. Raises ``error`` as ``read`` does."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            for number, raw in enumerate(stream, 1):
                if number == 1:
                    raw = raw.removeprefix(BOM)
                try:
                    yield number, raw.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
                except UnicodeDecodeError as fault:
                    raise error(f"{path}, line {number}: this is not UTF-8 (byte {fault.start + 1} of the line cannot be read): "
                                "save the file as UTF-8.", line=number) from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise error(f"{path} is not a whole gzip file: fetch it again.") from None
    except OSError as fault:
        raise error(f"{path} cannot be read ({fault.strerror}): name a file with one JSON object a line.") from None


def _object(line: str, where: str, number: int, error: type[AssistantError], halves: bool) -> dict[str, Any]:
    def refuse(why: str) -> NoReturn:
        raise error(f"{where}: {why}", line=number)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            refuse(f"the key {twice!r} stands there twice: keep one of them.")
        return found

    def finite(digits: str) -> float:
        found = float(digits)
        return found if math.isfinite(found) else refuse(f"{digits[:20]} is no number that JSON can hold: write a finite one.")

    try:
        record = json.loads(line, object_pairs_hook=once, parse_float=finite, parse_constant=finite)
        if "\\u" in line and not halves:
            json.dumps(record, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as fault:
        refuse(f"this is not a JSON object ({fault.msg}, column {fault.colno}): write one JSON object a line.")
    except UnicodeEncodeError:
        refuse("a string holds half a surrogate pair: write the whole character.")
    except RecursionError:
        refuse("this is nested too deep to be read: write a flat JSON object.")
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        refuse("a number has too many digits to be read: shorten it.")
    if not isinstance(record, dict):
        refuse("this is not a JSON object: write one JSON object a line, in { and }.")
    return record
