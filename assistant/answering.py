"""question -> answer: screen, retrieve, decide, cite. Owns no dependency.

    question -> clean -> urgent screen ----------------------------> card first, fact sheets below
                     \\-> another language --------------------> card in it and in English, or one sentence
                     \\-> subjects not answered from passages ------> not_covered and where to ask
                      \\-> embed -> rank -> confidence -> decide ---> answered | related | not_covered

The notice is part of every answer. A passage is shown only after its words were cut again from the source's text
and matched the hash that was stored when it was indexed.
"""

from __future__ import annotations

import copy
import logging
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant import confidence, limits, urgent
from assistant.balance import Shown, beside, choose, joined
from assistant.editorial import joined as joined_notes
from assistant.embedding import EXPORTED, Encoder, Fine, ReferenceEncoder
from assistant.engine import Place, located
from assistant.errors import BadInput, QuestionError
from assistant.index import Index
from assistant.kernel import slots
from assistant.lookup import TableStacks
from assistant.papers import page_at
from assistant.ranking import Evidence, rank
from assistant.records import text_sha256
from assistant.schema import ENGLISH, Answer, Citation, FixedTexts, Hit, Passage, PlacedNote, Source
from assistant.shelf import Shelf

MAX_QUESTION = 2000  # characters; the longest of the real messages has about 400
DEEP = 20  # hits that are ranked before repeats are taken out
URGENT_COSINE = 0.35  # below this a fact sheet has nothing to say to an urgent message
CONTROLS = dict.fromkeys([*range(32), 127], " ")  # of ASCII
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}  # control, format, surrogate, private, unassigned

log = logging.getLogger(__name__)


def clean(question: str) -> str:
    """The question as it is searched: NFC, without invisible characters, single spaces.

    Raises QuestionError when nothing readable is left or it is longer than MAX_QUESTION.
    """
    if question.isascii():
        readable = " ".join(question.translate(CONTROLS).split())
        return _measured(readable)
    if any(unicodedata.category(char) == "Cs" for char in question):
        raise QuestionError("The question is not readable text: type it again, in UTF-8.")
    readable = "".join(" " if unicodedata.category(char) == "Cc" else char for char in question
                       if unicodedata.category(char) == "Cc" or unicodedata.category(char) not in INVISIBLE)
    return _measured(re.sub(r"\s+", " ", unicodedata.normalize("NFC", readable)).strip())


def _measured(readable: str) -> str:
    if not any(char.isalnum() for char in readable):
        raise QuestionError("There is no question to search for: type a few words.")
    if len(readable) > MAX_QUESTION:
        raise QuestionError(f"The question has {len(readable):,} characters: shorten it to {MAX_QUESTION:,} or fewer.")
    return readable


def screen(question: str, texts: FixedTexts, liked: tuple[str, ...] = ()) -> Answer | None:
    """What needs no index and no model: the urgent card, or a sentence for a question in another language; None for others.

    ``liked``: kinds that the second stage adds to those of the rules.
    """
    kinds = [kind for kind in urgent.joined(urgent.screen(question), liked) if kind in texts.cards]
    spoken = urgent.language(question)
    known = texts.languages.get(spoken or ENGLISH)
    if kinds:
        first, *rest = (replace(texts.cards[kind], translation=known.cards.get(kind) if known else None) for kind in kinds)
        return Answer(question, "urgent", texts.notice, urgent=replace(first, also=tuple(rest)), language=spoken)
    if spoken is None or ENGLISH not in texts.languages:
        return None
    english = texts.languages[ENGLISH]
    message = f"{known.calm} {english.calm}" if known else f"{english.calm} {english.others}".strip()
    return Answer(question, "not_covered", texts.notice, message=message, language=spoken, translated=known.calm if known else "")


def refuse(question: str, texts: FixedTexts, sentence: str) -> Answer:
    """An answer without passages that says one sentence, for questions that cannot be searched."""
    return Answer(question, "not_covered", texts.notice, message=sentence)


