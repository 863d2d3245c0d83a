"""Ten thousand, a hundred thousand and a million passages: time to open, memory, time to search, recall against flat.

    python benchmarks/scale.py --corpus-of FOLDER CORPUS     write a BEIR folder as a corpus folder, one file a document
    python -m assistant build --corpus CORPUS --index INDEX --nearest codes
    python benchmarks/scale.py --from INDEX --queries FOLDER [--sizes 10000 100000 1000000] [--codes-alone SIZE ...]
                               [--work DIR] [--draw] [--passages FILE]

INDEX: an index of real passages. It is multiplied (see joining.py). How near a derived vector comes to the one that the
model gives to the joined words is measured on CHECKED of them and printed; joined.py does it with all. FOLDER with
--queries: a BEIR folder whose queries are asked. --codes-alone: vectors and nothing else. --passages: only write the real
passages for joined.py.

Each size is a real generation, written by the code that a build uses, and is opened and asked by a process of its own.
The stems of a joined passage are those of its sentences, worked out once. --draw: only draw the curves of saved runs.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
from joining import best, halves, joined, recall
from recording import RESULTS, ROOT, save

from assistant.corpus import jsonl
from assistant.corpus.editorial import Glossary
from assistant.index import bm25
from assistant.index import vectors as nearest
from assistant.index.encoder import EXPORTED_FILES
from assistant.index.generation import building, publish, seal
from assistant.index.index import Index, write_files
from assistant.index.inputs import glossary_sha256, source_sha256, texts_sha256
from assistant.index.stores import mapped
from assistant.schema import Passage, Source

SIZES = (10_000, 100_000, 1_000_000)
CHECKED, PER_SOURCE = 60, 150
QUERIES, DEPTH = 200, 10


def as_corpus(beir: Path, corpus: Path) -> int:
    """Write a BEIR folder's documents as Markdown; ids that differ only after a "#" are parts of one. Returns how many."""
    packed = beir / "corpus.jsonl.gz"
    opener: Any = gzip.open if packed.exists() else open
    documents: dict[str, tuple[str, list[str]]] = {}
    with opener(packed if packed.exists() else beir / "corpus.jsonl", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            documents.setdefault(record["_id"].split("#")[0], (record["title"], []))[1].append(record["text"])
    corpus.mkdir(parents=True, exist_ok=True)
    for name, (title, parts) in documents.items():
        (corpus / f"{name}.md").write_text(f"# {title}\n\n" + "\n\n".join(parts) + "\n", "utf-8")
    return len(documents)


def multiply(index: Index, size: int) -> Iterator[tuple[str, str, list[str], np.ndarray]]:
    """(heading, text, sentences, vector) of the real passages and then of joined ones."""
    base = index.store.vectors(np.arange(len(index.passages)))
    real = _real(index)
    for (heading, sentences), vector in zip(real[:size], base[:size], strict=True):
        yield heading, " ".join(sentences), sentences, vector
    for firsts, seconds, vectors in joined(base, size - len(base)):
        for first, second, vector in zip(firsts.tolist(), seconds.tolist(), vectors, strict=True):
            parts = halves(real[first][1], real[second][1])
            yield real[first][0], " ".join(parts), parts, vector


def _real(index: Index) -> list[tuple[str, list[str]]]:
    """Heading and sentences of every passage."""
    return [(passage.heading, [passage.text[start - passage.start:end - passage.start] for start, end in passage.sentences])
            for passage in index.passages]


def make(index: Index, size: int, folder: Path) -> dict[str, Any]:
    """Write and publish a generation of ``size`` passages; seconds of each step. Its vectors stay beside it."""
    stems: dict[str, list[str]] = {}
    words_of: dict[str, list[str]] = {}
    begun = time.perf_counter()
    vectors = np.empty((size, 384), np.float32)
    sources, passages = [], []
    pending: list[tuple[str, list[str]]] = []

    def close() -> None:
        name, text, start = f"s{len(sources)}", "\n\n".join(" ".join(parts) for _, parts in pending), 0
        for heading, parts in pending:
            spans, at = [], start
            for part in parts:
                spans.append((at, at + len(part)))
                at += len(part) + 1
            end = at - 1
            passages.append(Passage(name, start, end, heading, text[start:end], tuple(spans)))
            start = end + 2
        sources.append(Source(name, name, text, hashlib.sha256(text.encode()).hexdigest(), f"{name}.txt"))
        pending.clear()

    for number, (heading, text, parts, vector) in enumerate(multiply(index, size)):
        vectors[number] = vector
        pending.append((heading, parts))
        for part in (heading, *parts):
            if part not in stems:
                stems[part] = bm25.tokens([part])[0]
        words_of[f"{heading} {text}"] = [word for part in (heading, *parts) for word in stems[part]]
        if len(pending) == PER_SOURCE:
            close()
    if pending:
        close()
    derived = time.perf_counter() - begun
    mapped.tokens = lambda wanted: [words_of.get(text.strip()) or bm25.tokens([text])[0] for text in wanted]
    begun = time.perf_counter()
    with building(folder) as draft:
        kind = "codes"
        large = write_files(draft, sources, passages, index.texts, Glossary(()), np.concatenate([vectors, _examples(index)]),
                             (), kind)
        probe = _runtime(draft, index)
        inputs = {"sources": {source.id: source_sha256(source) for source in sources}, "texts": texts_sha256(index.texts),
                  "glossary": glossary_sha256(Glossary(())), "encoder": index.identity.to_json()}
        seal(draft, {"inputs": inputs, "dimensions": 384, "passages": size, "rows": size + len(index.row_subject),
                     "probe": probe, "nearest": kind}, large)
        publish(folder, draft)
    np.save(folder / "vectors.npy", vectors)
    return {"derive, s": round(derived, 1), "write and publish, s": round(time.perf_counter() - begun, 1)}


def codes_alone(index: Index, size: int, folder: Path, queries: Path) -> dict[str, Any]:
    """The vectors only, made all at once: a quarter of the work of a whole generation, for a machine that has other work."""
    if index.encoder is None:
        raise SystemExit("the index was opened without its encoder")
    base = index.store.vectors(np.arange(len(index.passages)))
    vectors = np.concatenate([base[:size], *(made for *_, made in joined(base, size - len(base)))])
    folder.mkdir()
    np.save(folder / "vectors.npy", vectors)
    begun = time.perf_counter()
    nearest.write_codes(folder, vectors)
    record: dict[str, Any] = {"only codes": True, "write, s": round(time.perf_counter() - begun, 1)}
    del vectors
    asked = [record["text"] for _, record in islice(jsonl.read(queries), QUERIES)]
    held = index.encoder.encode(asked)
    np.save(folder / "asked.npy", held)
    command = [sys.executable, __file__, "--ask-codes", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    record |= json.loads(done.stdout.splitlines()[-1]) | {"vectors": held.tolist()}
    return record


def ask_codes(folder: Path) -> dict[str, Any]:
    """In a process of its own: open the codes, search, look at the memory, at several numbers of lists looked into."""
    asked, size = np.load(folder / "asked.npy"), np.load(folder / "vectors.npy", mmap_mode="r").shape
    begun = time.perf_counter()
    codes = nearest.Codes(folder, *size)
    opened = time.perf_counter() - begun
    found, taken = [], []
    for vector in asked:
        begun = time.perf_counter()
        found.append(codes.nearest(vector, DEPTH)[0].tolist())
        taken.append((time.perf_counter() - begun) * 1e3)
    others = {}
    for probed in (32, 64, 128, 256, 512):
        times, rows = [], []
        for vector in asked:
            begun = time.perf_counter()
            rows.append(codes.nearest(vector, DEPTH, probed)[0].tolist())
            times.append((time.perf_counter() - begun) * 1e3)
        others[str(probed)] = {"ms p50": round(statistics.median(times), 2), "found": rows}
    return {"open, s": round(opened, 3), **_memory(), "found": found, "lists": others,
            "codes, ms p50": round(statistics.median(taken), 2), "codes, ms p95": round(sorted(taken)[int(.95 * len(taken))], 2)}


def _memory() -> dict[str, int]:
    held = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in
            Path("/proc/self/smaps_rollup").read_text("utf-8").splitlines()[1:] if line.split()[1].isdigit()}
    return {"resident, MB": held["Rss"], "of it private, MB": held["Private_Dirty"]}


def _examples(index: Index) -> np.ndarray:
    return index.store.subjects


def _runtime(draft: Path, index: Index) -> list[float]:
    for name in EXPORTED_FILES:
        shutil.copyfile(index.folder / name, draft / name)
    return json.loads((index.folder / "manifest.json").read_text("utf-8"))["probe"]


def ask(folder: Path, queries: Path) -> dict[str, Any]:
    """In a process of its own: open, search, and look at the memory."""
    begun = time.perf_counter()
    index = Index.open(folder)
    opened = time.perf_counter() - begun
    store = index.store
    if not isinstance(store, mapped.MappedStore) or index.encoder is None:
        raise SystemExit("not a large index")
    asked = [record["text"] for _, record in islice(jsonl.read(queries), QUERIES)]
    made = [(index.encoder.encode([text])[0], bm25.tokens([text])[0]) for text in asked]
    times: dict[str, list[float]] = {"codes": [], "keywords": [], "both, with full comparison": [], "ten passages proved": []}
    found = []
    for vector, words in made:
        steps = [time.perf_counter()]
        rows, _ = store.vector_index.nearest(vector, DEPTH)
        steps.append(time.perf_counter())
        store.word_index.best(words, 100)
        steps.append(time.perf_counter())
        near = store.candidates(vector, words)
        steps.append(time.perf_counter())
        _ = [index.passages[int(number)] for number in near.numbers[np.argsort(-near.passage)[:DEPTH]]]
        steps.append(time.perf_counter())
        for name, start, end in zip(times, steps[:-1], steps[1:], strict=True):
            times[name].append((end - start) * 1e3)
        found.append(rows.tolist())
    return {"open, s": round(opened, 3), **_memory(),
            "disk, MB": sum(path.stat().st_size for path in index.folder.rglob("*") if path.is_file()) >> 20,
            **{f"{name}, ms p50": round(statistics.median(taken), 2) for name, taken in times.items()},
            **{f"{name}, ms p95": round(sorted(taken)[int(.95 * len(taken))], 2) for name, taken in times.items()},
            "found": found, "vectors": [vector.tolist() for vector, _ in made]}


def compare(record: dict[str, Any], folder: Path) -> None:
    """Recall of the codes against all vectors compared in full, and what that takes, into the record."""
    vectors, asked = np.load(folder / "vectors.npy", mmap_mode="r"), np.array(record.pop("vectors"), np.float32)
    true = best(vectors, asked, DEPTH)
    for entry in record.get("lists", {}).values():
        entry["recall@10"] = recall(entry.pop("found"), true)
    record["recall@10"] = recall(record.pop("found"), true)
    taken = []
    held = np.ascontiguousarray(vectors)
    for vector in asked[:20]:
        begun = time.perf_counter()
        np.argpartition(-np.vecdot(held, vector), DEPTH)
        taken.append((time.perf_counter() - begun) * 1e3)
    record["flat, ms p50"] = round(statistics.median(taken), 2)


def honesty(index: Index) -> dict[str, float]:
    """Cosines of derived vectors with those that the model gives to the joined words."""
    made = list(multiply(index, len(index.passages) + CHECKED))[len(index.passages):]
    if index.encoder is None:
        raise SystemExit("the index was opened without its encoder")
    real = index.encoder.encode([f"{heading}. {text}" for heading, text, _, _ in made])
    cosines = sorted(float(mine @ theirs[3]) for mine, theirs in zip(real, made, strict=True))
    return {"median": round(statistics.median(cosines), 3), "lowest": round(cosines[0], 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus-of", nargs=2, type=Path, metavar=("FOLDER", "CORPUS"))
    parser.add_argument("--from", dest="base", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--work", type=Path, help="where the generations are written (about 5 GB for a million)")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ask-codes", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--codes-alone", type=int, nargs="*", default=(), help="sizes of which only the vectors are made")
    parser.add_argument("--passages", type=Path)
    parser.add_argument("--draw", action="store_true")
    options = parser.parse_args()
    if options.corpus_of:
        print(f"{as_corpus(*options.corpus_of)} documents.")
        return
    if options.ask_codes:
        print(json.dumps(ask_codes(options.ask_codes)))
        return
    if options.ask:
        print(json.dumps(ask(options.ask, options.queries)))
        return
    if options.draw:
        from curves import as_lines, draw, merged
        from serving import write

        runs = [json.loads(path.read_text("utf-8")) for path in sorted(RESULTS.glob("scale-*.json"))]
        draw(merged(runs))
        write("scale", as_lines(runs), ROOT / "docs" / "scaling.md")
        return
    index = Index.open(options.base)
    if options.passages:
        with gzip.open(options.passages, "wt", encoding="utf-8") as stream:
            for heading, sentences in _real(index):
                stream.write(json.dumps({"heading": heading, "sentences": sentences}) + "\n")
        return
    asked = options.queries / "queries.jsonl"
    record: dict[str, Any] = {"passages from": options.base.name, "real passages": len(index.passages),
                              "derived against real vectors": honesty(index), "sizes": {}}
    print(record, flush=True)
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        for size in options.sizes:
            folder = Path(work) / str(size)
            found = make(index, size, folder)
            command = [sys.executable, __file__, "--ask", str(folder), "--queries", str(asked)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True,
                                  env={**os.environ, "OMP_NUM_THREADS": "1"})
            found |= json.loads(done.stdout.splitlines()[-1])
            compare(found, folder)
            record["sizes"][str(size)] = found
            print(size, json.dumps(found, indent=1), flush=True)
            shutil.rmtree(folder)
        for size in options.codes_alone:
            folder = Path(work) / f"codes-{size}"
            found = codes_alone(index, size, folder, asked)
            compare(found, folder)
            record["sizes"][str(size)] = found
            print(size, json.dumps(found, indent=1), flush=True)
            shutil.rmtree(folder)
    print(f"Saved {save('scale', record, RESULTS)}.")


if __name__ == "__main__":
    main()
