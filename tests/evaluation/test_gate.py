"""`build --gate` publishes only what answers no worse than what is published, and says why when it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answering import assistant
from assistant.answering.assistant import Assistant
from assistant.cli import main
from assistant.errors import BadInput, NotPublished
from assistant.evaluation import gate
from assistant.evaluation.gate import Results
from assistant.evaluation.judgments import Judgment, Question
from assistant.index import generation
from assistant.indexing.build import build_index
from tests.cli.test_main import call, one_sentence
from tests.support import BLADDER, ROOT, ToyEncoder, sure

QUOTES = {"q1": ("bladder", "bladder", "Ketamine can hurt the bladder."), "q2": ("alcohol", "alcohol", "Both slow the body down")}


@pytest.fixture(autouse=True)
def _sure(monkeypatch: pytest.MonkeyPatch) -> None:
    sure(monkeypatch, lambda known: float(known.evidence.cosine > 0.5))
    monkeypatch.setattr(assistant.refused, "subject", lambda question: None)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    lines = [{"id": name, "question": question, "judgments": [{"source_id": source, "quote": quote}]}
             for name, (question, source, quote) in QUOTES.items()]
    lines.append({"id": "n1", "question": "depression", "judgments": [], "group": "near_miss"})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def gated(corpus: Path, index: Path, questions: Path, said: list[str] | None = None) -> str:
    return build_index(corpus, index, encoder=ToyEncoder(), gate=gate.gate(questions, (said if said is not None else []).append)
                       ).generation


def stays(index: Path, before: str) -> None:
    assert generation.current(index).name == before
    assert sorted(path.name for path in index.iterdir()) == [".lock", before, "current"]
    assert Assistant.open(index, encoder=ToyEncoder()).ask("bladder").citations


def test_a_draft_that_loses_a_question_is_not_published_and_the_question_is_named(
        index: Path, corpus: Path, questions: Path) -> None:
    before = generation.current(index).name
    (corpus / "alcohol.txt").unlink()
    with pytest.raises(NotPublished, match=r"1 answerable questions are lost, 0 may be \(q2\)") as caught:
        gated(corpus, index, questions)
    assert caught.value.exit_code == 1
    assert one_sentence(str(caught.value))
    assert caught.value.evidence["lost"] == ["q2"]
    stays(index, before)


def test_a_draft_with_more_false_answers_is_not_published(index: Path, corpus: Path, questions: Path) -> None:
    before = generation.current(index).name
    (corpus / "more.txt").write_text("Mood\n\nDepression is spoken of here, and nothing else is.\n")
    with pytest.raises(NotPublished, match=r"false answers rise from 0 to 1 \(n1\)"):
        gated(corpus, index, questions)
    stays(index, before)


def test_a_draft_that_is_no_worse_is_published(index: Path, corpus: Path, questions: Path) -> None:
    (corpus / "bladder.txt").write_text(f"Bladder\n\n{BLADDER} Blood in it needs a check.\n")
    assert gated(corpus, index, questions) == generation.current(index).name
    (corpus / "more.txt").write_text("Help\n\nThere is help for people here.\n")
    assert gated(corpus, index, questions) == generation.current(index).name


def test_a_question_that_the_published_index_could_not_answer_is_none_lost(
        index: Path, corpus: Path, questions: Path) -> None:
    with questions.open("a") as stream:
        stream.write(json.dumps({"id": "q3", "question": "help", "judgments": [{"source_id": "more", "quote": "There is help"}]}))
    assert gated(corpus, index, questions) == generation.current(index).name  # nothing changed
    (corpus / "more.txt").write_text("Help\n\nThere is help for people here.\n")
    before = generation.current(index).name
    assert gated(corpus, index, questions) == generation.current(index).name != before
    (corpus / "more.txt").unlink()
    with pytest.raises(NotPublished, match="q3"):
        gated(corpus, index, questions)


def test_a_first_index_has_nothing_to_be_compared_with_and_is_told_so(tmp_path: Path, corpus: Path, questions: Path) -> None:
    said: list[str] = []
    name = gated(corpus, tmp_path / "new", questions, said)
    assert generation.current(tmp_path / "new").name == name
    assert "nothing to compare with" in " ".join(said)


def test_one_in_a_hundred_answerable_questions_may_be_lost_and_no_false_answer_added() -> None:
    many = [Question(f"q{number}", "?", (Judgment("a", "b"),)) for number in range(250)] + [Question("n", "?", (), "near_miss")]
    found = frozenset(question.id for question in many if question.judgments)
    gate.compare(Results(found, frozenset("n")), Results(found - {"q1", "q2"}, frozenset("m")), many)
    with pytest.raises(NotPublished, match="3 answerable questions are lost, 2 may be"):
        gate.compare(Results(found, frozenset()), Results(found - {"q1", "q2", "q3"}, frozenset()), many)
    with pytest.raises(NotPublished, match="false answers rise from 0 to 1"):
        gate.compare(Results(found, frozenset()), Results(found, frozenset("n")), many)
    with pytest.raises(NotPublished, match=r"q\d+ and 230 more"):
        gate.compare(Results(found, frozenset()), Results(frozenset(), frozenset()), many)


def test_a_question_file_that_cannot_be_read_stops_before_anything_is_built(
        index: Path, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        gated(corpus, index, tmp_path / "none.jsonl")
    code, _, err = call(capsys, "build", "--gate", "--questions", tmp_path / "none.jsonl", "--corpus", corpus, "--index", index)
    assert code == 2
    assert one_sentence(err)


def test_the_command_exits_with_1_and_prints_the_ids(
        index: Path, corpus: Path, questions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from assistant.indexing import build as building

    before = generation.current(index).name
    real = building.build_index
    monkeypatch.setattr(building, "build_index", lambda *args, **kwargs: real(
        *args, **{**kwargs, "encoder": ToyEncoder(), "progress": None}))
    (corpus / "alcohol.txt").unlink()
    code = main.main(["build", "--gate", "--questions", str(questions), "--corpus", str(corpus), "--index", str(index), "--json"])
    out = capsys.readouterr()
    assert (code, out.out) == (1, "")
    assert one_sentence(out.err.splitlines()[-1])
    assert "q2" in out.err
    stays(index, before)


def build(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, corpus: Path, index: Path, *more: str) -> str:
    """What `build` says on standard error, with the toy encoder."""
    from assistant.indexing import build as building

    real = building.build_index
    with monkeypatch.context() as patched:
        patched.setattr(building, "build_index", lambda *args, **kwargs: real(
            *args, **{**kwargs, "encoder": ToyEncoder(), "progress": None}))
        main.main(["build", "--corpus", str(corpus), "--index", str(index), *more])
    return capsys.readouterr().err


def test_where_a_folder_brings_judged_questions_the_gate_is_shut_unless_it_is_switched_off(
        index: Path, corpus: Path, questions: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    before = generation.current(index).name
    questions.rename(corpus / "questions.jsonl")
    (corpus / "alcohol.txt").unlink()
    assert "q2" in build(capsys, monkeypatch, corpus, index)
    stays(index, before)
    build(capsys, monkeypatch, corpus, index, "--no-gate")
    assert generation.current(index).name != before


def test_without_judged_questions_of_its_own_a_folder_has_no_gate_and_the_shipped_one_has_ours(corpus: Path) -> None:
    ours = ROOT / "eval" / "questions.jsonl"
    assert gate.judged_for(corpus, ROOT / "corpus", ours) is None
    assert gate.judged_for(ROOT / "corpus", ROOT / "corpus", ours) == ours
    (corpus / "questions.jsonl").write_text("")
    assert gate.judged_for(corpus, ROOT / "corpus", ours) == corpus / "questions.jsonl"


def test_of_many_questions_a_fixed_part_is_asked_and_the_log_says_so(index: Path, corpus: Path, questions: Path) -> None:
    said: list[str] = []
    (corpus / "more.txt").write_text("Help\n\nThere is help for people here.\n")
    build_index(corpus, index, encoder=ToyEncoder(), gate=gate.gate(questions, said.append, most=2))
    assert any("Asking 2 of 3 judged questions" in line and "--no-gate" in line for line in said)


def test_of_a_part_of_the_questions_three_in_a_hundred_may_move() -> None:
    many = [Question(f"q{number}", "?", (Judgment("a", "b"),)) for number in range(50)]
    many += [Question(f"n{number}", "?", (), "near_miss") for number in range(50)]
    found = frozenset(question.id for question in many if question.judgments)
    gate.compare(Results(found, frozenset()), Results(found - {"q1"}, frozenset({"n1"})), many, gate.OF_SAMPLE)
    worse = Results(found - {"q1", "q2"}, frozenset({"n1", "n2"}))
    with pytest.raises(NotPublished, match=r"2 answerable questions are lost, 1 may be.*false answers rise from 0 to 2"):
        gate.compare(Results(found, frozenset()), worse, many, gate.OF_SAMPLE)
