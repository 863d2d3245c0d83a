"""Ten thousand questions to one running page: every one answered, and the memory of the page along the way.

The questions of the evaluation set are asked over and over, each time with another number at the end, so that no cache makes it
easy; every tenth goes through Gradio's queue, which keeps things of its own.

    python benchmarks/soak.py [--index index] [--questions-asked 10000] [--write]    --write: into docs/quality.md
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import httpx
from serving import PATIENCE, ask_api, ask_plain, served, write

from assistant.evaluation.judgments import read_questions

CLIENTS = 4  # that ask at the same time: more than are answered at once, fewer than the line holds
STEP = 1_000  # questions between two looks at the memory
ALLOWED = 1.05  # of the memory after the first thousand; what is above it is called growth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--questions", type=Path, default=Path("eval/questions.jsonl"))
    parser.add_argument("--questions-asked", type=int, default=10_000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    questions = [item.question for item in read_questions(options.questions)]
    outcomes: Counter[str] = Counter()
    memory: list[float] = []
    with served(options.index.resolve(), options.corpus.resolve()) as page, \
            httpx.Client(base_url=page.address, trust_env=False, timeout=PATIENCE) as client, \
            ThreadPoolExecutor(CLIENTS) as threads:

        def visitor(number: int) -> str:
            return (ask_api if number % 10 == 0 else ask_plain)(client, f"{questions[number % len(questions)]} {number}")

        lines = [f"questions  memory     (start {page.megabytes():.0f} MB, {CLIENTS} clients)"]
        print(lines[0], flush=True)
        begun = time.perf_counter()
        for first in range(0, options.questions_asked, STEP):
            outcomes.update(threads.map(visitor, range(first, min(first + STEP, options.questions_asked))))
            memory.append(page.megabytes())
            lines.append(f"{outcomes.total():9} {memory[-1]:7.0f} MB")
            print(lines[-1], flush=True)
        taken = time.perf_counter() - begun
    growth = memory[-1] / memory[0]
    lines.append(f"answered {outcomes['answered']}, told to try again {outcomes['busy']}, lost {outcomes['lost']}; "
                 f"{taken / outcomes.total() * 1e3:.0f} ms a question")
    lines.append(f"memory at the end {growth:.3f} of that after the first {STEP} (flat: at most {ALLOWED})")
    print(*lines[-2:], sep="\n")
    if options.write:
        write("soak", lines)
    raise SystemExit(1 if outcomes["lost"] or growth > ALLOWED else 0)


if __name__ == "__main__":
    main()
