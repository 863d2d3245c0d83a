"""The fit of the decision finds the figure that tells apart."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.evaluation.calibration import logistic


def test_the_fit_finds_the_figure_that_tells_apart() -> None:
    random = np.random.default_rng(0)
    wanted = np.arange(200) % 2 == 0
    raw = np.stack([random.normal(size=200), wanted * 2.0 + random.normal(size=200)], 1)
    bias, weights = logistic(raw, wanted)
    assert weights[1] > 5 * abs(weights[0])
    guess = 1 / (1 + np.exp(-(bias + raw @ weights)))
    assert guess.mean() == pytest.approx(0.5, abs=0.02)
