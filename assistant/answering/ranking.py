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

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from assistant.answering.highlight import mark
from assistant.answering.relevance import inputs, relevance
from assistant.arrays import Vectors
from assistant.index.bm25 import tokens
from assistant.index.encoder import TextEmbedding
from assistant.index.index import Index
from assistant.index.stores.mapped import MappedStore
from assistant.schema import Hit, Passage, Span
from assistant.screening.classifier import Reading

SENTENCE_WEIGHT, BM25_WEIGHT = 1.0, 1.2
LEARNT_WEIGHT, ASKED_WEIGHT = 6.0, 2.0  # the second where the network knows no section of the corpus; nothing without questions
MAXSIM_WEIGHT = 2.0
FINE_DEPTH = 24  # passages that are compared token by token
POOL_ROWS, POOL_KEYWORDS = 1000, 100  # nearest rows and best keyword matches that are scored in full
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
    learnt     whether the network knows sections of this corpus
    logits     what the network says of the question, by label; None without weights
    length     content words of the question, as a share of LONG, at most 1: long questions fit less closely
    of_hits    what the relevance of each hit was told from (see ``relevance``), to fit it; None for a large index
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


def rank(index: Index, question: str, fine: TextEmbedding, keep: int) -> tuple[list[Hit], Evidence]:
    """The ``keep`` best hits of a question and the evidence. ``fine`` holds the question's vectors."""
    words, vector = tokens([question])[0], fine.vector
    reading = index.network.read(vector, fine.inner_layers) if index.network else None
    if index.stacks:
        return _rank_stacks(index, index.stacks, words, fine, keep, reading)
    keyword = index.keywords.scores(words)
    cosine = index.cosines(vector)
    rows = index.nearest(cosine, POOL_ROWS)
    best_keywords = np.argsort(-keyword)[:POOL_KEYWORDS]
    pool = np.flatnonzero(np.bincount(np.concatenate([index.row_passage[rows], best_keywords]), minlength=len(index.passages)))
    passage, sentence, asked = _parts(index, cosine, pool)
    evidence_fine = float(max(passage.max(), sentence.max()))
    total = _standard(passage) + SENTENCE_WEIGHT * _standard(sentence) + BM25_WEIGHT * _standard(keyword[pool])
    has_asked, learnt = index.first_asked[-1] > index.first_asked[0], bool(index.present.any())
    sections = index.section[pool]
    answers = reading.sections[sections] if reading and learnt else np.zeros(len(pool), np.float32)
    if learnt:
        total += LEARNT_WEIGHT * _blended(answers, asked, sections >= 0)
    elif has_asked:
        total += ASKED_WEIGHT * _standard(asked)
    order = np.lexsort((pool, -total))  # equal scores: the earlier passage first, always the same
    close = np.maximum(passage, sentence).astype(np.float64)
    if index.tokens is not None:
        top = order[:FINE_DEPTH]
        closeness = index.tokens.scores(fine, pool[top])
        evidence_fine = float(closeness.max())
        close[top] = closeness
        total[top] += MAXSIM_WEIGHT * _standard(closeness)
        order = np.concatenate([top[np.lexsort((pool[top], -total[top]))], order[FINE_DEPTH:]])
    order, keywords = order[:keep], index.keywords
    covered = np.array([keywords.covered(words, int(pool[at])) for at in order])
    known = np.where(sections[order] >= 0, answers[order], np.nan)
    hits = [Hit(index.passages[pool[at]], float(total[at]), place, _mark(index, int(pool[at]), cosine),
                float(max(passage[at], sentence[at])), float(answers))
            for place, (at, answers) in enumerate(zip(order, relevance(close[order], covered, known), strict=True), 1)]
    subject, subject_cosine = index.closest_subject(cosine)
    weight = sum(keywords.weight(word) for word in set(words)) or 1.0
    evidence = Evidence(
        cosine=float(max(passage.max(), sentence.max())), asked=float(asked.max()) if has_asked else None,
        fine=evidence_fine,
        first=float(covered[0]),
        unknown=sum(keywords.weight(word) for word in set(words) if not keywords.known(word)) / weight,
        length=min(len(set(words)), LONG) / LONG, subject=subject, subject_cosine=subject_cosine,
        coverage=reading.coverage(index.present | (not learnt)) if reading else 0.0, relevance=hits[0].relevance,
        learnt=learnt, logits=reading.logits if reading else None, of_hits=inputs(close[order], covered, known))
    return hits, evidence


