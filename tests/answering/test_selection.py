"""Who speaks first and what is shown together: better sources before sellers, no filler, one order whatever the count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering.selection import ANSWERS, CAREFUL, joined, select, tells_of_benefit, tells_of_risk
from assistant.schema import Hit, Note, Passage, PlacedNote, Source, still

SOURCES = {name: Source(name, name.title(), "", "", f"{name}.md", publisher=f"Our team, summing up {name.title()}", tier=tier)
           for name, tier in (("sheet", "T1"), ("study", "T2"), ("charity", "T3"), ("seller", "T4"), ("mountside", "T4"),
                              ("spun", "T5"))}
WORDS = ("one apple pie", "two brown dogs", "three green hills", "four old boats", "five loud birds", "six red kites")


def hits(*found: tuple[str, str], relevance: float = 0.5) -> list[Hit]:
    return [Hit(Passage(source, 0, len(text), "", text, ((0, len(text)),)), 1 / rank, rank, still((0, len(text))), 0.6, relevance)
            for rank, (source, text) in enumerate(found, 1)]


def calm(*sources: str, relevance: float = 0.5) -> list[Hit]:
    return hits(*((source, WORDS[number]) for number, source in enumerate(sources)), relevance=relevance)


def names(question: str, found: list[Hit], count: int = 3) -> list[str]:
    return [shown.hit.passage.source_id for shown in select(question, found, SOURCES, lambda _: (), count)]


def noted(hit: Hit) -> Hit:
    note = PlacedNote(0, 3, Note("Disputed.", "A label", "2026-11-21"))
    return replace(hit, passage=replace(hit.passage, notes=(note,)))


def test_a_better_source_that_answers_speaks_before_a_seller_that_ranks_higher() -> None:
    assert names("first visit", calm("seller", "spun", "sheet", "study"))[0] == "sheet"
    assert names("first visit", calm("seller", "charity"))[0] == "charity"


def test_sellers_get_one_place_in_three_where_better_sources_answer() -> None:
    assert names("first visit", calm("seller", "mountside", "spun", "sheet", "study")) == ["sheet", "study", "seller"]


def test_the_order_is_the_same_however_many_are_asked_for() -> None:
    found = calm("seller", "mountside", "spun", "sheet", "study", "charity")
    whole = names("first visit", found, 6)
    assert sorted(whole) == sorted(hit.passage.source_id for hit in found)
    assert all(names("first visit", found, count) == whole[:count] for count in range(1, 6))


def test_a_corpus_of_sellers_alone_still_answers() -> None:
    assert names("first visit", calm("seller", "mountside", "spun")) == ["seller", "mountside", "spun"]


def test_a_seller_is_first_only_when_nothing_better_answers() -> None:
    far = [*calm("seller"), *[replace(hit, rank=2, relevance=ANSWERS - 0.01) for hit in hits(("sheet", "far words here"))]]
    assert names("who invented it", far)[0] == "seller"
    assert names("who invented it", [far[0], replace(far[1], relevance=ANSWERS)])[0] == "sheet"


@pytest.mark.parametrize("question", [
    "is it safe", "can I mix it with beer", "is it dangerous at home", "ketamine when pregnant", "with alcohol?", "any risks",
    "I want to stop taking ketamine", "how to quit ket", "my son won't stop taking ket", "how do I come off it",
    "help with cravings", "worried about my daughter", "he overdosed",
    "with my antidepressants", "does it hurt the bladder", "can it kill you"])
def test_where_harm_is_near_even_a_loosely_fitting_better_source_comes_first(question: str) -> None:
    found = [*calm("seller"), *[replace(hit, rank=2, relevance=CAREFUL) for hit in hits(("sheet", "far words here"))]]
    assert names(question, found)[0] == "sheet"


def test_a_source_that_the_question_names_speaks_first() -> None:
    found = calm("sheet", "seller", "mountside")
    assert names("what does Mountside's article say about the first visit", found)[0] == "mountside"
    assert names("what happens at the first visit", found)[0] == "sheet"


def test_a_disputed_claim_is_never_first_when_something_else_answers() -> None:
    seller, other = calm("seller", "spun")
    assert names("first visit", [noted(seller), other]) == ["spun", "seller"]
    assert names("first visit", [noted(seller)]) == ["seller"]


def test_a_passage_that_hardly_answers_is_not_shown_to_make_three() -> None:
    found = [*calm("sheet"), *[replace(hit, rank=2, relevance=0.01) for hit in hits(("study", "far away words"))]]
    assert names("first visit", found) == ["sheet"]
    assert names("first visit", calm("sheet", relevance=0.01)) == ["sheet"]  # the first one is the decision's to show


def test_a_benefit_is_never_shown_without_a_near_passage_on_risk() -> None:
    found = hits(("sheet", "Many people felt better within a day."), ("study", "It improved sleep in one study."),
                 ("sheet", "A nurse sits in the room."), ("sheet", "One risk is that the bladder is hurt."))
    ranks = [shown.hit.rank for shown in select("does it work", found, SOURCES, lambda _: (), 3)]
    assert ranks == [1, 2, 4]
    assert [shown.hit.rank for shown in select("does it work", found[:3], SOURCES, lambda _: (), 3)] == [1, 2, 3]


@pytest.mark.parametrize(("text", "risk", "benefit"), [
    ("It lifted mood and gave relief.", False, True), ("It can damage the bladder.", True, False),
    ("It improved mood but side effects were common.", True, False), ("The room is quiet.", False, False)])
def test_risk_and_benefit_are_told_by_their_words(text: str, risk: bool, benefit: bool) -> None:
    assert (tells_of_risk(text), tells_of_benefit(text)) == (risk, benefit)


def test_passages_that_say_the_same_are_one_and_name_both_sources() -> None:
    found = hits(("sheet", "Ketamine can hurt the bladder and the kidneys over time."),
                 ("study", "Ketamine can hurt the bladder and the kidneys over time, too."),
                 ("seller", "Ketamine can hurt the bladder and the kidneys over time."), ("spun", WORDS[0]))
    assert [(shown.hit.rank, shown.also) for shown in joined(found)] == [(1, ("study", "seller")), (4, ())]
