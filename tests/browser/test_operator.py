"""What an operator chose, in a real browser: colours, name, the way out; and the page while there is no model."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import messages
from assistant.answering.lexical_search import LexicalAssistant
from assistant.corpus.site_settings import Site, site_from
from assistant.errors import BuildFailed
from assistant.server.web.page import Page
from tests.browser.stand_in import ROOT, StandIn, built, running, shipped_texts
from tests.browser.test_page import PHONE, WIDE, chromium, violations, visitor  # noqa: F401 - chromium is a fixture

pytestmark = pytest.mark.browser

TEXTS = shipped_texts()
IDLE = 3  # seconds; check wants 30 at least
NEUTRAL = "https://www.example.org/news"
CHOSEN = {"name": "Harbour Answers", "leave_to": NEUTRAL,
          "colours": {"light": {"accent": "#1B5E20", "link": "#145A1A", "bar": "#0B3D0E"},
                      "dark": {"accent": "#A5D6A7", "on-accent": "#0B2A0D"}}}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    site = site_from(CHOSEN, "site.toml")
    page = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS), burst=10_000, site=site))  # type: ignore[arg-type,return-value]
    with running(page.app) as (found, _):
        while httpx.get(found + "/readyz", trust_env=False).status_code != 200:
            time.sleep(0.05)
        yield found


@pytest.fixture(scope="module")
def without_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    index: Path = tmp_path_factory.mktemp("none") / "index"

    def fails() -> Any:
        raise BuildFailed("There is no model.")

    page = built(lambda: Page(index, TEXTS, fails, burst=10_000,
                              open_words=lambda: LexicalAssistant.open(index, ROOT / "corpus")))
    with running(page.app) as (found, _):
        while httpx.get(found + "/readyz", trust_env=False).json()["search"] != "words":
            time.sleep(0.05)
        yield found


@pytest.mark.parametrize(("scheme", "accent"), [("light", "rgb(27, 94, 32)"), ("dark", "rgb(165, 214, 167)")])
def test_the_operators_colours_and_name_are_what_is_seen_and_can_be_read(
        chromium: Any, address: str, scheme: str, accent: str) -> None:  # noqa: F811
    with visitor(chromium, address, color_scheme=scheme) as visit:
        visit.open()
        button = "getComputedStyle(document.querySelector('#k-ask-button')).backgroundColor"
        visit.page.wait_for_function(f"{button} === '{accent}'")
        assert visit.page.title() == "Harbour Answers"
        assert visit.page.locator("h1").first.text_content() == "Harbour Answers"
        visit.ask("answered")
        assert violations(visit.page) == []
        assert visit.complaints == []
        assert {request for request in visit.requests if not request.startswith(address)} <= {
            request for request in visit.requests if request.startswith(("data:", "blob:"))}
        visit.page.emulate_media(media="print")
        assert visit.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper').trim()") == "#fff"


@pytest.mark.parametrize("way", ["control", "escape", "plain, no JavaScript"])
def test_leaving_goes_where_the_operator_says(chromium: Any, address: str, way: str) -> None:  # noqa: F811
    context = chromium.new_context(viewport=PHONE, java_script_enabled=way != "plain, no JavaScript")
    context.route(NEUTRAL, lambda route: route.fulfill(body="<title>News</title>", content_type="text/html"))
    page = context.new_page()
    if way == "plain, no JavaScript":
        page.goto(address + "/plain")
        page.get_by_label("Your question").fill("Is ketamine addictive?")
        page.click("form.k-ask button >> nth=0")
        assert page.locator("blockquote").count() > 0
        page.click("a.k-leave")
    else:
        page.goto(address)
        page.wait_for_selector("#k-question textarea")
        page.fill("#k-question textarea", "Is ketamine addictive?")
        if way == "control":
            page.click("a.k-leave >> nth=0")
        else:
            for _ in range(3):
                page.keyboard.press("Escape")
    page.wait_for_url(NEUTRAL)
    assert page.title() == "News"
    if way != "plain, no JavaScript":
        assert page.evaluate("history.length") <= 2, "the page's own place in the history is taken"
    context.close()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_without_a_model_passages_are_shown_as_found_by_words_only_and_a_card_still_comes_first(
        chromium: Any, without_model: str, size: dict[str, int]) -> None:  # noqa: F811
    with visitor(chromium, without_model, viewport=size) as visit:
        visit.open()
        visit.page.fill("#k-question textarea", "What can ketamine do to the bladder?")
        visit.page.press("#k-question textarea", "Enter")
        visit.page.wait_for_selector("#k-results .k-is-related")
        assert visit.page.get_by_role("heading", name=messages.BY_WORDS_HEADINGS["related"]).is_visible()
        assert visit.page.get_by_text(messages.BY_WORDS_FOUND).is_visible()
        assert visit.page.locator("#k-results blockquote").first.is_visible(), "not folded: there is nothing better"
        assert violations(visit.page) == []
        visit.page.fill("#k-question textarea", "my friend took ketamine and is not breathing")
        visit.page.press("#k-question textarea", "Enter")
        visit.page.wait_for_selector("#k-results .k-is-urgent")
        assert visit.page.locator("#k-results [role=alert]").is_visible()
        assert visit.page.locator("#k-notice .k-notice-text").text_content() == TEXTS.notice.text
        assert visit.complaints == []


# ---- a screen that many people share


@pytest.fixture(scope="module")
def counting() -> Iterator[tuple[str, Page]]:
    page = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS), burst=10_000,  # type: ignore[arg-type,return-value]
                              site=Site(did_this_help=True)))
    with running(page.app) as (found, _):
        while httpx.get(found + "/readyz", trust_env=False).status_code != 200:
            time.sleep(0.05)
        yield found, page


@pytest.fixture
def shared() -> Iterator[str]:
    page = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS), burst=10_000, site=Site(idle_clear=IDLE)))  # type: ignore[arg-type,return-value]
    with running(page.app) as (found, _):
        while httpx.get(found + "/readyz", trust_env=False).status_code != 200:
            time.sleep(0.05)
        yield found


def test_a_shared_screen_that_nobody_touches_starts_afresh_and_back_shows_nothing(chromium: Any, shared: str) -> None:  # noqa: F811
    with visitor(chromium, shared) as visit:
        page = visit.open().ask("answered").ask("urgent").page
        page.fill("#k-question textarea", "half a sentence")
        for at in range(2 * IDLE):  # touched all the time: it stays
            page.mouse.move(5, at)
            page.wait_for_timeout(600)
        assert page.locator("#k-results .k-urgent").first.is_visible()
        page.get_by_text("Are you still there?").wait_for()
        page.mouse.move(9, 9)
        page.get_by_text("Are you still there?").wait_for(state="detached")
        page.wait_for_selector("#k-results .k-home", timeout=10_000)
        assert page.evaluate("window.name") == ""
        page.wait_for_selector("html.k-ready")
        assert page.input_value("#k-question textarea") == ""
        page.go_forward()
        page.go_back()
        assert page.locator(".k-answer, .k-earlier").count() == 0
        page.goto(shared + "/source/provider")
        page.wait_for_url(shared + "/", timeout=10_000)


def test_whether_it_helped_is_two_numbers_and_no_more(chromium: Any, counting: Any) -> None:  # noqa: F811
    address, made = counting
    with visitor(chromium, address) as visit:
        page = visit.open().ask("answered").page
        bodies: list[str] = []
        page.on("request", lambda request: bodies.append(request.post_data) if request.url.endswith("/helped") else None)
        page.locator(".k-helped").get_by_role("button", name="Yes").click()
        page.wait_for_selector(".k-helped >> text=Thank you.")
        assert page.locator(".k-helped button").count() == 0
        assert bodies == ["helped=yes"]
        assert violations(page) == []
    with visitor(chromium, address, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(address + "/plain")
        assert page.get_by_text("Did this help?").count() == 0, "nothing was answered yet"
        page.get_by_label("Your question").fill("Is ketamine addictive?")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="No", exact=True).click()
        page.get_by_role("heading", name="Thank you").wait_for()
    assert made.service.counts.totals()["helped"] == {"yes": 1, "no": 1}
    assert "did this help: no 1, yes 1" in made.service.counts.news()


def test_nobody_is_asked_whether_it_helped_unless_the_operator_wants_that(chromium: Any, address: str) -> None:  # noqa: F811
    with visitor(chromium, address) as visit:
        assert visit.open().ask("answered").page.get_by_text("Did this help?").count() == 0
    assert httpx.post(address + "/helped", data={"helped": "yes"}, trust_env=False).status_code == 404
