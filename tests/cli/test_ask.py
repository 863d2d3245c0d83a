"""Questions from a file: JSON Lines, or plain text with one question a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.cli.ask import _records


@pytest.mark.parametrize(("name", "text", "records"), [
    ("q.txt", "How long does it last?\n\nCan it hurt {me}?\n", [("1", "How long does it last?"), ("3", "Can it hurt {me}?")]),
    ("q.jsonl", '{"id": "a", "question": "How long?"}\n{"question": "Why?"}\n', [("a", "How long?"), ("2", "Why?")]),
    ("q.txt", '{"question": "How long?"}\n', [("1", "How long?")]),
])
def test_a_file_holds_json_lines_or_one_question_a_line(
        tmp_path: Path, name: str, text: str, records: list[tuple[str, str]]) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert list(_records(tmp_path / name)) == records
