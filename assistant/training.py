"""vectors of written messages -> weights, and their figures on messages unseen. Owns torch (with ``embedding``), sklearn, scipy.

    depths, labels   --network----> one hidden layer: the log-odds of each label              (``classifier.Network``)
    vectors, texts   --coverage---> kernel ridge regression over all examples, compressed     (``classifier.Coverage``)

Everything is judged by five-fold cross-validation in which messages that say nearly the same stand in one fold. Only
``python -m assistant fit`` comes here: building, asking and serving never do. Equal input gives equal weights on one machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.classifier import SLOTS, Coverage, slots, unit
from assistant.errors import BadInput
from assistant.packing import Arrays, packed

Numbers = npt.NDArray[np.floating]
Truth = npt.NDArray[np.bool_]
Progress = Callable[[int, int], None]

FOLDS, SEED = 5, 20261129
ALIKE = 0.85  # cosine from which two messages are taken to say the same
FALSE_ALARMS = 0.02  # share of messages of none of the kinds at which recall is told

# ---- networks: chosen by cross-validation over the exemplars (docs/quality.md)
NETWORKS, HIDDEN = 3, 128  # trained side by side from different starts, and averaged
EPOCHS, BATCH, RATE, DROPOUT, DECAY = 40, 256, 2e-3, 0.3, 0.01

# ---- coverage, of which 1 is answered and -1 is not: also by cross-validation
SHARPNESS, WORDS_SHARE, RIDGE = 3.0, 0.3, 0.1  # how fast a say fades with distance, the words' share, how little one counts
DIRECTIONS, LEVELS = 128, 127  # in which examples are compared, and to how many steps either way


@dataclass(frozen=True)
class Figures:
    """How well a column of figures tells two sorts of messages apart, on messages that were not learnt from."""

    messages: int
    positive: int
    auroc: float
    recall: float  # at FALSE_ALARMS
    calibration_error: float | None = None

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"messages": self.messages, "positive": self.positive, "auroc": round(self.auroc, 4),
                                 f"recall at {FALSE_ALARMS:.0%} false alarms": round(self.recall, 4)}
        return found if self.calibration_error is None else found | {"calibration error": round(self.calibration_error, 4)}


@dataclass(frozen=True)
class Trained:
    """Weights, figures by the name of their column, and the cross-validated figure of every message: (n, columns)."""

    arrays: Arrays
    figures: dict[str, Figures]
    unseen: Numbers


def _needed() -> tuple[Any, ...]:
    try:
        import scipy.linalg
        import scipy.sparse.csgraph
        import sklearn.metrics
        import sklearn.model_selection
        import sklearn.neighbors
        import torch
    except ModuleNotFoundError as error:
        raise BadInput(f"Training needs the package {error.name}, which an install that only serves leaves out: fit elsewhere "
                       "and copy the folder of weights.") from None
    return torch, sklearn, scipy


def network(depths: Numbers, wanted: Numbers, names: Sequence[str], alike: Numbers, progress: Progress | None = None) -> Trained:
    """Weights that tell the labels ``names`` apart by the depths (n, dim) of messages.

    ``wanted`` (n, labels): 1 or 0, and NaN where nobody said. ``alike``: vectors (n, dim) of length 1 by which messages that say
    nearly the same are found.
    """
    logits = np.zeros(wanted.shape)
    marked = np.nan_to_num(wanted).argmax(1) * (np.nansum(wanted, 1) > 0)  # any label, so that each is in every fold
    for number, (learnt, left) in enumerate(_folds(marked, alike)):
        trained = _network(depths[learnt], wanted[learnt])
        hidden = np.maximum(depths[left] @ trained["first"] + trained["first_bias"], 0)
        logits[left] = hidden @ trained["second"] + trained["second_bias"]
        if progress:
            progress(number + 1, FOLDS + 1)
    made = _network(depths, wanted)
    if progress:
        progress(FOLDS + 1, FOLDS + 1)
    unseen = 1 / (1 + np.exp(-logits))
    known = ~np.isnan(wanted)
    figures = {name: _figures(wanted[known[:, at], at] == 1, unseen[known[:, at], at], calibrated=True)
               for at, name in enumerate(names)}
    return Trained({name: array.astype(np.float32 if name.endswith("bias") else np.float16) for name, array in made.items()},
                   figures, unseen)


def _network(depths: Numbers, wanted: Numbers) -> Arrays:
    """NETWORKS networks, trained and averaged, as one with as many times HIDDEN units: see ``classifier``."""
    torch, *_ = _needed()
    functional = torch.nn.functional
    torch.set_num_threads(1)  # the steps are small, and sums over one thread are the same each time
    middle, spread = depths.mean(0, dtype=np.float64), float(depths.std(dtype=np.float64))
    given = torch.from_numpy(((depths - middle) / spread).astype(np.float32))
    target = torch.from_numpy(np.nan_to_num(wanted).astype(np.float32))
    known = torch.from_numpy((~np.isnan(wanted)).astype(np.float32))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        units = NETWORKS * HIDDEN
        shapes = ((given.shape[1], units), (units,), (NETWORKS, HIDDEN, target.shape[1]), (NETWORKS, target.shape[1]))
        sizes = (given.shape[1], given.shape[1], HIDDEN, HIDDEN)  # of what comes in: the usual first weights
        first, first_bias, second, second_bias = parameters = [
            torch.nn.Parameter((torch.rand(shape) * 2 - 1) / size**0.5) for shape, size in zip(shapes, sizes, strict=True)]
        optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
        steps = EPOCHS * -(-len(given) // BATCH)
        cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=steps)
        for _ in range(EPOCHS):
            for batch in torch.randperm(len(given)).split(BATCH):
                hidden = functional.dropout(torch.relu(given[batch] @ first + first_bias), DROPOUT)
                made = torch.einsum("bnh,nhk->bnk", hidden.view(-1, NETWORKS, HIDDEN), second) + second_bias
                loss = functional.binary_cross_entropy_with_logits(
                    made, target[batch][:, None].expand_as(made), reduction="none")
                loss = (loss * known[batch][:, None]).sum() / len(batch)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                cycle.step()
        weights, bias = first.detach().numpy().astype(np.float64) / spread, first_bias.detach().numpy().astype(np.float64)
        return {"first": weights, "first_bias": bias - middle @ weights,
                "second": second.detach().numpy().reshape(units, -1).astype(np.float64) / NETWORKS,
                "second_bias": second_bias.detach().numpy().astype(np.float64).mean(0)}


def coverage(vectors: Numbers, texts: Sequence[str], answered: Truth, near: Truth, progress: Progress | None = None) -> Trained:
    """Weights that tell questions that are answered from others, by their vectors (n, dim) of length 1 and their words.

    ``near``: those near the subject, answered or not, among which the two are hardest to tell apart.
    """
    unseen = np.zeros((len(texts), 1))
    bags = [slots(text) for text in texts]
    for number, (learnt, left) in enumerate(_folds(answered, vectors)):
        made = Coverage(packed(_kernel(vectors[learnt], [bags[at] for at in learnt], answered[learnt])))
        unseen[left, 0] = [made.score(vectors[at], texts[at]) for at in left]
        if progress:
            progress(number + 1, FOLDS + 1)
    arrays = _kernel(vectors, bags, answered)
    if progress:
        progress(FOLDS + 1, FOLDS + 1)
    return Trained(arrays, {"all": _figures(answered, unseen[:, 0]), "near": _figures(answered[near], unseen[near, 0])}, unseen)


def _kernel(vectors: Numbers, bags: Sequence[list[int]], answered: Truth) -> Arrays:
    """Solved in closed form. Vectors are seen from their middle in the DIRECTIONS of most variance, at length 1, as bytes."""
    _, _, scipy = _needed()
    middle = vectors.mean(0, dtype=np.float64)
    _, found = np.linalg.eigh((vectors - middle).T @ (vectors - middle))
    directions = found[:, ::-1][:, :DIRECTIONS].astype(np.float16)
    seen = (vectors - middle.astype(np.float32)) @ directions.astype(np.float32)
    seen /= np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-9)
    step = np.float32(np.abs(seen).max() / LEVELS)
    examples = np.round(seen / step).astype(np.int8)
    seen = examples.astype(np.float32) * step  # as they are kept
    counts = np.bincount([place for bag in bags for place in bag], minlength=SLOTS)
    rarity = np.log((1 + len(bags)) / (1 + counts)).astype(np.float32)
    rows = scipy.sparse.csr_matrix(
        (np.concatenate([unit(rarity[bag]) for bag in bags]), np.concatenate(bags), np.cumsum([0, *map(len, bags)])),
        shape=(len(bags), SLOTS), dtype=np.float32)
    near = np.exp(SHARPNESS * (seen @ seen.T - 1)) + WORDS_SHARE * (rows @ rows.T).toarray()
    near[np.diag_indices_from(near)] += RIDGE
    say = scipy.linalg.solve(near, np.where(answered, 1, -1).astype(np.float32), assume_a="pos", overwrite_a=True)
    return {"examples": examples, "unit": np.array([step]), "say": say.astype(np.float16), "sharpness": np.array([SHARPNESS]),
            "middle": middle.astype(np.float32), "directions": directions, "rarity": rarity.astype(np.float16),
            "words": (WORDS_SHARE * (rows.T @ say)).astype(np.float16)}


def _folds(wanted: npt.NDArray[Any], alike: Numbers) -> Any:
    """FOLDS pairs of numbers to learn from and numbers left; messages that say nearly the same are never in both."""
    _, sklearn, scipy = _needed()
    near = sklearn.neighbors.radius_neighbors_graph(alike, (2 - 2 * ALIKE) ** 0.5)  # distance of unit vectors with this cosine
    _, families = scipy.sparse.csgraph.connected_components(near, directed=False)
    return sklearn.model_selection.StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED).split(alike, wanted, families)


def _figures(truth: Truth, found: Numbers, calibrated: bool = False) -> Figures:
    _, sklearn, _ = _needed()
    others = np.sort(found[~truth])[::-1]
    cut = others[int(FALSE_ALARMS * len(others))]
    return Figures(len(truth), int(truth.sum()), float(sklearn.metrics.roc_auc_score(truth, found)),
                   float((found[truth] > cut).mean()), _calibration_error(truth, found) if calibrated else None)


def _calibration_error(truth: Truth, found: Numbers, groups: int = 10) -> float:
    """Mean distance between what was said and what came, over groups of equal size (as in ``statistics``)."""
    parts = np.array_split(np.argsort(found, kind="stable"), groups)
    return float(sum(len(part) * abs(found[part].mean() - truth[part].mean()) for part in parts) / len(found))
