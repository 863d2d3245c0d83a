"""Leaving in a real browser: the same on every page, at once, and without a way back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.corpus.site_settings import LEAVE_TO
from assistant.server.editors import Editors, hashed
from assistant.server.web.page import Page
from tests.browser.stand_in import QUESTIONS, ROOT, StandIn, built, running
from tests.browser.test_page import PHONE, TEXTS, WIDE, chromium, neutral_site, visitor, was_emptied  # noqa: F401 - chromium is a fixture

pytestmark = pytest.mark.browser

PATHS = ["/", "/plain", "/about", "/source/provider", "/source/provider?at=0-40#p1", "/source/unknown", "/nothing", "/editor",
         "an answer on /plain", "a refusal"]
STEPS = ("an answer on /plain", "a refusal")  # what a form leads to
REFUSED = ("a refusal", "/source/unknown", "/nothing", "/source/provider")  # the browser says so in its console


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    made = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS), burst=10_000))
    folder: Path = tmp_path_factory.mktemp("editors")
    made.admit(Editors(hashed("a password"), folder / "editors.jsonl", made.service))
    with running(made.app) as (found, _):
        while httpx.get(found + "/readyz", trust_env=False).status_code != 200:
            time.sleep(0.05)
        yield found


@pytest.fixture(scope="module")
def broken() -> Iterator[str]:
    def fails() -> Any:
        raise RuntimeError

    made = built(lambda: Page(ROOT / "index", TEXTS, fails, burst=10_000))
    with running(made.app) as (found, _):
        yield found


def open_page(page: Any, address: str, what: str) -> None:
    if what == "an answer on /plain":
        page.goto(address + "/plain")
        page.fill("#q", QUESTIONS["answered"])
        page.click("form.k-ask button")
        page.wait_for_selector("blockquote")
    elif what == "a refusal":
        page.goto(address + "/plain")
        page.evaluate("document.querySelector('#q').removeAttribute('maxlength')")
        page.fill("#q", "x" * 40_000)
        page.click("form.k-ask button")
        page.wait_for_selector(".k-none-page")
    else:
        page.goto(address + what)
        if what == "/":
            page.wait_for_selector("html.k-ready")


def leave(page: Any, way: str) -> None:
    if way == "click":
        page.locator("a.k-leave").first.click()
        return
    for _ in range(3):
        page.keyboard.press("Escape")


def leaves(visit: Any, what: str, way: str) -> None:
    first, asked = visit.page, neutral_site(visit.page.context)
    open_page(first, visit.address, what)
    assert first.locator(".k-leave-how").first.is_visible() is (way == "Esc"), "it stands there where there is room"
    leave(first, way)
    assert was_emptied(first, asked), "while nothing of the neutral site has come"
    assert "referer" not in asked[0].headers
    first.close()
    page = visit.page.context.new_page()
    page.goto(visit.address + "/healthz")
    open_page(page, visit.address, what)
    length = page.evaluate("history.length")
    leave(page, way)
    page.wait_for_url(LEAVE_TO)
    assert page.evaluate("history.length") == length, "it takes the place of the page"
    page.go_back()
    if what in STEPS:
        assert page.locator("#q").is_visible(), "the form that was opened before"
        assert page.locator("blockquote, .k-none-page").count() == 0
    else:
        assert page.url == visit.address + "/healthz", "the page left is not behind the Back button"
    assert visit.complaints == [] or what in REFUSED


@pytest.mark.parametrize("way", ["click", "Esc"])
@pytest.mark.parametrize("what", PATHS)
def test_every_page_is_left_at_once_by_the_link_and_by_three_times_esc_and_back_does_not_lead_to_it(
        chromium: Any, address: str, what: str, way: str) -> None:  # noqa: F811
    with visitor(chromium, address, viewport=PHONE if way == "click" else WIDE) as visit:
        leaves(visit, what, way)


@pytest.mark.parametrize("what", ["/", "/plain", "/source/provider"])
def test_pages_of_a_service_that_cannot_start_are_left_the_same_way(chromium: Any, broken: str, what: str) -> None:  # noqa: F811
    with visitor(chromium, broken) as visit:
        leaves(visit, what, "Esc")


def test_three_times_esc_counts_only_within_two_seconds_and_not_while_a_key_is_held(chromium: Any, address: str) -> None:  # noqa: F811
    with visitor(chromium, address) as visit:
        page, asked = visit.page, neutral_site(visit.page.context)
        page.goto(address + "/plain")
        for _ in range(2):
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            page.wait_for_timeout(2100)
        for _ in range(5):
            page.keyboard.down("Escape")
        page.keyboard.up("Escape")
        assert "Ketamine" in page.locator("body").inner_text()
        assert asked == []


def test_without_javascript_no_page_promises_esc_and_the_link_leaves(chromium: Any, address: str) -> None:  # noqa: F811
    with visitor(chromium, address, java_script_enabled=False) as visit:
        asked = neutral_site(visit.page.context)
        for what in ("/", "/plain", "/about", "/source/provider", "/nothing"):
            visit.page.goto(address + what)
            assert visit.page.locator(".k-leave-how").first.is_hidden(), what
        visit.page.locator("a.k-leave").click(no_wait_after=True)
        visit.page.wait_for_timeout(200)
        visit.page.locator("a.k-leave").click()
        visit.page.wait_for_url(LEAVE_TO)
        assert "referer" not in asked[0].headers


def test_a_script_put_into_one_of_our_own_pages_does_not_run(chromium: Any, address: str) -> None:  # noqa: F811
    with visitor(chromium, address) as visit:
        for what in ("/plain", "/source/hostile", "/nothing"):
            visit.page.goto(address + what)
            visit.page.evaluate("""() => {
                const inline = document.createElement('script');
                inline.textContent = 'window.hit = 1';
                const ours = document.createElement('script');
                ours.src = '/ui/page.js';
                document.body.append(inline, ours);
            }""")
            visit.page.wait_for_timeout(200)
            assert visit.page.evaluate("window.hit") is None
            assert len([said for said in visit.complaints if "Content Security Policy" in said]) == 2, what
            visit.complaints.clear()
