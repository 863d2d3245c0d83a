"""Before the model is there, and when it is missing or broken: people are answered by words alone, and told so."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import messages
from assistant.answering.assistant import Assistant
from assistant.answering.lexical_search import LexicalAssistant
from assistant.cli import main
from assistant.corpus.exemplars import WrittenQuestions
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.errors import BuildFailed, IndexCorrupt, IndexMissing, QuestionError
from assistant.index import generation
from assistant.index.text_index import TextIndex
from assistant.indexing.build import build_index
from assistant.schema import Answer
from assistant.server import reload
from assistant.server.open_index import OpenOrBuild
from assistant.server.reload import Reloader
from assistant.server.service import Service
from assistant.server.web.page import Page
from tests.server.web.test_page import built, call_api, client, running, wait_until, words
from tests.support import BLADDER, ROOT, ToyEncoder, json_lines

QUESTION, URGENT = "Does ketamine hurt the bladder?", "he took ketamine and is not breathing"
SHEETS = """
[[source]]
id = "sheet"
file = "bladder.txt"
kind = "fact-sheet"
tier = "T1"

[[source]]
id = "seller"
file = "seller.txt"
kind = "provider"
tier = "T4"
"""


@pytest.fixture
def corpus(corpus: Path) -> Path:
    """One fact sheet and one treatment provider, words that the provider has of urgent messages, and its own written questions:
    the shipped ones are learnt from, and change."""
    (corpus / "sources.toml").write_text(SHEETS, "utf-8")
    (corpus / "seller.txt").write_text("Breathing\n\nHe took ketamine and is not breathing well. Our clinic helps.\n", "utf-8")
    (corpus / "asked.toml").write_text('[[asked]]\nsource_id = "sheet"\nheading = "Bladder"\nquestions = '
                                       '["Is ketamine bad for the bladder?", "who can check the bladder", "does peeing hurt"]\n')
    unanswered = [{"text": "is it good for migraine", "kind": "near_miss"}, {"text": "who won the cup", "kind": "off_topic"}]
    (corpus / "unanswered.jsonl").write_text(json_lines(unanswered), "utf-8")
    (corpus / "refused.jsonl").write_text("", "utf-8")
    return corpus


def with_model(index: Path) -> Path:
    """Publish the same generation with a file for the model, which is in the manifest as all others; the file's path."""
    old = generation.current(index)
    manifest = json.loads((old / "manifest.json").read_bytes())
    (old / "model.onnx").write_bytes(b"the model")
    manifest["files"]["model.onnx"] = hashlib.sha256(b"the model").hexdigest()
    raw = generation.canonical(manifest)
    (old / "manifest.json").write_bytes(raw)
    name = old.name[:-16] + hashlib.sha256(raw).hexdigest()[:16]
    old.rename(index / name)
    generation.switch(index, name)
    return index / name / "model.onnx"


@contextmanager
def served(index: Path, corpus: Path, opener: Any) -> Iterator[httpx.Client]:
    page = built(lambda: Page(index, read_texts(corpus), opener, corpus=corpus,
                              open_words=lambda: LexicalAssistant.open(index, corpus)))
    with running(page.app) as (address, _), client(address) as site:
        yield site


def is_by_words(answer: dict[str, Any]) -> None:
    """Passages that are never called an answer, said to be found by words only, quoted exactly, with the notice."""
    assert (answer["status"], answer["search"], answer["confidence"]) == ("related", "words", 0)
    assert answer["message"] == messages.BY_WORDS_FOUND
    assert answer["citations"][0]["exact"] == BLADDER
    assert answer["citations"][0]["receipt"].endswith(hashlib.sha256(BLADDER.encode()).hexdigest())
    assert answer["notice"] == read_texts(SHIPPED).notice.to_json()


