"""the service's own words -> frozen records: notice, cards, help lines, subjects. Read from TOML, never from a model."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

ENGLISH = "en"  # the language that is searched


@dataclass(frozen=True)
class Helpline:
    """A line people can call. It is printed only beside its own name."""

    name: str
    contact: str  # as printed: "call or text 988"
    hours: str
    purpose: str = ""
    tel: str | None = None  # digits for a tel: link
    sms: str | None = None  # digits for an sms: link
    url: str | None = None
    kind: str = "crisis"  # emergency | crisis | drugs | poison | treatment-finder
    region: str = "US"
    verified_on: str | None = None
    cost: str = ""
    languages: str = ""
    not_for: str = ""
    source: str = ""

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Notice:
    """The fixed safety notice. Neither part may be empty: ``fixed_texts.read_texts`` refuses that."""

    text: str
    helplines: tuple[Helpline, ...]

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "helplines": [line.to_json() for line in self.helplines]}


@dataclass(frozen=True)
class Translation:
    """A card's words in another language, with the region's numbers."""

    language: str  # BCP 47
    heading: str
    text: str


@dataclass(frozen=True)
class Urgent:
    """The card for an urgent message: which kind, the heading and the reviewed words."""

    kind: str  # overdose | ingestion | suicide | withdrawal | violence
    heading: str
    text: str
    helplines: tuple[Helpline, ...] = ()
    also: tuple[Urgent, ...] = ()  # a second kind that fired; the emergency comes first
    translation: Translation | None = None  # the same in the language of the message

    @property
    def line(self) -> str:
        """One line that stands above an answer where danger is possible, with the first number of the card."""
        first = f" {self.helplines[0].name}: {self.helplines[0].contact}." if self.helplines else ""
        return f"Is someone in danger now?{first}"

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "heading": self.heading, "text": self.text,
                "helplines": [line.to_json() for line in self.helplines],
                "also": [card.to_json() for card in self.also],
                "translation": asdict(self.translation) if self.translation else None}


@dataclass(frozen=True)
class Language:
    """Our fixed words in one language."""

    code: str  # BCP 47
    name: str  # in that language
    calm: str  # the sentence for a message without danger
    cards: dict[str, Translation]  # by kind; none for English, whose cards are the texts' own
    others: str = ""  # of English: which languages there are


@dataclass(frozen=True)
class Subject:
    """A subject that passages must not answer, with the one sentence that says where to ask."""

    id: str
    text: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """What the service says about itself: the sentence, and the forms that ask for it (see ``screening.patterns``)."""

    id: str
    text: str
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class FixedTexts:
    """Every reviewed word the service says itself. Read from TOML files, never from a model."""

    region: str
    notice: Notice
    cards: dict[str, Urgent]  # by kind
    related: str  # the sentence above near passages that do not answer
    not_covered: str  # the sentence when nothing is close
    subjects: tuple[Subject, ...] = ()
    contact: str = ""  # where people report an error; the operator's
    greeting: str = ""  # the sentence for a greeting, or for what says nothing
    other: str = ""  # the sentence for a question about something else altogether
    about: tuple[About, ...] = ()  # what is said about the service itself; the first where no form fits
    languages: dict[str, Language] = field(default_factory=dict)  # by code, English among them

    def in_region(self, other: FixedTexts) -> FixedTexts:
        """The same with the notice, cards and numbers of another region's texts."""
        return replace(self, region=other.region, notice=other.notice, cards=other.cards, languages=other.languages)
