"""Quotes reach the page unchanged, data never becomes markup, and the notice is on every page."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape

from assistant import messages
from assistant.corpus.site_settings import LEAVE_TO, Site
from assistant.errors import BadInput
from assistant.links import safe_url, text_fragment
from assistant.messages import ERRORS
from assistant.schema import Note, PlacedNote
from assistant.server.web import rendering
from assistant.server.web.addresses import Served
from assistant.server.web.quotation import quote_html
from assistant.server.web.rendering import Renderer, SourceEntry, numbers_html, view
from assistant.server.web.source_view import anchor_at, paragraphs, parts
from tests.browser.stand_in import (
    HOSTILE,
    NASTY,
    NOTE,
    NOTES,
    OTHER_NOTE,
    PASSAGES,
    QUESTIONS,
    SOURCES,
    TERMS,
    StandIn,
    citations,
    hostile_citation,
    shipped_texts,
)
from tests.support import reached

TEXTS = shipped_texts()
RENDER = Renderer(TEXTS, 1000)
BY_ID = {source.id: source for source in SOURCES}
ASSISTANT = StandIn(TEXTS)
STATES = [name for name in QUESTIONS if name != "broken"]


class Quotations(HTMLParser):
    """Collects the text of each blockquote, all tags, and all attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.quotes: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self._inside = False
        self.feed(str(html))  # a Markup would escape what it is cut into
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


def answer_html(name: str, interactive: bool = True, **changes: Any) -> str:
    return str(RENDER.answer(replace(ASSISTANT.ask(QUESTIONS[name]), **changes), BY_ID, interactive))


def pages() -> dict[str, str]:
    """Every full page there is, by a name for the test report."""
    entries = [SourceEntry(source, 1) for source in SOURCES]
    found = {
        f"plain {name}": str(
            RENDER.plain(
                QUESTIONS[name],
                RENDER.answer(ASSISTANT.ask(QUESTIONS[name]), BY_ID, False),
                RENDER.sources([("All texts", entries)]),
                name == "urgent",
            )
        )
        for name in STATES
    }
    found |= {f"state {name}": str(RENDER.plain("q", RENDER.state(name))) for name in messages.STATES}
    found |= {f"error {status}": str(RENDER.error(status)) for status in (*ERRORS, 418)}
    found |= {
        f"source {source.id}": str(RENDER.source(source, PASSAGES[source.id], (0, 40), (3, 9), NOTES[source.id]))
        for source in SOURCES
    }
    return found | {"plain empty": str(RENDER.plain()), "about": RENDER.about_page("2026-11-22T00:00:00Z")}


KNOWN_TAGS = {tag for name in STATES for tag in Quotations(answer_html(name, False)).tags} - {"script", "img", "svg"}


OUR_SCRIPT = re.compile(r'<script src="/ui/leave\.js\?v=\w{12}" data-leave="[^"<>]+" nonce=""></script>')


def text_of(html: str) -> str:
    return Quotations(html).text


@pytest.mark.parametrize("name", pages())
def test_every_page_carries_the_notice_and_each_help_line(name: str) -> None:
    text = Quotations(pages()[name]).text
    assert TEXTS.notice.text in text
    for line in TEXTS.notice.helplines:
        assert line.name in text
        assert line.hours in text
        assert line.contact.lower() in text.lower()
        assert f'href="{reached(line)}"' in pages()[name]


@pytest.mark.parametrize("name", STATES)
def test_the_text_of_a_quote_is_the_stored_passage(name: str) -> None:
    answer = ASSISTANT.ask(QUESTIONS[name])
    assert Quotations(answer_html(name)).quotes == [citation.exact for citation in answer.citations]
    for citation in answer.citations:
        assert BY_ID[citation.source_id].text[citation.start : citation.end] == citation.exact


