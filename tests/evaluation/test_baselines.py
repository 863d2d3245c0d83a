"""Three rankings of one folder, over the passages and the way of the service; documents stand where their best passage stands."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.ranking import rank
from assistant.cli import evaluate as evaluate_command
from assistant.cli import main
from assistant.evaluation import baselines, beir, judgments
from assistant.evaluation.baselines import RANKINGS, Search
from assistant.evaluation.judgments import Judgment, Question
from assistant.evaluation.metrics import OF_DOCUMENTS, measure
from assistant.index.index import PROBE, Index
from assistant.indexing import build, embedding_cache
from tests.support import BEIR_DOCUMENTS, BEIR_QUERIES, ToyEncoder, json_lines

LONG = " ".join(f"Sentence number {number} is about the weather and the garden of a house by the sea." for number in range(30))


def test_all_three_find_what_a_toy_can_find(beir_folder: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    found = baselines.compare(beir.read(beir_folder), tmp_path / "index", encoder=toy)
    assert (found.queries, found.documents, found.passages) == (2, 3, 3)
    for name in RANKINGS:
        assert found.means[name] == dict.fromkeys(OF_DOCUMENTS, 1.0), name
        assert found.intervals[name]["nDCG@10"] == (1.0, 1.0)


def test_the_rankings_differ_where_words_and_vectors_differ(beir_folder: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    (beir_folder / "queries.jsonl").write_text(json_lines([
        {"_id": "q1", "text": "a doctor for the bladder"}, {"_id": "q2", "text": "drowsy"}]))
    found = baselines.compare(beir.read(beir_folder), tmp_path / "index", encoder=toy)
    assert found.means["bm25"]["hit@1"] == 1.0
    assert found.means["dense"]["hit@1"] == 0.5  # the toy knows no "drowsy", so every document is equally far


def test_a_second_run_embeds_nothing_and_a_changed_document_alone_is_embedded(
        beir_folder: Path, tmp_path: Path) -> None:
    baselines.compare(beir.read(beir_folder), tmp_path / "index", encoder=ToyEncoder())
    again = ToyEncoder()
    baselines.compare(beir.read(beir_folder), tmp_path / "index", encoder=again)
    assert set(again.seen) == {"bladder", "alcohol", PROBE}  # the probe, at opening, and the queries
    changed = [*BEIR_DOCUMENTS[:2], {**BEIR_DOCUMENTS[2], "text": "Other help is near. Ask somebody whom you trust."}]
    (beir_folder / "corpus.jsonl").write_text(json_lines(changed))
    again = ToyEncoder()
    told: list[tuple[int, int]] = []
    baselines.compare(beir.read(beir_folder), tmp_path / "index", encoder=again, build_progress=lambda *both: told.append(both))
    assert any("Other help" in text for text in again.seen)
    assert {total for _, total in told} <= {3}  # its passage and its sentences; of the rest some is made again as a check


def test_a_document_of_many_passages_counts_once_by_its_best(tmp_path: Path, beir_folder: Path, toy: ToyEncoder) -> None:
    documents = [{"_id": "long", "title": "", "text": f"{LONG} Ketamine can hurt the bladder. {LONG}"}, *BEIR_DOCUMENTS[1:]]
    (beir_folder / "corpus.jsonl").write_text(json_lines(documents))
    (beir_folder / "qrels" / "test.tsv").write_text("q1\tlong\t1\n")
    found = baselines.compare(beir.read(beir_folder), tmp_path / "index", encoder=toy)
    assert found.passages > 5
    assert all(found.means[name]["hit@1"] == 1.0 for name in RANKINGS)
    ranked = Search(Index.open(tmp_path / "index", toy)).documents("bladder")
    assert all(len(set(names)) == len(names) for names in ranked.values())


def test_the_third_ranking_is_the_services_own(beir_folder: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    baselines.compare(beir.read(beir_folder), tmp_path / "index", encoder=toy)
    index = Index.open(tmp_path / "index", toy)
    hits, _ = rank(index, "help with alcohol", toy.encode_fine(["help with alcohol"])[0], 3)
    assert Search(index).documents("help with alcohol")["service"] == [hit.passage.source_id for hit in hits]


def test_the_limit_cuts_queries_and_never_documents(beir_folder: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    found = baselines.compare(beir.read(beir_folder), tmp_path / "index", limit=1, encoder=toy)
    assert (found.queries, found.documents) == (1, 3)


def test_a_query_that_cannot_be_asked_and_a_document_without_a_sentence_are_said_and_count(
        beir_folder: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    (beir_folder / "queries.jsonl").write_text(json_lines([BEIR_QUERIES[0], {"_id": "q2", "text": "?!"}]))
    (beir_folder / "corpus.jsonl").write_text(json_lines([*BEIR_DOCUMENTS, {"_id": "d4", "title": "", "text": ""}]))
    said: list[str] = []
    found = baselines.compare(beir.read(beir_folder), tmp_path / "index", encoder=toy, log=said.append)
    assert found.means["service"]["hit@1"] == 0.5
    assert any("q2" in line for line in said)
    assert any("1 documents give no passage" in line for line in said)


def test_a_document_with_the_querys_own_id_is_not_counted_as_found(beir_folder: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    (beir_folder / "corpus.jsonl").write_text(json_lines([
        {"_id": "q1", "title": "", "text": "This is the bladder bladder itself."}, *BEIR_DOCUMENTS]))
    found = baselines.compare(beir.read(beir_folder), tmp_path / "index", encoder=toy)
    assert found.means["dense"]["hit@1"] == 1.0


def test_a_large_index_holds_no_token_vectors_while_it_is_built(
        beir_folder: Path, tmp_path: Path, toy: ToyEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MOST_PASSAGES", 2)
    monkeypatch.setattr("assistant.index.index.MOST_PASSAGES", 2)
    monkeypatch.setattr(embedding_cache, "AT_ONCE", 2)
    held: list[int] = []
    write = build.write_files
    monkeypatch.setattr(build, "write_files",
                        lambda *given: (held.extend(item.tokens.size for item in given[6]), write(*given))[1])
    found = baselines.compare(beir.read(beir_folder), tmp_path / "index", encoder=toy)
    assert held == []
    assert not found.late_interaction
    assert "without late interaction" in str(found)


def test_token_vectors_are_stored_the_same_however_many_are_embedded_at_once(
        beir_folder: Path, tmp_path: Path, toy: ToyEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    baselines.compare(beir.read(beir_folder), tmp_path / "whole", encoder=toy)
    monkeypatch.setattr(embedding_cache, "AT_ONCE", 1)
    baselines.compare(beir.read(beir_folder), tmp_path / "parts", encoder=toy)
    whole, parts = (Index.open(tmp_path / name, toy).store.late_interaction for name in ("whole", "parts"))
    assert whole
    assert parts
    assert all(np.array_equal(whole.of(number)[1], parts.of(number)[1]) for number in range(3))


def test_measures_count_grades_and_what_was_not_found() -> None:
    found = measure({"q": {"a": 2, "b": 1, "c": 0}, "none": {"a": 1}}, {"q": ["c", "b", "a"]}, OF_DOCUMENTS)
    assert found["none"] == dict.fromkeys(OF_DOCUMENTS, 0.0)
    assert found["q"]["MRR@10"] == 0.5
    assert found["q"]["recall@10"] == 1.0
    gain = 1 / np.log2(3) + 2 / np.log2(4)
    assert found["q"]["nDCG@10"] == pytest.approx(gain / (2 + 1 / np.log2(3)))
    assert measure({"q": {"a": 1}}, {}, ["hit@1"]) == {"q": {"hit@1": 0.0}}


def test_the_command_prints_one_table_or_one_json_document_and_leaves_the_served_index_alone(
        beir_folder: Path, index: Path, toy: ToyEncoder, capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    compare = baselines.compare
    monkeypatch.setattr(baselines, "compare", lambda *given, **named: compare(*given, **named, encoder=toy))
    served = (index / "current").resolve()
    assert main.main(["eval", "--beir", str(beir_folder), "--index", str(index), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert set(record["means"]) == set(RANKINGS)
    assert (index / "current").resolve() == served
    assert main.main(["eval", "--beir", str(beir_folder), "--index", str(index), "--limit", "1"]) == 0
    printed = capsys.readouterr().out
    assert "1 queries, 3 documents" in printed
    assert all(name in printed for name in (*RANKINGS, *OF_DOCUMENTS))


def test_our_own_questions_exported_are_measured_by_the_same_command(
        assistant: Assistant, index: Path, tmp_path: Path, toy: ToyEncoder, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "questions.jsonl").write_text(json.dumps(
        {"id": "q", "question": "alcohol", "judgments": [{"source_id": "alcohol", "quote": "Both slow the body down"}]}) + "\n")
    monkeypatch.setattr(Assistant, "open", classmethod(lambda cls, _: assistant))
    out = tmp_path / "out"
    assert main.main(["eval", "--export-beir", str(out), "--index", str(index), "--questions",
                     str(tmp_path / "questions.jsonl"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["judged"] == 1
    assert baselines.compare(beir.read(out), tmp_path / "other", encoder=toy).means["service"]["hit@1"] == 1.0
    question = Question("q", "alcohol", (Judgment("alcohol", "Both slow the body down"),))
    assert beir.read(out).relevant == {"q": dict.fromkeys(judgments.relevant(question, judgments.all_passages(assistant)), 1)}


@pytest.mark.parametrize("arguments", [
    ["--limit", "3"], ["--split", "dev"], ["--beir", "x", "--limit", "0"], ["--beir", "x", "--export-beir", "y"],
    ["--beir", "x", "--report"], ["--beir", "no-such-beir_folder"],
])
def test_options_that_do_not_go_together_are_refused_in_one_sentence(
        arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main.main(["eval", "--index", str(tmp_path / "index"), *arguments])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    assert code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert evaluate_command.SPLIT == "test"
