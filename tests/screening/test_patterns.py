"""The pattern language: a form matches what the head of the rule files says, and a slip in one is told."""

from __future__ import annotations

import pytest

from assistant.screening.normalize import NormalizedText
from assistant.screening.patterns import Form, PatternError, parse

NAMES = {"kin": parse("brother|sister"), "they": parse("he|she")}


@pytest.mark.parametrize(("form", "message", "expected"), [
    ("not breathing", "he is not breathing", True),
    ("not breathing", "breathing is not hard", False),
    ("he .. breathing", "he is not now breathing", True),
    ("he .. breathing", "he sat by the old door breathing", False),
    ("he ..2 breathing", "he sat by the breathing", False),
    ("he ..6 breathing", "he sat by the old door breathing", True),
    ("not ..!(want|need) wake", "he will not ever wake", True),
    ("not ..!(want|need) wake", "i do not want to wake", False),
    ("(he|she) is", "she is", True),
    ("stop* here", "stopped here", True),
    ("a * day", "a bad day", True),
    ("a * day", "a day", False),
    ("pills? now", "pill now", True),
    ("(the )?pill now", "pill now", True),
    ("(old |new )*pill", "old new old pill", True),
    ("stop !(using|smoking)", "stop smoking", False),
    ("stop !(using|smoking)", "stop smoked fish", True),
    ("stop !(using|smoking)", "i must stop", True),
    ("in (19|20)##", "in 2019", True),
    ("in (19|20)##", "in 20", False),
    ("took ##*", "took 24", True),
    ("took ##*", "took 9", False),
    ("^ help", "help him", True),
    ("^ help", "need help", False),
    ("help$", "need help", True),
    ("help$", "help him", False),
    ("my <kin>", "my sister", True),
    ("not well", "he is not very well", True),  # both are fillers, which this form names or does not
])
def test_a_form_matches_what_the_head_of_the_rule_files_says(form: str, message: str, expected: bool) -> None:
    assert Form(form, NAMES).found(NormalizedText(message)) is expected


@pytest.mark.parametrize(("form", "says"), [
    ("(he|she is", "never closed"), ("he) is", "never opened"), ("? he", "could be missing"), ("my <kith>", "<kith>"),
    ("he [is]", "means nothing"), (r"he \w+", "means nothing"), ("he is!", "means nothing"),
])
def test_a_slip_in_a_form_is_told_with_the_form(form: str, says: str) -> None:
    with pytest.raises(PatternError, match="the form") as error:
        parse(form, NAMES)
    assert says in str(error.value)


@pytest.mark.parametrize(("form", "needs"), [
    ("(he|she) .. breath*", {"brea"}), ("took (ketamine|k)", {"keta", "k"}), ("swallow(ed|ing)", {"swal"}),
    ("(really )?dying", {"dyin"}), ("pills?", {"pill"}), ("go*", set()), ("(he|she) is", set()), ("(wo)?man down", {"down"}),
    ("my <kin>", {"brot", "sist"}), ("(19|20)##", set()),
])
def test_the_stems_that_a_form_needs_are_known_before_it_is_compiled(form: str, needs: set[str]) -> None:
    assert Form(form, NAMES).needs == needs
