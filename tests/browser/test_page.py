"""The page in a real browser: privacy, access for everybody, and what happens when the server fails."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from stand_in import QUESTIONS, ROOT, SECRET, StandIn, built, citations, hostile_citation, running, shipped_texts

from assistant.web import Page

pytestmark = pytest.mark.browser

TEXTS = shipped_texts()
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")  # longer, and playwright's event loop would be in the way of other tests
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: install Debian's chromium package")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    page = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS), burst=10_000))  # type: ignore[arg-type,return-value]
    with running(page.app) as (found, _):
        while httpx.get(found + "/readyz", trust_env=False).status_code != 200:
            time.sleep(0.05)
        yield found


class Visit:
    """One visitor with a clean profile: the page, and everything it requested or complained about."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self) -> Visit:
        self.page.goto(self.address)
        self.page.wait_for_selector("#k-question textarea")
        self.page.wait_for_function("document.fonts.status === 'loaded'")
        return self

    def ask(self, name: str, shows: str | None = None) -> Visit:
        self.page.fill("#k-question textarea", QUESTIONS[name])
        self.page.press("#k-question textarea", "Enter")
        self.page.wait_for_selector(f"#k-results .k-is-{shows or name}")
        self.page.wait_for_function("document.activeElement.matches('[data-focus]')")
        return self

    def open_reader(self, number: int = 0) -> Visit:
        self.page.locator("#k-results .k-card a.k-open").nth(number).click()
        self.page.wait_for_selector("#k-reader[open] #k-source")
        return self

    def sources(self) -> Visit:
        self.page.get_by_role("tab", name="Sources").click()
        self.page.wait_for_selector("#k-sources")
        return self


@contextmanager
def visitor(chromium: Any, address: str, **settings: Any) -> Iterator[Visit]:
    context = chromium.new_context(**{"viewport": WIDE, "reduced_motion": "reduce"} | settings)
    try:
        yield Visit(context.new_page(), address)
    finally:
        context.close()


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Visit]:
    with visitor(chromium, address) as found:
        yield found.open()


def shown_with_help(page: Any) -> None:
    assert page.locator("#k-notice .k-notice-text").inner_text() == TEXTS.notice.text
    assert page.locator("#k-notice").is_visible()
    for line in TEXTS.notice.helplines:
        assert page.locator(f'#k-notice a[href="tel:{line.tel}"]').is_visible()
        assert page.locator("#k-notice .k-line-name", has_text=line.name).is_visible()


def test_a_whole_visit_reaches_no_other_host_and_leaves_nothing_behind(visit: Visit) -> None:
    for name in ("answered", "urgent", "not_covered", "related"):
        visit.ask(name)
    visit.ask("hostile", "answered")
    visit.ask("answered").open_reader(1)
    visit.page.keyboard.press("Escape")
    visit.sources()
    assert len(visit.requests) > 20
    assert [url for url in visit.requests if not url.startswith((visit.address, "data:", "blob:"))] == []
    assert visit.complaints == []
    assert visit.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert visit.page.context.cookies() == []
    assert visit.page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name != "broken"])
def test_every_state_shows_the_notice_and_the_help_lines(visit: Visit, name: str) -> None:
    visit.ask(name, "answered" if name == "hostile" else name)
    shown_with_help(visit.page)


def test_home_and_sources_show_them_too(visit: Visit) -> None:
    shown_with_help(visit.page)
    shown_with_help(visit.sources().page)


def test_quotes_in_the_browser_are_the_stored_passages(visit: Visit) -> None:
    visit.ask("answered")
    assert visit.page.locator("#k-results blockquote").evaluate_all("all => all.map(each => each.textContent)") == [
        citation.exact for citation in citations()
    ]
    visit.ask("hostile", "answered")
    assert visit.page.locator("#k-results blockquote").evaluate_all("all => all.map(each => each.textContent)") == [
        hostile_citation().exact
    ]


def test_hostile_text_runs_nothing(visit: Visit) -> None:
    visit.ask("hostile", "answered").open_reader()
    visit.page.keyboard.press("Escape")
    visit.sources()
    assert visit.page.evaluate("window.hit") is None
    assert visit.page.locator("#k-results img, #k-results script, #k-sources img, #k-reader img").count() == 0


def test_scripts_put_into_the_page_do_not_run(visit: Visit) -> None:
    visit.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit=1\">')")
    visit.page.wait_for_timeout(200)
    assert visit.page.evaluate("window.hit") is None


