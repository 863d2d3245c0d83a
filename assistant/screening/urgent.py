"""a question -> the kinds of urgent help it asks for, by rules alone.

    question --NormalizedText--> plain words --rules/urgent.toml--> rules that fire --calm frames--> kinds, most pressing first
        |                                                                                            ^
        `--------fold--> folded text --languages.phrases---------------------------------------------'
                                     `--languages.language--> the language, where it is not English

The head of `rules/urgent.toml` says how to add a rule.
"""

from __future__ import annotations

from assistant.screening import languages
from assistant.screening.labels import DANGERS
from assistant.screening.normalize import NormalizedText, fold
from assistant.screening.rule_file import Rule, rule_file

_FILE = rule_file("urgent.toml")
_PERSON, _QUESTION, _NO_SUBJECT = _FILE.forms([_FILE.tables["message"][name] for name in ("person", "question", "no_subject")])
_CALM = _FILE.forms(list(_FILE.tables["calm"].values()))
_FEW_WORDS: int = _FILE.tables["message"]["few_words"]


def fired(question: str) -> list[Rule]:
    """Every rule that fires on ``question``, most pressing kind first."""
    folded = fold(question)
    rules = languages.phrases(folded)
    if languages.language(folded) is None or languages.is_mixed(folded):  # "od kety" is Polish, and no overdose
        rules = _english(NormalizedText(question)) + rules
    return sorted(dict.fromkeys(rules), key=lambda rule: DANGERS.index(rule.kind))


def _english(message: NormalizedText) -> list[Rule]:
    if _NO_SUBJECT.found(message):
        message = message.after("i")
    rules = [rule for rule in _FILE.candidates(message.stems) if rule.found(message)]
    if any(rule.weak for rule in rules):
        of_somebody = _PERSON.found(message) or (message.words.count(" ") <= _FEW_WORDS + 1 and not _QUESTION.found(message))
        if not of_somebody or any(frame.found(message) for frame in _CALM):
            return [rule for rule in rules if not rule.weak]
    return rules


def joined(*ways: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds found in several ways, each once, most pressing first. Nothing that one way found is lost."""
    kinds = {kind for kinds in ways for kind in kinds}
    return tuple(kind for kind in DANGERS if kind in kinds)


def language(question: str) -> str | None:
    """The BCP 47 code of the language that ``question`` is in, ``"und"`` for one without a name here; None for English.

    A few words of another language that tell of danger count as well: "help, mi amigo no respira".
    """
    folded = fold(question)
    spoken = languages.language(folded)
    heard = [rule.language for rule in languages.phrases(folded)] if spoken in (None, languages.UNKNOWN) else []
    return heard[0] if heard else spoken


def alarms(question: str) -> tuple[tuple[str, ...], bool]:
    """The kinds that rules find, most pressing first, and whether one of the rules is a strong one."""
    rules = fired(question)
    return tuple(dict.fromkeys(rule.kind for rule in rules)), any(not rule.weak or rule.language for rule in rules)


def screen(question: str) -> tuple[str, ...]:
    """The kinds of urgent help that ``question`` asks for, most pressing first; empty when it is calm.

    >>> screen("my friend took k and he wont wake up")
    ('overdose',)
    """
    return alarms(question)[0]
