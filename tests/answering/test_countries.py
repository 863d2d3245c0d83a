"""Nobody is sent to another country's number by a quote: on every way out, and under an urgent card not even by name.

Who asks about the law, help or cost reads about the own country first, or about the one that was asked about.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.countries import asked, in_country, is_quotable, numbers
from assistant.answering.lexical_search import LexicalAssistant
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.corpus.passages import split
from assistant.corpus.reader import read_corpus
from assistant.indexing.build import build_index
from assistant.notices import FixedTexts
from assistant.schema import Hit, Passage, Source, still
from assistant.server.mcp_server import Lender
from assistant.server.service import Service
from assistant.server.web.static_export import write_book
from tests.support import ToyEncoder, sure

REGIONS = ("US", "CA", "GB", "IE", "AU", "NZ", "")


def texts_of(region: str, folder: Path) -> FixedTexts:
    text = (SHIPPED / "notice.toml").read_text("utf-8")
    (folder / "notice.toml").write_text(text.replace('region = "US"', f'region = "{region}"', 1), "utf-8")
    return read_texts(folder)


@pytest.mark.parametrize(("text", "at_home", "named"), [
    ("Call 911 now if they will not wake up.", ("US", "CA"), False),
    ("In the US, call 911 now.", ("US", "CA"), True),
    ("Please ask us, then call 911.", ("US", "CA"), False),
    ("A life at risk? Emergency, 911.", ("US", "CA"), False),
    ("Text 988 at any time.", ("US", "CA"), False),
    ("Call 1-800-222-1222 for the poison line.", ("US",), False),
    ("Call (800) 222-1222. It is for people in America.", ("US",), True),
    ("Ring 999 or 112.", ("GB", "IE"), False),
    ("In England, dial 111 for advice.", ("GB", "NZ"), True),
    ("Call Samaritans on 116 123.", ("GB", "IE"), False),
    ("FRANK is on 0300 123 6600.", ("GB", "IE", "AU", "NZ"), False),
    ("Lifeline Australia is 13 11 14.", ("AU",), True),
    ("In an emergency call 000.", ("AU",), False),
    ("Call or text 1737.", ("NZ",), False),
])
def test_a_number_is_quoted_where_it_works_and_elsewhere_only_with_its_country(
        text: str, at_home: tuple[str, ...], named: bool, tmp_path: Path) -> None:
    for region in REGIONS:
        texts = texts_of(region, tmp_path)
        assert is_quotable(text, texts) == (named or region in at_home), region
        assert is_quotable(text, texts, urgent=True) == (region in at_home), region


@pytest.mark.parametrize("text", [
    "A phone survey of 999 people found this.", "Of 911 patients, 112 had pain.", "It was found in 2021-000 samples.",
    "The line in the chart shows 111 deaths.", "They gave 0.5 mg, 999 in all.", "See page 988.", "Call a doctor.",
    "It costs $911 a call."])
def test_a_figure_is_no_number_to_call(text: str) -> None:
    assert numbers(text) == ()


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_may_be_told_its_own_lines_and_only_those_of_others_by_name(region: str, tmp_path: Path) -> None:
    texts = texts_of(region, tmp_path)
    for line in texts.notice.helplines:
        assert is_quotable(f"{line.name}: {line.contact}.", texts, urgent=True), line.name


def test_of_the_shipped_texts_every_number_stands_in_a_passage_that_names_its_country(tmp_path: Path) -> None:
    """So nothing falls away where people only ask; under an urgent card the few with another country's numbers do."""
    passages = [passage for source in read_corpus(SHIPPED).sources for passage in split(source)]
    for region in REGIONS:
        texts = texts_of(region, tmp_path)
        assert [passage.heading for passage in passages if not is_quotable(passage.text, texts)] == []
        away = [passage for passage in passages if not is_quotable(passage.text, texts, urgent=True)]
        assert all(re.search(r"\d{3}", passage.text) for passage in away)  # nothing falls away but for a number
        assert 5 <= len(away) <= 0.1 * len(passages)


