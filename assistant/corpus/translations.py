"""languages.toml -> our fixed words in other languages, the region's numbers filled in.

    [languages.es.urgent.overdose] "Llame ya al {emergency} si ..." + help lines of the region -> "Llame ya al 911 si ..."

No number is written in the file: `{emergency}` and `{line}` come from the help lines, so a region never gets another's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.corpus import strict_toml
from assistant.errors import CorpusError
from assistant.messages import number_words
from assistant.notices import ENGLISH, Helpline, Language, Translation, Urgent
from assistant.screening.languages import CODES

LANGUAGES_FILE = "languages.toml"


def translations_from(table: Mapping[str, Any], where: str, lines: Sequence[Helpline], cards: Mapping[str, Urgent]
                      ) -> dict[str, Language]:
    """The languages of one file's table by code, English first. ``where``: the file's name, for messages.

    ``lines`` are the help lines of the region, ``cards`` its English cards. Raises CorpusError when a text is missing or
    holds a number or a placeholder that is none.
    """
    emergency = next((line for line in lines if line.kind == "emergency"), None)
    number = number_words(emergency) if emergency else ""
    english = _table(table, "english", where)
    listed = _table(table, "languages", where)
    names = {code: _text(_table(listed, code, where), "name", f"{where}: [languages.{code}]") for code in listed}
    fill = {"emergency": number or _text(english, "no_number", where), "languages": _and(list(names.values()))}
    calm = _filled(_text(english, "calm", where), fill, where)
    others = _filled(_text(english, "others", where), fill, where) if names else ""
    languages = {ENGLISH: Language(ENGLISH, "English", calm, {}, others)}
    for code, name in names.items():
        if code not in CODES:
            raise CorpusError(f"{strict_toml.where(where, listed[code])}: no rule knows the language {code!r}, so its words "
                              f"would never be shown: use one of {', '.join(CODES)}.")
        languages[code] = _language(code, name, listed[code], f"{where}: [languages.{code}]", number, cards)
    return languages


def _language(code: str, name: str, table: Mapping[str, Any], where: str, number: str, cards: Mapping[str, Urgent]) -> Language:
    fill = {"emergency": number or _text(table, "no_number", where)}
    _text(table, "read_by", where)
    kinds = _table(table, "urgent", where)
    for kind in kinds:
        if kind not in cards:
            raise CorpusError(f"{where}: there is no card {kind!r}: use one of {', '.join(cards)}.")
    translated = {}
    for kind, card in cards.items():
        text = _table(kinds, kind, where)
        _text(text, "read_by", f"{where}: the card {kind!r}")
        line = next((line for line in card.helplines if line.kind != "emergency" and line.tel), None)
        sentence = _filled(_text(table, "line", where), {"name": line.name, "number": number_words(line)}, where) if line else ""
        translated[kind] = Translation(code, _filled(_text(text, "heading", where), {}, where),
                                       _filled(_text(text, "text", where), {**fill, "line": sentence}, where))
    return Language(code, name, _filled(_text(table, "calm", where), fill, where), translated)


def _filled(text: str, fill: Mapping[str, str], where: str) -> str:
    if re.search(r"\d", text):
        raise CorpusError(f"{where}: {text[:60]!r} holds a number: write {{emergency}} or {{line}}, which each region fills in.")
    unknown = set(re.findall(r"{(\w*)}", text)) - set(fill)
    if unknown:
        raise CorpusError(f"{where}: {text[:60]!r} holds {{{min(unknown)}}}, which nothing fills in.")
    return " ".join(re.sub(r"{(\w+)}", lambda found: fill[found[1]], text).split())


def _and(names: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _table(table: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = table.get(key)
    if not isinstance(value, dict):
        raise CorpusError(f"{where} has no table {key!r}: add it.")
    return value


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"{where} has no {key!r}: add it.")
    return value
