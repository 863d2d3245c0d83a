"""Slips of spelling are searched as what was meant; names, ordinary words and what was typed stay as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.lexical_search import LexicalAssistant
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.index.location import located
from assistant.index.spelling import Speller
from assistant.index.text_index import TextIndex
from assistant.indexing.build import build_index
from assistant.screening import urgent
from assistant.screening.classifier import Reading
from assistant.screening.labels import LABELS
from assistant.server.web.rendering import Renderer
from tests.support import ROOT, ToyEncoder

PAIRS = [json.loads(line) for line in (ROOT / "eval" / "misspelt.jsonl").read_text("utf-8").splitlines()]
TYPED, USED = "Does ketamine hurt the bladdr?", (("bladdr", "bladder"),)


@pytest.fixture(scope="module")
def speller() -> Speller:
    made = TextIndex.of_folder(SHIPPED).speller
    assert made is not None
    return made


@pytest.mark.parametrize(("typed", "meant"), [
    ("is ketamin addictve", "is ketamin addictive"),  # the glossary knows "ketamin"
    ("hlaf lfe ketmine", "half life ketamine"),
    ("anurism ketamin safe??", "aneurysm ketamin safe??"),
    ("how many peple got beter on the nose spay", "how many people got better on the nose spray"),
    ("ketaminebladder is it permenant", "ketamine bladder is it permanent"),
    ("HLAF LIFE", "half LIFE"),
    ("Depresion and sprevato", "Depresion and Spravato"),
    ("how long dose it last", "how long does it last"),
    ("bladdr, (kidny)?", "bladder, (kidny)?"),
])
def test_what_was_typed_becomes_what_was_meant(speller: Speller, typed: str, meant: str) -> None:
    assert speller.correct(typed)[0] == meant


@pytest.mark.parametrize("question", [
    "is ketamine addictive", "can I have it with quetiapine or lamotrigine", "my cellmate keyed a portaloo",
    "is arketamine the same", "what dose is safe", "does Monzo pay", "mTOR and BDNF", "what is SSDI", "see bladdr.org/kidneyz",
    "mail me at bladdr@clinic.example", "ketmine2 k3tmine", "la ketamine est-elle dangereuse", "la ketamina es peligrosa",
    "кетамин мочевой пузырь", "is Hanna's spaniel ok", "dont wanna, cant, wont", "spay the cat", "",
])
def test_names_figures_ordinary_words_and_other_languages_stay_as_typed(speller: Speller, question: str) -> None:
    assert speller.correct(question) == (question, ())


def test_a_small_corpus_is_enough() -> None:
    made = Speller(["bladder", "bladder", "pain"], ["Cystoscopy"], [("bladder", "pain")])
    assert made.correct("blader pain after cystoscopy, bladderpain") == (
        "bladder pain after cystoscopy, bladder pain", (("blader", "bladder"), ("bladderpain", "bladder pain")))
    assert Speller([]).correct("ketmine") == ("ketmine", ())


def test_written_questions_without_slips_are_left_alone(speller: Speller) -> None:
    """Those that change among 904 people's questions hold slips, but for a footballer's name and one adverb."""
    questions = [json.loads(line) for line in (ROOT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()]
    found = [mended for question in questions if (mended := speller.correct(question["question"])[1])]
    assert len(found) <= 0.025 * len(questions)
    changed = [used for mended in found for used in mended]
    assert [used for used in changed if used[0] in ("haaland", "normaly")] == [("normaly", "normal"), ("haaland", "holland")]


@pytest.mark.parametrize("by_words", [True, False])
def test_the_mended_question_is_searched_and_the_typed_one_is_shown(corpus: Path, index: Path, toy: ToyEncoder,
                                                                    by_words: bool) -> None:
    made: Any = LexicalAssistant(TextIndex.open(located(index))) if by_words else Assistant.open(index, toy)
    answer = made.ask(TYPED)
    assert (answer.question, answer.corrected) == (TYPED, USED)
    assert answer.citations[0].source_id == "bladder"
    assert answer.to_json()["corrected"] == [{"typed": "bladdr", "used": "bladder"}]
    assert "Searched for: bladder\n" in str(answer)
    render = Renderer(read_texts(corpus), 2000)
    for html in (render.plain(TYPED, render.answer(answer, {})), render.alone(answer)):
        assert '<p class="k-also">Searched for: bladder</p>' in html
        assert f"</b> {TYPED}</p>" in html
    right = made.ask(TYPED.replace("bladdr", "bladder"))
    assert right.corrected == ()
    assert "Searched for" not in str(right) + str(render.answer(right, {}))
    assert [found.exact for found in right.citations] == [found.exact for found in answer.citations]


def test_a_slip_does_not_hide_danger_and_mending_never_hides_it(corpus: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    (corpus / "more.txt").write_text("More\n\nIf she stopped breathing, call for help. She swallowed it and stopped.\n", "utf-8")
    build_index(corpus, tmp_path / "i", encoder=toy)
    typed = "my mate stoped breathng on ket"
    assert urgent.screen("he stoped brething") == ()
    for made in (LexicalAssistant.open(tmp_path / "i", corpus), Assistant.open(tmp_path / "i", toy)):
        for question in (typed, "he stoped brething", "she isnt breathng"):
            answer = made.ask(question)
            assert (answer.status, answer.question) == ("urgent", question)
            assert answer.urgent is not None
            assert answer.urgent.kind == "overdose"


def test_what_was_typed_is_judged_by_rules_and_network_too(index: Path, toy: ToyEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    class Network:
        """Finds danger in the first text that it is given, which is the mended one, and a refusal in the second, as typed."""

        def __init__(self) -> None:
            self.given = 0

        def read(self, vector: object, inner_layers: object) -> Reading:
            self.given += 1
            logits = dict.fromkeys(LABELS, -5.0) | ({"suicide": 3.0} if self.given == 1 else {"dose": 2.0})
            return Reading(logits, np.zeros(0), np.zeros(1))

    made = Assistant.open(index, toy)
    monkeypatch.setattr(made._index, "network", Network())
    logits = made.figures(TYPED).logits
    assert logits is not None
    assert (logits["suicide"], logits["dose"], logits["answerable"]) == (3.0, 2.0, -5.0)


@pytest.mark.model
def test_misspelt_questions_find_the_passage_that_the_right_spelling_finds(shipped: Assistant) -> None:
    """Without mending 44, 44 and 14 did. "test" was written with the rest and not fitted on, "fresh" when all was done."""
    for split, least in (("dev", 52), ("test", 47), ("fresh", 23)):
        pairs = [pair for pair in PAIRS if pair["split"] == split]
        same = sum(shipped.hits(pair["typed"], 1)[0][0].passage.id == shipped.hits(pair["meant"], 1)[0][0].passage.id
                   for pair in pairs)
        assert same >= least, split
    assert [hit.passage.id for hit in shipped.hits("is ketamin addictve")[0]] == [
        hit.passage.id for hit in shipped.hits("is ketamine addictive")[0]]
