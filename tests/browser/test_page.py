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

from assistant.corpus.site_settings import LEAVE_TO
from assistant.server.web.page import Page
from tests.browser.stand_in import (
    NOTE,
    QUESTIONS,
    ROOT,
    SECRET,
    StandIn,
    built,
    citations,
    hostile_citation,
    running,
    shipped_regions,
    shipped_texts,
)

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
    page = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS), burst=10_000, read_regions=shipped_regions))  # type: ignore[arg-type,return-value]
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

    def more(self) -> Visit:
        """Every passage unfolded."""
        for button in self.page.locator("#k-results .k-more > summary").all():
            button.click()
        for button in self.page.locator("#k-results .k-unfold[aria-expanded=false]").all():
            button.click()
        return self

    def open_reader(self, number: int = 0) -> Visit:
        if number and self.page.locator("#k-results .k-more:not([open])").count():
            self.page.locator("#k-results .k-more > summary").click()
        self.page.locator("#k-results .k-card a.k-open").nth(number).click()
        self.page.wait_for_selector("#k-reader[open] #k-source")
        return self

    def about(self) -> Visit:
        self.page.get_by_role("tab", name="About").click()
        self.page.wait_for_selector("#k-about >> text=last read in on")
        return self

    def sources(self) -> Visit:
        self.page.get_by_role("tab", name="Sources").click()
        self.page.wait_for_selector("#k-sources-slot #k-sources")
        return self


@contextmanager
def visitor(chromium: Any, address: str, **settings: Any) -> Iterator[Visit]:
    context = chromium.new_context(**{"viewport": WIDE, "reduced_motion": "reduce"} | settings)
    try:
        yield Visit(context.new_page(), address)
    finally:
        context.close()


@pytest.fixture(scope="module")
def context(chromium: Any) -> Iterator[Any]:
    """One profile with a warm cache, for tests that do not care what earlier ones left in it."""
    found = chromium.new_context(viewport=WIDE, reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"])
    yield found
    found.close()


@pytest.fixture
def visit(context: Any, address: str) -> Iterator[Visit]:
    page = context.new_page()
    yield Visit(page, address).open()
    page.close()


def shown_with_help(page: Any) -> None:
    notice = page.locator("#k-notice").filter(visible=True).first  # there are two for a moment, while Gradio takes over
    assert notice.locator(".k-notice-text").text_content() == TEXTS.notice.text
    for line in TEXTS.notice.helplines:
        assert notice.locator(f'a[href="tel:{line.tel}"]').is_visible()
        assert notice.locator(".k-line-name", has_text=line.name).is_visible()


def test_a_whole_visit_has_help_in_every_state_reaches_no_other_host_and_leaves_nothing(
    chromium: Any, address: str
) -> None:
    with visitor(chromium, address) as visit:
        shown_with_help(visit.open().page)
        for name in ("answered", "urgent", "not_covered", "related", "hostile"):
            visit.ask(name, "answered" if name == "hostile" else name)
            shown_with_help(visit.page)
        visit.ask("answered").open_reader(1)
        visit.page.keyboard.press("Escape")
        shown_with_help(visit.sources().page)
        shown_with_help(visit.about().page)
        nothing_left(visit)


def nothing_left(visit: Visit) -> None:
    assert len(visit.requests) > 20
    assert [url for url in visit.requests if not url.startswith((visit.address, "data:", "blob:"))] == []
    assert visit.complaints == []
    assert visit.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert visit.page.context.cookies() == []
    assert visit.page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_quotes_in_the_browser_are_the_stored_passages(visit: Visit) -> None:
    visit.ask("answered")
    assert visit.page.locator("#k-results blockquote").evaluate_all("all => all.map(each => each.textContent)") == [
        citation.exact for citation in citations()
    ]
    visit.ask("hostile", "answered")
    assert visit.page.locator("#k-results blockquote").evaluate_all("all => all.map(each => each.textContent)") == [
        hostile_citation().exact
    ]


def test_hostile_text_runs_nothing_and_neither_do_scripts_put_into_the_page(visit: Visit) -> None:
    visit.ask("hostile", "answered").open_reader()
    visit.page.keyboard.press("Escape")
    visit.sources()
    assert visit.page.evaluate("window.hit") is None
    assert visit.page.locator("#k-results img, #k-results script, #k-sources img, #k-reader img").count() == 0
    visit.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit=1\">')")
    visit.page.wait_for_timeout(200)
    assert visit.page.evaluate("window.hit") is None


