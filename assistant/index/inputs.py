"""sources and fixed texts -> hashes, and whether an opened index holds what its hashes say. Owns no dependency.

They stand in the manifest as ``inputs`` (see ``staleness``): text -> its source's sha256 -> hash of the source's record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from assistant.corpus.editorial import Glossary
from assistant.index.generation import canonical
from assistant.schema import FixedTexts, Source

BOM = b"\xef\xbb\xbf"  # what some editors put before the text; no part of it


def of_record(record: object) -> str:
    return hashlib.sha256(canonical(record)).hexdigest()


def of_source(source: Source) -> str:
    """Of everything about a source; its text is in there by its own hash."""
    return of_record(asdict(replace(source, text="")))


def of_texts(texts: FixedTexts) -> str:
    """Fields that came later are left out while they say nothing, so that what was built before them still proves itself."""
    record = asdict(texts)
    for card in record["cards"].values():
        del card["translation"]  # made for an answer; the languages hold their own
    if not record["languages"]:
        del record["languages"]
    return of_record(record)


def of_glossary(glossary: Glossary) -> str:
    return of_record([asdict(term) for term in glossary.terms])


def has_its_text(source: Source) -> bool:
    """True when a source's text is the one that its hash was taken of, with or without a byte order mark."""
    raw = source.text.encode("utf-8", "surrogatepass")
    return source.sha256 in (hashlib.sha256(raw).hexdigest(), hashlib.sha256(BOM + raw).hexdigest())


def altered(inputs: dict[str, Any], sources: Iterable[Source] | None, texts: FixedTexts, glossary: Glossary) -> str | None:
    """The first part of an opened index that is not what its inputs say, by name; None when all is as it was built.

    ``sources`` is None where they are proved one by one (see ``stacks``).
    """
    held = {source.id: source for source in sources or ()}
    for source in held.values():
        if not has_its_text(source) or inputs["sources"].get(source.id) != of_source(source):
            return f"the source {source.id}"
    if sources is not None and held.keys() != inputs["sources"].keys():
        return "the list of sources"
    if inputs["texts"] != of_texts(texts):
        return "the notice, the cards or the help lines"
    return "the glossary" if inputs["glossary"] != of_glossary(glossary) else None
