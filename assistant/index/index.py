"""passages + vectors -> a generation's files -> an opened index: verified texts, vectors, encoder and network.

    corpus.json     {"texts": fixed texts, "glossary": [...], "sources": [...with text], "passages": [{source_id,
                    start, end, heading, sha256, sentences, asked, notes, differs}]}
    vectors.faiss   one flat inner-product index of unit vectors, so a score is a cosine (rows: see ``stores.memory``)
    tokens.safetensors  token vectors of the passages (see ``late_interaction``)

A passage's words are stored once, in its source's text; a passage is a span and the hash of that span. So text and
score cannot come apart, and a reworded passage no longer matches its hash. A large generation lies in other files
(see ``stores.mapped``) or in a database (``stores.postgres``).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from assistant.arrays import Rows, Vectors
from assistant.atomic_files import write
from assistant.corpus.editorial import Glossary
from assistant.corpus.lines import ITEM
from assistant.errors import AssistantError, EncoderMismatch, IndexCorrupt
from assistant.index.encoder import EXPORT, STORED_WEIGHTS, Encoder, EncoderIdentity, TextEmbedding, read_identity
from assistant.index.encoder_onnx import RuntimeEncoder
from assistant.index.generation import current, verify
from assistant.index.late_interaction import MOST_PASSAGES, TOKENS_FILE, TokenVectors, pack
from assistant.index.location import Place
from assistant.index.serialization import WAY_OUT, canonical, passage_record
from assistant.index.stores.base import Store
from assistant.index.stores.mapped import MappedStore, write_mapped
from assistant.index.stores.memory import MemoryStore
from assistant.index.stores.postgres.catalog import published
from assistant.index.stores.postgres.connection import Database
from assistant.index.stores.postgres.store import opened
from assistant.index.text_index import CORPUS_FILE, StoredTexts, TextIndex, stored_texts, unreadable
from assistant.index.vectors import FLAT, Flat, flat_bytes
from assistant.notices import FixedTexts, Subject
from assistant.schema import Passage, Source
from assistant.screening.classifier import Network, Section

VECTORS_FILE = "vectors.faiss"
PROBE = "Is ketamine addictive?"  # embedded at build and at opening: another model gives another vector
PROBE_COSINE = 0.999


def embedded_texts(passages: Iterable[Passage], sources: Mapping[str, Source], subjects: Sequence[Subject],
                   glossary: Glossary, kind: str = FLAT, learnt: Container[Section] = ()) -> list[str]:
    """The text of every row: passages, their sentences, their asked-as questions, then the subjects' examples.

    Sentences have rows in a flat index only: they would be six times as many as the passages. So have the questions of sections
    that the weights ``learnt`` to find none there. Questions are widened by the glossary, as the ones that people ask will be.
    """
    rows = [_row(passage, sources[passage.source_id].title) for passage in passages]
    for passage in passages if kind == FLAT else ():
        text = sources[passage.source_id].text
        rows += [text[start:end] for start, end in passage.sentences]
    questions = [question for passage in passages if kind != FLAT or section_of(passage) not in learnt
                 for question in passage.asked]
    questions += [example for subject in subjects for example in subject.examples]
    return rows + [glossary.expand(question)[0] for question in questions]


def _row(passage: Passage, title: str) -> str:
    """A passage with what it stands under; a list alone does not say what it is a list of, so its source's title comes first."""
    above = [title] if ITEM.match(passage.text) else []
    return ". ".join(part for part in (*above, passage.heading, passage.text) if part)


def section_of(passage: Passage) -> Section:
    return passage.source_id, passage.heading


def write_files(draft: Path, sources: Iterable[Source], passages: Sequence[Passage], texts: FixedTexts,
                glossary: Glossary, vectors: Vectors, fine: Sequence[TextEmbedding], kind: str = FLAT) -> list[str]:
    """Write corpus.json, vectors.faiss and, for an index that is not too large, the token vectors into a draft.

    A corpus of another ``kind`` (see ``vectors``) goes into mapped files. Returns the names of files too large to be hashed
    whenever they are opened.
    """
    if kind != FLAT:
        head = {"texts": asdict(texts), "glossary": [asdict(term) for term in glossary.terms], "sources": [], "passages": []}
        write(draft / CORPUS_FILE, canonical(head))
        return write_mapped(draft, sources, passages, vectors, sum(len(subject.examples) for subject in texts.subjects))
    corpus = {"texts": asdict(texts), "glossary": [asdict(term) for term in glossary.terms],
              "sources": [asdict(source) for source in sources], "passages": [passage_record(passage) for passage in passages]}
    write(draft / CORPUS_FILE, canonical(corpus))
    write(draft / VECTORS_FILE, flat_bytes(vectors))
    if len(passages) <= MOST_PASSAGES:
        write(draft / TOKENS_FILE, pack(fine))
    return []