def the_page_answers_by_words(site: httpx.Client, why: str) -> None:
    """The page, /plain, the API and /readyz, for an ordinary and an urgent question."""
    wait_until(lambda: site.get("/readyz").json()["search"] == "words")
    if why == "failed":
        wait_until(lambda: site.get("/readyz").json().get("why") == "failed", 60)
    ready = site.get("/readyz")
    assert (ready.status_code, ready.json()["ready"], ready.json()["why"]) == (503, False, why)
    notice = read_texts(SHIPPED).notice
    assert site.get("/").status_code == 200
    is_by_words(call_api(site, QUESTION, 3))
    plain = site.post("/plain", data={"q": QUESTION})
    assert plain.status_code == 200
    assert f">{messages.BY_WORDS_HEADINGS['related']}<" in plain.text
    assert messages.BY_WORDS_FOUND in words(plain.text)
    assert BLADDER in words(plain.text)
    assert "match" not in words(plain.text)
    assert notice.text in words(plain.text)
    card = call_api(site, URGENT, 3)
    assert (card["status"], card["urgent"]["kind"]) == ("urgent", "overdose")
    assert {found["kind"] for found in card["citations"]} <= {"fact-sheet"}
    assert card["notice"] == notice.to_json()
    urgent = site.post("/plain", data={"q": URGENT}).text
    assert urgent.index('role="alert"') < urgent.index("<form")
    assert "Our clinic helps" not in urgent.split('class="k-sources"')[0]
    assert notice.text in words(urgent)
    assert "Bladder" in site.get("/source/sheet").text
    assert "2 sources" in words(site.get("/plain").text)


# ---- the three states


