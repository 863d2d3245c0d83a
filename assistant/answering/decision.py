"""calibrated figures of a message -> what is shown: a card, a sentence, passages.

                 top band                               middle band                              below
    danger       full card first, then fact sheets      the answer under one line                nothing
    refusal      the fixed sentence instead             the fixed sentence above the passages    nothing
    answer       answered                               related                                  not_covered
    topic        a greeting, the service itself, something else altogether: one friendly sentence

Only a top band replaces an answer: nothing in the corpus gives a dose, a seller or a trick, so a passage under one honest
sentence harms nobody, and whoever is turned away does not come back. Each probability is a logistic regression over figures of
the rules, the network and the retrieval (``HEADS``), so that what speaks for danger also speaks against a refusal. The tables
below were fitted by ``python -m assistant eval --calibrate`` on messages that nothing is reported on (see docs/quality.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.answering.ranking import Evidence
from assistant.screening.labels import DANGERS, MATTERS, PERSONAL, REFUSALS

Card = Literal["full", "line", "none"]
Refusal = Literal["instead", "above", "none"]
Match = Literal["answered", "related", "not_covered"]

Head = tuple[float, Mapping[str, float]]  # bias, and a weight for each figure

# With the network. ``danger`` and the like are log-odds; see ``figures``.
HEADS: dict[str, Head] = {
    "danger": (-0.603, {"danger": 1.199, "refusal": -0.014, "answerable": -0.01, "near_miss": -0.018, "strong": 1.903,
                        "rule": 1.599}),
    "refusal": (0.957, {"refusal": 1.199, "danger": 0.004, "answerable": 0.122, "near_miss": 0.079, "refused": 1.988,
                        "subject": -1.608}),
    "answer": (-2.672, {"answerable": 0.114, "near_miss": -0.006, "other_health": 0.006, "off_topic": -0.052, "relevance": 0.858,
                        "first": 1.414, "fine": 0.102, "coverage": 0.459, "unknown": 1.594, "length": 0.272}),
    "other": (4.009, {"other_health": 0.569, "off_topic": 0.431, "answerable": -0.088, "near_miss": 0.186, "cosine": -0.797,
                      "unknown": 0.969}),
    "service": (-0.274, {"service": 0.589, "answerable": 0.024, "near_miss": -0.052, "cosine": 0.388}),
    "greeting": (-0.383, {"greeting": 0.534, "service": -0.039, "answerable": -0.143, "near_miss": 0.078, "cosine": -0.27})}
# Without it: a corpus that is asked with another model. Rules and retrieval alone.
RULE_HEADS: dict[str, Head] = {
    "danger": (-2.716, {"strong": 3.835, "rule": 3.142}),
    "refusal": (-3.76, {"refused": 3.361, "subject": 2.705}),
    "answer": (-7.114, {"relevance": -0.363, "first": 6.178, "fine": 4.424, "cosine": 1.154, "unknown": -1.089, "length": 3.335}),
    "other": (-0.182, {"cosine": -5.056, "fine": -2.042, "unknown": 3.447})}


@dataclass(frozen=True)
class Cuts:
    """From which probability on each band begins: the cost of missing what it shows is to the cost of showing it wrongly as
    1 - cut is to cut. A card that is missed costs some twice a card too many, a line nine times; a refusal that is missed
    costs less than somebody turned away, its sentence above the passages four times less than missing it.
    """

    full: float = 0.3
    strong: float = 0.1  # the same where a strong rule fires: unless the network is very sure of calm
    line: float = 0.1
    instead: float = 0.6
    surely: float = 0.8  # from here on instead of passages that would answer, too
    above: float = 0.2
    answered: float = 0.35
    bare: float = 0.25  # the same for a corpus of which the network knows no section, whose figures are lower
    related: float = 0.05
    topic: float = 0.3


CUTS = Cuts()


@dataclass(frozen=True)
class Figures:
    """What is known of one message before anything is decided."""

    evidence: Evidence
    alarms: tuple[str, ...] = ()  # kinds of danger that rules found, most pressing first
    strong: bool = False  # one of those rules holds whatever stands around it
    refused: str | None = None  # the subject that a rule found
    logits: Mapping[str, float] | None = None  # of the network, by label; None where none fits the encoder
    topic: str | None = None  # "service" or "greeting", where the words alone say so
    shows: bool = True  # what the figures may be sure of is shown: a quotable passage, with every thing that the question names


@dataclass(frozen=True)
class Decision:
    """What is shown. ``kinds`` are those of the card or the line, ``subject`` that of the refusal."""

    card: Card
    refusal: Refusal
    match: Match
    kinds: tuple[str, ...] = ()
    subject: str | None = None
    topic: str | None = None
    confidence: float = 0.0  # that the first passage answers, 0..1


def figures(known: Figures) -> dict[str, float]:
    """The inputs of the regressions by name. Log-odds where a probability is behind them."""
    evidence, logits = known.evidence, known.logits
    inputs = {"strong": float(known.strong), "rule": float(bool(known.alarms) and not known.strong),
             "refused": float(known.refused is not None), "relevance": _log_odds(evidence.relevance), "first": evidence.first,
             "fine": evidence.fine, "cosine": evidence.cosine, "unknown": evidence.unknown, "length": evidence.length,
             "coverage": evidence.coverage, "subject": evidence.subject_cosine}
    if logits is not None:
        inputs |= {"danger": _any(logits, DANGERS), "refusal": _any(logits, REFUSALS)} | {name: logits[name] for name in MATTERS}
    return inputs


def probabilities(known: Figures) -> dict[str, float]:
    """Probability 0..1 of each head: danger, refusal, answer, other, service, greeting."""
    given = figures(known)
    heads = RULE_HEADS if known.logits is None else HEADS
    return {name: _sigmoid(bias + sum(weight * given[part] for part, weight in weights.items()))
            for name, (bias, weights) in heads.items()}


def decide(known: Figures, cuts: Cuts = CUTS) -> Decision:
    """The one decision. Rules are figures among others, except that a strong one always gives at least the line."""
    likely = probabilities(known)
    danger, refusal = likely["danger"], likely["refusal"]
    bare = known.logits is None
    if bare and not known.alarms:
        danger = 0.0  # rules that find nothing do not know how likely danger is
    sure = likely["answer"] * (1 - likely.get("other", 0.0))  # a passage answers, and the question is about its subject
    full = danger >= (cuts.strong if known.strong else cuts.full)
    card: Card = "full" if full else "line" if danger >= cuts.line or known.strong else "none"
    kinds = _kinds(known) if card != "none" else ()
    subject = (known.refused or _likest(known, REFUSALS)) if refusal >= cuts.above else None
    answered = sure >= (cuts.answered if known.evidence.learnt else cuts.bare) and known.shows
    match: Match = "answered" if answered else "related" if sure >= cuts.related else "not_covered"
    topic = (known.topic or _topic(likely, cuts)) if card == "none" and (subject is None or known.topic == "greeting") else None
    # Without a network the texts, too, are somebody else's: nobody has looked whether they give a dose or a seller.
    instead = refusal >= cuts.surely or (refusal >= cuts.instead and refusal >= sure) or (bare and known.refused is not None)
    withheld: Refusal = "none" if subject is None else "instead" if instead and subject != PERSONAL else "above"
    if topic:
        return Decision(card, "none", "not_covered", topic=topic, confidence=sure)
    return Decision(card, withheld, match, kinds, subject, topic, sure)


def _topic(likely: Mapping[str, float], cuts: Cuts) -> str | None:
    likest = max(("service", "greeting", "other"), key=lambda name: likely.get(name, 0.0))
    answers = likely["answer"] >= (cuts.answered if likest == "other" else likely.get(likest, 0.0))
    return likest if likely.get(likest, 0.0) >= cuts.topic and not answers else None


def _kinds(known: Figures) -> tuple[str, ...]:
    """Kinds that rules found and those that the network finds likeliest, most pressing first."""
    kinds = set(known.alarms)
    if known.logits is not None:
        likest = max(DANGERS, key=lambda name: known.logits[name])  # type: ignore[index]  # it is there
        kinds |= {name for name in DANGERS if known.logits[name] > 0} or ({likest} if not kinds else set())
    return tuple(name for name in DANGERS if name in kinds)


def _likest(known: Figures, names: tuple[str, ...]) -> str | None:
    if known.logits is None:
        return known.evidence.subject
    return max(names, key=lambda name: known.logits[name])  # type: ignore[index]  # it is there


def _any(logits: Mapping[str, float], names: tuple[str, ...]) -> float:
    """The log-odds scale of several labels together: the log of the sum of their exponentials."""
    most = max(logits[name] for name in names)
    return most + math.log(sum(math.exp(logits[name] - most) for name in names))


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-min(max(logit, -50.0), 50.0)))  # a damaged vector can hold anything


def _log_odds(probability: float) -> float:
    held = min(max(probability, 0.001), 0.999)
    return math.log(held / (1 - held))
