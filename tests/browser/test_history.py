"""Nothing that was asked is lost: back, forward, reload and a lost connection; and nothing of it is left anywhere else."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.server.editors import Editors, hashed
from assistant.server.web.page import Page
from tests.browser.stand_in import QUESTIONS, ROOT, StandIn, built, running
from tests.browser.test_page import (  # noqa: F401 - fixtures among them
    ARGUMENTS,
    CHROMIUM,
    PHONE,
    TEXTS,
    Visit,
    address,
    chromium,
    neutral_site,
    visitor,
    wait_for,
)

pytestmark = pytest.mark.browser

BOX = "#k-question textarea"
FIRST, SECOND = QUESTIONS["answered"], "related: what is ketamine made of?"


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Visit]:  # noqa: F811 - the fixtures
    with visitor(chromium, address) as found:
        yield found.open()


def ask(page: Any, question: str, status: str) -> None:
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    stands(page, question, status)


def stands(page: Any, question: str, status: str) -> None:
    page.wait_for_selector(f"#k-results .k-is-{status}")
    assert page.locator("#k-results .k-asked").inner_text() == f"The question: {question}"


def test_back_and_forward_move_through_the_questions_of_this_tab(visit: Visit) -> None:
    page = visit.page
    ask(page, FIRST, "answered")
    ask(page, SECOND, "related")
    sent = len(visit.requests)
    page.go_back()
    stands(page, FIRST, "answered")
    assert page.locator(BOX).input_value() == FIRST
    page.go_forward()
    stands(page, SECOND, "related")
    page.go_back()
    page.go_back()
    page.wait_for_selector("#k-results .k-home")
    assert page.locator(BOX).input_value() == ""
    assert [url for url in visit.requests[sent:] if url.endswith("/ask")] == [], "answers of this tab are not asked for again"
    assert page.url == visit.address + "/"


def test_what_is_being_typed_is_not_taken_away_by_back(visit: Visit) -> None:
    page = visit.page
    ask(page, FIRST, "answered")
    ask(page, SECOND, "related")
    page.fill(BOX, "and what about")
    page.go_back()
    stands(page, FIRST, "answered")
    assert page.locator(BOX).input_value() == "and what about"


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_back_closes_an_open_source_first_and_forward_opens_it_again(chromium: Any, address: str, size: Any) -> None:  # noqa: F811
    with visitor(chromium, address, **({"viewport": size} if size else {})) as visit:
        page = visit.open().page
        ask(page, FIRST, "answered")
        visit.open_reader()
        page.go_back()
        page.wait_for_selector("#k-reader", state="hidden")
        stands(page, FIRST, "answered")
        page.go_forward()
        page.wait_for_selector("#k-reader[open] #k-source mark")
        page.keyboard.press("Escape")
        page.wait_for_selector("#k-reader", state="hidden")
        page.go_back()
        page.wait_for_selector("#k-results .k-home")


def test_a_reload_keeps_the_question_and_its_answer(visit: Visit) -> None:
    page = visit.page
    ask(page, SECOND, "related")
    ask(page, FIRST, "answered")
    page.reload()
    page.wait_for_selector("html.k-ready")
    stands(page, FIRST, "answered")
    assert page.locator(BOX).input_value() == FIRST
    page.go_back()
    stands(page, SECOND, "related")


def test_a_reload_and_a_look_at_another_page_keep_an_open_source_and_what_was_typed(visit: Visit) -> None:
    page = visit.page
    ask(page, FIRST, "answered")
    visit.open_reader()
    page.reload()
    page.wait_for_selector("#k-reader[open] #k-source mark")
    page.go_back()
    page.wait_for_selector("#k-reader", state="hidden")
    stands(page, FIRST, "answered")
    before = page.evaluate("window.name")
    page.fill(BOX, "half a sentence")
    page.wait_for_function("before => window.name !== before", arg=before)
    page.goto(visit.address + "/about")
    page.go_back()
    stands(page, FIRST, "answered")
    assert page.locator(BOX).input_value() == "half a sentence"


def test_back_to_the_beginning_shows_it_from_any_tab(visit: Visit) -> None:
    page = visit.page
    ask(page, FIRST, "answered")
    visit.sources()
    page.go_back()
    page.wait_for_selector("#k-results .k-home")
    assert page.locator("#k-results .k-home").is_visible()


def test_what_could_not_be_loaded_says_so_names_no_wrong_country_and_can_be_tried_again(visit: Visit) -> None:
    page = visit.page
    ask(page, FIRST, "answered")
    page.context.set_offline(True)
    page.get_by_role("link", name="Open in source").first.click()
    page.get_by_text("This text could not be opened.").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector("#k-reader[open] #k-source mark")
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    page.select_option("#k-notice select", label="Ireland")
    page.wait_for_selector(".k-chosen:not(:empty)")
    assert page.input_value("#k-notice select") == "US"
    assert page.locator("#k-notice a[href='tel:911']").is_visible()
    page.get_by_role("tab", name="Sources").click()
    page.get_by_text("This list could not be loaded.").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.locator("#k-sources").get_by_role("link", name="Ketamine and dependence").wait_for()


def test_ask_a_question_on_a_source_page_leads_back_to_the_questions(visit: Visit) -> None:
    page = visit.page
    ask(page, FIRST, "answered")
    page.goto(visit.address + "/source/provider")
    page.get_by_role("link", name="Ask a question").first.click()
    page.wait_for_selector("html.k-ready")
    stands(page, FIRST, "answered")


def test_at_the_beginning_again_what_was_asked_is_offered_and_forgotten_on_request(visit: Visit) -> None:
    page = visit.page
    ask(page, FIRST, "answered")
    ask(page, SECOND, "related")
    page.go_back()
    page.go_back()
    page.locator(".k-earlier").get_by_role("button", name=SECOND).click()
    stands(page, SECOND, "related")
    page.go_back()
    page.get_by_role("button", name="Forget these questions").click()
    assert page.locator(".k-earlier").count() == 0
    assert page.evaluate("window.name") == ""
    page.go_forward()
    page.wait_for_timeout(300)
    assert page.locator("#k-results .k-answer").count() == 0


def test_another_site_in_the_same_tab_reads_nothing_of_it(chromium: Any, address: str) -> None:  # noqa: F811
    with visitor(chromium, address) as visit:
        page = visit.open().page
        ask(page, FIRST, "answered")
        page.context.route("https://other.example/**", lambda route: route.fulfill(content_type="text/html", body="<p>Other"))
        page.goto("https://other.example/")
        assert "addictive" not in page.evaluate("JSON.stringify([window.name, history.state, document.referrer])")


def nothing_on_the_disk(profile: Path, *words: str) -> None:
    written = [path for path in profile.rglob("*") if path.is_file()]
    assert len(written) > 20
    for path in written:
        raw = path.read_bytes()
        for word in words:
            assert word.encode() not in raw, path.name
            assert word.encode("utf-16-le") not in raw, path.name


@pytest.fixture
def with_editors(tmp_path: Path) -> Iterator[str]:
    made = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS), burst=10_000))  # type: ignore[arg-type,return-value]
    made.admit(Editors(hashed("a long password"), tmp_path / "editors.jsonl", made.service))
    with running(made.app) as (found, _):
        while httpx.get(found + "/readyz", trust_env=False).status_code != 200:
            time.sleep(0.05)
        yield found


def test_no_word_of_a_question_is_on_the_disk_and_none_is_left_when_the_page_is_left(
        chromium: Any, with_editors: str, tmp_path: Path) -> None:  # noqa: F811
    """The whole profile of a browser is read: questions, back, a reload, then the way out; /plain and /editor too."""
    seals = []
    with chromium.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=str(CHROMIUM), args=ARGUMENTS, reduced_motion="reduce") as context:
        page, plain, editor = context.pages[0], context.new_page(), context.new_page()
        page.goto(with_editors)
        page.wait_for_selector("html.k-ready")
        ask(page, "zebrafinch ketamine?", "answered")
        ask(page, "quokkawords ketamine?", "answered")
        page.go_back()
        page.reload()
        page.wait_for_selector("html.k-ready")
        stands(page, "zebrafinch ketamine?", "answered")
        ask_plainly(plain, with_editors)
        editor.goto(with_editors + "/editor")
        editor.fill("#password", "a long password")
        editor.get_by_role("button", name="Log in").click()
        editor.fill("#q", "wombatjudged ketamine?")
        editor.get_by_role("button", name="Ask", exact=True).click()
        editor.get_by_role("button", name="Yes, passage 1 answers it").wait_for()
        editor.fill("#quote", "kowaristored words")
        page.wait_for_timeout(3_000)  # the browser writes its session every few seconds: the box was not touched since
        page.fill(BOX, "numbatsecret never asked")
        plain.fill("#q", "bilbysecret never asked")
        editor.get_by_role("button", name="Yes, passage 1 answers it").click()
        editor.get_by_text("Stored as").wait_for()
        page.wait_for_timeout(3_000)
        plain.go_back()
        editor.go_back()
        seals = [seal for _, seal in json.loads(page.evaluate("window.name"))[1]]
        assert seals
        asked = neutral_site(context)
        page.locator("a.k-leave").first.click()
        wait_for(page, asked)
        assert page.evaluate("window.name") == ""
    nothing_on_the_disk(tmp_path / "profile", "zebrafinch", "quokkawords", "numbatsecret", "echidnaplain", "bilbysecret",
                        "wombatjudged", "kowaristored", *seals)


def ask_plainly(page: Any, address: str) -> None:  # noqa: F811 - an address
    page.goto(address + "/plain")
    page.get_by_label("Your question").fill("echidnaplain ketamine?")
    page.keyboard.press("Enter")
    page.locator(".k-is-answered").wait_for()


def test_without_javascript_no_word_of_a_question_is_on_the_disk_either(chromium: Any, address: str, tmp_path: Path) -> None:  # noqa: F811
    with chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path=str(CHROMIUM), args=ARGUMENTS, java_script_enabled=False) as context:
        plain, shell = context.pages[0], context.new_page()
        ask_plainly(plain, address)
        shell.goto(address)
        shell.get_by_label("Your question").fill("quollshell never asked")
        plain.wait_for_timeout(3_000)
        plain.get_by_label("Your question").fill("bilbysecret never asked")
        plain.go_back()
        plain.get_by_label("Your question").fill("numbatsecret never asked")
        plain.wait_for_timeout(3_000)
    nothing_on_the_disk(tmp_path, "echidnaplain", "quollshell", "bilbysecret", "numbatsecret")


def test_leaving_takes_the_questions_out_of_the_history_behind_the_back_button(visit: Visit) -> None:
    page, asked = visit.page, neutral_site(visit.page.context)
    asked.append("answers at once")
    page.goto(visit.address + "/healthz")
    visit.open()
    ask(page, FIRST, "answered")
    ask(page, SECOND, "related")
    visit.open_reader()
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url(re.compile("weather"))
    page.go_back()
    assert page.url == visit.address + "/healthz", "no place of a question is behind the Back button"


def test_after_a_lost_connection_question_and_card_stay_and_one_press_asks_again(chromium: Any) -> None:  # noqa: F811
    make = lambda: built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS)).app)  # type: ignore[arg-type,return-value]  # noqa: E731
    with running(make()) as (found, server), visitor(chromium, found) as visit:
        page, port = visit.open().page, int(found.rsplit(":", 1)[1])
        visit.sources()  # Gradio has asked something, so it holds a connection
        page.get_by_role("tab", name="Answers").click()
        server.should_exit = True
        while server.started and server.servers and server.servers[0].is_serving():
            page.wait_for_timeout(50)
        ask(page, FIRST, "error")
        page.get_by_role("tab", name="About").click()  # and it notices that the connection is gone
        page.get_by_role("tab", name="Answers").click()
        page.fill(BOX, "half a sentence")
        page.evaluate("window.stayed = true")
        with running(make(), port):
            page.wait_for_timeout(6_000)
            assert page.evaluate("window.stayed") is True, "the page never loads itself again"
            stands(page, FIRST, "error")
            assert page.locator(BOX).input_value() == "half a sentence"
            page.get_by_role("button", name="Ask again").click()
            stands(page, FIRST, "answered")
            assert page.locator(BOX).input_value() == "half a sentence"
            visit.sources()
            assert page.get_by_role("link", name="Ketamine and dependence").is_visible()


def test_a_link_within_the_page_makes_no_place_that_a_reload_would_lose_the_question_at(visit: Visit) -> None:
    page = visit.page
    ask(page, FIRST, "answered")
    length = page.evaluate("history.length")
    page.get_by_role("link", name="More").first.click()
    assert page.evaluate("[history.length, location.hash]") == [length, ""]
    assert page.evaluate("document.activeElement.id") == "k-notice"
    page.reload()
    page.wait_for_selector("html.k-ready")
    stands(page, FIRST, "answered")
