"""Measures are those of the field, over all judged questions; judgments outlive new passage borders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.errors import CorpusError
from assistant.evaluation import evaluate, judgments
from assistant.evaluation import report as reports
from assistant.schema import Answer
from tests.support import ROOT, SHARED, sure

QUOTE = {"source_id": "bladder", "quote": "Ketamine can hurt the bladder."}


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    lines = [
        {"id": "q1", "question": "bladder", "judgments": [QUOTE], "split": "dev"},
        {"id": "q2", "question": "alcohol", "judgments": [QUOTE]},
        {"id": "n1", "question": "who won the world cup", "judgments": [], "group": "off_topic"},
        {"id": "n2", "question": "depression bladder", "judgments": [], "group": "near_miss"},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_measures_and_false_answers_are_counted_over_all_questions(
        assistant: Assistant, questions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sure(monkeypatch, lambda known: float(known.evidence.cosine > 0.5))
    report = evaluate.evaluate(assistant, judgments.read_questions(questions), "questions.jsonl")
    means = report.means["all"]
    assert means["hit@1"] == 0.5  # q1 first; the passage judged right for q2 comes second
    assert means["hit@3"] == 1.0
    assert means["MRR@10"] == 0.75
    assert means["share answered"] == 1.0
    assert means["false answers: off_topic"] == 0.0
    assert means["false answers: near_miss"] == 1.0
    assert report.means["dev"]["hit@1"] == 1.0
    assert [outcome.first for outcome in report.outcomes] == [1, 2, 0, 0]


def test_an_unanswered_judged_question_counts_nought(assistant: Assistant, questions: Path,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Assistant, "_cite", lambda self, hits: ())
    report = evaluate.evaluate(assistant, judgments.read_questions(questions), "q")
    assert report.means["all"]["MRR@10"] == 0.0


def test_the_report_says_what_was_gained_and_lost(assistant: Assistant, questions: Path, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    asked = judgments.read_questions(questions)
    sure(monkeypatch, lambda _: 1.0)
    reports.save(evaluate.evaluate(assistant, asked, "q"), tmp_path / "reports")
    before = reports.last_report(tmp_path / "reports", "q")
    sure(monkeypatch, lambda _: 0.0)
    after = evaluate.evaluate(assistant, asked, "q")
    assert reports.compare(before, after) == {"gained": ["n1", "n2"], "lost": [], "new": []}
    assert reports.compare(after, before)["lost"] == ["n1", "n2"]  # type: ignore[arg-type]
    assert "gained n1, n2" in reports.as_text(after, before, reports.compare(before, after))


def test_a_quote_that_no_longer_exists_is_named(assistant: Assistant, questions: Path) -> None:
    asked = judgments.read_questions(questions)
    questions.write_text(questions.read_text().replace("hurt the bladder", "heal the bladder"))
    asked = judgments.read_questions(questions)
    with pytest.raises(CorpusError, match="q1"):
        evaluate.evaluate(assistant, asked, "q")


@pytest.mark.model
def test_the_shipped_corpus_answers_its_test_questions_well(shipped: Assistant) -> None:
    questions = [question for question in judgments.read_questions(ROOT / "eval" / "questions.jsonl")
                 if question.split == "test"]
    means = evaluate.evaluate(shipped, questions, "questions.jsonl").means["all"]
    assert means["hit@1"] >= 0.65
    assert means["hit@3"] >= 0.80
    assert means["share answered"] >= 0.80
    assert means["false answers: off_topic"] <= 0.35  # a first decision: README says so
    assert means["false answers: refused"] == 0


@pytest.mark.model
@pytest.mark.seeds
def test_the_seeds_imported_verbatim_reach_the_bar_on_questions_nothing_was_fitted_on(seeds_index: Path) -> None:
    assistant = Assistant.open(seeds_index)
    questions = judgments.read_questions(SHARED / "devset" / "answerable.jsonl")
    means = evaluate.evaluate(assistant, questions, "answerable.jsonl").means["all"]
    assert means["hit@1"] >= 0.50
    assert means["hit@3"] >= 0.75


@pytest.mark.parametrize(("shown", "by_rule"), [
    ({"subject": "dose", "message": "Ask a pharmacist."}, True), ({"message": "Ask a pharmacist."}, False)])
def test_an_outcome_is_by_rule_where_the_answer_names_a_subject_whatever_its_sentence(
        assistant: Assistant, questions: Path, monkeypatch: pytest.MonkeyPatch, shown: dict[str, str], by_rule: bool) -> None:
    notice = assistant.texts.notice
    sentence = assistant.texts.subjects[0].text if not by_rule else shown["message"]
    monkeypatch.setattr(Assistant, "ask", lambda self, question, k=3, ranked=0: Answer(
        question, "not_covered", notice, **{**shown, "message": sentence}))
    outcomes = evaluate.evaluate(assistant, judgments.read_questions(questions), "q").outcomes
    assert {outcome.by_rule for outcome in outcomes} == {by_rule}
