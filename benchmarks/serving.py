"""index folder -> the real page in a process of its own, asked over the loopback. Shared by load.py and soak.py."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
QUALITY = ROOT / "docs" / "quality.md"
PATIENCE = 120.0  # seconds for a reply; whoever waits longer counts as lost


@dataclass(frozen=True)
class Served:
    address: str
    pid: int

    def megabytes(self) -> float:
        """Resident memory of the page's process now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0


@contextmanager
def served(index: Path, corpus: Path) -> Iterator[Served]:
    """The page, ready to answer, without a limit per address: here one address stands for many people."""
    environment = {**os.environ, "ASSISTANT_BURST": "999999999", "ASSISTANT_PER_MINUTE": "999999999",
                   "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "serve", "--index", str(index), "--corpus", str(corpus), "--port", "0"],
            stdout=log, stderr=subprocess.STDOUT, env=environment, cwd=ROOT)
        try:
            address = ""
            while process.poll() is None:
                log.seek(0)
                found = re.search(r"is at (http\S+)", log.read())
                if found and not address:
                    address = found[1]
                if address and httpx.get(f"{address}/readyz", trust_env=False).status_code == 200:
                    break
                time.sleep(0.1)
            else:
                log.seek(0)
                raise SystemExit(f"The page did not start: {log.read()[-500:]}")
            yield Served(address, process.pid)
        finally:
            process.terminate()
            process.wait(30)


def ask_plain(client: httpx.Client, question: str) -> str:
    """``answered`` (any answer of the service), ``busy`` (told to try again, with the help lines) or ``lost``."""
    try:
        reply = client.post("/plain", data={"q": question})
    except httpx.HTTPError:
        return "lost"
    helped = 'class="k-notice"' in reply.text
    if reply.status_code == 200 and helped and re.search(r"k-is-(answered|related|not_covered|urgent)", reply.text):
        return "answered"
    return "busy" if reply.status_code == 503 and helped and reply.headers.get("retry-after") else "lost"


def ask_api(client: httpx.Client, question: str) -> str:
    """The same through Gradio's queue, as the page itself asks."""
    try:
        begun = client.post("/gradio_api/call/ask", json={"data": [question, 3]})
        if begun.status_code == 503:
            return "busy" if begun.json().get("notice") and begun.headers.get("retry-after") else "lost"
        reply = client.get(f"/gradio_api/call/ask/{begun.json()['event_id']}").text
    except (httpx.HTTPError, KeyError, ValueError):
        return "lost"
    data = [line for line in reply.splitlines() if line.startswith("data: ")]
    return "answered" if "event: complete" in reply and data and json.loads(data[-1][6:])[0]["citations"] is not None else "lost"


def write(name: str, lines: list[str], page: Path = QUALITY) -> None:
    """Put a printed table between its marks in a page."""
    text = page.read_text("utf-8")
    marks = re.compile(rf"(<!-- {name} -->\n```\n).*?(```\n<!-- /{name} -->)", re.DOTALL)
    if not marks.search(text):
        raise SystemExit(f"{page.name} has no marks for {name!r}.")
    block = "".join(f"{line}\n" for line in lines)
    page.write_text(marks.sub(lambda found: found[1] + block + found[2], text), "utf-8")
