"""a corpus folder -> a published generation. Owns no dependency.

    read -> split -> embed (what is new) -> write a draft -> open it as a reader would -> ask it -> gate -> publish

Whatever fails before the last step leaves the published generation as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering import Assistant
from assistant.companions import add_kernels, add_runtime
from assistant.corpus import SHIPPED, Corpus, read_corpus
from assistant.differing import paired
from assistant.editorial import place
from assistant.embedding import (
    PACKAGED,
    Encoder,
    Fine,
    Progress,
    ReferenceEncoder,
    Vectors,
    identify,
)
from assistant.errors import CorpusError, EncoderMismatch, IndexCorrupt, IndexMissing, NoticeMissing
from assistant.generation import building, publish, seal, verify
from assistant.golden import ask_golden
from assistant.index import Index, embedded_texts, text_sha256, write_files
from assistant.maxsim import MOST_PASSAGES
from assistant.passages import missing_excludes, split
from assistant.retention import RUNTIME, prune, same_as_rolled_back, tidy
from assistant.schema import Passage
from assistant.staleness import compare, of_inputs

Log = Callable[[str], None]
Gate = Callable[[Assistant, Assistant | None], None]  # (draft, published one if it answers) -> raises NotPublished
AT_ONCE = 1_000  # passages whose token vectors are held in full; then they are narrowed to what is stored
STORED = np.float16  # of token vectors on disk (see ``maxsim``)


@dataclass(frozen=True)
class BuildResult:
    """What a build did. ``embedded`` counts the texts that went through the model."""

    generation: str
    sources: int
    passages: int
    embedded: int
    reused: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    published: bool
    reason: str = field(default="", compare=False)  # why nothing was published, for people

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if key != "reason"}


def build_index(corpus: Path | str, into: Path | str, *, model: str = PACKAGED, encoder: Encoder | None = None,
                force: bool = False, progress: Progress | None = None, log: Log | None = None,
                shipped: Path = SHIPPED, gate: Gate | None = None) -> BuildResult:
    """Build and publish an index of ``corpus`` in the folder ``into``; nothing is done when nothing changed.

    ``gate`` has the last word before a draft is published (see ``gating``). Raises BadInput (a source, the notice or the
    model cannot be used), BuildFailed, or NotPublished from the gate.
    """
    say, read = log or (lambda line: None), read_corpus(corpus, shipped)
    for name in read.ignored:
        say(f"{name} is not a .txt or .md file: it is left out.")
    return build_from(read, Path(into), model=model, encoder=encoder, force=force, progress=progress, log=say,
                      gate=gate)


def build_from(read: Corpus, into: Path, *, model: str = PACKAGED, encoder: Encoder | None = None, force: bool = False,
               progress: Progress | None = None, log: Log | None = None, complete: bool = True,
               gate: Gate | None = None) -> BuildResult:
    """The same from a corpus in memory. ``complete``: a source that gives no passage stops the build (CorpusError)."""
    say = log or (lambda line: None)
    identity = encoder.identity if encoder else identify(model)
    inputs = of_inputs(read, identity)
    with building(into) as draft:
        tidy(into)
        old = _published(into)
        added, changed, removed = compare(old.inputs["sources"] if old else {}, inputs["sources"])
        if old and not force and (reason := _nothing_to_do(into, old, inputs)):
            return BuildResult(old.name, len(old.sources), len(old.passages), 0, len(old.row_passage), added, changed, removed,
                               published=False, reason=reason)
        passages = place(_split_all(read, say, complete), read.sources, read.editorial)
        passages = paired(passages, read.sources, read.editorial.pairs)
        encoder = encoder or ReferenceEncoder(model)
        sources = {source.id: source for source in read.sources}
        rows = embedded_texts(passages, sources, read.texts.subjects, read.editorial.glossary)
        usable = old if old and not force and old.identity == identity else None
        vectors, fine, embedded, reused = _embed(rows, len(passages), encoder, usable, progress)
        write_files(draft, read.sources, passages, read.texts, read.editorial.glossary, vectors, fine)
        known = dict(zip(map(text_sha256, rows), vectors, strict=True))
        embedded += add_kernels(draft, read, encoder, usable, inputs, known, progress)
        dimensions = int(vectors.shape[1])
        del vectors, fine, known  # a large index opens beside them below, and these are as large again
        probe = add_runtime(draft, encoder, usable)
        seal(draft, {"inputs": inputs, "dimensions": dimensions, "passages": len(passages),
                     "rows": len(rows), "probe": [float(value) for value in probe]})
        opened = Index(draft, verify(draft), None if (draft / RUNTIME).exists() else encoder)
        ask_golden(opened, read.sources, {*added, *changed} if usable else ())
        if gate:
            gate(Assistant(opened), _answering(into, old, encoder))
        name = publish(into, draft)
        prune(into)
    return BuildResult(name, len(sources), len(passages), embedded, reused, added, changed, removed,
                       published=True)


def _nothing_to_do(into: Path, old: Index, inputs: dict[str, Any]) -> str:
    """Why a build has nothing to publish; "" when it has. What an operator rolled back does not come back by itself."""
    if old.inputs == inputs:
        return f"Nothing changed: {old.name} stays published."
    if out := same_as_rolled_back(into, inputs):
        return (f"These sources gave {out}, which was rolled back: {old.name} stays published until something changes "
                "(`build --force` publishes them again).")
    return ""


def _answering(into: Path, old: Index | None, encoder: Encoder) -> Assistant | None:
    """The published generation with its own encoder, to compare with; None when there is none that answers."""
    if old is None or not ((old.folder / RUNTIME).exists() or old.identity == encoder.identity):
        return None
    return Assistant.open(into, None if (old.folder / RUNTIME).exists() else encoder)


def _published(index: Path) -> Index | None:
    """The published generation if there is one that is whole; a broken one is built anew."""
    try:
        return Index.open(index, load_encoder=False)
    except (IndexMissing, IndexCorrupt, EncoderMismatch, NoticeMissing):
        return None


def _split_all(read: Corpus, say: Log, complete: bool) -> list[Passage]:
    passages: list[Passage] = []
    for source in read.sources:
        for phrase in missing_excludes(source):
            raise CorpusError(f"{read.folder / source.file}: the exclude {phrase[:60]!r} of source {source.id!r} does "
                              "not occur in the text: correct it in sources.toml.")
        made = split(source)
        if not made and complete:
            raise CorpusError(f"{read.folder / source.file} gives no passage (no full sentence was found): add text "
                              "or take it out of the corpus.")
        passages += made
    if not passages:
        raise CorpusError(f"{read.folder} gives no passage (no full sentence was found): add text.")
    say(f"{len(read.sources)} sources, {len(passages)} passages.")
    return passages


def _embed(rows: list[str], passages: int, encoder: Encoder, old: Index | None, progress: Progress | None
           ) -> tuple[Vectors, list[Fine], int, int]:
    """Vectors of all rows, token vectors of the passages, texts sent through the model, rows taken over.

    The first ``passages`` rows are passages. Texts that the old generation has do not go through the model again.
    """
    known, fine = _stored(old) if old else ({}, {})
    hashes = [text_sha256(text) for text in rows]
    reused = sum(key in known for key in hashes)
    wanted = dict(zip(hashes[:passages], rows[:passages], strict=True))
    new_passages = {key: text for key, text in wanted.items() if key not in fine}
    new_sentences = {key: text for key, text in zip(hashes[passages:], rows[passages:], strict=True)
                     if key not in known and key not in new_passages}
    total = len(new_passages) + len(new_sentences)

    def report(before: int) -> Progress:
        return lambda done, _: progress(before + done, total) if progress else None

    keys = list(new_passages)
    most = None if passages <= MOST_PASSAGES else 0  # a larger index stores no token vectors, so none are held
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start:start + AT_ONCE]
        made = encoder.encode_fine([new_passages[key] for key in part], report(start))
        fine |= {key: replace(item, tokens=item.tokens[:most].astype(STORED)) for key, item in zip(part, made, strict=True)}
        known |= {key: item.vector for key, item in zip(part, made, strict=True)}
    if new_sentences:
        known |= dict(zip(new_sentences, encoder.encode(list(new_sentences.values()), report(len(new_passages))),
                          strict=True))
    return (np.stack([known[key] for key in hashes]).astype(np.float32), [fine[key] for key in hashes[:passages]],
            total, reused)


def _stored(old: Index) -> tuple[dict[str, Vectors], dict[str, Fine]]:
    """Vectors and token vectors of a generation by the hash of their text."""
    hashes = [text_sha256(text) for text in embedded_texts(old.passages, old.sources, old.texts.subjects, old.glossary)]
    vectors = old.vectors(np.arange(len(hashes)))
    fine = {}
    for number in range(len(old.passages) if old.tokens else 0):
        ids, tokens = old.tokens.of(number)  # type: ignore[union-attr]  # the range is empty without tokens
        fine[hashes[number]] = Fine(vectors[number], ids, tokens.astype(STORED))
    return dict(zip(hashes, vectors, strict=True)), fine
