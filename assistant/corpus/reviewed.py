"""subjects.toml, suggested.toml -> what people browse by, and the questions that they may be shown.

Both belong to a folder's own texts and are never borrowed. `asked.toml` holds questions as people type them, for search alone;
only those that stand in `suggested.toml` as well were read for showing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.corpus import strict_toml
from assistant.errors import CorpusError

SUBJECTS, SUGGESTED = "subjects.toml", "suggested.toml"
KEYS: dict[str, dict[str, Any]] = {
    SUBJECTS: {"subject": ("name", "sources")},
    SUGGESTED: {"questions": ()},
}
OTHER = "Other texts"  # the subject of a source that stands in none
ALL = "All texts"  # the one subject of a corpus without any


@dataclass(frozen=True)
class BrowseSubject:
    """A subject in plain words, and the ids of the sources under it, in order."""

    name: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Reviewed:
    """``questions``: as they are spelt for showing, by ``fold``."""

    subjects: tuple[BrowseSubject, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)

    def grouped(self, source_ids: Iterable[str]) -> tuple[BrowseSubject, ...]:
        """The subjects with the sources that are there; what stands in none comes last."""
        left = dict.fromkeys(source_ids)
        groups = []
        for subject in self.subjects:
            here = tuple(name for name in subject.sources if left.pop(name, "") is None)
            groups += [BrowseSubject(subject.name, here)] if here else []
        return (*groups, BrowseSubject(OTHER if groups else ALL, tuple(left))) if left else tuple(groups)


def fold(question: str) -> str:
    """Two questions that differ in capitals, spaces or the question mark alone are one."""
    return " ".join(question.casefold().split()).rstrip("? .")


def read_reviewed(folder: Path) -> Reviewed:
    """What a corpus folder says; a file that is not there says nothing. Raises CorpusError, which names file and line."""
    subjects, suggested = _read(folder / SUBJECTS), _read(folder / SUGGESTED)
    groups = []
    for entry in subjects.get("subject", []):
        name, sources = entry.get("name", ""), entry.get("sources", [])
        if not isinstance(name, str) or not name.strip() or not _are_texts(sources):
            raise CorpusError(f"{strict_toml.where(folder / SUBJECTS, entry)}: each [[subject]] needs a 'name' and a list "
                              "'sources' of ids from sources.toml.")
        groups.append(BrowseSubject(name.strip(), tuple(sources)))
    questions = suggested.get("questions", [])
    if not _are_texts(questions):
        raise CorpusError(f"{strict_toml.where(folder / SUGGESTED, suggested, 'questions')}: 'questions' must be a list of "
                          'texts: write ["one", "two"].')
    return Reviewed(tuple(groups), {fold(question): question for question in questions})


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


def _read(path: Path) -> strict_toml.Table:
    if not path.is_file():
        return strict_toml.Table()
    try:
        table = strict_toml.read(path.read_text("utf-8-sig"), path)
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} cannot be read ({type(error).__name__}): save it as UTF-8 text.") from None
    strict_toml.refuse_unknown(table, KEYS[path.name], path)
    for name, keys in KEYS[path.name].items():
        for entry in table.get(name, []) if keys else ():
            if not isinstance(entry, dict):
                raise CorpusError(f"{strict_toml.where(path, table, name)}: write [[{name}]] with one key a line.")
            strict_toml.refuse_unknown(entry, keys, path, f"in [[{name}]] ")
    return table
