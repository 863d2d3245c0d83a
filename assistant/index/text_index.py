"""a generation, or a corpus folder -> what may be quoted and the words that it is found by: a TextIndex.

    generation --manifest, hash of corpus.json, hash of each passage--> TextIndex     (what is published)
    corpus folder --read, split, notes placed-------------------------> TextIndex     (before anything is published)

No vector and no model is touched, so it is there in a fraction of a second and when everything else is missing. The passages of
a large generation are verified when they are read; those of any other when it is opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.corpus.editorial import Glossary, annotate, annotate_disagreements
from assistant.corpus.entities import names
from assistant.corpus.files import SHIPPED
from assistant.corpus.passages import split
from assistant.corpus.reader import read_corpus
from assistant.errors import AssistantError, CorpusError, IndexCorrupt
from assistant.index.encoder import EXPORTED_FILES
from assistant.index.generation import current, pointed, verify
from assistant.index.inputs import altered
from assistant.index.location import Place
from assistant.index.serialization import WAY_OUT, read_passage, read_source, read_term, read_texts
from assistant.index.spelling import Speller, speller
from assistant.index.stores.base import TextStore
from assistant.index.stores.mapped import TEXT_FILES, mapped_texts
from assistant.index.stores.memory import MemoryTextStore
from assistant.index.stores.postgres.connection import Database
from assistant.index.stores.postgres.store import opened
from assistant.notices import FixedTexts
from assistant.schema import Passage, Source

CORPUS_FILE = "corpus.json"


@dataclass(eq=False)
class TextIndex:
    """Texts with BM25. ``name``: of the generation, empty for a corpus folder."""

    name: str
    created: str
    inputs: dict[str, Any]  # what it was made from, as hashes
    texts: FixedTexts
    glossary: Glossary
    store: TextStore

    @classmethod
    def open(cls, index: Place) -> TextIndex:
        """What is published; of an index folder only the files that hold its words are proved and read.

        Raises IndexMissing, IndexCorrupt or NoticeMissing, and Unreachable or BadInput for a database.
        """
        if isinstance(index, Database):
            folder, manifest, store = opened(index)
            return of_generation(folder, manifest, store)
        folder = current(index)
        try:
            return _of_texts(folder)
        except IndexCorrupt:
            if pointed(index) == folder.name:  # else a later build took it away while it was being read
                raise
        return _of_texts(current(index))

    @classmethod
    def open_whole(cls, index: Place) -> TextIndex:
        """The same where all that is published proves itself, except the model that questions are searched with.

        Raises as ``open``: nothing is read from an index that is damaged elsewhere.
        """
        if not isinstance(index, Database):
            folder = current(index)
            verify(folder, sorted(set(verify(folder, (CORPUS_FILE,))["files"]) - set(EXPORTED_FILES)))
        return cls.open(index)

    @classmethod
    def of_folder(cls, corpus: Path, shipped: Path = SHIPPED) -> TextIndex:
        """What a build of a corpus folder would index. Raises CorpusError or NoticeMissing."""
        read = read_corpus(corpus, shipped)
        passages = annotate([passage for source in read.sources for passage in split(source)], read.sources, read.editorial)
        passages = annotate_disagreements(passages, read.sources, read.editorial.pairs)
        if not passages:
            raise CorpusError(f"{corpus} gives no passage (no full sentence was found): add text.")
        return cls("", "", {"sources": {}}, read.texts, read.editorial.glossary,
                   MemoryTextStore(passages, {source.id: source for source in read.sources}))

    @property
    def passages(self) -> Sequence[Passage]:
        return self.store.passages

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.store.sources

    def passages_of(self, source_id: str) -> tuple[Passage, ...]:
        """A source's passages, in order."""
        return self.store.passages_of(source_id)

    def count_of(self, source_id: str) -> int:
        """How many passages a source has."""
        return self.store.count_of(source_id)

    @cached_property
    def speller(self) -> Speller | None:
        """Mends slips of spelling by these words; made when the first question comes, in less than 0.1 s. None for a large
        index: it holds stems, which are no words to mend a slip with, and its passages are not all read."""
        if not self.store.in_memory:
            return None
        return speller(self.passages, self.sources.values(), self.glossary, names())

    @property
    def withheld(self) -> int:
        """How often something failed its proof when it was to be shown."""
        return self.store.withheld


@dataclass(frozen=True)
class StoredTexts:
    """What corpus.json holds; of a large generation the fixed texts and the glossary alone."""

    texts: FixedTexts
    glossary: Glossary
    sources: dict[str, Source]
    passages: tuple[Passage, ...]


def stored_texts(folder: Path, manifest: dict[str, Any]) -> StoredTexts:
    """Read the verified corpus.json of a generation. Raises IndexCorrupt or NoticeMissing."""
    large = bool(manifest.get("mapped"))
    try:
        record = json.loads((folder / CORPUS_FILE).read_bytes())
        texts = read_texts(record["texts"])
        glossary = Glossary(tuple(read_term(entry) for entry in record["glossary"]))
        sources = {entry["id"]: read_source(entry) for entry in record["sources"]}
        passages = tuple(_passage(entry, sources, folder) for entry in record["passages"])
        wrong = altered(manifest["inputs"], None if large else sources.values(), texts, glossary)
    except AssistantError:
        raise
    except Exception as error:  # whatever is not what it should be: the sentence is the same
        raise unreadable(folder, error) from error
    if wrong:
        raise IndexCorrupt(f"{wrong[0].upper()}{wrong[1:]} in {folder} is not what was indexed: {WAY_OUT}", part=wrong)
    return StoredTexts(texts, glossary, sources, passages)


def _passage(entry: dict[str, Any], sources: Mapping[str, Source], folder: Path) -> Passage:
    if passage := read_passage(entry, sources[entry["source_id"]].text):
        return passage
    raise IndexCorrupt(f"A passage of {entry['source_id']} in {folder} is not what was indexed: {WAY_OUT}", passage=entry)


def of_generation(folder: Path, manifest: dict[str, Any], store: TextStore | None = None) -> TextIndex:
    """The texts of a verified generation; ``store``: where they lie, when that is a database."""
    stored = stored_texts(folder, manifest)
    try:
        store = store or (mapped_texts(folder, manifest) if manifest.get("mapped")
                          else MemoryTextStore(stored.passages, stored.sources))
        return TextIndex(folder.name, manifest["created"], manifest["inputs"], stored.texts, stored.glossary, store)
    except AssistantError:
        raise
    except Exception as error:  # each library has errors of its own for bytes that it cannot read
        raise unreadable(folder, error) from error


def _of_texts(folder: Path) -> TextIndex:
    manifest = verify(folder, (CORPUS_FILE,))
    if large := manifest.get("mapped"):
        verify(folder, [name for name in (*manifest["files"], *large) if name.startswith(TEXT_FILES)])
    return of_generation(folder, manifest)


def unreadable(folder: Path, error: Exception) -> IndexCorrupt:
    return IndexCorrupt(f"{folder} cannot be read as an index ({type(error).__name__}): {WAY_OUT}")