class Reader:
    """Texts that may be quoted. Immutable after opening, so threads may share it."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.texts: FixedTexts = shelf.texts
        self.generation: str = shelf.name
        self.created: str = shelf.created
        self.inputs = shelf.inputs  # what it was built from, as hashes
        self._unlike = 0  # passages that no longer matched their hash when they were to be shown
        self._hashes = shelf.hashes()

    @property
    def withheld(self) -> int:
        """How often a passage or a source failed its proof and was not shown."""
        return self._unlike + self._shelf.withheld

    @property
    def sources(self) -> tuple[Source, ...]:
        """All of them; those of a large index are read and proved one by one."""
        return tuple(self._shelf.sources.values())

    @property
    def by_id(self) -> Mapping[str, Source]:
        """The sources by their ids."""
        return self._shelf.sources

    def passages_of(self, source_id: str) -> tuple[Passage, ...]:
        return self._shelf.passages_of(source_id)

    def count_of(self, source_id: str) -> int:
        """How many passages a source has."""
        return self._shelf.count_of(source_id)

    def notes_of(self, source_id: str) -> tuple[PlacedNote, ...]:
        """Editor's notes of a source with the spans that they speak of, in order."""
        notes = {note for passage in self.passages_of(source_id) for note in passage.notes}
        return tuple(sorted(notes, key=lambda placed: (placed.start, placed.end)))

    def quotations(self, source_id: str) -> tuple[Citation, ...]:
        """Every passage of a source as a citation with no sentence marked, in order; one that cannot be proved is left out."""
        return self._cite([Shown(Hit(passage, 0.0, rank, (passage.start, passage.start)))
                           for rank, passage in enumerate(self.passages_of(source_id), 1)])

    def _kind(self, hit: Hit) -> str:
        return self._shelf.sources[hit.passage.source_id].kind

    def _cite(self, shown: list[Shown]) -> tuple[Citation, ...]:
        """Citations of hits whose words are proved; ranks count from 1 without gaps."""
        citations: list[Citation] = []
        for one in shown:
            hit = one.hit
            passage, source = hit.passage, self._shelf.sources[hit.passage.source_id]
            exact = source.text[passage.start:passage.end]
            if exact != passage.text or (self._hashes and text_sha256(exact) != self._hashes[passage.id]):
                self._unlike += 1
                log.error("A passage of %s no longer matches its hash and was withheld.", source.id)
                continue
            citations.append(Citation(
                len(citations) + 1, round(hit.score, 4), source.id, passage.start, passage.end, exact, hit.sentence,
                passage.heading, source.title, source.publisher, source.url, source.published, source.kind, source.tier,
                source.interest, joined_notes(passage.notes), source.retrieved,
                tuple(self._shelf.sources[source_id].title for source_id in one.also), self.generation,
                one.pair, one.differs, page_at(source.text, passage.start)))
        return tuple(citations)


