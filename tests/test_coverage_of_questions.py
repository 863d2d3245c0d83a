"""Questions that nothing answers are examples too: read with care, borrowed where a folder has none, never shown."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from assistant.answering import Assistant
from assistant.corpus import read_corpus
from assistant.coverage import Examples, fit, read_unanswered
from assistant.errors import CorpusError
from assistant.evaluation import read_questions
from assistant.kernel import Kernel, slots


@pytest.mark.parametrize(("line", "says"), [
    ("not json", "not a JSON object"), ('{"text": "a"}', "a question is one"), ('["a"]', "not a JSON object"),
    ('{"text": "a", "kind": "silly"}', "'kind' must be one of"), ('{"text": " ", "kind": "near_miss"}', "'kind' must be one of"),
    ('{"text": "First", "kind": "off_topic"}', "stands in the file twice")])
def test_a_broken_line_is_named_with_its_number(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "unanswered.jsonl"
    path.write_text('{"text": "first", "kind": "near_miss"}\n\n' + line + "\n", "utf-8")
    with pytest.raises(CorpusError, match=f"line 3.*{says}"):
        read_unanswered(path)


def test_a_question_near_the_answered_ones_scores_higher_than_one_near_the_others() -> None:
    examples = Examples(("what hurts the bladder",), ("what hurts the eye",))
    kernel = Kernel(fit(np.eye(2), examples, [*examples.answered, *examples.unanswered]))
    assert kernel.scores(np.eye(2)[0], slots("bladder"))[0] > 0.5 > -0.5 > kernel.scores(np.eye(2)[1], slots("eye"))[0]


def test_a_folder_without_examples_borrows_the_shipped_ones_but_is_asked_none_of_them(corpus: Path) -> None:
    read = read_corpus(corpus)
    assert len(read.examples.answered) > 1000
    assert len(read.examples.unanswered) > 1000
    assert read.editorial.asked == ()


def test_no_shipped_question_is_both_answered_and_not() -> None:
    examples = read_corpus(ROOT / "corpus").examples
    both = {text.casefold() for text in examples.answered} & {text.casefold() for text in examples.unanswered}
    assert not both


def test_no_example_is_a_question_that_results_are_reported_on() -> None:
    examples = read_corpus(ROOT / "corpus").examples
    learnt = {" ".join(text.casefold().split()) for text in (*examples.answered, *examples.unanswered)}
    judged = [question for question in read_questions(ROOT / "eval" / "questions.jsonl") if question.split != "dev"]
    assert not [question.id for question in judged if " ".join(question.question.casefold().split()) in learnt]


@pytest.mark.model
def test_what_is_asked_for_decides_not_the_subject_alone(shipped: Assistant) -> None:
    """The first of each pair is answered; the second is as near to the same passage."""
    for answered, missing in (("does ketamine raise blood pressure", "does ketamine raise pressure in the eye"),
                              ("is ketamine legal in the UK", "is ketamine legal in Brazil")):
        coverage = [shipped.hits(question)[1].coverage for question in (answered, missing)]
        assert coverage[0] > 0 > coverage[1], (answered, missing)


def test_the_file_is_one_question_a_line_as_editors_are_told() -> None:
    lines = (ROOT / "corpus" / "unanswered.jsonl").read_text("utf-8").splitlines()
    assert {tuple(sorted(json.loads(line))) for line in lines} == {("kind", "text")}
