"""a corpus -> hashes of everything that its index depends on, and what changed since they were taken.

    {"sources": {id: hash}, "texts": hash, "notes": hash, ..., "splitter": settings, "encoder": identity}

They stand in the manifest as ``inputs``: text -> its source's sha256 -> hash of the source's record. Equal inputs give the same
index, so a build compares those in the manifest with those of the corpus at hand; and an opened index must hold what they say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from assistant.corpus.editorial import Glossary
from assistant.corpus.passages import SETTINGS
from assistant.corpus.reader import Corpus
from assistant.index.encoder import EXPORT, EncoderIdentity
from assistant.index.serialization import record_sha256
from assistant.index.weights import hashes
from assistant.notices import FixedTexts
from assistant.schema import Source

BOM = b"\xef\xbb\xbf"  # what some editors put before the text; no part of it


def source_sha256(source: Source) -> str:
    """Of everything about a source; its text is in there by its own hash."""
    return record_sha256(asdict(replace(source, text="")))


def texts_sha256(texts: FixedTexts) -> str:
    """Fields that came later are left out while they say nothing, so that what was built before them still proves itself."""
    record = asdict(texts)
    for card in record["cards"].values():
        del card["translation"]  # made for an answer; the languages hold their own
    if not record["languages"]:
        del record["languages"]
    return record_sha256(record)


def glossary_sha256(glossary: Glossary) -> str:
    return record_sha256([asdict(term) for term in glossary.terms])


def has_its_text(source: Source) -> bool:
    """True when a source's text is the one that its hash was taken of, with or without a byte order mark."""
    raw = source.text.encode("utf-8", "surrogatepass")
    return source.sha256 == hashlib.sha256(raw).hexdigest() or source.sha256 == hashlib.sha256(BOM + raw).hexdigest()


def altered(inputs: dict[str, Any], sources: Iterable[Source] | None, texts: FixedTexts, glossary: Glossary) -> str | None:
    """The first part of an opened index that is not what its inputs say, by name; None when all is as it was built.

    ``sources`` is None where they are proved one by one (see ``stores.proofs``).
    """
    held = {source.id: source for source in sources or ()}
    for source in held.values():
        if not has_its_text(source) or inputs["sources"].get(source.id) != source_sha256(source):
            return f"the source {source.id}"
    if sources is not None and held.keys() != inputs["sources"].keys():
        return "the list of sources"
    if inputs["texts"] != texts_sha256(texts):
        return "the notice, the cards or the help lines"
    return "the glossary" if inputs["glossary"] != glossary_sha256(glossary) else None


def inputs_of(read: Corpus, identity: EncoderIdentity) -> dict[str, Any]:
    """Everything that the index depends on, as hashes; equal inputs give the same index."""
    return {
        "sources": {source.id: source_sha256(source) for source in read.sources},
        "texts": texts_sha256(read.texts),
        "notes": record_sha256([*map(asdict, read.editorial.notes), *map(asdict, read.editorial.pairs)]),
        "glossary": glossary_sha256(read.editorial.glossary),
        "asked": record_sha256(read.editorial.asked),
        "weights": record_sha256(hashes(read.weights)),
        "splitter": dict(SETTINGS),
        "encoder": identity.to_json(),
        "export": EXPORT,
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
    now = inputs_of(read, EncoderIdentity("", "", 0))
    changed = [source for group in compare(inputs["sources"], now["sources"]) for source in group]
    return changed + [key for key in now if key not in ("sources", "encoder") and inputs.get(key) != now[key]]
