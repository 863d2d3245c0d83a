"""Passages are spans of the source: heading-aware, whole sentences, never furniture."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.corpus.lines import GUARD, words
from assistant.corpus.passages import MAX_WORDS, MOST_WORDS, split
from assistant.corpus.reader import read_corpus
from assistant.schema import Passage, Source


def source(text: str, file: str = "a.txt", kind: str = "unknown", exclude: tuple[str, ...] = ()) -> Source:
    return Source("a", "A", text, "", file, kind=kind, exclude=exclude)


def texts(text: str, **more: object) -> list[str]:
    return [passage.text for passage in split(source(text, **more))]  # type: ignore[arg-type]


SENTENCE = "Ketamine is a medicine that doctors use to make people sleep during an operation. "


def check(text: str, passages: tuple[Passage, ...]) -> None:
    last = 0
    for passage in passages:
        assert text[passage.start:passage.end] == passage.text
        assert last <= passage.start < passage.end
        last = passage.end
        assert passage.sentences
        for start, end in passage.sentences:
            assert passage.start <= start < end <= passage.end
            assert text[start:end].strip() == text[start:end]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([
    "Heading", "# Mark", SENTENCE, "\n", "\n\n", "- item one", "• item 🙂 two.", "1. first", "What is it?", "\r\n", "\t",
    "<!-- note -->", "<!--", "---", "Table of contents", "**Bold**", "\u2028", "é\u0301", "\x0b", "Ends:", " ", "a) x"])))
def test_every_passage_is_an_exact_slice_whatever_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    for file in ("a.txt", "a.md"):
        check(text, split(source(text, file)))


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_at_all_can_be_split(text: str) -> None:
    check(text, split(source(text)))


def test_offsets_count_code_points_not_bytes_or_units() -> None:
    text = "🙂🙂 Überschrift\n\nÄrzte 🙂 say that ketamine can be dangerous. That is so."
    (passage,) = split(source(text))
    assert text[passage.start:passage.end] == "Ärzte 🙂 say that ketamine can be dangerous. That is so."


@pytest.mark.parametrize(("file", "text"), [
    ("a.txt", f"Bladder harm\n\n{SENTENCE}\n\nKidneys\n\n{SENTENCE}"),
    ("a.txt", f"Bladder harm\n{SENTENCE}\nKidneys\n{SENTENCE}"),
    ("a.md", f"# Bladder harm\n{SENTENCE}\n\n## Kidneys ##\n\n{SENTENCE}"),
    ("a.md", f"Bladder harm\n===\n{SENTENCE}\n\nKidneys\n---\n{SENTENCE}"),
    ("a.txt", f"1. Bladder harm\n\n{SENTENCE}\n\n2. Kidneys\n\n{SENTENCE}"),
    ("a.txt", f"**Bladder harm**\n\n{SENTENCE}\n\n**Kidneys**\n\n{SENTENCE}"),
])
def test_a_heading_labels_its_passages_and_is_never_one(file: str, text: str) -> None:
    passages = split(source(text, file))
    assert [passage.heading for passage in passages] == ["Bladder harm", "Kidneys"]
    assert {passage.text for passage in passages} == {SENTENCE.strip()}


def test_a_question_can_be_a_heading() -> None:
    (passage,) = split(source(f"How long does it last? #\n{SENTENCE}{SENTENCE}"))
    assert passage.heading == "How long does it last?"


@pytest.mark.parametrize("title", ["Can I take esketamine (Spravato) at home?", "Ketamine - what is it"])
def test_a_heading_keeps_all_its_words(title: str) -> None:
    (passage,) = split(source(f"## {title}\n\n{SENTENCE}", "a.md"))
    assert passage.heading == title


def test_short_lines_inside_a_wrapped_paragraph_are_no_headings() -> None:
    text = ("Ketamine is a medicine that has been used in\nhospitals for a long time and\nthat can also do\n"
            "harm when people take it often over\nmany years without care.\n")
    (passage,) = split(source(text))
    assert passage.text == text.strip()


def test_a_list_keeps_its_lead_in_line() -> None:
    text = "Signs\n\nKetamine may cause these signs:\n- pain\n- blood\n- leaking\n\nSee a doctor about them."
    (passage,) = split(source(text))
    assert passage.text.startswith("Ketamine may cause these signs:\n- pain")


def test_a_long_list_that_is_cut_keeps_its_lead_in_as_a_label() -> None:
    items = "".join(f"- {SENTENCE.strip()}\n" for _ in range(20))
    passages = split(source(f"Signs\n\nKetamine may cause:\n{items}"))
    assert len(passages) > 1
    assert passages[0].text.startswith("Ketamine may cause:")
    assert all(passage.heading == "Signs: Ketamine may cause" for passage in passages[1:])


def test_a_lead_in_without_its_list_is_not_shown() -> None:
    assert texts(f"Guide\n\n{SENTENCE}Here are the steps:\n\nStep one\n\n{SENTENCE}") == [SENTENCE.strip()] * 2


@pytest.mark.parametrize("contents", [
    "Table of Contents:\n- Bladder\n- Kidneys\n- What is it?\n",
    "Contents\nBladder\nKidneys\n\n",
    "- [Bladder](#bladder)\n- [Kidneys](#kidneys)\n- [More](#more)\n",
    "Bladder ........ 3\nKidneys ........ 4\n",
    "- Bladder\n- Kidneys\n- What is it?\n",
])
def test_a_table_of_contents_is_never_a_passage(contents: str) -> None:
    text = f"{contents}\nBladder\n\n{SENTENCE}\n\nKidneys\n\n{SENTENCE}\n\nWhat is it?\n\n{SENTENCE}"
    found = split(source(text))
    assert [passage.heading for passage in found] == ["Bladder", "Kidneys", "What is it?"]
    assert {passage.text for passage in found} == {SENTENCE.strip()}


def test_long_sections_are_cut_at_sentence_ends_into_passages_of_fair_length() -> None:
    passages = split(source("Long\n\n" + SENTENCE * 40))
    assert all(passage.text.endswith("operation.") for passage in passages)
    assert all(40 <= words(passage.text) <= MAX_WORDS for passage in passages)


def test_cuts_prefer_paragraph_ends() -> None:
    paragraph = (SENTENCE * 7).strip()
    assert texts(f"Long\n\n{paragraph}\n\n{paragraph}") == [paragraph, paragraph]


def test_comments_and_front_matter_reach_no_passage() -> None:
    text = f"---\ntitle: x\n---\n# Bladder\n\n{SENTENCE}\n\n<!-- facts: H1 | H2\nH3 -->\n\n{SENTENCE}\n"
    assert texts(text, file="a.md") == [SENTENCE.strip()] * 2


def test_an_excluded_line_reaches_no_passage() -> None:
    text = f"Bladder\n\n{SENTENCE}\nBuy our cure today. It is great.\n• Buy our cure in bulk\n{SENTENCE}"
    assert texts(text, exclude=("Buy our cure",)) == [SENTENCE.strip()] * 2


@pytest.mark.parametrize("line", ["Call (888) 833-4676 now.", "Click here to learn more.", "Write to x@y.example.com."])
def test_sales_lines_of_other_people_reach_no_passage(line: str) -> None:
    assert all(line not in text for text in texts(f"Help\n\n{SENTENCE}{line} {SENTENCE}"))
    assert any(line in text for text in texts(f"Help\n\n{SENTENCE}{line} {SENTENCE}", kind="charity"))


@pytest.mark.seeds
@pytest.mark.parametrize("listed", [True, False])
def test_the_seed_documents_give_clean_passages(seeds: Path, tmp_path: Path, listed: bool) -> None:
    folder = tmp_path / "seeds"
    folder.mkdir()
    for file in seeds.iterdir():
        if file.suffix == ".txt" or (listed and file.name == "sources.toml"):
            (folder / file.name).write_bytes(file.read_bytes())
    found = {item.id: split(item) for item in read_corpus(folder).sources}
    assert len(found) == 5
    everything = [passage for passages in found.values() for passage in passages]
    headings = {passage.heading for passage in everything}
    assert 60 <= len(everything) <= 90
    for passage in everything:
        assert "833-4676" not in passage.text
        assert passage.text not in headings
        assert "Table of Contents" not in passage.text
        assert words(passage.text) <= MAX_WORDS
    assert "FAQs in Relation to Ketamine for Addiction Treatment" not in {passage.text for passage in everything}
    assert any(passage.heading == "Recognizing Ketamine Addiction Symptoms"
               and "may include" in passage.text and "craving" in passage.text for passage in everything)
    if listed:
        assert not any("Mountainside can help" in passage.text for passage in everything)


def headings(text: str) -> list[str]:
    return [passage.heading for passage in split(source(text, file="a.md"))]


@pytest.mark.parametrize(("text", "expected"), [
    (f"# Tea\n\n## What it does\n\n### Often\n\n{SENTENCE}\n\n### Seldom\n\n{SENTENCE}\n\n## How to keep it\n\n{SENTENCE}\n",
     ["What it does: Often", "What it does: Seldom", "How to keep it"]),
    (f"# Tea\n\n## All about tea\n\n### Often\n\n{SENTENCE}\n\n### Seldom\n\n{SENTENCE}\n", ["Often", "Seldom"]),
    (f"# Tea\n\n## May I drink it?\n\n### At night\n\n{SENTENCE}\n\n## Milk\n\n{SENTENCE}\n",
     ["May I drink it? At night", "Milk"]),
    (f"# One\n\n## Milk\n\n{SENTENCE}\n\n# Two\n\n## Milk\n\n{SENTENCE}\n", ["One: Milk", "Two: Milk"]),
])
def test_a_passage_knows_the_whole_path_of_its_headings(text: str, expected: list[str]) -> None:
    assert headings(text) == expected


@pytest.mark.parametrize("separator", [" ", ", ", "; "])
def test_a_text_without_a_full_stop_is_cut_all_the_same(separator: str) -> None:
    text = separator.join(f"then the nurse came by and we spoke of {number} things at the window" for number in range(250))
    passages = split(source(f"A talk\n\n{text}\n"))
    check(f"A talk\n\n{text}\n", passages)
    assert max(words(passage.text) for passage in passages) <= MAX_WORDS
    assert sum(words(passage.text) for passage in passages) == words(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "- ", "## "]), st.integers(1, 400), st.sampled_from([".", ":", ""])), max_size=12))
def test_no_passage_is_longer_than_a_reader_bears(blocks: list[tuple[str, int, str]]) -> None:
    text = "# T\n\n" + "\n\n".join(f"{mark}{' '.join(['word'] * (min(count, 9) if mark == '## ' else count))}{end}"
                                  for mark, count, end in blocks)
    for passage in split(source(text, file="a.md")):
        assert words(passage.text) <= MOST_WORDS


def test_a_table_of_many_rows_is_cut_between_rows_each_with_its_names() -> None:
    rows = "\n".join(f"- Ward: ward {number}; Beds: {number} in all; Nurse: nurse {number}" for number in range(1_500))
    passages = split(source(f"# Wards\n\n{rows}\n", file="a.md"))
    assert all(passage.text.startswith("- Ward: ") for passage in passages)
    assert max(words(passage.text) for passage in passages) <= MOST_WORDS
    assert sum(passage.text.count("- Ward:") for passage in passages) == 1_500


def test_a_list_of_names_of_other_texts_is_no_passage() -> None:
    text = f"# Tea\n\n## Keeping it\n\n{SENTENCE}\n\n## More leaflets\n\n- Tea: what it does and for whom\n- The house near you\n"
    assert headings(text) == ["Keeping it"]


def test_a_paragraph_that_ends_with_dots_and_a_number_is_text() -> None:
    line = "They waited for the nurse to come back and counted the steps in the hall... 12"
    assert any(line in text for text in texts(f"# A\n\n{SENTENCE}\n\n{line}\n", file="a.md"))


def test_a_guarded_paragraph_is_quoted_without_its_guard() -> None:
    text = f"# A\n\n{GUARD}# 1 reason to call is a long night without any sleep at all.\n"
    assert texts(text, file="a.md") == ["# 1 reason to call is a long night without any sleep at all."]