# ---- on every way out

PLAIN = "Ketamine can hurt the bladder. Call 911 now for the bladder, or Poison Help on 1-800-222-1222. It is free."
NAMED = "Ketamine and the bladder: people in the United States call 911 for a bladder emergency. It is open day and night."
SAFE = "Ketamine may sting the bladder. A doctor can look at the bladder. There is help for people who ask a nurse."
LISTING = "".join(f'[[source]]\nid = "{name}"\nfile = "{name}.txt"\nkind = "fact-sheet"\ntier = "T1"\n'
                  for name in ("plain", "named", "safe"))
CALM, URGENT = "ketamine bladder", "my friend took ketamine and will not wake up, bladder"


@pytest.fixture
def folder(corpus: Path) -> Path:
    for old in corpus.glob("*.txt"):
        old.unlink()
    for name, text in (("plain", PLAIN), ("named", NAMED), ("safe", SAFE)):
        (corpus / f"{name}.txt").write_text(f"{name.title()}\n\n{text}\n", "utf-8")
    (corpus / "sources.toml").write_text(LISTING, "utf-8")
    return corpus


def built(folder: Path, region: str, index: Path) -> Path:
    (folder / "site.toml").write_text(f'region = "{region}"\n', "utf-8")
    build_index(folder, index, encoder=ToyEncoder())
    return index


WAYS: dict[str, Callable[[Path], Any]] = {
    "answers": lambda index: Assistant.open(index, encoder=ToyEncoder()),
    "by words": lambda index: LexicalAssistant.open(index),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("region", "calm", "urgent"), [
    ("US", {"plain", "named", "safe"}, {"plain", "named", "safe"}), ("GB", {"named", "safe"}, {"safe"}),
    ("NZ", {"named", "safe"}, {"safe"}), ("", {"named", "safe"}, {"safe"})])