def test_the_marked_words_are_the_highlight() -> None:
    for citation in (*citations(), hostile_citation()):
        html = f"<blockquote>{view(citation, BY_ID[citation.source_id]).quote}</blockquote>"
        assert Quotations(html).quotes == [citation.exact]
        marked = unescape("".join(re.findall(r"<mark>(.*?)</mark>", html, re.DOTALL)))
        low, high = citation.highlight
        assert marked == BY_ID[citation.source_id].text[low:high]


def test_a_highlight_outside_the_quote_marks_nothing() -> None:
    wrong = dataclasses.replace(citations()[0], highlight=(0, 5))
    assert "<mark>" not in RENDER.answer(dataclasses.replace(ASSISTANT.ask("x"), citations=(wrong,)), BY_ID)


@pytest.mark.parametrize("name", [*pages(), "gradio answer", "gradio sources"])
def test_hostile_text_stays_text_in_every_template(name: str) -> None:
    html = {
        "gradio answer": answer_html("hostile"),
        "gradio sources": str(RENDER.sources([(HOSTILE, [SourceEntry(SOURCES[2], 1)])])),
    }.get(name) or pages()[name]
    read = Quotations(OUR_SCRIPT.sub("", html, count=1))
    assert not {"script", "img", "svg", "iframe", "object"} & set(read.tags)
    assert not [key for key, _ in read.attributes if key.startswith("on")]
    assert not [
        value
        for key, value in read.attributes
        if key in ("href", "src", "action", "cite") and not re.match(r"(https?:|tel:|sms:|/|#)", value or "")
    ]


def test_a_hostile_glossary_note_and_contact_stay_text() -> None:
    html = answer_html("related") + answer_html("hostile") + pages()["source hostile"]
    assert html.count(str(escape(HOSTILE))) > 10
    assert not {"script", "img", "svg"} & set(Quotations(OUR_SCRIPT.sub("", html, count=1)).tags)


def test_hostile_text_is_shown_as_it_is() -> None:
    for html in (answer_html("hostile"), pages()["source hostile"], pages()["plain hostile"]):
        assert str(escape(HOSTILE)) in html


MARKUP = st.sampled_from(
    ["<", ">", "&", '"', "'", "</blockquote>", "<mark>", "<img src=x onerror=y>", "<!--", "]]>", "{{ x }}", "&amp;", "\r\n"]
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(MARKUP, TEXT), min_size=1, max_size=12), st.data())
def test_whatever_a_source_says_its_quote_reads_back_letter_by_letter(pieces: list[str], data: st.DataObject) -> None:
    exact = "".join(pieces) or "x"
    low = data.draw(st.integers(0, len(exact)))
    high = data.draw(st.integers(low, len(exact)))
    source = dataclasses.replace(SOURCES[0], text=exact, title=exact)
    cited = dataclasses.replace(citations()[0], start=0, end=len(exact), exact=exact, highlight=(low, high), title=exact)
    html = str(RENDER.answer(dataclasses.replace(ASSISTANT.ask("x"), citations=(cited,)), {source.id: source}, False))
    read = Quotations(html)
    assert read.quotes == [exact]
    assert set(read.tags) <= KNOWN_TAGS


def test_a_return_character_survives_in_a_quote() -> None:
    assert Quotations(f"<blockquote>{quote_html(NASTY)}</blockquote>").quotes == [NASTY]
    assert "&#13;" in quote_html("a\rb"), "a browser turns a bare return into a line feed"


def test_an_urgent_card_comes_first_with_one_main_button() -> None:
    html = answer_html("urgent")
    assert html.index('role="alert"') < html.index("k-card")
    assert html.count('k-call"') == 1
    assert '<a class="k-call" href="tel:911"><b>Call 911</b> <span>Emergency</span>' in html
    assert text_of(html).index(TEXTS.cards["overdose"].text) < text_of(html).index(TEXTS.cards["suicide"].text)
    assert 'href="sms:988"' in html
    page = pages()["plain urgent"]
    assert re.search(r'<main>\s*<div class="k-answer k-is-urgent"[^>]*>\s*<section class="k-urgent" role="alert"', page)
    assert page.index("k-urgent") < page.index("<form"), "above the question box"


