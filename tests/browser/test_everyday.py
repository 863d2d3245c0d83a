"""What people do in a hurry, in a real browser: Enter, a long paste, a model that comes late, large letters, keys for a mouse."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.answering.lexical_search import LexicalAssistant
from assistant.corpus.reviewed import BrowseSubject, Reviewed
from assistant.server.web.page import Page
from tests.browser.stand_in import QUESTIONS, ROOT, StandIn, built, running, shipped_regions
from tests.browser.test_page import (  # noqa: F401 - fixtures among them
    PHONE,
    TEXTS,
    WIDE,
    Visit,
    chromium,
    held_back,
    shown_with_help,
    violations,
    visitor,
)

pytestmark = pytest.mark.browser

BOX = "#k-question textarea"
CALM = QUESTIONS["answered"]
SUBJECTS = Reviewed((BrowseSubject("Dependence", ("fact-dependence",)), BrowseSubject("What others say", ("provider",))))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    page = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS), burst=10_000,  # type: ignore[arg-type,return-value]
                              read_regions=shipped_regions, reviewed=SUBJECTS))
    with running(page.app) as (found, _):
        while httpx.get(found + "/readyz", trust_env=False).status_code != 200:
            time.sleep(0.05)
        yield found


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Visit]:  # noqa: F811 - the fixture
    with visitor(chromium, address) as found:
        yield found


# ---- Enter asks everywhere


@pytest.mark.parametrize("where", ["/plain", "/ before the page is complete", "/"])
def test_enter_asks_and_shift_enter_breaks_the_line(visit: Visit, where: str) -> None:
    page = visit.page
    if where == "/plain":
        page.goto(visit.address + where)
        box = "#q"
    elif where == "/":
        visit.open()
        box = BOX
    else:
        page.route("**/assets/*.js", lambda route: route.abort())
        page.goto(visit.address)
        box = "#k-first"
    page.fill(box, "Is ketamine")
    page.press(box, "Shift+Enter")
    page.keyboard.type("addictive?")
    assert page.input_value(box) == "Is ketamine\naddictive?"
    page.press(box, "Enter")
    page.wait_for_selector(".k-is-answered")
    assert "\n\n" not in page.input_value("#q" if where == "/plain" else box)


@pytest.mark.parametrize("path", ["/", "/plain"])
def test_enter_asks_without_javascript_too(chromium: Any, address: str, path: str) -> None:  # noqa: F811
    with visitor(chromium, address, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(address + path)
        page.get_by_label("Your question").fill(CALM)
        page.keyboard.press("Enter")
        page.locator(".k-is-answered").wait_for()
        assert page.get_by_label("Your question").input_value() == CALM


# ---- without JavaScript, Back and reload work


def test_without_javascript_back_from_a_source_and_a_reload_show_the_answer_and_no_address_holds_the_question(
        chromium: Any, address: str) -> None:  # noqa: F811
    with visitor(chromium, address, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(address)
        page.get_by_label("Your question").fill(CALM)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.locator(".k-is-answered").wait_for()
        page.get_by_role("link", name="Open in source").first.click()
        page.locator("#k-source").wait_for()
        page.go_back()
        page.locator(".k-is-answered").wait_for()
        page.reload()
        assert page.get_by_label("Your question").input_value() == CALM
        page.get_by_label("Your question").fill("related: what is ketamine made of?")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.locator(".k-is-related").wait_for()
        page.go_back()
        page.locator(".k-is-answered").wait_for()
        assert page.locator(".k-sources").count() == 0, "no list of all sources between an answer and the help lines"
        page.get_by_label("Your question").fill("and for how long?")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text("About: Ketamine and dependence").wait_for()
        page.get_by_role("button", name="Ask it alone").click()
        page.locator(".k-answer:not(:has(.k-about-subject))").wait_for()
        shown_with_help(page)
        assert not [url for url in visit.requests if "addictive" in url or "made" in url]


def test_an_answer_whose_time_is_over_says_so_and_can_be_asked_again(visit: Visit) -> None:
    assert visit.page.goto(visit.address + "/plain/never-kept").status == 404
    assert visit.page.get_by_role("heading", name="This answer is no longer kept").is_visible()
    assert visit.page.locator("#q").is_visible()
    shown_with_help(visit.page)


# ---- a long paste


@pytest.mark.parametrize("where", ["/", "/ before the page is complete", "/plain"])
def test_a_long_paste_stays_whole_and_the_page_says_what_to_do(visit: Visit, where: str) -> None:
    page, words = visit.page, "ketamine " * 260
    if where == "/":
        visit.open()
        box = BOX
    elif where == "/plain":
        page.goto(visit.address + where)
        box = "#q"
    else:
        page.route("**/assets/*.js", lambda route: route.abort())
        page.goto(visit.address)
        box = "#k-first"
    page.focus(box)
    page.keyboard.insert_text(words)
    assert page.input_value(box) == words
    if where != "/plain":
        assert "339 characters too long" in page.locator("#k-too-long").inner_text()
        assert page.locator("#k-too-long").get_attribute("role") == "status"
        sent = len(visit.requests)
        page.press(box, "Enter")
        page.wait_for_timeout(200)
        assert [url for url in visit.requests[sent:] if url.endswith("/ask")] == []
        assert page.input_value(box) == words
        page.fill(box, CALM)
        assert page.locator("#k-too-long").count() == 0
    else:
        page.press(box, "Enter")
        page.wait_for_selector(".k-is-question")
        assert page.input_value("#q").split() == words.split()


# ---- an answer that was found without the model


@pytest.mark.parametrize("meanwhile", ["starting", "words"])
def test_what_was_found_without_the_model_is_swapped_when_the_model_is_there(
        chromium: Any, tmp_path: Path, meanwhile: str) -> None:  # noqa: F811
    gate = threading.Event()

    def loads() -> Any:
        gate.wait(60)
        return StandIn(TEXTS)

    words = (lambda: LexicalAssistant.open(tmp_path / "index", ROOT / "corpus")) if meanwhile == "words" else None
    page_made = built(lambda: Page(tmp_path / "index", TEXTS, loads, burst=10_000, open_words=words))
    with running(page_made.app) as (found, _), visitor(chromium, found) as visit:
        try:
            while meanwhile == "words" and httpx.get(found + "/readyz", trust_env=False).json()["search"] != "words":
                time.sleep(0.05)
            page = visit.open().page
            page.fill(BOX, "What can ketamine do to the bladder?")
            page.press(BOX, "Enter")
            page.wait_for_selector(f"#k-results [data-search={'none' if meanwhile == 'starting' else 'words'}]")
            assert page.get_by_role("button", name="Ask again").is_visible()
            gate.set()
            page.wait_for_selector("#k-results .k-is-answered:not([data-search])", timeout=15_000)
            assert visit.complaints == []
        finally:
            gate.set()


# ---- keys, large letters, high contrast


def test_arrow_keys_move_between_tabs(visit: Visit) -> None:
    page = visit.open().page
    page.get_by_role("tab", name="Answers").focus()
    for key, name in {"ArrowRight": "Sources", "End": "About", "ArrowLeft": "Sources", "Home": "Answers"}.items():
        page.keyboard.press(key)
        page.wait_for_function("name => document.activeElement.textContent.trim() === name", arg=name)
        assert page.get_by_role("tab", name=name).get_attribute("aria-selected") == "true"


def test_in_forced_colours_only_the_chosen_tab_looks_chosen(visit: Visit) -> None:
    page = visit.open().page
    page.emulate_media(forced_colors="active")
    colours = page.get_by_role("tab").evaluate_all(
        "all => all.filter((e) => e.offsetParent).map((e) => [e.ariaSelected, getComputedStyle(e).borderBottomColor])")
    chosen = {colour for selected, colour in colours if selected == "true"}
    others = {colour for selected, colour in colours if selected != "true"}
    assert len(chosen) == 1
    assert not chosen & others


def in_view(page: Any, what: str) -> bool:
    return bool(page.locator(what).first.evaluate("""(e) => {
        const box = e.getBoundingClientRect();
        const seen = document.elementFromPoint(box.x + Math.min(10, box.width / 2), box.y + Math.min(10, box.height / 2));
        return box.top >= 0 && box.top < innerHeight && (e.contains(seen) || seen.contains(e));
    }"""))


@pytest.mark.parametrize("size", [{"width": 320, "height": 225}, PHONE, WIDE], ids=["400 %", "phone", "desktop"])
def test_the_answer_is_in_view_when_it_has_come(chromium: Any, address: str, size: dict[str, int]) -> None:  # noqa: F811
    with visitor(chromium, address, viewport=size) as visit:
        visit.open().ask("answered")
        assert in_view(visit.page, "#k-results .k-asked")
        assert size["height"] < 300 or in_view(visit.page, "#k-results .k-quote mark"), "the first quoted words too"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_a_deep_link_shows_the_heading_of_its_section_below_the_help_lines(chromium: Any, address: str, size: Any) -> None:  # noqa: F811
    with visitor(chromium, address, viewport=size, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(address + "/plain")
        page.get_by_label("Your question").fill(CALM)
        page.get_by_role("button", name="Ask", exact=True).click()
        link = page.get_by_role("link", name="Open in source").first.get_attribute("href")
        page.goto(address + link)
        page.wait_for_timeout(300)
        heading = page.get_by_role("heading", name="Can people become dependent on ketamine?").bounding_box()
        bar = page.locator(".k-helpbar").bounding_box()
        assert heading["y"] >= bar["y"] + bar["height"]
        assert heading["y"] <= size["height"] / 2


# ---- headings, names and lists


def test_a_heading_comes_before_its_quote_and_no_two_controls_are_named_alike(visit: Visit) -> None:
    page = visit.open().ask("answered").more().page
    order = page.locator("#k-results").locator("h3, blockquote").evaluate_all("all => all.map((e) => e.tagName)")
    assert order == ["H3", "BLOCKQUOTE"] * 3
    for kind in ("link", "button"):
        names = [name for name in page.locator("#k-results").get_by_role(kind).evaluate_all(
            "all => all.map((e) => e.textContent.trim())") if name]
        assert len(names) == len(set(names)), kind


def test_a_list_in_a_quote_is_a_list_and_every_word_stays(visit: Visit) -> None:
    page = visit.open().ask("answered").more().page
    quote = page.locator("#k-results blockquote").first
    assert quote.get_by_role("listitem").count() == 3
    assert quote.get_by_role("listitem").first.inner_text() == "Using more, or for longer, than planned."
    assert "\n- Using more, or for longer, than planned.\n" in quote.text_content()


# ---- short first


def test_the_marked_sentence_stands_first_and_one_press_shows_the_whole_passage(visit: Visit) -> None:
    page = visit.open().ask("long", "answered").page
    card = page.locator("#k-results .k-folds").first
    rest, button = card.locator(".k-rest").first, card.locator(".k-unfold")
    assert rest.is_hidden()
    assert card.locator("mark").first.is_visible()
    button.click()
    assert rest.is_visible()
    assert button.get_attribute("aria-expanded") == "true"
    button.click()
    assert rest.is_hidden()


# ---- sources by subject, suggestions, what next


@pytest.mark.parametrize("way", ["home", "tab", "/sources"])
def test_sources_are_listed_by_subject(visit: Visit, way: str) -> None:
    page = visit.page
    if way == "home":
        visit.open()
        page.get_by_role("link", name="What others say").click()
        page.wait_for_url("**/sources#subject-2")
    elif way == "tab":
        visit.open().sources()
    else:
        page.goto(visit.address + way)
    names = [name for name in page.locator(".k-sources h3").all_text_contents() if name]
    assert names == ["Dependence", "What others say", "Other texts"]
    page.locator(".k-sources").get_by_role("link", name="Ketamine and dependence").click()
    page.locator("#k-source").wait_for()


def test_suggestions_follow_the_keys_and_nothing_that_is_typed_is_sent(visit: Visit) -> None:
    page = visit.open().page
    page.click(BOX)
    page.wait_for_selector(f"{BOX}[role=combobox]")
    page.wait_for_timeout(300)
    sent = len(visit.requests)
    page.keyboard.type("depend")
    page.wait_for_selector("#k-suggestions [role=option]")
    assert page.locator(BOX).get_attribute("aria-expanded") == "true"
    assert page.locator("#k-suggested").inner_text() == "1 suggested question"
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    active = page.locator(BOX).get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").inner_text() == "Can people become dependent on ketamine?"
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert page.locator("#k-suggestions [role=option]").count() == 0
    assert [url for url in visit.requests[sent:] if "/ui/fonts/" not in url] == []
    page.keyboard.press("End")
    page.keyboard.type("e")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_selector("#k-results .k-is-answered")
    assert page.locator(".k-asked").inner_text() == "The question: Can people become dependent on ketamine?"


def test_enter_without_a_choice_asks_what_was_typed(visit: Visit) -> None:
    page = visit.open().page
    page.click(BOX)
    page.wait_for_selector(f"{BOX}[role=combobox]")
    page.keyboard.type("depend")
    page.keyboard.press("Enter")
    page.wait_for_selector("#k-results .k-is-answered")
    assert page.locator(".k-asked").inner_text() == "The question: depend"
    assert page.locator("#k-suggestions [role=option]").count() == 0


def test_an_empty_answer_says_what_next_and_a_neighbouring_question_is_one_press_away(visit: Visit) -> None:
    page = visit.open().ask("not_covered").page
    following = page.get_by_role("region", name="What you can do next")
    assert following.locator(".k-neighbours button").count() == 3
    assert following.get_by_role("link", name="Browse what our sources cover").is_visible()
    assert following.locator("a[href^='tel:']").count() == 1
    following.locator(".k-neighbours button").first.click()
    page.wait_for_selector("#k-results .k-is-answered")


def test_a_question_that_leans_on_the_one_before_says_so_and_can_be_asked_alone(visit: Visit) -> None:
    page = visit.open().ask("answered").page
    page.fill(BOX, "and for how long?")
    page.press(BOX, "Enter")
    page.wait_for_selector("#k-results .k-about-subject")
    assert "About: Ketamine and dependence" in page.locator(".k-about-subject").inner_text()
    assert page.locator(".k-asked").inner_text() == "The question: and for how long?"
    page.get_by_role("button", name="Ask it alone").click()
    page.wait_for_selector("#k-results .k-answer:not(:has(.k-about-subject))")
    page.go_back()
    page.wait_for_selector("#k-results .k-about-subject")
