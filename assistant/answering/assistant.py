"""question -> answer: screen, retrieve, decide, cite. Owns no dependency.

    question -> another language? -----------------------> card in it and in English, or one calm sentence
             -> mend spelling -> widen -> embed -> rank -> select --\\
             \\-> urgent rules, refusal rules, network ---------> decide -> card first | answer under a line | answer
                                                                       refusal instead | above | none

The notice is part of every answer. A passage is shown only after its words were cut again from the source's text
and matched the hash that was stored when it was indexed.
"""

from __future__ import annotations

import copy
import logging
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.decision import Figures, decide
from assistant.answering.foreign_numbers import is_quotable, quotable
from assistant.answering.ranking import Evidence, rank
from assistant.answering.selection import Shown, joined, select
from assistant.corpus.about import asked_about, is_greeting
from assistant.corpus.blocks import page_at
from assistant.corpus.editorial import joined as joined_notes
from assistant.corpus.entities import mentions, things
from assistant.errors import BadInput, QuestionError
from assistant.index.encoder import EXPORTED, Encoder, Fine, ReferenceEncoder
from assistant.index.index import Index
from assistant.index.serialization import text_sha256
from assistant.index.stores.postgres.connection import Place, located
from assistant.index.stores.postgres.store import TableStacks
from assistant.index.text_index import Shelf
from assistant.schema import ENGLISH, Answer, Citation, FixedTexts, Hit, Passage, PlacedNote, Source, Span, Term, Urgent
from assistant.screening import refused as limits
from assistant.screening import urgent
from assistant.screening.labels import DANGERS, REFUSALS

MAX_QUESTION = 2000  # characters; the longest of the real messages has about 400
DEEP = 20  # hits that are ranked before repeats are taken out
POINTED = 0.60  # cosine from which a question is taken to be like an example of a subject that texts do not cover
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


def screen(question: str, texts: FixedTexts, also: tuple[str, ...] = ()) -> Answer | None:
    """What needs no index and no model: the urgent card, or a sentence for a question in another language; None for others.

    ``also``: kinds that were found otherwise.
    """
    spoken = urgent.language(question)
    card = cards(urgent.joined(urgent.screen(question), also), texts, spoken)
    if card:
        return Answer(question, "urgent", texts.notice, urgent=card, language=spoken)
    if spoken is None or ENGLISH not in texts.languages:
        return None
    english, known = texts.languages[ENGLISH], texts.languages.get(spoken)
    message = f"{known.calm} {english.calm}" if known else f"{english.calm} {english.others}".strip()
    return Answer(question, "not_covered", texts.notice, message=message, language=spoken, translated=known.calm if known else "")


def cards(kinds: Sequence[str], texts: FixedTexts, spoken: str | None = None) -> Urgent | None:
    """One card for all ``kinds``, most pressing first, with its text in the language ``spoken``; the others are folded into it.
    None without kinds."""
    known = texts.languages.get(spoken or ENGLISH)
    found = [replace(texts.cards[kind], translation=known.cards.get(kind) if known else None)
             for kind in kinds if kind in texts.cards]
    return replace(found[0], also=tuple(found[1:])) if found else None


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

    def _quotable_of(self, source_id: str) -> list[Passage]:
        """The passages of a source that send nobody to another country's number."""
        return [passage for passage in self.passages_of(source_id) if is_quotable(passage.text, self.texts)]

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
                len(citations) + 1, round(hit.score, 4), source.id, passage.start, passage.end, exact, self._mark(hit, source),
                passage.heading, source.title, source.publisher, source.url, source.published, source.kind, source.tier,
                source.interest, joined_notes(passage.notes), source.retrieved,
                tuple(self._shelf.sources[source_id].title for source_id in one.also), self.generation,
                one.pair, one.differs, page_at(source.text, passage.start)))
        return tuple(citations)

    def _mark(self, hit: Hit, source: Source) -> Span:
        """What is marked of a quote: never the number of another country."""
        here = is_quotable(source.text[slice(*hit.sentence)], self.texts, urgent=True)
        return hit.sentence if here else (hit.passage.start, hit.passage.start)


