"""corpus.json of a verified generation, or a corpus folder -> what may be quoted: sources, passages, fixed texts.

    generation --manifest, hash of corpus.json, hash of each passage--> TextIndex     (what is published)
    corpus folder --read, split, notes placed-------------------------> TextIndex     (before anything is published)

No vector and no model is touched, so a shelf is there in a fraction of a second and when everything else is missing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.corpus.disagreements import paired
from assistant.corpus.editorial import Glossary, place
from assistant.corpus.entities import names
from assistant.corpus.passages import split
from assistant.corpus.reader import SHIPPED, read_corpus
from assistant.errors import AssistantError, BadInput, CorpusError, IndexCorrupt
from assistant.index.bm25 import Keywords
from assistant.index.encoder import EXPORTED_FILES
from assistant.index.generation import current, pointed, verify
from assistant.index.inputs import altered
from assistant.index.location import Place, only_folder
from assistant.index.serialization import WAY_OUT, read_passage, read_source, read_term, read_texts, searched, text_sha256
from assistant.index.spelling import Speller, speller
from assistant.schema import FixedTexts, Passage, Source

CORPUS_FILE = "corpus.json"
APART = "To answer by words alone or to make a book"


@dataclass(eq=False)
class TextIndex:
    """Texts with the words that they are found by. ``name``: of the generation, empty for a corpus folder."""

    name: str
    created: str
    inputs: dict[str, Any]  # what it was made from, as hashes
    texts: FixedTexts
    glossary: Glossary
    sources: Mapping[str, Source]
    passages: Sequence[Passage]
    keywords: Keywords  # an index whose passages lie apart has others (see ``stacks``)

    @classmethod
    def open(cls, index: Place) -> TextIndex:
        """What is published in an index folder; of its files only corpus.json is proved and read.

        Raises IndexMissing, IndexCorrupt, NoticeMissing, or BadInput for a database.
        """
        index = only_folder(index, APART)
        folder = current(index)
        try:
            return cls(**parts(folder, verify(folder, (CORPUS_FILE,))))
        except IndexCorrupt:
            if pointed(index) == folder.name:  # else a later build took it away while it was being read
                raise
        folder = current(index)
        return cls(**parts(folder, verify(folder, (CORPUS_FILE,))))

    @classmethod
    def open_whole(cls, index: Place) -> TextIndex:
        """The same where all that is published proves itself, except the model that questions are searched with.

        Raises IndexMissing, IndexCorrupt or NoticeMissing: nothing is read from an index that is damaged elsewhere.
        BadInput for a database.
        """
        folder = current(only_folder(index, APART))
        others = set(verify(folder, (CORPUS_FILE,))["files"]) - set(EXPORTED_FILES)
        return cls(**parts(folder, verify(folder, sorted(others))))

    @classmethod
    def of_folder(cls, corpus: Path, shipped: Path = SHIPPED) -> TextIndex:
        """What a build of a corpus folder would index. Raises CorpusError or NoticeMissing."""
        read = read_corpus(corpus, shipped)
        passages = place([passage for source in read.sources for passage in split(source)], read.sources, read.editorial)
        passages = paired(passages, read.sources, read.editorial.pairs)
        if not passages:
            raise CorpusError(f"{corpus} gives no passage (no full sentence was found): add text.")
        return cls("", "", {"sources": {}}, read.texts, read.editorial.glossary,
                   {source.id: source for source in read.sources}, tuple(passages), words_of(passages))

    def passages_of(self, source_id: str) -> tuple[Passage, ...]:
        """A source's passages, in order."""
        return tuple(passage for passage in self.passages if passage.source_id == source_id)

    def count_of(self, source_id: str) -> int:
        """How many passages a source has."""
        return len(self.passages_of(source_id))

    @cached_property
    def speller(self) -> Speller | None:
        """Mends slips of spelling by these words; made when the first question comes, in less than 0.1 s."""
        return speller(self.passages, self.sources.values(), self.glossary, names())

    @property
    def withheld(self) -> int:
        """How often something failed its proof when it was taken; never where everything is proved at opening."""
        return 0

    def hashes(self) -> dict[str, str]:
        """sha256 of each passage's words by its id; empty where each passage is proved when it is taken."""
        return {passage.id: text_sha256(passage.text) for passage in self.passages}


def words_of(passages: Sequence[Passage]) -> Keywords:
    """The words that each passage is found by."""
    return Keywords([searched(passage) for passage in passages])


def parts(folder: Path, manifest: dict[str, Any], apart: bool = False) -> dict[str, Any]:
    """The fields of a TextIndex from a generation whose corpus.json was verified.

    ``apart``: the caller has sources and passages from elsewhere; here there are none, and no keywords. Raises IndexCorrupt,
    NoticeMissing, or BadInput: they lie apart and nobody expects it.
    """
    if manifest.get("mapped") and not apart:
        raise BadInput(f"{folder} is a large index: it is asked with its model only, and no book is made of it. Build a smaller "
                       "corpus, or with `--nearest flat`.")
    try:
        record = json.loads((folder / CORPUS_FILE).read_bytes())
        texts = read_texts(record["texts"])
        glossary = Glossary(tuple(read_term(entry) for entry in record["glossary"]))
        sources = {entry["id"]: read_source(entry) for entry in record["sources"]}
        passages = tuple(_passage(entry, sources, folder) for entry in record["passages"])
        found = {"name": folder.name, "created": manifest["created"], "inputs": manifest["inputs"], "texts": texts,
                 "glossary": glossary, "sources": sources, "passages": passages,
                 "keywords": None if apart else words_of(passages)}
        wrong = altered(found["inputs"], None if apart else sources.values(), texts, glossary)
    except AssistantError:
        raise
    except Exception as error:  # whatever is not what it should be: the sentence is the same
        raise IndexCorrupt(f"{folder} cannot be read as an index ({type(error).__name__}): {WAY_OUT}") from error
    if wrong:
        raise IndexCorrupt(f"{wrong[0].upper()}{wrong[1:]} in {folder} is not what was indexed: {WAY_OUT}", part=wrong)
    return found


def _passage(entry: dict[str, Any], sources: Mapping[str, Source], folder: Path) -> Passage:
    if passage := read_passage(entry, sources[entry["source_id"]].text):
        return passage
    raise IndexCorrupt(f"A passage of {entry['source_id']} in {folder} is not what was indexed: {WAY_OUT}", passage=entry)
