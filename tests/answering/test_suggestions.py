"""reviewed questions -> what may be suggested."""

from __future__ import annotations

import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.suggestions import Suggestions, questions_of, suggestable
from assistant.corpus.reviewed import fold, read_reviewed
from assistant.schema import Passage
from tests.support import ROOT


@pytest.mark.parametrize("question", [
    "how much ketamine should i take", "my friend took k and he wont wake up", "call 988 now or later?", "bladder?",
    "is it " * 30])
def test_what_is_screened_too_long_too_short_or_holds_a_number_is_not_suggested(question: str) -> None:
    assert not suggestable(question)


def test_a_passage_offers_its_heading_if_it_asks_and_only_reviewed_questions() -> None:
    passage = Passage("s", 0, 4, "Is ketamine addictive?", "Yes.", ((0, 4),),
                      asked=("is k addictive or not", "am i hooked lol"))
    reviewed = {fold(question): question for question in ("Is k addictive or not", "is ketamine addictive")}
    assert questions_of(passage, reviewed) == ("Is ketamine addictive?", "Is k addictive or not?")


@pytest.mark.model
def test_the_neighbours_of_a_question_are_answered_questions_of_different_passages(shipped: Assistant) -> None:
    suggestions = Suggestions(shipped, read_reviewed(ROOT / "corpus").questions)
    near = suggestions.near("does ketamine harm the bladder of cats")
    assert near
    assert len(set(near)) == len(near) <= 3
    assert all(shipped.ask(question).citations for question in near)
    assert suggestions.near("xyzzy plugh") == Suggestions.none().near("bladder") == ()
