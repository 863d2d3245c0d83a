"""A real miss becomes an evaluation question: by command, or by a button that only a logged-in editor sees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from assistant.errors import BadInput
from assistant.evaluation.judgments import read_questions
from assistant.server import editors
from assistant.server.editors import Editors, from_environment, hashed
from tests.server.web.test_page import QUESTIONS, TEXTS, StandIn, client, has_notice, page, running, wait_until

PASSWORD = "correct horse battery"


def add(corpus: Path, file: Path, *arguments: str) -> int:
    return main.main(["add-question", *arguments, "--corpus", str(corpus), "--questions", str(file)])


def test_a_miss_becomes_a_line_that_eval_reads(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "eval" / "mine.jsonl"
    assert add(corpus, file, "does ket wreck  your bladder", "--quote", "Ketamine can hurt\nthe bladder.") == 0
    assert add(corpus, file, "what about my cat", "--nothing", "off_topic") == 0
    first, second = read_questions(file)
    assert (first.id, first.question, first.split) == ("e-001", "does ket wreck your bladder", "dev")
    assert [(judged.source_id, judged.quote) for judged in first.judgments] == [("bladder", "Ketamine can hurt the bladder.")]
    assert (second.id, second.group, second.judgments) == ("e-002", "off_topic", ())


@pytest.mark.parametrize(("arguments", "said"), [
    (["q?", "--quote", "words that stand nowhere at all"], "do not stand in any source"),
    (["q?", "--quote", "Ketamine can hurt the bladder.", "--source", "alcohol"], "do not stand in alcohol"),
    (["q?", "--quote", "the bladder"], "has 2 words"), (["q?"], "either the words that answer"),
    (["q?", "--quote", "a b c", "--nothing", "off_topic"], "either the words that answer"),
    (["  ", "--nothing", "off_topic"], "There is no question"), (["Known?", "--nothing", "off_topic"], "as e-007")])
def test_what_cannot_be_judged_is_refused_in_one_sentence_and_nothing_is_written(
        arguments: list[str], said: str, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.jsonl"
    before = json.dumps({"id": "e-007", "question": "known?", "group": "off_topic"})
    file.write_text(before, "utf-8")
    assert add(corpus, file, *arguments) == 2
    assert said in capsys.readouterr().err
    assert file.read_text("utf-8") == before


def test_words_in_two_sources_need_a_name(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "copy.txt").write_text((corpus / "bladder.txt").read_text("utf-8"), "utf-8")
    file = tmp_path / "mine.jsonl"
    assert add(corpus, file, "q?", "--quote", "Ketamine can hurt the bladder.") == 2
    assert "stand in bladder and in copy: name one with --source" in capsys.readouterr().err
    assert add(corpus, file, "q?", "--quote", "Ketamine can hurt the bladder.", "--source", "copy") == 0


def test_a_last_line_without_an_end_is_not_joined_with_the_new_one(corpus: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps({"id": "e-007", "question": "known?", "group": "off_topic"}), "utf-8")
    add(corpus, file, "new?", "--nothing", "near_miss")
    assert [question.id for question in read_questions(file)] == ["e-007", "e-008"]


def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch | None = None) -> tuple[Any, Path]:
    made, file = page(lambda: StandIn(TEXTS)), tmp_path / "kept" / "editors.jsonl"
    made.admit(Editors(hashed(PASSWORD), file, made.service))
    return made, file


def test_without_a_password_there_is_no_page_for_editors(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment({}) is None
    with running(page(lambda: StandIn(TEXTS)).app) as (address, _), client(address) as found:
        assert found.get("/editor").status_code == found.post("/editor", data={"password": ""}).status_code == 404


def test_nothing_is_kept_until_an_editor_presses_and_then_it_says_so(tmp_path: Path) -> None:
    made, file = site(tmp_path)
    with running(made.app) as (address, _), client(address) as found:
        wait_until(lambda: found.get("/readyz").status_code == 200)
        visitors = found.post("/plain", data={"q": QUESTIONS["answered"]}).text
        assert "Yes, passage 1 answers it" not in visitors, "visitors never see it"
        assert found.post("/editor", data={"password": "wrong"}).status_code == 403
        asked = found.post("/editor", data={"q": QUESTIONS["answered"], "key": "x"})
        assert "Yes, passage 1 answers it" not in asked.text
        entered = found.post("/editor", data={"password": PASSWORD})
        said = entered.headers["set-cookie"].lower()
        assert all(part in said for part in ("httponly", "samesite=strict", "path=/editor"))
        key = entered.text.split('name="key" value="')[1].split('"')[0]
        shown = found.post("/editor", data={"q": QUESTIONS["answered"], "key": key})
        assert "Yes, passage 1 answers it" in shown.text
        assert has_notice(shown.text)
        assert not file.exists(), "asking stores nothing"
        cited = StandIn(TEXTS).ask(QUESTIONS["answered"]).citations[0]
        verdict = {"q": QUESTIONS["answered"], "do": "judge", "source": cited.source_id, "quote": cited.exact}
        assert found.post("/editor", data=verdict | {"key": "of another site"}).status_code == 403
        assert not file.exists()
        stored = found.post("/editor", data=verdict | {"key": key})
        assert "Stored as e-001 in" in stored.text
        nowhere = found.post("/editor", data=verdict | {"q": "another?", "quote": "words that stand nowhere", "key": key})
        assert (nowhere.status_code, "Nothing was stored." in nowhere.text) == (400, True)
        found.post("/editor", data={"do": "leave", "key": key})
        assert "Password" in found.get("/editor").text
    (question,) = read_questions(file)
    assert question.judgments[0].source_id == cited.source_id


def test_a_password_cannot_be_guessed_by_trying(tmp_path: Path) -> None:
    made, _ = site(tmp_path)
    tried = [made.editors.post({"password": str(number)}, "", "192.0.2.1").status for number in range(editors.TRIES + 1)]
    assert tried == [403] * editors.TRIES + [429]
    assert made.editors.post({"password": PASSWORD}, "", "192.0.2.1").status == 429


def test_a_login_ends(tmp_path: Path) -> None:
    now = [0.0]
    made = Editors(hashed(PASSWORD), tmp_path / "x", page().service, lambda: now[0])
    cookie = made.post({"password": PASSWORD}, "", "a").cookie
    assert cookie
    assert made.get(cookie).values["key"]
    now[0] = editors.HOURS
    assert not made.get(cookie).values["key"]


def test_the_password_may_lie_in_a_file_as_a_hash(tmp_path: Path) -> None:
    file = tmp_path / "hash"
    file.write_text(hashed(PASSWORD) + "\n", "utf-8")
    found = from_environment({"ASSISTANT_EDITOR_PASSWORD_FILE": str(file), "ASSISTANT_EDITOR_QUESTIONS": "x.jsonl"})
    assert found
    assert (found[0], found[1]) == (file.read_text("utf-8").strip(), Path("x.jsonl"))
    assert PASSWORD not in file.read_text("utf-8")


@pytest.mark.parametrize(("name", "value", "said"), [
    ("PASSWORD", "short", "fewer than 12"), ("PASSWORD_FILE", "/nowhere", "cannot be read"),
    ("PASSWORD_FILE", __file__, "holds no line")])
def test_a_password_that_cannot_be_used_is_named(name: str, value: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        from_environment({f"ASSISTANT_EDITOR_{name}": value})
