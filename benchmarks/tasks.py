"""A checkout -> what fifteen everyday tasks take on its page, in presses and seconds; two checkouts side by side.

    python benchmarks/tasks.py [--before FOLDER]

The same prepared answers everywhere (the stand-in of the browser tests), a phone of 390 x 844 px. A press is a tap, or a key
that is not part of a word. Seconds are those of the keystroke-level model (Card, Moran and Newell, 1980): 1.35 to decide and
1.3 to point and press, 0.28 for a key, 1 for each screenful that is scrolled (our guess), and what the page itself took,
measured. "no": there is no way.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from page import environment, first_page, free_port
from playwright.sync_api import Error, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SERVED = """
import sys
root, port = sys.argv[1:]
sys.path[:0] = [root, root + "/tests/browser"]
from stand_in import ROOT, StandIn, built, shipped_texts
try:
    from assistant.server.web.page import Page
    from stand_in import shipped_regions
    from assistant.server.web import rendering
    rendering.rests_on = lambda source, span: source.references[:1]  # the prepared texts do not say what rests on which
    more = {"read_regions": shipped_regions}
except ImportError:
    from assistant.web import Page
    more = {}
import uvicorn
texts = shipped_texts()
app = built(lambda: Page(ROOT / "index", texts, lambda: StandIn(texts), burst=10_000, **more)).app
uvicorn.run(app, port=int(port), log_level="error")
"""
PHONE = {"width": 390, "height": 844}
DECIDE, PRESS, KEY, SCREEN = 1.35, 1.3, 0.28, 1.0  # seconds
PATIENCE = 15_000  # milliseconds; what is not there then is not there
BOX, QUOTE = "#k-question textarea", "#k-results blockquote mark"
CALM, OTHER, EMPTY = "Is ketamine addictive?", "related: is it legal in Peru?", "not covered: what is the boiling point of zinc?"


class Hand:
    """Does what a person does, and counts."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address
        self.presses, self.seconds, self._since = 0, 0.0, 0.0

    def start(self) -> None:
        self.presses, self.seconds, self._since = 0, 0.0, time.perf_counter()

    def _count(self, what: float) -> None:
        self.presses += 1
        self.seconds += what

    def tap(self, what: str) -> None:
        self.reach(what)
        self._count(DECIDE + PRESS)
        self.page.locator(what).locator("visible=true").first.click()

    def key(self, name: str) -> None:
        self._count(KEY)
        self.page.keyboard.press(name)

    def back(self) -> None:
        self._count(DECIDE + PRESS)
        self.page.go_back()

    def ask(self, words: str) -> None:
        """Typing the words counts as seconds, Enter as a press."""
        self.tap(BOX)
        self.page.fill(BOX, words)
        self.seconds += KEY * len(words)
        self.key("Enter")
        self.page.wait_for_selector("#k-results .k-answer")

    def reach(self, what: str) -> None:
        """Scroll until it is in view."""
        target = self.page.locator(what).locator("visible=true").first
        target.wait_for()
        off = target.evaluate("""(e) => { const b = e.getBoundingClientRect();
            return b.top < 0 ? -b.top : b.bottom > innerHeight ? b.bottom - innerHeight : 0; }""")
        if off > 0:
            screens = -(-off // PHONE["height"])
            self.seconds += screens * SCREEN
            target.scroll_into_view_if_needed()

    def took(self) -> tuple[int, float]:
        return self.presses, self.seconds + time.perf_counter() - self._since


@dataclass(frozen=True)
class Task:
    name: str
    ready: Callable[[Hand], None]  # what stands on the screen when it begins
    do: Callable[[Hand], None]


def home(hand: Hand) -> None:
    hand.page.goto(hand.address)
    hand.page.wait_for_selector(f"{BOX} >> visible=true")
    hand.page.wait_for_timeout(300)


def after(*questions: str) -> Callable[[Hand], None]:
    def ready(hand: Hand) -> None:
        home(hand)
        for words in questions:
            hand.ask(words)
            hand.page.wait_for_timeout(300)
    return ready


def steps(*todo: tuple[str, str]) -> Callable[[Hand], None]:
    """("tap", what), ("see", what), ("back", what is seen then), ("ask", words)."""
    def do(hand: Hand) -> None:
        for kind, what in todo:
            if kind == "back":
                hand.back()
                hand.reach(what)
            else:
                {"tap": hand.tap, "see": hand.reach, "ask": hand.ask}[kind](what)
    return do


def lost(hand: Hand) -> None:
    after(CALM)(hand)
    hand.page.route("**/ask", lambda route: route.abort())
    hand.page.route("**/queue/join*", lambda route: route.abort())
    hand.ask(OTHER)
    hand.page.wait_for_selector("#k-results .k-is-error")
    hand.page.unroute_all()


def reload(hand: Hand) -> None:
    hand._count(DECIDE + PRESS)
    hand.page.reload()
    hand.reach(QUOTE)


def reference(hand: Hand) -> None:
    if hand.page.locator("#k-results .k-rests a").count():
        hand.reach("#k-results .k-rests a")
    else:
        steps(("tap", OPEN), ("see", "#k-reader a[href*='example.org/label']"))(hand)


def chosen_country(hand: Hand) -> None:
    hand.tap(".k-helpbar-more")
    hand.tap("#k-notice select")
    hand._count(DECIDE + PRESS)
    hand.page.select_option("#k-notice select", label="Ireland")
    hand.reach(".k-helpbar a[href='tel:112']")


def reading(hand: Hand) -> None:
    after(CALM)(hand)
    steps(("tap", OPEN), ("see", SHEET))(hand)


OPEN, SHEET = "#k-results a.k-open", "#k-reader mark"
TASKS = (
    Task("Find the number to call, from the first look", home, steps(("see", ".k-helpbar a[href='tel:911']"))),
    Task("Find the drugs help line", home, steps(("tap", ".k-helpbar-more"), ("see", "#k-notice a[href='tel:18006624357']"))),
    Task("Ask, and read the words that answer", home, steps(("ask", CALM), ("see", QUOTE))),
    Task("See what publication a claim rests on", after(CALM), reference),
    Task("Read the words in their source", after(CALM), steps(("tap", OPEN), ("see", SHEET))),
    Task("Go back from the source to the answer", reading, steps(("back", QUOTE))),
    Task("Go back to the first of two questions", after(CALM, EMPTY), steps(("back", QUOTE))),
    Task("Load the page again and go on reading", after(CALM), reload),
    Task("Ask again after a lost connection", lost, steps(("tap", ".k-again"), ("see", QUOTE))),
    Task("After an empty answer, ask one that has an answer", after(EMPTY),
         steps(("tap", ".k-neighbours button"), ("see", QUOTE))),
    Task("Print an answer for a patient, from the page", after(CALM), steps(("tap", ".k-print"))),
    Task("Copy a quote with where it is from", after(CALM), steps(("tap", ".k-copy"))),
    Task("Pass on a link to a passage", after(CALM), steps(("tap", ".k-pass-on"))),
    Task("See all sources by subject", home, steps(("tap", "#k-tabs [role=tab]:has-text('Sources')"), ("see", "#k-sources h3"))),
    Task("See the help lines of one's own country", home, chosen_country),
)


def measured(browser: Any, root: Path) -> list[tuple[int, float] | None]:
    port, since = free_port(), time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", SERVED, str(root), str(port)], cwd=root, env=environment(port),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found: list[tuple[int, float] | None] = []
    try:
        first_page(port, process, since)
        for task in TASKS:
            context = browser.new_context(viewport=PHONE, reduced_motion="reduce", permissions=["clipboard-write"])
            page = context.new_page()
            page.add_init_script("window.print = () => {}")
            hand = Hand(page, f"http://127.0.0.1:{port}/")
            try:
                task.ready(hand)
                page.set_default_timeout(PATIENCE)
                hand.start()
                task.do(hand)
                found.append(hand.took())
            except Error:
                found.append(None)
            context.close()
    finally:
        process.terminate()
        process.wait(20)
    return found


def main() -> None:
    wanted = argparse.ArgumentParser(description="What fifteen everyday tasks take, in presses and seconds.")
    wanted.add_argument("--before", type=Path, help="an older checkout to measure beside this one")
    options = wanted.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        columns = [measured(browser, root.resolve()) for root in ([options.before] if options.before else []) + [ROOT]]
        browser.close()
    print(f"| Task | {'before | ' if options.before else ''}now |\n|---|{'---|' * len(columns)}")
    for task, *row in zip(TASKS, *columns, strict=True):
        print(f"| {task.name} | " + " | ".join(f"{one[0]}, {one[1]:.1f} s" if one else "no" for one in row) + " |")


if __name__ == "__main__":
    main()
