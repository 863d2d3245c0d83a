"""a corpus folder -> a published generation, in a folder or in a database.

    read -> split -> embed (what is new) -> write a draft -> open it as a reader would -> ask it -> gate -> publish

Whatever fails before the last step leaves the published generation as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answering.assistant import Assistant
from assistant.corpus.editorial import annotate, annotate_disagreements
from assistant.corpus.files import SHIPPED
from assistant.corpus.passages import missing_excludes, split
from assistant.corpus.reader import Corpus, read_corpus
from assistant.errors import BadInput, CorpusError, EncoderMismatch, IndexCorrupt, IndexMissing, NoticeMissing
from assistant.index import weights
from assistant.index.encoder import PACKAGED, CachingEncoder, Encoder, Progress, identify
from assistant.index.encoder_torch import ReferenceEncoder
from assistant.index.generation import building, current, publish, seal, verify
from assistant.index.index import Index, embedded_texts, write_files
from assistant.index.inputs import compare, inputs_of
from assistant.index.late_interaction import MOST_PASSAGES
from assistant.index.location import Place, located
from assistant.index.retention import RUNTIME, prune, same_as_rolled_back, tidy
from assistant.index.serialization import text_sha256
from assistant.index.stores.postgres.connection import Database
from assistant.index.stores.postgres.publish import deliver, ready
from assistant.index.vectors import CODES, FLAT, chosen
from assistant.indexing.acceptance import prove_draft
from assistant.indexing.artifacts import add_runtime, add_weights, runtime_of
from assistant.indexing.embed import embed
from assistant.indexing.embedding_cache import EmbeddingCache
from assistant.schema import Passage

Log = Callable[[str], None]
Gate = Callable[[Assistant, Assistant | None], None]  # (draft, published one if it answers) -> raises NotPublished
BUILT = "built"  # below the folder of a database: what was built for it here


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


def build_index(corpus: Path | str, into: Place | str, *, model: str = PACKAGED, encoder: Encoder | None = None,
                force: bool = False, progress: Progress | None = None, log: Log | None = None,
                shipped: Path = SHIPPED, gate: Gate | None = None, nearest: str | None = None) -> BuildResult:
    """Build and publish an index of ``corpus`` in the folder or the database ``into``; nothing is done when nothing changed.

    For a database the index is built in a folder of this machine (see ``Database.folder``), where its vectors stay for the next
    build, and copied from there; it is always of the kind ``codes``.

    ``gate`` has the last word before a draft is published (see ``evaluation.gate``); ``nearest`` is the kind of index, chosen by
    size when None (see ``vectors``). Raises BadInput (a source, the notice or the model cannot be used), BuildFailed, or
    NotPublished from the gate.
    """
    say, read = log or (lambda line: None), read_corpus(corpus, shipped)
    for name in read.ignored:
        say(f"{name} is not a .txt or .md file: it is left out.")
    place = located(into)
    if not isinstance(place, Database):
        return build_from(read, place, model=model, encoder=encoder, force=force, progress=progress, log=say,
                          gate=gate, nearest=nearest)
    if nearest == FLAT:
        raise BadInput("A database takes the kind `codes` only: leave out --nearest flat.")
    ready(place)
    # beside what is published, not beside what this machine built last
    beside = (lambda draft, _: gate(draft, _answering(_published(place), encoder))) if gate else None
    folder = place.folder() / BUILT
    result = build_from(read, folder, model=model, encoder=encoder, force=force, progress=progress, log=say, gate=beside,
                      nearest=CODES)
    reason = deliver(place, folder)
    return replace(result, published=not reason, reason=reason)


def build_from(read: Corpus, into: Path, *, model: str = PACKAGED, encoder: Encoder | None = None, force: bool = False,
               progress: Progress | None = None, log: Log | None = None, complete: bool = True,
               gate: Gate | None = None, nearest: str | None = None) -> BuildResult:
    """The same from a corpus in memory. ``complete``: a source that gives no passage stops the build (CorpusError)."""
    say = log or (lambda line: None)
    identity = encoder.identity if encoder else identify(model)
    inputs = inputs_of(read, identity)
    with building(into) as draft:
        tidy(into)
        if not force and (same := _as_it_is(into, read, inputs, nearest)):
            return same
        old = _published(into)
        added, changed, removed = compare(old.inputs["sources"] if old else {}, inputs["sources"])
        if old and not force and nearest in (None, old.kind) and (reason := _nothing_to_do(into, old, inputs)):
            return BuildResult(old.name, len(old.sources), len(old.passages), 0, old.store.rows, added, changed, removed,
                               published=False, reason=reason)
        passages = annotate(_split_all(read, say, complete), read.sources, read.editorial)
        passages = annotate_disagreements(passages, read.sources, read.editorial.pairs)
        sources = {source.id: source for source in read.sources}
        kind = chosen(len(passages), nearest)
        learnt = frozenset(weights.sections(read.weights, identity))
        rows = embedded_texts(passages, sources, read.texts.subjects, read.editorial.glossary, kind, learnt)
        usable = old if old and not force and old.identity == identity else None
        cache, exported = EmbeddingCache(into, identity), runtime_of(usable)
        reference = encoder or ReferenceEncoder(model)  # loaded at its first use
        with_tokens = kind == FLAT and len(passages) <= MOST_PASSAGES
        embeddings = embed(rows, len(passages), with_tokens, reference, None if encoder else exported, usable, cache, progress)
        hashes = [text_sha256(text) for text in rows]
        vectors = np.stack([embeddings.vectors[key] for key in hashes]).astype(np.float32)
        fine = [embeddings.fine[key] for key in hashes[:len(passages)]] if with_tokens else []
        mapped = write_files(draft, read.sources, passages, read.texts, read.editorial.glossary, vectors, fine, kind)
        add_weights(draft, read, identity, say)
        dimensions, embedded, reused = int(vectors.shape[1]), embeddings.through_model, embeddings.reused
        del vectors, embeddings, fine  # a large index opens beside them below, and these are as large again
        probe = add_runtime(draft, reference, usable, exported)
        seal(draft, {"inputs": inputs, "dimensions": dimensions, "passages": len(passages),
                     "rows": len(rows), "probe": [float(value) for value in probe], "nearest": kind}, mapped)
        opened = Index(draft, verify(draft), exported or (None if (draft / RUNTIME).exists() else reference))
        prove_draft(opened, read.sources, {*added, *changed} if usable else (), usable)
        if gate:
            once = exported and CachingEncoder(exported)  # both generations are asked the same, through the same model
            gate(Assistant(opened.with_encoder(once) if once else opened), _answering(old, once or encoder))
        name = publish(into, draft)
        cache.clear()
        prune(into)
    return BuildResult(name, len(sources), len(passages), embedded, reused, added, changed, removed,
                       published=True)


def _as_it_is(into: Path, read: Corpus, inputs: dict[str, Any], nearest: str | None) -> BuildResult | None:
    """What a build says when the published generation is whole and was made from this very corpus; None when it has work.

    Its files are proved but not opened: that takes as long again.
    """
    try:
        folder = current(into)
        manifest = verify(folder)
    except (IndexMissing, IndexCorrupt):
        return None
    if manifest["inputs"] != inputs or nearest not in (None, manifest.get("nearest", FLAT)):
        return None
    rows = manifest["rows"] - sum(len(subject.examples) for subject in read.texts.subjects)
    return BuildResult(folder.name, len(read.sources), manifest["passages"], 0, rows, (), (), (), published=False,
                       reason=f"Nothing changed: {folder.name} stays published.")


def _nothing_to_do(into: Path, old: Index, inputs: dict[str, Any]) -> str:
    """Why a build has nothing to publish; "" when it has. What an operator rolled back does not come back by itself."""
    if out := same_as_rolled_back(into, inputs):
        return (f"These sources gave {out}, which was rolled back: {old.name} stays published until something changes "
                "(`build --force` publishes them again).")
    return ""


def _answering(old: Index | None, encoder: Encoder | None) -> Assistant | None:
    """The published generation, to compare with: with ``encoder`` where that is its own, else with the one that lies in it;
    None when there is none that answers."""
    own = encoder is not None and old is not None and old.identity == encoder.identity
    if old is None or not (own or (old.folder / RUNTIME).exists()):
        return None
    return Assistant(old.with_encoder(encoder if own else None))


def _published(index: Place) -> Index | None:
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
        own = split(source)
        if not own and complete:
            raise CorpusError(f"{read.folder / source.file} gives no passage (no full sentence was found): add text "
                              "or take it out of the corpus.")
        passages += own
    if not passages:
        raise CorpusError(f"{read.folder} gives no passage (no full sentence was found): add text.")
    say(f"{len(read.sources)} sources, {len(passages)} passages.")
    return passages
