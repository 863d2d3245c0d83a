"""The commands that others call: exit codes, one JSON document on standard output, one sentence on standard error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from tests.support import ROOT

CITATION = {"rank", "score", "source_id", "start", "end", "exact", "highlight", "heading", "title", "publisher", "url",
            "published", "kind", "tier", "note"}
ANSWER = {"id", "question", "status", "confidence", "urgent", "citations", "notice", "generation"}


def run(*arguments: str | Path | bytes, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "assistant", *arguments], capture_output=True, cwd=cwd, check=False,
                          env={**os.environ, "PYTHONPATH": str(ROOT), **environment})


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main.main([str(argument) for argument in arguments])
    out = capsys.readouterr()
    return code, out.out, out.err


def one_sentence(text: str) -> bool:
    lines = text.strip().splitlines()
    return len(lines) == 1 and "Traceback" not in text and lines[0].endswith((".", "`"))


def test_the_help_of_every_command_loads_the_standard_library_and_nothing_else() -> None:
    code = ("import sys; before = set(sys.modules); from assistant.cli import main; main.parser().format_help(); "
            "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["assistant"]
    assert run("--help").returncode == 0


@pytest.mark.model
def test_build_prints_one_object_and_a_second_build_finds_nothing_to_do(
        shipped_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "build", "--corpus", SHIPPED, "--index", shipped_index, "--json")
    record = json.loads(out)
    assert code == 0
    assert set(record) == {"generation", "sources", "passages", "embedded", "reused", "added", "changed", "removed",
                           "published"}
    assert (record["published"], record["embedded"], record["sources"]) == (False, 0, 77)


@pytest.mark.model
def test_ask_json_is_the_contract(shipped_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "ask", "Can ketamine hurt your bladder?", "--index", shipped_index, "--json",
                          "--ranked", "-k", "2")
    record = json.loads(out)
    assert (code, err) == (0, "")
    assert set(record) >= ANSWER
    assert record["status"] == "answered"
    assert 1 <= len(record["citations"]) <= 2
    assert len(record["ranked"]) == 2
    for citation in record["citations"] + record["ranked"]:
        assert set(citation) >= CITATION
        text = next(path for path in (SHIPPED / "texts").iterdir()
                    if path.stem == citation["source_id"]).read_text("utf-8")
        assert text[citation["start"]:citation["end"]] == citation["exact"]
        assert set(citation["highlight"]) == {"start", "end"}
    assert {"name", "contact", "hours"} <= set(record["notice"]["helplines"][0])


@pytest.mark.model
def test_ask_from_a_file_answers_every_line_in_order(shipped_index: Path, tmp_path: Path,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    questions = [{"id": "a", "question": "Is ketamine addictive?", "extra": 1}, {"id": 2, "question": ""},
                 {"id": "c", "question": "my mate wont wake up"}, {"id": "d", "question": "x" * 20000},
                 {"id": "e", "question": "<script>alert(1)</script> مرحبا \u0007"}]
    path = tmp_path / "q.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in questions) + "\n", "utf-8")
    code, out, err = call(capsys, "ask", "--from", path, "--json", "--index", shipped_index, "-k", "10", "--ranked")
    records = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [record["id"] for record in records] == ["a", 2, "c", "d", "e"]
    assert [record["status"] for record in records][:4] == ["answered", "not_covered", "urgent", "not_covered"]
    assert all(record["notice"]["text"] == read_texts(SHIPPED).notice.text for record in records)
    assert len(records[0]["ranked"]) == 10


@pytest.mark.model
def test_ask_for_people_prints_quotes_sources_and_the_notice(shipped_index: Path,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "ask", "Is ketamine addictive?", "--index", shipped_index)
    assert code == 0
    assert '1. "' in out
    assert read_texts(SHIPPED).notice.text in out


@pytest.mark.model
@pytest.mark.parametrize("question", ["", "   ", "a" * 20000, "\x07\x00", "\u200b"])
def test_a_bad_question_is_told_so_and_still_gets_the_notice(shipped_index: Path, question: str,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(capsys, "ask", question, "--index", shipped_index, "--json")
    assert code == 2
    assert one_sentence(err)
    assert json.loads(out)["notice"]["text"]
    assert json.loads(out)["citations"] == []


@pytest.mark.model
def test_a_question_that_is_not_utf8_is_refused_without_a_traceback(shipped_index: Path) -> None:
    done = run("ask", b"ketamine caf\xe9", "--index", shipped_index, "--json")
    assert done.returncode == 2
    assert one_sentence(done.stderr.decode())
    assert json.loads(done.stdout)["status"] == "not_covered"


@pytest.mark.parametrize("damage", ["missing", "corrupt"])
def test_without_an_index_the_urgent_card_and_the_notice_are_still_there(
        index: Path, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = index if damage == "corrupt" else tmp_path / "none"
    if damage == "corrupt":
        (index / "current" / "vectors.faiss").write_bytes(b"x")
    code, out, err = call(capsys, "ask", "he took ketamine and is not breathing", "--index", folder, "--json")
    record = json.loads(out)
    assert (code, record["status"], record["urgent"]["kind"]) == (1, "urgent", "overdose")
    assert one_sentence(err)
    code, out, err = call(capsys, "ask", "Is ketamine addictive?", "--index", folder, "--json")
    record = json.loads(out)
    assert (code, record["status"], record["citations"]) == (1, "not_covered", [])
    assert record["notice"]["text"] == read_texts(SHIPPED).notice.text


@pytest.mark.parametrize("arguments", [
    ["ask"], ["ask", "q", "--from", "x.jsonl"], ["ask", "q", "-k", "0"], ["ask", "q", "-k", "many"], ["frobnicate"], [],
    ["build", "--corpus", "no-such-folder", "--index", "INDEX"], ["ask", "--from", "no-such-file.jsonl"],
    ["build", "--model", "no/such-model", "--index", "INDEX"],
    ["eval", "--questions", "no-such-file.jsonl", "--index", "INDEX"],
])
def test_bad_usage_exits_with_2_and_one_sentence(arguments: Sequence[str], tmp_path: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main.main([argument.replace("INDEX", str(tmp_path / "index")) for argument in arguments])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    err = capsys.readouterr().err
    assert code == 2
    assert one_sentence(err), err


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, corpus: Path,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    code, _, err = call(capsys, "build", "--corpus", corpus, "--index", tmp_path / "file" / "index")
    assert code == 1
    assert one_sentence(err)
    assert str(tmp_path / "file" / "index") in err


def test_check_needs_no_model_and_reports_faults(index: Path, corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "check", "--corpus", corpus, "--index", index)[0] == 0
    (index / "current" / "corpus.json").write_bytes(b"{}")
    code, out, _ = call(capsys, "check", "--corpus", corpus, "--index", index, "--json")
    record = json.loads(out)
    assert (code, record["ok"]) == (1, False)
    assert "corpus.json" in record["findings"][0]["problem"]
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "assistant", "check", "--index", str(index),
                           "--corpus", str(corpus)], capture_output=True, text=True, cwd=ROOT, check=False)
    assert " torch" not in done.stderr
    assert " onnxruntime" not in done.stderr


@pytest.mark.model
def test_eval_saves_a_report_and_fails_only_when_a_question_was_lost(shipped_index: Path, tmp_path: Path,
                                                                     capsys: pytest.CaptureFixture[str]) -> None:
    questions, out = tmp_path / "q.jsonl", tmp_path / "reports"
    lines = (ROOT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()[:6]
    questions.write_text("\n".join(lines) + "\n", "utf-8")
    arguments = ("eval", "--index", shipped_index, "--questions", questions, "--out", out)
    code, printed, _ = call(capsys, *arguments)
    assert code == 0
    assert "hit@1" in printed
    assert "No earlier report" in printed
    (saved,) = out.glob("*.json")
    record = json.loads(saved.read_text("utf-8"))
    for outcome in record["outcomes"]:
        outcome["first"] = 1
    record["outcomes"][0]["first"] = 1
    saved.write_text(json.dumps(record), "utf-8")
    code, printed, _ = call(capsys, *arguments, "--json")
    report = json.loads(printed)
    assert code == (1 if report["changes"]["lost"] else 0)


def test_the_help_lines_file_goes_stale(corpus: Path, index: Path) -> None:
    from datetime import date, timedelta

    from assistant.indexing.check import check

    dates = [date.fromisoformat(line.verified_on or "") for line in read_texts(SHIPPED).notice.helplines]
    assert check(corpus, index, today=max(dates)) == []
    assert {finding.level for finding in check(corpus, index, today=min(dates) + timedelta(121))} == {"warning"}
    assert {finding.level for finding in check(corpus, index, today=max(dates) + timedelta(181))} == {"error"}