class Index(TextIndex):
    """One verified generation. Opening is verifying.

    ``store``: that of a database, whose small files lie in ``folder``; otherwise the folder's own.
    """

    store: Store

    def __init__(self, folder: Path, manifest: dict[str, Any], encoder: Encoder | None = None,
                 load_encoder: bool = True, store: Store | None = None) -> None:
        self.folder = folder
        stored = stored_texts(folder, manifest)
        try:
            self.identity: EncoderIdentity = read_identity(manifest["inputs"]["encoder"])
            self.kind: str = manifest.get("nearest", FLAT)
            self._probe = np.asarray(manifest["probe"], np.float32)
            self.network = Network.open(folder)
            sections = self.network.sections if self.network else ()
            # a large index holds asked-as questions of every section, so that the network need know none of them
            self.learnt: dict[Section, int] = {
                section: number for number, section in enumerate(sections if self.kind == FLAT else ())}
            self.section = np.array([self.learnt.get(section_of(passage), -1) for passage in stored.passages], np.int64)
            self.present = np.isin(np.arange(len(sections)), self.section)  # sections of the weights that this corpus holds
            if store is None:
                store = self._in_memory(stored) if self.kind == FLAT else MappedStore(folder, manifest)
            super().__init__(folder.name, manifest["created"], manifest["inputs"], stored.texts, stored.glossary, store)
            self.row_subject = [subject.id for subject in self.texts.subjects for _ in subject.examples]
            if store.subjects.shape != (len(self.row_subject), int(manifest["dimensions"])):
                raise IndexCorrupt(f"{folder} holds {store.rows + len(store.subjects)} vectors for "
                                   f"{store.rows + len(self.row_subject)} texts: {WAY_OUT}")
        except AssistantError:
            raise
        except Exception as error:  # each library has errors of its own for bytes that it cannot read
            raise unreadable(folder, error) from error
        self.encoder: Encoder | None = None
        if encoder is not None or load_encoder:
            self.encoder = self._checked(encoder)

    def _in_memory(self, stored: StoredTexts) -> MemoryStore:
        asked = [len(passage.asked) if section < 0 else 0 for passage, section in zip(stored.passages, self.section, strict=True)]
        return MemoryStore(stored.passages, stored.sources, Flat((self.folder / VECTORS_FILE).read_bytes()),
                           np.array(asked, np.int64), TokenVectors.open(self.folder / TOKENS_FILE))

    @classmethod
    def open(cls, index: Place, encoder: Encoder | None = None, load_encoder: bool = True, name: str = "") -> Index:
        """Open the published generation of an index folder or a database; of a database another one that is ``name``d.

        Raises IndexMissing, IndexCorrupt or EncoderMismatch, and Unreachable; never returns something unverified.
        """
        before = name or published_in(index)
        try:
            return cls._open(index, encoder, load_encoder, name)
        except IndexCorrupt:
            newer = before if name else published_in(index)  # later builds may have taken this one away while it was being read
            if newer == before:
                raise
        return cls._open(index, encoder, load_encoder, name)

    @classmethod
    def _open(cls, index: Place, encoder: Encoder | None, load_encoder: bool, name: str) -> Index:
        if isinstance(index, Database):
            folder, manifest, store = opened(index, name)
            return cls(folder, manifest, encoder, load_encoder, store)
        folder = current(index)
        return cls(folder, verify(folder), encoder, load_encoder)

    def only(self, sources: Sequence[str] = (), kinds: Sequence[str] = ()) -> Index:
        """The same, searched in these sources and kinds of source alone. Raises BadInput when none is there, or for an index
        folder: the database does that."""
        narrowed = copy(self)
        narrowed.store = self.store.only(sources, kinds)
        return narrowed

    def with_encoder(self, encoder: Encoder | None = None) -> Index:
        """The same generation, asked through another encoder, or through the model that lies in it. Raises as ``open``."""
        other = copy(self)
        other.encoder = self._checked(encoder)
        return other

    def without_network(self) -> Index:
        """The same generation as it answers where no weights fit the model: by rules and retrieval alone."""
        other = copy(self)
        other.network, other.section = None, np.full_like(self.section, -1)
        other.present = np.zeros_like(self.present)
        return other

    def _checked(self, encoder: Encoder | None) -> Encoder:
        if encoder is None:
            if self.inputs.get("export") != EXPORT:
                raise EncoderMismatch(f"The model in {self.folder} was exported by another version, with other weights than "
                                      f"this one asks with ({STORED_WEIGHTS}): rebuild with `python -m assistant build`.")
            try:
                encoder = RuntimeEncoder(self.folder, self.identity)
            except Exception as error:  # the libraries are missing, or raise kinds of their own
                raise IndexCorrupt(f"The model in {self.folder} cannot be loaded ({type(error).__name__}): install "
                                   f"onnxruntime and tokenizers again, or {WAY_OUT}") from error
        if encoder.identity.sha256 == self.identity.sha256:
            probe = encoder.encode([PROBE])[0]
            if probe.shape == self._probe.shape and float(probe @ self._probe) >= PROBE_COSINE:
                return encoder
        raise EncoderMismatch(
            f"The vectors in {self.folder} were made by {self.identity.name} ({self.identity.sha256[:12]}), the model "
            f"at hand is {encoder.identity.name} ({encoder.identity.sha256[:12]}) or behaves differently: rebuild with "
            "`python -m assistant build --force`.", expected=self.identity, found=encoder.identity)

    @property
    def has_learnt(self) -> bool:
        """Whether the network learnt from questions that this corpus answers; of a large index, whether it was asked any."""
        return bool(self.present.any()) if self.store.in_memory else self.store.has_asked

    def sections_of(self, numbers: Rows) -> Rows:
        """The number of each passage's section among those that the network knows, -1 for others: (n,)."""
        return self.section[numbers] if self.store.in_memory else np.full(len(numbers), -1)

    def closest_subject(self, vector: Vectors) -> tuple[str | None, float]:
        """The subject with the example nearest to a question, and the cosine; None without examples."""
        if not self.row_subject:
            return None, 0.0
        cosines = np.vecdot(self.store.subjects, vector)
        best = int(np.argmax(cosines))
        return self.row_subject[best], float(cosines[best])


def published_in(index: Place) -> str:
    """The name of what is published in a folder or a database. Raises IndexMissing, IndexCorrupt or Unreachable."""
    return published(index) if isinstance(index, Database) else current(index).name
