"""a corpus folder on disk -> verified sources and the fixed texts. Owns no dependency.

    folder/sources.toml        which files are sources, and where each comes from
    folder/notice.toml         notice, cards for urgent messages, sentences for "no answer"
    folder/helplines.toml      the help lines
    folder/languages.toml      cards and sentences in other languages (see ``languages``)
    folder/not_covered.toml    subjects that passages must not answer
    folder/about.toml          what the service says about itself
    folder/notes.toml          editor's notes, glossary.toml the words people use, asked.toml what passages answer
    folder/unanswered.jsonl    questions that nothing here answers
    folder/weights/            what ``fit`` learnt from written messages (see ``weights``)
    folder/site.toml           what the operator chose about the site (see ``site``)

A bare folder of .txt and .md files is a corpus too. What a folder does not bring is taken from the shipped one. What would be
passed over without a word, a key or an id that nothing reads, is refused with its line (see ``strict_toml``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from assistant.corpus import strict_toml
from assistant.corpus.about import ABOUT_FILE, about_from
from assistant.corpus.disagreements import pairs_from
from assistant.corpus.editorial import Editorial, asked_from, glossary_from, notes_from
from assistant.corpus.exemplars import FILES, REFUSAL, UNANSWERED, Examples, read_exemplars
from assistant.corpus.languages import LANGUAGES_FILE, languages_from
from assistant.corpus.site_settings import SITE_FILE, Site, site_from
from assistant.errors import CorpusError, NoticeMissing
from assistant.schema import KINDS, TIERS, FixedTexts, Helpline, Notice, Reference, Source, Subject, Urgent
from assistant.screening.labels import REFUSALS

WEIGHTS = "weights"  # the folder of what ``fit`` learnt, in a corpus folder
SHIPPED = Path(__file__).resolve().parents[2] / "corpus"  # the fixed texts that ship beside the package
WRITTEN = (*(of.file for of in FILES), "questions.jsonl")  # messages and questions of a folder, no sources
TEXT_SUFFIXES = (".txt", ".md", ".markdown")
MAX_SOURCE_BYTES = 50_000_000
MAX_NOTICE_WORDS = 60
LINE_KINDS = ("emergency", "crisis", "drugs", "poison", "treatment-finder")
CARD_KINDS = ("overdose", "ingestion", "suicide", "withdrawal", "violence")


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
                  next((place / WEIGHTS for place in (folder, shipped) if (place / WEIGHTS).is_dir()), None))


def _editorial(folder: Path, shipped: Path, sources: Sequence[Source]) -> Editorial:
    """Notes, glossary, asked-as questions and pairs; the last two are bound to a folder's own passages and never borrowed."""
    notes, asked, pairs = (_tables("notes.toml", "note", folder, shipped), _tables("asked.toml", "asked", folder),
                           _tables("differ.toml", "pair", folder))
    made = Editorial(notes_from(*notes), glossary_from(*_tables("glossary.toml", "term", folder, shipped)), asked_from(*asked),
                     pairs_from(*pairs))
    for tables, path in (notes, asked, pairs):
        if Path(path).parent == folder:
            _refuse_strange_sources(tables, path, sources)
    return made


def _refuse_strange_sources(tables: Iterable[dict[str, Any]], path: str, sources: Sequence[Source]) -> None:
    """Raises CorpusError where a folder's own note, pair or asked-as questions name a source that is not there, so that they
    would stand beside nothing. A note may still bind to others' texts by its pattern."""
    ids = [source.id for source in sources]
    others = [source.text for source in sources if source.kind not in ("digest", "fact-sheet")]
    for table in tables:
        places = (table, table.get("a", {}), table.get("b", {}))
        for source_id in [place["source_id"] for place in places if place.get("source_id") not in (None, *ids)]:
            meant = strict_toml.near(source_id, ids)
            if not meant and "pattern" in table and any(
                    re.search(table["pattern"], text, re.IGNORECASE | re.DOTALL) for text in others):
                continue
            way_out = f"did you mean {meant!r}?" if meant else "correct 'source_id', or take the table out."
            raise CorpusError(f"{strict_toml.where(path, table)}: {source_id!r} is no source of this corpus: {way_out}")


