"""question -> the question with slips of spelling mended, and what was mended. The only importer of rapidfuzz.

A word is a slip when neither the corpus, nor the glossary, nor ordinary English (english.txt) knows it. Candidates within two
edits (optimal string alignment: a transposition is one edit) are compared as in a noisy channel: log P(word) - EDIT * edits,
with P from the corpus and from the order of english.txt. Rare English words are mended only where the words beside them say so:
"nose spay", because "nose spray" stands in the corpus.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.corpus.editorial import Glossary
from assistant.index.bm25 import tokens
from assistant.schema import Passage, Source
from assistant.screening.languages import language
from assistant.screening.normalize import fold

ENGLISH_FILE = Path(__file__).parent / "english.txt"
FREQUENT = 3000  # ordinary words, the commonest first, that a slip may be taken for although the corpus lacks them
RIVALS = 25_000  # ordinary words that a slip is compared with; when one of the rarer of these fits best, it stays as typed
COMMON = 200  # words that are commoner than this say nothing about the word beside them
ORDINARY = 15_000  # a word that is commoner than this is never a slip
LONG = 7  # letters from which two edits are allowed; from MIDDLING on they are beside a word that goes with the candidate
MIDDLING = 5
SHORTEST = 4  # letters; shorter words are mended only beside a word that they stand with in the corpus
EDIT = 6.0  # what one edit costs, as a log probability
ALIKE = 0.5  # of an edit: what is forgiven when only vowels or doubled letters differ
FIRST = 0.75  # of an edit: what another first letter costs on top
PUT = 0.25  # of an edit: what a letter put for another costs on top of one left out, doubled or in another place
BESIDE = 5.0  # gained by a candidate that stands beside the neighbouring word in the corpus
LEAD = 1.0  # by which the best candidate must be ahead of the next
CORPUS_SHARE = 0.8  # of P(word), the share that the corpus has
LEAST = 10  # a word that stands in asked-as questions alone and so often is a word, not a slip of theirs

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
JOINED = re.compile(r"[\w@/\\#.-]*[\d@/\\#_][\w@/\\#.-]*")  # addresses, figures, handles: nothing in them is mended
SENTENCE_END = re.compile(r"[.!?:\n]['’\"”)\s]*$")

ASKING = frozenset("how long why when where often fast quickly soon who".split())
INFLECTED = re.compile(r"(?:s|ed|ing|ings|ly)$")
ENDINGS = re.compile(r"(?:ier|iest|ers?|e?y|ish|less|ness|like|wise|able|ly)$")

Mended = tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def english() -> Mapping[str, int]:
    """Ordinary English words with their place in the order of frequency, from 0."""
    words = [line for line in ENGLISH_FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {word: place for place, word in enumerate(words)}


@lru_cache(maxsize=1)
def _rivals() -> Mapping[str, list[str]]:
    return _by_letter(word for word, place in english().items() if place < RIVALS and len(word) >= SHORTEST)


def _by_letter(words: Iterable[str]) -> dict[str, list[str]]:
    by_letter: dict[str, list[str]] = {}
    for word in words:
        by_letter.setdefault(word[0], []).append(word)
    return by_letter


def _skeleton(word: str) -> str:
    """What is left without vowels and doubled letters, after the first: "addictive" -> "adctv"."""
    plain = word.replace("ph", "f").replace("ck", "k").replace("z", "s")
    return re.sub(r"(.)\1+", r"\1", plain[:1] + re.sub("[aeiouy]", "", plain[1:]))


class Speller:
    """Mends slips of spelling. Immutable once made, so threads may share it.

    ``known``: words of the corpus, with how often each stands there where it is a mapping. ``protected``: names and forms, of one
    word or more, that are never slips. ``pairs``: words that stand side by side in the corpus.
    """

    def __init__(self, known: Iterable[str], protected: Iterable[str] = (), pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._counts = Counter(known)
        self._total = self._counts.total() or 1
        self._written = {word.casefold(): word for form in protected for word in WORD.findall(form)}
        self._pairs = frozenset(pairs)
        self._stems = frozenset(tokens([" ".join(self._counts)])[0])
        self._near = _by_letter(word for word in self._counts if len(word) >= SHORTEST or word in self._written)

    def correct(self, question: str) -> tuple[str, Mended]:
        """The question with slips mended, and each (typed, used) in order. The same question where there is none."""
        kept = [match.span() for match in JOINED.finditer(question)]
        spans = [match.span() for match in WORD.finditer(question)
                 if not any(start <= match.start() < end for start, end in kept)]
        low = [question[start:end].replace("’", "'").casefold() for start, end in spans]
        doubtful = [at for at, word in enumerate(low) if not self._is_word(word) or _is_does(word, low[at - 1:at])]
        if not doubtful or any(letter.isalpha() and not letter.isascii() for letter in question) or language(fold(question)):
            return question, ()
        used: dict[int, str] = {}
        for at in doubtful:
            typed, sort = question[slice(*spans[at])], _capitals(question, *spans[at])
            before = used.get(at - 1, low[at - 1]).rsplit(" ", 1)[-1].casefold() if at else ""
            after = low[at + 1] if at + 1 < len(low) else ""
            better = "" if sort == "kept" else self._best(low[at], before, after)
            if better and not (sort == "name" and (len(typed) < MIDDLING + 1 or better.casefold() not in self._written)):
                used[at] = better.capitalize() if typed[0].isupper() and not typed.isupper() and better.islower() else better
        pieces, done = [], 0
        for at, word in used.items():
            pieces += [question[done:spans[at][0]], word]
            done = spans[at][1]
        return "".join([*pieces, question[done:]]), tuple(dict.fromkeys((question[slice(*spans[at])], used[at]) for at in used))

    def _is_word(self, word: str) -> bool:
        """True for what must stay as it is, whatever stands beside it."""
        return (word in self._counts or word in self._written or len(word) < SHORTEST - 1 or "'" in word or not word.isascii()
                or _ordinary(word))

    def _best(self, word: str, before: str, after: str) -> str:
        """The word to put in place of ``word``, as it is to be written; empty when it stays."""
        rare = word in english()
        if word == "dose":
            return "does"
        if not rare and (parts := self._split(word)):
            return parts
        stem = _stem(word)
        rare = rare or len(word) < SHORTEST or self._is_made(word, stem)
        if len(word) < SHORTEST and word in english():
            return ""
        compound = any(_ordinary(word[:at]) and _ordinary(word[at:]) for at in range(SHORTEST, len(word) - SHORTEST + 1))
        edits = 2 if len(word) >= MIDDLING and not rare else 1
        scored = sorted(((self._score(word, found, distance, beside), found) for found, distance in self._candidates(word, edits)
                         if (beside := self._beside(found, before, after))
                         or (not rare and _is_slip(word, found, distance, compound))), reverse=True)
        if not scored:
            return ""
        (score, best), rest = scored[0], scored[1:]
        if (rare and _stem(best) == stem) or (rest and score - rest[0][0] < LEAD and _skeleton(rest[0][1]) != _skeleton(best)):
            return ""
        fits = best in self._counts or english().get(best, FREQUENT) < FREQUENT or _stem(best) in self._stems
        return self._written.get(best, best) if fits else ""

    def _is_made(self, word: str, stem: str) -> bool:
        """True for a form of a word of the corpus or of an ordinary one: "riskiest"."""
        if stem in self._stems and INFLECTED.search(word):
            return True
        base = ENDINGS.sub("", word)
        return base != word and any(len(base + end) >= SHORTEST and _ordinary(base + end) for end in ("", "e", "y"))

    def _candidates(self, word: str, edits: int) -> Iterator[tuple[str, int]]:
        candidates: dict[str, int] = {}
        for letter in dict.fromkeys(word[:2]):
            for words in (self._near.get(letter, ()), _rivals().get(letter, ())):
                candidates.update((other, int(distance)) for other, distance, _ in
                             process.extract(word, words, scorer=OSA.distance, score_cutoff=edits, limit=None))
        candidates.pop(word, None)
        return ((other, distance) for other, distance in candidates.items()
                if len(other) >= min(len(word) + 1, SHORTEST) or sorted(other) == sorted(word))

    def _score(self, word: str, other: str, distance: int, beside: bool) -> float:
        corpus = self._counts[other] / self._total
        ordinary = 1 / (10 * (english().get(other, 10 * RIVALS) + 10))
        cost = distance + (FIRST if word[0] != other[0] else 0)
        if _skeleton(word) == _skeleton(other):
            cost -= ALIKE
        elif len(word) == len(other) and sorted(word) != sorted(other):
            cost += PUT
        return math.log(CORPUS_SHARE * corpus + (1 - CORPUS_SHARE) * ordinary) - EDIT * cost + (BESIDE if beside else 0)

    def _beside(self, word: str, before: str, after: str) -> bool:
        """True when ``word`` stands in the corpus beside a neighbour that says something: "the" and "my" do not."""
        return ((_telling(before) and (before, word) in self._pairs) or (_telling(after) and (word, after) in self._pairs))

    def _split(self, word: str) -> str:
        """Two words of the corpus that stand side by side there, written as one; empty when there are none."""
        splits = [(min(self._counts[word[:at]], self._counts[word[at:]]), f"{word[:at]} {word[at:]}")
                 for at in range(3, len(word) - 2) if (word[:at], word[at:]) in self._pairs]
        return max(splits, default=(0, ""))[1]


def _ordinary(word: str) -> bool:
    return english().get(word, ORDINARY) < ORDINARY


def _is_does(word: str, before: Sequence[str]) -> bool:
    """True for "dose" after a word that asks: the one slip that is a word of the corpus and so common that it is looked for."""
    return word == "dose" and bool(ASKING.intersection(before))


def _telling(word: str) -> bool:
    return bool(word) and english().get(word, COMMON) >= COMMON


def _stem(word: str) -> str:
    return " ".join(tokens([word])[0]) or word


def _is_slip(word: str, found: str, distance: int, compound: bool) -> bool:
    """True when ``word`` may be ``found`` whatever stands beside it.

    A short word with another letter may be anything, and one made of two ordinary words ("cellmate") what it says.
    """
    if _skeleton(word) == _skeleton(found):
        return not compound or distance == 1
    another = word[0] != found[0] or (len(word) == len(found) and sorted(word) != sorted(found))
    if compound or (another and len(word) <= MIDDLING):
        return False
    return distance == 1 or len(word) >= LONG


def _capitals(question: str, start: int, end: int) -> str:
    """"kept" for an abbreviation or capitals inside a word, "name" for a capital within a sentence, else empty."""
    typed = question[start:end]
    if typed[1:].islower() or question.isupper():
        inside = start > 0 and not SENTENCE_END.search(question, 0, start)
        return "name" if typed[0].isupper() and inside and not question.isupper() else ""
    return "kept"


def speller(passages: Sequence[Passage], sources: Iterable[Source], glossary: Glossary, names: Iterable[str] = ()) -> Speller:
    """One that knows the words of passages, of the questions that they are asked as, and of the glossary.

    ``names``: more that must stay as they are. A word that only one asked-as question has may be a slip of that question's.
    """
    forms = [form for term in glossary.terms for form in (term.word, *term.also, *term.heard)]
    slips = {form.casefold() for term in glossary.terms for form in term.misspelt if " " not in form}
    texts = [line.casefold() for passage in passages for line in (passage.heading, passage.text)]
    asked = sorted({question.casefold() for passage in passages for question in passage.asked})  # some stand beside several
    written = [WORD.findall(text) for text in (*texts, *map(str.casefold, forms))]
    typed = [WORD.findall(question) for question in asked]
    known = Counter(word for words in written for word in words)
    often = Counter(word for words in typed for word in words)
    known += Counter({word: count for word, count in often.items()
                      if word not in slips and (word in known or word in english() or count > LEAST)})
    pairs = {pair for words in (*written, *typed) for pair in pairwise(words) if pair[0] in known and pair[1] in known}
    named = [part for source in sources for part in (source.title, source.publisher)]
    return Speller(known, (*(name.casefold() for name in (*named, *names)), *slips, *forms), pairs)
