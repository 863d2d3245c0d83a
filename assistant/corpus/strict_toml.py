"""TOML of a corpus folder -> tables that know their lines; what nothing would read is refused.

    text --tomllib--> values --heads and keys of the text--> Table: a dict with the line of its head and of each key
    Table --KEYS of its file--> the same, or CorpusError: FILE, line N, the key, the way out

A misspelt key or table would be passed over without a word, and what it was to say with it: a refusal, a card, a correction.
So every key must be one that is read and every value of the type that it is read as.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from assistant.errors import CorpusError

KeyPath = tuple[str | int, ...]  # of a table or key: the names on the way, and numbers in lists

# What a key holds: a type, [a type] for a list of it, {key: ...} for a table, {ANY: ...} for a table with names of its own.
ANY = ""
TEXT, FLAG, DAY = str, bool, date  # a day may be text or a year too
_CARD = {"heading": TEXT, "text": TEXT, "lines": [TEXT]}
_SIDE = {"source_id": TEXT, "quote": TEXT}
_TEXTS = {"text": TEXT, "urgent": {ANY: _CARD}}
KEYS: dict[str, dict[str, Any]] = {
    "notice.toml": {**_TEXTS, "region": TEXT, "related": TEXT, "not_covered": TEXT, "contact": TEXT, "texts_are_for": TEXT,
                    "regions": {ANY: _TEXTS}},
    "helplines.toml": {"helpline": [dict.fromkeys(
        ("region", "kind", "name", "contact", "tel", "sms", "hours", "cost", "languages", "purpose", "not_for", "url",
         "verified_on", "verified_by", "source"), TEXT)]},
    "not_covered.toml": {"subject": [{"id": TEXT, "text": TEXT, "examples": [TEXT]}]},
    "notes.toml": {"note": [dict.fromkeys(
        ("id", "source_id", "quote", "quote_sha256", "pattern", "text", "source", "checked"), TEXT)]},
    "glossary.toml": {"term": [{"word": TEXT, "also": [TEXT], "misspelt": [TEXT], "heard": [TEXT], "swap": FLAG}]},
    "asked.toml": {"asked": [{"source_id": TEXT, "heading": TEXT, "questions": [TEXT]}]},
    "differ.toml": {"pair": [{"id": TEXT, "differ": TEXT, "a": _SIDE, "b": _SIDE}]},
    "about.toml": {"greeting": TEXT, "other": TEXT, "service": [{"id": TEXT, "text": TEXT, "asks": [TEXT]}]},
    "languages.toml": {"english": dict.fromkeys(("calm", "others", "no_number"), TEXT), "languages": {ANY: {
        **dict.fromkeys(("name", "calm", "no_number", "line", "read_by"), TEXT),
        "urgent": {ANY: dict.fromkeys(("heading", "text", "read_by"), TEXT)}}}},
    "sources.toml": {"source": [{
        **dict.fromkeys(("id", "file", "title", "publisher", "kind", "tier", "url", "rights", "interest", "digest_of", "original",
                         "original_folder", "original_sha256", "imported_sha256", "publisher_imported"), TEXT),
        **dict.fromkeys(("published", "retrieved", "written"), DAY), "exclude": [TEXT],
        "reference": [{"publisher": TEXT, "title": TEXT, "url": TEXT, "date": DAY, "checked": DAY, "facts": [TEXT]}]}]},
}
_NAMES = {TEXT: "text in quotes", FLAG: "true or false", DAY: "a date"}


class KeyLines:
    """Where the tables and keys of a text stand. Looked for only when a fault has to be told: most files have none."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def lines(self) -> dict[KeyPath, int]:
        return _lines(self._text)


class Table(dict[str, Any]):
    """A TOML table. ``line``: of its head, from 1; ``lines``: of each key that stands in it."""

    def __init__(self, values: Mapping[str, Any] | None = None, key_lines: KeyLines | None = None, path: KeyPath = ()) -> None:
        super().__init__(values or {})
        self._key_lines, self._path = key_lines, path

    @property
    def line(self) -> int | None:
        return self._key_lines.lines.get(self._path) if self._key_lines else None

    @property
    def lines(self) -> dict[str, int]:
        lines = self._key_lines.lines if self._key_lines else {}
        return {key: lines[*self._path, key] for key in self if (*self._path, key) in lines}


def where(path: object, table: Any, key: str = "") -> str:
    """"FILE, line N": where a key of a table stands, or the table; FILE alone where that is not known."""
    line = getattr(table, "lines", {}).get(key) or getattr(table, "line", None)
    return f"{path}, line {line}" if line else str(path)


def near(word: str, known: Iterable[str]) -> str | None:
    """The known word that a misspelt one was meant to be, or None. "Someone_Elses" -> "someone-elses"."""
    folded = {re.sub(r"[\W_]+", "-", name.casefold()): name for name in known}
    found = difflib.get_close_matches(re.sub(r"[\W_]+", "-", word.casefold()), folded, 1, 0.75)
    return folded[found[0]] if found else None


def refuse_unknown(table: Mapping[str, Any], known: Iterable[str], path: object, inside: str = "") -> None:
    """Raises CorpusError at the first key of a table that is none of the known ones."""
    known = tuple(known)
    for key in table:
        if key not in known:
            meant = near(key, known)
            way_out = f"did you mean {meant!r}?" if meant else f"use {', '.join(known)}, or take it out."
            raise CorpusError(f"{where(path, table, key)}: {inside}the key {key!r} is unknown: {way_out}")


