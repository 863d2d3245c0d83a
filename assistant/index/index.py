"""passages + vectors -> a generation's files -> nearest rows. Owns no dependency.

    vectors.faiss   one flat inner-product index of unit vectors, so a score is a cosine:

        row      0 .. P-1      one per passage, of "heading. text"
        row      P .. P+S-1    one per sentence, in the order of the passages
        row      P+S .. R-1    one per asked-as question that the weights have not learnt from, in the order of the passages
        row      R ..          one per example question of a subject that is not covered

    corpus.json     {"texts": fixed texts, "glossary": [...], "sources": [...with text], "passages": [{source_id,
                    start, end, heading, sha256, sentences, asked, notes, differs}]}
    tokens.safetensors  token vectors of the passages (see ``maxsim``)

A passage's words are stored once, in its source's text; a passage is a span and the hash of that span. So text and
score cannot come apart, and a reworded passage no longer matches its hash.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from assistant.corpus.blocks import ITEM
from assistant.corpus.editorial import Glossary
from assistant.errors import AssistantError, EncoderMismatch, IndexCorrupt
from assistant.index.encoder import Encoder, EncoderIdentity, Fine, RuntimeEncoder, Vectors, read_identity
from assistant.index.generation import canonical, current, verify, write
from assistant.index.late_interaction import MOST_PASSAGES, TOKENS_FILE, TokenVectors, pack
from assistant.index.serialization import WAY_OUT, passage_record
from assistant.index.spelling import Speller
from assistant.index.stores.mapped import Passages, Sources, Stacks, write_stacks
from assistant.index.stores.postgres.catalog import published
from assistant.index.stores.postgres.connection import Engine, Place
from assistant.index.stores.postgres.store import TableStacks, opened
from assistant.index.stores.postgres.verify import prove
from assistant.index.text_index import CORPUS_FILE, Shelf, parts
from assistant.index.vectors import FLAT, Flat, Rows, flat_bytes
from assistant.schema import FixedTexts, Passage, Source, Subject
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
    return rows + [glossary.widen(question)[0] for question in questions]


def _row(passage: Passage, title: str) -> str:
    """A passage with what it stands under; a list alone does not say what it is a list of, so its source's title comes first."""
    above = [title] if ITEM.match(passage.text) else []
    return ". ".join(part for part in (*above, passage.heading, passage.text) if part)


def section_of(passage: Passage) -> Section:
    return passage.source_id, passage.heading


def write_files(draft: Path, sources: Iterable[Source], passages: Sequence[Passage], texts: FixedTexts,
                glossary: Glossary, vectors: Vectors, fine: Sequence[Fine], kind: str = FLAT) -> list[str]:
    """Write corpus.json, vectors.faiss and, for an index that is not too large, the token vectors into a draft.

    A corpus of another ``kind`` (see ``nearest``) goes into the stacks. Returns the names of files too large to be hashed
    whenever they are opened.
    """
    if kind != FLAT:
        head = {"texts": asdict(texts), "glossary": [asdict(term) for term in glossary.terms], "sources": [], "passages": []}
        write(draft / CORPUS_FILE, canonical(head))
        return write_stacks(draft, sources, passages, vectors, sum(len(subject.examples) for subject in texts.subjects))
    corpus = {"texts": asdict(texts), "glossary": [asdict(term) for term in glossary.terms],
              "sources": [asdict(source) for source in sources], "passages": [passage_record(passage) for passage in passages]}
    write(draft / CORPUS_FILE, canonical(corpus))
    write(draft / VECTORS_FILE, flat_bytes(vectors))
    if len(passages) <= MOST_PASSAGES:
        write(draft / TOKENS_FILE, pack(fine))
    return []


