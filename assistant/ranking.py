"""question -> hits, best first, and the figures that say how well they fit. Owns no dependency.

    score = z(passage cosine) + z(best-sentence cosine) + BM25_WEIGHT * z(BM25)

Each part is turned into standard scores over the candidates of this question, so that none drowns the others
(weights by design, not fitted: shared measurements put 0.2-0.5 on BM25; see docs/decisions.md).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.embedding import Vectors
from assistant.index import Index
from assistant.keywords import tokens
from assistant.schema import Hit

BM25_WEIGHT = 0.4
POOL_ROWS, POOL_KEYWORDS = 1000, 100  # nearest rows and best keyword matches that are scored in full
SAME_SHARE = 0.6  # two passages that share this much of the shorter one's word triples say the same


@dataclass(frozen=True)
class Evidence:
    """How well the best hits fit the question; the input of the decision whether to answer.

    cosine     the better of passage and best-sentence cosine of the first hit, -1..1
    lead       how far the first hit's score stands above the pool's mean, in standard deviations
    coverage   share of the question's IDF weight that the first three hits cover together, 0..1
    first      share that the first hit covers alone, 0..1
    unknown    share of the weight whose words occur in no passage, 0..1
    """

    cosine: float
    lead: float
    coverage: float
    first: float
    unknown: float


def rank(index: Index, question: str, vector: Vectors, keep: int) -> tuple[list[Hit], Evidence]:
    """The ``keep`` best hits of a question and the evidence. ``vector`` is the question's, shape (dim,)."""
    words = tokens([question])[0]
    keyword = index.keywords.scores(words)
    scores, rows = index.nearest(vector, POOL_ROWS)
    pool = np.unique(np.concatenate([index.row_passage[rows], np.argsort(-keyword)[:POOL_KEYWORDS]]))
    passage, sentence, best = _cosines(index, vector, pool, rows, scores)
    total = _standard(passage) + _standard(sentence) + BM25_WEIGHT * _standard(keyword[pool])
    order = np.lexsort((pool, -total))[:keep]  # equal scores: the earlier passage first, always the same
    hits = [Hit(index.passages[pool[at]], float(total[at]), place, index.passages[pool[at]].sentences[best[at]],
                float(max(passage[at], sentence[at]))) for place, at in enumerate(order, 1)]
    return hits, _evidence(index, words, [int(pool[at]) for at in order[:3]], hits)


def _cosines(index: Index, vector: Vectors, pool: npt.NDArray[np.int64], rows: npt.NDArray[np.int64],
             scores: Vectors) -> tuple[Vectors, Vectors, npt.NDArray[np.int64]]:
    """Passage cosine, best-sentence cosine and number of the best sentence, each (len(pool),)."""
    cosine = np.full(len(index.row_passage), np.nan, np.float32)
    cosine[rows] = scores
    counts = index.first_sentence[pool + 1] - index.first_sentence[pool]
    borders = np.concatenate([[0], np.cumsum(counts)])
    inside = np.arange(borders[-1]) - np.repeat(borders[:-1] - index.first_sentence[pool], counts)  # sentence rows
    wanted = np.concatenate([pool, inside])
    missing = wanted[np.isnan(cosine[wanted])]  # in a large index, rows of the pool that were not among the nearest
    if len(missing):
        cosine[missing] = index.vectors(missing) @ vector
    best = np.array([int(np.argmax(cosine[inside[low:high]]))
                     for low, high in itertools.pairwise(borders.tolist())], np.int64)
    return cosine[pool], np.maximum.reduceat(cosine[inside], borders[:-1]), best


def _standard(values: npt.NDArray[np.float64] | npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Standard scores; all zero when the values do not differ. Example: [1, 2, 3] -> [-1.22, 0, 1.22]."""
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread if spread > 1e-9 else np.zeros(len(values)), np.float64)


def _evidence(index: Index, words: list[str], top: list[int], hits: list[Hit]) -> Evidence:
    keywords = index.keywords
    total = sum(keywords.weight(word) for word in set(words)) or 1.0
    together = {word for word in set(words) if any(keywords.covered([word], number) for number in top)}
    return Evidence(
        cosine=hits[0].cosine, lead=hits[0].score,
        coverage=sum(keywords.weight(word) for word in together) / total,
        first=keywords.covered(words, top[0]),
        unknown=sum(keywords.weight(word) for word in set(words) if not keywords.known(word)) / total)


def without_repeats(hits: list[Hit]) -> list[Hit]:
    """Hits without those that say the same as one before them (shared word triples)."""
    kept: list[tuple[Hit, set[tuple[str, ...]]]] = []
    for hit in hits:
        words = hit.passage.text.casefold().split()
        triples: set[tuple[str, ...]] = set(zip(words, words[1:], words[2:], strict=False))
        if all(len(triples & other) < SAME_SHARE * max(1, min(len(triples), len(other))) for _, other in kept):
            kept.append((hit, triples))
    return [hit for hit, _ in kept]
