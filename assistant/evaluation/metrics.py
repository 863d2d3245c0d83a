"""rankings, outcomes -> measures, means, intervals, calibration, the price of answering more. The only importer of ir_measures.

    measure        {"q1": {"p": 1}}, {"q1": ["p", "r"]} -> {"q1": {"hit@1": 1.0, "MRR@10": 1.0, ...}}
    samples        label -> the value of each question that the label is a mean over
    interval       values -> where 95% of the means of 2,000 resamples lie          (percentile bootstrap, seeded)
    reliability    outcomes -> ten groups of equal size by confidence, and how often each was right
    risk_coverage  outcomes -> for each cut of the confidence: share answered, and share of those that is wrong

*Right* means that one of the first three passages is judged right. A question that nothing answers is never right.
Where a rule decides (an urgent card, a refused subject) there is no confidence: such outcomes are left out of the last two.
A judged query for which nothing was found counts 0 in every measure, and is never left out of a mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG

from assistant.evaluation.report import Outcome
from assistant.screening.labels import ANSWERABLE

DEPTH = 10  # ranks that any measure looks at
MEASURES = {"hit@1": Success @ 1, "hit@3": Success @ 3, "hit@5": Success @ 5, "MRR@10": RR @ 10, "nDCG@10": nDCG @ 10,
            "recall@10": R @ 10}
OF_PASSAGES = ("hit@1", "hit@3", "hit@5", "MRR@10", "nDCG@10")  # what a report on questions holds
OF_DOCUMENTS = ("nDCG@10", "MRR@10", "recall@10", "hit@1", "hit@3")  # what a report on a BEIR folder holds
RESAMPLES, SEED, LEVEL = 2_000, 20261122, 0.95
BINS = 10
CALIBRATION = "calibration error"


@dataclass(frozen=True)
class Bin:
    """Questions of like confidence. Well calibrated: ``confidence`` equals ``right``."""

    questions: int
    confidence: float  # their mean, 0..1
    right: float  # share with a right passage among the first three, 0..1


@dataclass(frozen=True)
class Point:
    """What answering every question from this confidence on would mean."""

    confidence: float
    coverage: float  # share of the questions that would be answered, 0..1
    risk: float  # share of those that would be wrong, 0..1


def measure(relevant: Mapping[str, Mapping[str, int]], ranking: Mapping[str, Sequence[str]],
            labels: Sequence[str] = OF_PASSAGES) -> dict[str, dict[str, float]]:
    """Every measure of every judged query, in the order of ``relevant``; each 0..1."""
    qrels = [ir_measures.Qrel(query, document, grade) for query, judged in relevant.items()
             for document, grade in judged.items()]
    run = [ir_measures.ScoredDoc(query, document, float(-place)) for query in relevant
           for place, document in enumerate(ranking.get(query, ())[:DEPTH])]
    figures = {query: dict.fromkeys(labels, 0.0) for query in relevant}
    names = {MEASURES[label]: label for label in labels}
    for metric in ir_measures.iter_calc(list(names), qrels, run) if run else ():
        figures[metric.query_id][names[metric.measure]] = float(metric.value)
    return figures


def samples(outcomes: Sequence[Outcome], labels: Sequence[str]) -> dict[str, list[float]]:
    """For every figure of the report the values that it is a mean over; ``labels`` are the measures of ranking."""
    judged = [item for item in outcomes if item.group == ANSWERABLE]
    values: dict[str, list[float]] = {}
    if judged:
        values = {label: [item.measures[label] for item in judged] for label in labels}
        values["share answered"] = [float(item.status == "answered") for item in judged]
        values["answered with a right passage"] = [float(item.status == "answered" and item.right) for item in judged]
    for group in sorted({item.group for item in outcomes} - {ANSWERABLE}):
        values[f"false answers: {group}"] = [float(item.status == "answered") for item in outcomes if item.group == group]
    return values


def means(outcomes: Sequence[Outcome], labels: Sequence[str]) -> dict[str, float]:
    """Counts, the mean of every figure, and the calibration error; each 0..1 but the counts."""
    figures = {"questions": float(len(outcomes)), "answerable": float(sum(item.group == ANSWERABLE for item in outcomes))}
    figures |= {label: sum(values) / len(values) for label, values in samples(outcomes, labels).items()}
    bins = reliability(outcomes)
    if bins:
        figures[CALIBRATION] = calibration_error(bins)
    return {label: round(value, 4) for label, value in figures.items()}


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Lower and upper end of the 95% interval of the mean; the same values always give the same interval.

    Example: [0, 1, 1, 1] -> (0.25, 1.0). Values that are all equal give no width, however few they are.
    """
    sample = np.asarray(values, np.float64)
    drawn = np.random.default_rng(SEED).integers(len(sample), size=(RESAMPLES, len(sample)))
    low, high = np.quantile(sample[drawn].mean(1), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return round(float(low), 4), round(float(high), 4)


def intervals(outcomes: Sequence[Outcome], labels: Sequence[str]) -> dict[str, tuple[float, float]]:
    """The 95% interval of every mean over questions."""
    return {label: interval(values) for label, values in samples(outcomes, labels).items()}


def weighed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Outcomes with a confidence, the surest first; equal ones in the order of their ids."""
    return sorted((item for item in outcomes if not item.by_rule), key=lambda item: (-item.confidence, item.id))


def reliability(outcomes: Sequence[Outcome], bins: int = BINS) -> tuple[Bin, ...]:
    """Groups of equal size (within one question), the least sure first; fewer where there are fewer questions."""
    items = weighed(outcomes)[::-1]
    parts = np.array_split(np.arange(len(items)), min(bins, len(items))) if items else []
    groups = [[items[number] for number in part] for part in parts]
    return tuple(Bin(len(group), sum(item.confidence for item in group) / len(group),
                     sum(item.right for item in group) / len(group)) for group in groups)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: mean distance of confidence and share right, by questions (Naeini et al. 2015)."""
    total = sum(group.questions for group in bins)
    return sum(group.questions * abs(group.confidence - group.right) for group in bins) / total


def risk_coverage(outcomes: Sequence[Outcome]) -> tuple[Point, ...]:
    """One point for every confidence that occurs, the surest first; equal confidences cannot be told apart by a cut."""
    items, points, wrong = weighed(outcomes), [], 0
    for number, item in enumerate(items, 1):
        wrong += not item.right
        if number == len(items) or items[number].confidence != item.confidence:
            points.append(Point(item.confidence, number / len(items), wrong / number))
    return tuple(points)


def area(points: Sequence[Point]) -> float:
    """Mean risk over all coverages (AURC; Geifman and El-Yaniv 2017): lower is better."""
    before, total = 0.0, 0.0
    for point in points:
        total += (point.coverage - before) * point.risk
        before = point.coverage
    return total
