"""The book of answers, opened from the disk in a real browser without JavaScript: whole, readable, and asking nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from assistant.corpus.reviewed import fold, read_reviewed
from assistant.corpus.site_settings import LEAVE_TO
from assistant.index.text_index import TextIndex
from assistant.indexing.build import build_index
from assistant.server.web.static_export import write_book
from assistant.server.web.static_folder import LIST
from tests.browser.stand_in import shipped_texts
from tests.browser.test_page import PHONE, WIDE, chromium, violations, violations_everywhere  # noqa: F401 - chromium is a fixture
from tests.support import ROOT, ToyEncoder

pytestmark = pytest.mark.browser

TEXTS = shipped_texts()
SHOWN = ("index", "questions", "sources", "help", "about", "answers-fact-bladder", "answers-digest-everlast",
         "source-digest-everlast")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TextIndex]:
    """The book of the shipped corpus, and the texts that it was made from. It needs no model, so a toy built the index."""
    folder = tmp_path_factory.mktemp("kiosk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.indexing.build.prove_draft", lambda *_: None)  # a toy finds little, and nobody asks it here
        build_index(ROOT / "corpus", folder / "index", encoder=ToyEncoder())
    write_book(folder / "index", ROOT / "corpus", folder / "a book")
    return folder / "a book", TextIndex.open(folder / "index")


@pytest.fixture
def reader(chromium: Any) -> Iterator[Any]:  # noqa: F811 - the fixture
    """A page without JavaScript; ``page.asked`` are the addresses that it asked for, ``page.said`` what it complained of."""
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False, offline=True)
    page = context.new_page()
    page.asked, page.said = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("requestfailed", lambda request: page.said.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    yield page
    context.close()


class Parsed(HTMLParser):
    """What a page of the book names, holds and quotes, without a browser: there are too many to open each."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.parts: list[str] = []  # scripts, styles, pictures
        self.quotes: list[str] = []
        self.receipts: list[str] = []
        self.boxes = 0
        self._into: tuple[str, list[str]] | None = None
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids |= {found["id"]} if "id" in found else set()
        self.boxes += tag in ("input", "textarea", "form", "iframe")
        if tag == "a":
            self.links.append(found["href"])
        elif "src" in found or tag == "link":
            self.parts.append(found.get("src") or found["href"])
        into = self.quotes if tag == "blockquote" else self.receipts if "k-book-receipt" in found.get("class", "") else None
        if into is not None:
            into.append("")
            self._into = (tag, into)

    def handle_endtag(self, tag: str) -> None:
        if self._into and tag == self._into[0]:
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into:
            self._into[1][-1] += data


def test_every_page_is_reached_every_link_leads_somewhere_and_nothing_is_named_that_lies_off_this_folder(
        made: tuple[Path, TextIndex]) -> None:
    folder, _ = made
    found = {path.name: Parsed(path) for path in folder.glob("*.html")}
    reached, waiting = {"index.html"}, ["index.html"]
    while waiting:
        name = waiting.pop()
        page, text = found[name], (folder / name).read_text("utf-8")
        assert "default-src 'none'" in text
        assert 'class="k-leave"' in text
        assert page.boxes == 0, "nothing is typed, so a browser has nothing to remember"
        assert [part for part in page.parts if not (folder / part.partition("?")[0]).is_file()] == [], name
        for link in page.links:
            if link.startswith(("https://", "http://", "tel:", "sms:")):
                continue
            to, _, anchor = link.partition("#")
            assert not anchor or unquote(anchor) in found[to or name].ids, (name, link)
            if to and to not in reached:
                reached.add(to)
                waiting.append(to)
    assert reached == set(found) - {"left.html"}


def test_from_the_disk_without_a_script_every_kind_of_page_opens_and_nobody_is_asked(
        reader: Any, made: tuple[Path, TextIndex]) -> None:
    folder, _ = made
    for name in SHOWN:
        reader.goto((folder / f"{name}.html").as_uri())
        assert reader.locator("#k-notice .k-notice-text").text_content() == TEXTS.notice.text, name
        assert reader.locator("a.k-leave").is_visible()
    assert reader.said == []
    assert all(address.startswith(folder.as_uri() + "/") for address in reader.asked), "nothing off this folder"
    assert any(address.endswith(".woff2") or ".woff2?" in address for address in reader.asked), "with its own fonts"


