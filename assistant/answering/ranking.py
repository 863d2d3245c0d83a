"""question -> hits, best first, and the figures that say how well they fit.

    first stage   z(passage cosine) + SENTENCE_WEIGHT * z(best-sentence cosine) + BM25_WEIGHT * z(BM25)
                  + LEARNT_WEIGHT * z(log-probability of its section)                       over the pool
    second stage  first + MAXSIM_WEIGHT * z(MaxSim)                                         over its best FINE_DEPTH

The network (``classifier``) learnt from asked-as questions which section answers what. A passage of a section that it does not
know is asked what its closest words say or its asked-as questions, and stands as high by that as it would among the others.

Each part is turned into standard scores over the candidates of this question, so that none drowns the others.
The weights were chosen on the dev split of eval/questions.jsonl; docs/quality.md has the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from assistant.answering.highlight import mark
from assistant.answering.relevance import inputs, relevance
from assistant.arrays import Rows, Vectors
from assistant.index.bm25 import tokens
from assistant.index.encoder import TextEmbedding
from assistant.index.index import Index
from assistant.index.stores.base import Candidates, Store, TextStore
from assistant.index.text_index import TextIndex
from assistant.schema import Hit, Passage, Span

SENTENCE_WEIGHT = 1.0
LEARNT_WEIGHT, BESIDE_LEARNT_BM25_WEIGHT = 8.0, 2.5  # where the network knows sections of the corpus
ASKED_WEIGHT, BM25_WEIGHT = 2.0, 1.2  # where it knows none; the first only for a corpus with asked-as questions
MAXSIM_WEIGHT = 2.0
FINE_DEPTH = 24  # passages that are compared token by token
LEXICAL_ASKED_WEIGHT = 0.5  # of the best asked-as question beside the passage, by words alone; chosen on dev (docs/quality.md)
LONG = 12  # content words


@dataclass(frozen=True)
class Evidence:
    """How well the best hits fit the question; the input of the decision whether to answer.

    cosine     the best passage or sentence cosine of any hit, -1..1
    asked      the best cosine of any asked-as question with a vector, None in a corpus without them
    fine       the best MaxSim of any hit, -1..1; equals ``cosine`` in an index without token vectors
    first      share of the question's IDF weight whose words the first hit holds, 0..1
    subject    the subject not covered whose example is nearest, and that example's cosine
    unknown    share of the weight whose words occur in no passage, 0..1
    relevance  how surely the first hit answers, 0..1 (see ``relevance``)
    coverage   the log-odds that a section which the network knows answers (see ``classifier``); 0 without weights
    learnt     whether the network learnt from questions of this corpus (see ``Index.has_learnt``)
    logits     what the network says of the question, by label; None without weights
    length     content words of the question, as a share of LONG, at most 1: long questions fit less closely
    of_hits    what the relevance of each hit was told from (see ``relevance``), to fit it; None without hits
    """

    cosine: float
    asked: float | None
    fine: float
    first: float
    unknown: float
    length: float
    subject: str | None = None
    subject_cosine: float = 0.0
    coverage: float = 0.0
    relevance: float = 0.0
    learnt: bool = False
    logits: Mapping[str, float] | None = None
    of_hits: npt.NDArray[np.float64] | None = field(default=None, compare=False, repr=False)


def rank(index: Index, question: str, embedding: TextEmbedding, keep: int) -> tuple[list[Hit], Evidence]:
    """The ``keep`` best hits of a question and the evidence. ``embedding``: of the question.

    A passage that fails its proof gives its place to the next one and is no evidence.
    """
    store, vector, words = index.store, embedding.vector, tokens([question])[0]
    reading = index.network.read(vector, embedding.inner_layers) if index.network else None
    near = store.candidates(vector, words)
    cosine, sections = np.maximum(near.passage, near.sentence), index.sections_of(near.numbers)
    known = sections >= 0
    learnt = reading.sections[sections] if reading and known.any() else np.zeros(len(sections), np.float32)
    total = _first_stage(index, near, learnt, known)
    order = compared = np.lexsort((near.numbers, -total))  # equal scores: the earlier passage first, always the same
    fine = cosine.astype(np.float64)
    if store.late_interaction is not None:  # the second stage
        compared = order[:FINE_DEPTH]
        fine[compared] = store.late_interaction.scores(embedding, near.numbers[compared])
        total[compared] += MAXSIM_WEIGHT * _standard(fine[compared])
        order = np.concatenate([compared[np.lexsort((near.numbers[compared], -total[compared]))], order[FINE_DEPTH:]])
    passages, kept, whole = _verified(store, near.numbers, order, keep)
    weights = {word: store.idf(word) for word in words}
    covered = np.array([store.covered(weights, passage) for passage in passages])
    known_learnt = np.where(known[kept], learnt[kept], np.nan)
    hits = [Hit(passage, float(total[at]), place, partial(_mark, store, passage, int(near.numbers[at]), vector, weights),
                float(cosine[at]), float(sure))
            for place, (passage, at, sure) in enumerate(zip(passages, kept, relevance(fine[kept], covered, known_learnt),
                                                            strict=True), 1)]
    subject, subject_cosine = index.closest_subject(vector)
    return hits, Evidence(
        cosine=float(cosine[whole].max(initial=-1.0)),
        asked=float(near.asked[whole].max(initial=-1.0)) if store.has_asked else None,
        fine=float(fine[compared[whole[compared]]].max(initial=-1.0)),
        first=float(covered[0]) if hits else 0.0,
        unknown=sum(weights[word] for word in weights if not store.known(word)) / (sum(weights.values()) or 1.0),
        length=min(len(weights), LONG) / LONG, subject=subject, subject_cosine=subject_cosine,
        coverage=reading.coverage(index.present | (not index.present.any())) if reading else 0.0,
        relevance=hits[0].relevance if hits else 0.0, learnt=index.has_learnt, logits=reading.logits if reading else None,
        of_hits=inputs(fine[kept], covered, known_learnt) if hits else None)


def _first_stage(index: Index, near: Candidates, learnt: Vectors, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The score of each candidate: (n,). ``learnt``: what the network gives its section, where it is ``known``."""
    total, keyword = _standard(near.passage) + SENTENCE_WEIGHT * _standard(near.sentence), _standard(near.keyword)
    if index.present.any():
        return total + BESIDE_LEARNT_BM25_WEIGHT * keyword + LEARNT_WEIGHT * _blended(learnt, near.asked, known)
    return total + BM25_WEIGHT * keyword + (ASKED_WEIGHT * _standard(near.asked) if index.store.has_asked else 0.0)


