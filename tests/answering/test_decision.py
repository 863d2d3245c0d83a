"""One decision: only a top band replaces an answer, danger comes first, and nobody is turned away for a word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answering import decision
from assistant.answering.decision import CUTS, HEADS, RULE_HEADS, Cuts, Figures, decide, figures, probabilities
from assistant.answering.ranking import Evidence
from assistant.screening.labels import DANGERS, LABELS, MATTERS, PERSONAL, REFUSALS

EVIDENCE = Evidence(cosine=0.6, asked=0.6, fine=0.6, first=0.7, unknown=0.0, length=0.4, coverage=0.5, relevance=0.6,
                    learnt=True)
CALM = dict.fromkeys(LABELS, -6.0)


def odds(monkeypatch: pytest.MonkeyPatch, **given: float) -> None:
    whole = dict.fromkeys(("danger", "refusal", "other", "service", "greeting"), 0.0) | {"answer": 1.0} | given
    monkeypatch.setattr(decision, "probabilities", lambda _: whole)


KNOWN = Figures(EVIDENCE, logits=CALM)


@pytest.mark.parametrize(("danger", "card"), [(CUTS.full, "full"), (CUTS.full - 0.001, "line"), (CUTS.line, "line"),
                                              (CUTS.line - 0.001, "none")])
def test_danger_has_three_bands(monkeypatch: pytest.MonkeyPatch, danger: float, card: str) -> None:
    odds(monkeypatch, danger=danger)
    assert decide(KNOWN).card == card


def test_a_line_leaves_the_answer_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    odds(monkeypatch, danger=CUTS.line, answer=0.9)
    found = decide(replace(KNOWN, logits=CALM | {"suicide": -1.0}))
    assert (found.card, found.match, found.kinds) == ("line", "answered", ("suicide",))


def test_a_strong_rule_always_gives_at_least_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    odds(monkeypatch, danger=0.0)
    found = decide(replace(KNOWN, alarms=("overdose",), strong=True))
    assert (found.card, found.kinds) == ("line", ("overdose",))
    odds(monkeypatch, danger=CUTS.strong)  # and the card, unless the network is very sure of calm
    assert decide(replace(KNOWN, alarms=("overdose",), strong=True)).card == "full"
    odds(monkeypatch, danger=0.0)
    assert decide(replace(KNOWN, alarms=("overdose",))).card == "none"


@pytest.mark.parametrize(("refusal", "answer", "shown"), [
    (CUTS.surely, 1.0, "instead"), (CUTS.surely - 0.001, 1.0, "above"), (CUTS.instead, 0.1, "instead"),
    (CUTS.instead - 0.001, 0.1, "above"), (CUTS.above, 0.1, "above"), (CUTS.above - 0.001, 0.1, "none")])
def test_a_refusal_has_three_bands(monkeypatch: pytest.MonkeyPatch, refusal: float, answer: float, shown: str) -> None:
    odds(monkeypatch, refusal=refusal, answer=answer)
    found = decide(replace(KNOWN, logits=CALM | {"dose": 2.0}))
    assert (found.refusal, found.subject) == (shown, "dose" if shown != "none" else None)


def test_what_is_asked_of_one_person_s_treatment_gets_its_sentence_above_and_never_instead(
        monkeypatch: pytest.MonkeyPatch) -> None:
    odds(monkeypatch, refusal=1.0, answer=0.9)
    found = decide(replace(KNOWN, logits=CALM | {PERSONAL: 2.0}))
    assert (found.refusal, found.subject, found.match) == ("above", PERSONAL, "answered")


@pytest.mark.parametrize(("answer", "match"), [(CUTS.answered, "answered"), (CUTS.answered - 0.001, "related"),
                                               (CUTS.related, "related"), (CUTS.related - 0.001, "not_covered")])
def test_an_answer_has_three_bands(monkeypatch: pytest.MonkeyPatch, answer: float, match: str) -> None:
    odds(monkeypatch, answer=answer)
    found = decide(KNOWN)
    assert (found.match, found.confidence) == (match, answer)


def test_a_corpus_without_asked_as_questions_answers_from_a_lower_figure_on(monkeypatch: pytest.MonkeyPatch) -> None:
    odds(monkeypatch, answer=CUTS.bare)
    assert decide(replace(KNOWN, evidence=replace(EVIDENCE, learnt=False))).match == "answered"
    assert decide(KNOWN).match == "related"


def test_a_thing_that_no_shown_passage_mentions_is_related_at_best(monkeypatch: pytest.MonkeyPatch) -> None:
    odds(monkeypatch, answer=1.0)
    assert decide(replace(KNOWN, shows=False)).match == "related"


@pytest.mark.parametrize("topic", ["service", "greeting", "other"])
def test_another_topic_gets_its_sentence_and_no_passage(monkeypatch: pytest.MonkeyPatch, topic: str) -> None:
    odds(monkeypatch, answer=0.1, **{topic: CUTS.topic})
    found = decide(KNOWN)
    assert (found.topic, found.match, found.refusal, found.card) == (topic, "not_covered", "none", "none")


def test_what_a_passage_answers_is_no_other_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    odds(monkeypatch, other=CUTS.topic, answer=0.9)
    assert (decide(KNOWN).topic, decide(KNOWN).match) == (None, "answered")
    odds(monkeypatch, other=0.6, answer=0.7)  # it may answer, and may be about something else: near at best
    assert (decide(KNOWN).topic, decide(KNOWN).match) == (None, "related")


def test_danger_and_what_must_not_be_answered_come_before_another_topic(monkeypatch: pytest.MonkeyPatch) -> None:
    odds(monkeypatch, other=1.0, danger=CUTS.line)
    assert decide(KNOWN).topic is None
    odds(monkeypatch, other=1.0, refusal=CUTS.above)
    assert decide(KNOWN).topic is None
    odds(monkeypatch, refusal=CUTS.above)
    assert decide(replace(KNOWN, topic="greeting")).topic == "greeting"  # "hello" asks for nothing


def test_one_card_names_the_gravest_kind_first_and_holds_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    odds(monkeypatch, danger=1.0)
    found = decide(replace(KNOWN, alarms=("violence",), logits=CALM | {"overdose": 1.0, "suicide": 0.5}))
    assert found.kinds == ("overdose", "suicide", "violence")


def test_without_a_network_rules_and_retrieval_decide() -> None:
    bare = Figures(EVIDENCE)
    assert decide(bare).card == "none"
    assert decide(replace(bare, alarms=("overdose",), strong=True)).card == "full"
    assert decide(replace(bare, alarms=("suicide",))).card == "full"
    assert decide(replace(bare, refused="buying")).refusal == "instead"
    poor = replace(EVIDENCE, cosine=0.1, asked=0.1, fine=0.1, first=0.0, unknown=1.0, relevance=0.02, coverage=0.0)
    assert probabilities(Figures(poor))["answer"] < probabilities(bare)["answer"]


def test_every_head_reads_figures_that_exist_and_gives_a_probability() -> None:
    for known, heads in ((KNOWN, HEADS), (Figures(EVIDENCE), RULE_HEADS)):
        given = figures(known)
        for _, weights in heads.values():
            assert set(weights) <= set(given)
        assert all(0 <= value <= 1 for value in probabilities(known).values())
    assert {"danger", "refusal", "answer"} <= set(RULE_HEADS) <= set(HEADS)


def test_more_of_what_speaks_for_a_thing_makes_it_likelier() -> None:
    danger = probabilities(replace(KNOWN, logits=CALM | {"overdose": 4.0}))
    refusal = probabilities(replace(KNOWN, logits=CALM | {"buying": 4.0}))
    calm = probabilities(KNOWN)
    assert danger["danger"] > calm["danger"]
    assert refusal["refusal"] > calm["refusal"]
    assert probabilities(replace(KNOWN, strong=True))["danger"] > calm["danger"]
    assert probabilities(replace(KNOWN, refused="buying"))["refusal"] > calm["refusal"]


def test_the_bands_lie_in_their_order() -> None:
    assert isinstance(CUTS, Cuts)
    assert 0 < CUTS.line < CUTS.full < 1
    assert 0 < CUTS.above < CUTS.instead < CUTS.surely < 1
    assert 0 < CUTS.related < CUTS.answered < 1
    assert (*DANGERS, *REFUSALS, *MATTERS) == LABELS
