"""What a screen reader meets, in its order: the accessibility tree of home, an answer, an urgent card and an empty answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.stand_in import QUESTIONS
from tests.browser.test_page import TEXTS, address, chromium, visitor  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser

ALWAYS = ('navigation "Help lines"', "Call 911", "Leave this page",
          'heading "Ketamine Answers" [level=1]', 'tab "Answers" [selected]')
LAST = ('heading "Before you rely on this" [level=2]', TEXTS.notice.helplines[0].name)
ORDER = {
    "home": (*ALWAYS, "Your question", 'button "Ask"', "Is ketamine addictive?", *LAST),
    "answered": (*ALWAYS, "Your question", "The question:", QUESTIONS["answered"], "status", "3 passages",
                 'article "Passage 1, from Ketamine and dependence"',
                 'heading "Can people become dependent on ketamine?" [level=3]',
                 "Fact sheet, our own words", "blockquote", "list", "Open in source (passage 1",
                 "2 more passages", "Print", *LAST),
    "urgent": (*ALWAYS, "alert", f'heading "{TEXTS.cards["overdose"].heading}" [level=2]', "Call 911 Emergency", *LAST),
    "not_covered": (*ALWAYS, "The question:", 'heading "We have no passage for that" [level=2]', 'region "What you can do next"',
                    "Is ketamine addictive?", "Browse what our sources cover", *LAST),
}


@pytest.mark.parametrize("name", ORDER)
def test_a_screen_reader_meets_help_then_the_question_then_the_answer_then_the_notice(
        chromium: Any, address: str, name: str) -> None:  # noqa: F811
    with visitor(chromium, address) as visit:
        visit.open()
        if name != "home":
            visit.ask(name)
        tree, at = visit.page.locator("body").aria_snapshot(), 0
        for piece in ORDER[name]:
            found = tree.find(piece, at)
            assert found >= 0, f"{piece!r} is missing, or stands too early, in:\n{tree}"
            at = found + len(piece)
