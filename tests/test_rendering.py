"""Quotes reach the page unchanged, data never becomes markup, and the notice is on every page."""

from __future__ import annotations

import dataclasses
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import escape

sys.path.append(str(Path(__file__).parent / "browser"))

from stand_in import HOSTILE, NASTY, PASSAGES, QUESTIONS, SOURCES, StandIn, citations, hostile_citation, shipped_texts

from assistant import rendering
from assistant.rendering import (
    ERRORS,
    Renderer,
    SourceEntry,
    asset,
    paragraph_at,
    paragraphs,
    parts,
    quote_html,
    safe_url,
    text_fragment,
    view,
)

TEXTS = shipped_texts()
RENDER = Renderer(TEXTS, 1000)
BY_ID = {source.id: source for source in SOURCES}
ASSISTANT = StandIn(TEXTS)
STATES = [name for name in QUESTIONS if name != "broken"]


class Reader(HTMLParser):
    """Collects the text of each blockquote, all tags, and all attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.quotes: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self._inside = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "blockquote":
            self._inside = True
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "blockquote"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside:
            self.quotes[-1] += data


def answer_html(name: str, interactive: bool = True) -> str:
    return str(RENDER.answer(ASSISTANT.ask(QUESTIONS[name]), BY_ID, interactive))


def pages() -> dict[str, str]:
    """Every full page there is, by a name for the test report."""
    entries = [SourceEntry(source, 1) for source in SOURCES]
    found = {
        f"plain {name}": str(
            RENDER.plain(
                QUESTIONS[name],
                RENDER.answer(ASSISTANT.ask(QUESTIONS[name]), BY_ID, False),
                RENDER.sources(entries),
                name == "urgent",
            )
        )
        for name in STATES
    }
    found |= {f"state {name}": str(RENDER.plain("q", RENDER.state(name))) for name in rendering.STATES}
    found |= {f"error {status}": str(RENDER.error(status)) for status in (*ERRORS, 418)}
    found |= {
        f"source {source.id}": str(RENDER.source(source, PASSAGES[source.id], (0, 40), (3, 9))) for source in SOURCES
    }
    return found | {"plain empty": str(RENDER.plain())}


@pytest.mark.parametrize("name", pages())
def test_every_page_carries_the_notice_and_each_help_line(name: str) -> None:
    text = Reader(pages()[name]).text
    assert TEXTS.notice.text in text
    for line in TEXTS.notice.helplines:
        assert line.name in text
        assert line.hours in text
        assert line.contact.lower() in text.lower()
        assert f'href="tel:{line.tel}"' in pages()[name]


@pytest.mark.parametrize("name", STATES)
def test_the_text_of_a_quote_is_the_stored_passage(name: str) -> None:
    answer = ASSISTANT.ask(QUESTIONS[name])
    assert Reader(answer_html(name)).quotes == [citation.exact for citation in answer.citations]
    for citation in answer.citations:
        assert BY_ID[citation.source_id].text[citation.start : citation.end] == citation.exact


def test_the_marked_words_are_the_highlight() -> None:
    for citation in (*citations(), hostile_citation()):
        cut = view(citation, BY_ID[citation.source_id])
        assert cut.before + cut.marked + cut.after == citation.exact
        low, high = citation.highlight
        assert cut.marked == BY_ID[citation.source_id].text[low:high]


def test_a_highlight_outside_the_quote_marks_nothing() -> None:
    wrong = dataclasses.replace(citations()[0], highlight=(0, 5))
    assert "<mark>" not in RENDER.answer(dataclasses.replace(ASSISTANT.ask("x"), citations=(wrong,)), BY_ID)


@pytest.mark.parametrize("name", [*pages(), "gradio answer", "gradio sources"])
def test_hostile_text_stays_text_in_every_template(name: str) -> None:
    html = {
        "gradio answer": answer_html("hostile"),
        "gradio sources": str(RENDER.sources([SourceEntry(SOURCES[2], 1)])),
    }.get(name) or pages()[name]
    read = Reader(html)
    assert not {"script", "img", "svg", "iframe", "object"} & set(read.tags)
    assert not [key for key, _ in read.attributes if key.startswith("on")]
    assert not [
        value
        for key, value in read.attributes
        if key in ("href", "src", "action", "cite") and not re.match(r"(https?:|tel:|sms:|/|#)", value or "")
    ]


def test_hostile_text_is_shown_as_it_is() -> None:
    for html in (answer_html("hostile"), pages()["source hostile"], pages()["plain hostile"]):
        assert str(escape(HOSTILE)) in html


def test_a_return_character_survives_in_a_quote() -> None:
    assert Reader(f"<blockquote>{quote_html(NASTY)}</blockquote>").quotes == [NASTY]
    assert "&#13;" in quote_html("a\rb"), "a browser turns a bare return into a line feed"


def test_an_urgent_card_comes_first_with_one_main_button() -> None:
    html = answer_html("urgent")
    assert html.index('role="alert"') < html.index("k-card")
    assert html.count('k-call"') == 1
    assert '<a class="k-call" href="tel:911"><b>Call 911</b> <span>Emergency</span>' in html
    assert html.index(str(escape(TEXTS.cards["overdose"].text))) < html.index(str(escape(TEXTS.cards["suicide"].text)))
    assert 'href="sms:988"' in html
    page = pages()["plain urgent"]
    assert page.index("k-urgent") < page.index("<form"), "above the question box"


def test_near_passages_are_folded_and_said_to_be_no_answer() -> None:
    html = answer_html("related")
    assert str(escape(TEXTS.related)) in html
    assert html.index("<details") < html.index("k-card") < html.index("</details>")
    assert "<details open" not in html


def test_not_covered_shows_its_sentence_and_no_quote() -> None:
    html = answer_html("not_covered")
    assert str(escape(TEXTS.not_covered)) in html
    assert "blockquote" not in html


def test_who_is_speaking_stands_with_each_quote() -> None:
    html = answer_html("answered")
    for words in (
        "Mountainside",
        "treatment provider",
        "The publisher sells addiction treatment.",
        "no date given",
        "fact sheet, our own words",
        "Recognizing Signs",
        "T4: rests on a provider’s own claims",
    ):
        assert words in html


def test_an_editors_note_stands_above_its_quote() -> None:
    html = answer_html("answered")
    card = next(part for part in html.split("<article") if "Editor’s note" in part)
    assert card.index("The article calls the risk small.") < card.index("<blockquote")


def test_confidence_is_given_in_words_only() -> None:
    html = answer_html("answered")
    assert "The first is a close match." in html
    assert "%" not in Reader(html).text
    assert "0.9" not in html


def test_addresses_that_are_not_plain_http_are_no_links() -> None:
    assert safe_url("https://example.org/a?b=1") == "https://example.org/a?b=1"
    for bad in (
        None,
        "",
        "javascript:alert(1)",
        "https://a b",
        'https://a"onclick=x',
        "https://a<b",
        "//a",
        "data:x",
        "ftp://a",
    ):
        assert safe_url(bad) is None
    assert "javascript:" not in [value for key, value in Reader(answer_html("hostile")).attributes if key == "href"]


def test_text_fragments_point_at_the_sentence() -> None:
    assert text_fragment("https://a.org", "One two.") == "https://a.org#:~:text=One%20two."
    long = text_fragment("https://a.org/x", "a b c d e, f g-h i j & k l **m**")
    assert long == "https://a.org/x#:~:text=a%20b%20c%20d%20e%2C,j%20%26%20k%20l%20m"
    assert text_fragment("https://a.org/#top", "x-y") == "https://a.org/#top:~:text=x%2Dy"


def test_the_link_into_the_source_points_at_the_paragraph_of_the_quote() -> None:
    for citation in (*citations(), hostile_citation()):
        source = BY_ID[citation.source_id]
        html = str(RENDER.source(source, PASSAGES[source.id], (citation.start, citation.end), citation.highlight))
        anchor = view(citation, source).stored.split("#")[1]
        assert re.search(rf'<p id="{anchor}" class="[^"]*k-here', html)
        assert "<mark>" in html


def test_a_source_page_shows_all_its_words_and_no_remarks_of_the_editor() -> None:
    text = Reader(pages()["source fact-dependence"]).text
    for line in SOURCES[0].text.splitlines():
        if line and not line.startswith("<!--"):
            assert line.lstrip("# ") in text
    assert "facts: D1" not in text


def test_paragraph_numbers_do_not_depend_on_the_headings() -> None:
    for source in SOURCES:
        headings = [found.heading for found in PASSAGES[source.id]]
        assert [part.start for part in paragraphs(source.text)] == [
            part.start for part in paragraphs(source.text, headings)
        ]


def test_lines_wrapped_by_hand_are_one_paragraph() -> None:
    text = "# Title\n\nOne line\nand its second.\n\n- item\n- other\n"
    shown = ["".join(piece.text for piece in part.pieces) for part in parts(text)]
    assert shown == ["Title", "One line\nand its second.", "- item", "- other"]
    assert paragraph_at(text, text.index("second")) == 2
    long = "word " * 40
    assert len(paragraphs(f"{long}\n{long}\n\n{long}")) == 3, "long lines are paragraphs of their own"


def test_pages_without_javascript_have_no_scripts_or_buttons_that_need_them() -> None:
    for html in pages().values():
        assert "<script" not in html
        assert "k-copy" not in html
    assert "k-copy" in answer_html("answered")


def test_static_files_change_their_address_with_their_content() -> None:
    assert re.fullmatch(r"/ui/page\.css\?v=[0-9a-f]{12}", asset("page.css"))


def test_templates_never_switch_escaping_off() -> None:
    for path in sorted((rendering.HERE / "templates").glob("*.html")):
        assert not re.search(r"\|\s*safe\b|{%-?\s*autoescape", path.read_text()), path.name


def test_the_page_needs_nothing_from_other_hosts() -> None:
    for path in (rendering.STATIC / "page.css", rendering.STATIC / "page.js"):
        assert not re.search(r"https?:|//[a-z]", re.sub(r"^\s*//.*", "", path.read_text(), flags=re.MULTILINE))


def test_our_own_words_are_person_first_and_plain() -> None:
    said = " ".join(path.read_text() for path in sorted((rendering.HERE / "templates").glob("*.html")))
    said += " ".join(
        [
            *rendering.KIND_WORDS.values(),
            *rendering.TIER_WORDS.values(),
            *(" ".join(pair) for pair in (*rendering.STATES.values(), *ERRORS.values())),
        ]
    )
    assert not re.search(r"\b(abuser|addict|alcoholic|junkie|clean|dirty|habit|AI|chatbot)\b", said)