def test_answers_and_cards_quote_no_foreign_number(
        region: str, calm: set[str], urgent: set[str], way: str, folder: Path, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    sure(monkeypatch, 1.0)
    monkeypatch.setattr("assistant.answering.assistant.Assistant.sheet_from", -1.0)
    monkeypatch.setattr("assistant.answering.lexical_search.LexicalAssistant.sheet_from", -1.0)
    assistant = WAYS[way](built(folder, region, tmp_path / "index"))
    assert {citation.source_id for citation in assistant.ask(CALM, 3).citations} == calm
    card = assistant.ask(URGENT, 3)
    assert card.status == "urgent"
    assert {citation.source_id for citation in card.citations} == urgent
    assert {citation.source_id for citation in assistant.ask(CALM, 3, ranked=3).ranked} == {"plain", "named", "safe"}, "ranking"


def test_a_passage_that_is_not_shown_makes_nothing_an_answer(
        folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sure(monkeypatch, 1.0)
    question = "bladder"
    for name in ("named", "safe"):
        text = f"{name.title()}\n\nThere is help with alcohol for people who ask {name} nurses.\n"
        (folder / f"{name}.txt").write_text(text, "utf-8")
    for region, status in (("US", "answered"), ("GB", "related")):
        assistant = Assistant.open(built(folder, region, tmp_path / f"index{region}"), encoder=ToyEncoder())
        hits, _ = assistant.hits(question)
        assert hits[0].passage.source_id == "plain"
        assert assistant.ask(question).status == status


def test_the_tools_for_other_assistants_keep_to_it(folder: Path, tmp_path: Path) -> None:
    index = built(folder, "GB", tmp_path / "index")
    service = Service(index, folder, read_texts(folder), lambda: Assistant.open(index, encoder=ToyEncoder()), ())
    service.reloader.look()
    try:
        record = Lender(service).search_passages(CALM)
    finally:
        service.stop()
    assert "plain" not in {citation["source_id"] for citation in record["citations"]}


@pytest.mark.parametrize(("region", "held"), [("US", True), ("GB", False)])
def test_the_book_keeps_to_it(region: str, held: bool, folder: Path, tmp_path: Path) -> None:
    index = built(folder, region, tmp_path / "index")
    shutil.rmtree(tmp_path / "book", ignore_errors=True)
    write_book(index, folder, tmp_path / "book")
    assert (tmp_path / "book" / "answers-named.html").exists()
    assert (tmp_path / "book" / "answers-plain.html").exists() == held


@pytest.mark.parametrize("region", REGIONS)
def test_first_aid_may_stand_under_an_urgent_card_everywhere(region: str, tmp_path: Path) -> None:
    """What to do with the hands names no country's number: the card above it has the reader's own."""
    texts = texts_of(region, tmp_path)
    sheets = {"fact-first-aid", "fact-bad-reaction", "fact-khole", "fact-naloxone", "fact-emergency"}
    held_back = [f"{passage.source_id}: {passage.heading}" for source in read_corpus(SHIPPED).sources if source.id in sheets
                 for passage in split(source) if not is_quotable(passage.text, texts, urgent=True)]
    assert not held_back


# ---- whose country speaks first

LAW = (("law", "Is ketamine legal in the US?"), ("law", "Is ketamine illegal in the UK?"), ("canada", "Is it illegal?"),
       ("what", "What is ketamine?"))
SOURCES = {name: Source(name, title, "", None, "fact-sheet", "T1", "") for name, title in
           (("law", "Ketamine and the law"), ("canada", "The law in Canada"), ("what", "Ketamine"))}


def hits(*found: tuple[str, str], relevance: tuple[float, ...] = (0.9, 0.8, 0.7, 0.6)) -> list[Hit]:
    return [Hit(Passage(source, 0, 4, heading, "Text", ((0, 4),)), 1 / rank, rank, still((0, 4)), 0.6, sure)
            for rank, ((source, heading), sure) in enumerate(zip(found, relevance, strict=True), 1)]


def order(question: str, region: str, relevance: tuple[float, ...] = (0.9, 0.8, 0.7, 0.6)) -> list[str]:
    return [hit.passage.heading for hit in in_country(question, hits(*LAW, relevance=relevance), SOURCES, region)]


@pytest.mark.parametrize(("region", "first"), [("US", LAW[0]), ("GB", LAW[1]), ("CA", LAW[2])])
def test_the_operators_country_speaks_first_where_the_question_names_none(region: str, first: tuple[str, str]) -> None:
    assert order("is it legal", region)[0] == first[1]


@pytest.mark.parametrize("question", ["is it legal in Canada", "got caught in toronto, is it legal", "Ontario here. legal?"])
def test_a_country_that_the_question_tells_of_speaks_first_wherever_it_is_asked(question: str) -> None:
    assert order(question, "GB")[0] == "Is it illegal?"


def test_a_country_of_which_nothing_is_said_changes_no_order() -> None:
    assert order("is it legal in New Zealand", "GB") == [heading for _, heading in LAW]


def test_a_passage_that_hardly_answers_does_not_pass_one_that_does() -> None:
    assert order("is it legal", "GB", (0.9, 0.4, 0.3, 0.2))[0] == LAW[0][1]


def test_ranks_count_from_one_and_a_passage_on_no_country_keeps_its_place() -> None:
    ordered = in_country("is it legal", hits(*LAW), SOURCES, "CA")
    assert [hit.rank for hit in ordered] == [1, 2, 3, 4]
    assert ordered[-1].passage.heading == "What is ketamine?"


@pytest.mark.parametrize(("question", "regions"), [
    ("can i get it on the nhs", {"GB"}), ("what do us people do", set()), ("is it legal in the us", {"US"}),
    ("my mate in Melbourne", {"AU"}), ("Northern Ireland rules", {"GB"}), ("a nice kiwi and mayo sandwich", set())])
def test_where_somebody_asks_from_is_told_from_how_people_type(question: str, regions: set[str]) -> None:
    assert asked(question) == regions
