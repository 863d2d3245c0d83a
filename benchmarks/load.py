"""Many clients at the same moment: how many are answered, how many are told to try again, and that none is lost.

All clients are connected first and ask together. Both ways in are measured: the page without JavaScript, and Gradio's
queue, which the page itself uses. Waiting times are those of a machine that also runs all the clients.

    python benchmarks/load.py [--index index] [--clients 50 200] [--rounds 5] [--write]    --write: into docs/quality.md
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import httpx
from serving import PATIENCE, ask_api, ask_plain, served, write

from assistant.evaluation import read_questions


def together(address: str, clients: int, questions: list[str], ask: Callable[[httpx.Client, str], str]
             ) -> tuple[Counter[str], list[float]]:
    """Outcomes of one moment, and the seconds that each of the answered waited."""
    start = threading.Barrier(clients)

    def visitor(number: int) -> tuple[str, float]:
        with httpx.Client(base_url=address, trust_env=False, timeout=PATIENCE) as client:
            client.get("/healthz")  # the connection is there before the question
            start.wait()
            begun = time.perf_counter()
            return ask(client, questions[number % len(questions)]), time.perf_counter() - begun

    with ThreadPoolExecutor(clients) as threads:
        found = list(threads.map(visitor, range(clients)))
    return Counter(outcome for outcome, _ in found), [taken for outcome, taken in found if outcome == "answered"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--questions", type=Path, default=Path("eval/questions.jsonl"))
    parser.add_argument("--clients", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    questions = [item.question for item in read_questions(options.questions)]
    lines = [f"{options.rounds} rounds each on {os.cpu_count()} cores that the clients share",
             "way in            clients  asked  answered  try again  lost   median wait   longest wait"]
    print(*lines, sep="\n")
    lost = 0
    with served(options.index.resolve(), options.corpus.resolve()) as page:
        for name, ask in (("page, no script", ask_plain), ("queue and API", ask_api)):
            for clients in options.clients:
                outcomes: Counter[str] = Counter()
                waits: list[float] = []
                for _ in range(options.rounds):
                    found, taken = together(page.address, clients, questions, ask)
                    outcomes += found
                    waits += taken
                lost += outcomes["lost"]
                lines.append(f"{name:16} {clients:8} {outcomes.total():6} {outcomes['answered']:9} {outcomes['busy']:10} "
                             f"{outcomes['lost']:5} {statistics.median(waits):11.2f} s {max(waits):12.2f} s")
                print(lines[-1], flush=True)
    if options.write:
        write("load", lines)
    raise SystemExit(1 if lost else 0)


if __name__ == "__main__":
    main()
