"""evidence -> probability that the first passage answers. Owns no dependency.

A logistic regression over eight figures of the retrieval (``ranking.Evidence``), because a cosine alone cannot tell
a question that is near the subject from one that is answered. The weights are reviewed numbers, fitted by
``python -m assistant eval --calibrate``; the report of the fit is in docs/quality.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from assistant.ranking import Evidence

FEATURES = ("cosine", "fine", "gap", "first", "unknown", "length", "elsewhere", "coverage")
# Two fits, because asked-as questions change what the figures mean: a corpus with them (the dev split of our questions),
# and one without (the development questions over five articles). docs/quality.md has the reports.
WITH_ASKED = (0.633, {"cosine": -1.051, "fine": -1.463, "gap": -0.023, "first": 2.845, "unknown": -2.18, "length": 1.373,
                      "elsewhere": -5.81, "coverage": 2.797})
WITHOUT = (-1.556, {"cosine": -0.686, "fine": 2.235, "gap": -0.125, "first": 1.212, "unknown": 1.042, "length": 2.323,
                    "elsewhere": -4.45, "coverage": 1.673})
ANSWERED = 0.5  # from this probability on a passage is shown as an answer
SUBJECT = 0.60  # cosine from which a question is taken to be like an example of a subject not covered
RELATED = 0.30  # cosine, of passages or asked-as questions, below which nothing is near enough to show


def probability(evidence: Evidence) -> float:
    """Probability 0..1 that the first hit answers the question."""
    bias, weights = WITHOUT if evidence.asked is None else WITH_ASKED
    return 1 / (1 + math.exp(-(bias + sum(weights[name] * getattr(evidence, name) for name in FEATURES))))


def not_covered(evidence: Evidence) -> str | None:
    """The subject not covered that the question is about: its example is nearer than anything the corpus was asked."""
    own = evidence.cosine if evidence.asked is None else evidence.asked
    return evidence.subject if evidence.subject_cosine >= SUBJECT and evidence.subject_cosine > own else None


def is_near(evidence: Evidence) -> bool:
    """True when something is near enough to the question to be shown at all."""
    return max(evidence.cosine, evidence.asked or 0.0) >= RELATED


def fit(evidence: Sequence[Evidence], groups: list[str], answerable: str, ridge: float = 3.0, steps: int = 50
        ) -> tuple[float, dict[str, float]]:
    """Bias and weights by ridge logistic regression (Newton steps).

    Questions of the group ``answerable`` count half; the other half is shared evenly among the other groups, so that
    a kind with few examples is learnt too. Features are standardised for the fit, the result is for raw features.
    """
    raw = np.array([[getattr(item, name) for name in FEATURES] for item in evidence])
    mean, spread = raw.mean(0), raw.std(0) + 1e-9
    design = np.hstack([np.ones((len(raw), 1)), (raw - mean) / spread])
    target = np.array([group == answerable for group in groups], float)
    kinds = len(set(groups) - {answerable})
    share = np.array([len(groups) / groups.count(group) * (0.5 if group == answerable else 0.5 / kinds)
                      for group in groups])
    penalty = ridge * np.diag([0.0] + [1.0] * len(FEATURES))
    weights = np.zeros(design.shape[1])
    for _ in range(steps):
        guess = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (share * (guess - target)) + penalty @ weights
        curve = (design * (share * guess * (1 - guess))[:, None]).T @ design + penalty
        weights -= np.linalg.solve(curve + 1e-9 * np.eye(len(weights)), slope)
    scaled = weights[1:] / spread
    return float(weights[0] - scaled @ mean), dict(zip(FEATURES, scaled.tolist(), strict=True))
