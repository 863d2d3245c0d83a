"""How surely a hit answers: more of the question's words and meaning, and nearer to the best one, means surer."""

from __future__ import annotations

import numpy as np

from assistant.answering.relevance import relevance


def test_it_is_a_probability_and_grows_with_closeness_and_shared_words() -> None:
    found = relevance(np.array([0.8, 0.7, 0.3]), np.array([0.9, 0.6, 0.1]))
    assert ((found > 0) & (found < 1)).all()
    assert found[0] > found[1] > found[2]


def test_the_same_figures_mean_less_below_a_better_hit() -> None:
    alone, beside = relevance(np.array([0.5]), np.array([0.5])), relevance(np.array([0.9, 0.5]), np.array([0.9, 0.5]))
    assert alone[0] > beside[1]


def test_no_hits_have_no_relevance() -> None:
    assert relevance(np.zeros(0), np.zeros(0)).shape == (0,)