def test_every_quote_is_the_stored_passage_and_a_browser_reads_it_so(reader: Any, made: tuple[Path, TextIndex]) -> None:
    folder, shelf = made
    pages = {path: Parsed(path) for path in folder.glob("answers-*.html")}
    assert sorted(quote for page in pages.values() for quote in page.quotes) == sorted(passage.text for passage in shelf.passages)
    listed = json.loads((folder / LIST).read_bytes())["receipts"]
    assert sorted(one for page in pages.values() for one in page.receipts) == sorted(f"Receipt: {receipt}" for receipt in listed)
    for path in (folder / "answers-fact-bladder.html", folder / "answers-digest-everlast.html"):
        reader.goto(path.as_uri())
        assert reader.locator("blockquote").evaluate_all("all => all.map(one => one.textContent)") == pages[path].quotes


def test_a_visitor_comes_from_a_subject_to_the_quote_to_its_place_in_the_source(
        reader: Any, made: tuple[Path, TextIndex]) -> None:
    reader.goto((made[0] / "index.html").as_uri())
    reader.get_by_role("link", name="Ketamine, the bladder and the kidneys").first.click()
    reader.goto(reader.url + "#" + reader.locator("section:has(h2:text('Signs that ketamine has hurt'))").get_attribute("id"))
    assert reader.locator("section:target blockquote").first.is_visible()
    reader.locator("section:target").get_by_role("link", name="Open in source").click()
    assert reader.url.split("/")[-1].startswith("source-fact-bladder.html#p")
    assert reader.locator(":target").is_visible()
    reader.get_by_role("link", name="Get help now").click()
    assert reader.get_by_role("heading", name=TEXTS.cards["overdose"].heading).is_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE, {"width": 320, "height": 640}], ids=["wide", "phone", "320"])
def test_nothing_scrolls_sideways(chromium: Any, made: tuple[Path, TextIndex], size: dict[str, int]) -> None:  # noqa: F811
    context = chromium.new_context(viewport=size)
    page = context.new_page()
    for name in SHOWN:
        page.goto((made[0] / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    context.close()


def test_axe_finds_nothing(chromium: Any, made: tuple[Path, TextIndex]) -> None:  # noqa: F811
    context = chromium.new_context(viewport=WIDE)
    page = context.new_page()
    for name in SHOWN:
        if name == "questions":  # thousands of links, all alike
            continue
        page.goto((made[0] / f"{name}.html").as_uri())
        assert violations_everywhere(page) == [], name
    context.close()


@pytest.mark.parametrize("way", ["click", "Esc"])
@pytest.mark.parametrize("name", ["index", "about", "questions", "source-digest-everlast"])
def test_a_page_of_the_book_is_left_as_any_other_and_without_a_network(
        chromium: Any, made: tuple[Path, TextIndex], name: str, way: str) -> None:  # noqa: F811
    context = chromium.new_context(viewport=WIDE, offline=True)
    page = context.new_page()
    page.goto((made[0] / "help.html").as_uri())
    page.goto((made[0] / f"{name}.html").as_uri())
    assert page.locator(".k-leave-how").is_visible()
    if way == "click":
        page.locator("a.k-leave").click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    page.wait_for_url("**/left.html")
    assert page.locator("body").inner_text() == ""
    assert page.title() == ""
    page.go_back()
    assert page.url.endswith("help.html"), "the page left is not behind the Back button"
    context.close()


def test_without_javascript_a_page_of_the_book_is_left_by_a_plain_link_and_none_promises_more(
        chromium: Any, made: tuple[Path, TextIndex]) -> None:  # noqa: F811
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False)
    context.route(LEAVE_TO + "**", lambda route: route.fulfill(content_type="text/html", body="<title>Weather</title>Sunny"))
    page = context.new_page()
    page.goto((made[0] / "about.html").as_uri())
    assert page.locator(".k-leave-how").is_hidden()
    page.locator("a.k-leave").click()
    page.wait_for_url(LEAVE_TO)
    context.close()


def test_all_questions_are_reviewed_ones_by_subject_on_a_page_that_can_be_read(
        chromium: Any, made: tuple[Path, TextIndex]) -> None:  # noqa: F811
    reviewed = read_reviewed(ROOT / "corpus")
    context = chromium.new_context(viewport=WIDE)
    page = context.new_page()
    page.goto((made[0] / "questions.html").as_uri())
    assert page.locator("summary h2").all_text_contents() == [subject.name for subject in reviewed.subjects]
    questions = page.locator(".k-book li").all_text_contents()
    headings = {fold(passage.heading) for passage in made[1].passages}
    assert 300 < len(questions) < 700
    assert [question for question in questions if fold(question) not in headings | set(reviewed.questions)] == []
    assert page.evaluate("document.documentElement.scrollHeight") < 3_000
    assert violations(page) == []
    context.close()
