"""Chromium and a page for the browser tests; they are skipped, with the reason, where either cannot be had."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: install Debian's chromium package")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    from stand_in import ROOT, StandIn, built, running, shipped_texts

    from assistant.web import Page

    texts = shipped_texts()
    page = built(lambda: Page(ROOT / "index", texts, lambda: StandIn(texts), burst=10_000))  # type: ignore[arg-type, return-value]
    with running(page.app) as (found, _):
        while httpx.get(found + "/readyz", trust_env=False).status_code != 200:
            time.sleep(0.05)
        yield found
