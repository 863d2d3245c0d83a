"""What is shown together is fair: repeats are one, sellers never fill the page, cautions come first, risk beside benefit."""

from __future__ import annotations

import pytest

from assistant.balance import NEAR, choose, joined, tells_of_benefit, tells_of_risk
from assistant.schema import Hit, Passage, Source

SOURCES = {name: Source(name, name.title(), "", "", f"{name}.md", tier=tier)
           for name, tier in (("sheet", "T1"), ("study", "T2"), ("seller", "T4"), ("advert", "T4"), ("spun", "T5"))}
CALM = "The first visit is a long talk with a nurse about sleep and daily life number {}."


def hits(*found: tuple[str, str], cosine: float = 0.6) -> list[Hit]:
    return [Hit(Passage(source, 0, len(text), "", text, ((0, len(text)),)), 1 / rank, rank, (0, len(text)), cosine)
            for rank, (source, text) in enumerate(found, 1)]


def names(question: str, found: list[Hit], count: int = 3) -> list[str]:
    return [shown.hit.passage.source_id for shown in choose(question, found, SOURCES, count)]


def calm(*sources: str) -> list[Hit]:
    words = ("one apple pie", "two brown dogs", "three green hills", "four old boats", "five loud birds")
    return hits(*((source, words[number]) for number, source in enumerate(sources)))


def test_sellers_get_one_place_in_three_where_better_sources_are_near() -> None:
    assert names("first visit", calm("seller", "advert", "spun", "sheet", "study")) == ["seller", "sheet", "study"]
    assert names("first visit", calm("seller", "advert", "sheet")) == ["seller", "sheet"]


def test_a_corpus_of_sellers_alone_still_answers() -> None:
    assert names("first visit", calm("seller", "advert", "spun")) == ["seller", "advert", "spun"]


def test_a_better_source_that_is_far_from_the_question_takes_no_place() -> None:
    found = calm("seller", "advert") + hits(("sheet", "far away words here"), cosine=NEAR - 0.01)
    assert names("first visit", found) == ["seller", "advert", "sheet"]  # nothing held back, nothing put first


@pytest.mark.parametrize("question", [
    "is it safe", "can I mix it with beer", "is it dangerous at home", "ketamine when pregnant", "can I drive after it",
    "does it hurt the bladder", "is it approved by the FDA", "with alcohol?", "any risks"])
def test_where_caution_is_due_a_better_source_comes_first(question: str) -> None:
    assert names(question, calm("seller", "sheet", "study"))[0] == "sheet"


def test_other_questions_keep_the_order_of_the_ranking() -> None:
    assert names("who invented it", calm("seller", "sheet", "study")) == ["seller", "sheet", "study"]


def test_a_benefit_is_never_shown_without_a_near_passage_on_risk() -> None:
    found = hits(("sheet", "Many people felt better within a day."), ("study", "It improved sleep in one study."),
                 ("sheet", "A nurse sits in the room."), ("sheet", "One risk is that the bladder is hurt."))
    assert [shown.hit.rank for shown in choose("does it help", found, SOURCES, 3)] == [1, 2, 4]
    assert [shown.hit.rank for shown in choose("does it help", found[:3], SOURCES, 3)] == [1, 2, 3]


@pytest.mark.parametrize(("text", "risk", "benefit"), [
    ("It lifted mood and gave relief.", False, True), ("It can damage the bladder.", True, False),
    ("It improved mood but side effects were common.", True, False), ("The room is quiet.", False, False)])
def test_risk_and_benefit_are_told_by_their_words(text: str, risk: bool, benefit: bool) -> None:
    assert (tells_of_risk(text), tells_of_benefit(text)) == (risk, benefit)


def test_passages_that_say_the_same_are_one_and_name_both_sources() -> None:
    found = hits(("sheet", "Ketamine can hurt the bladder and the kidneys over time."),
                 ("study", "Ketamine can hurt the bladder and the kidneys over time, too."),
                 ("seller", "Ketamine can hurt the bladder and the kidneys over time."), ("spun", CALM.format(1)))
    assert [(shown.hit.rank, shown.also) for shown in joined(found)] == [(1, ("study", "seller")), (4, ())]
