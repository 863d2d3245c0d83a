"""written messages of a corpus folder -> weights and a report about them: the ``fit`` command. Owns no dependency.

    exemplars.jsonl, refused.jsonl, asked.toml, unanswered.jsonl --embed--> vectors --training--> weights/ (see ``weights``)

Messages are widened by the glossary first, as the questions that people ask are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from assistant import training
from assistant.classifier import COVERAGE_FILE, NETWORK_FILE
from assistant.corpus import SHIPPED, WEIGHTS, first_existing, read_corpus, read_examples
from assistant.embedding import PACKAGED, Encoder, Progress, ReferenceEncoder, Vectors
from assistant.errors import BadInput
from assistant.exemplars import ANSWERABLE, FILES, LABELS, NEAR_MISS, UNANSWERED, Examples, Exemplar, Exemplars, read_exemplars
from assistant.generation import canonical, replace_file
from assistant.packing import packed
from assistant.weights import REPORT, encoder_record, hashes, learnt

MOST_BYTES = 3_000_000  # of all weights together: they lie in the repository, and in every generation
AT_ONCE = 1_000  # texts whose token vectors, which nobody needs here, are held at a time


def fit(corpus: Path, into: Path | None = None, *, model: str = PACKAGED, encoder: Encoder | None = None,
        shipped: Path = SHIPPED, progress: Progress | None = None, training_progress: Progress | None = None,
        today: date | None = None) -> dict[str, Any]:
    """Train all weights on the messages of a folder, write them and their report into ``into``, and return the report.

    ``into``: the folder ``weights`` in the corpus folder when None. Raises CorpusError (a message cannot be used), BadInput (a
    file or a package is missing).
    """
    read, taught = read_corpus(corpus, shipped), learnt(corpus, shipped)  # as they were when they were learnt from
    examples = read_examples(corpus, shipped, read.texts)
    messages = {of: read_exemplars(_file(of.file, corpus, shipped), of) for of in FILES}
    lesson = _lesson(messages, examples)
    asked = [*examples.answered, *examples.unanswered]
    encoder, widen = encoder or ReferenceEncoder(model), read.editorial.glossary.widen
    texts = sorted({*asked, *lesson})
    vectors, depths = _embedded([widen(text)[0] for text in texts], encoder, progress)
    row = {text: number for number, text in enumerate(texts)}
    near = {*examples.answered, *(item.text for item in messages[UNANSWERED] if item.kind == NEAR_MISS)}

    def step(before: int) -> Progress:
        return lambda done, total: training_progress(before * total + done, 2 * total) if training_progress else None

    rows = [row[text] for text in lesson]
    trained = {
        NETWORK_FILE: training.network(depths[rows], np.stack(list(lesson.values())), LABELS, vectors[rows], step(0)),
        COVERAGE_FILE: training.coverage(
            vectors[[row[text] for text in asked]], [widen(text)[0] for text in asked],
            np.arange(len(asked)) < len(examples.answered), np.array([text in near for text in asked]), step(1))}

    files = {name: packed(made.arrays) for name, made in trained.items()}
    if (size := sum(map(len, files.values()))) > MOST_BYTES:
        raise BadInput(f"The weights take {size:,} bytes, {MOST_BYTES:,} may be: take examples out, or ask for fewer units.")
    into = into or corpus / WEIGHTS
    into.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        replace_file(into / name, content)
    counts = {of.file: Counter(item.kind or "none" for item in found) for of, found in messages.items()}
    report = {
        "date": (today or datetime.now(UTC).date()).isoformat(), "encoder": encoder_record(encoder.identity),
        "learnt": taught, "files": hashes(into), "bytes": size,
        "counts": {**counts, "asked": {"answered": len(examples.answered), "unanswered": len(examples.unanswered)}},
        "figures": {name: {column: figures.to_json() for column, figures in made.figures.items()}
                    for name, made in trained.items()}}
    replace_file(into / REPORT, canonical(report) + b"\n")
    return report


def _file(name: str, corpus: Path, shipped: Path) -> Path:
    path = first_existing(name, corpus, shipped)
    if path is None:
        raise BadInput(f"There is no {name} in {corpus}: there is nothing to learn from.")
    return path


def _lesson(messages: Mapping[Exemplars, Sequence[Exemplar]], examples: Examples) -> dict[str, Vectors]:
    """Every message with 1 or 0 for each label, (labels,), NaN where its file does not say.

    A file of dangers or of refusals says nothing of other labels. What is answered, and what nothing answers, is known to be
    neither dangerous nor refusable.
    """
    found: dict[str, Vectors] = {}
    asked = [Exemplar(text, ANSWERABLE) for text in examples.answered]
    for item, told in ((item, of.labels if of is not UNANSWERED else LABELS)
                       for of, items in ((*messages.items(), (UNANSWERED, asked))) for item in items):
        marks = found.setdefault(item.text, np.full(len(LABELS), np.nan, np.float32))
        for at, label in enumerate(LABELS):
            if label == item.kind:
                marks[at] = 1
            elif label in told and np.isnan(marks[at]):
                marks[at] = 0
    return found


def _embedded(texts: Sequence[str], encoder: Encoder, progress: Progress | None) -> tuple[Vectors, Vectors]:
    """Vectors and depths of all texts, from one pass."""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))  # like lengths pad less
    rows: dict[int, tuple[Vectors, Vectors]] = {}
    for start in range(0, len(order), AT_ONCE):
        part = order[start:start + AT_ONCE]
        rows |= {number: (made.vector, made.depth)
                 for number, made in zip(part, encoder.encode_fine([texts[number] for number in part]), strict=True)}
        if progress:
            progress(len(rows), len(texts))
    vectors, depths = zip(*(rows[number] for number in range(len(texts))), strict=True)
    return np.stack(vectors), np.stack(depths)