def test_near_passages_are_shown_below_the_sentence_that_says_what_they_are() -> None:
    html = answer_html("related")
    assert html.index(str(escape(TEXTS.related))) < html.index("k-card")
    assert html.index("k-card") < html.index("<details"), "the first is not folded"
    assert "close match" not in html


def test_danger_that_is_possible_gives_one_line_above_the_answer_which_opens_the_card() -> None:
    html = answer_html("answered", caution=TEXTS.cards["overdose"])
    assert html.index("Is someone in danger now?") < html.index("k-card")
    assert "tel:911" in html[:html.index("k-card")]
    assert str(escape(TEXTS.cards["overdose"].heading)) in html
    assert "<details open" not in html
    assert 'role="alert"' not in html


def test_what_must_not_be_answered_stands_above_the_passages_that_answer() -> None:
    subject = TEXTS.subjects[0]
    html = answer_html("answered", subject=subject.id, message=subject.text)
    assert html.index(str(escape(subject.text))) < html.index("k-card")


def test_where_nothing_answers_the_page_says_what_to_do_next() -> None:
    html = answer_html("not_covered")
    following = html[html.index("What you can do next"):]
    assert 'href="/sources"' in following
    assert 'href="tel:18006624357"' in following, "where to find treatment"
    near = str(RENDER.answer(ASSISTANT.ask(QUESTIONS["not_covered"]), {}, neighbours=("One?", "Two <b>?")))
    assert near.count('<button name="q"') == 2
    assert 'value="Two &lt;b&gt;?"' in near
    for subject in TEXTS.subjects:
        assert "What you can do next" in answer_html("not_covered", subject=subject.id, message=subject.text), "also when refused"
    assert "What you can do next" not in answer_html("not_covered", topic="service", message="This service quotes.")


def test_not_covered_shows_its_sentence_and_no_quote() -> None:
    html = answer_html("not_covered")
    assert str(escape(TEXTS.not_covered)) in html
    assert "blockquote" not in html


def test_who_is_speaking_stands_with_each_quote() -> None:
    html = answer_html("answered")
    for words in (
        "Mountainside",
        "Treatment provider",
        "The publisher sells addiction treatment.",
        "no date given",
        "Fact sheet, our own words",
        "Recognizing Signs",
        "rests on a provider’s own claims",
    ):
        assert words in html


def test_readers_see_who_speaks_before_they_read() -> None:
    cards = answer_html("answered").split("<article")[1:]
    assert len(cards) == 3
    for card, speaker, tier in (
        (cards[0], "Fact sheet, our own words", "rests on the references"),
        (cards[1], "Treatment provider’s text, quoted", "rests on a provider"),
    ):
        above = text_of("<article" + card[: card.index("<blockquote")])
        assert speaker in above
        assert tier in above
    assert messages.speaker("digest", "T4") == "Treatment provider’s claims, summed up by us"
    for tier in ("T1", "T2", "T3", "T4", "T5", "unreviewed"):
        assert "summed up by us" in messages.speaker("digest", tier)


def test_an_editors_note_stands_above_its_quote() -> None:
    for html in (answer_html("answered"), answer_html("related", False), pages()["plain answered"]):
        cards = html.split("<article")[1:]
        assert ["Editor’s note:" in card for card in cards] == [False, True, True]
        above = text_of("<article" + cards[1][: cards[1].index("<blockquote")])
        assert f"Editor’s note: {NOTE.text}" in " ".join(above.split())
        assert "Source: US label for ketamine. Checked 2026-11-21." in above
        assert 'class="k-note"' in cards[1]


