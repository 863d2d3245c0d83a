"""judged questions -> what each one found -> report. A mean is over all of them; one without a right passage counts 0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from assistant.answering.assistant import Assistant
from assistant.errors import CorpusError
from assistant.evaluation import metrics
from assistant.evaluation.judgments import Question, all_passages, missing_quotes, quoted_spans, relevant, with_words
from assistant.evaluation.metrics import DEPTH, OF_PASSAGES, measure
from assistant.evaluation.report import Outcome, RankedPassage, Report
from assistant.schema import Answer, Citation

SHOWN = 3  # passages of a question that a report shows
FIRST_WORDS = 15  # of each of them


def evaluate(assistant: Assistant, questions: Sequence[Question], name: str,
             progress: Callable[[int, int], None] | None = None) -> Report:
    """Ask every question and measure. Raises CorpusError when a judged quote no longer exists."""
    questions = with_words(questions, assistant.sources)
    missing = missing_quotes(questions, assistant)
    if missing:
        question_id, judgment = missing[0]
        raise CorpusError(f"{len(missing)} judged quotes of {name} no longer occur in the corpus, first {question_id}: "
                          f"{judgment.source_id} {judgment.quote[:60]!r}: correct the evaluation set.")
    passages = all_passages(assistant)
    outcomes: list[Outcome] = []
    for number, question in enumerate(questions, 1):
        right = relevant(question, passages) or quoted_spans(question, assistant)
        outcomes.append(_outcome(question, assistant.ask(question.question, k=SHOWN, ranked=DEPTH), right))
        if progress:
            progress(number, len(questions))
    figures = measure({item.id: dict.fromkeys(item.relevant, 1) for item in outcomes if item.relevant},
                      {item.id: [passage for passage, _ in item.ranked] for item in outcomes})
    outcomes = [replace(item, measures=figures.get(item.id, {})) for item in outcomes]
    by_split = {split: [item for item in outcomes if split in ("all", item.split)]
                for split in ["all", *sorted({item.split for item in outcomes})]}
    return Report(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), assistant.generation, name, tuple(outcomes),
                  {split: metrics.means(items, OF_PASSAGES) for split, items in by_split.items()},
                  intervals={split: metrics.intervals(items, OF_PASSAGES) for split, items in by_split.items()})


def _outcome(question: Question, answer: Answer, right: Sequence[str]) -> Outcome:
    """``measures`` is still empty. A card and a refused subject come without confidence."""
    ids = [f"{hit.source_id}:{hit.start}-{hit.end}" for hit in answer.ranked]
    best = tuple(RankedPassage(ids[at], hit.title, hit.heading, _first_words(hit), ids[at] in right)
                  for at, hit in enumerate(answer.ranked[:SHOWN]))
    by_rule = answer.status == "urgent" or answer.subject is not None
    first = next((at for at, passage in enumerate(ids, 1) if passage in right), 0)
    return Outcome(question.id, question.question, question.group, question.split, answer.status,
                   round(answer.confidence, 4), first, {}, by_rule, best,
                   tuple((passage, hit.score) for passage, hit in zip(ids, answer.ranked, strict=True)), tuple(right))


def _first_words(hit: Citation) -> str:
    words = hit.exact.split()
    return " ".join(words[:FIRST_WORDS]) + (" …" if len(words) > FIRST_WORDS else "")
