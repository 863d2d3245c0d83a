"""Written examples have a say in every question, the nearer the louder; the weights are the same each time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from safetensors.numpy import load, save

from assistant.kernel import Kernel, Shape, fit, slots

AXES = np.eye(2)
NO_WORDS = Shape(sharpness=2.0, words_share=0.0, ridge=0.5)


def test_scores_follow_the_formula_and_can_be_checked_by_hand() -> None:
    """Two examples at right angles: K = [[1, e^-2], [e^-2, 1]]; say = (K + 0.5)^-1 (1, -1)."""
    kernel = Kernel(fit(AXES, ["bladder", "weather"], np.array([[1.0], [-1.0]]), NO_WORDS))
    far = math.exp(-2)
    say = 1 / (1.5 - far)
    assert kernel.scores(AXES[0], slots("anything"))[0] == pytest.approx(say * (1 - far), abs=1e-3)
    assert kernel.scores(AXES[1], slots("anything"))[0] == pytest.approx(-say * (1 - far), abs=1e-3)
    assert kernel.scores(np.array([0.6, 0.6]), slots("anything"))[0] == pytest.approx(0, abs=1e-3)


def test_words_have_their_own_say_where_vectors_cannot_tell() -> None:
    same = np.array([[1.0, 0.0], [1.0, 0.0]])
    kernel = Kernel(fit(same, ["raise pressure in the eye", "raise blood pressure"], np.array([[-1.0], [1.0]]),
                        Shape(2.0, 1.0, 0.1)))
    assert kernel.scores(same[0], slots("the eye"))[0] < 0 < kernel.scores(same[0], slots("blood"))[0]


def test_examples_are_compared_only_in_the_directions_in_which_they_differ_most() -> None:
    """What all share, and the little that sets single ones apart, says nothing: only the first axis is kept."""
    vectors = np.array([[0.6, 0.8, 0.00], [-0.6, 0.8, 0.01], [0.6, 0.8, 0.01], [-0.6, 0.8, 0.00]])
    wanted = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    shape = Shape(2.0, 0.0, 0.5, keep=1)
    kernel = Kernel(fit(vectors, ["a", "b", "c", "d"], wanted, shape))
    assert kernel.dimensions == 1
    places = slots("x")
    assert kernel.scores(np.array([0.3, -0.9, 0.3]), places)[0] == pytest.approx(kernel.scores(vectors[0], places)[0], abs=1e-3)
    assert kernel.scores(vectors[0], places)[0] > 0 > kernel.scores(vectors[1], places)[0]
    torn = save({**load(fit(vectors, ["a", "b", "c", "d"], wanted, shape)), "directions": np.zeros((3, 2), np.float32)})
    with pytest.raises(ValueError, match="fit together"):
        Kernel(torn)


def test_equal_examples_give_equal_bytes() -> None:
    wanted = np.array([[1.0], [-1.0]])
    assert fit(AXES, ["a", "b"], wanted, NO_WORDS) == fit(AXES, ["a", "b"], wanted, NO_WORDS)


@pytest.mark.parametrize("part", ["say", "words", "rarity"])
def test_weights_whose_parts_do_not_fit_together_are_refused(part: str) -> None:
    stored = load(fit(AXES, ["a", "b"], np.array([[1.0], [-1.0]]), NO_WORDS))
    with pytest.raises(ValueError, match="fit together"):
        Kernel(save({**stored, part: stored[part][:-1]}))