def test_a_copied_quotation_takes_its_note_along() -> None:
    copied = [value for key, value in Quotations(answer_html("answered")).attributes if key == "data-note"]
    said = f"Editor’s note: {NOTE.text} Source: US label for ketamine. Checked 2026-11-21."
    assert copied == [said, said], "two of the three passages have a note"
    assert messages.note_words(None) == ""


def test_a_source_page_has_each_note_above_its_sentence() -> None:
    source = SOURCES[1]
    html = RENDER.source(source, PASSAGES["provider"], notes=NOTES["provider"])
    for sentence, note in (
        ("It helps to know what trouble with a drug looks like: it’s easy to miss.", NOTE),
        ("There are several ways to get help, and none is wrong to begin with.", OTHER_NOTE),
        ("Last words come here, a long way down the page.", NOTE),
    ):
        at = html.index(f">{escape(sentence)}</span>")
        start = html.rindex('<div class="k-with-note" id="p', 0, at)
        assert html.count("</p>\n    </div>", start, at) == 0, "in one box with its paragraph, which is the link's target"
        assert note.text.split("1-800")[0] in html[start:at]
    assert "There are several ways" in html[html.index("p5") :], "the same words further down have no note"
    assert html.count('class="k-note"') == 3
    bare = text_of(RENDER.source(source, PASSAGES["provider"]))
    noted = re.sub(r"<aside.*?</aside>", "", html, flags=re.DOTALL)
    assert text_of(noted).split() == bare.split(), "the notes add nothing to the text itself"


def test_notes_and_the_marked_sentence_are_cut_without_losing_a_letter() -> None:
    text = "One two three. Four five six.\n\nSeven eight."
    notes = (placed_at(text, "two three. Four", NOTE), placed_at(text, "six.\n\nSeven", OTHER_NOTE))
    first, second = parts(text, passage=(0, 10), sentence=(8, 24), notes=notes)
    assert "".join(piece.text for piece in first.pieces) == "One two three. Four five six."
    assert "".join(piece.text for piece in first.pieces if piece.marked) == text[8:24]
    assert [piece.text for piece in first.pieces if piece.noted] == ["two ", "three. Four", "six."]
    assert [piece.number for piece in first.pieces if piece.number] == ["1", "2"]
    assert first.notes == ((1, NOTE), (2, OTHER_NOTE))
    assert second.notes == (), "a note that spans two paragraphs stands above the first"
    assert [piece.noted for piece in second.pieces] == [True, False]


def placed_at(text: str, words: str, note: Note) -> PlacedNote:
    return PlacedNote(text.index(words), text.index(words) + len(words), note)


def test_other_names_that_were_searched_are_told_in_one_quiet_line() -> None:
    html = answer_html("related")
    assert html.index("Also searched for:") < html.index("<article")
    said = messages.also_searched(TERMS)
    assert said in " ".join(text_of(html).split())
    assert said.startswith("bladder (also called waterworks, wee); benzodiazepines (also called a, b, c, d, e, f and others)")
    assert "bladdr" not in html, "misspelt forms are never shown"
    assert "Also searched for" not in answer_html("answered"), "nothing was widened"


def test_a_source_page_says_who_speaks_when_and_from_what() -> None:
    facts = " ".join(text_of(pages()["source fact-dependence"]).split())
    for words in ("Publisher Ketamine Answers", "Kind Fact sheet, our own words", "What it rests on Rests on the references",
                  "Written 2026-11-21",
                  "Added here no date given", "A text of our own", "What this page rests on",
                  "US FDA: Ketalar label ↗ (opens in a new tab), 2024-01-01. Checked 2026-11-21."):
        assert words in facts, words
    html = pages()["source fact-dependence"]
    assert 'href="https://example.org/label"' in html
    assert html.index("<h1>") < html.index("Whose words") < html.index('class="k-text"') < html.index("What this page rests on")
    provider = " ".join(text_of(pages()["source provider"]).split())
    assert "Interest The publisher sells addiction treatment." in provider
    assert "Written no date given" in provider
    assert "the words and the claims are the publisher’s" in provider
    digest = dataclasses.replace(SOURCES[1], kind="digest", retrieved="2026-11-20")
    said = " ".join(text_of(RENDER.source(digest)).split())
    assert "A digest: the words are ours, the claims are theirs." in said
    assert "Added here 2026-11-20" in said


