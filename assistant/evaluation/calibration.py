"""messages and what they are -> the tables of the decision and of the relevance, by logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from assistant.answering import decision
from assistant.answering.assistant import Assistant
from assistant.answering.decision import Figures, Head
from assistant.evaluation.confusion import Case
from assistant.evaluation.judgments import is_right

# What each head tells apart, and from which figures. Lookalikes are calm; what they ask may be answered or not.
POSITIVE = {"danger": "urgent", "refusal": "refuse", "answer": "answerable", "other": "other", "service": "service",
            "greeting": "greeting"}
NEGATIVE = {
    "danger": ("answerable", "near_miss", "lookalike", "other", "service", "greeting", "refuse", "refuse_lookalike"),
    "refusal": ("answerable", "near_miss", "lookalike", "other", "service", "greeting", "refuse_lookalike"),
    "answer": ("near_miss", "other", "service", "greeting"),
    "other": ("answerable", "near_miss", "lookalike", "refuse_lookalike", "service", "greeting"),
    "service": ("answerable", "near_miss", "other", "refuse_lookalike", "lookalike"),
    "greeting": ("answerable", "near_miss", "other", "service", "lookalike")}
WITH_NETWORK = {
    "danger": ("danger", "refusal", "answerable", "near_miss", "strong", "rule"),
    "refusal": ("refusal", "danger", "answerable", "near_miss", "refused", "subject"),
    "answer": ("answerable", "near_miss", "other_health", "off_topic", "relevance", "first", "fine", "coverage", "unknown",
               "length"),
    "other": ("other_health", "off_topic", "answerable", "near_miss", "cosine", "unknown"),
    "service": ("service", "answerable", "near_miss", "cosine"),
    "greeting": ("greeting", "service", "answerable", "near_miss", "cosine")}
WITHOUT = {
    "danger": ("strong", "rule"), "refusal": ("refused", "subject"),
    "answer": ("relevance", "first", "fine", "cosine", "unknown", "length"), "other": ("cosine", "fine", "unknown")}
RIDGE = 2.0
HITS = 10  # hits of a question that the relevance is fitted on


def fit(known: Sequence[tuple[str, Figures]]) -> dict[str, Head]:
    """A table of ``decision``, HEADS or (without a network) RULE_HEADS, from messages that nothing is reported on: their
    group and figures."""
    heads: dict[str, Head] = {}
    columns = WITHOUT if any(figures.logits is None for _, figures in known) else WITH_NETWORK
    for name, parts in columns.items():
        rows = [(group == POSITIVE[name], decision.figures(figures)) for group, figures in known
                if group == POSITIVE[name] or group in NEGATIVE[name]]
        given = np.array([[row[part] for part in parts] for _, row in rows])
        bias, weights = logistic(given, np.array([hit for hit, _ in rows]))
        heads[name] = (round(bias, 3), dict(zip(parts, weights.round(3).tolist(), strict=True)))
    return heads


def fit_relevance(assistant: Assistant, cases: Sequence[Case]) -> tuple[float, tuple[float, ...]]:
    """A table of ``relevance``, KNOWN or (of hits in sections that no network knows) OTHER, from answerable questions."""
    given, right = [], []
    for case in cases:
        if case.group == "answerable":
            hits, evidence = assistant.hits(case.text, HITS)
            if evidence.of_hits is not None:
                given.append(evidence.of_hits)
                right += [any(is_right(hit.passage.source_id, hit.passage.text, judged) for judged in case.judgments)
                          for hit in hits]
    rows = np.concatenate(given)
    known = ~np.isnan(rows[:, -1])
    bias, weights = logistic(rows[known], np.array(right)[known]) if known.any() else logistic(rows[:, :-1], np.array(right))
    return round(bias, 3), tuple(weights.round(3).tolist())


def logistic(raw: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], ridge: float = RIDGE, steps: int = 60
             ) -> tuple[float, np.ndarray[Any, Any]]:
    """Bias and weights (columns,) by ridge logistic regression, Newton steps; standardised for the fit, given for raw figures."""
    mean, spread = raw.mean(0), raw.std(0) + 1e-9
    design = np.hstack([np.ones((len(raw), 1)), (raw - mean) / spread])
    penalty = ridge * np.diag([0.0] + [1.0] * raw.shape[1])
    weights = np.zeros(design.shape[1])
    for _ in range(steps):
        guess = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (guess - wanted) + penalty @ weights
        curve = (design * (guess * (1 - guess))[:, None]).T @ design + penalty
        weights -= np.linalg.solve(curve + 1e-9 * np.eye(len(weights)), slope)
    scaled = weights[1:] / spread
    return float(weights[0] - scaled @ mean), scaled