def rank_by_words(index: TextIndex, words: Sequence[str], keep: int) -> list[Hit]:
    """Passages that share words with a question, best first, where no model can be asked.

    ``cosine`` and ``relevance`` of each: the share of the question's weight, 0..1, that its words hold, in the place of figures
    that nobody measured.
    """
    store = index.store
    numbers, keyword = store.matches(words)
    total, asked = _standard(keyword), store.asked_matches(words, numbers)
    if asked is not None:
        total += LEXICAL_ASKED_WEIGHT * _standard(asked)
    order = np.argsort(-total, kind="stable")
    passages, kept, _ = _verified(store, numbers, order[keyword[order] > 0], keep)
    weights = {word: store.idf(word) for word in words}
    hits = []
    for place, (passage, at) in enumerate(zip(passages, kept, strict=True), 1):
        held = store.covered(weights, passage)
        hits.append(Hit(passage, float(total[at]), place, partial(_mark_shared, passage, weights), held, held))
    return hits


def _verified(store: TextStore, numbers: Rows, order: Rows, keep: int) -> tuple[list[Passage], Rows, npt.NDArray[np.bool_]]:
    """The ``keep`` first passages that are what was indexed, their places among the candidates, and for each candidate False
    where it is known not to be."""
    passages: list[Passage] = []
    kept: list[int] = []
    whole, places = np.ones(len(numbers), bool), order.tolist()
    while places and len(kept) < keep:  # once, unless a passage fails its proof
        tried, places = places[:keep - len(kept)], places[keep - len(kept):]
        for at, passage in zip(tried, store.read(numbers[tried].tolist()), strict=True):
            if passage is None:
                whole[at] = False
            else:
                passages.append(passage)
                kept.append(at)
    return passages, np.array(kept, np.int64), whole


def _mark(store: Store, passage: Passage, number: int, vector: Vectors, weights: Mapping[str, float]) -> Span:
    """The sentence that is nearest; where sentences have no vectors, the one that shares most."""
    cosines = store.sentence_cosines(vector, number)
    return mark(passage, _shared(passage, weights) if cosines is None else cosines)


def _mark_shared(passage: Passage, weights: Mapping[str, float]) -> Span:
    return mark(passage, _shared(passage, weights))


def _shared(passage: Passage, weights: Mapping[str, float]) -> list[float]:
    """For each sentence the weight of the question's words that it holds."""
    texts = [passage.text[start - passage.start:end - passage.start] for start, end in passage.sentences]
    return [sum(weights.get(word, 0.0) for word in dict.fromkeys(stems)) for stems in tokens(texts)]


def _blended(learnt: Vectors, asked: Vectors, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Standard scores of ``learnt`` where it is ``known``, and elsewhere those that ``asked`` has among all: (pool,)."""
    scores = _standard(asked)
    if known.any():
        scores[known] = _standard(learnt[known])
    return scores


def _standard(values: npt.NDArray[np.float64] | npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Standard scores; all zero when the values do not differ, none of none. Example: [1, 2, 3] -> [-1.22, 0, 1.22]."""
    spread = float(values.std()) if len(values) else 0.0
    return np.asarray((values - values.mean()) / spread if spread > 1e-9 else np.zeros(len(values)), np.float64)
