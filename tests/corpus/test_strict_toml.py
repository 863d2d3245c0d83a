"""Nothing in an operator's file is passed over unseen: what nothing reads is refused with file, line and way out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.lexical_search import LexicalAssistant
from assistant.corpus import strict_toml
from assistant.corpus.files import SHIPPED
from assistant.corpus.reader import read_corpus
from assistant.errors import BadInput, CorpusError
from assistant.indexing.build import build_index
from assistant.indexing.check import check
from assistant.screening import refused
from assistant.screening.labels import PERSONAL, REFUSALS
from tests.support import ROOT, ToyEncoder, refusals

ABOUT, LANGUAGES = ((ROOT / "corpus" / name).read_text("utf-8") for name in ("about.toml", "languages.toml"))
CUSTOM = '[[subject]]\nid = "food"\ntext = "Ask a cook."\n'
NOTE = (SHIPPED / "notes.toml").read_text("utf-8")


def shipped(name: str, old: str, new: str) -> str:
    text = (SHIPPED / name).read_text("utf-8")
    assert old in text
    return text.replace(old, new, 1)


def line_of(text: str, words: str) -> int:
    return text[:text.index(words)].count("\n") + 1


FAULTS: list[tuple[str, str, str, str]] = [  # file, text, words on the line that is named, what is said
    ("about.toml", ABOUT.replace("asks = [", "aks = [", 1), "aks = [", "did you mean 'asks'?"),
    ("about.toml", ABOUT.replace("\n[[service]]", "\n[[servce]]", 1), "[[servce]]", "did you mean 'service'?"),
    ("about.toml", ABOUT.replace('"(how|what) (does|is', '"(how|what (does|is', 1), "asks = [", "close every bracket"),
    ("languages.toml", LANGUAGES.replace("heading", "headin", 1), "headin", "did you mean 'heading'?"),
    ("languages.toml", LANGUAGES.replace("[languages.fr", "[languages.xx"), "[languages.xx]", "no rule knows the language 'xx'"),
    ("not_covered.toml", refusals().replace('id = "dose"', 'id = "doses"'), 'id = "doses"', "did you mean 'dose'?"),
    ("not_covered.toml", refusals().replace('"someone-elses"', '"Someone_Elses"'), "Someone_Elses",
     "did you mean 'someone-elses'?"),
    ("not_covered.toml", refusals() + CUSTOM, 'id = "food"', "no rule gives the subject 'food': use one of dose, method"),
    ("not_covered.toml", refusals() + CUSTOM.replace("food", "testings") + 'examples = ["is it on a test"]\n', "testings",
     "did you mean 'testing'?"),
    ("not_covered.toml", refusals() + CUSTOM + 'exmaples = ["what to eat"]\n', "exmaples",
     "'exmaples' is unknown: did you mean 'examples'?"),
    ("not_covered.toml", refusals() + CUSTOM + 'examples = "what to eat"\n', "examples =", "must be a list of texts"),
    ("not_covered.toml", refusals() + CUSTOM + "examples = [7]\n", "examples =", "must hold text in quotes, not 7"),
    ("not_covered.toml", refusals() + '[[subject]]\nid = "dose"\ntext = "Again."\n', '[[subject]]\nid = "dose"\ntext = "Again."',
     "'dose' stands there twice"),
    ("not_covered.toml", refusals() + '[[subjects]]\nid = "food"\n', "[[subjects]]",
     "'subjects' is unknown: did you mean 'subject'?"),
    ("not_covered.toml", refusals() + '[[subject]]\nid = "food"\ntext = " "\n', '[[subject]]\nid = "food"',
     "needs an 'id' and a 'text'"),
    ("helplines.toml", shipped("helplines.toml", "[[helpline]]", "[[helplines]]"), "[[helplines]]", "did you mean 'helpline'?"),
    ("helplines.toml", shipped("helplines.toml", 'tel = "988"', 'tell = "988"'), 'tell = "988"', "did you mean 'tel'?"),
    ("helplines.toml", shipped("helplines.toml", 'tel = "988"', "tel = 988"), "tel = 988",
     "'helpline.tel' must hold text in quotes"),
    ("helplines.toml", shipped("helplines.toml", 'tel = "988"', 'tel = "call 988"'), 'tel = "call 988"', "write digits only"),
    ("helplines.toml", shipped("helplines.toml", 'kind = "emergency"', 'kind = "emergancy"'), "emergancy",
     "has the kind 'emergancy'"),
    ("helplines.toml", shipped("helplines.toml", 'region = "GB"', 'region = "UK"'), 'region = "UK"',
     "has the region 'UK': use one of"),
    ("helplines.toml", shipped("helplines.toml", 'name = "Poison Help"', 'name = "Emergency"'),
     '[[helpline]]\nregion = "US"\nkind = "poison"', "stands there twice for the region 'US'"),
    ("notice.toml", shipped("notice.toml", "[urgent.suicide]", "[urgent.suicid]"), "[urgent.suicid]", "did you mean 'suicide'?"),
    ("notice.toml", shipped("notice.toml", "[regions.GB.urgent.suicide]", "[regions.GB.urgent.suicid]"), "urgent.suicid]",
     "did you mean 'suicide'?"),
    ("notice.toml", shipped("notice.toml", 'contact = ""', 'kontact = ""'), "kontact", "did you mean 'contact'?"),
    ("notice.toml", shipped("notice.toml", "lines =", "line ="), "line =", "did you mean 'lines'?"),
    ("notice.toml", shipped("notice.toml", 'lines = ["Emergency", "Poison Help"]', 'lines = "Emergency"'), 'lines = "Emergency"',
     "must be a list of texts"),
    ("notice.toml", shipped("notice.toml", 'lines = ["Emergency", "Poison Help"]', "lines = []"), "lines = []", "has no 'lines'"),
    ("notice.toml", shipped("notice.toml", '["Emergency", "Poison Help"]', '["Emergencies", "Poison Help"]'), "Emergencies",
     "names the unknown help line 'Emergencies': use one of 'Emergency'"),
    ("notice.toml", shipped("notice.toml", "[regions.GB]", "[region.GB]"), "[region.GB]", "is not valid TOML"),
    ("notes.toml", NOTE.replace("pattern =", "patern =", 1), "patern =", "did you mean 'pattern'?"),
    ("notes.toml", NOTE.replace("[[note]]", "[[notes]]", 1), "[[notes]]", "did you mean 'note'?"),
    ("notes.toml", NOTE, "[[note]]", "is no source of this corpus"),
    ("glossary.toml", '[[term]]\nword = "bladder"\nallso = ["waterworks"]\n', "allso", "did you mean 'also'?"),
    ("glossary.toml", '[[term]]\nword = "bladder"\nalso = "waterworks"\n', "also", "must be a list of texts"),
    ("glossary.toml", '[[term]]\nword = "bladder"\nswap = "yes"\n', "swap", "must hold true or false, not 'yes'"),
    ("glossary.toml", '[[term]]\nword = "a"\nheard = ["x"]\n\n[[term]]\nword = "b"\nheard = ["x"]\n', '[[term]]\nword = "b"',
     "'x' stands under 'a' and 'b'"),
    ("glossary.toml", '[[terms]]\nword = "bladder"\n', "[[terms]]", "did you mean 'term'?"),
    ("asked.toml", '[[asked]]\nsource_id = "bladder"\nheading = "Bladder"\nquestion = ["is it bad"]\n', "question =",
     "did you mean 'questions'?"),
    ("asked.toml", '[[asked]]\nsource_id = "bladder"\nheading = "Bladder"\nquestions = "is it bad"\n', "questions =",
     "a list of texts"),
    ("asked.toml", '[[asked]]\nsource_id = "bladdr"\nheading = "Bladder"\nquestions = ["is it bad"]\n', "[[asked]]",
     "'bladdr' is no source of this corpus: did you mean 'bladder'?"),
    ("differ.toml", '[[pairs]]\nid = "a"\n', "[[pairs]]", "did you mean 'pair'?"),
    ("differ.toml", '[[pair]]\nid = "a"\ndiffer = "d"\na = {source_id = "bladder", quote = "q"}\n'
                    'b = {source_id = "alcool", quote = "q"}\n', "[[pair]]",
     "'alcool' is no source of this corpus: did you mean 'alcohol'?"),
    ("site.toml", 'name = "A"\nregoin = "GB"\n', "regoin", "did you mean 'region'?"),
    ("site.toml", '# c\n\n[colours.light]\nacent = "#000000"\n', "acent", "did you mean 'accent'?"),
    ("site.toml", '\nleave_to = "http://x.org"\n', "leave_to", "no https address"),
    ("sources.toml", '[[sources]]\nid = "a"\nfile = "bladder.txt"\n', "[[sources]]", "did you mean 'source'?"),
    ("sources.toml", '[[source]]\nid = "a"\nfile = "bladder.txt"\n[[source.reference]]\ntitle = "t"\ncheked = "2026"\n', "cheked",
     "in [source.reference] the key 'cheked' is unknown: did you mean 'checked'?"),
]


@pytest.mark.parametrize(("name", "text", "words", "says"), FAULTS, ids=[f"{name} {says[:40]}" for name, _, _, says in FAULTS])
def test_what_would_be_passed_over_is_refused_by_check_and_build_with_file_line_and_way_out(
        name: str, text: str, words: str, says: str, corpus: Path, index: Path, toy: ToyEncoder) -> None:
    (corpus / name).write_text(text, "utf-8")
    place = name if says == "is not valid TOML" else f"{name}, line {line_of(text, words)}:"
    found = [finding for finding in check(corpus, index) if place in finding.problem and says in finding.problem]
    assert [finding.level for finding in found] == ["error"], [finding.problem for finding in check(corpus, index)]
    assert "\n" not in found[0].problem
    with pytest.raises(BadInput, match=re.escape(says)):
        build_index(corpus, index, encoder=toy)


@pytest.mark.parametrize("kind", REFUSALS)
def test_a_refusal_without_its_words_is_an_error_because_it_would_be_off(kind: str, corpus: Path, toy: ToyEncoder) -> None:
    text = refusals()
    (corpus / "not_covered.toml").write_text(re.sub(rf'\[\[subject\]\]\nid = "{kind}"\n.*\n', "", text), "utf-8")
    with pytest.raises(CorpusError, match=f"not_covered.toml has no ..subject.. with the id '{kind}'"):
        read_corpus(corpus)


def test_the_ids_that_must_be_there_are_those_of_the_rules_and_of_the_classifier() -> None:
    assert {*refused.SUBJECTS, PERSONAL} == set(REFUSALS)  # no rule knows a decision about one person


def test_an_operators_own_subject_with_examples_is_welcome(corpus: Path) -> None:
    (corpus / "not_covered.toml").write_text(refusals() + CUSTOM + 'examples = ["what should I eat"]\n', "utf-8")
    assert read_corpus(corpus).texts.subjects[-1].id == "food"


def test_a_refused_question_gets_no_passage_even_from_an_index_that_has_no_words_for_it(index: Path, toy: ToyEncoder) -> None:
    question = "how much ketamine is a lethal dose for the bladder"
    for assistant in (Assistant.open(index, encoder=toy), LexicalAssistant.open(index)):
        object.__setattr__(assistant.texts, "subjects", ())
        answer = assistant.ask(question)
        assert (answer.status, answer.citations, answer.message) == ("not_covered", (), assistant.texts.not_covered)


def test_a_note_may_stand_beside_others_words_by_its_pattern_alone(corpus: Path) -> None:
    note = NOTE[NOTE.index("[[note]]"):NOTE.index("[[note]]", NOTE.index("[[note]]") + 1)]
    (corpus / "notes.toml").write_text(re.sub(r"(?m)^pattern = .*$", r"pattern = 'hurt\\s+the\\s+bladder'", note), "utf-8")
    assert len(read_corpus(corpus).editorial.notes) == 1


def tables(value: Any) -> list[strict_toml.Table]:
    if isinstance(value, list):
        return [table for item in value for table in tables(item)]
    return [value, *(table for item in value.values() for table in tables(item))] if isinstance(value, strict_toml.Table) else []


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.name)
def test_lines_are_those_of_the_file(path: Path) -> None:
    text = path.read_text("utf-8")
    lines = text.splitlines()
    found = [(key, line) for table in tables(strict_toml.read(text, path)) for key, line in table.lines.items()]
    assert found
    for key, line in found:
        assert key in lines[line - 1], (key, line)


TRICKY = '''# [[subject]]
region = "US"
text = """
[[subject]]
id = "x" # """
a . "b.c" = 1
[urgent . overdose] # a = 1
heading = 'x # ['
lines = [
  "a", # ]
  "b = [",
]
[[source]]
[[source.reference]]
title = "t"
[[source]]
[[source.reference]]
[[source.reference]]
title = \'\'\'
u = 2
\'\'\'
id = "end"
'''


def test_lines_are_right_after_strings_comments_and_lists_that_look_like_heads() -> None:
    root = strict_toml.read(TRICKY, "f")
    assert root.lines == {"region": 2, "text": 3, "a": 6, "urgent": 7, "source": 13}
    assert root["urgent"]["overdose"].lines == {"heading": 8, "lines": 9}
    assert [table.line for table in root["source"]] == [13, 16]
    assert [table.line for source in root["source"] for table in source["reference"]] == [14, 17, 18]
    assert root["source"][1]["reference"][1].lines == {"title": 19, "id": 22}


def test_every_key_of_every_shipped_file_is_known_and_the_lists_name_no_other_file() -> None:
    assert set(strict_toml.KEYS) < {path.name for path in SHIPPED.glob("*.toml")}
    for name in strict_toml.KEYS:
        strict_toml.verify(strict_toml.read((SHIPPED / name).read_text("utf-8"), name), name, name)
