"""(which documents are right, a ranking) -> hit@k, MRR, nDCG and recall of each query. The only importer of ir_measures.

    relevant   {"q1": {"d7": 1}}             grade by document, of every judged query
    ranking    {"q1": ["d3", "d7", "d1"]}    documents, best first
    figures    {"q1": {"hit@1": 0.0, "hit@3": 1.0, "MRR@10": 0.5, ...}}

A judged query for which nothing was found counts 0 in every measure, and is never left out of a mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, Success, nDCG

DEPTH = 10  # ranks that any measure looks at
MEASURES = {"hit@1": Success @ 1, "hit@3": Success @ 3, "hit@5": Success @ 5, "MRR@10": RR @ 10, "nDCG@10": nDCG @ 10,
            "recall@10": R @ 10}
OF_PASSAGES = ("hit@1", "hit@3", "hit@5", "MRR@10", "nDCG@10")  # what a report on questions holds
OF_DOCUMENTS = ("nDCG@10", "MRR@10", "recall@10", "hit@1", "hit@3")  # what a report on a BEIR folder holds


def measure(relevant: Mapping[str, Mapping[str, int]], ranking: Mapping[str, Sequence[str]],
            labels: Sequence[str] = OF_PASSAGES) -> dict[str, dict[str, float]]:
    """Every measure of every judged query, in the order of ``relevant``; each 0..1."""
    qrels = [ir_measures.Qrel(query, document, grade) for query, judged in relevant.items()
             for document, grade in judged.items()]
    run = [ir_measures.ScoredDoc(query, document, float(-place)) for query in relevant
           for place, document in enumerate(ranking.get(query, ())[:DEPTH])]
    figures = {query: dict.fromkeys(labels, 0.0) for query in relevant}
    names = {MEASURES[label]: label for label in labels}
    for metric in ir_measures.iter_calc(list(names), qrels, run) if run else ():
        figures[metric.query_id][names[metric.measure]] = float(metric.value)
    return figures
