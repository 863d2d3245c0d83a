"""A network that lets no event stream through, as some filters of schools and clinics do: the page works all the same."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.stand_in import QUESTIONS
from tests.browser.test_page import address, chromium, shown_with_help, visitor  # noqa: F401 - fixtures

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("blocked", ["**/gradio_api/queue/data**", "**/gradio_api/queue/**", "**/gradio_api/**"])
def test_without_the_event_stream_questions_are_answered_and_the_lists_are_there(
        chromium: Any, address: str, blocked: str) -> None:  # noqa: F811
    with visitor(chromium, address) as visit:
        visit.page.route(blocked, lambda route: route.abort())
        visit.page.goto(address)
        box = visit.page.locator("#k-first, #k-question textarea").last  # for a moment both are there, and the second stays
        for name in ("answered", "urgent"):
            box.fill(QUESTIONS[name])
            box.press("Enter")
            visit.page.locator(f".k-is-{name}").wait_for()
            shown_with_help(visit.page)
        for tab, words in (("Sources", "#k-sources .k-date"), ("About", "#k-about .k-date")):
            visit.page.get_by_role("tab", name=tab).or_(visit.page.get_by_role("link", name=tab, exact=True)).first.click()
            visit.page.locator(words).first.wait_for()