def read(text: str, path: object) -> Table:
    """The root table. Raises CorpusError where the text is no TOML."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path} is not valid TOML: {error}: correct that line.") from None
    except RecursionError:
        raise CorpusError(f"{path} is not valid TOML: it is nested too deep: write one table below the other.") from None
    root: Table = _located(values, KeyLines(text), ())
    return root


def verify(table: Table, name: str, path: object) -> Table:
    """``table``, the root of the file ``name``, when every key is one that is read and every value of its type.

    Raises CorpusError. A file without an entry in KEYS is passed on as it is.
    """
    if name in KEYS:
        _verify(table, KEYS[name], path, "")
    return table


def _verify(table: dict[str, Any], known: dict[str, Any], path: object, name: str) -> None:
    """``name``: of the table, as its head has it; "" for the root."""
    if ANY not in known:
        refuse_unknown(table, known, path, f"in [{name}] " if name else "")
    for key, value in table.items():
        _verify_value(value, known.get(key, known.get(ANY)), path, (table, key), f"{name}.{key}" if name else key)


def _verify_value(value: Any, wanted: Any, path: object, place: tuple[dict[str, Any], str], name: str) -> None:
    if isinstance(wanted, list):
        if not isinstance(value, list):
            listed = f"[[{name}]] tables" if isinstance(wanted[0], dict) else 'a list of texts: write ["one", "two"]'
            raise CorpusError(f"{where(path, *place)}: {name!r} must be {listed}.")
        for item in value:
            _verify_value(item, wanted[0], path, place, name)
    elif isinstance(wanted, dict):
        if not isinstance(value, dict):
            raise CorpusError(f"{where(path, *place)}: {name!r} must be a table: write [{name}] with one key a line.")
        _verify(value, wanted, path, name)
    elif not isinstance(value, (str, date, int) if wanted is DAY else wanted):
        raise CorpusError(f"{where(path, *place)}: {name!r} must hold {_NAMES[wanted]}, not {value!r}.")


def _located(value: Any, key_lines: KeyLines, path: KeyPath) -> Any:
    """The value with every table as a Table."""
    if isinstance(value, dict):
        return Table({key: _located(item, key_lines, (*path, key)) for key, item in value.items()}, key_lines, path)
    if isinstance(value, list):
        return [_located(item, key_lines, (*path, number)) for number, item in enumerate(value)]
    return value


@dataclass(frozen=True)
class _Head:
    line: int
    names: tuple[str, ...]
    kind: str  # "[": a table, "[[": one more table of a list, "=": a key


BARE = re.compile(r"[\w-]+")
_STRING = r'"""(?:\\.|(?!""").)*"{3,5}|\'\'\'(?:(?!\'\'\').)*\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
_KEY = r'(?:[\w-]+|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEAD = re.compile(rf"[ \t]*(?P<open>\[\[?)[ \t]*(?P<names>{_DOTTED})[ \t]*\]\]?|[ \t]*(?P<key>{_DOTTED})[ \t]*=")
_STEP = re.compile(rf"(?P<string>{_STRING})|(?P<comment>#[^\n]*)|(?P<open>[\[{{])|(?P<close>[\]}}])|(?P<end>\n)", re.DOTALL)


def _heads(text: str) -> Iterator[_Head]:
    """Heads of tables and keys of valid TOML, in order; those of inline tables are left out."""
    at, line, depth, fresh = 0, 1, 0, True
    while at < len(text):
        if fresh and not depth and (head := _HEAD.match(text, at)):
            dotted = head["names"] or head["key"]
            yield _Head(line, _names(dotted), head["open"] or "=")
            at = head.end()
        fresh = False
        step = _STEP.search(text, at)
        if step is None:
            return
        depth += bool(step["open"]) - bool(step["close"])
        line += step[0].count("\n")
        fresh, at = bool(step["end"]), step.end()


def _names(dotted: str) -> tuple[str, ...]:
    if BARE.fullmatch(dotted):
        return (dotted,)
    found, names = tomllib.loads(f"{dotted} = 0"), []
    while isinstance(found, dict):
        (name, found), = found.items()
        names.append(name)
    return tuple(names)


def _lines(text: str) -> dict[KeyPath, int]:
    """KeyPath of each table and key, as names and numbers in lists -> its line, from 1."""
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}  # tables of a list so far
    inside: KeyPath = ()

    def resolved(names: tuple[str, ...], start: KeyPath = ()) -> KeyPath:
        """The names with the number of the last table in each list on the way."""
        place = start
        for name in names:
            place = (*place, name)
            if place in counts:
                place = (*place, counts[place] - 1)
        return place

    for head in _heads(text):
        if head.kind == "[[":
            place = (*resolved(head.names[:-1]), head.names[-1])
            counts[place] = counts.get(place, 0) + 1
            lines.setdefault(place, head.line)
            inside = (*place, counts[place] - 1)
            lines[inside] = head.line
        elif head.kind == "[":
            inside = resolved(head.names)
            lines[inside] = head.line
        else:
            lines[*inside, *head.names] = head.line
            lines.setdefault((*inside, head.names[0]), head.line)
        for cut in range(1, len(head.names)):  # tables that a dotted head opens on the way
            if head.kind != "=":
                lines.setdefault(resolved(head.names[:cut]), head.line)
    return lines
