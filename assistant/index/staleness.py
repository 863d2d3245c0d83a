"""a corpus and the inputs of an index -> what changed since. Owns no dependency.

    {"sources": {id: hash}, "texts": hash, "notes": hash, ..., "splitter": settings, "encoder": identity}

Equal inputs give the same index: a build compares those in the manifest with those of the corpus at hand.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from assistant.corpus.passages import SETTINGS
from assistant.corpus.reader import Corpus
from assistant.index.encoder import EXPORT, EncoderIdentity
from assistant.index.inputs import of_glossary, of_record, of_source, of_texts
from assistant.index.weights import hashes


def of_inputs(read: Corpus, identity: EncoderIdentity) -> dict[str, Any]:
    """Everything that the index depends on, as hashes; equal inputs give the same index."""
    return {
        "sources": {source.id: of_source(source) for source in read.sources},
        "texts": of_texts(read.texts),
        "notes": of_record([*map(asdict, read.editorial.notes), *map(asdict, read.editorial.pairs)]),
        "glossary": of_glossary(read.editorial.glossary),
        "asked": of_record(read.editorial.asked),
        "weights": of_record(hashes(read.weights)),
        "splitter": dict(SETTINGS),
        "encoder": identity.to_json(),
        "export": of_record(EXPORT),
    }


def compare(old: dict[str, str], new: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Ids added, changed and removed between two {id: hash}, each in order."""
    return (tuple(sorted(new.keys() - old.keys())),
            tuple(sorted(key for key in new.keys() & old.keys() if new[key] != old[key])),
            tuple(sorted(old.keys() - new.keys())))


def stale_sources(read: Corpus, inputs: dict[str, Any]) -> list[str]:
    """What changed since the index was built: ids of sources, and names of the other parts ("texts", "notes", ...).

    The encoder is left out: a corpus says nothing about it.
    """
    now = of_inputs(read, EncoderIdentity("", "", 0))
    found = [source for group in compare(inputs["sources"], now["sources"]) for source in group]
    return found + [key for key in now if key not in ("sources", "encoder") and inputs.get(key) != now[key]]
