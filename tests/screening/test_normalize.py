"""Rules and the normaliser agree: no word that a rule names is dropped or turned into another before the rule sees it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

import pytest

from assistant.screening import refused, urgent_rules
from assistant.screening.normalize import Form, Reading, Tally, pattern, words
from assistant.screening.urgent import screen

with warnings.catch_warnings():  # the parser of `re`, whatever the name under which this Python keeps it
    warnings.simplefilter("ignore")
    from re import _parser as parser  # type: ignore[attr-defined]

END = "\n"  # the text ends here
OTHER = "zebra"  # stands for any word, where a rule takes any


def forms() -> Iterator[tuple[str, Form | Tally]]:
    """Every form and tally of both screens, with the name of its rule."""
    for kind, rules in urgent_rules.RULES.items():
        for rule in rules:
            yield from ((f"{kind}: {rule.name}", form) for form in (*rule.patterns, *rule.unless))
    yield from ((f"calm: {name}", form) for name, form in urgent_rules.CALM.items())
    yield from (("person", urgent_rules.PERSON), ("question", urgent_rules.QUESTION), ("no subject", urgent_rules.NO_SUBJECT))
    for name, (asks, ordinary) in refused._COMPILED.items():
        yield from ((f"limits: {name}", form) for form in (*asks, *ordinary))
    yield from ((f"limits, always: {name}", form) for name, form in refused._ALWAYS.items())


def texts_of(parsed: object) -> list[str]:
    """Texts that a parsed regular expression matches: the plainest first, then one for each choice that it leaves.

    "*" marks a place where a word may go on.
    """
    found = [""]
    for sign, value in parsed:  # type: ignore[attr-defined]
        name = str(sign)
        if name == "LITERAL":
            options = [chr(value)]
        elif name == "NOT_LITERAL":
            options = [OTHER]
        elif name == "ANY":
            options = [""]
        elif name == "IN":
            options = _of_a_class(value)
        elif name == "SUBPATTERN":
            options = texts_of(value[3])
        elif name == "BRANCH":
            options = sorted((text for branch in value[1] for text in texts_of(branch)), key=lambda text: END in text)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            options = _of_a_repeat(*value)
        elif name == "ASSERT" and any(str(inner) == "AT" for inner, _ in value[1]):
            options = [END]
        else:  # what stands around the text: see `aside`
            options = [""]
        plain = found[0]
        found = [text + options[0] for text in found] + [plain + option for option in options[1:]]
    return found


def _of_a_class(value: list[tuple[object, object]]) -> list[str]:
    if str(value[0][0]) == "NEGATE":
        return [OTHER]
    if (97, 122) in [what for _, what in value]:  # any letter
        return [OTHER]
    found: list[str] = []
    for sign, what in value:
        low, high = what if str(sign) == "RANGE" else (what, what)  # type: ignore[misc]
        found += map(chr, range(low, high + 1))  # type: ignore[arg-type]
    return found


def _of_a_repeat(least: int, most: int, of: object) -> list[str]:
    (sign, value), *more = list(of)  # type: ignore[call-overload]
    if not more and str(sign) == "IN" and least == 0 and str(value[0][0]) != "NEGATE":
        return ["*"] if value == [(value[0][0], (97, 122))] else ["", *_of_a_class(value)]
    once = texts_of(of)
    if not more and str(sign) == "NOT_LITERAL":
        return once
    return [once[0] * least, *once] if least == 0 else once


def aside(parsed: object) -> Iterator[object]:
    """What a parsed regular expression looks ahead or back for, at any depth."""
    for sign, value in parsed:  # type: ignore[attr-defined]
        name = str(sign)
        if name in ("ASSERT", "ASSERT_NOT"):
            yield value[1]
            yield from aside(value[1])
        elif name == "SUBPATTERN":
            yield from aside(value[3])
        elif name == "BRANCH":
            for branch in value[1]:
                yield from aside(branch)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            yield from aside(value[2])


def survives(text: str, read: str) -> bool:
    """Whether every word of ``text`` stands in ``read``; ``*`` in it may be any ending, and spaces may stand elsewhere."""
    return re.fullmatch(re.escape(text.replace(" ", "")).replace(r"\*", "[a-z]*"), read.replace(" ", "")) is not None


def unreachable() -> Iterator[tuple[str, str, str]]:
    """(rule, its words, what a message that says them reads as)."""
    for name, form in forms():
        if isinstance(form, Tally):
            for word in sorted(form.words):
                if words(word) != f" {word} ":
                    yield name, word, words(word).strip()
            continue
        compiled = pattern(form.rule)
        whole = parser.parse(compiled.pattern)
        for part in (whole, *aside(whole)):
            for text in dict.fromkeys(text.strip() for text in texts_of(part) if END not in text.rstrip(f"{END} ")):
                read = Reading(text.replace("*", "")).keeping(form.fillers)
                if text and not (survives(text, read) and (part is not whole or compiled.search(read))):
                    yield name, text, read.strip()


def test_every_word_that_a_rule_names_reaches_the_rule() -> None:
    """Else the rule is dead without anybody noticing: "the er" was read as "the", and "breath" as "breathe"."""
    found = sorted({f"{name}: {text!r} is read as {read!r}" for name, text, read in unreachable()})
    assert not found, f"{len(found)} words of rules can never match:\n" + "\n".join(found)


@pytest.mark.parametrize("text", [
    "do we need to go to the ER, she had ketamine", "her breath is really slow", "shortness of breath after ket help",
    "he thinks he is Jesus and has a knife", "cant breath", "hes breathin funny", "my lad aged 2 ate my lozenge",
])
def test_danger_in_words_that_were_dropped_or_repaired_is_seen(text: str) -> None:
    assert screen(text)


def test_er_is_a_place_only_where_it_reads_as_one() -> None:
    assert screen("should i, er, take ketamine") == ()
    assert screen("i want to, er, die") == ("suicide",)


@pytest.mark.parametrize(("typed", "read"), [
    ("in 2000", " in 2000 "), ("4 years", " 4 years "), ("aged 2", " aged 2 "), ("2 die 4 me", " to die for me "),
    ("100milligrams", " 100 milligrams "), ("they do not id", " they do not id "), ("id say so", " i would say "),
    ("im scared", " i am scared "), ("can i im it", " can i im it "), ("my boss's", " my boss "),
])
def test_a_number_or_a_short_word_keeps_its_meaning_where_it_is_no_text_speak(typed: str, read: str) -> None:
    assert words(typed) == read
