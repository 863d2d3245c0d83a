"""How fast a build embeds, against the best that the bare model does on the same texts in the same run.

    python benchmarks/embedding.py [--index index] [--texts 192] [--rounds 3]

Both see a sample of the passages and sentences of the index. Bare: the model's forward pass over texts sorted by length,
at the best of several batch sizes. The two take turns, so that a busy machine slows both; the ratio is what counts
(target: at least 0.9).
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

from recording import save

from assistant.embedding import MAX_TOKENS, ReferenceEncoder
from assistant.index import Index, embedded_texts

BATCHES = (8, 16, 32, 64)
TARGET = 0.9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--texts", type=int, default=192)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    index = Index.open(options.index, load_encoder=False)
    texts = embedded_texts(index.passages, index.sources, (), index.glossary)
    texts = random.Random(1).sample(texts, min(options.texts, len(texts)))
    encoder = ReferenceEncoder()
    encoder.encode(texts[:8])
    model = encoder._model
    import torch

    def bare(batch: int) -> None:
        order = sorted(texts, key=len)
        with torch.no_grad():
            for start in range(0, len(order), batch):
                model(model.tokenizer(order[start:start + batch], padding=True, truncation=True, max_length=MAX_TOKENS,
                                      return_tensors="pt"))

    ways: dict[str, Callable[[], object]] = {"build": lambda: encoder.encode(texts)}
    ways |= {f"bare, {size} at once": partial(bare, size) for size in BATCHES}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name in random.sample(list(ways), len(ways)):
            begun = time.perf_counter()
            ways[name]()
            rates[name].append(len(texts) / (time.perf_counter() - begun))
    found = {name: round(statistics.median(taken), 1) for name, taken in rates.items()}
    best = max(rate for name, rate in found.items() if name != "build")
    figures = {"texts": len(texts), "threads": torch.get_num_threads(), "texts a second": found,
               "build / best bare": round(found["build"] / best, 2)}
    print(figures, f"target at least {TARGET}", f"Saved {save('embedding', figures)}.", sep="\n")


if __name__ == "__main__":
    main()