def _tables(name: str, key: str, *folders: Path) -> tuple[list[dict[str, Any]], str]:
    """The [[key]] tables of the first folder that has the file, and the file's name for messages."""
    path = first_existing(name, *folders)
    return (_read_toml(path).get(key, []) if path else []), str(path)


def asked_sections(folder: Path, shipped: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """The asked-as questions of each section, (source id, heading), of a folder; or those of the shipped one, which are then
    only learnt from, never shown."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for source_id, heading, questions in asked_from(*_tables("asked.toml", "asked", folder, shipped)):
        found[source_id, heading] = tuple(dict.fromkeys((*found.get((source_id, heading), ()), *questions)))
    return found


def read_examples(folder: Path, shipped: Path, texts: FixedTexts) -> Examples:
    """Questions that are answered and that are not. A folder without asked-as questions borrows the shipped ones here:
    what people ask of such texts is much the same everywhere, and nothing is shown or found through them."""
    unanswered = first_existing(UNANSWERED.file, folder, shipped)
    if unanswered is None:
        return Examples()
    of_subjects = tuple(example for subject in texts.subjects for example in subject.examples)
    refused = first_existing(REFUSAL.file, folder, shipped)
    of_refused = tuple(item.text for item in read_exemplars(refused, REFUSAL) if item.kind) if refused else ()
    return Examples(tuple(question for questions in asked_sections(folder, shipped).values() for question in questions),
                    (*(item.text for item in read_exemplars(unanswered, UNANSWERED)), *of_subjects, *of_refused))


def read_texts(folder: Path | str, shipped: Path = SHIPPED) -> FixedTexts:
    """Read notice, cards, help lines and the subjects that are not covered; needs no sources and no model.

    Which region's words are read is set by ``region`` in site.toml, else in notice.toml. Raises NoticeMissing when that
    region has none or no emergency number, and CorpusError for a file that cannot be used.
    """
    site = read_site(folder, shipped)
    notice_file = first_existing("notice.toml", Path(folder), shipped)
    lines_file = first_existing("helplines.toml", Path(folder), shipped)
    if notice_file is None:
        raise NoticeMissing(f"There is no notice.toml in {folder}: nothing is built or shown without the notice.")
    if lines_file is None:
        raise NoticeMissing(f"There is no helplines.toml in {folder}: nothing is built or shown without help lines.")
    fixed = _read_toml(notice_file)
    overruled = site.own or notice_file.parent != Path(folder)  # never a folder's own notice by the shipped site.toml
    region, regional = _regional(fixed, notice_file, site if overruled and site.region is not None else None)
    known = _regions(fixed) | _regions(_read_toml(shipped / "notice.toml") if (shipped / "notice.toml").is_file() else {})
    lines = tuple(line for line in _helplines(lines_file, known) if line.region == region)
    if not lines:
        raise NoticeMissing(f"{lines_file} has no help line for the region {region!r} that {notice_file} names.")
    text = _text(regional, "text", notice_file)
    if len(text.split()) > MAX_NOTICE_WORDS:
        raise CorpusError(f"The notice in {notice_file} has {len(text.split())} words: shorten it to "
                          f"{MAX_NOTICE_WORDS} or fewer, so that people read it.")
    subjects_file = first_existing("not_covered.toml", Path(folder), shipped)
    about_file = first_existing(ABOUT_FILE, Path(folder), shipped)
    greeting, other, about = about_from(_read_toml(about_file), about_file) if about_file else ("", "", ())
    if subjects_file is None:
        raise NoticeMissing(f"There is no not_covered.toml in {folder}: nothing is built or shown without the words of refusals.")
    cards = {kind: _card(regional, kind, lines, notice_file) for kind in CARD_KINDS}
    said = {f"the card [urgent.{kind}]": (f"{card.heading} {card.text}", regional["urgent"][kind])
            for kind, card in cards.items()}
    said["the notice"] = (text, fixed.get("regions", {}).get(region, fixed))
    _refuse_unsaid_number(region, lines, lines_file, notice_file, said)
    languages_file = first_existing(LANGUAGES_FILE, Path(folder), shipped)
    return FixedTexts(
        region=region,
        notice=Notice(text, lines),
        cards=cards,
        related=_text(fixed, "related", notice_file),
        not_covered=_text(fixed, "not_covered", notice_file),
        subjects=_subjects(subjects_file),
        contact=site.contact if overruled and site.contact is not None else str(fixed.get("contact", "")),
        greeting=greeting, other=other, about=about,
        languages=languages_from(_read_toml(languages_file), str(languages_file), lines, cards) if languages_file else {},
    )


def _refuse_unsaid_number(region: str, lines: Sequence[Helpline], lines_file: Path, notice_file: Path,
                          said: dict[str, tuple[str, dict[str, Any]]]) -> None:
    """Raises NoticeMissing where a region has no emergency number, or its notice or a card does not say it. "" names none."""
    numbers = [line.tel for line in lines if line.kind == "emergency" and line.tel]
    if not region:
        return
    if not numbers:
        raise NoticeMissing(f"{lines_file} has no emergency number for the region {region!r}: add a help line of the kind "
                            "'emergency' with a 'tel', or set 'region' to \"\", which names no number.")
    number = re.compile(rf"(?<!\d){'[ -]?'.join(numbers[0])}(?!\d)")
    for what, (text, table) in said.items():
        if not number.search(text):
            raise NoticeMissing(f"{strict_toml.where(notice_file, table, 'text')}: {what} of the region {region!r} does not say "
                                f"the emergency number, {numbers[0]}: say it there.")


def _regions(fixed: dict[str, Any]) -> set[str]:
    """The regions that a notice file has texts for."""
    return {*fixed.get("regions", {}), *(fixed[key] for key in ("texts_are_for", "region") if key in fixed)}


def read_site(folder: Path | str, shipped: Path = SHIPPED) -> Site:
    """What site.toml says, of this folder or the shipped one. Raises CorpusError when it cannot be used."""
    path = first_existing(SITE_FILE, Path(folder), shipped)
    return site_from(_read_toml(path), str(path), path.parent == Path(folder)) if path else Site()


def _regional(fixed: dict[str, Any], path: Path, site: Site | None) -> tuple[str, dict[str, Any]]:
    """The region that the operator chose and its texts: {"text": ..., "urgent": {...}}; never those of another one.

    ``site`` names the region in place of the notice file.
    """
    region = fixed.get("region")
    if not isinstance(region, str):
        raise NoticeMissing(f'{path} has no \'region\': set it to a region of that file, or to "" for none.')
    for table in (fixed, *fixed.get("regions", {}).values()):
        strict_toml.refuse_unknown(table.get("urgent", {}), CARD_KINDS, path, "in [urgent] ")
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


def first_existing(name: str, *folders: Path) -> Path | None:
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
    return strict_toml.verify(strict_toml.read(_decode(path, _read_bytes(path)), path), path.name, path)


def _text(table: dict[str, Any], key: str, path: Path) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise NoticeMissing(f"{strict_toml.where(path, table)} has no {key!r}: nothing is built or shown without it.")
    return value


def _listed_sources(folder: Path, listing: Path) -> tuple[Source, ...]:
    return tuple(_listed_source(folder, listing, entry) for entry in _read_toml(listing).get("source", []))


def _listed_source(folder: Path, listing: Path, entry: dict[str, Any]) -> Source:
    name = str(entry.get("id") or entry.get("file") or "?")
    for key in ("id", "file"):
        if not entry.get(key, "").strip():
            raise CorpusError(f"{strict_toml.where(listing, entry)}: source {name!r} has no {key!r}.")
    for key in ("published", "retrieved", "written"):
        if key in entry:
            entry[key] = str(entry[key])  # TOML dates are fine
    for key, allowed in (("kind", KINDS), ("tier", TIERS)):
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


def _helplines(path: Path, regions: Iterable[str]) -> tuple[Helpline, ...]:
    kept = {item.name for item in fields(Helpline)}
    lines: dict[tuple[str, str], Helpline] = {}
    for entry in _read_toml(path).get("helpline", []):
        at, name = strict_toml.where(path, entry), f"help line {entry.get('name', '?')!r}"
        if "region" not in entry:
            raise CorpusError(f"{at}: {name} has no 'region'.")
        numbered = ("url",) if entry.get("tel") or entry.get("sms") else ()  # who names a number says where it is from
        for key in ("kind", "name", "contact", "hours", "verified_on", *numbered):
            if not entry.get(key, "").strip():
                raise CorpusError(f"{at}: {name} has no {key!r}.")
        for key, allowed in (("region", sorted(regions)), ("kind", LINE_KINDS)):
            if entry[key] not in allowed:
                raise CorpusError(f"{strict_toml.where(path, entry, key)}: {name} has the {key} {entry[key]!r}: use one of "
                                  f"{', '.join(map(repr, allowed))}.")
        for key in ("tel", "sms"):
            if key in entry and not re.fullmatch(r"\+?[0-9]+", entry[key]):
                raise CorpusError(f"{strict_toml.where(path, entry, key)}: {key!r} of {name} is {entry[key]!r}: write digits "
                                  "only, or take the line out.")
        ways = {re.sub(r"\D", "", entry[key]) for key in ("tel", "sms") if key in entry}
        for number in re.findall(r"\d[\d .()-]*\d", entry["contact"]) if ways else ():
            if not any(way.endswith(re.sub(r"\D", "", number)) for way in ways):
                raise CorpusError(f"{strict_toml.where(path, entry, 'contact')}: the contact of {name} says {number}, and its "
                                  "'tel' or 'sms' is another number: make them the same.")
        if (entry["region"], entry["name"]) in lines:
            raise CorpusError(f"{at}: {name} stands there twice for the region {entry['region']!r}: keep one of them.")
        lines[entry["region"], entry["name"]] = Helpline(**{key: value for key, value in entry.items() if key in kept})
    return tuple(lines.values())


def _card(fixed: dict[str, Any], kind: str, lines: tuple[Helpline, ...], path: Path) -> Urgent:
    table = fixed.get("urgent", {}).get(kind)
    if not isinstance(table, dict):
        raise NoticeMissing(f"{path} has no card [urgent.{kind}]: nothing is built or shown without it.")
    by_name: dict[str, Helpline] = {line.name: line for line in lines}
    at = strict_toml.where(path, table, "lines")
    if not table.get("lines"):
        raise CorpusError(f"{at}: the card [urgent.{kind}] has no 'lines': name the help lines that it shows, the first as its "
                          "main button.")
    unknown = [name for name in table["lines"] if name not in by_name]
    if unknown:
        raise CorpusError(f"{at}: the card [urgent.{kind}] names the unknown help line {unknown[0]!r}: use one of "
                          f"{', '.join(map(repr, by_name))}.")
    return Urgent(kind, _text(table, "heading", path), _text(table, "text", path),
                  tuple(by_name[name] for name in table["lines"]))


def _subjects(path: Path) -> tuple[Subject, ...]:
    """The subjects: those that the rules and the classifier give, all of them, and an operator's own, known by their examples.

    Raises CorpusError: an id that nothing gives, or one that is given and has no words, would switch a refusal off unseen.
    """
    subjects: dict[str, Subject] = {}
    for entry in _read_toml(path).get("subject", []):
        at, name = strict_toml.where(path, entry), entry.get("id", "")
        if not name.strip() or not entry.get("text", "").strip():
            raise CorpusError(f"{at}: each [[subject]] needs an 'id' and a 'text'.")
        if name in subjects:
            raise CorpusError(f"{at}: the subject {name!r} stands there twice: join the two.")
        meant = strict_toml.near(name, REFUSALS)
        if name not in REFUSALS and (meant or not entry.get("examples")):
            way_out = f"did you mean {meant!r}?" if meant else (
                f"use one of {', '.join(REFUSALS)}, or give it 'examples', so that questions like them are known.")
            raise CorpusError(f"{strict_toml.where(path, entry, 'id')}: no rule gives the subject {name!r}: {way_out}")
        subjects[name] = Subject(name, entry["text"], tuple(entry.get("examples", ())))
    missing = [kind for kind in REFUSALS if kind not in subjects]
    if missing:
        raise CorpusError(f"{path} has no [[subject]] with the id {' or '.join(map(repr, missing))}: such questions are refused, "
                          "and its 'text' says where to ask instead: add it, as in the file that ships.")
    return tuple(subjects.values())
