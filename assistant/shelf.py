"""corpus.json of a verified generation, or a corpus folder -> what may be quoted: sources, passages, fixed texts. Owns no
dependency.

    generation --manifest, hash of corpus.json, hash of each passage--> Shelf     (what is published)
    corpus folder --read, split, notes placed-------------------------> Shelf     (before anything is published)

No vector and no model is touched, so a shelf is there in a fraction of a second and when everything else is missing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.corpus import SHIPPED, read_corpus
from assistant.differing import paired
from assistant.editorial import Glossary, place
from assistant.embedding import GRAPH, TOKENIZER
from assistant.errors import AssistantError, CorpusError, IndexCorrupt, NoticeMissing
from assistant.fingerprints import altered
from assistant.generation import current, pointed, verify
from assistant.keywords import Keywords
from assistant.passages import split
from assistant.schema import (
    Difference,
    FixedTexts,
    Helpline,
    Note,
    Notice,
    Passage,
    PlacedNote,
    Reference,
    Source,
    Subject,
    Term,
    Urgent,
)

CORPUS_FILE = "corpus.json"
WAY_OUT = "rebuild it with `python -m assistant build --force`."


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(eq=False)
class Shelf:
    """Texts with the words that they are found by. ``name``: of the generation, empty for a corpus folder."""

    name: str
    created: str
    inputs: dict[str, Any]  # what it was made from, as hashes
    texts: FixedTexts
    glossary: Glossary
    sources: dict[str, Source]
    passages: tuple[Passage, ...]
    keywords: Keywords

    @classmethod
    def open(cls, index: Path) -> Shelf:
        """What is published in an index folder; of its files only corpus.json is proved and read.

        Raises IndexMissing, IndexCorrupt or NoticeMissing.
        """
        folder = current(index)
        try:
            return cls(**parts(folder, verify(folder, (CORPUS_FILE,))))
        except IndexCorrupt:
            if pointed(index) == folder.name:  # else a later build took it away while it was being read
                raise
        folder = current(index)
        return cls(**parts(folder, verify(folder, (CORPUS_FILE,))))

    @classmethod
    def open_whole(cls, index: Path) -> Shelf:
        """The same where all that is published proves itself, except the model that questions are searched with.

        Raises IndexMissing, IndexCorrupt or NoticeMissing: nothing is read from an index that is damaged elsewhere.
        """
        folder = current(index)
        others = set(verify(folder, (CORPUS_FILE,))["files"]) - {GRAPH, TOKENIZER}
        return cls(**parts(folder, verify(folder, sorted(others))))

    @classmethod
    def of_folder(cls, corpus: Path, shipped: Path = SHIPPED) -> Shelf:
        """What a build of a corpus folder would index. Raises CorpusError or NoticeMissing."""
        read = read_corpus(corpus, shipped)
        passages = place([passage for source in read.sources for passage in split(source)], read.sources, read.editorial)
        passages = paired(passages, read.sources, read.editorial.pairs)
        if not passages:
            raise CorpusError(f"{corpus} gives no passage (no full sentence was found): add text.")
        return cls("", "", {"sources": {}}, read.texts, read.editorial.glossary,
                   {source.id: source for source in read.sources}, tuple(passages), searched(passages))


def searched(passages: Sequence[Passage]) -> Keywords:
    """The words that each passage is found by: its own, its heading's and those of its asked-as questions."""
    return Keywords([" ".join([passage.heading, passage.text, *passage.asked]) for passage in passages])


def parts(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """The fields of a Shelf from a generation whose corpus.json was verified. Raises IndexCorrupt or NoticeMissing."""
    try:
        record = json.loads((folder / CORPUS_FILE).read_bytes())
        texts = _fixed_texts(record["texts"])
        glossary = Glossary(tuple(_term(entry) for entry in record["glossary"]))
        sources = {entry["id"]: _source(entry) for entry in record["sources"]}
        passages = tuple(_passage(entry, sources, folder) for entry in record["passages"])
        found = {"name": folder.name, "created": manifest["created"], "inputs": manifest["inputs"], "texts": texts,
                 "glossary": glossary, "sources": sources, "passages": passages, "keywords": searched(passages)}
        wrong = altered(found["inputs"], sources.values(), texts, glossary)
    except AssistantError:
        raise
    except Exception as error:  # whatever is not what it should be: the sentence is the same
        raise IndexCorrupt(f"{folder} cannot be read as an index ({type(error).__name__}): {WAY_OUT}") from error
    if wrong:
        raise IndexCorrupt(f"{wrong[0].upper()}{wrong[1:]} in {folder} is not what was indexed: {WAY_OUT}", part=wrong)
    return found


def _passage(entry: dict[str, Any], sources: dict[str, Source], folder: Path) -> Passage:
    whole, start, end = sources[entry["source_id"]].text, entry["start"], entry["end"]
    text = whole[start:end]
    spans = [*entry["sentences"], *([note["start"], note["end"]] for note in entry["notes"])]
    if (text_sha256(text) != entry["sha256"] or not 0 <= start < end <= len(whole)
            or not all(0 <= first < last <= len(whole) for first, last in spans)
            or not all(start <= first and last <= end for first, last in entry["sentences"])):
        raise IndexCorrupt(f"A passage of {entry['source_id']} in {folder} is not what was indexed: {WAY_OUT}", passage=entry)
    return Passage(entry["source_id"], entry["start"], entry["end"], entry["heading"], text,
                   tuple((start, end) for start, end in entry["sentences"]), tuple(entry["asked"]),
                   tuple(PlacedNote(note["start"], note["end"], Note(**note["note"])) for note in entry["notes"]),
                   tuple(Difference(**other) for other in entry.get("differs", ())))


def _fixed_texts(record: dict[str, Any]) -> FixedTexts:
    notice = record["notice"]
    if not notice["text"].strip() or not notice["helplines"]:
        raise NoticeMissing(f"The index holds no safety notice: {WAY_OUT}")
    return FixedTexts(
        record["region"], Notice(notice["text"], _lines(notice["helplines"])),
        {kind: _card(card) for kind, card in record["cards"].items()}, record["related"], record["not_covered"],
        tuple(Subject(entry["id"], entry["text"], tuple(entry["examples"])) for entry in record["subjects"]), record["contact"])


def _term(record: dict[str, Any]) -> Term:
    return Term(record["word"], tuple(record["also"]), tuple(record["misspelt"]), tuple(record["heard"]), record["swap"])


def _lines(records: list[dict[str, Any]]) -> tuple[Helpline, ...]:
    return tuple(Helpline(**entry) for entry in records)


def _card(record: dict[str, Any]) -> Urgent:
    return Urgent(record["kind"], record["heading"], record["text"], _lines(record["helplines"]))


def _source(record: dict[str, Any]) -> Source:
    return Source(**{**record, "exclude": tuple(record["exclude"]),
                     "references": tuple(Reference(**entry) for entry in record["references"])})