def violations(page: Any, rules: list[str] | None = None) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe-playwright-python is not installed")
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(axe.AXE_FILE_PATH.read_text("utf-8"))
    options = {"runOnly": rules or ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
    found = page.evaluate("options => window.axe.run(document, options)", options)["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


LOOKS = ["color-contrast", "scrollable-region-focusable", "link-in-text-block", "target-size"]  # what scheme and size can change


AT_REST = LOOKS[:-1]  # what is halfway under the help lines counts as too small, so sizes are looked at at the top alone
PLACES = (("light", WIDE, 0, None), ("dark", WIDE, 1, AT_REST), ("light", PHONE, 1, AT_REST), ("dark", PHONE, 0, LOOKS))


def violations_everywhere(page: Any) -> list[str]:
    """The same in light and dark, on a desktop and a phone, each at the top or at the bottom; the first look is at every rule."""
    found = []
    for scheme, size, down, rules in PLACES:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        page.evaluate("down => document.querySelector('.k-reader-body')?.scrollTo(0, down * 100000)", down)
        page.evaluate("down => window.scrollTo(0, down * document.documentElement.scrollHeight)", down)
        found += [f"{scheme}, {size['width']}, {down}: {one}" for one in violations(page, rules)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    return found


def test_axe_finds_nothing(chromium: Any, address: str) -> None:
    """Every state, in light and dark, on a desktop and a phone, at the top and at the bottom: one load, many looks."""
    with visitor(chromium, address) as visit:
        page, everywhere = visit.page, violations_everywhere
        with held_back(page):
            page.goto(address)
            found = {"before Gradio": everywhere(page)}
        found["home"] = everywhere(visit.open().page)
        for name, shows in {"answered": "", "urgent": "", "not_covered": "", "related": "", "differ": "answered",
                            "broken": "error"}.items():
            found[name] = everywhere(visit.ask(name, shows or None).more().page)
        visit.ask("answered").open_reader(1)
        found["reader"] = everywhere(page)
        page.keyboard.press("Escape")
        found["sources"] = everywhere(visit.sources().page)
        found["about"] = everywhere(visit.about().page)
        for path in ("/plain", "/sources", "/source/provider", "/about", "/nothing"):
            page.goto(address + path)
            found[path] = everywhere(page)
        page.goto(address + "/plain")
        page.fill("#q", QUESTIONS["urgent"])
        page.press("#q", "Enter")
        page.wait_for_selector("a.k-call")
        found["an urgent card on /plain"] = everywhere(page)
        assert found == {name: [] for name in found}


def test_axe_would_find_something(visit: Visit) -> None:
    visit.page.evaluate("document.querySelector('.k-notice-text').style.color = '#cfd8d4'")
    assert any("color-contrast" in found for found in violations(visit.page))


def test_nothing_scrolls_sideways(visit: Visit) -> None:
    page = visit.page

    def fits(what: str, box: str = "document.scrollingElement") -> None:
        for width in (320, 360, 700, 870, 1180):
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate(f"(b => b.scrollWidth <= b.clientWidth)({box})"), (what, width)

    fits("home")
    for name in ("answered", "urgent", "not_covered"):
        visit.ask(name)
        fits(name)
    for name in ("differ", "hostile"):
        visit.ask(name, "answered")
        fits(name)
    visit.open_reader()
    fits("reader", "document.querySelector('.k-reader-body')")
    page.keyboard.press("Escape")
    visit.sources()
    fits("sources")
    visit.about()
    fits("about")
    for path in ("/plain", "/source/hostile", "/source/provider", "/about", "/nothing"):
        page.goto(visit.address + path)
        fits(path)


def test_at_twice_the_size_and_with_wide_letters_nothing_is_cut_or_scrolls_sideways(visit: Visit) -> None:
    """A window of 1280 px at 200% is one of 640 px; the spacing is that of WCAG 1.4.12."""
    spaced = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    visit.ask("answered")
    visit.page.set_viewport_size({"width": 640, "height": 450})
    visit.page.evaluate("css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }",
                        spaced)
    for width in (640, 320):
        visit.page.set_viewport_size({"width": width, "height": 450})
        assert visit.page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"), width
        cut = visit.page.evaluate("""() => [...document.querySelectorAll('.k-card p, .k-card h3, blockquote, .k-notice p')]
            .filter((e) => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
            .map((e) => e.textContent.slice(0, 40))""")
        assert cut == [], width


def focused(page: Any) -> str:
    return str(page.evaluate("(e => (e.textContent || e.value || '').trim() || e.id)(document.activeElement)"))


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit.page
    page.keyboard.press("Tab")
    assert "Call 911" in focused(page), "the emergency number comes first"
    for _ in range(len(TEXTS.notice.helplines)):
        page.keyboard.press("Tab")
    assert "other countries" in focused(page)
    page.keyboard.press("Tab")
    assert "Leave this page" in focused(page), "the way out comes before the question"
    for name in ("Answers", "Sources", "About"):
        page.keyboard.press("Tab")
        assert focused(page) == name
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("Is ketamine addictive?")
    page.keyboard.press("Enter")
    page.wait_for_selector("#k-results .k-is-answered")
    page.wait_for_function("document.activeElement.matches('[data-focus]')")
    assert "3 passages" in focused(page)
    page.keyboard.press("Tab")
    assert focused(page).startswith("Open in source")
    page.keyboard.press("Enter")
    page.wait_for_selector("#k-reader[open] #k-source")
    assert page.evaluate("document.activeElement.closest('#k-reader') !== null"), "focus goes into the reader"
    page.keyboard.press("Escape")
    page.wait_for_selector("#k-reader", state="hidden")
    assert focused(page).startswith("Open in source"), "and comes back"


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
        card = visit.page.locator(".k-urgent").first
        assert card.get_attribute("role") == "alert"
        numbers = visit.page.locator(".k-number")
        assert numbers.count() >= 5
        visit.page.set_viewport_size({"width": 320, "height": 256})  # 1280 x 1024 at 400 %
        visit.page.evaluate("scrollTo(0, 0)")
        visit.ask("urgent")
        visit.page.wait_for_function("document.querySelector('a.k-call').getBoundingClientRect().bottom <= innerHeight")
        assert visit.page.locator(".k-urgent h2").first.bounding_box()["y"] >= 0
        lines = "all => all.filter((each) => each.getClientRects().length > 1).map((each) => each.textContent)"
        for width in range(320, 440, 8):
            visit.page.set_viewport_size({"width": width, "height": 740})
            assert numbers.evaluate_all(lines) == [], "no number is broken over two lines"


@contextmanager
def held_back(page: Any) -> Iterator[None]:
    """Gradio's scripts do not arrive while this lasts, as on a very slow link."""
    page.route("**/assets/*.js", lambda route: route.abort())
    try:
        yield
    finally:
        page.unroute("**/assets/*.js")


def test_the_page_asks_and_answers_before_gradio_has_come(chromium: Any, address: str) -> None:
    with visitor(chromium, address) as visit, held_back(visit.page):
        visit.page.goto(address)
        shown_with_help(visit.page)
        visit.page.fill("#k-first", QUESTIONS["answered"])
        visit.page.get_by_role("button", name="Ask", exact=True).click()
        visit.page.locator("blockquote").first.wait_for()
        assert visit.page.locator("blockquote").all_text_contents() == [citation.exact for citation in citations()]


def test_what_was_typed_and_the_cursor_stay_when_gradio_comes(chromium: Any, address: str) -> None:
    with visitor(chromium, address) as visit:
        page, waiting = visit.page, []
        page.route("**/assets/index-*.js", lambda route: waiting.append(route))
        page.goto(address, wait_until="commit")
        page.fill("#k-first", "Is ketamine")
        page.evaluate("document.querySelector('#k-first').setSelectionRange(3, 3)")
        before = page.locator("#k-shell .k-ask").bounding_box()
        for route in waiting:
            route.continue_()
        page.wait_for_selector("html.k-ready")
        assert page.locator("#k-shell").count() == 0
        box = page.locator("#k-question textarea")
        assert box.input_value() == "Is ketamine"
        assert box.evaluate("e => [document.activeElement === e, e.selectionStart]") == [True, 3]
        after = page.locator("#k-ask").bounding_box()
        assert all(abs(before[side] - after[side]) <= 2 for side in before), "nothing jumps under the finger"
        page.keyboard.press("Enter")
        page.wait_for_selector("#k-results .k-is-answered")
        assert visit.complaints == []


def test_a_link_to_a_question_asks_it_and_leaves_the_address_bar_and_no_request(visit: Visit) -> None:
    page = visit.ask("answered").page
    assert "#" not in page.url, "asking alone puts nothing into the address"
    page.get_by_role("button", name="Copy a link to this question").click()
    page.get_by_text("Copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{visit.address}/#q=Is%20ketamine%20addictive%3F"
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#k-results .k-is-answered")
    assert page.locator("#k-question textarea").input_value() == QUESTIONS["answered"]
    assert page.url == visit.address + "/"
    assert [url for url in visit.requests if "addictive" in url] == []


def test_sources_that_differ_stand_side_by_side_under_what_they_differ_on(visit: Visit) -> None:
    page = visit.ask("differ", "answered").page
    group = page.locator(".k-differ")
    assert group.count() == 1
    assert re.match(r"Sources differ\s+They differ on how easy it is to see\.", group.inner_text())
    left, right = (group.locator(".k-card").nth(number).bounding_box() for number in (0, 1))
    assert abs(left["y"] - right["y"]) < 2
    assert left["x"] + left["width"] <= right["x"]
    assert page.locator("#k-results .k-card").count() == 3
    page.set_viewport_size(PHONE)
    left, right = (group.locator(".k-card").nth(number).bounding_box() for number in (0, 1))
    assert left["y"] + left["height"] <= right["y"], "one below the other where there is no room"


def test_nothing_moves_for_those_who_asked_for_that(visit: Visit) -> None:
    visit.ask("answered").open_reader(1)
    moving = visit.page.evaluate("""() => [...document.querySelectorAll('*')].filter((e) => {
        const s = getComputedStyle(e);
        return [...s.animationName.split(', ')].some((n) => n !== 'none') || s.scrollBehavior === 'smooth'
            || s.transitionDuration.split(', ').some((d) => parseFloat(d) > 0);
    }).length""")
    assert moving == 0


def test_a_server_that_comes_back_answers_again(chromium: Any) -> None:
    app = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS)).app)  # type: ignore[arg-type,return-value]
    with running(app) as (address, server), visitor(chromium, address) as visit:
        port = int(address.rsplit(":", 1)[1])
        visit.open().ask("answered")
        server.should_exit = True
        while server.started and server.servers and server.servers[0].is_serving():
            visit.page.wait_for_timeout(50)
        visit.page.fill("#k-question textarea", "again")
        visit.page.press("#k-question textarea", "Enter")
        visit.page.wait_for_selector("#k-results .k-is-error")
        again = built(lambda: Page(ROOT / "index", TEXTS, lambda: StandIn(TEXTS)).app)  # type: ignore[arg-type,return-value]
        with running(again, port):
            for _ in range(40):  # the page may load itself again meanwhile
                try:
                    visit.page.goto(address)
                    break
                except Exception:
                    visit.page.wait_for_timeout(100)
            visit.page.wait_for_selector("html.k-ready")
            visit.ask("answered")
            assert visit.page.locator("#k-results .k-card").count() == 3


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
        visit.page.wait_for_timeout(300)
        seen = visit.page.locator("a.k-leave").first.evaluate("""(e) => {
            const b = e.getBoundingClientRect();
            return e.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2));
        }""")
        assert seen, "no message lies over the way out"
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


def test_copying_takes_the_note_the_quote_and_where_it_is_from(visit: Visit) -> None:
    visit.ask("answered").more()
    copied = []
    for number in (0, 1):
        visit.page.locator(".k-copy").nth(number).click()
        visit.page.locator(".k-card").nth(number).get_by_text("Copied").wait_for()
        copied.append(visit.page.evaluate("navigator.clipboard.readText()").split("\n\n"))
    assert len(copied[0]) == 3, "no note, no line for one"
    note, quote, source, receipt = copied[1]
    assert receipt == f"Receipt: {citations()[1].receipt}"
    assert note == f"Editor’s note: {NOTE.text} Source: {NOTE.source}. Checked {NOTE.checked}."
    assert quote == f"“{citations()[1].exact}”"
    assert "Mountainside" in source
    assert "https://example.org/a-page" in source


def test_an_editors_note_stands_above_its_quote_in_our_own_type(visit: Visit) -> None:
    """On the card, in the reader and on the source's own page: above, sans on a ground of its own."""
    places = {
        "card": (visit.ask("answered").more().page, "#k-results .k-more .k-card >> nth=0", "blockquote"),
        "reader": (visit.open_reader(1).page, "#k-reader .k-with-note >> nth=0", "mark"),
    }
    for name, (page, box, words) in places.items():
        note = page.locator(box).locator(".k-note")
        assert note.inner_text().startswith("Editor’s note"), name
        assert NOTE.text in note.inner_text(), name
        above, below = note.bounding_box(), page.locator(box).locator(words).first.bounding_box()
        assert above["y"] + above["height"] <= below["y"], name
        looks = "e => [getComputedStyle(e).fontFamily, getComputedStyle(e).backgroundColor]"
        ours, theirs = note.evaluate(looks), page.locator(box).locator(words).first.evaluate(looks)
        assert "Sans" in ours[0], name
        assert "Serif" in theirs[0], name
        assert ours[1] not in ("rgba(0, 0, 0, 0)", theirs[1]), name
        bar = page.locator("#k-reader .k-reader-bar").bounding_box() if name == "reader" else None
        assert not bar or above["y"] >= bar["y"] + bar["height"], "the note is in view when the reader opens"


def neutral_site(context: Any) -> list[Any]:
    """Stands in for the neutral site, which first answers 204: the browser stays where it is. Gives the requests."""
    asked: list[Any] = []

    def answer(route: Any) -> None:
        route.fulfill(status=200 if asked else 204, content_type="text/html", body="<title>Weather</title>Sunny")
        asked.append(route.request)  # not before: a page asked for beside a navigation that has no answer yet is aborted with it

    context.route(LEAVE_TO + "**", answer)
    return asked


def wait_for(page: Any, asked: list[Any]) -> None:
    for _ in range(500):
        if asked:
            return
        page.wait_for_timeout(20)
    raise AssertionError("the neutral site was never asked for")


def was_emptied(page: Any, asked: list[Any]) -> bool:
    wait_for(page, asked)
    return bool(page.evaluate("document.body.children.length === 0 && document.title === ''"))


@pytest.mark.parametrize("way", ["click", "Escape"])
def test_leaving_empties_the_page_and_takes_its_place_in_the_history(chromium: Any, address: str, way: str) -> None:
    with visitor(chromium, address, viewport=PHONE if way == "click" else WIDE) as visit:
        page, asked = visit.page, neutral_site(visit.page.context)
        page.goto(address + "/about")
        visit.open().ask("answered")
        if way == "click":
            page.locator("a.k-leave").click()
        else:
            visit.open_reader(1)
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            page.wait_for_timeout(2100)
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            assert "Ketamine" in page.locator("body").inner_text(), "four times, but not three within two seconds"
            page.keyboard.press("Escape")
        assert was_emptied(page, asked), "before anything of the neutral site has arrived"
        assert "referer" not in asked[0].headers
        length = visit.open().page.evaluate("history.length")
        page.locator("a.k-leave").click()
        page.wait_for_url(LEAVE_TO)
        assert page.evaluate("history.length") == length
        page.go_back()
        assert page.url == address + "/about", "the page left is not behind the Back button"


def test_the_way_out_is_large_and_stays_in_view(visit: Visit) -> None:
    page = visit.ask("answered").page
    for path in ("/", "/plain", "/source/provider"):
        if path != "/":
            page.goto(visit.address + path)
        for size in (WIDE, PHONE, {"width": 320, "height": 640}):
            page.set_viewport_size(size)
            page.evaluate("window.scrollTo(0, 2000)")
            box = page.locator("a.k-leave").bounding_box()
            assert min(box["height"], box["width"]) >= 44, (size, path)
            assert box["y"] >= 0, (size, path)
            assert box["y"] + box["height"] <= 90, (size, path)
            assert box["x"] + box["width"] <= size["width"], (size, path)


def test_the_way_out_is_in_the_reader_too_where_that_hides_the_bar(chromium: Any, address: str) -> None:
    with visitor(chromium, address, viewport=PHONE) as visit:
        visit.open().ask("answered").open_reader()
        asked = neutral_site(visit.page.context)
        visit.page.locator("#k-reader a.k-leave").click()
        assert was_emptied(visit.page, asked)


def test_a_page_kept_for_the_back_button_keeps_no_question(visit: Visit) -> None:
    visit.ask("answered")
    visit.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert visit.page.locator("#k-question textarea").input_value() == ""
    assert visit.page.evaluate("getComputedStyle(document.body).visibility") == "hidden"
    with visit.page.expect_navigation():
        visit.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    visit.page.wait_for_selector("html.k-ready #k-results .k-is-answered")
    assert visit.page.locator("#k-results .k-card").count() == 3, "opened anew from what this tab alone can unseal"


def test_about_is_a_tab_with_the_date_of_the_sources(visit: Visit) -> None:
    visit.about()
    said = visit.page.locator("#k-about").inner_text()
    for words in ("general information", "not yet reviewed by a clinician", "2026-11-22", "no advertising"):
        assert words in said
    visit.page.get_by_role("tab", name="Answers").click()
    visit.ask("answered")
    assert visit.page.locator("#k-results blockquote").first.is_visible()


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
        asked = neutral_site(page.context)
        page.locator("a.k-leave").click()
        wait_for(page, asked)
        assert "referer" not in asked[0].headers
        page.get_by_label("Your question").fill(QUESTIONS["answered"])
        page.get_by_role("button", name="Ask", exact=True).click()
        page.locator("blockquote").first.wait_for()  # the next page may take a moment
        assert page.locator("blockquote").all_text_contents() == [citation.exact for citation in citations()]
        shown_with_help(page)
        page.locator(".k-more > summary").click()
        page.get_by_role("link", name="Open in source").nth(2).click()
        for _ in range(50):  # the browser scrolls to the anchor a moment after the page is there
            top = page.locator("mark").bounding_box()["y"]
            if 0 <= top <= WIDE["height"]:
                break
            page.wait_for_timeout(100)
        assert 0 <= top <= WIDE["height"], "the passage is in view"
        shown_with_help(page)


def test_the_page_follows_the_colours_of_the_system_and_high_contrast(visit: Visit) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme)
        grounds.append(visit.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(247, 244, 236)", "rgb(17, 22, 26)"]
    visit.page.emulate_media(color_scheme="light", forced_colors="active")
    for what in ("#k-ask-button", "#k-tabs [role=tab][aria-selected=true]", "a.k-leave"):
        width = visit.page.locator(what).evaluate("e => parseFloat(getComputedStyle(e).borderBottomWidth)")
        assert width >= 1, what


def test_on_paper_the_controls_are_gone_and_the_quotes_stay(visit: Visit) -> None:
    visit.ask("answered")
    visit.page.emulate_media(media="print")
    for control in ("#k-ask", ".k-copy", ".k-share", ".k-leave", "#k-tabs [role=tablist]"):
        assert visit.page.locator(control).first.is_hidden(), control
    assert visit.page.locator(".k-asked").inner_text() == f"The question: {QUESTIONS['answered']}"
    visit.page.locator("details").evaluate_all("all => all.forEach((e) => { e.open = true; })")
    assert visit.page.locator(".k-receipt").first.is_hidden(), "it stands in the line that cites"
    for cite, citation in zip(visit.page.locator(".k-cite").all(), citations(), strict=True):
        assert cite.is_visible()
        for words in (citation.title, citation.publisher, citation.url or "", f"characters {citation.start} to {citation.end}"):
            assert words in cite.inner_text()
    assert visit.page.locator("blockquote").first.is_visible()
    assert visit.page.locator("#k-notice").is_visible()
