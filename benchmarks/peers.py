"""Ours beside three libraries: the same passages, questions and model, asked in turn in one run.

    python benchmarks/peers.py [--index index] [--questions eval/questions.jsonl] [--split test]
                               [--environments .peers] [--only "txtai hybrid" ...] [--threads 1]
    python benchmarks/peers.py --table      write the table of the newest saved run on the test split into docs/quality.md

Each peer gets an environment of its own (made when missing, minutes each), indexes our passages with their headings
and runs in a process of its own, as ours does. Every question goes to all of them, in random order, before the next,
so that a busy machine slows all alike. Prints the table and saves everything under benchmarks/results.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from peer_environments import environment, footprint, read_pins, site_packages
from peer_figures import ENGINES, OURS, PEERS, RESULTS, ROOT, Record, as_table, first_right, measure, newest, write_table
from tqdm import tqdm

from assistant.errors import AssistantError
from assistant.evaluation.judgments import Question, read_questions
from assistant.index.index import Index, embedded_texts

WORKER = Path(__file__).resolve().parent / "peer_worker.py"
STARTS = 3  # starts of each engine, in turn; the median is reported
PAUSE = 0.02  # seconds between two questions: an engine's threads may go on spinning for a while after it answered
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False",
           "CUDA_VISIBLE_DEVICES": ""}  # ours runs without a GPU, so all do


class Engine:
    """One engine in a process of its own, asked through pipes."""

    def __init__(self, name: str, python: Path, index: Path, threads: int) -> None:
        self.name, self._python, self._index = name, python, index
        self._environment = {**os.environ, **OFFLINE, "OMP_NUM_THREADS": str(threads),
                             "PYTHONPATH": str(ROOT) if name == OURS else ""}
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - lives as long as the engine
        self._process: subprocess.Popen[str] | None = None

    def index(self, passages: Path) -> None:
        """Have it index the passages and save them where it will open them."""
        self._index.mkdir(parents=True, exist_ok=True)
        process = self._run("index", str(passages), str(self._index))
        process.communicate()
        if process.returncode:
            raise SystemExit(self._failure("could not index the passages"))

    def start(self) -> None:
        self._process = self._run("answer", str(self._index))

    def ask(self, request: Record) -> Record:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise RuntimeError(f"{self.name} was not started")
        try:
            print(json.dumps(request), file=process.stdin, flush=True)
            reply = process.stdout.readline()
        except BrokenPipeError:
            reply = ""
        if not reply:
            raise SystemExit(self._failure("stopped"))
        answer: Record = json.loads(reply)
        return answer

    def stop(self) -> None:
        if self._process:
            self._process.communicate()  # closing its input ends it
            self._process = None

    def _run(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen([str(self._python), str(WORKER), self.name, *arguments], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=self._log, text=True, encoding="utf-8",
                                env=self._environment)

    def _failure(self, what: str) -> str:
        self._log.seek(0)
        return f"{self._log.read()[-2000:]}\n{self.name} {what}: its last words are above."


def first_answers(engines: Sequence[Engine], question: str) -> dict[str, list[float]]:
    """Seconds from the start of the process to the first answer, STARTS times each, in turn. All end up running."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for turn in range(STARTS):
        for engine in engines:
            begun = time.perf_counter()
            engine.start()
            engine.ask({"question": question})
            seconds[engine.name].append(time.perf_counter() - begun)
            if turn < STARTS - 1:
                engine.stop()
    return seconds


def ask_in_turn(engines: Sequence[Engine], questions: Sequence[Question]) -> dict[str, dict[str, Record]]:
    """Every question to every engine before the next: engine -> question id -> reply."""
    replies: dict[str, dict[str, Record]] = defaultdict(dict)
    order = list(engines)
    for question in tqdm(questions, "Asking", unit="question"):
        random.shuffle(order)
        for engine in order:
            replies[engine.name][question.id] = engine.ask({"question": question.question})
            time.sleep(PAUSE)
    return replies


