"""The country of the help lines: chosen by hand on every page, with and without JavaScript, and kept in the tab alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.stand_in import QUESTIONS, shipped_regions
from tests.browser.test_page import (  # noqa: F401 - fixtures among them
    PHONE,
    TEXTS,
    WIDE,
    Visit,
    address,
    chromium,
    neutral_site,
    nothing_left,
    violations,
    visitor,
    wait_for,
)

pytestmark = pytest.mark.browser

REGIONS = shipped_regions()
IRELAND, BRITAIN = REGIONS["IE"], REGIONS["GB"]
LIST = "#k-notice select"


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Visit]:  # noqa: F811 - the fixtures
    with visitor(chromium, address) as found:
        yield found


def shows(page: Any, texts: Any) -> None:
    """Bar and notice are those of these texts, and say so; no number of the page's own country is left in them."""
    first = texts.notice.helplines[0]
    page.wait_for_selector(f".k-helpbar a[href='tel:{first.tel}']")
    assert page.locator(".k-notice .k-notice-text").text_content() == texts.notice.text
    assert page.locator(".k-notice .k-line-name").all_text_contents() == [line.name for line in texts.notice.helplines]
    assert texts is TEXTS or page.locator(".k-helpbar a[href='tel:911'], .k-notice a[href='tel:911']").count() == 0
    assert texts.region in page.locator(".k-helpbar-more").inner_text() or page.viewport_size["width"] > PHONE["width"]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_choosing_a_country_changes_bar_notice_and_card_on_every_page_of_the_tab_and_nowhere_else(
        chromium: Any, address: str, size: dict[str, int]) -> None:  # noqa: F811
    with visitor(chromium, address, viewport=size) as visit:
        page = visit.open().ask("urgent").page
        shows(page, TEXTS)
        assert "Numbers for: United States" in page.locator(".k-urgent").first.inner_text()
        page.get_by_role("link", name="Choose another country").click()
        page.focus(LIST)
        page.select_option(LIST, label="Ireland")
        shows(page, IRELAND)
        page.wait_for_selector("#k-results a.k-call[href='tel:112']")
        assert IRELAND.cards["overdose"].text in page.locator(".k-urgent").first.text_content()
        assert page.evaluate("document.activeElement.matches('#k-notice select')"), "who chooses stays where they are"
        assert page.locator(".k-chosen").inner_text() == "These are the help lines for: Ireland."
        assert violations(page) == []
        page.reload()
        page.wait_for_selector("html.k-ready")
        shows(page, IRELAND)
        page.wait_for_selector("#k-results a.k-call[href='tel:112']")
        for path in ("/plain", "/sources", "/about", "/source/provider", "/nothing"):
            page.goto(address + path)
            shows(page, IRELAND)
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
        other = page.context.new_page()
        other.goto(address + "/about")
        shows(other, TEXTS)
        asked = neutral_site(page.context)
        page.locator("a.k-leave").first.click()
        wait_for(page, asked)
        assert page.evaluate("window.name") == ""


def test_back_after_another_choice_shows_no_number_of_the_country_before(visit: Visit) -> None:
    page = visit.open().ask("urgent").ask("answered").page
    page.select_option(LIST, label="United Kingdom")
    shows(page, BRITAIN)
    page.go_back()
    page.wait_for_selector("#k-results a.k-call[href='tel:999']")
    shows(page, BRITAIN)
    nothing_left(visit)


def test_no_country_at_all_names_no_number(visit: Visit) -> None:
    page = visit.open().ask("urgent").page
    page.select_option(LIST, label="Another country")
    page.wait_for_function("!document.querySelector('.k-helpbar a[href^=\"tel:\"]')")
    page.wait_for_function("!document.querySelector('#k-results .k-urgent a[href^=\"tel:\"]')")
    assert REGIONS[""].cards["overdose"].text in page.locator(".k-urgent").first.text_content()


def test_where_the_lines_do_not_come_the_ones_that_are_shown_stay_and_say_whose_they_are(visit: Visit) -> None:
    page = visit.open().page
    page.route("**/lines/*", lambda route: route.abort())
    page.select_option(LIST, label="Ireland")
    page.wait_for_selector(".k-chosen:not(:empty)")
    assert "could not be changed" in page.locator(".k-chosen").inner_text()
    assert page.input_value(LIST) == "US"
    shows(page, TEXTS)


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without a script"])
def test_the_plain_page_has_the_list_in_its_form_and_no_address_says_what_was_chosen(
        chromium: Any, address: str, script: bool) -> None:  # noqa: F811
    with visitor(chromium, address, java_script_enabled=script) as visit:
        page = visit.page
        page.goto(address + "/plain")
        shows(page, TEXTS)
        page.get_by_label("Help lines for").select_option(label="Ireland")
        if not script:
            page.get_by_role("button", name="Show these lines").click()
        shows(page, IRELAND)
        page.get_by_label("Your question").fill(QUESTIONS["urgent"])
        page.keyboard.press("Enter")
        page.locator("a.k-call").wait_for()
        assert page.locator("a.k-call").get_attribute("href") == "tel:112"
        shows(page, IRELAND)
        page.get_by_label("Help lines for").select_option(label="United Kingdom")
        if not script:
            page.get_by_role("button", name="Ask", exact=True).click()
        page.locator("a.k-call[href='tel:999']").wait_for()
        shows(page, BRITAIN)
        assert [url for url in visit.requests if not re.search("/(lines|ui)/", url) and re.search("[?=#]|country", url)] == []
        assert page.context.cookies() == []
