"""On paper, in a real browser: everything that is printed is black on white, and the number to call is the largest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.stand_in import QUESTIONS
from tests.browser.test_kiosk import made  # noqa: F401 - a fixture
from tests.browser.test_page import TEXTS, address, chromium, visitor  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser

# Every text that is printed with its colour and what lies behind it: printers leave grounds out, so that must be white too.
PALE = """() => {
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (!/rgba\\(.*, 0\\)|transparent/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const box = text.parentElement, style = getComputedStyle(box);
    if (!text.textContent.trim() || !box.getClientRects().length || box.closest(".k-sr, noscript, script, style")) continue;
    const behind = ground(box), white = behind === "rgb(255, 255, 255)" || box.closest("mark") && behind === "rgb(238, 238, 238)";
    if (style.color !== "rgb(0, 0, 0)" || !white || style.visibility !== "visible" || Number(style.opacity) < 1)
      found.push(`${box.className || box.tagName} ${style.color} on ${behind}: ${text.textContent.trim().slice(0, 40)}`);
  }
  return found;
}"""
SIZES = "all => all.map(e => [parseFloat(getComputedStyle(e).fontSize), e.textContent])"


def printed(page: Any) -> list[str]:
    page.emulate_media(media="print")
    pale = page.evaluate(PALE)
    page.emulate_media(media="screen")
    return list(pale)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_on_every_page_is_black_on_white(chromium: Any, address: str, scheme: str) -> None:  # noqa: F811
    with visitor(chromium, address, color_scheme=scheme) as visit:
        page, found = visit.open().page, {}
        for name, shows in {"urgent": "", "answered": "", "related": "", "not_covered": "", "differ": "answered",
                            "broken": "error"}.items():
            visit.ask(name, shows or None)
            found[name] = printed(page)
            page.goto(address + "/plain")
            page.fill("#q", QUESTIONS[name])
            page.click("form.k-ask button")
            page.wait_for_selector(f".k-is-{shows or name}")
            found[f"/plain {name}"] = printed(page)
            visit.open()
        for path in ("/plain", "/about", "/source/provider?at=39-152&best=39-100", "/source/fact-dependence", "/nothing"):
            page.goto(address + path)
            found[path] = printed(page)
        assert found == {name: [] for name in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", ["/", "/plain"])
def test_the_number_to_call_is_the_largest_thing_on_a_printed_urgent_card(
        chromium: Any, address: str, where: str, scheme: str) -> None:  # noqa: F811
    with visitor(chromium, address, color_scheme=scheme) as visit:
        page = visit.page
        if where == "/":
            visit.open().ask("urgent")
        else:
            page.goto(address + "/plain")
            page.fill("#q", QUESTIONS["urgent"])
            page.click("form.k-ask button")
            page.wait_for_selector(".k-is-urgent")
        page.locator(".k-urgent").first.evaluate(  # a card in another language, whatever its classes
            "e => e.insertAdjacentHTML('beforeend', '<details open lang=es><p class=\"k-status\">Llame al 911</p></details>')")
        page.emulate_media(media="print")
        number = page.locator("a.k-call b")
        assert number.inner_text() == "Call 911"
        assert page.evaluate(PALE) == []
        size = number.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        assert size >= 32, "pixels: 24 points"
        others = page.locator(".k-urgent *:not(.k-call *):not(.k-call)").evaluate_all(SIZES)
        assert max(others)[0] < size
        assert number.evaluate("e => parseFloat(getComputedStyle(e).fontWeight)") >= 600
        assert page.locator(".k-number").evaluate_all(
            "all => all.filter(e => e.getClientRects().length > 1).map(e => e.textContent)") == []
        for line in (*TEXTS.cards["overdose"].helplines, *TEXTS.notice.helplines):
            assert page.get_by_text(line.name).last.is_visible()
        assert page.locator(".k-asked").count() == 0 or page.locator(".k-asked").is_hidden(), "a card may be handed on"
        texting = page.locator(".k-urgent .k-tel + .k-tel").first
        assert texting.inner_text().startswith("Send a text to"), "a link without its number is of no use on paper"
        assert "988" in texting.inner_text()


def test_the_book_of_answers_is_black_on_white(chromium: Any, made: tuple[Path, Any]) -> None:  # noqa: F811
    for scheme in ("light", "dark"):
        context = chromium.new_context(color_scheme=scheme)
        page = context.new_page()
        for name in ("index", "help", "sources", "about", "answers-fact-bladder", "source-digest-everlast"):
            page.goto((made[0] / f"{name}.html").as_uri())
            assert printed(page) == [], name
        page.goto((made[0] / "help.html").as_uri())
        page.emulate_media(media="print")
        numbers = page.locator(".k-urgent .k-tel:first-child").evaluate_all(SIZES)
        assert min(numbers)[0] >= 28
        assert max(page.locator(".k-urgent h2, .k-urgent > p").evaluate_all(SIZES))[0] <= min(numbers)[0]
        context.close()


def sheets(page: Any) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


@pytest.mark.parametrize("name", ["urgent", "answered", "not_covered"])
def test_an_answer_fits_on_one_sheet_with_the_day_and_the_address_and_every_answer_can_be_printed(
        chromium: Any, address: str, name: str) -> None:  # noqa: F811
    with visitor(chromium, address) as visit:
        page = visit.open().ask(name).page
        assert page.get_by_role("button", name="Print").is_visible()
        assert sheets(page) == (2 if name == "urgent" else 1), "this urgent answer has two cards"
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert re.fullmatch(rf"Printed \d{{4}}-\d\d-\d\d from {re.escape(address)}/", page.locator(".k-printed").inner_text())
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator(".k-printed").count() == 0


def test_a_printed_source_and_a_plain_answer_have_the_day_and_an_address_that_leads_somewhere(
        chromium: Any, address: str) -> None:  # noqa: F811
    with visitor(chromium, address) as visit:
        page = visit.page
        for path in ("/source/provider?at=0-9#p1", "/plain"):
            page.emulate_media(media="screen")
            page.goto(address + path)
            if path == "/plain":
                page.get_by_label("Your question").fill("Is ketamine addictive?")
                page.keyboard.press("Enter")
                page.get_by_role("button", name="Print").wait_for()
            page.emulate_media(media="print")
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
            printed = page.locator(".k-printed").inner_text()
            assert re.fullmatch(rf"Printed \d{{4}}-\d\d-\d\d from {re.escape(address + path)}", printed)


def test_a_folded_quote_is_printed_whole(chromium: Any, address: str) -> None:  # noqa: F811
    with visitor(chromium, address) as visit:
        page = visit.open().ask("long", "answered").page
        page.emulate_media(media="print")
        assert page.locator(".k-rest").first.is_visible()
