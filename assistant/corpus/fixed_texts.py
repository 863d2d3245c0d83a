"""notice.toml, helplines.toml, not_covered.toml, about.toml, languages.toml -> safety words and sentences, as editors write them.

    region --chooses--> notice, cards, help lines; what a folder does not bring is taken from the shipped one

Labels of the page are in ``messages``, its layout in ``templates/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from assistant.corpus import strict_toml
from assistant.corpus.about import ABOUT_FILE, about_from
from assistant.corpus.files import SHIPPED, first_existing, read_toml
from assistant.corpus.site_settings import SITE_FILE, Site, site_from
from assistant.corpus.translations import LANGUAGES_FILE, translations_from
from assistant.errors import AssistantError, CorpusError, NoticeMissing
from assistant.notices import FixedTexts, Helpline, Notice, Subject, Urgent
from assistant.screening.labels import DANGERS, REFUSALS

MAX_NOTICE_WORDS = 60
LINE_KINDS = ("emergency", "crisis", "drugs", "poison", "treatment-finder")


def read_regions(folder: Path | str, shipped: Path = SHIPPED) -> dict[str, FixedTexts]:
    """The texts of every region that a reader may choose, the folder's own first. Raises as ``read_texts`` does for that one;
    another that is not whole (see there) is left out."""
    home = read_texts(folder, shipped)
    regions = {home.region: home}
    for region in sorted(_regions(read_toml(_notice_file(folder, shipped))) - {home.region}):
        try:
            regions[region] = read_texts(folder, shipped, region)
        except AssistantError:  # its number is missing somewhere: nobody is shown half of it
            continue
    return regions


def read_texts(folder: Path | str, shipped: Path = SHIPPED, chosen: str | None = None) -> FixedTexts:
    """Read notice, cards, help lines and the subjects that are not covered; needs no sources and no model.

    Which region's words are read is set by ``chosen``, else by ``region`` in site.toml, else in notice.toml. Raises NoticeMissing
    when that region has none or no emergency number, and CorpusError for a file that cannot be used.
    """
    site = read_site(folder, shipped)
    notice_file = _notice_file(folder, shipped)
    lines_file = first_existing("helplines.toml", Path(folder), shipped)
    if lines_file is None:
        raise NoticeMissing(f"There is no helplines.toml in {folder}: nothing is built or shown without help lines.")
    fixed = read_toml(notice_file)
    overruled = site.own or notice_file.parent != Path(folder)  # never a folder's own notice by the shipped site.toml
    naming = Site(region=chosen) if chosen is not None else site if overruled and site.region is not None else None
    region, regional = _regional(fixed, notice_file, naming)
    known = _regions(fixed) | _regions(read_toml(shipped / "notice.toml") if (shipped / "notice.toml").is_file() else {})
    lines = tuple(line for line in _helplines(lines_file, known) if line.region == region)
    if not lines:
        raise NoticeMissing(f"{lines_file} has no help line for the region {region!r} that {notice_file} names.")
    text = _text(regional, "text", notice_file)
    if len(text.split()) > MAX_NOTICE_WORDS:
        raise CorpusError(f"The notice in {notice_file} has {len(text.split())} words: shorten it to "
                          f"{MAX_NOTICE_WORDS} or fewer, so that people read it.")
    subjects_file = first_existing("not_covered.toml", Path(folder), shipped)
    about_file = first_existing(ABOUT_FILE, Path(folder), shipped)
    greeting, other, about = about_from(read_toml(about_file), about_file) if about_file else ("", "", ())
    if subjects_file is None:
        raise NoticeMissing(f"There is no not_covered.toml in {folder}: nothing is built or shown without the words of refusals.")
    cards = {kind: _card(regional, kind, lines, notice_file) for kind in DANGERS}
    must_say = {f"the card [urgent.{kind}]": (f"{card.heading} {card.text}", regional["urgent"][kind])
            for kind, card in cards.items()}
    must_say["the notice"] = (text, fixed.get("regions", {}).get(region, fixed))
    _refuse_unsaid_number(region, lines, lines_file, notice_file, must_say)
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
        languages=translations_from(read_toml(languages_file), str(languages_file), lines, cards) if languages_file else {},
    )


def _refuse_unsaid_number(region: str, lines: Sequence[Helpline], lines_file: Path, notice_file: Path,
                          must_say: dict[str, tuple[str, dict[str, Any]]]) -> None:
    """Raises NoticeMissing where a region has no emergency number, or its notice or a card does not say it. "" names none."""
    numbers = [line.tel for line in lines if line.kind == "emergency" and line.tel]
    if not region:
        return
    if not numbers:
        raise NoticeMissing(f"{lines_file} has no emergency number for the region {region!r}: add a help line of the kind "
                            "'emergency' with a 'tel', or set 'region' to \"\", which names no number.")
    number = re.compile(rf"(?<!\d){'[ -]?'.join(numbers[0])}(?!\d)")
    for what, (text, table) in must_say.items():
        if not number.search(text):
            raise NoticeMissing(f"{strict_toml.where(notice_file, table, 'text')}: {what} of the region {region!r} does not say "
                                f"the emergency number, {numbers[0]}: say it there.")


def _notice_file(folder: Path | str, shipped: Path) -> Path:
    path = first_existing("notice.toml", Path(folder), shipped)
    if path is None:
        raise NoticeMissing(f"There is no notice.toml in {folder}: nothing is built or shown without the notice.")
    return path


def _regions(fixed: dict[str, Any]) -> set[str]:
    """The regions that a notice file has texts for."""
    return {*fixed.get("regions", {}), *(fixed[key] for key in ("texts_are_for", "region") if key in fixed)}


def read_site(folder: Path | str, shipped: Path = SHIPPED) -> Site:
    """What site.toml says, of this folder or the shipped one. Raises CorpusError when it cannot be used."""
    path = first_existing(SITE_FILE, Path(folder), shipped)
    return site_from(read_toml(path), str(path), path.parent == Path(folder)) if path else Site()


def _regional(fixed: dict[str, Any], path: Path, site: Site | None) -> tuple[str, dict[str, Any]]:
    """The region that the operator chose and its texts: {"text": ..., "urgent": {...}}; never those of another one.

    ``site`` names the region in place of the notice file.
    """
    region = fixed.get("region")
    if not isinstance(region, str):
        raise NoticeMissing(f'{path} has no \'region\': set it to a region of that file, or to "" for none.')
    for table in (fixed, *fixed.get("regions", {}).values()):
        strict_toml.refuse_unknown(table.get("urgent", {}), DANGERS, path, "in [urgent] ")
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


def _helplines(path: Path, regions: Iterable[str]) -> tuple[Helpline, ...]:
    kept = {item.name for item in fields(Helpline)}
    lines: dict[tuple[str, str], Helpline] = {}
    for entry in read_toml(path).get("helpline", []):
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
    for entry in read_toml(path).get("subject", []):
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


def _text(table: dict[str, Any], key: str, path: Path) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise NoticeMissing(f"{strict_toml.where(path, table)} has no {key!r}: nothing is built or shown without it.")
    return value
