"""a corpus folder on disk -> verified sources and the fixed texts. Owns no dependency.

    folder/sources.toml        which files are sources, and where each comes from
    folder/notice.toml         notice, cards for urgent messages, sentences for "no answer"
    folder/helplines.toml      the help lines
    folder/languages.toml      cards and sentences in other languages (see ``languages``)
    folder/not_covered.toml    subjects that passages must not answer
    folder/notes.toml          editor's notes, glossary.toml the words people use, asked.toml what passages answer
    folder/unanswered.jsonl    questions that nothing here answers
    folder/site.toml           what the operator chose about the site (see ``site``)

A bare folder of .txt and .md files is a corpus too. What a folder does not bring is taken from the shipped one.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from assistant.coverage import UNANSWERED_FILE, Examples, read_unanswered
from assistant.differing import pairs_from
from assistant.editorial import Editorial, asked_from, glossary_from, notes_from
from assistant.errors import CorpusError, NoticeMissing
from assistant.languages import LANGUAGES_FILE, languages_from
from assistant.likeness import REFUSED, read_exemplars
from assistant.schema import KINDS, TIERS, FixedTexts, Helpline, Notice, Reference, Source, Subject, Urgent
from assistant.site import SITE_FILE, Site, site_from

SHIPPED = Path(__file__).resolve().parent.parent / "corpus"  # the fixed texts that ship beside the package
TEXT_SUFFIXES = (".txt", ".md", ".markdown")
MAX_SOURCE_BYTES = 50_000_000
MAX_NOTICE_WORDS = 60
SOURCE_KEYS = {"id", "file", "title", "publisher", "kind", "tier", "url", "published", "retrieved", "written",
               "rights", "interest", "exclude", "reference", "digest_of",
               "original", "original_sha256", "imported_sha256"}  # the last three are written by ``importing``
CARD_KINDS = ("overdose", "ingestion", "suicide", "withdrawal", "violence")


@dataclass(frozen=True)
class Corpus:
    """The sources of a folder and the fixed texts that go with every answer."""

    folder: Path
    sources: tuple[Source, ...]
    texts: FixedTexts
    editorial: Editorial = field(default_factory=Editorial)
    ignored: tuple[str, ...] = ()  # files of a bare folder that are no text
    exemplars: Path | None = None  # written messages for the second stage of the urgent screen
    refused: Path | None = None  # the same for the subjects that passages must not answer
    examples: Examples = field(default_factory=Examples)  # questions that are answered and that are not


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
    return Corpus(folder, sources, texts, _editorial(folder, shipped), ignored,
                  _first_existing("exemplars.jsonl", folder, shipped),
                  _first_existing("refused.jsonl", folder, shipped), read_examples(folder, shipped, texts))


def _editorial(folder: Path, shipped: Path) -> Editorial:
    """Notes, glossary, asked-as questions and pairs; the last two are bound to a folder's own passages and never borrowed."""
    return Editorial(notes_from(*_tables("notes.toml", "note", folder, shipped)),
                     glossary_from(*_tables("glossary.toml", "term", folder, shipped)),
                     asked_from(*_tables("asked.toml", "asked", folder)),
                     pairs_from(*_tables("differ.toml", "pair", folder)))


def _tables(name: str, key: str, *folders: Path) -> tuple[list[dict[str, Any]], str]:
    """The [[key]] tables of the first folder that has the file, and the file's name for messages."""
    path = _first_existing(name, *folders)
    found = _read_toml(path).get(key, []) if path else []
    if not isinstance(found, list) or not all(isinstance(table, dict) for table in found):
        raise CorpusError(f"{path} must hold [[{key}]] tables.")
    return found, str(path)


def read_examples(folder: Path, shipped: Path, texts: FixedTexts) -> Examples:
    """Questions that are answered and that are not. A folder without asked-as questions borrows the shipped ones here:
    what people ask of such texts is much the same everywhere, and nothing is shown or found through them."""
    asked = asked_from(*_tables("asked.toml", "asked", folder, shipped))
    unanswered = _first_existing(UNANSWERED_FILE, folder, shipped)
    if unanswered is None:
        return Examples()
    of_subjects = tuple(example for subject in texts.subjects for example in subject.examples)
    refused = _first_existing("refused.jsonl", folder, shipped)
    of_refused = tuple(item.text for item in read_exemplars(refused, REFUSED) if item.kind) if refused else ()
    return Examples(tuple(question for _, _, questions in asked for question in questions),
                    (*read_unanswered(unanswered), *of_subjects, *of_refused))


