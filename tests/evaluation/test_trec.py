"""The TREC files say what the report says, to tools that know nothing of us."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import ir_measures
import pytest
from ir_measures import RR, Success, nDCG

from assistant.answering.assistant import Assistant
from assistant.evaluation import evaluate, judgments, trec
from assistant.evaluation import report as reports
from assistant.evaluation.report import Outcome

OUTSIDE = {"hit@1": Success @ 1, "hit@3": Success @ 3, "hit@5": Success @ 5, "MRR@10": RR @ 10, "nDCG@10": nDCG @ 10}
QUOTE = {"source_id": "bladder", "quote": "Ketamine can hurt the bladder."}
# The quote reaches over the heading, so that no passage holds it and it holds no passage: the question must count 0.
NOWHERE = {"source_id": "bladder", "quote": "Bladder\n\nKetamine can"}


@pytest.fixture
def saved(assistant: Assistant, tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in [
        {"id": "q 1", "question": "bladder", "judgments": [QUOTE]},
        {"id": "q2", "question": "alcohol", "judgments": [QUOTE]},
        {"id": "q3", "question": "bladder", "judgments": [NOWHERE]},
        {"id": "n1", "question": "depression", "group": "near_miss"},
    ]), "utf-8")
    report = evaluate.evaluate(assistant, judgments.read_questions(path), "questions.jsonl")
    return reports.save(report, tmp_path / "reports")


def test_ir_measures_reads_the_files_and_gets_every_figure_of_the_report(saved: Path) -> None:
    record = json.loads(saved.read_text("utf-8"))
    qrels = list(ir_measures.read_trec_qrels(str(saved.with_suffix(".qrels"))))
    run = list(ir_measures.read_trec_run(str(saved.with_suffix(".run"))))
    found = ir_measures.calc(list(OUTSIDE.values()), qrels, run)
    for label, measure in OUTSIDE.items():
        assert record["means"]["all"][label] == pytest.approx(found.aggregated[measure], abs=5e-5), label
    by_query = {(metric.query_id, metric.measure): metric.value for metric in found.per_query}
    for outcome in record["outcomes"]:
        for label, value in outcome["measures"].items():
            assert by_query[trec.column(outcome["id"]), OUTSIDE[label]] == value
    assert record["means"]["all"]["hit@1"] == pytest.approx(1 / 3, abs=5e-5)  # q1 alone of three


def test_a_run_has_six_columns_ranks_from_1_and_falling_scores(saved: Path) -> None:
    rows = [line.split(" ") for line in saved.with_suffix(".run").read_text("utf-8").splitlines()]
    assert {len(row) for row in rows} == {6}
    first = [row for row in rows if row[0] == "q%201"]
    assert [row[3] for row in first] == ["1", "2"]
    assert first[0][2].startswith("bladder:")
    assert [float(row[4]) for row in first] == sorted({float(row[4]) for row in first}, reverse=True)


def test_equal_scores_are_told_apart_in_their_order() -> None:
    outcome = Outcome("q", "q", "answerable", "test", "answered", 0.9, 1, ranked=(("b:0-1", 1.0), ("a:0-1", 1.0), ("c:0-1", 1.0)))
    scores = [float(line.split()[4]) for line in trec.run_lines([outcome])]
    assert scores[0] > scores[1] > scores[2]


def test_only_questions_that_the_means_are_over_have_judgments(saved: Path) -> None:
    assert {line.split()[0] for line in saved.with_suffix(".qrels").read_text("utf-8").splitlines()} == {"q%201", "q2", "q3"}


def test_an_id_with_spaces_stays_one_column_and_no_two_ids_become_one() -> None:
    assert trec.column("my file:0-12") == "my%20file:0-12"
    assert len({trec.column(name) for name in ("a b", "a%20b", "a\tb", "a\u00a0b")}) == 4
    assert all(len(trec.column(name).split()) == 1 for name in ("a b", "a\tb", "a\u00a0b", "a\u2028b"))


def test_the_report_itself_does_not_repeat_what_the_files_hold(saved: Path) -> None:
    record = json.loads(saved.read_text("utf-8"))
    assert not {"ranked", "relevant"} & set(record["outcomes"][0])
    read = reports.last_report(saved.parent, "questions.jsonl")
    assert read is not None
    assert replace(read.outcomes[0], ranked=(), relevant=()) == read.outcomes[0]
    assert read.outcomes[0].found[0].right
