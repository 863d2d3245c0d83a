"""What answering costs on top of the model: `ask` against the bare forward pass, interleaved in one run.

Every question is put through both in turn, in random order, so that a busy machine slows both alike. Two bare passes
are timed: the exported model that `ask` itself uses (ONNX Runtime, one thread) and sentence-transformers on torch.

    python benchmarks/ask.py [--index index] [--questions eval/questions.jsonl] [--rounds 3] [--write]
    python benchmarks/ask.py --parts     where the time of a question goes, part by part, beside the bare encoder
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from recording import newest, save
from serving import write

from assistant.answering import assistant as assistant_module
from assistant.answering import pipeline
from assistant.answering.assistant import Assistant
from assistant.answering.pipeline import AnswerPipeline
from assistant.evaluation.judgments import read_questions
from assistant.index.late_interaction import TokenVectors
from assistant.index.stores.memory import MemoryStore
from assistant.schema import Answer
from assistant.screening import refused, urgent
from assistant.screening.classifier import Network

TARGET = 1.25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--questions", type=Path, default=Path("eval/questions.jsonl"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts", action="store_true", help="the budget of one question")
    parser.add_argument("--write", action="store_true", help="into docs/quality.md")
    options = parser.parse_args()
    questions = [item.question for item in read_questions(options.questions)]

    begun = time.perf_counter()
    assistant = Assistant.open(options.index)
    assistant.ask(questions[0])
    cold, resident = time.perf_counter() - begun, _megabytes()
    encoder = assistant._index.encoder
    if encoder is None:
        raise SystemExit("the index was opened without its encoder")
    if options.parts:
        print(*parts(assistant, questions, options.rounds), sep="\n")
        return
    bare_onnx = encoder.encode
    bare_torch = _torch_pass()
    ways: dict[str, Callable[[str], object]] = {
        "ask": assistant.ask, "bare onnx": lambda text: bare_onnx([text]), "bare torch": bare_torch}
    times: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways)
    for _ in range(options.rounds):
        for question in questions:
            random.shuffle(order)
            for name in order:
                start = time.perf_counter()
                ways[name](question)
                times[name].append((time.perf_counter() - start) * 1e3)
    figures = {
        "generation": assistant.generation, "questions": len(questions), "rounds": options.rounds,
        "ms": {name: {"p50": round(statistics.median(taken), 2), **{
            f"p{part}": round(sorted(taken)[int(part / 100 * len(taken))], 2) for part in (95, 99)}}
            for name, taken in times.items()},
        "median ratio": {
            name: round(statistics.median(ask / bare for ask, bare in zip(times["ask"], times[name], strict=True)), 2)
            for name in ("bare onnx", "bare torch")},
        "open to first answer, s": round(cold, 2), "peak memory of asking, MB": round(resident)}
    saved = save("ask", figures)
    record = newest("ask")
    print(*as_lines(record), f"Saved {saved}.", sep="\n")
    if options.write:
        write("speed", as_lines(record))


PARTS = {  # part of a question -> the functions that it is spent in; none of them calls another of the list
    "read (clean, correct, expand)": [(AnswerPipeline, "read")],
    "encode": [(Assistant, "_encode")],
    "network": [(Network, "read")],
    "candidates (BM25, vectors)": [(MemoryStore, "candidates")],
    "late interaction": [(TokenVectors, "scores")],
    "screen (rules)": [(urgent, "language"), (urgent, "alarms"), (refused, "subject"), (assistant_module, "asked_about"),
                       (assistant_module, "is_greeting")],
    "named things": [(Assistant, "_speaks_of")],
    "decide": [(assistant_module, "decide")],
    "select": [(pipeline, "select"), (pipeline, "quotable")],
    "prove and cite": [(AnswerPipeline, "_cite")],
    "JSON": [(Answer, "to_json")],
}


def parts(assistant: Assistant, questions: Sequence[str], rounds: int) -> list[str]:
    """Median milliseconds of each part and its share of `ask`, with the bare encoder in turn."""
    spent: dict[str, float] = {}
    taken: dict[str, list[float]] = {name: [] for name in (*PARTS, "ask and JSON", "bare encoder")}

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*given, **named)
            finally:
                spent[name] = spent.get(name, 0.0) + time.perf_counter() - start
        return run

    encoder = assistant._index.encoder
    with ExitStack() as stack:
        for name, places in PARTS.items():
            for owner, attribute in places:
                stack.enter_context(mock.patch.object(owner, attribute, timed(name, getattr(owner, attribute))))
        for question in questions * rounds:
            start = time.perf_counter()
            encoder.encode([question])
            taken["bare encoder"].append(time.perf_counter() - start)
            spent.clear()
            start = time.perf_counter()
            assistant.ask(question).to_json()
            taken["ask and JSON"].append(time.perf_counter() - start)
            for name in PARTS:
                taken[name].append(spent.get(name, 0.0))
    whole = statistics.median(taken["ask and JSON"])
    lines = [f"{name:<30} {statistics.median(values) * 1e3:7.2f} ms  {statistics.median(values) / whole:5.0%}"
             for name, values in taken.items()]
    ratio = statistics.median(ask / bare for ask, bare in zip(taken["ask and JSON"], taken["bare encoder"], strict=True))
    return [*lines, f"median ratio to the bare encoder: {ratio:.2f}"]


def as_lines(record: dict[str, Any]) -> list[str]:
    """A saved run as it stands in docs/quality.md."""
    return [f"{record['questions']} questions x {record['rounds']} rounds, {record['date'][:10]}, {record['commit']}, "
            f"{record['machine']}, load {record['load'][0] if record['load'] else '-'}",
            *(f"{name:12} p50 {taken['p50']:7.2f} ms   p95 {taken['p95']:7.2f} ms   p99 {taken['p99']:7.2f} ms"
              for name, taken in record["ms"].items()),
            *(f"median ratio ask / {name}: {ratio:.2f}" + (f" (target at most {TARGET})" if name == "bare onnx" else "")
              for name, ratio in record["median ratio"].items()),
            f"open to first answer {record['open to first answer, s']:.2f} s, peak memory of asking "
            f"{record['peak memory of asking, MB']} MB"]


def _torch_pass() -> Callable[[str], object]:
    """The reference model's forward pass, tokenizing included, one thread."""
    import torch
    from sentence_transformers import SentenceTransformer

    from assistant.index.encoder import MAX_TOKENS, PACKAGED, model_folder

    torch.set_num_threads(1)
    model = SentenceTransformer(str(model_folder(PACKAGED)), device="cpu")
    model.max_seq_length = MAX_TOKENS

    def forward(text: str) -> object:
        with torch.no_grad():
            return model(model.tokenizer([text], return_tensors="pt", truncation=True, max_length=MAX_TOKENS))

    return forward


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
