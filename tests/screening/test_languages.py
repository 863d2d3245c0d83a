"""A message in another language gets our fixed words in it: the card of its kind for danger, else one calm sentence."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
from markupsafe import escape

from assistant.answering.cards import screen
from assistant.answering.lexical_search import LexicalAssistant
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.corpus.translations import LANGUAGES_FILE, translations_from
from assistant.errors import CorpusError
from assistant.index.inputs import texts_sha256
from assistant.index.serialization import read_texts as read_stored
from assistant.index.serialization import record_sha256
from assistant.index.text_index import TextIndex
from assistant.notices import FixedTexts
from assistant.schema import Answer
from assistant.screening.labels import DANGERS
from assistant.screening.urgent import language
from assistant.screening.urgent import screen as kinds_of
from assistant.server.web.rendering import Renderer
from tests.support import ROOT

TEXTS = read_texts(SHIPPED)
FILE = tomllib.loads((SHIPPED / LANGUAGES_FILE).read_text("utf-8"))
ROWS = [json.loads(line) for line in (ROOT / "eval/languages.jsonl").read_text("utf-8").splitlines()]
CODES = ("es", "fr", "de", "pl", "pt")
URGENT = {
    "es": "mi amigo tomó ketamina y no respira", "fr": "mon ami ne respire plus", "pl": "kolega nie oddycha",
    "de": "Mein Freund atmet nicht mehr nach Ketamin", "pt": "meu amigo não está respirando",
}
CALM = {
    "es": "¿Es adictiva la ketamina?", "fr": "la kétamine est-elle dangereuse ?", "pl": "jak przestać brać ketaminę",
    "de": "Ist Ketamin gefährlich für die Blase?", "pt": "a cetamina vicia?",
}


def told(question: str, texts: FixedTexts = TEXTS) -> Answer:
    found = screen(question, texts)
    assert found is not None
    return found


def regional(region: str, tmp_path: Path) -> FixedTexts:
    notice = (SHIPPED / "notice.toml").read_text("utf-8").replace('region = "US"', f'region = "{region}"', 1)
    (tmp_path / "notice.toml").write_text(notice, "utf-8")
    return read_texts(tmp_path)


@pytest.mark.parametrize("code", CODES)
def test_an_emergency_gets_the_card_of_its_kind_in_its_own_language_and_in_english(code: str) -> None:
    answer = told(URGENT[code])
    assert (answer.status, answer.language, answer.citations) == ("urgent", code, ())
    card = answer.to_json()["urgent"]
    assert (card["kind"], card["text"]) == ("overdose", TEXTS.cards["overdose"].text)
    assert card["translation"]["language"] == code
    assert "911" in card["translation"]["text"]
    printed = str(answer)
    assert printed.index(card["translation"]["text"]) < printed.index(card["text"])


@pytest.mark.parametrize("code", CODES)
def test_a_calm_question_gets_one_sentence_in_its_language_and_no_card_and_no_passage(code: str) -> None:
    answer = told(CALM[code])
    assert (answer.status, answer.urgent, answer.citations, answer.language) == ("not_covered", None, (), code)
    assert answer.message == f"{TEXTS.languages[code].calm} {TEXTS.languages['en'].calm}"
    assert answer.message.startswith(answer.translated)
    assert answer.to_json()["language"] == code


@pytest.mark.parametrize(("question", "code"), [
    ("quali sono gli effetti della ketamina", "it"), ("wat zijn de gevolgen van ketamine voor de blaas", "nl"),
    ("кетамин опасен для мочевого пузыря?", "und"), ("氯胺酮会上瘾吗", "und"),
])
def test_a_calm_question_in_a_language_without_our_words_hears_in_english_which_there_are(question: str, code: str) -> None:
    answer = told(question)
    assert (answer.status, answer.urgent, answer.language) == ("not_covered", None, code)
    assert "español" in answer.message
    assert not answer.translated


@pytest.mark.parametrize("question", ["non respira piu", "он не дышит", "mijn vriend ademt niet"])
def test_an_emergency_in_a_language_without_our_words_gets_the_english_card(question: str) -> None:
    answer = told(question)
    assert answer.urgent is not None
    assert (answer.urgent.kind, answer.urgent.translation) == ("overdose", None)


@pytest.mark.parametrize("question", [
    "is ketamin addictve", "me friend take ketamine, no wake", "ketamine die or no", "ketamin", "what is ketamina",
    "how long ketamin stay urin", "ketamine danger yes no", "son ketamine", "is mal de debarquement helped by ketamine",
])
def test_poor_english_is_english(question: str) -> None:
    assert language(question) is None


def test_no_english_question_of_the_evaluation_sets_is_taken_for_another_language() -> None:
    asked = [json.loads(line)["question"] for line in (ROOT / "eval/questions.jsonl").read_text("utf-8").splitlines()]
    assert not [text for text in asked if language(text)]


def test_every_language_has_every_card_and_each_says_who_read_it() -> None:
    assert set(FILE["languages"]) == set(CODES)
    for code, table in FILE["languages"].items():
        assert set(table["urgent"]) == set(DANGERS), code
        for text in (table, *table["urgent"].values()):
            assert text["read_by"] == "not yet read by a native speaker", "whoever read it: put name and day in its place"


@pytest.mark.parametrize("region", ["US", "GB", "IE", "CA", "AU", ""])
def test_a_translated_card_names_the_numbers_of_its_region_and_no_others(region: str, tmp_path: Path) -> None:
    texts = regional(region, tmp_path)
    own = {"".join(filter(str.isdigit, line.contact)) for line in texts.notice.helplines} | {""}
    emergency = next(line for line in texts.notice.helplines if line.kind == "emergency")
    for code in CODES:
        known = texts.languages[code]
        for kind, card in known.cards.items():
            for sentence in card.text.split(". "):
                digits = "".join(filter(str.isdigit, sentence))
                assert digits in own | {number * 2 for number in own}, (region, code, kind, sentence)
            assert (emergency.tel or FILE["languages"][code]["no_number"]) in card.text, (region, code, kind)
        assert "{" not in known.calm + "".join(card.heading + card.text for card in known.cards.values())


@pytest.mark.parametrize(("change", "says"), [
    (lambda table: table["languages"]["es"]["urgent"].pop("suicide"), "no table 'suicide'"),
    (lambda table: table["languages"]["es"]["urgent"]["suicide"].pop("read_by"), "no 'read_by'"),
    (lambda table: table["languages"]["es"]["urgent"]["suicide"].update(text="Llame al 911."), "holds a number"),
    (lambda table: table["languages"]["es"]["urgent"]["suicide"].update(text="Llame al {nadie}."), "nothing fills in"),
    (lambda table: table["english"].pop("calm"), "no 'calm'"),
])
def test_a_text_that_is_missing_or_names_a_number_is_refused(change: object, says: str) -> None:
    table = tomllib.loads((SHIPPED / LANGUAGES_FILE).read_text("utf-8"))
    change(table)  # type: ignore[operator]
    with pytest.raises(CorpusError, match=says):
        translations_from(table, LANGUAGES_FILE, TEXTS.notice.helplines, TEXTS.cards)


@pytest.mark.parametrize(("split", "caught", "false"), [
    ("dev", 1.0, 0.0), ("test", 0.97, 0.05), ("fresh", 0.97, 0.05), ("oblique", 0.94, 0.05)])
def test_messages_in_five_languages_are_caught_and_calm_ones_left_alone(split: str, caught: float, false: float) -> None:
    """Each split was written before the phrases were widened by it; docs/quality.md has the figures at first sight."""
    rows = [row for row in ROWS if row["split"] == split]
    urgent = [row for row in rows if row["urgent"]]
    calm = [row for row in rows if not row["urgent"]]
    missed = [row["text"] for row in urgent if not kinds_of(row["text"])]
    alarms = [row["text"] for row in calm if kinds_of(row["text"])]
    assert len(missed) <= (1 - caught) * len(urgent), missed
    assert len(alarms) <= false * len(calm), alarms
    strange = [row["text"] for row in rows if language(row["text"]) != row["language"]]
    assert len(strange) <= 0.04 * len(rows), strange


def test_an_index_from_before_proves_itself_and_has_no_words_in_other_languages() -> None:
    record = asdict(TEXTS)
    del record["languages"]
    for card in record["cards"].values():
        del card["translation"]
    older = read_stored(record)
    assert older.languages == {}
    assert texts_sha256(older) == record_sha256(record)
    assert screen(CALM["es"], older) is None
    assert told(URGENT["es"], older).urgent is not None


@pytest.mark.parametrize("alone", [False, True], ids=["page", "notebook"])
def test_the_page_says_in_which_language_each_text_is(alone: bool) -> None:
    made = Renderer(TEXTS, limit=1000)
    for code in CODES:
        urgent, calm = (made.alone(told(text)) if alone else str(made.answer(told(text), {}))
                        for text in (URGENT[code], CALM[code]))
        card = TEXTS.languages[code].cards["overdose"]
        assert f'lang="{code}">{escape(card.heading)}</h2>' in urgent
        assert f'<p lang="{code}">' in urgent
        assert urgent.index("k-call") < urgent.index(TEXTS.cards["overdose"].heading), "the button before the English words"
        assert f'<span lang="{code}">' in calm
        assert "k-urgent" not in calm.partition("</style>")[2] if alone else "k-urgent" not in calm


def test_without_a_model_the_same_words_are_said() -> None:
    by_words = LexicalAssistant(TextIndex.of_folder(SHIPPED))
    assert by_words.ask(CALM["de"]).message == told(CALM["de"]).message
    assert by_words.ask(URGENT["de"]).urgent == told(URGENT["de"]).urgent
