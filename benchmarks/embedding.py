"""How fast a build embeds, against the best that the bare model does on the same texts in the same run.

    python benchmarks/embedding.py [--index index] [--texts 192] [--rounds 3] [--threads N] [--workers 2]

Both see a sample of the passages and sentences of the index. Bare: the model's forward pass over texts sorted by length,
at the best of several batch sizes. The two take turns, so that a busy machine slows both; the ratio is what counts
(target: at least 0.9). On a machine that is busy with other work see the ratio of processor time, with --threads 1: more
threads wait for each other by turning in circles, which counts as work. With --workers so many processes of
``build --workers`` take turns too, and the run says how far their vectors are from those of one process.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
from recording import save

from assistant.index import encoder_ray
from assistant.index.encoder import MAX_TOKENS, PACKAGED
from assistant.index.encoder_ray import DistributedEncoder
from assistant.index.encoder_torch import ReferenceEncoder
from assistant.index.index import Index, embedded_texts

BATCHES = (8, 16, 32, 64)
TARGET = 0.9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--texts", type=int, default=192)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--workers", type=int, default=0)
    options = parser.parse_args()
    index = Index.open(options.index, load_encoder=False)
    texts = embedded_texts(index.passages, index.sources, (), index.glossary)
    texts = random.Random(1).sample(texts, min(options.texts, len(texts)))
    encoder = ReferenceEncoder()
    encoder.encode(texts[:8])
    model = encoder._model
    import torch

    torch.set_num_threads(options.threads or torch.get_num_threads())

    def bare(batch: int) -> None:
        order = sorted(texts, key=len)
        with torch.no_grad():
            for start in range(0, len(order), batch):
                model(model.tokenizer(order[start:start + batch], padding=True, truncation=True, max_length=MAX_TOKENS,
                                      return_tensors="pt"))

    ways: dict[str, Callable[[], object]] = {"build": lambda: encoder.encode(texts)}
    ways |= {f"bare, {size} at once": partial(bare, size) for size in BATCHES}
    shared: dict[str, object] = {}
    if options.workers:
        encoder_ray.ALONE = 0
        workers = DistributedEncoder.of_model(PACKAGED, options.workers)
        begun = time.perf_counter()
        workers.encode(texts)  # it starts them, and each loads the model
        shared["start and first round, s"] = round(time.perf_counter() - begun, 1)
        shared["largest difference of a component"] = float(np.abs(workers.encode(texts) - encoder.encode(texts)).max())
        ways["build --workers"] = lambda: workers.encode(texts)
    rates: dict[str, list[float]] = {name: [] for name in ways}
    work: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name in random.sample(list(ways), len(ways)):
            begun, worked = time.perf_counter(), time.process_time()
            ways[name]()
            work[name].append(len(texts) / (time.process_time() - worked))
            rates[name].append(len(texts) / (time.perf_counter() - begun))
    found = {name: round(statistics.median(taken), 1) for name, taken in rates.items()}
    if options.workers:
        workers.close()
    best = max(rate for name, rate in found.items() if name.startswith("bare"))
    figures = {"texts": len(texts), "threads": torch.get_num_threads(), "texts a second": found,
               "build / best bare": round(found["build"] / best, 2),
               "the same in processor time": round(statistics.median(work["build"]) / max(
                   statistics.median(taken) for name, taken in work.items() if name.startswith("bare")), 2)}
    if options.workers:
        figures |= {"workers": options.workers, **shared,
                    "build --workers / build": round(found["build --workers"] / found["build"], 2)}
    print(figures, f"target at least {TARGET}", f"Saved {save('embedding', figures)}.", sep="\n")


if __name__ == "__main__":
    main()
