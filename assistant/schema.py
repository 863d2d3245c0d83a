"""The nouns: frozen records that cross module borders.

    Source --split--> Passage --embed, store--> Generation --search--> Hit --cite--> Citation
                                                                                       |
    question --screen--> Urgent | None ------------------------------------------> Answer (+ Notice)

Offsets are code points, half open, into ``Source.text``; ``text[start:end] == exact`` always.
A text and its score travel in one record, never in two parallel lists.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Literal

from assistant.notices import Notice, Urgent

Status = Literal["urgent", "answered", "related", "not_covered"]
Search = Literal["full", "words"]
Span = tuple[int, int]

SOURCE_KINDS = ("fact-sheet", "digest", "government", "study", "charity", "provider", "unknown")
TIERS = ("T1", "T2", "T3", "T4", "T5", "unreviewed")


@dataclass(frozen=True)
class Source:
    """One document (TREC: document) with where it comes from and who is speaking."""

    id: str
    title: str
    text: str
    sha256: str  # of the file's bytes, so that an edit on disk is always seen
    file: str
    publisher: str = "unknown"
    kind: str = "unknown"
    tier: str = "unreviewed"
    url: str | None = None
    published: str | None = None
    retrieved: str | None = None
    rights: str | None = None
    interest: str | None = None
    exclude: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A publication that a source of ours is written from."""

    publisher: str
    title: str
    url: str
    date: str | None = None
    checked: str | None = None
    facts: tuple[str, ...] = ()  # ids of the facts that it stands for; the texts' comments name them sentence by sentence


@dataclass(frozen=True)
class Note:
    """An editor's note that stands beside a contested quote."""

    text: str
    source: str
    checked: str


@dataclass(frozen=True)
class PlacedNote:
    """A note and the span of the source's text that it speaks of."""

    start: int
    end: int
    note: Note


@dataclass(frozen=True)
class Difference:
    """Where a passage of another source says otherwise: the span of those words, and what the two differ on."""

    id: str
    text: str
    source_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Term:
    """A word of our texts and the forms that people type for it.

    ``also`` are shown as "also called"; ``misspelt`` and ``heard`` only widen a question. ``swap``: the forms are
    names of just this word, which may be put in their place.
    """

    word: str
    also: tuple[str, ...] = ()
    misspelt: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    swap: bool = False


@dataclass(frozen=True)
class Passage:
    """A span of a source that ends at a sentence end. ``heading`` labels it and is no part of it."""

    source_id: str
    start: int
    end: int
    heading: str
    text: str
    sentences: tuple[Span, ...]  # spans into the source's text, inside [start, end)
    asked: tuple[str, ...] = ()  # questions that it answers, in people's words; searched, and shown by ``static_export`` alone
    notes: tuple[PlacedNote, ...] = ()
    differs: tuple[Difference, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.source_id}:{self.start}-{self.end}"


def still(span: Span) -> Callable[[], Span]:
    """A mark that is known beforehand."""
    return lambda: span


@dataclass(frozen=True)
class Hit:
    """A passage found for one question. ``rank`` counts from 1; ``score`` has no unit and only orders."""

    passage: Passage
    score: float
    rank: int
    mark: Callable[[], Span] = field(compare=False, repr=False)  # what is marked of it; asked of the few that are shown
    cosine: float = 0.0  # the better of passage cosine and best-sentence cosine, -1..1
    relevance: float = 0.0  # calibrated probability that the passage answers, 0..1 (see ``relevance``)


