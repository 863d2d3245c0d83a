"""text as typed -> a question; and whether it leans on the one before."""

from __future__ import annotations

import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.question import leans
from tests.support import sure


@pytest.mark.parametrize("question", ["and for how long?", "does it come back", "what about alcohol", "how common is that"])
def test_a_short_question_without_a_subject_leans_on_the_one_before(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize("question", [
    "", "is ketamine addictive", "and ketamine with alcohol?", "who can help me in Leeds " * 4])
def test_a_question_that_says_what_it_is_about_leans_on_nothing(question: str) -> None:
    assert not leans(question)


def test_a_follow_up_is_asked_with_the_subject_before_and_shown_as_it_was_typed(
        assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    sure(monkeypatch, 0.9)
    answer, together = assistant.ask_about("and how often?", "bladder")
    assert together
    assert answer.question == "and how often?"
    assert answer.citations[0].source_id == "bladder"


def test_an_urgent_follow_up_gets_its_card_whatever_was_asked_before(assistant: Assistant) -> None:
    answer, together = assistant.ask_about("he is not breathing", "bladder")
    assert (answer.status, together) == ("urgent", False)


def test_a_question_without_one_before_is_asked_alone(assistant: Assistant) -> None:
    assert assistant.ask_about("and how often?", "") == (assistant.ask("and how often?"), False)
