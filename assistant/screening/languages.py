"""a folded text -> the language that it is in, where that is clearly not English, and its phrases of danger. No library.

The search works in English alone, so a message in another language gets fixed words of ours in that language and no
passage. Texts come folded (`normalize.fold`): no capitals, no accents. Libraries that tell languages apart took one
short English question in sixteen for another language; these lists take none (docs/decisions.md).

A strong rule of `rules/languages.toml` always counts. A weak one, a word that names a danger ("sobredosis"), counts in its
own language alone, and not where it is told of as long past, or asked about or taught unless the message is about now. When
in doubt, it counts.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from assistant.screening.normalize import stems
from assistant.screening.patterns import Form
from assistant.screening.rule_file import Rule, rule_file

UNKNOWN = "und"  # BCP 47 for a language that we cannot name

_FILE = rule_file("languages.toml")
_DRUG, _ENGLISH, _SHARED = (frozenset(words.split()) for words in (
    _FILE.tables["drug"], _FILE.tables["english"]["everyday"], _FILE.tables["english"]["shared"]))
_EVERYDAY: dict[str, frozenset[str]] = {
    table["code"]: frozenset(table["everyday"].split()) - _ENGLISH for table in _FILE.tables["language"] if "everyday" in table}
CODES = tuple(_EVERYDAY)  # of the languages that are told apart
_WEIGHTS: dict[str, float] = {}  # a word that many of these languages have says little about which one it is
for _known in _EVERYDAY.values():
    for _word in _known:
        _WEIGHTS[_word] = 1 / sum(_word in known for known in _EVERYDAY.values())
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile("[\\w\u0900-\u0dff]+")  # the vowel signs of Indian scripts are no letters to Python


class _Words:
    """The words of a folded text, with what is typed short written out: a message as rules read it."""

    def __init__(self, folded: str, meant: dict[str, str]) -> None:
        self.words = f" {' '.join(meant.get(token, token) for token in _TOKEN.findall(folded))} "
        self.stems = stems(self.words)

    def with_fillers(self, _: frozenset[str]) -> str:
        return self.words


class _Language:
    """The rules and calm frames of one language."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.code: str = table["code"]
        self.rules = [rule for rule in _FILE.rules if rule.language == self.code]
        self._meant = {typed: meant for meant, forms in table.get("meant", {}).items() for typed in forms.split()}
        self._frames: dict[str, tuple[Form, ...]] = {name: _FILE.forms(table.get(name, ())) for name in ("lesson", "past", "now")}

    @cached_property
    def _needed(self) -> list[tuple[frozenset[str], Rule]]:
        """Each rule with the stems of which a message must hold one."""
        return [(rule.stems, rule) for rule in self.rules]

    def fired(self, folded: str, spoken: bool) -> list[Rule]:
        """The rules that fire, of each kind the first; weak ones only where the language is ``spoken``."""
        message = _Words(folded, self._meant)
        hits: dict[str, Rule] = {}
        for needed, rule in self._needed:
            if needed and needed.isdisjoint(message.stems):
                continue
            if rule.kind not in hits and rule.found(message) and (not rule.weak or (spoken and not self._is_calm(message))):
                hits[rule.kind] = rule
        return list(hits.values())

    def _is_calm(self, message: _Words) -> bool:
        framed = {name for name, forms in self._frames.items() if any(form.found(message) for form in forms)}
        return "past" in framed or ("lesson" in framed and "now" not in framed)


_LANGUAGES = [_Language(table) for table in _FILE.tables["language"]]


def is_plain_english(folded: str) -> bool:
    """Whether ``folded`` holds no word of another language and enough English ones."""
    tokens = set(_WORD.findall(folded))
    return folded.isascii() and tokens.isdisjoint(_WEIGHTS) and len(tokens & (_ENGLISH - _SHARED)) * 3 > len(tokens)


def is_mixed(folded: str) -> bool:
    """Whether ``folded`` holds two English words or more, whatever else it is in. "i" is none: it is Polish for "and"."""
    return len(set(_WORD.findall(folded)) & (_ENGLISH - _SHARED - {"i"})) >= 2


def language(folded: str) -> str | None:
    """The BCP 47 code of the language when ``folded`` is clearly not English, ``"und"`` for one without a name here, else None.

    >>> language("como dejar la ketamina"), language("how to quit ketamina")
    ('es', None)
    """
    letters = [c for c in folded if c.isalpha()]
    other = sum(ord(c) > 0x36F for c in letters)  # beyond Latin letters; Greek in a formula is a letter or two
    if (other > 3 and other * 2 > len(letters)) or (other > 1 and other * 10 > len(letters) * 8):
        return UNKNOWN
    tokens = set(_WORD.findall(folded))
    english = len(tokens & (_ENGLISH - _SHARED))
    likest = max(_EVERYDAY, key=lambda code: sum(1 + _WEIGHTS[token] for token in tokens & _EVERYDAY[code]))
    held = len(tokens & _EVERYDAY[likest])
    # The drug's name in another tongue and no English word beside it, or two words of another tongue, more of
    # them than of English, and a fair share of the message.
    if (english == 0 and len(tokens) > 1 and tokens & _DRUG) or (held >= 2 and held > english and held * 4 >= len(tokens)):
        return likest if held and " " not in likest else UNKNOWN
    return None


def phrases(folded: str) -> list[Rule]:
    """The rule of every phrase of danger of another language in ``folded``."""
    if is_plain_english(folded):
        return []
    spoken = language(folded)  # "overdose" is a word of several languages, so a weak rule counts in its own alone
    return [rule for known in _LANGUAGES for rule in known.fired(folded, known.code == spoken)]