@dataclass(frozen=True)
class Read:
    """A question as typed, without its slips of spelling, and with the glossary's words as it is searched."""

    typed: str
    spelt: str
    corrected: tuple[tuple[str, str], ...]  # (typed, used)
    widened: str
    terms: tuple[Term, ...]


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

    def without_network(self) -> Assistant:
        """The same passages, asked by rules and retrieval alone (see ``Index.without_network``)."""
        return type(self)(self._index.without_network())

    def hits(self, question: str, keep: int = DEEP) -> tuple[list[Hit], Evidence]:
        """Ranked hits of a question, mended and widened, before any rule of display, and their evidence."""
        read = self._read(clean(question))
        return rank(self._index, read.widened, self._encode(read.widened), keep)

    def figures(self, question: str) -> Figures:
        """What a question is decided from, without the rules of display. Raises QuestionError."""
        read = self._read(clean(question))
        fine = self._encode(read.widened)
        return self._figures(question, read, rank(self._index, read.widened, fine, DEEP)[1], shows=True)

    def _read(self, readable: str) -> Read:
        speller = self._index.speller
        spelt, corrected = speller.correct(readable) if speller else (readable, ())
        widened, terms = self._index.glossary.widen(spelt)
        return Read(readable, spelt, corrected, widened, terms)

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
            read = self._read(readable)
            fine = self._encode(read.widened)
            hits, evidence = rank(self._index, read.widened, fine, max(DEEP, 2 * k, ranked))
            here = quotable(hits, self.texts)
            shown = select(read.spelt, here, self._index.sources, self._quotable_of, k)
            shows = here[:1] == hits[:1] and self._speaks_of(read.spelt, shown)
            decided = decide(self._figures(question, read, evidence, shows))
        except Exception as error:
            if alarm:  # whatever fails, somebody in danger gets the card
                log.error("An urgent message got its card without fact sheets: %s.", type(error).__name__)
                return alarm
            raise
        bare = self._cite([Shown(hit) for hit in hits[:ranked]])
        card = cards(decided.kinds, self.texts)
        base = Answer(question, "not_covered", self.texts.notice, confidence=decided.confidence, generation=self.generation,
                      corrected=read.corrected, ranked=bare)
        if card and decided.card == "full":  # the card stands alone when the message asks for what passages must not answer
            sheets = [] if decided.subject else [hit for hit in quotable(hits, self.texts, urgent=True)
                                                 if self._kind(hit) == "fact-sheet" and hit.cosine >= URGENT_COSINE]
            return replace(base, status="urgent", citations=self._cite(joined(sheets)[:k]), urgent=card, confidence=0.0)
        base = replace(base, caution=card)
        if card:  # nobody in danger reads another country's number
            shown = select(read.spelt, quotable(hits, self.texts, urgent=True), self._index.sources, self._quotable_of, k)
        if decided.topic:
            return replace(base, topic=decided.topic, message=self._about(decided.topic, question))
        base, sentence = replace(base, subject=decided.subject), ""
        if decided.subject:
            sentence = next((entry.text for entry in self.texts.subjects if entry.id == decided.subject), "")
            if decided.refusal == "instead" or not sentence:  # no passage without the words that belong above it
                return replace(base, message=sentence or self.texts.not_covered)
        cited = self._cite(shown) if decided.match != "not_covered" else ()
        if not cited:
            return replace(base, message=sentence or self._pointer(evidence), terms=read.terms)
        message = sentence or ("" if decided.match == "answered" else self.texts.related)
        return replace(base, status=decided.match, citations=cited, message=message, terms=read.terms)

    def _figures(self, question: str, read: Read, evidence: Evidence, shows: bool) -> Figures:
        """Everything that the decision is made from; what is said against danger is read as typed and as mended, and what either
        finds counts. ``shows``: the passages that it may be sure of can be shown."""
        kinds, strong = urgent.alarms(question)
        refused = limits.subject(read.typed)
        logits = evidence.logits
        if read.corrected:
            also, also_strong = urgent.alarms(read.spelt)
            kinds, strong = urgent.joined(kinds, also), strong or also_strong
            refused = refused or limits.subject(read.spelt)
            if self._index.network and logits:
                fine = self._encode(self._index.glossary.widen(read.typed)[0])
                typed = self._index.network.read(fine.vector, fine.depth).logits
                logits = {**logits} | {label: max(logits[label], typed[label]) for label in (*DANGERS, *REFUSALS)}
        topic = "greeting" if is_greeting(read.typed) else "service" if asked_about(read.typed, self.texts) else None
        kinds = tuple(kind for kind in kinds if kind in self.texts.cards)
        return Figures(evidence, kinds, strong, refused, logits, topic, shows)

    def _speaks_of(self, question: str, shown: Sequence[Shown]) -> bool:
        """Whether every medicine, illness, test or place that a question names stands in one of the passages."""
        texts = [f"{one.hit.passage.heading}. {one.hit.passage.text}" for one in shown]
        return all(any(mentions(thing, text, self._index.glossary) for text in texts) for thing in things(question))

    def _about(self, topic: str, question: str) -> str:
        """The sentence for what is no question about ketamine."""
        if topic == "service":
            found = asked_about(question, self.texts) or self.texts.about[0]
            return found.text
        return self.texts.greeting if topic == "greeting" else self.texts.other

    def _pointer(self, evidence: Evidence) -> str:
        """Where else to ask, when no passage answers and the question is like the examples of a subject that has a sentence."""
        own = evidence.cosine if evidence.asked is None else evidence.asked
        near = evidence.subject_cosine >= POINTED and evidence.subject_cosine > own
        return next((entry.text for entry in self.texts.subjects if near and entry.id == evidence.subject
                     and entry.id not in REFUSALS), self.texts.not_covered)
