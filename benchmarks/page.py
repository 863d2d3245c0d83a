"""The first visit on a phone link, beside a stock Gradio page in the same run, and how soon the page is up.

    python benchmarks/page.py [--rounds 3] [--write]

Link: 1.6 Mbit/s, 150 ms. Cold is an empty cache, warm the same visitor again. "usable" is the moment when a question can be
typed and sent; "by then" what had been transferred then. "complete" is when the last of the page's own parts has
come. --write saves the run under benchmarks/results.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
LINK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
PHONE = {"width": 360, "height": 740}
STOCK = """
import gradio as gr, sys
with gr.Blocks() as demo:
    gr.Markdown("# Ask")
    box, out = gr.Textbox(label="Your question"), gr.Markdown()
    gr.Button("Ask").click(lambda q: q, box, out)
    with gr.Tabs():
        with gr.Tab("Sources"):
            gr.Markdown("text")
demo.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
"""
QUIET = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "NO_PROXY": "*", "no_proxy": "*"}
PAGES = {  # name: what can be typed into, what is there when the page is complete
    "ours": ("textarea", "html.k-ready #k-question textarea"),
    "stock Gradio": ("textarea", "textarea"),
}
PATIENCE = 600  # seconds for a start on a busy machine


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def environment(port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | QUIET | {"GRADIO_SERVER_PORT": str(port), "GRADIO_SERVER_NAME": "127.0.0.1"}


def first_page(port: int, process: subprocess.Popen[bytes], since: float) -> float:
    """Seconds from ``since`` until the page is served."""
    while time.perf_counter() - since < PATIENCE:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as reply:
                if reply.status == 200:
                    return time.perf_counter() - since
        except OSError:
            if process.poll() is not None:
                sys.exit("The page ended before it answered: start it by hand to see why.")
            time.sleep(0.02)
    sys.exit(f"The page was not up after {PATIENCE} seconds.")


@contextmanager
def served(command: list[str]) -> Any:
    port = free_port()
    since = time.perf_counter()
    process = subprocess.Popen([part.replace("PORT", str(port)) for part in command], cwd=ROOT, env=environment(port),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield port, first_page(port, process, since)
    finally:
        process.terminate()
        process.wait(20)


def visit(browser_context: Any, address: str, typed: str, complete: str) -> dict[str, float]:
    """One load; times in seconds from the start of the navigation, bytes over the wire with their heads."""
    page = browser_context.new_page()
    link = browser_context.new_cdp_session(page)
    link.send("Network.enable")
    link.send("Network.emulateNetworkConditions", LINK)
    weights: list[float] = []
    link.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.add_init_script(f"""(() => {{
        const seen = window.__seen = {{}};
        const look = () => {{
            const shown = (what) => [...document.querySelectorAll(what)].some((each) => each.offsetParent);
            if (!seen.usable && shown({typed!r})) seen.usable = performance.now();
            if (!seen.complete && shown({complete!r})) seen.complete = performance.now();
            if (!seen.usable || !seen.complete) requestAnimationFrame(look);
        }};
        requestAnimationFrame(look);
    }})()""")
    page.goto(address)
    page.wait_for_function("window.__seen.complete")
    page.wait_for_timeout(1500)
    found: dict[str, float] = page.evaluate("""() => ({
        first_byte: performance.getEntriesByType('navigation')[0].responseStart / 1000,
        first_paint: (performance.getEntriesByName('first-contentful-paint')[0] || {startTime: 0}).startTime / 1000,
        usable: window.__seen.usable / 1000, complete: window.__seen.complete / 1000,
        before_usable: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
            .filter((one) => one.responseEnd <= window.__seen.usable).reduce((sum, one) => sum + one.transferSize, 0) / 1000})""")
    page.close()
    return {**found, "kilobytes": sum(weights) / 1000, "requests": len(weights)}


def measured(browser: Any, addresses: dict[str, str], rounds: int) -> dict[str, dict[str, dict[str, float]]]:
    """Medians by page and cache, the pages in turn."""
    found: dict[str, dict[str, list[dict[str, float]]]] = {name: {"cold": [], "warm": []} for name in addresses}
    for number in range(rounds + 1):  # the first is not counted: it fills the servers' own caches
        for name, address in addresses.items():
            context = browser.new_context(viewport=PHONE)
            for cache in ("cold", "warm"):
                seen = visit(context, address, *PAGES[name])
                if number:
                    found[name][cache].append(seen)
            context.close()
    return {name: {cache: {key: round(statistics.median(one[key] for one in runs), 2) for key in runs[0]}
                   for cache, runs in caches.items()} for name, caches in found.items()}


def started(rounds: int) -> dict[str, float]:
    """Median seconds of `import gradio` alone and of `python app.py` until its first page, in turn."""
    bare, ours = [], []
    for _ in range(rounds):
        since = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import gradio"], check=True, cwd=ROOT, env=environment(0))
        bare.append(time.perf_counter() - since)
        with served([sys.executable, "app.py"]) as (_, seconds):
            ours.append(seconds)
    share = statistics.median(after / before for after, before in zip(ours, bare, strict=True))
    return {"import_gradio": round(statistics.median(bare), 2), "first_page": round(statistics.median(ours), 2),
            "share": round(share, 2)}


def table(result: dict[str, Any]) -> str:
    rows = ["page          cache  first byte  first paint  usable  complete  by then     size  requests"]
    for name, caches in result["visits"].items():
        rows += [f"{name:<13} {cache:<5} {seen['first_byte']:8.2f} s  {seen['first_paint']:9.2f} s {seen['usable']:5.2f} s  "
                 f"{seen['complete']:6.2f} s {seen['before_usable']:4.0f} KB {seen['kilobytes']:5.0f} KB  {seen['requests']:8.0f}"
                 for cache, seen in caches.items()]
    start = result["start"]
    return "\n".join([*rows, f"`import gradio` {start['import_gradio']:.2f} s, `python app.py` to its first page "
                      f"{start['first_page']:.2f} s: {start['share']:.2f} of it (goal at most 1.3)"])


def main() -> None:
    wanted = argparse.ArgumentParser(description="The first visit on a phone link, and how soon the page is up.")
    wanted.add_argument("--rounds", type=int, default=3)
    wanted.add_argument("--write", action="store_true", help="save the run under benchmarks/results")
    options = wanted.parse_args()
    with served([sys.executable, "app.py"]) as (ours, _), served([sys.executable, "-c", STOCK, "PORT"]) as (stock, _), \
            sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        addresses = {"ours": f"http://127.0.0.1:{ours}/", "stock Gradio": f"http://127.0.0.1:{stock}/"}
        visits = measured(browser, addresses, options.rounds)
        browser.close()
    result = {"link": "1.6 Mbit/s, 150 ms", "rounds": options.rounds, "visits": visits, "start": started(options.rounds)}
    print(table(result))
    if options.write:
        into = ROOT / "benchmarks" / "results" / f"page-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
        into.write_text(json.dumps(result, indent=1) + "\n")
        print(f"saved as {into.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
