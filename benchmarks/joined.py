"""Is the scale run honest? Recall among derived vectors beside recall among those that the model gives to the same words.

    python benchmarks/joined.py --passages FILE.jsonl.gz --queries FILE.jsonl [--size 1000000] [--device cuda]
                                [--choose]

FILE of passages: one {"heading", "sentences"} a line (`scale.py --from INDEX --passages FILE` writes it). Joins them as
scale.py does, embeds every joined passage for real, which wants a GPU, and writes the codes of a large index twice: over
the derived vectors and over the real ones. The same questions are asked of both; --choose also tries several numbers of
lists looked into and of candidates compared in full.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
from joining import best, halves, joined, recall
from recording import save

from assistant.corpus import jsonl
from assistant.index import vectors as nearest

DEPTH = 10
QUESTIONS = slice(0, 300), slice(300, 1000)  # settings were chosen by the first part, what is reported is the second
LISTS, COMPARED = (64, 96, 128, 192, 256), (200, 300, 400, 600, 800)
TOKENS = 100_000  # of a batch, padding included
MAX_TOKENS = 256


class Model:
    """The model in half precision, for many texts: all are cut into tokens first, then run by length."""

    def __init__(self, name: str, device: str) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(name, device=device)
        self._torch, self._device = torch, device
        self._tokenizer = model.tokenizer.backend_tokenizer
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self._body = model[0].auto_model.half() if device != "cpu" else model[0].auto_model

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit vectors (n, dim)."""
        torch = self._torch
        ids = [made.ids for made in self._tokenizer.encode_batch_fast(texts)]
        order = sorted(range(len(ids)), key=lambda number: -len(ids[number]))  # the first of a batch says how wide it is
        rows = np.empty((len(texts), self._body.config.hidden_size), np.float32)
        start = 0
        while start < len(order):
            width = len(ids[order[start]])
            part = order[start:start + max(1, TOKENS // width)]
            padded = np.zeros((len(part), width), np.int64)
            for at, number in enumerate(part):
                padded[at, :len(ids[number])] = ids[number]
            lengths = torch.tensor([len(ids[number]) for number in part], device=self._device)
            mask = (torch.arange(width, device=self._device)[None] < lengths[:, None]).long()
            with torch.inference_mode():
                states = self._body(input_ids=torch.from_numpy(padded).to(self._device), attention_mask=mask).last_hidden_state
                mean = (states.float() * mask[..., None]).sum(1) / lengths[:, None]
                rows[part] = torch.nn.functional.normalize(mean, dim=1).cpu().numpy()
            start += len(part)
        return rows


def searched(vectors: np.ndarray, asked: np.ndarray, shipped_alone: bool) -> dict[str, Any]:
    """Recall of the codes over these vectors against comparing all in full, and the time of a search."""
    true = best(vectors, asked, DEPTH)
    with tempfile.TemporaryDirectory() as folder:
        nearest.write_codes(Path(folder), vectors)
        codes = nearest.Codes(Path(folder), *vectors.shape)
        settings = [("as shipped", {})] + ([] if shipped_alone else [
            (f"{lists} lists, {compared} compared", {"probed": lists, "compared": compared})
            for lists in LISTS for compared in COMPARED])
        record: dict[str, Any] = {}
        for name, setting in settings:
            taken, found = [], []
            for vector in asked:
                begun = time.perf_counter()
                found.append(codes.nearest(vector, DEPTH, **setting)[0].tolist())
                taken.append((time.perf_counter() - begun) * 1e3)
            record[name] = {"recall@10": recall(found, true), "ms p50": round(statistics.median(taken), 2)}
    return record


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--model", default="sentence-transformers/all-MiniLM-L6-v2")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--choose", action="store_true", help="try other settings, on the first part of the questions")
    parser.add_argument("--out", type=Path, help="folder of saved runs (default: benchmarks/results)")
    options = parser.parse_args()
    real = [record for _, record in jsonl.read(options.passages)]
    part = QUESTIONS[0] if options.choose else QUESTIONS[1]
    asked_texts = [record["text"] for _, record in jsonl.read(options.queries)][part]
    model = Model(options.model, options.device)
    begun = time.perf_counter()
    base = model.encode([f"{item['heading']}. {' '.join(item['sentences'])}" for item in real])
    asked = model.encode(asked_texts)
    print(f"{len(base)} real passages embedded in {time.perf_counter() - begun:.0f} s", flush=True)
    derived, embedded = [base], [base]
    begun, count = time.perf_counter(), options.size - len(base)
    for first, second, made in joined(base, count):
        derived.append(made)
        embedded.append(model.encode(
            [f"{real[one]['heading']}. {' '.join(halves(real[one]['sentences'], real[other]['sentences']))}"
             for one, other in zip(first, second, strict=True)]))
    seconds = time.perf_counter() - begun
    print(f"{count} joined passages embedded in {seconds:.0f} s", flush=True)
    both = {"derived": np.concatenate(derived), "by the model": np.concatenate(embedded)}
    cosines = np.vecdot(both["derived"][len(base):], both["by the model"][len(base):])
    record: dict[str, Any] = {
        "passages": len(both["derived"]), "questions": len(asked), "real passages": len(base), "device": options.device,
        "joined passages embedded a second": round(count / seconds),
        "cosine of derived and real vectors": {"median": round(float(np.median(cosines)), 3),
                                               "lowest of a hundred": round(float(np.quantile(cosines, 0.01)), 3)}}
    for name, vectors in both.items():
        record[name] = searched(vectors, asked, not options.choose)
        print(name, json.dumps(record[name], indent=1), flush=True)
    print(record, f"Saved {save('joined', record, **({'folder': options.out} if options.out else {}))}.", sep="\n")


if __name__ == "__main__":
    main()
