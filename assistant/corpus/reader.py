"""a corpus folder on disk -> verified sources and the fixed texts.

    folder/sources.toml        which files are sources, and where each comes from
    folder/notice.toml         notice, cards for urgent messages, sentences for "no answer"
    folder/helplines.toml      the help lines
    folder/languages.toml      cards and sentences in other languages (see ``languages``)
    folder/not_covered.toml    subjects that passages must not answer
    folder/about.toml          what the service says about itself
    folder/notes.toml          editor's notes, glossary.toml the words people use, asked.toml what passages answer
    folder/unanswered.jsonl    questions that nothing here answers
    folder/weights/            what ``fit`` learnt from written messages (see ``weights``)
    folder/site.toml           what the operator chose about the site (see ``site_settings``)

A bare folder of .txt and .md files is a corpus too. What a folder does not bring is taken from the shipped one. What would be
passed over without a word, a key or an id that nothing reads, is refused with its line (see ``strict_toml``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.corpus import strict_toml
from assistant.corpus.editorial import Editorial, asked_from, disagreements_from, glossary_from, notes_from
from assistant.corpus.exemplars import FILES
from assistant.corpus.files import SHIPPED, decode, read_bytes, read_toml, tables
from assistant.corpus.fixed_texts import read_texts
from assistant.errors import CorpusError
from assistant.notices import FixedTexts
from assistant.schema import SOURCE_KINDS, TIERS, Reference, Source

WEIGHTS = "weights"  # the folder of what ``fit`` learnt, in a corpus folder
WRITTEN = (*(of.file for of in FILES), "questions.jsonl")  # messages and questions of a folder, no sources
TEXT_SUFFIXES = (".txt", ".md", ".markdown")


@dataclass(frozen=True)
class Corpus:
    """The sources of a folder and the fixed texts that go with every answer."""

    folder: Path
    sources: tuple[Source, ...]
    texts: FixedTexts
    editorial: Editorial = field(default_factory=Editorial)
    ignored: tuple[str, ...] = ()  # files of a bare folder that are no text
    weights: Path | None = None  # the folder of what ``fit`` learnt


def read_corpus(folder: Path | str, shipped: Path = SHIPPED) -> Corpus:
    """Read and verify a corpus folder.

    Raises CorpusError (a source or sources.toml) or NoticeMissing (no notice, no help lines).
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise CorpusError(f"There is no corpus folder at {folder}: name an existing folder with --corpus.")
    listing = folder / "sources.toml"
    ignored: tuple[str, ...] = ()
    if listing.exists():
        sources = _listed_sources(folder, listing)
    else:
        sources, ignored = _bare_sources(folder)
    if not sources:
        raise CorpusError(f"{folder} holds no source: add .txt or .md files, or list them in sources.toml.")
    _refuse_duplicates(sources, listing if listing.exists() else folder)
    texts = read_texts(folder, shipped)
    return Corpus(folder, sources, texts, _editorial(folder, shipped, sources), ignored,
                  next((root / WEIGHTS for root in (folder, shipped) if (root / WEIGHTS).is_dir()), None))


def _editorial(folder: Path, shipped: Path, sources: Sequence[Source]) -> Editorial:
    """Notes, glossary, asked-as questions and pairs; the last two are bound to a folder's own passages and never borrowed."""
    notes, asked, pairs = (tables("notes.toml", "note", folder, shipped), tables("asked.toml", "asked", folder),
                           tables("differ.toml", "pair", folder))
    glossary = glossary_from(*tables("glossary.toml", "term", folder, shipped))
    editorial = Editorial(notes_from(*notes), glossary, asked_from(*asked), disagreements_from(*pairs))
    for entries, path in (notes, asked, pairs):
        if Path(path).parent == folder:
            _refuse_strange_sources(entries, path, sources)
    return editorial


def _refuse_strange_sources(entries: Iterable[dict[str, Any]], path: str, sources: Sequence[Source]) -> None:
    """Raises CorpusError where a folder's own note, pair or asked-as questions name a source that is not there, so that they
    would stand beside nothing. A note may still bind to others' texts by its pattern."""
    ids = [source.id for source in sources]
    others = [source.text for source in sources if source.kind not in ("digest", "fact-sheet")]
    for table in entries:
        sides = (table, table.get("a", {}), table.get("b", {}))
        for source_id in [side["source_id"] for side in sides if side.get("source_id") not in (None, *ids)]:
            meant = strict_toml.near(source_id, ids)
            if not meant and "pattern" in table and any(
                    re.search(table["pattern"], text, re.IGNORECASE | re.DOTALL) for text in others):
                continue
            way_out = f"did you mean {meant!r}?" if meant else "correct 'source_id', or take the table out."
            raise CorpusError(f"{strict_toml.where(path, table)}: {source_id!r} is no source of this corpus: {way_out}")


