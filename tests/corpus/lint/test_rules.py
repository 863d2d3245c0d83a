"""The lint finds one planted fault of each kind on its line, finds nothing in a clean text, and never crashes."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import shutil
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.corpus.lint.context import LintContext, SourceView
from assistant.corpus.lint.prose import stigma_in
from assistant.corpus.lint.readability import grade, syllables
from assistant.corpus.lint.rules import RULES, Finding, lines_for_people, lint
from assistant.corpus.reader import Corpus, read_corpus
from assistant.errors import CorpusError
from assistant.indexing.check import check
from assistant.schema import Source
from tests.support import ROOT, refusals

TODAY = date(2026, 11, 22)
TEXTS = read_texts(SHIPPED)

OURS = """# Bladder

## What can happen

Ketamine can hurt the bladder. A doctor can look at it.

<!-- facts: H1 | - -->

## Signs of it

Ketamine may cause these signs, sources say:
- Pain in the belly.
- A need to pee at night.

<!-- facts: H1 | H1 | - -->
"""
THEIRS = """Ketamine and sleep

Many people sleep badly after ketamine. A nurse in the ward keeps a list of who slept and who did not, and for how long.
Some of them say that music helps. Others read a book until they are tired, or walk a little way in the garden.
"""
LISTING = """
[[source]]
id = "ours"
file = "ours.md"
title = "Bladder"
publisher = "Ketamine Answers"
kind = "fact-sheet"

[[source.reference]]
publisher = "A hospital"
title = "Bladder report"
url = "https://example.org/"
date = "2020"
checked = "2026-11-21"
facts = ["H1"]

[[source]]
id = "theirs"
file = "theirs.txt"
title = "Sleep"
publisher = "A charity"
kind = "charity"
published = "2024-01-01"
"""
NOTE = """# notes

[[note]]
id = "1"
source_id = "ours"
quote = "{quote}"
quote_sha256 = "{sha}"
pattern = "x"
text = "A trial says so."
source = "A trial"
checked = "2026-11-21"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "context"
    made.mkdir()
    (made / "ours.md").write_text(OURS, "utf-8")
    (made / "theirs.txt").write_text(THEIRS, "utf-8")
    (made / "sources.toml").write_text(LISTING, "utf-8")
    return made


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def found(folder: Path, read: Corpus | None = None, **more: Path) -> set[tuple[str, str, int | None, str]]:
    """(rule, file, line, level) of every finding."""
    return {(finding.rule, Path(finding.where).name, finding.line, finding.level)
            for finding in lint(read or read_corpus(folder), SHIPPED, TODAY, **more)}


def test_nothing_is_found_in_a_clean_corpus(folder: Path) -> None:
    assert found(folder) == set()


OURS_PLANTED = [  # rule, sentence in a paragraph of its own at the end of our text, level
    ("wrong-number", "For questions about ketamine, people can ring 1-800-222-1222.", "error"),
    ("wrong-number", "People who want treatment can ring SAMHSA on 988.", "error"),
    ("wrong-number", "The number of Poison Help is 1-800-222-1223.", "error"),
    ("dangling", "Ketamine has the risks listed above.", "error"),
    ("markup", "Ketamine is **strong**.", "error"),
    ("markup", "Ketamine is <b>strong</b>.", "error"),
    ("markup", "Ketamine is [strong](https://example.org).", "error"),
    ("markup", "Ketamine has a page on drugs #", "error"),
    ("markup", "| Ketamine | bladder |", "error"),
    ("stigma", "Ketamine is used by an addict.", "error"),
    ("stigma", "Some people on ketamine committed suicide.", "error"),
    ("stigma", "People on ketamine get clean.", "error"),
    ("amounts", "People take 50 mg of ketamine.", "error"),
    ("amounts", "People snort two lines of ketamine.", "error"),
    ("sales", "For help with ketamine, click here.", "error"),
    ("grade", "Pharmacological characterisation necessitates multidisciplinary investigation, notwithstanding methodological "
     "heterogeneity throughout international observational epidemiological populations. " * 3, "error"),
]


