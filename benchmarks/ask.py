"""What answering costs on top of the model: `ask` against the bare forward pass, interleaved in one run.

Every question is put through both in turn, in random order, so that a busy machine slows both alike. Two bare passes
are timed: the exported model that `ask` itself uses (ONNX Runtime, one thread) and sentence-transformers on torch.

    python benchmarks/ask.py [--index index] [--questions eval/questions.jsonl] [--rounds 3]
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from assistant.answering import Assistant
from assistant.evaluation import read_questions

TARGET = 1.35


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--questions", type=Path, default=Path("eval/questions.jsonl"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    questions = [item.question for item in read_questions(options.questions)]

    begun = time.perf_counter()
    assistant = Assistant.open(options.index)
    assistant.ask(questions[0])
    cold, resident = time.perf_counter() - begun, _megabytes()
    encoder = assistant._index.encoder
    if encoder is None:
        raise SystemExit("the index was opened without its encoder")
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
    print(f"{len(questions)} questions x {options.rounds} rounds on {assistant.generation}")
    for name, taken in times.items():
        print(f"{name:12} median {statistics.median(taken):7.2f} ms   p95 {sorted(taken)[int(.95 * len(taken))]:7.2f} ms")
    for name in ("bare onnx", "bare torch"):
        ratio = statistics.median(ask / bare for ask, bare in zip(times["ask"], times[name], strict=True))
        print(f"median ratio ask / {name}: {ratio:.2f} (target at most {TARGET})")
    print(f"open to first answer {cold:.2f} s, peak memory of asking {resident:.0f} MB "
          f"(with torch loaded beside it for this comparison {_megabytes():.0f} MB)")


def _torch_pass() -> Callable[[str], object]:
    """The reference model's forward pass, tokenizing included, one thread."""
    import torch
    from sentence_transformers import SentenceTransformer

    from assistant.embedding import MAX_TOKENS, PACKAGED, model_folder

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