def violations(page: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = axe.Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Any, address: str, scheme: str, size: dict[str, int]) -> None:
    with visitor(chromium, address, color_scheme=scheme, viewport=size) as visit:
        found = {"home": violations(visit.open().page)}
        for name in ("answered", "urgent", "not_covered", "related"):
            visit.ask(name)
            if name == "related":
                visit.page.locator(".k-near summary").click()
            found[name] = violations(visit.page)
        found["reader"] = violations(visit.ask("answered").open_reader(1).page)
        visit.page.keyboard.press("Escape")
        found["sources"] = violations(visit.sources().page)
        for path in ("/plain", "/source/provider", "/nothing") if size is WIDE else ():
            visit.page.goto(address + path)
            found[path] = violations(visit.page)
        assert found == {name: [] for name in found}


def test_axe_would_find_something(visit: Visit) -> None:
    visit.page.evaluate("document.querySelector('.k-notice-text').style.color = '#cfd8d4'")
    assert any("color-contrast" in found for found in violations(visit.page))


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_scrolls_sideways(chromium: Any, address: str, width: int) -> None:
    with visitor(chromium, address, viewport={"width": width, "height": 640}) as visit:
        visit.open()

        def fits() -> bool:
            return bool(visit.page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth"))

        assert fits(), "home"
        for name in ("answered", "urgent", "not_covered"):
            visit.ask(name)
            assert fits(), name
        visit.ask("hostile", "answered")
        assert fits(), "hostile"
        visit.open_reader()
        assert visit.page.evaluate("(b => b.scrollWidth <= b.clientWidth)(document.querySelector('.k-reader-body'))")
        visit.page.keyboard.press("Escape")
        visit.sources()
        assert fits(), "sources"
        for path in ("/plain", "/source/hostile", "/nothing"):
            visit.page.goto(address + path)
            assert fits(), path


def focused(page: Any) -> str:
    return str(page.evaluate("(e => (e.textContent || e.value || '').trim() || e.id)(document.activeElement)"))


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("Tab")
    assert "Call 911" in focused(page), "the emergency number comes first"
    for _ in range(len(TEXTS.notice.helplines)):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("Is ketamine addictive?")
    page.keyboard.press("Enter")
    page.wait_for_selector("#k-results .k-is-answered")
    page.wait_for_function("document.activeElement.matches('[data-focus]')")
    assert "3 passages" in focused(page)
    page.keyboard.press("Tab")
    assert focused(page) == "Open in source"
    page.keyboard.press("Enter")
    page.wait_for_selector("#k-reader[open] #k-source")
    assert page.evaluate("document.activeElement.closest('#k-reader') !== null"), "focus goes into the reader"
    page.keyboard.press("Escape")
    page.wait_for_selector("#k-reader", state="hidden")
    assert focused(page) == "Open in source", "and comes back"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["beside", "over"])
def test_the_reader_opens_at_the_passage(chromium: Any, address: str, size: dict[str, int]) -> None:
    with visitor(chromium, address, viewport=size) as visit:
        visit.open().ask("answered").open_reader(2)
        seen = visit.page.evaluate("""() => {
            const box = document.querySelector('.k-reader-body').getBoundingClientRect();
            const mark = document.querySelector('#k-reader mark').getBoundingClientRect();
            const modal = document.querySelector('#k-reader').matches(':modal');
            return [mark.top >= box.top, mark.bottom <= box.bottom, box.width, modal];
        }""")
        assert seen[:2] == [True, True]
        assert seen[3] is (size is PHONE)
        assert visit.page.locator("#k-reader mark").inner_text() == "Last words come here, a long way down the page."
        assert "Mountainside" in visit.page.locator("#k-reader").inner_text()
        if size is WIDE:
            card = visit.page.locator(".k-card-open").bounding_box()
            reader = visit.page.locator("#k-reader").bounding_box()
            assert card["x"] + card["width"] <= reader["x"], "quote and source stand side by side"
        visit.page.get_by_role("button", name="Close").click()
        assert visit.page.locator("#k-reader").is_hidden()


def test_an_urgent_card_is_first_and_in_view(chromium: Any, address: str) -> None:
    with visitor(chromium, address, viewport=PHONE) as visit:
        visit.open().ask("urgent")
        assert visit.page.evaluate("document.activeElement.textContent") == TEXTS.cards["overdose"].heading
        button = visit.page.locator("a.k-call")
        assert button.count() == 1
        assert button.get_attribute("href") == "tel:911"
        box = button.bounding_box()
        assert box["y"] + box["height"] <= PHONE["height"]
        assert box["height"] >= 44


