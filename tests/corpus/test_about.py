"""A greeting, and a question about the service itself, get one friendly sentence; a question about ketamine never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus.about import about_from, asked_about, is_greeting
from assistant.corpus.fixed_texts import read_texts
from assistant.errors import CorpusError
from assistant.server.web.rendering import Renderer
from tests.support import ROOT

TEXTS = read_texts(ROOT / "corpus")


@pytest.mark.parametrize("message", ["hi", "Hello!", "hello there", "good morning", "ok", "yes", "test", "thanks", "thank you",
                                     "thanks that helped", "cheers", "hey 🙂", "bye"])
def test_a_greeting_is_known_without_a_model(message: str) -> None:
    assert is_greeting(message)


@pytest.mark.parametrize("message", ["help", "ket", "ketamine", "memory loss", "she is dead", "test results", "drug test",
                                     "is it ok", "good for depression", "what now", "no help anywhere", "he is gone"])
def test_a_word_that_may_be_a_question_is_no_greeting(message: str) -> None:
    assert not is_greeting(message)


@pytest.mark.parametrize(("question", "about"), [
    ("who are you", "who"), ("who runs this site", "who"), ("are you a clinic", "who"), ("is this AI", "machine"),
    ("am I talking to a robot?", "machine"), ("are you a real person", "machine"), ("is it private", "private"),
    ("do you save what I type", "private"), ("can my mum see what I ask", "private"), ("who pays for this", "money"),
    ("can I trust this", "trust"), ("is this information reliable", "trust"), ("how does this work", "what"),
    ("what can you do", "what"), ("what can I ask here", "what"), ("is what I say here private", "private"),
    ("If I type a name on here, is it kept?", "private")])
def test_a_question_about_the_service_gets_the_passage_of_the_about_page(question: str, about: str) -> None:
    found = asked_about(question, TEXTS)
    assert found is not None
    assert found.id == about


@pytest.mark.parametrize("question", [
    "is ketamine treatment private", "who makes ketamine", "how does ketamine work", "can my doctor see it in a blood test",
    "does spravato work", "is it addictive", "who pays for the nasal spray", "can I trust a ketamine clinic", "how does it feel",
    "is it free on the NHS", "what does it do", "can you die from it", "someone passes out at a party, what do you do",
    "My wife will not admit that she has a problem. What can I do?", "he just laughs at me, what can you do",
    "found a bag of white powder in his room, what is this", "is what I say to the drug service kept private",
    "are the meetings anonymous", "does the doctor tell the police", "is it confidential if I go to a drug service"])
def test_a_question_about_ketamine_is_never_taken_for_one_about_the_service(question: str) -> None:
    assert asked_about(question, TEXTS) is None


def test_what_is_said_about_the_service_stands_on_the_about_page() -> None:
    page = Renderer(TEXTS, 2000).about_page("20261129")
    for entry in TEXTS.about:
        if entry.id == "who":  # it points there: the operator's words are shown, not built in
            continue
        for sentence in entry.text.split(". "):
            assert sentence.rstrip(".") in page, sentence


@pytest.mark.parametrize("table", [
    {}, {"greeting": "Hi.", "other": "No."}, {"greeting": "Hi.", "other": "No.", "service": []},
    {"greeting": "Hi.", "other": "No.", "service": [{"id": "a"}]},
    {"greeting": "Hi.", "other": "No.", "service": [{"id": "a", "text": "b", "asks": []}]},
    {"greeting": "Hi.", "other": "No.", "service": [{"id": "a", "text": "b", "asks": ["(who"]}]},
    {"greeting": "Hi.", "other": "No.", "service": [{"id": "a", "text": "b", "asks": ["c"]}] * 2}])
def test_a_file_that_lacks_a_part_is_refused_in_one_sentence(table: dict[str, object]) -> None:
    with pytest.raises(CorpusError, match=r"about\.toml"):
        about_from(table, Path("about.toml"))
