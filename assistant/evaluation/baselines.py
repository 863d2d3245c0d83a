"""a BEIR folder -> a throw-away index -> three rankings of its documents, measured side by side.

    dense     cosine of the question and of whole passages
    bm25      keywords alone
    service   ``ranking.rank``, the way that a question takes

All three see the same passages, cut, embedded and stored as those of the service; a document stands where its best
passage stands. Glossary, asked-as questions and subjects not covered stay out: they belong to our corpus, not to this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.question import clean
from assistant.answering.ranking import rank
from assistant.arrays import Vectors
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.corpus.reader import Corpus
from assistant.errors import QuestionError
from assistant.evaluation.beir import Benchmark
from assistant.evaluation.metrics import DEPTH, OF_DOCUMENTS, interval, measure
from assistant.index.bm25 import tokens
from assistant.index.encoder import PACKAGED, Encoder, Progress
from assistant.index.index import Index
from assistant.index.late_interaction import MOST_PASSAGES
from assistant.index.vectors import FLAT
from assistant.indexing.build import Log, build_from

RANKINGS = ("dense", "bm25", "service")
KEEP = 500  # passages that the service ranks: enough for DEPTH documents unless each gives fifty


@dataclass(frozen=True)
class Comparison:
    """What three rankings reach on one folder. ``means`` and ``intervals`` (95%) by ranking and measure."""

    folder: str
    split: str
    queries: int
    documents: int
    passages: int
    late_interaction: bool  # False in an index so large that the service ranks without it
    means: dict[str, dict[str, float]]
    intervals: dict[str, dict[str, tuple[float, float]]]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        lines = [f"{self.folder}, split {self.split}: {self.queries} queries, {self.documents} documents, "
                 f"{self.passages} passages", f"{'':12}" + "".join(f"{name:>10}" for name in RANKINGS)]
        lines += [f"{label:12}" + "".join(f"{self.means[name][label]:>10.3f}" for name in RANKINGS) for label in OF_DOCUMENTS]
        lines += ["", "95% intervals (bootstrap over queries)"]
        for label in OF_DOCUMENTS:
            ends = [self.intervals[name][label] for name in RANKINGS]
            lines.append(f"{label:12}" + "".join(f"{low:>10.3f}-{high:.3f}" for low, high in ends))
        if not self.late_interaction:
            lines.append(f"More than {MOST_PASSAGES:,} passages: the service ranks without late interaction.")
        return "\n".join(lines)


def corpus_of(benchmark: Benchmark) -> Corpus:
    """The documents as a corpus without editors: fixed texts only, as no index is built without the notice."""
    return Corpus(benchmark.folder, benchmark.documents, replace(read_texts(SHIPPED), subjects=()))


def compare(benchmark: Benchmark, into: Path, *, limit: int | None = None, model: str = PACKAGED,
            encoder: Encoder | None = None, build_progress: Progress | None = None, progress: Progress | None = None,
            log: Log | None = None) -> Comparison:
    """Build the index of ``benchmark`` in ``into``, or take the one that is there, and measure the first ``limit`` queries.

    All documents are searched whatever the limit. A query that cannot be asked (too long, unreadable) counts 0.
    Raises BadInput or BuildFailed.
    """
    say = log or (lambda line: None)
    build_from(corpus_of(benchmark), into, model=model, encoder=encoder, progress=build_progress, log=log, complete=False,
               nearest=FLAT)  # a measure of the ranking, not of a large index
    index = Index.open(into, encoder)
    empty = len(benchmark.documents) - len({passage.source_id for passage in index.passages})
    if empty:
        say(f"{empty} documents give no passage and cannot be found.")
    search = Search(index)
    chosen = list(benchmark.queries)[:limit]
    rankings: dict[str, dict[str, list[str]]] = {name: {} for name in RANKINGS}
    for number, query in enumerate(chosen, 1):
        try:
            ranked = search.documents(benchmark.queries[query])
        except QuestionError as error:
            say(f"Query {query} counts 0: {error}")
            ranked = {}
        for name, documents in ranked.items():
            rankings[name][query] = [document for document in documents if document != query][:DEPTH]  # as BEIR itself does
        if progress:
            progress(number, len(chosen))
    relevant = {query: benchmark.relevant[query] for query in chosen}
    figures = {name: measure(relevant, rankings[name], OF_DOCUMENTS) for name in RANKINGS}
    values = {name: {label: [figures[name][query][label] for query in chosen] for label in OF_DOCUMENTS} for name in RANKINGS}
    return Comparison(
        benchmark.folder.name, benchmark.split, len(chosen), len(benchmark.documents), len(index.passages),
        index.store.late_interaction is not None,
        {name: {label: round(sum(one) / len(one), 4) for label, one in table.items()} for name, table in values.items()},
        {name: {label: interval(one) for label, one in table.items()} for name, table in values.items()})


class Search:
    """An opened index that ranks documents in three ways."""

    def __init__(self, index: Index) -> None:
        if index.encoder is None:
            raise RuntimeError("the index was opened without its encoder")
        self._index, self._encoder = index, index.encoder
        self._vectors: Vectors = index.store.vectors(np.arange(len(index.passages)))

    def documents(self, query: str) -> dict[str, list[str]]:
        """Documents by ranking, best first: at least DEPTH + 1 where there are so many. Raises QuestionError."""
        readable = clean(query)
        fine = self._encoder.encode_fine([readable])[0]
        hits, _ = rank(self._index, readable, fine, KEEP)
        keyword = self._index.store.matches(tokens([readable])[0])[1]
        return {"dense": self._by_score(self._vectors @ fine.vector),
                "bm25": self._by_score(np.where(keyword > 0, keyword, -np.inf)),  # no shared word: not found
                "service": _distinct(hit.passage.source_id for hit in hits)}

    def _by_score(self, scores: Vectors) -> list[str]:
        order = np.argsort(-scores, kind="stable")
        return _distinct(self._index.passages[number].source_id for number in order if np.isfinite(scores[number]))


def _distinct(documents: Iterable[str]) -> list[str]:
    """The first DEPTH + 1 documents, each where it comes first; one more than is measured, as one may be the query itself."""
    kept: dict[str, None] = {}
    for document in documents:
        kept[document] = None
        if len(kept) > DEPTH:
            break
    return list(kept)
