"""figures of a hit -> how surely its passage answers the question.

    fine, covered, how far both lie below the best of this question, what the network gives its section
        --logistic regression--> 0..1

The figures mean the same in a corpus with asked-as questions and without, and in one of any size. The weights were fitted on
the ten best hits of every answerable question of the dev split, by ``python -m assistant eval --calibrate``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# Bias, and a weight for each column of ``inputs``: of a section that the network knows, and of any other.
KNOWN = (-0.686, (1.289, 2.588, -3.562, -0.908, 1.396, 0.436))
OTHER = (-2.424, (0.936, 3.153, -5.513, -2.413, 1.438))
LEAST = -10.0  # log-probability; below, a section is as good as ruled out

Numbers = npt.NDArray[np.float64]


def inputs(fine: Numbers, covered: Numbers, learnt: Numbers) -> Numbers:
    """The figures of hits as columns: (hits, 6); see ``relevance``."""
    first = np.zeros(len(fine))
    first[:1] = 1.0
    return np.stack([fine, covered, fine.max() - fine, covered.max() - covered, first, np.maximum(learnt, LEAST)], axis=1)


def relevance(fine: Numbers, covered: Numbers, learnt: Numbers | None = None) -> Numbers:
    """The probability that each hit answers: (hits,), 0..1, best-ranked hit first as the figures are.

    ``fine``: MaxSim with the question, or the cosine where there are no token vectors. ``covered``: share of the question's
    IDF weight that the passage holds. ``learnt``: the log-probability that the network gives its section, NaN for one that it
    does not know.
    """
    if not len(fine):
        return np.zeros(0)
    given = inputs(fine, covered, np.full(len(fine), np.nan) if learnt is None else learnt)
    (bias, weights), (other_bias, other_weights) = KNOWN, OTHER
    total = np.where(np.isnan(given[:, -1]), other_bias + given[:, :-1] @ other_weights, bias + given @ weights)
    probabilities: Numbers = 1 / (1 + np.exp(-total))
    return probabilities
