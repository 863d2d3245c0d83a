"""a report -> a TREC run and its qrels, which any evaluation tool of the field reads.

    .run     qid Q0 docid rank score tag        .qrels   qid 0 docid grade

A docid is a passage id, ``source:start-end``. Columns are parted by spaces, so white space and "%" inside an id are
written as in a web address. Scores fall strictly, because tools order by score and each breaks ties in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from assistant.screening.labels import ANSWERABLE

if TYPE_CHECKING:
    from assistant.evaluation.report import Outcome, Report

TAG = "ketamine-answers"
STEP = 0.001  # scores are rounded to 0.0001; tools that keep them in 32 bits still tell this apart


def column(text: str) -> str:
    """An id as one column. Example: "my file:0-12" -> "my%20file:0-12"."""
    return re.sub(r"[\s%]", lambda match: quote(match[0]), text)


def run_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        score = float("inf")
        for rank, (passage, ranked_score) in enumerate(outcome.ranked, 1):
            score = min(ranked_score, score - STEP)
            yield f"{column(outcome.id)} Q0 {column(passage)} {rank} {score:.4f} {TAG}"


def qrel_lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """One line a right passage of every question that the means are over."""
    for outcome in outcomes:
        if outcome.group == ANSWERABLE:
            yield from (f"{column(outcome.id)} 0 {column(passage)} 1" for passage in outcome.relevant)


def write(report: Report, beside: Path) -> tuple[Path, Path]:
    """Write run and qrels beside the saved report, under its name; returns their paths."""
    run, qrels = beside.with_suffix(".run"), beside.with_suffix(".qrels")
    run.write_text("".join(f"{line}\n" for line in run_lines(report.outcomes)), "utf-8")
    qrels.write_text("".join(f"{line}\n" for line in qrel_lines(report.outcomes)), "utf-8")
    return run, qrels
