"""JSON Lines are read in one way everywhere: a line ends at a newline, and what cannot be read is named by file and line."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cli import main
from assistant.corpus import jsonl
from assistant.corpus.exemplars import DANGER, REFUSAL, UNANSWERED, read_exemplars
from assistant.corpus.lint import references
from assistant.errors import AssistantError, BadInput, CorpusError
from assistant.evaluation import beir
from assistant.evaluation.judgments import read_questions
from assistant.evaluation.screens import read_messages

ODD = "a\u2028b\u2029c\u0085d"  # what str.splitlines takes for ends of lines

READERS: dict[str, tuple[str, Callable[[Path], Any], dict[str, Any], type[AssistantError]]] = {
    "questions": ("questions.jsonl", read_questions,
                  {"id": "q", "question": "why", "judgments": [{"source_id": "a", "quote": "b c"}]}, BadInput),
    "urgent": ("urgent.jsonl", lambda path: read_messages(path.parent), {"id": "1", "text": "help", "urgent": True}, BadInput),
    "refused messages": ("refused.jsonl", lambda path: read_messages(path.parent), {"text": "help", "subject": "dose"}, BadInput),
    "unanswered": ("unanswered.jsonl", lambda path: read_exemplars(path, UNANSWERED), {"text": "why", "kind": "near_miss"},
                   CorpusError),
    "exemplars": ("exemplars.jsonl", lambda path: read_exemplars(path, DANGER), {"text": "help", "kind": None}, CorpusError),
    "refused": ("refused.jsonl", lambda path: read_exemplars(path, REFUSAL), {"text": "help", "subject": None}, CorpusError),
    "ask": ("asked.jsonl", lambda path: list(cli_records(path)), {"id": "1", "question": "why"}, BadInput),
    "beir": ("corpus.jsonl", lambda path: list(beir._records(path.parent, "corpus")), {"_id": "d", "text": "t"}, BadInput),
}
MALFORMED = [
    b"\xef\xbb\xbf{}", b"not json", b"[1]", b"null", b"7", b'"text"', b"{", b'{"id": }', b'{"a": 1} {"b": 2}', b"\xff\xfe",
    b'{"text": "\xe9"}',
    b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b'{"a": 1e999}', b'{"a": 1, "a": 2}', b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"a": ' + b"9" * 5_000 + b"}", b"{}", b"{\x00}", b"\x00"]


def cli_records(path: Path) -> Any:
    from assistant.cli.ask import _records

    return _records(path)


def test_a_line_ends_at_a_newline_and_nowhere_else(tmp_path: Path) -> None:
    raw = "\ufeff" + json.dumps({"a": ODD}, ensure_ascii=False) + '\r\n\n  \t\n{"a": "2"}'
    (tmp_path / "a.jsonl").write_bytes(raw.encode())
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(raw.encode()))
    wanted = [(1, {"a": ODD}), (4, {"a": "2"})]
    assert list(jsonl.read(tmp_path / "a.jsonl")) == wanted
    assert list(jsonl.read(tmp_path / "a.jsonl.gz")) == wanted


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.lists(st.text()), max_size=3)))
def test_what_was_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]]) -> None:
    path = tmp_path_factory.mktemp("jsonl") / "a.jsonl"
    path.write_bytes("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode("utf-8"))
    assert [record for _, record in jsonl.read(path)] == records


@pytest.mark.parametrize("name", READERS)
def test_every_reader_takes_odd_characters_blank_lines_and_a_byte_order_mark(name: str, tmp_path: Path) -> None:
    file, read, record, _ = READERS[name]
    key = next(key for key in ("question", "text") if key in record)
    odd = json.dumps(record | {key: f"why {ODD}"}, ensure_ascii=False).encode()
    (tmp_path / file).write_bytes(b"\xef\xbb\xbf" + odd + b"\r\n\r\n  \n")
    whole = pytest.raises(CorpusError, match="must hold messages of every") if name in ("exemplars", "refused") else nullcontext()
    with whole:  # these two want more than one message, and say so after the last
        read(tmp_path / file)


@pytest.mark.parametrize("line", MALFORMED, ids=lambda line: repr(line[:20]))
@pytest.mark.parametrize("name", READERS)
def test_every_reader_names_file_and_line_of_a_malformed_one_in_one_sentence_and_with_its_own_error(
        name: str, line: bytes, tmp_path: Path) -> None:
    file, read, record, error = READERS[name]
    (tmp_path / file).write_bytes(json.dumps(record).encode() + b"\n\n" + line + b"\n")
    with pytest.raises(error, match=rf"{file}, line 3: ") as raised:
        read(tmp_path / file)
    assert raised.type is error
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 600


WRONG: list[Any] = [None, 7, True, 1.5, [], ["a"], {}, {"a": 1}, "", "  ", "\ud800"]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize(("name", "key"), [(name, key) for name, (_, _, record, _) in READERS.items() for key in record])
def test_a_field_of_the_wrong_type_ends_in_the_readers_own_error_or_is_as_good_as_what_it_stands_for(
        name: str, key: str, wrong: Any, tmp_path: Path) -> None:
    file, read, record, error = READERS[name]
    (tmp_path / file).write_text(json.dumps(record | {key: wrong}) + "\n", "utf-8")
    with suppress(error):
        read(tmp_path / file)


@pytest.mark.parametrize(("change", "says"), [
    ({"question": 7}, "'question' must be text"), ({"question": " "}, "'question' must be text"),
    ({"question": "?!"}, "cannot be asked"), ({"question": "a" * 3_000}, "cannot be asked"),
    ({"id": None}, "'id' must be text"), ({"id": ["q"]}, "'id' must be text"),
    ({"judgments": "a"}, "a list of 'judgments'"), ({"judgments": {"source_id": "a"}}, "a list of 'judgments'"),
    ({"judgments": None}, "a list of 'judgments'"), ({"judgments": ["a"]}, "a judgment needs"),
    ({"judgments": [None]}, "a judgment needs"),
    ({"judgments": [{"source_id": "a", "quote": None}]}, "'quote' must be text"),
    ({"judgments": [{"source_id": "a", "quote": ""}]}, "'quote' must be text"),
    ({"judgments": [{"source_id": None, "quote": "b"}]}, "'source_id' must be text"),
    ({"judgments": [{"doc": 7, "quote": "b"}]}, "'doc' must be text"), ({"judgments": [{"quote": "b"}]}, "a judgment needs"),
    ({"judgments": [{"source_id": "a", "start": "1", "end": 2, "sha256": "x"}]}, "a judgment needs"),
    ({"judgments": [{"source_id": "a", "start": 2, "end": 1, "sha256": "x"}]}, "a judgment needs"),
    ({"judgments": [{"source_id": "a", "start": 1, "end": True, "sha256": "x"}]}, "a judgment needs"),
    ({"judgments": [{"source_id": "a", "start": 1, "end": 2, "sha256": 7}]}, "'sha256' must be text"),
    ({"split": ["dev"]}, "'split' must be text"), ({"split": None}, "'split' must be text"),
    ({"group": 7}, "'group' must be text"),
    ({"group": "answerable", "judgments": []}, "has no judgments"), ({"question": "\ud800"}, "half a surrogate pair"),
], ids=repr)
def test_eval_says_what_is_wrong_with_a_question_and_exits_with_two(
        change: dict[str, Any], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = READERS["questions"][2] | {"id": "r"}
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(READERS["questions"][2]) + "\n" + json.dumps(record | change) + "\n", "utf-8")
    assert main.main(["eval", "--questions", str(path), "--index", str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err.strip()
    assert "line 2: " in said
    assert says in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(("file", "line", "says"), [
    ("urgent.jsonl", {"text": "help"}, "true or false"), ("urgent.jsonl", {"text": "help", "urgent": "yes"}, "true or false"),
    ("urgent.jsonl", {"text": 7, "urgent": True}, "'text' must be text"),
    ("urgent.jsonl", {"urgent": True}, "'text' must be text"),
    ("urgent.jsonl", {"text": "help", "urgent": True, "split": ["a"]}, "'split' must be text"),
    ("refused.jsonl", {"text": "help"}, "the id of a subject or null"),
    ("refused.jsonl", {"text": "help", "subject": ["dose"]}, "the id of a subject or null"),
    ("refused.jsonl", {"text": "help", "subject": "dose", "group": 7}, "'group' must be text"),
], ids=repr)
def test_a_message_that_cannot_be_read_stops_eval_before_anything_is_asked(
        file: str, line: dict[str, Any], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "questions.jsonl").write_text(json.dumps(READERS["questions"][2]) + "\n", "utf-8")
    (tmp_path / file).write_text("\n" + json.dumps(line) + "\n", "utf-8")
    assert main.main(["eval", "--questions", str(tmp_path / "questions.jsonl"), "--index", str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err.strip()
    assert f"{file}, line 2: " in said
    assert says in said
    assert len(said.splitlines()) == 1


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.jsonl"):
        with pytest.raises(BadInput, match="cannot be read"):
            list(jsonl.read(path))


def test_judgments_up_to_a_line_that_cannot_be_read_are_looked_at_and_the_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"judgments": [{"source_id": "a", "quote": "b\u2028c"}]}\n\n{broken\n', "utf-8")
    assert references._judgments(path) == ([(1, "a", "b\u2028c")], 3)