def test_example_questions_ask_themselves(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Is ketamine addictive?").click()
    visit.page.wait_for_selector("#k-results .k-is-answered")
    assert visit.page.locator("#k-question textarea").input_value() == "Is ketamine addictive?"
    assert visit.page.locator("#k-chips").is_hidden()


def test_a_failed_question_leaves_no_old_answer(visit: Visit) -> None:
    visit.ask("answered").ask("broken", "error")
    assert visit.page.locator("#k-results .k-card").count() == 0
    assert SECRET not in visit.page.content()
    shown_with_help(visit.page)


def test_a_refused_question_leaves_no_old_answer(chromium: Any) -> None:
    app = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS), burst=2, per_minute=1).app)  # type: ignore[arg-type,return-value]
    with running(app) as (address, _), visitor(chromium, address) as visit:
        visit.open().ask("answered").ask("urgent").ask("answered", "busy")
        assert visit.page.locator("#k-results .k-card").count() == 0
        assert visit.page.locator("#k-results .k-wait").is_hidden()
        shown_with_help(visit.page)


def test_a_lost_server_leaves_no_old_answer(chromium: Any) -> None:
    app = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS)).app)  # type: ignore[arg-type,return-value]
    with running(app) as (address, server), visitor(chromium, address) as visit:
        visit.open().ask("answered")
        server.should_exit = True
        while server.started and server.servers and server.servers[0].is_serving():
            visit.page.wait_for_timeout(50)
        visit.page.fill("#k-question textarea", "again")
        visit.page.press("#k-question textarea", "Enter")
        visit.page.wait_for_selector("#k-results .k-is-error")
        assert visit.page.locator("#k-results .k-card").count() == 0
        shown_with_help(visit.page)


def test_copying_takes_the_quote_and_where_it_is_from(chromium: Any, address: str) -> None:
    with visitor(chromium, address, permissions=["clipboard-read", "clipboard-write"]) as visit:
        visit.open().ask("answered")
        visit.page.locator(".k-copy").nth(1).click()
        visit.page.wait_for_selector("text=Copied")
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert citations()[1].exact in copied
        assert "Mountainside" in copied
        assert "https://example.org/a-page" in copied


def test_links_to_other_sites_send_nothing_along(visit: Visit) -> None:
    visit.ask("answered")
    links = visit.page.locator("#k-results a[target=_blank]")
    assert links.count() == 2
    for link in links.all():
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert link.get_attribute("referrerpolicy") == "no-referrer"
        assert re.match(r"https://example\.org/a-page\?x=1&y=2#:~:text=", link.get_attribute("href"))


def test_without_javascript_the_plain_page_answers(chromium: Any, address: str) -> None:
    with visitor(chromium, address, java_script_enabled=False) as visit:
        page = visit.page
        page.goto(address)
        shown_with_help(page)
        page.locator('noscript a[href="/plain"]').click()
        page.get_by_label("Your question").fill(QUESTIONS["answered"])
        page.get_by_role("button", name="Ask").click()
        assert page.locator("blockquote").all_text_contents() == [citation.exact for citation in citations()]
        shown_with_help(page)
        page.get_by_role("link", name="Open in source").nth(2).click()
        mark = page.locator("mark").bounding_box()
        assert 0 <= mark["y"] <= WIDE["height"], "the passage is in view"
        shown_with_help(page)


def test_the_colours_follow_the_system(chromium: Any, address: str) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        with visitor(chromium, address, color_scheme=scheme) as visit:
            grounds.append(visit.open().page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(247, 244, 236)", "rgb(17, 22, 26)"]


def test_high_contrast_keeps_the_button_and_the_tab_visible(chromium: Any, address: str) -> None:
    with visitor(chromium, address, forced_colors="active") as visit:
        visit.open()
        for what in ("#k-ask-button", "#k-tabs [role=tab][aria-selected=true]"):
            width = visit.page.locator(what).evaluate("e => parseFloat(getComputedStyle(e).borderBottomWidth)")
            assert width >= 1, what


def test_on_paper_the_controls_are_gone_and_the_quotes_stay(visit: Visit) -> None:
    visit.ask("answered")
    visit.page.emulate_media(media="print")
    assert visit.page.locator("#k-ask").is_hidden()
    assert visit.page.locator(".k-copy").first.is_hidden()
    assert visit.page.locator("blockquote").first.is_visible()
    assert visit.page.locator("#k-notice").is_visible()
