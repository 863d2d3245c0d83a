"""Many clients at the same moment: how many are answered, how many are told to try again, and that none is lost.

All clients are connected first and ask together. Both ways in are measured: the page without JavaScript, and Gradio's
queue, which the page itself uses. Waiting times are those of a machine that also runs all the clients.

    python benchmarks/load.py [--index index] [--clients 1 8 50 200] [--rounds 5] [--write]    --write: into docs/quality.md
"""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import httpx
from recording import newest, save
from serving import PATIENCE, ask_api, ask_plain, served, write

from assistant.evaluation.judgments import read_questions

FEWEST = 50  # questions of a round, so that few clients ask more often

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
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 50, 200])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    questions = [item.question for item in read_questions(options.questions)]
    head = "way in            clients  asked  answered  try again  lost    p50, s   p95, s   p99, s  longest"
    print(head)
    rows: list[str] = []
    ways: dict[str, dict[str, dict[str, float]]] = {}
    lost = 0
    with served(options.index.resolve(), options.corpus.resolve()) as page:
        for name, ask in (("page, no script", ask_plain), ("queue and API", ask_api)):
            for clients in options.clients:
                outcomes: Counter[str] = Counter()
                waits: list[float] = []
                for turn in range(options.rounds * max(1, FEWEST // clients)):
                    first = turn * clients % len(questions)
                    found, taken = together(page.address, clients, questions[first:] + questions[:first], ask)
                    outcomes += found
                    waits += taken
                lost += outcomes["lost"]
                waits.sort()
                parts = {f"p{part}, s": round(waits[int(part / 100 * len(waits))], 3) for part in (50, 95, 99)}
                ways.setdefault(name, {})[str(clients)] = {**outcomes, **parts, "longest, s": round(waits[-1], 3)}
                rows.append(f"{name:16} {clients:8} {outcomes.total():6} {outcomes['answered']:9} {outcomes['busy']:10} "
                            f"{outcomes['lost']:5} " + " ".join(f"{found:8.2f}" for found in (*parts.values(), waits[-1])))
                print(rows[-1], flush=True)
        memory = round(page.megabytes())
    save("load", {"clients on the same cores": os.cpu_count(), "ways": ways, "resident at the end, MB": memory})
    if options.write:
        record = newest("load")
        write("load", [f"{record['date'][:10]}, {record['commit']}, {record['machine']} that the clients share, load "
                       f"{record['load'][0] if record['load'] else '-'}; the page held {memory} MB at the end", head, *rows])
    raise SystemExit(1 if lost else 0)


if __name__ == "__main__":
    main()