def test_about_says_what_this_is_and_is_not() -> None:
    said = " ".join(text_of(pages()["about"]).split())
    for words in ("general information", "diagnosis", "dosing", "Emergencies", "not a cleared medical device",
                  "quoted by a program and written by the source", "not yet reviewed by a clinician or by people with",
                  "Nothing is stored, and nothing leaves that machine", "tell the people who run this page.",
                  "no advertising", "Who pays for this page is stated by the people who run it",
                  "last read in on 2026-11-22", "Esc three times"):
        assert words in said, words
    assert "not loaded yet" in RENDER.about()
    assert '>2026-11-22</span>' in RENDER.about("20261122T025533138790Z"), "as an index says it"
    assert "<img" not in pages()["about"], "no seals"


@pytest.mark.parametrize(("contact", "link"), [("https://example.org/errors", True), ("Ann, room 4", False),
                                               ("javascript:alert(1)", False), (HOSTILE, False)])
def test_the_operators_contact_is_shown_and_linked_only_when_safe(contact: str, link: bool) -> None:
    texts = dataclasses.replace(TEXTS)
    object.__setattr__(texts, "contact", contact)
    html = Renderer(texts, 1000).about()
    assert str(escape(contact)) in html
    assert (f'href="{contact}"' in html) is link
    assert html.count("<a ") == link


@pytest.mark.parametrize("name", pages())
def test_every_page_has_a_way_out_that_needs_no_script(name: str) -> None:
    html = pages()[name]
    assert f'<a class="k-leave" href="{LEAVE_TO}" rel="noreferrer"' in html
    before = html[: html.rindex("<a ", 0, html.index("k-leave"))]
    assert before.count("<a ") <= len(TEXTS.notice.helplines) + 1, "only the help lines come before it"
    assert "<main" not in before


def test_the_way_out_goes_where_the_operator_says() -> None:
    html = Renderer(TEXTS, 1000, Site(leave_to="https://example.org/recipes")).error(404)
    assert 'href="https://example.org/recipes"' in html
    assert LEAVE_TO not in html
    head = Renderer(TEXTS, 1, Site(leave_to="https://example.org/recipes")).fragment("head")
    assert 'data-leave="https://example.org/recipes"' in head
    for bad in ("javascript:alert(1)", "", "weather", "http://example.org/"):
        with pytest.raises(BadInput, match="no address to leave to"):
            Renderer(TEXTS, 1000, Site(leave_to=bad))


def test_phone_numbers_stay_in_one_piece_without_a_change_to_the_text() -> None:
    for text in (TEXTS.notice.text, *(card.text for card in TEXTS.cards.values()), f"{HOSTILE} 1-800-222-1222 <b>"):
        assert text_of(numbers_html(text)) == text
    assert numbers_html("Help: 1-800-222-1222.") == 'Help: <span class="k-number">1-800-222-1222</span>.'
    assert numbers_html("Call 116 123 now") == 'Call <span class="k-number">116 123</span> now'
    assert numbers_html("call 911, 24/7 <x>") == "call 911, 24/7 &lt;x&gt;"
    urgent, page = answer_html("urgent"), pages()["plain urgent"]
    assert '<span class="k-number">1-800-222-1222</span>' in urgent[: urgent.index("</p>")]
    notice = page[page.index("k-notice-text") :]
    assert '<span class="k-number">1-800-662-4357</span>' in notice[: notice.index("</p>")]
    for html in (urgent, page):
        bare = re.sub(r'<span class="k-number">[^<]*</span>', "", html)
        shown = re.sub(r"<[^>]*>", "", bare)
        assert not re.search(r"\d-\d{3}-\d{4}", shown), "no number stands outside such a span"


