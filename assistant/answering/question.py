"""text as typed -> Question: readable, mended and expanded, as it is searched."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.corpus.editorial import Glossary
from assistant.errors import QuestionError
from assistant.index.spelling import Speller
from assistant.schema import Term

MAX_QUESTION = 2000  # characters; the longest of the real messages has about 400
CONTROLS = dict.fromkeys([*range(32), 127], " ")  # of ASCII
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}  # control, format, surrogate, private, unassigned

LEANING_WORDS = 12  # words of a question that may lean on another; a longer one says what it is about
OWN_SUBJECT = re.compile(r"\b(?:ketamine|esketamine|arketamine|spravato|ket|special k|k-?hole)\b", re.IGNORECASE)
LEANS = re.compile(
    r"^(?:and|but|or|so|then|also|what about|how about|what if|even|only|for how long|how (?:long|often|soon|many|much|bad|"
    r"common)|since when|why|why not|when|where|who|is that|does that|really|always|for ever|forever)\b"
    r"|\b(?:it|its|that|this|they|them|these|those|there|then|afterwards?|the same)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """A question as typed, readable, without its slips of spelling, and with the glossary's words as it is searched."""

    typed: str
    readable: str
    spelt: str
    corrected: tuple[tuple[str, str], ...]  # (typed, used)
    expanded: str
    terms: tuple[Term, ...]

    @classmethod
    def read(cls, typed: str, speller: Speller | None, glossary: Glossary) -> Question:
        """Raises QuestionError as ``clean`` does."""
        readable = clean(typed)
        spelt, corrected = speller.correct(readable) if speller else (readable, ())
        expanded, terms = glossary.expand(spelt)
        return cls(typed, readable, spelt, corrected, expanded, terms)


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


def leans(question: str) -> bool:
    """Whether a question needs the one before it to be understood: short, and no subject of its own."""
    words = question.split()
    return 0 < len(words) <= LEANING_WORDS and not OWN_SUBJECT.search(question) and bool(LEANS.search(question.strip()))
