"""vectors of written messages -> weights, and their figures on messages unseen. The only importer of sklearn and scipy.

    vectors, labels, sections   --one hidden layer-->   log-odds of each label, log-probability of each section (``classifier``)

Everything is judged by cross-validation in which messages that say nearly the same stand in one fold. Only
``python -m assistant fit`` comes here: building, asking and serving never do. Equal input gives equal weights on one machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.arrays import Arrays
from assistant.errors import BadInput
from assistant.screening.classifier import Section, section_bytes

Numbers = npt.NDArray[np.floating]
Truth = npt.NDArray[np.bool_]
Progress = Callable[[int, int], None]

FOLDS, SEED = 3, 20261129
ALIKE = 0.85  # cosine from which two messages are taken to say the same
FALSE_ALARMS = 0.02  # share of messages of none of the kinds at which recall is told

# Chosen by cross-validation over the exemplars, and on the messages of the split dev (docs/quality.md)
NETWORKS, HIDDEN = 3, 192  # trained side by side from different starts, and averaged
EPOCHS, BATCH, RATE, DROPOUT, INPUT_DROPOUT, DECAY = 40, 256, 2e-3, 0.3, 0.15, 0.01
SPREAD = 0.1  # of the usual spread of an input, at least: one that hardly varies would ask for weights past float16
SECTIONS_WEIGHT = 2.0  # of the loss over sections beside that over labels
SMOOTHING = 0.05  # of a section's probability that is spread over all: a message may be answered elsewhere, too


@dataclass(frozen=True)
class Figures:
    """How well a column of figures tells two sorts of messages apart, on messages that were not learnt from."""

    messages: int
    positive: int
    auroc: float
    recall: float  # at FALSE_ALARMS
    calibration_error: float | None = None

    def to_json(self) -> dict[str, Any]:
        record: dict[str, Any] = {"messages": self.messages, "positive": self.positive, "auroc": round(self.auroc, 4),
                                 f"recall at {FALSE_ALARMS:.0%} false alarms": round(self.recall, 4)}
        return record if self.calibration_error is None else record | {"calibration error": round(self.calibration_error, 4)}


@dataclass(frozen=True)
class Trained:
    """Weights, figures by the name of their column, and the cross-validated probabilities of every message: (n, columns)."""

    arrays: Arrays
    figures: dict[str, Figures]
    unseen: Numbers
    found: dict[int, float]  # share of the questions whose section is first, and among three


def _needed() -> tuple[Any, ...]:
    try:
        import scipy.sparse.csgraph
        import sklearn.metrics
        import sklearn.model_selection
        import sklearn.neighbors
        import torch
    except ModuleNotFoundError as error:
        raise BadInput(f"Training needs the package {error.name}, which an install that only serves leaves out: fit elsewhere "
                       "and copy the folder of weights.") from None
    return torch, sklearn, scipy


def network(given: Numbers, wanted: Numbers, names: Sequence[str], answers: Numbers, sections: Sequence[Section], alike: Numbers,
            progress: Progress | None = None) -> Trained:
    """Weights that tell the labels ``names`` and the ``sections`` apart by the vectors and depths (n, dim) of messages.

    ``wanted`` (n, labels): 1 or 0, and NaN where nobody said. ``answers`` (n, sections + unanswered): the share of each section
    that answers, or of what the question is about when none does; a row of NaN where nobody said. ``alike``: vectors (n, dim)
    of length 1 by which messages that say nearly the same are found.
    """
    outputs = np.zeros((len(given), wanted.shape[1] + answers.shape[1]))
    marked = np.nan_to_num(wanted).argmax(1) * (np.nansum(wanted, 1) > 0)  # any label, so that each is in every fold
    for number, (learnt, left) in enumerate(_folds(marked, alike)):
        trained = _network(given[learnt], wanted[learnt], answers[learnt])
        hidden = np.maximum(given[left] @ trained["first"] + trained["first_bias"], 0)
        outputs[left] = hidden @ trained["second"] + trained["second_bias"]
        if progress:
            progress(number + 1, FOLDS + 1)
    arrays = _network(given, wanted, answers)
    if progress:
        progress(FOLDS + 1, FOLDS + 1)
    unseen = 1 / (1 + np.exp(-outputs[:, :len(names)]))
    known = ~np.isnan(wanted)
    figures = {name: _figures(wanted[known[:, at], at] == 1, unseen[known[:, at], at], calibrated=True)
               for at, name in enumerate(names)}
    stored = {name: array.astype(np.float32 if name.endswith("bias") else np.float16) for name, array in arrays.items()}
    return Trained(stored | {"sections": section_bytes(sections)}, figures, unseen,
                   _found(answers[:, :len(sections)], outputs[:, len(names):][:, :len(sections)]))


def _found(answers: Numbers, made: Numbers) -> dict[int, float]:
    """Share of the questions that a section answers with such a one first, and among the first three: {1: ..., 3: ...}."""
    asked = np.nansum(answers, 1) > 0
    if not asked.any():
        return {}
    order = np.argsort(-made[asked], axis=1)
    right = np.take_along_axis(answers[asked] > 0, order, axis=1)
    return {depth: round(float(right[:, :depth].any(1).mean()), 4) for depth in (1, 3)}


def _network(raw: Numbers, wanted: Numbers, answers: Numbers) -> Arrays:
    """NETWORKS networks, trained and averaged, as one with as many times HIDDEN units: see ``classifier``."""
    torch, *_ = _needed()
    functional = torch.nn.functional
    torch.set_num_threads(1)  # the steps are small, and sums over one thread are the same each time
    middle, spread = raw.mean(0, dtype=np.float64), raw.std(0, dtype=np.float64)
    spread = np.maximum(spread, SPREAD * np.median(spread))
    given = torch.from_numpy(((raw - middle) / spread).astype(np.float32))
    target = torch.from_numpy(np.nan_to_num(wanted).astype(np.float32))
    known = torch.from_numpy((~np.isnan(wanted)).astype(np.float32))
    smooth = SMOOTHING / answers.shape[1]
    told = torch.from_numpy((~np.isnan(answers[:, 0])).astype(np.float32))
    shares = torch.from_numpy((np.nan_to_num(answers) * (1 - SMOOTHING) + smooth).astype(np.float32))
    labels = target.shape[1]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        units, outputs = NETWORKS * HIDDEN, labels + answers.shape[1]
        shapes = ((given.shape[1], units), (units,), (NETWORKS, HIDDEN, outputs), (NETWORKS, outputs))
        sizes = (given.shape[1], given.shape[1], HIDDEN, HIDDEN)  # of what comes in: the usual first weights
        first, first_bias, second, second_bias = parameters = [
            torch.nn.Parameter((torch.rand(shape) * 2 - 1) / size**0.5) for shape, size in zip(shapes, sizes, strict=True)]
        optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
        steps = EPOCHS * -(-len(given) // BATCH)
        cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=steps)
        for _ in range(EPOCHS):
            for batch in torch.randperm(len(given)).split(BATCH):
                hidden = torch.relu(functional.dropout(given[batch], INPUT_DROPOUT) @ first + first_bias)
                hidden = functional.dropout(hidden, DROPOUT)
                results = torch.einsum("bnh,nhk->bnk", hidden.view(-1, NETWORKS, HIDDEN), second) + second_bias
                of_labels = functional.binary_cross_entropy_with_logits(
                    results[..., :labels], target[batch][:, None].expand(-1, NETWORKS, -1), reduction="none")
                of_sections = -(shares[batch][:, None] * functional.log_softmax(results[..., labels:], -1)).sum(-1)
                loss = ((of_labels * known[batch][:, None]).sum()
                        + SECTIONS_WEIGHT * (of_sections * told[batch][:, None]).sum()) / len(batch)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                cycle.step()
        weights = first.detach().numpy().astype(np.float64) / spread[:, None]
        bias = first_bias.detach().numpy().astype(np.float64)
        return {"first": weights, "first_bias": bias - middle @ weights,
                "second": second.detach().numpy().reshape(units, -1).astype(np.float64) / NETWORKS,
                "second_bias": second_bias.detach().numpy().astype(np.float64).mean(0)}


def _folds(wanted: npt.NDArray[Any], alike: Numbers) -> Any:
    """FOLDS pairs of numbers to learn from and numbers left; messages that say nearly the same are never in both."""
    _, sklearn, scipy = _needed()
    near = sklearn.neighbors.radius_neighbors_graph(alike, (2 - 2 * ALIKE) ** 0.5)  # distance of unit vectors with this cosine
    _, families = scipy.sparse.csgraph.connected_components(near, directed=False)
    return sklearn.model_selection.StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED).split(alike, wanted, families)


def _figures(truth: Truth, scores: Numbers, calibrated: bool = False) -> Figures:
    _, sklearn, _ = _needed()
    others = np.sort(scores[~truth])[::-1]
    cut = others[int(FALSE_ALARMS * len(others))]
    return Figures(len(truth), int(truth.sum()), float(sklearn.metrics.roc_auc_score(truth, scores)),
                   float((scores[truth] > cut).mean()), _calibration_error(truth, scores) if calibrated else None)


def _calibration_error(truth: Truth, scores: Numbers, groups: int = 10) -> float:
    """Mean distance between what was said and what came, over groups of equal size (as in ``metrics``)."""
    parts = np.array_split(np.argsort(scores, kind="stable"), groups)
    return float(sum(len(part) * abs(scores[part].mean() - truth[part].mean()) for part in parts) / len(scores))