def test_every_call_and_text_link_says_whom_it_reaches() -> None:
    html = answer_html("urgent") + str(RENDER.part("notice")) + str(RENDER.part("helpbar"))
    links = re.findall(r'<a [^>]*href="(?:tel|sms):[^>]*>(.*?)</a>', html, re.DOTALL)
    assert len(links) >= 10
    names = [line.name for line in TEXTS.notice.helplines]
    for link in links:
        assert any(name in text_of(link) for name in names), link


def test_confidence_is_given_in_words_only() -> None:
    html = answer_html("answered")
    assert "The first is a close match." in html
    assert "%" not in Quotations(html).text
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
    assert "javascript:" not in [value for key, value in Quotations(answer_html("hostile")).attributes if key == "href"]


def test_text_fragments_point_at_the_sentence() -> None:
    assert text_fragment("https://a.org", "One two.") == "https://a.org#:~:text=One%20two."
    long = text_fragment("https://a.org/x", "a b c d e, f g-h i j & k l **m**")
    assert long == "https://a.org/x#:~:text=a%20b%20c%20d%20e%2C,j%20%26%20k%20l%20m"
    assert text_fragment("https://a.org/#top", "x-y") == "https://a.org/#top:~:text=x%2Dy"


def test_the_link_into_the_source_points_at_the_paragraph_of_the_quote() -> None:
    for citation in (*citations(), hostile_citation()):
        source = BY_ID[citation.source_id]
        span = (citation.start, citation.end)
        anchor = view(citation, source).stored.split("#")[1]
        html = str(RENDER.source(source, PASSAGES[source.id], span, citation.highlight))
        itself, below = rf'<p id="{anchor}" class="[^"]*k-here', rf'<h2 id="{anchor}">[^<]*</h2>\s*<p [^>]*k-here'
        assert re.search(f"{itself}|{below}", html), "or at its heading"
        noted = str(RENDER.source(source, PASSAGES[source.id], span, citation.highlight, NOTES[source.id]))
        assert noted.count(f'id="{anchor}"') == 1
        assert "<mark>" in html


def test_a_source_page_shows_all_its_words_and_no_remarks_of_the_editor() -> None:
    text = Quotations(pages()["source fact-dependence"]).text
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
    assert anchor_at(text, text.index("second")) == 1, "its heading comes into view with it"
    assert anchor_at(text, text.index("other")) == 4
    long = "word " * 40
    assert len(paragraphs(f"{long}\n{long}\n\n{long}")) == 3, "long lines are paragraphs of their own"


def test_pages_that_work_without_javascript_have_one_script_to_leave_by_and_no_button_that_needs_one() -> None:
    for html in pages().values():
        assert len(OUR_SCRIPT.findall(html)) == html.count("<script") == 1
        assert "k-copy" not in html
    assert "k-copy" in answer_html("answered")


def test_static_files_change_their_address_with_their_content() -> None:
    assert re.fullmatch(r"/ui/page\.css\?v=[0-9a-f]{12}", Served().asset("page.css"))


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
            *messages.KIND_WORDS.values(),
            *messages.TIER_WORDS.values(),
            *messages.SPEAKERS.values(),
            *messages.DIGESTS.values(),
            *messages.WHOSE.values(),
            *(" ".join(pair) for pair in (*messages.STATES.values(), *ERRORS.values())),
        ]
    )
    assert not re.search(r"\b(abuser|addict|alcoholic|junkie|clean|dirty|habit|AI|chatbot)\b", said)


def test_a_help_line_that_is_only_a_website_links_to_it() -> None:
    line = replace(TEXTS.notice.helplines[0], tel=None, sms=None, contact="search at example.org", url="https://example.org/")
    texts = replace(TEXTS, notice=replace(TEXTS.notice, helplines=(line,)))
    assert 'class="k-tel" href="https://example.org/"' in Renderer(texts, 1000).plain()
