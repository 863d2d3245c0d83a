"""What the exported model's rounded weights cost in answers and save in time: beside the same export in full, in one run.

    python benchmarks/encoders.py [--index index] [--questions eval/questions.jsonl] [--times 200] [--answers]

Both encode the same questions in turn, in random order, with the caches emptied before each as other work would. With --answers
both also answer every judged question on the same index. The rule for rounding: the first passage is the same for 0.99 of the
questions, the status for 0.995, and nDCG@10 within 0.003; otherwise it is not offered.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
from recording import circumstances, save

from assistant.answering.assistant import Assistant
from assistant.evaluation.evaluate import evaluate
from assistant.evaluation.judgments import read_questions
from assistant.index import encoder_torch
from assistant.index.encoder import GRAPH, STORED_WEIGHTS, TOKENIZER, WEIGHTS
from assistant.index.encoder_onnx import RuntimeEncoder
from assistant.index.encoder_torch import ReferenceEncoder
from assistant.index.index import Index

FULL, ROUNDED = "32 bits", STORED_WEIGHTS
FLUSHED = 4_000_000  # numbers that are written before each run, 32 MB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--questions", type=Path, default=Path("eval/questions.jsonl"))
    parser.add_argument("--times", type=int, default=200, help="questions that are timed")
    parser.add_argument("--answers", action="store_true", help="answer all of them through both, too")
    options = parser.parse_args()
    index, judged = Index.open(options.index), read_questions(options.questions)
    questions = [item.question for item in judged]
    with tempfile.TemporaryDirectory() as folder:
        full = _in_full(index, Path(folder))
        sizes = {name: round(sum((where / file).stat().st_size for file in (GRAPH, WEIGHTS)) / 1e6, 1)
                 for name, where in ((FULL, Path(folder)), (ROUNDED, index.folder))}
        encoders = {FULL: full, ROUNDED: index.encoder}
    times: dict[str, list[float]] = {name: [] for name in encoders}
    vectors: dict[str, list[object]] = {name: [] for name in encoders}
    for question in random.Random(1).sample(questions, min(options.times, len(questions))):
        for name in random.sample(list(encoders), len(encoders)):
            np.random.default_rng(1).random(FLUSHED)
            begun = time.perf_counter()
            vector = encoders[name].encode([question])[0]
            times[name].append((time.perf_counter() - begun) * 1e3)
            vectors[name].append(vector)
    cosines = np.vecdot(np.array(vectors[FULL]), np.array(vectors[ROUNDED]))
    figures: dict[str, object] = {
        "MB": sizes, "questions": len(cosines),
        "ms p50": {name: round(statistics.median(taken), 2) for name, taken in times.items()},
        "median ratio": round(statistics.median(new / old for new, old in zip(times[ROUNDED], times[FULL], strict=True)), 3),
        "cosine": {"lowest": round(float(cosines.min()), 5), "median": round(float(np.median(cosines)), 5)}}
    if options.answers:
        reports = {name: evaluate(Assistant(index.with_encoder(encoder)), judged, name) for name, encoder in encoders.items()}
        pairs = list(zip(reports[FULL].outcomes, reports[ROUNDED].outcomes, strict=True))
        first = [[ranked[0][0] if (ranked := item.ranked) else "" for item in pair] for pair in pairs]
        figures |= {"answered": len(pairs), "same first passage": _share([old == new for old, new in first]),
                    "same status": _share([old.status == new.status for old, new in pairs]),
                    "nDCG@10": {name: report.means["all"]["nDCG@10"] for name, report in reports.items()}}
    print(f"{circumstances()['date'][:10]}, load {circumstances()['load']}",
          *(f"{name}: {value}" for name, value in figures.items()), f"Saved {save('encoders', figures)}.", sep="\n")


def _share(same: list[bool]) -> float:
    return round(sum(same) / len(same), 4)


def _in_full(index: Index, folder: Path) -> RuntimeEncoder:
    """The export before its weights are rounded."""
    model = ReferenceEncoder(index.identity.name)._model
    encoder_torch._export(model, encoder_torch._UNMASKED, index.identity.max_tokens, folder)
    shutil.copyfile(index.folder / TOKENIZER, folder / TOKENIZER)
    return RuntimeEncoder(folder, index.identity)


if __name__ == "__main__":
    main()