@dataclass(frozen=True)
class Citation:
    """A quote with its provenance (W3C Web Annotation: exact, start, end)."""

    rank: int
    score: float
    source_id: str
    start: int
    end: int
    exact: str
    highlight: Span
    heading: str
    title: str
    publisher: str
    url: str | None
    published: str | None
    kind: str
    tier: str
    interest: str | None = None
    note: Note | None = None
    retrieved: str | None = None  # the day it was added to the corpus
    also_said_by: tuple[str, ...] = ()  # titles of other sources with a passage that says the same
    generation: str = ""  # the index that it was quoted from
    pair: str = ""  # the same on two citations that stand beside each other because they do not agree
    differs: str = ""  # what those two differ on
    page: int | None = None  # of the original, from 1, where it has pages

    @property
    def receipt(self) -> str:
        """Proof of the words: ``source#start-end@sha256``, the hash being that of ``exact`` in UTF-8 (see ``receipts``)."""
        return f"{self.source_id}#{self.start}-{self.end}@{hashlib.sha256(self.exact.encode('utf-8')).hexdigest()}"

    def to_json(self) -> dict[str, Any]:
        return vars(self) | {"highlight": {"start": self.highlight[0], "end": self.highlight[1]}, "receipt": self.receipt,
                             "note": asdict(self.note) if self.note else None}


@dataclass(frozen=True)
class Answer:
    """What one question gets. ``notice`` has no default: an answer without it cannot be made."""

    question: str
    status: Status
    notice: Notice
    citations: tuple[Citation, ...] = ()
    urgent: Urgent | None = None
    confidence: float = 0.0  # calibrated probability that the first citation answers, 0..1
    message: str = ""  # one fixed sentence for `related` and `not_covered`, and above an answer that `subject` concerns
    caution: Urgent | None = None  # the card that one line above the answer opens: danger is possible, not sure
    subject: str | None = None  # what must not be answered: its sentence stands instead of passages or above them
    topic: str | None = None  # "service", "greeting", "other": no question about ketamine
    terms: tuple[Term, ...] = ()  # glossary terms that widened the question
    corrected: tuple[tuple[str, str], ...] = ()  # slips of spelling: (typed, used) in the search
    generation: str = ""
    search: Search = "full"  # "words": found by shared words alone, because the model is not there; then never `answered`
    language: str | None = None  # BCP 47, of a question that is not in English; "und" when we cannot name it
    translated: str = ""  # the part of ``message``, at its start, that is in that language
    ranked: tuple[Citation, ...] = field(default=(), compare=False)  # only for evaluation
    _repr_html_: ClassVar[Callable[[Answer], str] | None] = None  # how a notebook shows it; `notebook` puts the renderer here

    def to_json(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "status": self.status,
            "confidence": round(self.confidence, 4),
            "message": self.message,
            "language": self.language,
            "urgent": self.urgent.to_json() if self.urgent else None,
            "caution": self.caution.to_json() | {"text": self.caution.line, "card": self.caution.text} if self.caution else None,
            "subject": self.subject,
            "topic": self.topic,
            "terms": [{"word": term.word, "also": list(term.also)} for term in self.terms],
            "corrected": [{"typed": typed, "used": used} for typed, used in self.corrected],
            "citations": [citation.to_json() for citation in self.citations],
            "notice": self.notice.to_json(),
            "generation": self.generation,
            "search": self.search,
        }

    def __str__(self) -> str:
        lines = []
        if self.urgent:
            if translation := self.urgent.translation:
                lines += [f"!! {translation.heading}", translation.text, ""]
            lines += [f"!! {self.urgent.heading}", self.urgent.text, ""]
        if self.caution:
            lines += [f"! {self.caution.line}", ""]
        if self.message:
            lines += [self.message, ""]
        if self.corrected:
            lines += [f"Searched for: {', '.join(dict.fromkeys(used for _, used in self.corrected))}", ""]
        told: set[str] = set()
        for citation in self.citations:
            if citation.pair and citation.pair not in told:
                told.add(citation.pair)
                lines += [f"Sources differ. {citation.differs}", ""]
            note = [f"Editor's note: {citation.note.text} Source: {citation.note.source}. Checked {citation.note.checked}."
                    # above the quote, and under its number: it is seen first, and with its own passage
                    ] if citation.note else []
            page = f" · page {citation.page}" if citation.page else ""
            whole = [*note, f'"{citation.exact}"', f"{citation.title} · {citation.publisher} · {citation.heading}{page}"]
            lines += [f"{citation.rank}. {whole[0]}", *(f"   {line}" for line in whole[1:]), ""]
        lines.append(self.notice.text)
        lines += [f"  {line.name}: {line.contact} ({line.hours})" for line in self.notice.helplines]
        return "\n".join(lines)