def read_texts(folder: Path | str, shipped: Path = SHIPPED) -> FixedTexts:
    """Read notice, cards, help lines and the subjects that are not covered; needs no sources and no model.

    Which region's words are read is set by ``region`` in site.toml, else in notice.toml. Raises NoticeMissing when that
    region has none, and CorpusError for a site.toml that cannot be used.
    """
    site = read_site(folder, shipped)
    notice_file = _first_existing("notice.toml", Path(folder), shipped)
    lines_file = _first_existing("helplines.toml", Path(folder), shipped)
    if notice_file is None:
        raise NoticeMissing(f"There is no notice.toml in {folder}: nothing is built or shown without the notice.")
    if lines_file is None:
        raise NoticeMissing(f"There is no helplines.toml in {folder}: nothing is built or shown without help lines.")
    fixed = _read_toml(notice_file)
    overruled = site.own or notice_file.parent != Path(folder)  # never a folder's own notice by the shipped site.toml
    region, regional = _regional(fixed, notice_file, site if overruled and site.region is not None else None)
    lines = tuple(line for line in _helplines(lines_file) if line.region == region)
    if not lines:
        raise NoticeMissing(f"{lines_file} has no help line for the region {region!r} that {notice_file} names.")
    text = _text(regional, "text", notice_file)
    if len(text.split()) > MAX_NOTICE_WORDS:
        raise CorpusError(f"The notice in {notice_file} has {len(text.split())} words: shorten it to "
                          f"{MAX_NOTICE_WORDS} or fewer, so that people read it.")
    subjects_file = _first_existing("not_covered.toml", Path(folder), shipped)
    languages_file = _first_existing(LANGUAGES_FILE, Path(folder), shipped)
    cards = {kind: _card(regional, kind, lines, notice_file) for kind in CARD_KINDS}
    return FixedTexts(
        region=region,
        notice=Notice(text, lines),
        cards=cards,
        related=_text(fixed, "related", notice_file),
        not_covered=_text(fixed, "not_covered", notice_file),
        subjects=_subjects(subjects_file) if subjects_file else (),
        contact=site.contact if overruled and site.contact is not None else str(fixed.get("contact", "")),
        languages=languages_from(_read_toml(languages_file), str(languages_file), lines, cards) if languages_file else {},
    )


def read_site(folder: Path | str, shipped: Path = SHIPPED) -> Site:
    """What site.toml says, of this folder or the shipped one. Raises CorpusError when it cannot be used."""
    path = _first_existing(SITE_FILE, Path(folder), shipped)
    return site_from(_read_toml(path), str(path), path.parent == Path(folder)) if path else Site()


def _regional(fixed: dict[str, Any], path: Path, site: Site | None) -> tuple[str, dict[str, Any]]:
    """The region that the operator chose and its texts: {"text": ..., "urgent": {...}}; never those of another one.

    ``site`` names the region in place of the notice file.
    """
    region = fixed.get("region")
    if not isinstance(region, str):
        raise NoticeMissing(f'{path} has no \'region\': set it to a region of that file, or to "" for none.')
    regions = fixed.get("regions", {})
    home = fixed.get("texts_are_for", region)  # a file without other regions is for the one it names
    region = site.region if site and site.region is not None else region
    if region == home and region not in regions:
        return region, fixed
    if region not in regions:
        known = ", ".join(repr(name) for name in sorted({home, *regions}))
        if site:
            raise NoticeMissing(f"{site.file}: 'region' is {region!r}, and {path} has no notice for it: set it to one of "
                                f"{known}.")
        raise NoticeMissing(f"{path} has no notice for the region {region!r}: set 'region' to one of {known}.")
    generic = regions.get("", {}).get("urgent", {})  # names no number, so it is right everywhere
    chosen = regions[region]
    return region, {**chosen, "urgent": {**generic, **chosen.get("urgent", {})}}


def _first_existing(name: str, *folders: Path) -> Path | None:
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_SOURCE_BYTES:
            raise CorpusError(f"{path} is larger than {MAX_SOURCE_BYTES // 1_000_000} MB: split it into smaller files.")
        return path.read_bytes()
    except FileNotFoundError:
        raise CorpusError(f"{path} does not exist: add the file or take it out of sources.toml.") from None
    except IsADirectoryError:
        raise CorpusError(f"{path} is a folder, not a text file: name a file in sources.toml.") from None
    except OSError as error:
        raise CorpusError(f"{path} cannot be read ({error.strerror}): mend its permissions or take it out.") from None


def _decode(path: Path, raw: bytes) -> str:
    if b"\0" in raw:
        raise CorpusError(f"{path} is not a text file (it holds binary data): save it as plain text in UTF-8.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path} is not UTF-8 (byte {error.start} cannot be read): save it as UTF-8.") from None
    if not text.strip():
        raise CorpusError(f"{path} is empty: add its text or take it out of the corpus.")
    return text


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_decode(path, _read_bytes(path)))
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path} is not valid TOML: {error}: correct that line.") from None


def _text(table: dict[str, Any], key: str, path: Path) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise NoticeMissing(f"{path} has no {key!r}: nothing is built or shown without it.")
    return value


def _listed_sources(folder: Path, listing: Path) -> tuple[Source, ...]:
    entries = _read_toml(listing).get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise CorpusError(f"{listing} must hold [[source]] tables.")
    return tuple(_listed_source(folder, listing, entry) for entry in entries)