@pytest.mark.parametrize(("rule", "sentence", "level"), OURS_PLANTED, ids=lambda value: str(value)[:40])
def test_a_fault_in_our_own_text_is_found_on_its_line(folder: Path, rule: str, sentence: str, level: str) -> None:
    with (folder / "ours.md").open("a", encoding="utf-8") as file:
        file.write(f"\n{sentence}\n\n<!-- facts: {' | '.join('-' * max(1, len(re.findall(r'[.] ?', sentence))))} -->\n")
    line = OURS.count("\n") + 2
    assert (rule, "ours.md", line, level) in found(folder)


@pytest.mark.parametrize("sentence", [
    "The number of Poison Help is 1-800-222-1222.", "Ring Poison Help or 911.", "In an emergency, call 911.",
    "Alcoholics Anonymous is a group.", "The National Institute on Drug Abuse has a page on ketamine.",
    "In one trial people got 50 mg of ketamine.", "This page lists four lines people can ring for help.",
    "The limit is 20 micrograms per litre of blood.", "Glutamate above all is a messenger.", "Wash with clean water.",
    "In 1988 there were 911,000 people, or 9.11 in 100.", "Ketamine is 5 < 6 and 7 > 2.",
])
def test_what_only_looks_like_a_fault_is_left_alone(folder: Path, sentence: str) -> None:
    with (folder / "ours.md").open("a", encoding="utf-8") as file:
        file.write(f"\n{sentence}\n\n<!-- facts: - -->\n")
    assert found(folder) == set()


THEIRS_PLANTED = [  # rule, line 4 of another publisher's text, level
    ("sales", "Mountain House can help. We offer detox for everyone.", "error"),
    ("sales", "While we receive compensation in the form of paid advertisements, we write as we like.", "error"),
    ("sales", "She helps brands craft factual content.", "error"),
    ("sales", "Ring us at (888) 555-0100 about a bed.", "warning"),  # the splitter drops the sentence by itself
    ("dangling", "The resources listed above are free of charge.", "error"),
    ("dangling", "They often sleep well in the end.", "warning"),
    ("markup", "Sleep is **good** for all.", "warning"),
    ("markup", "Doctors fear the risk Alcoholics Anonymous of dependence on it.", "warning"),
    ("stigma", "Abusers and addicts sleep badly too.", "warning"),
    ("contents", "Table of Contents", "warning"),
]


@pytest.mark.parametrize(("rule", "sentence", "level"), THEIRS_PLANTED, ids=lambda value: str(value)[:40])
def test_a_fault_in_anothers_text_is_found_unless_it_is_excluded(folder: Path, rule: str, sentence: str, level: str) -> None:
    edit(folder / "sources.toml", '"charity"', '"provider"')
    edit(folder / "theirs.txt", "Many people", f"\n{sentence}\n\nMany people")
    assert (rule, "theirs.txt", 4, level) in found(folder)
    with (folder / "sources.toml").open("a", encoding="utf-8") as file:
        file.write(f"exclude = [{json.dumps(sentence)}]\n")
    assert found(folder) == set()


def test_a_heading_with_nothing_under_it_and_one_said_twice_are_found(folder: Path) -> None:
    with (folder / "ours.md").open("a", encoding="utf-8") as file:
        file.write("\n## Left over\n")
    edit(folder / "theirs.txt", "Ketamine and sleep\n", "Ketamine and sleep\n\nKetamine and sleep\n")
    assert found(folder) == {("contents", "ours.md", 17, "warning"), ("contents", "theirs.txt", 1, "warning")}


def test_a_source_of_others_without_date_or_publisher_is_found(folder: Path) -> None:
    edit(folder / "sources.toml", 'published = "2024-01-01"\n', "")
    edit(folder / "sources.toml", "A charity", "unknown")
    line = LISTING.splitlines().index('id = "theirs"')  # the header stands above it
    problems = [finding for finding in lint(read_corpus(folder), SHIPPED, TODAY) if finding.rule == "undated"]
    assert [(finding.line, finding.level) for finding in problems] == [(line, "warning")] * 2


