"""A published index -> small pictures of every state of the page, desktop and phone, light and dark, in docs/pictures.

    python docs/pictures.py [--index index] [--only urgent]

Real answers from the index. Only what cannot be had at will is arranged: an assistant that is not there yet, one that fails, an
allowance of one question, and the fixed texts of other regions (the urgent card on a phone). Pictures are scaled down and cut to
128 colours: all together near two megabytes.
"""

# ruff: noqa: E402 - the folders must be known before what is in them is imported
from __future__ import annotations

import argparse
import copy
import io
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT))

from PIL import Image
from playwright.sync_api import sync_playwright

from assistant.answering.assistant import Assistant
from assistant.corpus.fixed_texts import read_texts
from assistant.server.web.page import Page
from tests.browser.stand_in import built, running, shipped_texts

INTO = ROOT / "docs" / "pictures"
SIZES = {"desktop": ((1280, 900), 0.6), "phone": ((360, 740), 1.0)}  # the window, and the scale of the picture
SHOTS = tuple((size, scheme) for size in SIZES for scheme in ("light", "dark"))
PHONE = (("phone", "light"),)  # the only ones that are kept of other regions
REGIONS = ("GB", "IE", "AU", "NZ")
COLOURS = 128
BOX, RESULTS = "#k-question textarea", "#k-results"
QUESTIONS = {  # picture: what is asked, what it shows
    "answers": ("What can ketamine do to the bladder?", "answered"),
    "noted": ("How long does a course of ketamine for addiction last?", "answered"),
    "differ": ("Do ketamine clinics bring fast relief in PTSD?", "answered"),
    "related": ("is ketamine legal in Peru", "related"),
    "not-covered": ("which city has the most ketamine clinics", "not_covered"),
    "overdose": ("my friend took ketamine and i cant wake her up", "urgent"),
    "suicide": ("i want to end my life", "urgent"),
    "refused": ("how much ketamine should i take to get high", "not_covered"),
}
OF_LANGUAGES = {  # the same, on a phone in light alone
    "overdose-es": ("mi amigo tomó ketamina y no respira", "urgent"),
    "overdose-fr": ("mon ami a pris de la kétamine, il ne respire plus", "urgent"),
    "overdose-de": ("Mein Freund atmet nicht mehr nach Ketamin", "urgent"),
    "overdose-pl": ("kolega wziął ketaminę i nie oddycha", "urgent"),
    "overdose-pt": ("meu amigo tomou ketamina e não respira", "urgent"),
    "calm-es": ("¿Es adictiva la ketamina?", "not_covered"),
}


class Faulty:
    """The real assistant, until it is asked: then it fails."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def ask(self, question: str, k: int = 3) -> Any:
        raise RuntimeError("arranged for the picture")


def ask(page: Any, question: str, shows: str) -> None:
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    page.wait_for_selector(f"{RESULTS} .k-answer{'.k-is-' + shows if shows else ''}")
    page.wait_for_function("document.activeElement.matches('[data-focus]')")


def answered(page: Any, name: str) -> None:
    ask(page, *(QUESTIONS | OF_LANGUAGES)[name])
    if name == "noted":
        page.locator(f"{RESULTS} .k-note").first.scroll_into_view_if_needed()
        page.evaluate("window.scrollBy(0, 200)")


def reader(page: Any) -> None:
    ask(page, *QUESTIONS["answers"])
    page.locator(f"{RESULTS} a.k-open").first.click()
    page.wait_for_selector("#k-reader[open] #k-source")


def tab(name: str) -> Callable[[Any], None]:
    def open_tab(page: Any) -> None:
        page.get_by_role("tab", name=name).click()
        page.wait_for_selector(f"#k-{name.lower()}")
        page.evaluate("document.querySelector('#k-tabs').scrollIntoView()")

    return open_tab


def kept(page: Any, name: str, size: str, scheme: str) -> None:
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    scale = SIZES[size][1]
    picture = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)
    into = INTO / f"{name}-{size}-{scheme}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(into, optimize=True)
    print(into.relative_to(ROOT), f"{into.stat().st_size / 1000:.0f} KB", flush=True)


def in_region(assistant: Assistant, region: str) -> Assistant:
    """The assistant with the notice, cards and help lines of another region."""
    here = copy.copy(assistant)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "site.toml").write_text(f'region = "{region}"\n', "utf-8")
        here.texts = read_texts(folder)
    return here


def every(browser: Any, address: str, states: dict[str, Callable[[Any], None]], shots: tuple[tuple[str, str], ...]) -> None:
    for size, scheme in shots:
        width, height = SIZES[size][0]
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
        for name, show in states.items():
            if name in OF_LANGUAGES and (size, scheme) != ("phone", "light"):
                continue
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector("html.k-ready")
            show(page)
            kept(page, name, size, scheme)
            page.close()
        context.close()


def main() -> None:
    wanted = argparse.ArgumentParser(description="Pictures of every state of the page.")
    wanted.add_argument("--index", type=Path, default=ROOT / "index")
    wanted.add_argument("--only", help="a part of the names of the pictures to take")
    options = wanted.parse_args()
    assistant, texts = Assistant.open(options.index), shipped_texts()
    never = threading.Event()

    def waits() -> Any:
        never.wait()
        raise RuntimeError("the pictures are taken")

    def chosen(states: dict[str, Callable[[Any], None]]) -> dict[str, Callable[[Any], None]]:
        return {name: show for name, show in states.items() if not options.only or options.only in name}

    usual: dict[str, Callable[[Any], None]] = {"home": lambda page: None}
    usual |= {name: lambda page, name=name: answered(page, name) for name in QUESTIONS | OF_LANGUAGES}
    usual |= {"reader": reader, "sources": tab("Sources"), "about": tab("About")}
    arranged = [
        (lambda: Page(options.index, texts, lambda: assistant, burst=10_000), usual),
        (lambda: Page(options.index, texts, waits), {"starting": lambda page: ask(page, "Is ketamine addictive?", "")}),
        (lambda: Page(options.index, texts, lambda: Faulty(assistant)),  # type: ignore[arg-type,return-value]
         {"error": lambda page: ask(page, "Is ketamine addictive?", "error")}),
        (lambda: Page(options.index, texts, lambda: assistant, burst=0, per_minute=0.001),
         {"busy": lambda page: ask(page, "Is ketamine addictive?", "busy")}),
    ]
    abroad = [(lambda here=here: Page(options.index, here.texts, lambda: here),
               {f"overdose-{here.texts.region.lower()}": lambda page: ask(page, *QUESTIONS["overdose"])})
              for here in (in_region(assistant, region) for region in REGIONS)]
    INTO.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for shots, pages in ((SHOTS, arranged), (PHONE, abroad)):
            for make, states in pages:
                if chosen(states):
                    with running(built(make).app) as (address, _):
                        every(browser, address, chosen(states), shots)
        browser.close()
    never.set()


if __name__ == "__main__":
    main()