def _rank_stacks(index: Index, stacks: MappedStore, words: list[str], fine: TextEmbedding, keep: int,
                 reading: Reading | None) -> tuple[list[Hit], Evidence]:
    """The first stage over candidates of a large index, which has no vectors of sentences and tokens.

    The marked sentence is the one that shares most of the question's weight. A passage that fails its proof gives its place to
    the next one and is no evidence.
    """
    numbers, cosine, asked, keyword = stacks.candidates(fine.vector, words, POOL_KEYWORDS)
    total = (1 + SENTENCE_WEIGHT) * _standard(cosine) + BM25_WEIGHT * _standard(keyword)
    if len(stacks.asked):
        total += ASKED_WEIGHT * _standard(asked)
    weights = {word: stacks.keywords.weight(word) for word in set(words)}
    hits: list[Hit] = []
    covered: list[float] = []
    whole = np.ones(len(numbers), bool)
    for at in np.lexsort((numbers, -total)):
        if len(hits) == keep:
            break
        passage = stacks.verified.try_get(int(numbers[at]))
        if passage is None:
            whole[at] = False
        else:
            hits.append(Hit(passage, float(total[at]), len(hits) + 1, _most_shared(passage, weights), float(cosine[at])))
            covered.append(stacks.keywords.covered(words, passage))
    answers = relevance(np.array([hit.cosine for hit in hits]), np.array(covered))
    hits = [replace(hit, relevance=float(sure)) for hit, sure in zip(hits, answers, strict=True)]
    subject, subject_cosine = index.closest_subject(index.cosines(fine.vector))
    nearest = float(cosine[whole].max(initial=-1.0))
    evidence = Evidence(
        cosine=nearest, asked=float(asked[whole].max(initial=-1.0)) if len(stacks.asked) else None, fine=nearest,
        first=stacks.keywords.covered(words, hits[0].passage) if hits else 0.0,
        unknown=sum(weights[word] for word in weights if not stacks.keywords.known(word)) / (sum(weights.values()) or 1.0),
        length=min(len(weights), LONG) / LONG, subject=subject, subject_cosine=subject_cosine,
        coverage=reading.coverage(np.ones(len(reading.sections), bool)) if reading else 0.0,
        relevance=hits[0].relevance if hits else 0.0, learnt=bool(len(stacks.asked)), logits=reading.logits if reading else None)
    return hits, evidence


def _most_shared(passage: Passage, weights: dict[str, float]) -> Span:
    """What to mark where sentences have no vectors: a sentence is as good as the weight of its words in the question."""
    texts = [passage.text[start - passage.start:end - passage.start] for start, end in passage.sentences]
    shared = [sum(weights.get(word, 0.0) for word in set(held)) for held in tokens(texts)]
    return mark(passage, shared)


def _parts(index: Index, cosine: Vectors, pool: npt.NDArray[np.int64]) -> tuple[Vectors, Vectors, Vectors]:
    """Passage, best-sentence and best asked-as cosine, each (len(pool),), from the cosine of every row.

    A passage without asked-as questions is taken to be asked what its closest words say.
    """
    sentence_rows, sentences = _rows_of(index.first_sentence, pool)
    asked_rows, questions = _rows_of(index.first_asked, pool)
    sentence = np.maximum.reduceat(cosine[sentence_rows], np.cumsum(sentences) - sentences)
    asked = np.maximum(cosine[pool], sentence)
    has = questions > 0
    if has.any():
        asked[has] = np.maximum.reduceat(cosine[asked_rows], (np.cumsum(questions) - questions)[has])
    return cosine[pool], sentence, asked


def _blended(learnt: Vectors, asked: Vectors, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Standard scores of ``learnt`` where it is ``known``, and elsewhere those that ``asked`` has among all: (pool,)."""
    found = _standard(asked)
    if known.any():
        found[known] = _standard(learnt[known])
    return found


def _rows_of(first: npt.NDArray[np.int64], pool: npt.NDArray[np.int64]
             ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row numbers that belong to the passages of a pool, passage by passage, and how many each has."""
    counts = first[pool + 1] - first[pool]
    starts = np.cumsum(counts) - counts
    return np.arange(counts.sum()) + np.repeat(first[pool] - starts, counts), counts


def _mark(index: Index, passage: int, cosine: Vectors) -> Span:
    low, high = index.first_sentence[passage], index.first_sentence[passage + 1]
    return mark(index.passages[passage], cosine[low:high])


def _standard(values: npt.NDArray[np.float64] | npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Standard scores; all zero when the values do not differ. Example: [1, 2, 3] -> [-1.22, 0, 1.22]."""
    spread = float(values.std())
    return np.asarray((values - values.mean()) / spread if spread > 1e-9 else np.zeros(len(values)), np.float64)
