"""Questions that nothing answers are examples too: read with care, borrowed where a folder has none, never shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.corpus.exemplars import UNANSWERED, read_exemplars, read_written_questions
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.corpus.reader import read_corpus
from assistant.errors import CorpusError
from assistant.evaluation.judgments import read_questions
from tests.support import ROOT


@pytest.mark.parametrize(("line", "says"), [
    ("not json", "not a JSON object"), ('{"text": "a"}', "an exemplar is one"), ('["a"]', "not a JSON object"),
    ('{"text": "a", "kind": "silly"}', "'kind' must be one of"), ('{"text": " ", "kind": "near_miss"}', "'kind' must be one of"),
    ('{"text": "First", "kind": "off_topic"}', "stands in the file twice")])
def test_a_broken_line_is_named_with_its_number(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "unanswered.jsonl"
    path.write_text('{"text": "first", "kind": "near_miss"}\n\n' + line + "\n", "utf-8")
    with pytest.raises(CorpusError, match=f"line 3.*{says}"):
        read_exemplars(path, UNANSWERED)


def test_a_folder_without_examples_borrows_the_shipped_ones_but_is_asked_none_of_them(corpus: Path) -> None:
    read = read_corpus(corpus)
    examples = read_written_questions(corpus, SHIPPED, read.texts)
    assert len(examples.answered) > 1000
    assert len(examples.unanswered) > 1000
    assert read.editorial.asked == ()


def test_no_shipped_question_is_both_answered_and_not() -> None:
    examples = read_written_questions(SHIPPED, SHIPPED, read_texts(SHIPPED))
    both = {text.casefold() for text in examples.answered} & {text.casefold() for text in examples.unanswered}
    assert not both


def test_no_example_is_a_question_that_results_are_reported_on() -> None:
    examples = read_written_questions(SHIPPED, SHIPPED, read_texts(SHIPPED))
    learnt = {" ".join(text.casefold().split()) for text in (*examples.answered, *examples.unanswered)}
    judged = [question for question in read_questions(ROOT / "eval" / "questions.jsonl") if question.split != "dev"]
    assert not [question.id for question in judged if " ".join(question.question.casefold().split()) in learnt]


def test_the_file_is_one_question_a_line_as_editors_are_told() -> None:
    lines = (ROOT / "corpus" / "unanswered.jsonl").read_text("utf-8").splitlines()
    assert {tuple(sorted(json.loads(line))) for line in lines} == {("kind", "text")}
