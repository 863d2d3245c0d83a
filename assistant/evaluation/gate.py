"""a draft and the published generation -> judged questions asked of both -> nothing, or why the draft stays unpublished.

The gate of ``build``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.answering.assistant import Assistant
from assistant.errors import NotPublished
from assistant.evaluation.evaluate import evaluate
from assistant.evaluation.judgments import Question, missing_quotes, read_questions
from assistant.evaluation.report import is_good
from assistant.screening.labels import ANSWERABLE

# One answerable question in a hundred may be lost: an edit moves a few at the edge of the first three, up and down, and a
# gate that stops every edit gets switched off. A false answer is the worse fault, so not one more is let through.
TOLERATED = 0.01
# Where nobody asked for the gate, both generations answer only so many questions, in about two seconds. So few are coarser:
# one that stood at the edge must not stop an edit. What is let through there is caught by --gate.
SAMPLE, OF_SAMPLE = 80, 0.03
NAMED = 20  # ids in the reason; more are counted


@dataclass(frozen=True)
class Results:
    """Ids of the answerable questions that found a right passage, and of the others that got an answer all the same."""

    found: frozenset[str]
    false: frozenset[str]


def judged_for(corpus: Path, shipped: Path, evaluation: Path) -> Path | None:
    """The judged questions that a corpus folder brings; those of ``evaluation`` are about the shipped one."""
    own = corpus / "questions.jsonl"
    if own.is_file():
        return own
    return evaluation if evaluation.is_file() and corpus.resolve() == shipped.resolve() else None


def gate(questions: Path, log: Callable[[str], None], progress: Callable[[int, int], None] | None = None,
         most: int | None = None) -> Callable[[Assistant, Assistant | None], None]:
    """A check of a draft against the published generation for ``build_index``; it raises NotPublished with the reason.

    The question file is read at once. ``most``: ask only so many, always the same. Raises BadInput when it cannot be read.
    """
    judged = read_questions(questions)
    asked = judged if most is None else judged[::-(-len(judged) // most)]

    def check(draft: Assistant, published: Assistant | None) -> None:
        if published is None:
            log("Nothing that answers is published yet, so there is nothing to compare with: the gate is open.")
            return
        if len(asked) < len(judged):
            log(f"Asking {len(asked)} of {len(judged)} judged questions before and after (all with --gate, none with --no-gate).")
        compare(results(published, asked, progress), results(draft, asked, progress), asked, OF_SAMPLE if most else 0.0)

    return check


def results(assistant: Assistant, questions: Sequence[Question], progress: Callable[[int, int], None] | None = None) -> Results:
    """An answerable question none of whose judged quotes stands in this generation is not found in it."""
    absent = set(missing_quotes(questions, assistant))
    present = [replace(question, judgments=tuple(judgment for judgment in question.judgments
                                                 if (question.id, judgment) not in absent)) for question in questions]
    asked = [question for question in present if question.judgments or question.group != ANSWERABLE]
    outcomes = evaluate(assistant, asked, "the gate", progress).outcomes if asked else ()
    return Results(frozenset(item.id for item in outcomes if item.group == ANSWERABLE and is_good(item)),
                   frozenset(item.id for item in outcomes if item.group != ANSWERABLE and not is_good(item)))


def compare(old: Results, new: Results, questions: Sequence[Question], tolerated: float = 0.0) -> None:
    """Raises NotPublished when more than TOLERATED of the answerable questions are lost or false answers rise.

    ``tolerated``: a larger share, of the answerable ones and of the others.
    """
    lost, risen = sorted(old.found - new.found), sorted(new.false - old.false)
    answerable = sum(question.group == ANSWERABLE for question in questions)
    allowed, more = int(max(TOLERATED, tolerated) * answerable), int(tolerated * (len(questions) - answerable))
    reasons = []
    if len(lost) > allowed:
        reasons.append(f"{len(lost)} answerable questions are lost, {allowed} may be ({_names(lost)})")
    if len(new.false) > len(old.false) + more:
        reasons.append(f"false answers rise from {len(old.false)} to {len(new.false)} ({_names(risen)})")
    if reasons:
        raise NotPublished(f"The gate stays shut: {' and '.join(reasons)}; what was published before stays: correct the "
                           "corpus, or build with --no-gate.", lost=lost, false=risen)


def _names(ids: Sequence[str]) -> str:
    return ", ".join(ids[:NAMED]) + (f" and {len(ids) - NAMED} more" if len(ids) > NAMED else "")
