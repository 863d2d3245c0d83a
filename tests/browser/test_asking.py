"""Questions asked one after another in a real browser: the last one wins, and stands above its own answer."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest

from assistant.schema import Answer
from assistant.server.web.page import Page
from assistant.server.web.routes import AT_ONCE
from tests.browser.stand_in import QUESTIONS, ROOT, StandIn, built, running, shipped_texts
from tests.browser.test_page import PHONE, TEXTS, Visit, chromium, visitor  # noqa: F401 - chromium is a fixture

Error = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").Error
pytestmark = pytest.mark.browser

BOX = "#k-question textarea"
CALM, URGENT, OTHER = QUESTIONS["answered"], QUESTIONS["urgent"], "related: what is ketamine made of?"
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # ms, bytes a second


class Held(StandIn):
    """Answers a question only once it is let go; ``asked`` are the questions that arrived."""

    def __init__(self) -> None:
        super().__init__(shipped_texts())
        self.held: dict[str, threading.Event] = {}
        self.asked: list[str] = []

    def hold(self, question: str) -> None:
        self.held[question] = threading.Event()

    def ask(self, question: str, k: int = 3) -> Answer:
        self.asked.append(question)
        if question in self.held:
            self.held[question].wait(20)
        return super().ask(question, k)


@contextmanager
def page_of(open_assistant: Callable[[], Any]) -> Iterator[str]:
    made = built(lambda: Page(ROOT / "index", TEXTS, open_assistant, burst=10_000))
    with running(made.app) as (address, _):
        yield address


@contextmanager
def holding(*questions: str) -> Iterator[tuple[Held, str]]:
    """A page in service, and what answers on it; these questions are held back."""
    assistant = Held()
    with page_of(lambda: assistant) as address:
        while httpx.get(address + "/readyz", trust_env=False).status_code != 200:
            time.sleep(0.05)
        assistant.asked.clear()
        for question in questions:
            assistant.hold(question)
        try:
            yield assistant, address
        finally:
            for gate in assistant.held.values():
                gate.set()


@pytest.fixture
def held(chromium: Any) -> Iterator[tuple[Held, Visit]]:  # noqa: F811 - the fixture
    with holding() as (assistant, address), visitor(chromium, address) as visit:
        visit.open().ask("answered")
        assistant.asked.clear()
        yield assistant, visit


def press(page: Any, question: str, way: str = "Enter") -> None:
    if way == "example":
        page.locator(".k-chip", has_text=question).click()
        return
    page.fill(BOX, question)
    if way == "Enter":
        page.press(BOX, "Enter")
    else:
        page.click("#k-ask-button")


def arrived(assistant: Held, page: Any, question: str) -> None:
    for _ in range(200):
        if question in assistant.asked:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"never asked: {question}")


def stands(page: Any, question: str, status: str) -> None:
    """The answer to ``question`` is shown, alone, below the words of its question."""
    page.wait_for_selector(f"#k-results .k-is-{status}")
    assert page.locator("#k-results .k-answer").count() == 1
    assert page.locator("#k-results .k-wait").count() == 0
    line = page.locator("#k-results .k-asked")
    assert line.count() == 1
    assert line.inner_text() == f"The question: {question}"
    answer = page.locator("#k-results .k-card, #k-results .k-urgent, #k-results .k-none").first
    above, below = line.bounding_box(), answer.bounding_box()
    assert above["y"] + above["height"] <= below["y"]


@pytest.mark.parametrize(("first", "second"), [("Enter", "Enter"), ("button", "button"), ("Enter", "button"),
                                               ("example", "Enter")])
def test_on_a_slow_link_an_emergency_asked_while_the_first_question_is_on_its_way_gets_its_card(
        chromium: Any, first: str, second: str) -> None:  # noqa: F811
    with holding() as (_, address), visitor(chromium, address) as visit:
        page = visit.open().page
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
        press(page, CALM, first)
        page.wait_for_timeout(60)
        press(page, URGENT, second)
        stands(page, URGENT, "urgent")
        page.wait_for_timeout(1500)
        stands(page, URGENT, "urgent")
        assert visit.complaints == []


def test_an_example_asked_second_wins_too(held: tuple[Held, Visit]) -> None:
    assistant, visit = held
    visit.page.reload()
    visit.page.wait_for_selector("html.k-ready")
    assistant.hold(CALM)
    example = visit.page.locator(".k-chip").nth(1).inner_text().strip()
    examples = visit.page.locator("#k-chips")
    press(visit.page, CALM)
    arrived(assistant, visit.page, CALM)
    examples.evaluate("all => { all.querySelectorAll('.k-chip')[1].click(); }")  # as pressed just before they went away
    stands(visit.page, example, "answered")
    assert visit.page.locator(BOX).input_value() == example


@pytest.mark.parametrize("order", [(CALM, URGENT), (URGENT, CALM)], ids=["first comes last", "second comes last"])
def test_an_older_answer_never_takes_the_place_of_a_newer_one(held: tuple[Held, Visit], order: tuple[str, str]) -> None:
    assistant, visit = held
    first, second = OTHER, URGENT
    for question in (first, second):
        assistant.hold(question)
        press(visit.page, question)
        arrived(assistant, visit.page, question)
    late, early = (first, second) if order[0] == CALM else (second, first)
    assistant.held[early].set()
    visit.page.wait_for_timeout(400)
    assistant.held[late].set()
    visit.page.wait_for_timeout(400)
    stands(visit.page, second, "urgent")


def test_of_three_questions_the_last_wins_also_when_it_had_to_wait_in_line(held: tuple[Held, Visit]) -> None:
    assistant, visit = held
    first = [OTHER, CALM][:AT_ONCE]
    for question in first:
        assistant.hold(question)
        press(visit.page, question)
        arrived(assistant, visit.page, question)
    press(visit.page, URGENT)
    visit.page.wait_for_timeout(300)
    assert URGENT not in assistant.asked, "it stands in line"
    for question in first:
        assistant.held[question].set()
    stands(visit.page, URGENT, "urgent")
    visit.page.wait_for_timeout(300)
    stands(visit.page, URGENT, "urgent")


@pytest.mark.parametrize("how", ["the server fails", "the connection is lost"])
def test_a_first_question_that_fails_late_does_not_cover_the_answer_to_the_second(held: tuple[Held, Visit], how: str) -> None:
    assistant, visit = held
    page, broken, caught = visit.page, QUESTIONS["broken"], []

    def loses_the_first(route: Any) -> None:
        if caught:
            route.continue_()
        else:
            caught.append(route)

    if how == "the connection is lost":
        page.route(re.compile("/ask$|/queue/join"), loses_the_first)
    assistant.hold(broken)
    press(page, broken)
    page.wait_for_timeout(200)
    press(page, URGENT)
    with suppress(Error):  # the page may have given it up itself
        for route in caught:
            route.abort()
    assistant.held[broken].set()
    stands(page, URGENT, "urgent")
    page.wait_for_timeout(500)
    stands(page, URGENT, "urgent")


def test_words_are_those_at_the_press_and_what_is_typed_meanwhile_stays_in_the_box(held: tuple[Held, Visit]) -> None:
    assistant, visit = held
    page = visit.page
    assistant.hold(CALM)
    press(page, CALM)
    assert page.locator("#k-results .k-asked").inner_text() == f"The question: {CALM}", "while it is on its way, too"
    assert page.locator("#k-results .k-card").count() == 0, "and the old answer is gone"
    page.fill(BOX, "and what ab")
    arrived(assistant, page, CALM)
    assistant.held[CALM].set()
    stands(page, CALM, "answered")
    page.keyboard.type("out alcohol")
    assert page.locator(BOX).input_value() == "and what about alcohol", "an answer that comes takes no words away"
    page.keyboard.press("Enter")
    stands(page, "and what about alcohol", "answered")


def test_an_emergency_that_is_answered_while_somebody_types_comes_into_view_and_takes_no_words(chromium: Any) -> None:  # noqa: F811
    with holding(URGENT) as (assistant, address), visitor(chromium, address, viewport=PHONE) as visit:
        page = visit.open().page
        press(page, URGENT)
        arrived(assistant, page, URGENT)
        page.fill(BOX, "he is ver")
        assistant.held[URGENT].set()
        stands(page, URGENT, "urgent")
        page.keyboard.type("y cold")
        assert page.locator(BOX).input_value() == "he is very cold"


def test_the_same_question_pressed_twice_is_asked_once(held: tuple[Held, Visit]) -> None:
    assistant, visit = held
    assistant.hold(CALM)
    for way in ("Enter", "button", "Enter"):
        press(visit.page, CALM, way)
    visit.page.fill(BOX, "")
    visit.page.press(BOX, "Enter")
    arrived(assistant, visit.page, CALM)
    visit.page.wait_for_timeout(200)
    assistant.held[CALM].set()
    stands(visit.page, CALM, "answered")
    assert assistant.asked == [CALM], "nothing is asked again, and an empty press takes nothing back"
    press(visit.page, CALM)
    stands(visit.page, CALM, "answered")
    visit.page.wait_for_function("document.activeElement.matches('[data-focus]')")
    assert assistant.asked == [CALM, CALM], "once it is answered it may be asked again"


def test_an_answer_that_is_overdue_says_so_and_still_comes_and_may_be_asked_for_again(chromium: Any) -> None:  # noqa: F811
    with holding(CALM, OTHER) as (assistant, address), visitor(chromium, address) as visit:
        page = visit.page
        page.clock.install()
        visit.open()
        for question, status in ((CALM, "answered"), (OTHER, "related")):
            press(page, question)
            arrived(assistant, page, question)
            page.clock.fast_forward(13_000)
            stands(page, question, "error")
            if question == OTHER:
                press(page, question)
            assistant.held[question].set()
            stands(page, question, status)
        assert [question for question in assistant.asked if question == OTHER] == [OTHER, OTHER]


def test_a_question_that_fails_stands_above_the_card_that_says_so(held: tuple[Held, Visit]) -> None:
    page = held[1].page
    press(page, QUESTIONS["broken"])
    stands(page, QUESTIONS["broken"], "error")
    page.context.set_offline(True)
    press(page, CALM)
    page.fill(BOX, "something else")
    stands(page, CALM, "error")
    page.context.set_offline(False)
    press(page, CALM)
    stands(page, CALM, "answered")


def test_questions_pressed_while_the_page_is_still_connecting_are_answered_there_and_stay_when_gradio_comes(
        chromium: Any) -> None:  # noqa: F811
    with holding(CALM) as (assistant, address), visitor(chromium, address) as visit:
        page, waiting = visit.page, []
        page.route("**/assets/index-*.js", lambda route: waiting.append(route))
        page.goto(address, wait_until="commit")
        page.fill("#k-first", CALM)
        page.press("#k-first", "Enter")
        arrived(assistant, page, CALM)
        page.fill("#k-first", URGENT)
        page.press("#k-first", "Enter")
        page.wait_for_selector("#k-shell .k-is-urgent")
        page.fill("#k-first", CALM)
        page.press("#k-first", "Enter")
        page.wait_for_selector("#k-shell .k-wait")
        page.fill("#k-first", "not yet asked")
        for route in waiting:
            route.continue_()
        page.wait_for_selector("html.k-ready")
        assert page.locator("#k-results .k-asked").inner_text() == f"The question: {CALM}"
        assistant.held[CALM].set()
        stands(page, CALM, "answered")
        assert page.locator(BOX).input_value() == "not yet asked"
        press(page, URGENT)
        stands(page, URGENT, "urgent")
        assert visit.complaints == []


def test_an_emergency_asked_second_gets_its_card_while_the_model_is_loading(chromium: Any) -> None:  # noqa: F811
    gate, message = threading.Event(), "my friend took ketamine and will not wake up"

    def loads() -> Any:
        gate.wait(60)
        return StandIn(TEXTS)

    with page_of(loads) as address, visitor(chromium, address) as visit:
        try:
            page = visit.open().page
            page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
            press(page, CALM)
            press(page, message)
            stands(page, message, "urgent")
            press(page, CALM)
            stands(page, CALM, "starting")
        finally:
            gate.set()


def test_without_javascript_the_last_question_wins_and_stands_above_its_answer(chromium: Any) -> None:  # noqa: F811
    with holding(CALM) as (assistant, address), visitor(chromium, address, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(address + "/plain")
        box, button = page.locator("#q-line").bounding_box(), page.locator("form.k-ask button").bounding_box()

        def press_plainly(question: str) -> None:
            """By mouse and keys alone: playwright's own ways wait until the page before has come."""
            page.mouse.click(box["x"] + 20, box["y"] + 20)
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(question)
            page.mouse.click(button["x"] + 20, button["y"] + 20)

        press_plainly(CALM)
        arrived(assistant, page, CALM)
        press_plainly(OTHER)
        page.wait_for_selector(".k-is-related")
        assert not assistant.held[CALM].is_set()
        assistant.held[CALM].set()
        page.wait_for_timeout(300)
        assert page.locator(".k-asked").inner_text() == f"The question: {OTHER}"
        assert page.locator(".k-asked").is_visible()


def test_an_answer_is_still_there_after_a_look_at_the_sources(held: tuple[Held, Visit]) -> None:
    page = held[1].page
    held[1].sources().about()
    page.get_by_role("tab", name="Answers").click()
    stands(page, CALM, "answered")
    assert page.locator("#k-results .k-card").first.is_visible()
