"""What a message was against what was shown: every group counted, intervals by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.errors import BadInput
from assistant.evaluation import confusion
from assistant.evaluation.confusion import GROUPS, Share, outcome, read_cases
from assistant.notices import Notice, Urgent
from assistant.schema import Answer
from tests.support import ROOT

NOTICE = Notice("Careful.", ())
CARD = Urgent("overdose", "Call", "Call now.")


@pytest.mark.parametrize(("answer", "shown"), [
    (Answer("q", "urgent", NOTICE, urgent=CARD), "card"), (Answer("q", "not_covered", NOTICE, subject="dose"), "instead"),
    (Answer("q", "not_covered", NOTICE, topic="other"), "topic"), (Answer("q", "answered", NOTICE, caution=CARD), "answered"),
    (Answer("q", "related", NOTICE), "related"), (Answer("q", "not_covered", NOTICE), "not_covered")])
def test_an_answer_has_one_outcome(answer: Answer, shown: str) -> None:
    assert outcome(answer) == shown


def test_intervals_are_those_of_wilson() -> None:
    assert Share(0, 10).interval == pytest.approx((0.0, 0.2775), abs=1e-3)
    assert Share(5, 10).interval == pytest.approx((0.2366, 0.7634), abs=1e-3)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_the_table_counts_every_message_once_and_a_line_beside_it(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    rows = [("answerable", "bladder"), ("urgent", "my friend is not breathing"), ("refuse", "where can I buy ketamine online"),
            ("greeting", "hello"), ("near_miss", "who won the world cup")]
    path.write_text("".join(json.dumps({"id": str(number), "text": text, "group": group, "kind": "overdose", "judgments": [
        {"source_id": "bladder", "quote": "A doctor can check the bladder."}] if group == "answerable" else []}) + "\n"
                            for number, (group, text) in enumerate(rows)))
    found = confusion.confusion(assistant, read_cases(path))
    assert sum(count for row in found.table.values() for name, count in row.items() if name != "line") == len(rows)
    assert found.table["urgent"] == {"card": 1}
    assert found.table["greeting"] == {"topic": 1}
    assert found.figures["urgent: the right card first"].value == 1
    assert "urgent: full card" in str(found)
    assert json.dumps(found.to_json())


@pytest.mark.parametrize("line", [
    '{"text": "a", "group": "other things"}', '{"text": " ", "group": "urgent"}', '{"group": "urgent"}',
    '{"text": "a", "group": "urgent", "judgments": {}}', '{"text": "a", "group": "urgent", "split": 7}',
    '{"text": "a", "group": "answerable", "judgments": [{"quote": "b"}]}'])
def test_a_message_that_cannot_be_used_is_named_by_file_and_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_text('{"id": "1", "text": "hello", "group": "greeting"}\n' + line + "\n")
    with pytest.raises(BadInput, match=r"messages\.jsonl, line 2"):
        read_cases(path)


def test_the_shipped_messages_are_many_of_every_group_and_none_is_learnt_from() -> None:
    cases = read_cases(ROOT / "eval" / confusion.FILE)
    assert {case.group for case in cases} == set(GROUPS)
    learnt = {json.loads(line)["text"].casefold() for name in ("exemplars", "refused", "unanswered")
              for line in (ROOT / f"corpus/{name}.jsonl").read_text("utf-8").split("\n") if line.strip()}
    learnt |= {part.casefold() for part in (ROOT / "corpus/asked.toml").read_text("utf-8").split('"')}
    assert not [case.text for case in cases if case.text.casefold() in learnt]