def _listed_sources(folder: Path, listing: Path) -> tuple[Source, ...]:
    return tuple(_listed_source(folder, listing, entry) for entry in read_toml(listing).get("source", []))


def _listed_source(folder: Path, listing: Path, entry: dict[str, Any]) -> Source:
    name = str(entry.get("id") or entry.get("file") or "?")
    for key in ("id", "file"):
        if not entry.get(key, "").strip():
            raise CorpusError(f"{strict_toml.where(listing, entry)}: source {name!r} has no {key!r}.")
    for key in ("published", "retrieved", "written"):
        if key in entry:
            entry[key] = str(entry[key])  # TOML dates are fine
    for key, allowed in (("kind", SOURCE_KINDS), ("tier", TIERS)):
        if entry.get(key, allowed[-1]) not in allowed:
            raise CorpusError(f"{strict_toml.where(listing, entry, key)}: source {name!r} has {key} {entry[key]!r}; use one of "
                              f"{', '.join(allowed)}.")
    path = folder / entry["file"]
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CorpusError(f"{strict_toml.where(listing, entry, 'file')}: source {name!r} points outside the corpus "
                          f"folder ({entry['file']}).")
    source = _source(path, folder, entry["id"])
    given = {key: entry[key] for key in ("title", "publisher", "kind", "tier", "url", "retrieved", "rights", "interest")
             if entry.get(key)}
    return replace(source, **given, published=entry.get("published") or entry.get("written"),
                   exclude=tuple(entry.get("exclude", ())),
                   references=tuple(_reference(table, listing, name) for table in entry.get("reference", [])))


def _reference(table: dict[str, Any], listing: Path, name: str) -> Reference:
    missing = [key for key in ("publisher", "title", "url") if not table.get(key)]
    if missing:
        raise CorpusError(f"{strict_toml.where(listing, table)}: a reference of source {name!r} has no {missing[0]!r}.")
    return Reference(table["publisher"], table["title"], table["url"],
                     str(table["date"]) if table.get("date") else None,
                     str(table["checked"]) if table.get("checked") else None, tuple(table.get("facts", ())))


def _bare_sources(folder: Path) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    texts = [path for path in files if path.suffix.lower() in TEXT_SUFFIXES and path.stem.lower() != "readme"]
    ignored = tuple(path.name for path in files
                    if path not in texts and path.suffix != ".toml" and path.stem.lower() != "readme"
                    and path.name not in WRITTEN)
    return tuple(_source(path, folder, path.stem) for path in texts), ignored


def _source(path: Path, folder: Path, source_id: str) -> Source:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CorpusError(f"{path} is a link that leads out of the corpus folder: copy the file in instead.")
    if re.search(r"[/\\\x00-\x1f\x7f]", source_id) or source_id.strip(" .") != source_id:
        raise CorpusError(f"{path}: {source_id!r} cannot be a source id: use letters, digits, '-', '_' and '.'.")
    raw = read_bytes(path)
    text = decode(path, raw)
    return Source(id=source_id, title=_title(text, path), text=text, sha256=hashlib.sha256(raw).hexdigest(),
                  file=path.relative_to(folder).as_posix())


def _title(text: str, path: Path) -> str:
    first = next(line.strip() for line in text.splitlines() if line.strip())
    first = re.sub(r"^#+\s*|\s*#+$", "", first).strip("*_ ")
    if 1 <= len(first.split()) <= 16 and not first.endswith((".", ":", ",", ";")):
        return first
    return re.sub(r"[_\-\s]+", " ", path.stem).strip() or path.stem


def _refuse_duplicates(sources: Iterable[Source], where: Path) -> None:
    seen: dict[str, Source] = {}
    for source in sources:
        other = seen.setdefault(source.id.casefold(), source)
        if other is not source:
            raise CorpusError(f"{where}: the id {source.id!r} is used by {other.file} and by {source.file}: "
                              "give each source an id of its own.")
