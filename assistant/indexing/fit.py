"""written messages of a corpus folder -> weights and a report about them: the ``fit`` command.

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

from assistant.arrays import Vectors, packed
from assistant.atomic_files import replace_file
from assistant.corpus.exemplars import FILES, Exemplar, ExemplarFile, asked_sections, read_exemplars
from assistant.corpus.exemplars import UNANSWERED as WRITTEN_UNANSWERED
from assistant.corpus.files import SHIPPED, first_existing
from assistant.corpus.reader import WEIGHTS, read_corpus
from assistant.errors import BadInput
from assistant.index.encoder import PACKAGED, Encoder, Progress
from assistant.index.encoder_torch import ReferenceEncoder
from assistant.index.serialization import canonical
from assistant.index.weights import REPORT, encoder_record, hashes, learnt
from assistant.indexing import training
from assistant.screening.classifier import NETWORK_FILE, UNANSWERED, Section
from assistant.screening.labels import ANSWERABLE, LABELS, NEAR_MISS, REFUSALS

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
    asked = asked_sections(corpus, shipped)
    messages = {of: read_exemplars(_file(of.file, corpus, shipped), of) for of in FILES}
    near = tuple(Exemplar(example, NEAR_MISS) for subject in read.texts.subjects if subject.id not in REFUSALS
                 for example in subject.examples)  # what the subjects that are not covered are found by
    messages[WRITTEN_UNANSWERED] += near
    lesson = _lesson(messages, asked)
    encoder, expand = encoder or ReferenceEncoder(model), read.editorial.glossary.expand
    texts = sorted(lesson)
    vectors, depths = _embedded([expand(text)[0] for text in texts], encoder, progress)
    trained = training.network(
        np.hstack([vectors, depths]), np.stack([lesson[text] for text in texts]), LABELS,
        _answers(texts, asked, messages[WRITTEN_UNANSWERED]), tuple(asked), vectors, training_progress)
    content = packed(trained.arrays)
    if len(content) > MOST_BYTES:
        raise BadInput(f"The weights take {len(content):,} bytes, {MOST_BYTES:,} may be: take sections out of asked.toml.")
    into = into or corpus / WEIGHTS
    into.mkdir(parents=True, exist_ok=True)
    replace_file(into / NETWORK_FILE, content)
    counts = {of.file: Counter(item.kind or "none" for item in found) for of, found in messages.items()}
    report = {
        "date": (today or datetime.now(UTC).date()).isoformat(), "encoder": encoder_record(encoder.identity),
        "learnt": taught, "files": hashes(into), "bytes": len(content),
        "counts": {**counts, "asked": {"sections": len(asked),
                                       "questions": len({text for texts in asked.values() for text in texts})}},
        "figures": {column: figures.to_json() for column, figures in trained.figures.items()},
        "sections": {f"among the first {depth}": share for depth, share in trained.found.items()}}
    replace_file(into / REPORT, canonical(report) + b"\n")
    return report


def _file(name: str, corpus: Path, shipped: Path) -> Path:
    path = first_existing(name, corpus, shipped)
    if path is None:
        raise BadInput(f"There is no {name} in {corpus}: there is nothing to learn from.")
    return path


def _lesson(messages: Mapping[ExemplarFile, Sequence[Exemplar]], asked: Mapping[Section, Sequence[str]]) -> dict[str, Vectors]:
    """Every message with 1 or 0 for each label, (labels,), NaN where its file does not say.

    A file of dangers or of refusals says nothing of other labels. What is answered, and what nothing answers, is known to be
    neither dangerous nor refusable.
    """
    wanted: dict[str, Vectors] = {}
    answered = [Exemplar(text, ANSWERABLE) for questions in asked.values() for text in questions]
    for item, told in ((item, of.labels if of is not WRITTEN_UNANSWERED else LABELS)
                       for of, items in ((*messages.items(), (WRITTEN_UNANSWERED, answered))) for item in items):
        marks = wanted.setdefault(item.text, np.full(len(LABELS), np.nan, np.float32))
        for at, label in enumerate(LABELS):
            if label == item.kind:
                marks[at] = 1
            elif label in told and np.isnan(marks[at]):
                marks[at] = 0
    return wanted


def _answers(texts: Sequence[str], asked: Mapping[Section, Sequence[str]], unanswered: Sequence[Exemplar]) -> Vectors:
    """What answers each of ``texts``, (texts, sections + UNANSWERED): equal shares of its sections, or one for what it is about;
    NaN where nobody said."""
    row = {text: number for number, text in enumerate(texts)}
    shares = np.zeros((len(texts), len(asked) + len(UNANSWERED)), np.float32)
    for at, questions in enumerate(asked.values()):
        for text in questions:
            shares[row[text], at] = 1
    for item in unanswered:
        if not shares[row[item.text]].any() and item.kind:
            shares[row[item.text], len(asked) + UNANSWERED.index(item.kind)] = 1
    total = shares.sum(1, keepdims=True)
    return np.where(total > 0, shares / np.maximum(total, 1), np.float32(np.nan)).astype(np.float32)


def _embedded(texts: Sequence[str], encoder: Encoder, progress: Progress | None) -> tuple[Vectors, Vectors]:
    """Vectors and depths of all texts, from one pass."""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))  # like lengths pad less
    rows: dict[int, tuple[Vectors, Vectors]] = {}
    for start in range(0, len(order), AT_ONCE):
        part = order[start:start + AT_ONCE]
        rows |= {number: (embedding.vector, embedding.inner_layers)
                 for number, embedding in zip(part, encoder.encode_fine([texts[number] for number in part]), strict=True)}
        if progress:
            progress(len(rows), len(texts))
    vectors, depths = zip(*(rows[number] for number in range(len(texts))), strict=True)
    return np.stack(vectors), np.stack(depths)
