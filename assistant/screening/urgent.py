"""A question -> the kinds of urgent help it asks for, by rules alone. Owns no dependency: no model is ever needed.

    question --wording.Reading--> plain words --alarms.RULES--> hits --alarms.CALM--> kinds, most pressing first
        |                                                                              ^
        `-------wording.letters--> folded text --phrases.phrases----------------------'
                                             \\--tongues.language--> the language, where it is not English

The rules stand in `assistant/screening/urgent_rules.py`, which says how to add one.
"""

from __future__ import annotations

from assistant.screening import language_id
from assistant.screening.foreign_phrases import phrases
from assistant.screening.normalize import Reading, letters
from assistant.screening.urgent_rules import CALM, NO_SUBJECT, PERSON, QUESTION, RULES, SHORT, Rule

KINDS = ("overdose", "ingestion", "suicide", "withdrawal", "violence")  # most pressing first

_LISTED = [(kind, rule) for kind, rules in RULES.items() for rule in rules]
_WEAK = {(kind, rule.name) for kind, rule in _LISTED if rule.weak}
_BY_STEM: dict[str, set[int]] = {}  # word stem -> rules that may fire when it is there; "" -> rules that name none
for _number, (_, _rule) in enumerate(_LISTED):
    for _stem in next((form.needs for form in _rule.patterns if form.needs), {""}):
        _BY_STEM.setdefault(_stem, set()).add(_number)


def _candidates(have: frozenset[str]) -> list[tuple[str, Rule]]:
    """The few rules whose first words are all in the message, in their order: most messages touch a handful."""
    numbers = _BY_STEM.get("", set()).union(*(_BY_STEM[stem] for stem in have & _BY_STEM.keys()))
    return [_LISTED[number] for number in sorted(numbers)]


def explain(question: str) -> list[tuple[str, str]]:
    """Every ``(kind, rule name)`` that fires, most pressing kind first. For tests and editors."""
    folded = letters(question)
    hits = [(kind, f"{tongue.name} phrase") for kind, tongue in phrases(folded)]
    if language_id.language(folded) is None or language_id.is_mixed(folded):  # "od kety" is Polish, and no overdose
        hits = _english(Reading(question)) + hits
    return sorted(dict.fromkeys(hits), key=lambda hit: KINDS.index(hit[0]))


def _english(reading: Reading) -> list[tuple[str, str]]:
    """``(kind, rule name)`` of the English rules."""
    if NO_SUBJECT.found(reading):
        reading = reading.after("i")
    found = [(kind, rule) for kind, rule in _candidates(reading.have) if rule.found(reading)]
    if any(rule.weak for _, rule in found):
        personal = PERSON.found(reading) or (reading.plain.count(" ") <= SHORT + 1 and not QUESTION.found(reading))
        if not personal or any(frame.found(reading) for frame in CALM.values()):
            found = [(kind, rule) for kind, rule in found if not rule.weak]
    return [(kind, rule.name) for kind, rule in found]


def joined(*found: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds found in several ways, each once, most pressing first. Nothing that one way found is lost."""
    kinds = {kind for kinds in found for kind in kinds}
    return tuple(kind for kind in KINDS if kind in kinds)


def language(question: str) -> str | None:
    """The BCP 47 code of the language that ``question`` is in, ``"und"`` for one without a name here; None for English.

    A few words of another language that tell of danger count as well: "help, mi amigo no respira".
    """
    folded = letters(question)
    spoken = language_id.language(folded)
    heard = [tongue.code for _, tongue in phrases(folded)] if spoken in (None, language_id.UNKNOWN) else []
    return heard[0] if heard else spoken


def alarms(question: str) -> tuple[tuple[str, ...], bool]:
    """The kinds that rules find, most pressing first, and whether one of the rules is a strong one."""
    hits = explain(question)
    return tuple(dict.fromkeys(kind for kind, _ in hits)), any(hit not in _WEAK for hit in hits)


def screen(question: str) -> tuple[str, ...]:
    """The kinds of urgent help that ``question`` asks for, most pressing first; empty when it is calm.

    >>> screen("my friend took k and he wont wake up")
    ('overdose',)
    """
    return tuple(dict.fromkeys(kind for kind, _ in explain(question)))