def test_passages_that_say_almost_the_same_are_found_once_at_the_later_one(folder: Path) -> None:
    (folder / "copy.txt").write_text("\n" + THEIRS.replace("music", "silence"), "utf-8")
    with (folder / "sources.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[source]]\nid = "copy"\nfile = "copy.txt"\npublisher = "B"\npublished = "2024"\nkind = "charity"\n')
    assert found(folder) == {("near-duplicate", "copy.txt", 4, "warning")}


def test_a_sentence_said_twice_in_one_text_of_ours_is_found_at_the_later_place(folder: Path) -> None:
    with (folder / "ours.md").open("a", encoding="utf-8") as file:
        file.write("\n## More\n\nSome say so. A doctor\ncan look at it! Some say so. A doctor can look at you.\n\n"
                   "<!-- facts: - | - | - | - -->\n\n## Signs\n\nKetamine has more signs:\n- A need to pee at night.\n\n"
                   "<!-- facts: - | - -->\n")
    assert found(folder) == {("said-twice", "ours.md", 19, "warning"), ("said-twice", "ours.md", 27, "warning")}


def test_what_two_texts_or_other_people_say_twice_is_left_alone(folder: Path) -> None:
    sentence = "A doctor can look at it."
    edit(folder / "theirs.txt", "Others read", f"{sentence} {sentence} Others read")
    assert found(folder) == set()


def test_a_lost_or_altered_quote_of_a_note_is_found(folder: Path) -> None:
    read = read_corpus(folder)  # reading refuses a wrong hash already; the lint says on which line it stands
    quote = "Ketamine can hurt the bladder."
    sha = hashlib.sha256(quote.encode()).hexdigest()
    (folder / "notes.toml").write_text(NOTE.format(quote=quote, sha=sha), "utf-8")
    assert found(folder, read) == set()
    (folder / "notes.toml").write_text(NOTE.format(quote=quote, sha="0" * 64), "utf-8")
    assert found(folder, read) == {("lost-quote", "notes.toml", 3, "error")}
    (folder / "notes.toml").write_text(NOTE.format(quote="Ketamine heals.", sha=sha), "utf-8")
    assert found(folder, read) == {("lost-quote", "notes.toml", 3, "error")}


def test_a_lost_judged_quote_is_found_and_a_set_for_another_corpus_is_left_alone(folder: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    good = {"id": "1", "question": "?", "judgments": [{"source_id": "ours", "quote": "Ketamine can hurt\nthe bladder."}]}
    lost = {"id": "2", "question": "?", "judgments": [{"source_id": "ours", "quote": "Ketamine heals."}]}
    other = {"id": "3", "question": "?", "judgments": [{"source_id": "elsewhere", "quote": "Ketamine heals."}]}
    questions.write_text("\n".join(map(json.dumps, (good, lost, other))), "utf-8")
    assert found(folder, questions=questions) == {("lost-quote", "questions.jsonl", 2, "error"),
                                                  ("lost-quote", "questions.jsonl", 3, "error")}
    questions.write_text(json.dumps(other) + "\nnot json\n", "utf-8")
    assert found(folder, questions=questions) == set()


def test_asked_questions_under_a_heading_that_is_gone_are_found(folder: Path) -> None:
    read = read_corpus(folder)
    table = '[[asked]]\nsource_id = "ours"\nheading = "{}"\nquestions = ["is it bad"]\n\n'
    (folder / "asked.toml").write_text(table.format("Signs of it") + table.format("Signs"), "utf-8")
    assert found(folder, read) == {("lost-asked", "asked.toml", 6, "error")}


def test_an_example_of_no_answer_that_a_heading_or_an_asked_question_answers_is_named(folder: Path) -> None:
    table = '[[asked]]\nsource_id = "ours"\nheading = "Signs of it"\nquestions = ["how do i know my bladder is hurt"]\n'
    (folder / "asked.toml").write_text(table, "utf-8")
    lines = ("is my bladder hurt, how do I know", "how many bladders are hurt", "signs of it", "is it")
    examples = "\n".join(json.dumps({"text": text, "kind": "near_miss"}) for text in lines)
    (folder / "unanswered.jsonl").write_text(examples, "utf-8")
    assert {line for rule, _, line, _ in found(folder) if rule == "answered-example"} == {1, 3}
    assert ("answered-example", "unanswered.jsonl", 1, "warning") in found(folder)


def test_words_copied_from_other_peoples_documents_are_found(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "a.txt").write_text("It is so: Ketamine can hurt the bladder; a doctor can\nlook at it, they "
                                               "say.", "utf-8")
    assert found(folder, against=tmp_path / "others") == set()  # 11 words in a row are no copy
    edit(folder / "ours.md", "look at it.", "look at it, they say.")
    assert found(folder, against=tmp_path / "others") == {("copied", "ours.md", 5, "error")}
    with pytest.raises(CorpusError, match="nowhere"):
        found(folder, against=tmp_path / "nowhere")


def test_fact_comments_that_do_not_fit_their_paragraph_are_found(folder: Path) -> None:
    edit(folder / "ours.md", "H1 | - -->", "H1 -->")
    edit(folder / "ours.md", "H1 | H1 | -", "H1 | H9 | -")
    assert found(folder) == {("facts", "ours.md", 7, "warning"), ("facts", "ours.md", 15, "error")}
    edit(folder / "ours.md", "<!-- facts: H1 -->\n", "")
    edit(folder / "ours.md", "<!-- facts: H1 | H9 | - -->\n", "")
    assert found(folder) == {("facts", "ours.md", 5, "warning")}


def test_references_go_stale_and_those_on_law_or_approval_sooner(folder: Path) -> None:
    line = LISTING.splitlines().index("[[source.reference]]") + 1

    def levels(days: int) -> list[tuple[str, int | None]]:
        return [(finding.level, finding.line) for finding in lint(read_corpus(folder), SHIPPED, TODAY + timedelta(days))
                if finding.where.endswith("sources.toml")]

    assert levels(364) == []
    assert levels(365) == [("error", line)]
    edit(folder / "sources.toml", "Bladder report", "US label")
    assert levels(179) == []
    assert levels(180) == [("error", line)]
    edit(folder / "sources.toml", 'checked = "2026-11-21"\n', "")
    edit(folder / "sources.toml", 'date = "2020"\n', "")
    assert levels(0) == [("warning", line), ("warning", line)]
    edit(folder / "sources.toml", "facts =", 'checked = "soon"\ndate = "2020"\nfacts =')
    assert levels(0) == [("error", line)]


def test_references_without_a_date_are_one_line_with_their_number(folder: Path) -> None:
    edit(folder / "sources.toml", 'date = "2020"\n', "")
    text = (folder / "sources.toml").read_text("utf-8")
    reference = text[text.index("[[source.reference]]"):].split("\n\n")[0]
    (folder / "sources.toml").write_text(text.replace(reference, f"{reference}\n\n{reference}"), "utf-8")
    dated = [finding for finding in lint(read_corpus(folder), SHIPPED, TODAY) if finding.where.endswith("sources.toml")]
    assert [finding.problem.split(",")[0] for finding in dated] == ["2 references give no 'date'"]


def test_help_lines_are_held_to_their_own_numbers(folder: Path) -> None:
    shutil.copy(SHIPPED / "helplines.toml", folder)
    shutil.copy(SHIPPED / "notice.toml", folder)
    assert found(folder) == set()
    edit(folder / "notice.toml", "call SAMHSA:", "call us:")
    assert found(folder) == {("wrong-number", "notice.toml", 6, "error")}
    edit(folder / "helplines.toml", "call 1-800-222-1222", "call 1-800-222-1221")
    with pytest.raises(CorpusError, match=r"line \d+: the contact of help line 'Poison Help' says 1-800-222-1221"):
        read_corpus(folder)


def test_our_words_in_toml_files_pass_the_same_list_and_questions_are_left_alone(folder: Path) -> None:
    (folder / "not_covered.toml").write_text(refusals() + '[[subject]]\nid = "a"\ntext = "We do not help any addict."\n'
                                             'examples = ["how does a junkie get clean"]\n', "utf-8")
    assert found(folder) == {("stigma", "not_covered.toml", 19, "error")}


def test_a_hard_notice_is_refused(folder: Path) -> None:
    shutil.copy(SHIPPED / "notice.toml", folder)
    edit(folder / "notice.toml", "We do not guess. Try other words,", "Reformulate your investigation, substituting alternative "
         "terminology; alternatively")
    assert ("grade", "notice.toml", 10, "error") in found(folder)


def test_every_rule_has_a_planted_fault_here_and_a_way_out() -> None:
    source = Path(__file__).read_text("utf-8")
    for rule in RULES:
        assert f'("{rule.name}", ' in source or rule.name == "stale-date", rule.name
        assert rule.way_out.endswith("."), rule.name


def test_a_finding_reads_as_one_line_that_names_file_line_and_the_way_out() -> None:
    finding = Finding("error", "a.md", "wrong. Mend it.", 3, "sales")
    assert str(finding) == "error: a.md:3: wrong. Mend it.", "the rule's name is for programs"
    assert str(Finding("warning", "a.md", "wrong")) == "warning: a.md: wrong"
    assert finding.to_json() == {"level": "error", "where": "a.md", "problem": "wrong. Mend it.", "line": 3, "rule": "sales"}


def test_of_many_warnings_of_one_sort_in_a_file_a_few_are_shown_and_every_error_is() -> None:
    warnings = [Finding("warning", "a.md", f"odd {number}", number, "markup") for number in range(9)]
    errors = [Finding("error", "a.md", f"wrong {number}", number, "markup") for number in range(5)]
    lines = lines_for_people([*errors, *warnings], 3)
    assert lines == [*map(str, errors), *map(str, warnings[:3]), "  6 more like these in a.md (--json: all)"]


@pytest.mark.parametrize(("sentence", "what"), [
    ("The contact person is Ada Low, ada.low@harbour.example, on the ward.", "an e-mail address, which no answer shows"),
    ("The ward has the number 020 7946 0999 all day.", "a phone number, which no answer shows"),
    ("You can email us at any time about a visit.", "an invitation to get in touch, which no answer shows"),
    ("Call us on 020 7946 0999 today about a bed.", "advertising, which no answer shows"),
])
def test_how_to_reach_somebody_is_named_as_what_it_is_and_is_no_advertising(folder: Path, sentence: str, what: str) -> None:
    edit(folder / "sources.toml", '"charity"', '"provider"')
    edit(folder / "theirs.txt", "Many people", f"\n{sentence}\n\nMany people")
    problems = [finding.problem for finding in lint(read_corpus(folder), SHIPPED, TODAY) if finding.rule == "sales"]
    assert [problem.split(": “")[0] for problem in problems] == [what]
    assert "There is nothing to do" in problems[0], "the sentence is left out by itself"


@pytest.mark.parametrize("sentence", [
    "You may also speak to a senior nurse by contacting the Tell Us Today line.", "For more information, contact the ward.",
    "Call the nurse today if the pain is new.",
])
def test_how_a_hospital_or_charity_is_reached_is_no_advertising(folder: Path, sentence: str) -> None:
    edit(folder / "theirs.txt", "Many people", f"\n{sentence}\n\nMany people")
    assert found(folder) == set()


def test_the_grade_counts_items_as_sentences_and_leaves_headings_and_comments_out() -> None:
    assert grade("We do not guess.") == pytest.approx(0.39 * 4 + 11.8 - 15.59)
    listed = "# A heading of many extraordinary syllables\n\nWe guess:\n- not now\n- not here\n\n<!-- facts: - -->\n"
    assert grade(listed, markdown=True) == pytest.approx(0.39 * 2 + 11.8 - 15.59)
    assert grade("\n\n") is None


@pytest.mark.parametrize(("word", "count"), [("ketamine", 3), ("bladder", 2), ("table", 2), ("hoped", 1), ("person's", 2),
                                             ("anesthetic", 4), ("the", 1), ("hole", 1), ("sources", 2), ("recovery", 4)])
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


class _Words(HTMLParser):
    """The text of a template without its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_words_of_the_page_pass_the_stigma_list() -> None:
    for path in sorted((ROOT / "assistant" / "server" / "web" / "templates").rglob("*.html")):
        parser = _Words()
        parser.feed(path.read_text("utf-8"))
        assert stigma_in(" ".join(parser.words)) == [], path.name
    for name in ("server/web/rendering", "server/web/page", "answering/assistant", "cli/main"):  # rules name such words
        tree = ast.parse((ROOT / "assistant" / f"{name}.py").read_text("utf-8"))
        strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        assert stigma_in(" ".join(value for value in strings if isinstance(value, str))) == [], name


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab The.!?*_#|<>[]()-\n\r\t\u2028\u00a0\u20191234567890(888)é🙂")
               | st.characters(exclude_categories=["Cs"]), max_size=400), st.sampled_from(["fact-sheet", "unknown"]),
       st.sampled_from(["a.txt", "a.md"]))
def test_no_text_crashes_the_lint(text: str, kind: str, file: str) -> None:
    source = Source("a", "A", text or "x", "0", file, kind=kind, exclude=("The", "ab "))
    lines = (text or "x").count("\n") + 1
    for finding in lint(Corpus(Path("nowhere"), (source,), TEXTS), SHIPPED, TODAY):
        assert finding.where.endswith("helplines.toml") or finding.line is None or 1 <= finding.line <= lines
    assert len(SourceView.of(source, Path("nowhere")).seen) == len(source.text)


def test_tables_that_cannot_be_read_give_nothing_rather_than_a_traceback(folder: Path) -> None:
    context = LintContext(read_corpus(folder), SHIPPED, TODAY)
    for text in ("not toml", "note = 1", "note = [1, 2]", 'note = [{quote = "x"}]', "[note]\nquote = 1", "[[note]]\nquote = 1"):
        (folder / "notes.toml").write_text(text, "utf-8")
        assert len(context.tables("notes.toml", "note", own=True)) in (0, 1)
        lint(context.corpus, SHIPPED, TODAY)


def test_the_shipped_corpus_has_no_fault() -> None:
    faults = [str(finding) for finding in lint(read_corpus(SHIPPED), SHIPPED, TODAY, questions=ROOT / "eval" / "questions.jsonl")
              if finding.level == "error"]
    assert faults == []


@pytest.mark.seeds
def test_the_shipped_texts_copy_nothing_from_the_seed_documents(seeds: Path) -> None:
    assert [str(finding) for finding in lint(read_corpus(SHIPPED), SHIPPED, TODAY, against=seeds)
            if finding.rule == "copied"] == []


SEED_FAULTS = {  # rule, first characters of the file, line
    ("dangling", "002", 25), ("sales", "002", 6), ("sales", "002", 8), ("markup", "002", 5), ("markup", "002", 26),
    ("stigma", "002", 17), ("stigma", "002", 18), ("dangling", "003", 11), ("markup", "003", 2), ("grade", "001", 43),
}
BARE_FAULTS = SEED_FAULTS | {
    ("sales", "000", 74), ("sales", "000", 76), ("sales", "000", 77), ("sales", "001", 47), ("sales", "004", 90),
    ("contents", "001", 5), ("contents", "001", 51), ("contents", "004", 5), ("undated", "000", 1), ("undated", "002", 1),
}


@pytest.mark.seeds
def test_the_known_faults_of_the_seed_documents_are_found_with_and_without_their_listing(seeds: Path, tmp_path: Path) -> None:
    def places(folder: Path) -> set[tuple[str, str, int | None]]:
        return {(finding.rule, Path(finding.where).name[:3], finding.line) for finding in check(folder, tmp_path, TODAY)}

    assert places(seeds) >= SEED_FAULTS | {("undated", "sou", 30)}
    assert not {place for place in places(seeds) if place[:2] == ("sales", "000")}, "what is excluded does not count"
    bare = tmp_path / "bare"
    bare.mkdir()
    for path in seeds.glob("0*.txt"):
        shutil.copy(path, bare)
    assert places(bare) >= BARE_FAULTS
    assert any("(888) 833-4676" in finding.problem for finding in check(bare, tmp_path, TODAY))