def test_while_the_model_loads_words_answer_and_then_the_full_search_without_a_restart(
        corpus: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    index = tmp_path / "index"
    build_index(corpus, index, encoder=toy)
    gate = threading.Event()

    def opener() -> Assistant:
        assert gate.wait(60)
        return Assistant.open(index, encoder=toy)

    with served(index, corpus, opener) as site:
        the_page_answers_by_words(site, "starting")
        gate.set()
        wait_until(lambda: site.get("/readyz").status_code == 200)
        assert site.get("/readyz").json()["search"] == "full"
        answer = call_api(site, QUESTION, 3)
        assert answer["search"] == "full"
        assert messages.BY_WORDS not in answer["message"]
        assert answer["citations"][0]["exact"] == BLADDER
        assert "we only looked for your words" not in words(site.post("/plain", data={"q": QUESTION}).text)


def test_without_a_model_folder_there_is_no_index_and_words_answer_from_the_corpus(
        corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ASSISTANT_MODEL", str(tmp_path / "no-such-model"))
    with served(tmp_path / "index", corpus, OpenOrBuild(tmp_path / "index", corpus)) as site:
        the_page_answers_by_words(site, "failed")
    said = capfd.readouterr().err
    assert "no-such-model' is neither a folder nor a hub id" in said
    assert "Until then questions are answered by words alone." in said


@pytest.mark.parametrize("harm", ["changed", "missing", "another"])
def test_with_a_model_whose_sha256_is_wrong_words_answer_and_a_mended_one_is_taken_without_a_restart(
        corpus: Path, tmp_path: Path, toy: ToyEncoder, harm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reload, "EVERY", 0.05)
    index = tmp_path / "index"
    build_index(corpus, index, encoder=toy)
    model = with_model(index)
    encoder = ToyEncoder("another model") if harm == "another" else toy
    if harm == "changed":
        model.write_bytes(b"the m0del")
    if harm == "missing":
        model.unlink()
    with served(index, corpus, lambda: Assistant.open(index, encoder=encoder)) as site:
        the_page_answers_by_words(site, "failed")
        if harm != "another":
            model.write_bytes(b"the model")
            wait_until(lambda: site.get("/readyz").json()["search"] == "full")
            assert site.get("/readyz").status_code == 200


def test_a_first_build_that_failed_is_tried_again(corpus: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    tried = []

    def opener() -> Assistant:
        tried.append(1)
        raise BuildFailed("There is no model.")

    reloader = Reloader(tmp_path / "index", corpus, opener, (),
                        open_words=lambda: LexicalAssistant.open(tmp_path / "index", corpus))
    for _ in range(reload.BUILD_LOOKS):
        reloader.look()
    assert (len(tried), reloader.failed) == (1, True)
    reloader.look()
    assert len(tried) == 2
    build_index(corpus, tmp_path / "index", encoder=toy)
    reloader._open = lambda: Assistant.open(tmp_path / "index", encoder=toy)
    reloader.look()
    assert (reloader.failed, reloader.words) == (False, None), "the search by words is let go"
    assert reloader.serving


# ---- on the command line


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_ask_answers_by_words_says_why_and_exits_with_1(corpus: Path, tmp_path: Path, toy: ToyEncoder, harm: str,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    index = tmp_path / "index"
    build_index(corpus, index, encoder=toy)
    model = with_model(index)
    if harm == "changed":
        model.write_bytes(b"the m0del")
    else:
        model.unlink()
    assert main.main(["ask", QUESTION, "--index", str(index), "--json"]) == 1
    out, err = capsys.readouterr()
    is_by_words(json.loads(out))
    assert len(err.splitlines()) == 1
    assert "model.onnx" in err
    assert main.main(["ask", QUESTION, "--index", str(index)]) == 1
    out, _ = capsys.readouterr()
    assert out.startswith(messages.BY_WORDS_FOUND)
    assert read_texts(SHIPPED).notice.text in out
    assert main.main(["ask", URGENT, "--index", str(index), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["urgent"]["kind"] == "overdose"


def test_a_model_that_cannot_be_loaded_is_one_sentence_and_no_traceback(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["ask", QUESTION, "--index", str(index)]) == 1  # an index of a toy has no model beside it
    out, err = capsys.readouterr()
    assert "The model in" in err
    assert "cannot be loaded" in err
    assert len(err.splitlines()) == 1
    assert out.startswith(messages.BY_WORDS_FOUND)


@pytest.mark.parametrize("name", ["corpus.json", "vectors.faiss", "manifest.json"])
def test_from_an_index_that_is_damaged_elsewhere_nothing_is_quoted(corpus: Path, tmp_path: Path, toy: ToyEncoder, name: str
                                                                   ) -> None:
    index = tmp_path / "index"
    build_index(corpus, index, encoder=toy)
    model = with_model(index)
    model.unlink()
    harmed = model.parent / name
    raw = harmed.read_bytes()
    harmed.write_bytes(raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:])
    with pytest.raises(IndexCorrupt, match=name.replace(".", r"\.")):
        LexicalAssistant.without_model(index)
    with pytest.raises(IndexMissing):
        LexicalAssistant.without_model(tmp_path / "none")


# ---- what is found, and what is said about it


def test_words_come_from_what_is_published_not_from_a_corpus_that_was_changed_since(
        corpus: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    build_index(corpus, tmp_path / "index", encoder=toy)
    (corpus / "bladder.txt").write_text("Bladder\n\nKetamine cannot hurt the bladder, whatever they say.\n", "utf-8")
    found = LexicalAssistant.open(tmp_path / "index", corpus)
    assert found.ask(QUESTION).citations[0].exact == BLADDER
    assert found.generation == generation.current(tmp_path / "index").name
    assert LexicalAssistant.open(tmp_path / "none", corpus).ask(QUESTION).citations[0].exact != BLADDER


def test_nothing_found_by_words_is_ever_called_an_answer(corpus: Path, tmp_path: Path) -> None:
    found = LexicalAssistant.open(tmp_path / "none", corpus)
    for question in (BLADDER, QUESTION, "bladder", "zebra crossing", "how much ketamine can i take", URGENT):
        answer = found.ask(question)
        assert answer.status != "answered"
        assert (answer.confidence, answer.search) == (0, "words")
    with pytest.raises(QuestionError):
        found.ask("   ")


def test_rules_on_what_passages_must_not_answer_hold_without_a_model(corpus: Path, tmp_path: Path) -> None:
    answer = LexicalAssistant.open(tmp_path / "none", corpus).ask("how much ketamine is a lethal dose for the bladder")
    assert (answer.status, answer.citations) == ("not_covered", ())
    assert answer.message == "Please ask someone who knows about dose."


def test_a_question_whose_nearest_written_ones_nothing_answers_gets_no_passage(corpus: Path) -> None:
    text_index = TextIndex.of_folder(corpus)
    answered, unanswered = ("does ketamine hurt the bladder",), ("does ketamine hurt my dog", "is my dog on ketamine")
    found = LexicalAssistant(text_index, WrittenQuestions(answered, unanswered))
    assert found.ask(QUESTION).status == "related"
    assert found.ask("ketamine and the bladder").status == "related", "all of it stands in one passage"
    none = found.ask("can ketamine hurt a dog")
    assert (none.status, none.citations, none.message) == ("not_covered", (), messages.BY_WORDS_NONE)
    assert LexicalAssistant(text_index).ask("can ketamine hurt a dog").status == "related", "without examples shared words decide"


def test_the_sentence_that_shares_most_words_is_marked(corpus: Path, tmp_path: Path) -> None:
    (cited, *_) = LexicalAssistant.open(tmp_path / "none", corpus).ask("can a doctor check the bladder for pain").citations
    text = (corpus / "bladder.txt").read_text("utf-8")
    assert text[slice(*cited.highlight)] == "A doctor can check the bladder."


def test_a_passage_that_no_longer_matches_its_hash_is_withheld(corpus: Path, tmp_path: Path) -> None:
    found = LexicalAssistant.open(tmp_path / "none", corpus)
    found._text_index.store.hashes = dict.fromkeys(found._text_index.store.hashes, "0" * 64)
    assert found.ask(QUESTION).citations == ()
    assert found.withheld > 0


def test_answers_by_words_are_counted_apart(corpus: Path, tmp_path: Path) -> None:
    service = Service(tmp_path / "index", corpus, read_texts(corpus), lambda: pytest.fail("not opened"), ())
    by_words = LexicalAssistant.open(tmp_path / "none", corpus)
    service.reloader.words = reload.ByWords(by_words, {source.id: source for source in by_words.sources})
    service.start = lambda: None
    found, sources = service.answer(QUESTION)
    assert isinstance(found, Answer)
    assert set(sources) == {"sheet", "seller"}
    assert service.counts.totals() == {"status": {"related by words": 1}}


def test_an_error_while_words_are_searched_still_gives_the_card(corpus: Path, tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(tmp_path / "index", corpus, read_texts(corpus), lambda: pytest.fail("not opened"), ())
    by_words = LexicalAssistant.open(tmp_path / "none", corpus)
    monkeypatch.setattr(by_words, "search", lambda *_: 1 / 0)
    service.reloader.words = reload.ByWords(by_words, {})
    service.start = lambda: None
    found, _ = service.answer(URGENT)
    assert isinstance(found, Answer)
    assert found.urgent
    assert service.answer(QUESTION)[0] == ("error", "")


# ---- how good it is


def test_on_the_development_questions_words_find_the_right_passage_and_leave_most_others_out(tmp_path: Path) -> None:
    """The shipped corpus. docs/quality.md has the figures: 0.95 shown; of the others 0.23."""
    found = LexicalAssistant.open(tmp_path / "none", SHIPPED)
    first = third = answerable = shown = others = others_shown = 0
    lines = (ROOT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
    for record in (record for record in map(json.loads, lines) if record["split"] == "dev"):
        answer = found.ask(record["question"], ranked=3)
        if not record.get("judgments"):
            others, others_shown = others + 1, others_shown + bool(answer.citations)
            continue
        right = [any(judged["source_id"] == cited.source_id and judged["quote"] in cited.exact for judged in record["judgments"])
                 for cited in answer.ranked]
        answerable, shown = answerable + 1, shown + bool(answer.citations)
        first, third = first + right[0], third + any(right)
    assert answerable > 150
    assert others > 40
    assert first >= 0.80 * answerable
    assert third >= 0.92 * answerable
    assert shown >= 0.90 * answerable
    assert others_shown <= 0.25 * others
