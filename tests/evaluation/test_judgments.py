"""Judgments outlive new passage borders, and a question file that cannot be used is named by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.errors import BadInput
from assistant.evaluation import judgments
from assistant.evaluation.judgments import Judgment
from tests.support import ROOT


def test_a_judgment_is_met_by_a_passage_that_holds_the_quote_or_lies_in_it() -> None:
    judgment = Judgment("a", "one two\n three")
    assert judgments.is_right("a", "zero one  two three four", judgment)
    assert judgments.is_right("a", "two three", judgment)
    assert not judgments.is_right("b", "one two three", judgment)
    assert not judgments.is_right("a", "one three", judgment)


@pytest.mark.parametrize(("line", "reason"), [
    ("not json", "line 1"), ("[1]", "not a JSON object"), ('{"id": "x"}', "needs 'id'"), ("", "holds no questions"),
    ('{"id": "x", "question": "q", "judgments": [{"quote": "y"}]}', "source_id"),
])
def test_a_faulty_question_file_is_refused_by_file_and_line(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "q.jsonl").write_text(line)
    with pytest.raises(BadInput, match=reason):
        judgments.read_questions(tmp_path / "q.jsonl")


def test_the_shipped_set_is_large_split_and_sound(shipped: Assistant) -> None:
    questions = judgments.read_questions(ROOT / "eval" / "questions.jsonl")
    groups = [question.group for question in questions]
    assert groups.count("answerable") >= 80
    assert len(questions) - groups.count("answerable") >= 30
    assert groups.count("near_miss") >= 10
    assert {question.split for question in questions} >= {"dev", "test"}
    assert judgments.missing_quotes(questions, shipped) == []
    judged = {judgment.source_id for question in questions for judgment in question.judgments}
    sources = {source.id for source in shipped.sources}
    assert judged <= sources
    assert len(judged) >= 0.95 * len(sources)
