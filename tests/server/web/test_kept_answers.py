"""Answers to forms at a random address: for a while, in memory, and no longer."""

from __future__ import annotations

import asyncio

from markupsafe import Markup

from assistant.server.web.kept_answers import KeptAnswer, KeptAnswers

ANSWER = KeptAnswer("Is ketamine addictive?", Markup("<p>Yes</p>"), 200, False)


def test_an_answer_is_forgotten_when_its_time_is_over() -> None:
    async def inside() -> None:
        kept = KeptAnswers(seconds=0.05)
        name = kept.keep(ANSWER)
        assert kept.get(name) == ANSWER
        await asyncio.sleep(0.1)
        assert len(kept) == 0, "though nobody came for it"
        assert kept.get(name) is None

    asyncio.run(inside())


def test_names_are_random_and_hold_no_word_of_the_question() -> None:
    async def inside() -> None:
        kept = KeptAnswers()
        names = {kept.keep(ANSWER) for _ in range(100)}
        assert len(names) == 100
        assert all(len(name) >= 22 for name in names)
        assert not [name for name in names if "addictive" in name]

    asyncio.run(inside())


def test_only_so_many_are_kept_the_oldest_goes_first() -> None:
    async def inside() -> None:
        kept = KeptAnswers(most=2)
        first, second, third = (kept.keep(ANSWER) for _ in range(3))
        assert kept.get(first) is None
        assert kept.get(second) == kept.get(third) == ANSWER

    asyncio.run(inside())
