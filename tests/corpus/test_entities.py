"""A thing that a question names is found, ordinary words are not; and a passage speaks of it or it does not."""

from __future__ import annotations

import json

import pytest

from assistant.corpus.editorial import Glossary
from assistant.corpus.entities import mentions, names, things
from assistant.corpus.files import SHIPPED
from assistant.index.text_index import TextIndex
from assistant.schema import Term
from tests.support import ROOT

GLOSSARY = Glossary((Term("benzodiazepines", ("Xanax", "benzo")), Term("chronic pain", (), (), ("fibromyalgia",))))


@pytest.mark.parametrize(("question", "found"), [
    ("can I take sertraline and lamotrigine alongside ketamine", ("sertraline", "lamotrigine")),
    ("im on lithium, can i have ketamine as well", ("lithium",)),
    ("is Zoloft or elvanse ok with ket", ("sertraline", "lisdexamfetamine")),
    ("what about quizartinib, zofenopril and bilastatin-free vernakavastatin", ("quizartinib", "zofenopril", "vernakavastatin")),
    ("does it help long covid, Parkinson's or a bleed on the brain", ("long covid", "Parkinson's", "brain haemorrhage")),
    ("ketamine with keratitis or lipodystrophia, after a cystoscopy", ("keratitis", "cystoscopy")),
    ("does it show in a hair follicle test or an MRI", ("hair test", "MRI")),
    ("is it legal in Florida or in the UK", ("Florida", "UK")),
    ("ket and speed, ket with coke", ("amphetamine", "cocaine")),
    ("TMS versus EMDR", ("TMS", "EMDR")),
    ("can people with MS have it", ("multiple sclerosis",)),
])
def test_what_a_question_names_is_found_by_its_first_name(question: str, found: tuple[str, ...]) -> None:
    assert things(question) == found


@pytest.mark.parametrize("question", [
    "was it a bad trip, will it pass by may", "crystal clear, the cat is in the bath reading",
    "does ketamine speed up your pulse", "a nice mobile clinic", "cold turkey", "ms smith told us", "can it help me",
    "what is spravato",     "ketamine, esketamine, ket, k",
    "a diagnosis and prognosis program in april", "is it like heroin", "nothing like prozac",
    "my cousin in Ohio has it", "I DIDNT KNOW WHAT I DID TO ME",
    "I'm in Toronto and need help", "do you have it in spanish", "how addictive is it for depression", "stomach acid", "gas bill",
    "I teach in Leeds and walk a lot. My knees hurt and the weather is wet and my friends all say so, as friends do. "
    "It was a long day and I was tired. Is ketamine addictive?", "",
])
def test_ordinary_words_ketamine_itself_and_where_people_live_are_no_things(question: str) -> None:
    assert things(question) == ()


@pytest.mark.parametrize(("thing", "text", "said"), [
    ("sertraline", "Ketamine lifts depression fast.", False),
    ("sertraline", "It may be mixed with Zoloft.", True),
    ("sertraline", "Antidepressants take weeks.", True),
    ("Melbourne", "In Australia, call 000.", True), ("levothyroxine", "Tell them about thyroid medicines.", True),
    ("antidepressants", "Prozac takes weeks.", True),
    ("lithium", "Ketamine lifts depression fast.", False),
    ("lithium", "Mood stabilisers were not tested.", True),
    ("alprazolam", "Benzodiazepines slow breathing.", True),
    ("fibromyalgia", "Chronic pain was studied.", True),
    ("hypertension", "It raises blood pressure.", True),
    ("PTSD", "Post-traumatic stress was studied.", True),
    ("Florida", "In the US it is a Schedule III drug.", False),
    ("Leeds", "In England it is Class B.", True),
    ("United States", "Let us help. They told us.", False),
    ("United States", "The US label says so.", True),
    ("multiple sclerosis", "Ms Smith has MS.", True),
    ("multiple sclerosis", "Ms Smith spoke.", False),
    ("Spain", "The European Union allows it.", True),
    ("keratitis", "Keratitis is a sore eye.", True),
    ("keratitis", "The eye may be sore.", False),
])
def test_a_passage_speaks_of_a_thing_by_any_name_or_by_its_group_s(thing: str, text: str, said: bool) -> None:
    assert mentions(thing, text, GLOSSARY) is said


def questions(*splits: str) -> list[dict[str, object]]:
    lines = (ROOT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
    return [question for question in map(json.loads, lines) if question["split"] in splits]


def test_a_judged_passage_speaks_of_all_that_its_question_names() -> None:
    """But for one question in the split that was looked at while the names were written, and five in the two that were not."""
    shelf = TextIndex.of_folder(SHIPPED)
    missed: list[object] = []
    for question in questions("dev", "test", "blind"):
        texts = [f"{passage.heading}. {passage.text}" for passage in shelf.passages for judgment in question.get("judgments", ())  # type: ignore[attr-defined]
                 if judgment["source_id"] == passage.source_id and judgment["quote"] in passage.text]
        for thing in things(str(question["question"])) if texts else ():
            if not any(mentions(thing, text, shelf.glossary) for text in texts):
                missed.append(question["id"])
    assert set(missed) <= {"q-145", "q-229", "b-030", "b-033", "b-055", "b-097", "b-171", "b-232", "n-011", "n-017", "n-084"}


def test_names_are_no_slips_of_spelling() -> None:
    speller = TextIndex.of_folder(SHIPPED).speller
    assert speller is not None
    for name in names():
        assert speller.correct(f"is {name} ok")[1] == (), name