def compare(options: argparse.Namespace) -> Record:
    """Make the environments, index, ask, measure: the record that is saved."""
    questions = [item for item in read_questions(options.questions) if options.split in ("all", item.split)]
    if not questions:
        raise SystemExit(f"{options.questions} has no question of the split {options.split!r}.")
    index = Index.open(options.index, load_encoder=False)
    names = [name for name in ENGINES if name == OURS or not options.only or name in options.only]
    pythons = {peer: environment(peer, options.environments.resolve())
               for peer in PEERS if any(name.startswith(peer) for name in names)}
    sizes = {peer: footprint(read_pins(peer), site_packages(python)) for peer, python in pythons.items()}
    own = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    sizes[OURS], pythons[OURS] = footprint(own, site_packages(Path(sys.executable))), Path(sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "passages.jsonl"
        exported.write_text("".join(json.dumps({"id": passage.id, "text": text}) + "\n" for passage, text in
                                    zip(index.passages, _embedded(index), strict=True)), "utf-8")
        engines = []
        for name in names:
            own_index = options.index.resolve() if name == OURS else Path(folder) / name.replace(" ", "-")
            engine = Engine(name, pythons[name.split()[0]], own_index, options.threads)
            if name != OURS:
                engine.index(exported)
            engines.append(engine)
        try:
            starts = first_answers(engines, questions[0].question)
            replies = ask_in_turn(engines, questions)
            peaks = {engine.name: engine.ask({"peak": True})["peak_mb"] for engine in engines}
        finally:
            for engine in engines:
                engine.stop()
    record: Record = {
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "commit": _commit(), "machine": _machine(),
        "threads": options.threads, "load": [round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else [],
        "python": sys.version.split()[0], "questions": options.questions.name, "split": options.split,
        "asked": len(questions), "passages": len(index.passages), "generation": index.name, "engines": {}}
    for name in names:
        size = sizes[name.split()[0]]
        figures = measure(questions, index.passages, replies[name]) | {
            "start to first answer, s": round(statistics.median(starts[name]), 2), "peak memory, MB": round(peaks[name]),
            "installed, MB": round(size.megabytes), "packages": size.packages}
        record["engines"][name] = {"figures": figures, "pins": [] if name == OURS else read_pins(name.split()[0]),
                                   "starts": [round(value, 2) for value in starts[name]],
                                   "first right": first_right(questions, index.passages, replies[name])}
    return record


def _embedded(index: Index) -> list[str]:
    """The text of each passage as ours embeds it: with its heading."""
    return embedded_texts(index.passages, index.sources, (), index.glossary)[:len(index.passages)]


def _machine() -> str:
    return f"{os.cpu_count()} cores, no GPU"


def _commit() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=ROOT, check=False)  # noqa: S607
    return done.stdout.strip() or "unknown"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--questions", type=Path, default=Path("eval/questions.jsonl"))
    parser.add_argument("--split", default="test", help="of the questions; 'all' for every one")
    parser.add_argument("--environments", type=Path, default=Path(".peers"), help="folder of the peers' environments")
    parser.add_argument("--only", nargs="*", choices=ENGINES, help="compare ours with these alone")
    parser.add_argument("--threads", type=int, default=1, help="threads an engine may use (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of saved runs")
    parser.add_argument("--table", action="store_true", help="only write the newest saved run into docs/quality.md")
    options = parser.parse_args()
    if options.table:
        record = newest(options.out)
        if not record:
            raise SystemExit(f"{options.out} holds no run of all engines on the test split: run without --table first.")
        write_table(ROOT / "docs" / "quality.md", record)
        print(as_table(record))
        return
    try:
        record = compare(options)
    except AssistantError as error:
        raise SystemExit(" ".join(str(error).split())) from None
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / f"peers-{record['date'].replace(':', '').replace('-', '')}.json"
    path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    print(as_table(record))
    print(f"Saved {path}.", file=sys.stderr)


if __name__ == "__main__":
    main()
