"""A BEIR folder is read whole or refused in one sentence; what we write, we read back."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.cli import main
from assistant.errors import BadInput
from assistant.evaluation import beir, judgments
from assistant.evaluation.judgments import Judgment, Question
from tests.support import BEIR_DOCUMENTS, BEIR_QRELS, json_lines


def test_documents_judged_queries_and_grades_are_read(beir_folder: Path) -> None:
    read = beir.read(beir_folder)
    assert [document.id for document in read.documents] == ["d1", "d2", "d3"]
    assert read.queries == {"q1": "bladder", "q2": "alcohol"}
    assert read.relevant == {"q1": {"d1": 2, "d2": 0}, "q2": {"d2": 1}}


def test_a_title_labels_its_passages_and_is_none_of_their_words(beir_folder: Path) -> None:
    from assistant.corpus.passages import split

    first, second, _ = beir.read(beir_folder).documents
    (passage,) = split(first)
    assert (passage.heading, passage.text) == ("The bladder.", BEIR_DOCUMENTS[0]["text"])
    assert split(second)[0].text == BEIR_DOCUMENTS[1]["text"]


def test_packed_files_and_other_splits_are_read_too(beir_folder: Path) -> None:
    for name in ("corpus", "queries"):
        path = beir_folder / f"{name}.jsonl"
        (beir_folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    (beir_folder / "qrels" / "dev.tsv").write_text("unjudged\td3\t1\n", "utf-8")  # without a header
    assert beir.read(beir_folder, "dev").relevant == {"unjudged": {"d3": 1}}


@pytest.mark.parametrize(("name", "content", "reason"), [
    ("corpus.jsonl", None, "no corpus.jsonl"), ("corpus.jsonl", "", "is empty"), ("corpus.jsonl", "{", "line 1"),
    ("corpus.jsonl", '{"_id": "d1", "text": "a"}\n{"_id": "d2"}\n', "line 2"), ("corpus.jsonl", "[1]", "line 1"),
    ("corpus.jsonl", '{"_id": "d1", "text": "a"}\n' * 2, "used twice"), ("corpus.jsonl", '{"_id": "x", "text": "a"}\n', "belong"),
    ("queries.jsonl", None, "no queries.jsonl"), ("queries.jsonl", '{"_id": "q1", "text": "a"}\n', "q2"),
    ("qrels/test.tsv", None, "choose with --split among other"), ("qrels/test.tsv", "q1 d1 1\n", "line 1"),
    ("qrels/test.tsv", "q1\td1\tmuch\n", "line 1"), ("qrels/test.tsv", "q1\td1\t0\n", "nothing to measure"),
    ("corpus.jsonl", b"\xff\xfe\x00", "not UTF-8"),
])
def test_a_faulty_folder_is_refused_in_one_sentence(beir_folder: Path, name: str, content: str | bytes | None, reason: str,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    (beir_folder / "qrels" / "other.tsv").write_text(BEIR_QRELS, "utf-8")
    if content is None:
        (beir_folder / name).unlink()
    else:
        (beir_folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadInput, match=reason):
        beir.read(beir_folder)
    assert main.main(["eval", "--beir", str(beir_folder), "--index", str(beir_folder / "index")]) == 2
    err = capsys.readouterr().err
    assert len(err.strip().splitlines()) == 1
    assert not (beir_folder / "index").exists()


def test_a_broken_packed_file_and_a_missing_folder_are_named(beir_folder: Path, tmp_path: Path) -> None:
    (beir_folder / "corpus.jsonl").unlink()
    (beir_folder / "corpus.jsonl.gz").write_bytes(gzip.compress(json_lines(BEIR_DOCUMENTS).encode())[:-20])
    with pytest.raises(BadInput, match="not a whole gzip"):
        beir.read(beir_folder)
    with pytest.raises(BadInput, match="no folder"):
        beir.read(tmp_path / "none")


def test_what_is_exported_is_read_back_the_same(assistant: Assistant, tmp_path: Path) -> None:
    passages = judgments.all_passages(assistant)
    questions = [
        Question("q1", "bladder\n\"quoted\" ü", (Judgment("bladder", "Ketamine can hurt the bladder."),)),
        Question("q2", "alcohol", (Judgment("alcohol", "Both slow the body down"),), split="dev"),
        Question("n1", "who won", (), "off_topic"),
    ]
    relevant = {question.id: judgments.relevant(question, passages) for question in questions}
    assert beir.write(tmp_path / "out", passages, questions, relevant) == ("dev", "test")
    test, dev = beir.read(tmp_path / "out", "test"), beir.read(tmp_path / "out", "dev")
    assert test.queries == {"q1": questions[0].question}
    assert dev.queries == {"q2": "alcohol"}
    for read, question in ((test, "q1"), (dev, "q2")):
        assert read.relevant == {question: dict.fromkeys(relevant[question], 1)}
        assert [document.id for document in read.documents] == [passage.id for passage in passages]
    for document, passage in zip(test.documents, passages, strict=True):
        assert document.text == f"# {passage.heading}\n\n{passage.text}"


def test_nothing_that_is_there_is_written_over(assistant: Assistant, beir_folder: Path) -> None:
    before = (beir_folder / "corpus.jsonl").read_text("utf-8")
    with pytest.raises(BadInput, match="already holds something"):
        beir.write(beir_folder, judgments.all_passages(assistant), (), {})
    assert (beir_folder / "corpus.jsonl").read_text("utf-8") == before
