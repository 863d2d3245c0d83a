"""figures of a hit -> how surely its passage answers the question. Owns no dependency.

    fine, covered, and how far both lie below the best of this question --logistic regression--> 0..1

The figures mean the same in a corpus with asked-as questions and without, and in one of any size. The weights were fitted on
the ten best hits of every answerable question of the dev split; docs/quality.md has the report.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

BIAS = -2.16
FINE, COVERED, FINE_BELOW, COVERED_BELOW, FIRST = 2.20, 2.60, -3.50, -2.57, 1.34

Numbers = npt.NDArray[np.float64]


def relevance(fine: Numbers, covered: Numbers, learnt: Numbers | None = None) -> Numbers:
    """The probability that each hit answers: (hits,), 0..1, best-ranked hit first as the figures are.

    ``fine``: MaxSim with the question, or the cosine where there are no token vectors. ``covered``: share of the question's
    IDF weight that the passage holds. ``learnt``: the probability that the network gives its section, NaN for one that it does
    not know.
    """
    if not len(fine):
        return np.zeros(0)
    first = np.zeros(len(fine))
    first[0] = 1.0
    total = (BIAS + FINE * fine + COVERED * covered + FINE_BELOW * (fine.max() - fine)
             + COVERED_BELOW * (covered.max() - covered) + FIRST * first)
    if learnt is not None:
        known = ~np.isnan(learnt)
        total[known] = _total(KNOWN, fine, covered, first, learnt)[known]
    found: Numbers = 1 / (1 + np.exp(-total))
    return found