def _listed_source(folder: Path, listing: Path, entry: dict[str, Any]) -> Source:
    name = str(entry.get("id") or entry.get("file") or "?")
    unknown = sorted(set(entry) - SOURCE_KEYS)
    if unknown:
        raise CorpusError(f"{listing}: source {name!r} has the unknown key {unknown[0]!r}.")
    for key in ("id", "file"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise CorpusError(f"{listing}: source {name!r} has no {key!r}.")
    for key in SOURCE_KEYS - {"exclude", "reference"}:
        if key in entry and not isinstance(entry[key], str):
            entry[key] = str(entry[key])  # TOML dates are fine
    for key, allowed in (("kind", KINDS), ("tier", TIERS)):
        if entry.get(key, allowed[-1]) not in allowed:
            raise CorpusError(f"{listing}: source {name!r} has {key} {entry[key]!r}; use one of {', '.join(allowed)}.")
    exclude = entry.get("exclude", [])
    if not isinstance(exclude, list) or not all(isinstance(item, str) for item in exclude):
        raise CorpusError(f"{listing}: 'exclude' of source {name!r} must be a list of texts.")
    path = folder / entry["file"]
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CorpusError(f"{listing}: source {name!r} points outside the corpus folder ({entry['file']}).")
    source = _source(path, folder, entry["id"])
    given = {key: entry[key] for key in ("title", "publisher", "kind", "tier", "url", "retrieved", "rights", "interest")
             if entry.get(key)}
    return replace(source, **given, published=entry.get("published") or entry.get("written"), exclude=tuple(exclude),
                   references=tuple(_reference(table, listing, name) for table in entry.get("reference", [])))


def _reference(table: dict[str, Any], listing: Path, name: str) -> Reference:
    missing = [key for key in ("publisher", "title", "url") if not table.get(key)]
    if missing:
        raise CorpusError(f"{listing}: a reference of source {name!r} has no {missing[0]!r}.")
    return Reference(table["publisher"], table["title"], table["url"],
                     str(table["date"]) if table.get("date") else None,
                     str(table["checked"]) if table.get("checked") else None)


def _bare_sources(folder: Path) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    texts = [path for path in files if path.suffix.lower() in TEXT_SUFFIXES and path.stem.lower() != "readme"]
    ignored = tuple(path.name for path in files
                    if path not in texts and path.suffix != ".toml" and path.stem.lower() != "readme")
    return tuple(_source(path, folder, path.stem) for path in texts), ignored


def _source(path: Path, folder: Path, source_id: str) -> Source:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise CorpusError(f"{path} is a link that leads out of the corpus folder: copy the file in instead.")
    if re.search(r"[/\\\x00-\x1f\x7f]", source_id) or source_id.strip(" .") != source_id:
        raise CorpusError(f"{path}: {source_id!r} cannot be a source id: use letters, digits, '-', '_' and '.'.")
    raw = _read_bytes(path)
    text = _decode(path, raw)
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


def _helplines(path: Path) -> tuple[Helpline, ...]:
    known = {item.name for item in fields(Helpline)}
    lines = []
    for entry in _read_toml(path).get("helpline", []):
        if not isinstance(entry.get("region"), str):
            raise CorpusError(f"{path}: help line {entry.get('name', '?')!r} has no 'region'.")
        numbered = ("url",) if entry.get("tel") or entry.get("sms") else ()  # who names a number says where it is from
        for key in ("kind", "name", "contact", "hours", "verified_on", *numbered):
            if not isinstance(entry.get(key), str) or not entry[key].strip():
                raise CorpusError(f"{path}: help line {entry.get('name', '?')!r} has no {key!r}.")
        lines.append(Helpline(**{key: value for key, value in entry.items() if key in known}))
    return tuple(lines)


def _card(fixed: dict[str, Any], kind: str, lines: tuple[Helpline, ...], path: Path) -> Urgent:
    table = fixed.get("urgent", {}).get(kind)
    if not isinstance(table, dict):
        raise NoticeMissing(f"{path} has no card [urgent.{kind}]: nothing is built or shown without it.")
    by_name: dict[str, Helpline] = {line.name: line for line in lines}
    unknown = [name for name in table.get("lines", []) if name not in by_name]
    if unknown:
        raise CorpusError(f"{path}: the card [urgent.{kind}] names the unknown help line {unknown[0]!r}.")
    return Urgent(kind, _text(table, "heading", path), _text(table, "text", path),
                  tuple(by_name[name] for name in table.get("lines", [])))


def _subjects(path: Path) -> tuple[Subject, ...]:
    subjects = []
    for entry in _read_toml(path).get("subject", []):
        if not entry.get("id") or not entry.get("text"):
            raise CorpusError(f"{path}: each [[subject]] needs an 'id' and a 'text'.")
        subjects.append(Subject(entry["id"], entry["text"], tuple(entry.get("examples", ()))))
    return tuple(subjects)