class Assistant(Reader):
    """An opened index that answers questions."""

    def __init__(self, index: Index) -> None:
        super().__init__(index)
        self._index = index

    @classmethod
    def open(cls, index: Place | str, encoder: Encoder | None = None) -> Assistant:
        """Open what is published in a folder or a database. Raises IndexMissing, IndexCorrupt, EncoderMismatch or Unreachable."""
        urgent.screen("ready"), limits.subject("ready")  # their rules are compiled at first use
        return cls(Index.open(located(index), encoder))

    @classmethod
    def open_with(cls, index: Place, encoder: str) -> Assistant:
        """Open with the "exported" encoder that lies in the index, or with the "reference" that it was exported from."""
        if encoder == EXPORTED:
            return cls.open(index)
        return cls.open(index, ReferenceEncoder(Index.open(index, load_encoder=False).identity.name))

    def only(self, sources: Sequence[str] = (), kinds: Sequence[str] = ()) -> Assistant:
        """The same, searching these sources and kinds of source alone; the database does that. Screens and notice stay.

        Raises BadInput for an index folder, and where nothing is of these.
        """
        if not isinstance(self._index.stacks, TableStacks):
            raise BadInput("Only a database can be searched by source or kind: build into one with --index postgresql://...")
        narrowed = copy.copy(self._index)
        narrowed.stacks = self._index.stacks.only(sources, kinds)
        return type(self)(narrowed)

    def hits(self, question: str, keep: int = DEEP) -> tuple[list[Hit], Evidence]:
        """Ranked hits of a question, widened by the glossary, before any rule of display, and their evidence."""
        widened, _ = self._index.glossary.widen(clean(question))
        return rank(self._index, widened, self._encode(widened), keep)

    def _encode(self, widened: str) -> Fine:
        """Vectors of a question as it is searched."""
        encoder = self._index.encoder
        if encoder is None:
            raise RuntimeError("the index was opened without its encoder")
        return encoder.encode_fine([widened])[0]

    def ask(self, question: str, k: int = 3, ranked: int = 0) -> Answer:
        """The answer to a question with at most ``k`` citations; ``ranked`` adds that many bare hits.

        Raises QuestionError for an empty, too long or unreadable question that is not urgent.
        """
        alarm = screen(question, self.texts)
        if alarm and alarm.language:  # model and passages are English
            return replace(alarm, generation=self.generation)
        try:
            readable = clean(question)
        except QuestionError:
            if alarm:
                return alarm
            raise
        try:
            widened, terms = self._index.glossary.widen(readable)
            fine = self._encode(widened)
            places = slots(question)
            liked = self._index.likeness.kinds(fine.depth, places) if self._index.likeness else ()
            if liked:  # the rules are asked again only when there is something to join them with
                alarm = screen(question, self.texts, liked)
            places = places if readable == question else slots(readable)
            by_rule = limits.subject(readable)
            refused = by_rule or (self._index.refusals.likest(fine.depth, places) if self._index.refusals else None)
            places = places if widened == readable else slots(widened)
            hits, evidence = rank(self._index, widened, fine, max(DEEP, 2 * k, ranked), places)
        except Exception as error:
            if alarm:  # whatever fails, somebody in danger gets the card
                log.error("An urgent message got its card without fact sheets: %s.", type(error).__name__)
                return alarm
            raise
        bare = self._cite([Shown(hit) for hit in hits[:ranked]])
        if alarm:  # the card stands alone when the message asks for what passages must not answer
            sheets = [] if refused else [hit for hit in hits
                                         if self._kind(hit) == "fact-sheet" and hit.cosine >= URGENT_COSINE]
            return Answer(question, "urgent", self.texts.notice, self._cite(joined(sheets)[:k]), alarm.urgent,
                          generation=self.generation, ranked=bare)
        sure = confidence.probability(evidence)
        subject = by_rule
        if subject is None and sure < confidence.ANSWERED:
            subject = confidence.not_covered(evidence)
        subject = subject or refused
        fixed = next((entry.text for entry in self.texts.subjects if entry.id == subject), None)
        if fixed:
            return Answer(question, "not_covered", self.texts.notice, message=fixed, generation=self.generation,
                          ranked=bare)
        chosen = choose(readable, hits, self._index.sources, k)
        shown = self._cite(beside(chosen, hits, self.passages_of, self._index.sources, k))
        near = confidence.is_near(evidence)
        if sure >= confidence.ANSWERED and shown:
            return Answer(question, "answered", self.texts.notice, shown, confidence=sure, terms=terms,
                          generation=self.generation, ranked=bare)
        if near and shown:
            return Answer(question, "related", self.texts.notice, shown, confidence=sure, message=self.texts.related,
                          terms=terms, generation=self.generation, ranked=bare)
        return Answer(question, "not_covered", self.texts.notice, confidence=sure, message=self.texts.not_covered,
                      terms=terms, generation=self.generation, ranked=bare)