class Index(Shelf):
    """One verified generation in memory. Opening is verifying.

    ``stacks``: those of a database, whose small files lie in ``folder``.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], encoder: Encoder | None = None,
                 load_encoder: bool = True, stacks: Stacks | None = None) -> None:
        self.folder = folder
        try:
            self.identity: EncoderIdentity = read_identity(manifest["inputs"]["encoder"])
            self.kind: str = manifest.get("nearest", FLAT)
            super().__init__(**parts(folder, manifest, apart=self.kind != FLAT))
            self.stacks = stacks or (None if self.kind == FLAT else Stacks(folder, manifest))
            self._flat = None if self.stacks else Flat((folder / VECTORS_FILE).read_bytes())  # it holds what the rows show
            self._rows: Vectors = self._flat.rows if self._flat else self.stacks.subjects  # type: ignore[union-attr]  # one is there
            self.tokens = TokenVectors.open(folder / TOKENS_FILE)
            self.network = Network.open(folder)
            known = self.network.sections if self.network and not self.stacks else ()
            self.learnt: dict[Section, int] = {section: number for number, section in enumerate(known)}
            dimensions, self._probe = int(manifest["dimensions"]), np.asarray(manifest["probe"], np.float32)
            sentences = np.array([len(passage.sentences) for passage in self.passages], np.int64)
            self.section = np.array([self.learnt.get(section_of(passage), -1) for passage in self.passages], np.int64)
            self.present = np.isin(np.arange(len(known)), self.section)  # sections of the weights that this corpus holds
            asked = np.array([len(passage.asked) if section < 0 else 0
                              for passage, section in zip(self.passages, self.section, strict=True)], np.int64)
            numbers = np.arange(len(self.passages))
            self.row_passage = np.concatenate([numbers, np.repeat(numbers, sentences), np.repeat(numbers, asked)])
            self.first_sentence = len(self.passages) + np.concatenate([[0], np.cumsum(sentences)])
            self.first_asked = self.first_sentence[-1] + np.concatenate([[0], np.cumsum(asked)])
            self.row_subject = [subject.id for subject in self.texts.subjects for _ in subject.examples]
        except AssistantError:
            raise
        except Exception as error:  # each library has errors of its own for bytes that it cannot read
            raise IndexCorrupt(f"{folder} cannot be read as an index ({type(error).__name__}): {WAY_OUT}") from error
        if (self._rows.shape != (len(self.row_passage) + len(self.row_subject), dimensions)
                or (self.tokens is not None and len(self.tokens) != len(self.passages))):
            raise IndexCorrupt(f"{folder} holds {len(self._rows)} vectors for "
                               f"{len(self.row_passage) + len(self.row_subject)} texts: {WAY_OUT}")
        if self.stacks:  # its passages and sources are proved when they are taken
            self.passages = Passages(self.stacks.proved)
            self.sources = Sources(self.stacks.proved, self.inputs["sources"])
        self.encoder: Encoder | None = None
        if encoder is not None or load_encoder:
            self.encoder = self._checked(encoder)

    def passages_of(self, source_id: str) -> tuple[Passage, ...]:
        if self.stacks:
            return self.stacks.proved.passages_of(source_id)
        return super().passages_of(source_id)

    def count_of(self, source_id: str) -> int:
        return len(self.stacks.proved.numbers_of(source_id)) if self.stacks else super().count_of(source_id)

    @cached_property
    def speller(self) -> Speller | None:
        """None for stacks: they hold stems, which are no words to mend a slip with, and their passages are not all read."""
        return None if self.stacks else super().speller

    @property
    def withheld(self) -> int:
        return self.stacks.proved.withheld if self.stacks else 0

    def hashes(self) -> dict[str, str]:
        return {} if self.stacks else super().hashes()

    @property
    def rows(self) -> int:
        """Rows of passages, sentences and asked-as questions."""
        return len(self.passages) + len(self.stacks.asked) if self.stacks else len(self.row_passage)

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
        if isinstance(index, Engine):
            folder, manifest, stacks = opened(index, name)
            return cls(folder, manifest, encoder, load_encoder, stacks)
        folder = current(index)
        return cls(folder, verify(folder), encoder, load_encoder)

    def prove(self) -> None:
        """Read and prove everything that opening leaves for later. Raises IndexCorrupt, which names what is wrong."""
        if isinstance(self.stacks, TableStacks):
            prove(self.stacks)
        elif self.stacks:
            verify(self.folder, mapped=True)

    def with_encoder(self, encoder: Encoder | None = None) -> Index:
        """The same generation, asked through another encoder, or through the model that lies in it. Raises as ``open``."""
        found = copy(self)
        found.encoder = self._checked(encoder)
        return found

    def without_network(self) -> Index:
        """The same generation as it answers where no weights fit the model: by rules and retrieval alone."""
        found = copy(self)
        found.network, found.section = None, np.full_like(self.section, -1)
        found.present = np.zeros_like(self.present)
        return found

    def _checked(self, encoder: Encoder | None) -> Encoder:
        if encoder is None:
            try:
                encoder = RuntimeEncoder(self.folder, self.identity)
            except Exception as error:  # the libraries are missing, or raise kinds of their own
                raise IndexCorrupt(f"The model in {self.folder} cannot be loaded ({type(error).__name__}): install "
                                   f"onnxruntime and tokenizers again, or {WAY_OUT}") from error
        if encoder.identity.sha256 == self.identity.sha256:
            made = encoder.encode([PROBE])[0]
            if made.shape == self._probe.shape and float(made @ self._probe) >= PROBE_COSINE:
                return encoder
        raise EncoderMismatch(
            f"The vectors in {self.folder} were made by {self.identity.name} ({self.identity.sha256[:12]}), the model "
            f"at hand is {encoder.identity.name} ({encoder.identity.sha256[:12]}) or behaves differently: rebuild with "
            "`python -m assistant build --force`.", expected=self.identity, found=encoder.identity)

    def cosines(self, vector: Vectors) -> Vectors:
        """The cosine of every row with a question's vector: (rows,).

        Row by row, without BLAS: three times as quick for one vector, and equal rows get equal figures wherever they stand.
        """
        found: Vectors = np.vecdot(self._rows, vector)
        return found

    def nearest(self, cosines: Vectors, count: int) -> Rows:
        """Numbers of the ``count`` nearest rows and more, of those that belong to passages; in no order."""
        count += len(self.row_subject)
        if count >= len(cosines):
            return np.arange(len(self.row_passage))
        rows = np.argpartition(-cosines, count)[:count]
        return rows[rows < len(self.row_passage)]

    def closest_subject(self, cosines: Vectors) -> tuple[str | None, float]:
        """The subject with the example nearest to a question, and the cosine; None without examples."""
        if not self.row_subject:
            return None, 0.0
        examples = cosines[len(self.row_passage):]
        best = int(np.argmax(examples))
        return self.row_subject[best], float(examples[best])

    def vectors(self, rows: Rows) -> Vectors:
        """Stored vectors of the given rows: (len(rows), dim)."""
        return self.stacks.codes.vectors(rows) if self.stacks else self._rows[np.asarray(rows, np.int64)]


def published_in(index: Place) -> str:
    """The name of what is published in a folder or a database. Raises IndexMissing, IndexCorrupt or Unreachable."""
    return published(index) if isinstance(index, Engine) else current(index).name
