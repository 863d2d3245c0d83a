"""texts of all rows -> their vectors; what an earlier build made does not go through the model again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from assistant.arrays import Vectors
from assistant.index.encoder import Encoder, Progress, TextEmbedding
from assistant.index.index import Index, embedded_texts
from assistant.index.serialization import text_sha256
from assistant.indexing import embedding_cache
from assistant.indexing.embedding_cache import EmbeddingCache

STORED = np.float16  # of token vectors on disk (see ``late_interaction``)
FEW = 500  # texts up to which the exported model of the generation before is done before torch is loaded


@dataclass(frozen=True)
class Embedded:
    """Vectors, and token vectors of passages, by text hash, and how many texts went through the model."""

    vectors: dict[str, Vectors]
    fine: dict[str, TextEmbedding]
    through_model: int
    reused: int  # rows that an earlier build had made


def embed(rows: list[str], passages: int, with_tokens: bool, encoder: Encoder, exported: Encoder | None, old: Index | None,
           cache: EmbeddingCache, progress: Progress | None) -> Embedded:
    """Vectors of all rows; the first ``passages`` rows get token vectors too where the index stores these (``with_tokens``).

    What the old generation or a killed build has embedded does not go through the model again, and a FEW texts go through the
    exported one. Texts go in by length, so that those of a batch pad each other least.
    """
    known, fine = stored(old) if old else ({}, {})
    cached, cached_fine = cache.read()
    known, fine = cached | known, cached_fine | fine
    hashes = [text_sha256(text) for text in rows]
    reused = sum(key in known for key in hashes)
    wanted = dict(zip(hashes[:passages], rows[:passages], strict=True))
    new_passages = {key: text for key, text in wanted.items() if key not in (fine if with_tokens else known)}
    rest = dict(zip(hashes[passages:], rows[passages:], strict=True))
    new_rest = {key: text for key, text in rest.items() if key not in known and key not in new_passages}
    total, done = len(new_passages) + len(new_rest), 0
    if exported and total <= FEW:
        encoder = exported

    def report(before: int) -> Progress:
        return lambda done, _: progress(before + done, total) if progress else None

    for texts, held in ((new_passages, with_tokens), (new_rest, False)):  # ``held``: token vectors, in full until they are cached
        keys = sorted(texts, key=lambda key: len(texts[key]))
        workers = 1 if held else getattr(encoder, "workers", 1)  # each batch ends with a barrier
        at_once = embedding_cache.AT_ONCE * workers
        for start in range(0, len(keys), at_once):
            part = keys[start:start + at_once]
            batch = [texts[key] for key in part]
            if held:
                embedded = {key: replace(item, tokens=item.tokens.astype(STORED))
                        for key, item in zip(part, encoder.encode_fine(batch, report(done)), strict=True)}
                fine |= embedded
                vectors = {key: item.vector for key, item in embedded.items()}
                cache.add(vectors, embedded)
            else:
                vectors = dict(zip(part, encoder.encode(batch, report(done)), strict=True))
                cache.add(vectors)
            known |= vectors
            done += len(part)
    return Embedded(known, fine, total, reused)


def stored(old: Index) -> tuple[dict[str, Vectors], dict[str, TextEmbedding]]:
    """Vectors and token vectors of a generation by the hash of their text."""
    hashes = [text_sha256(text) for text in
              embedded_texts(old.passages, old.sources, old.texts.subjects, old.glossary, old.kind, old.learnt)]
    vectors = np.concatenate([old.store.vectors(np.arange(old.store.rows)), old.store.subjects])
    fine = {}
    late_interaction = old.store.late_interaction
    for number in range(len(late_interaction) if late_interaction else 0):
        ids, tokens = late_interaction.of(number)  # type: ignore[union-attr]  # the range is empty without them
        fine[hashes[number]] = TextEmbedding(vectors[number], ids, tokens.astype(STORED))
    return dict(zip(hashes, vectors, strict=True)), fine
