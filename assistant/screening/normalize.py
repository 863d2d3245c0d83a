"""a question as typed -> its plain words, for rules. Standard library only.

    "HE’S n0t breathng!!"  --> " he is not breathing "

Rules never see how a message was typed: capitals, accents, emoji, look-alike letters, digits for letters, repeated
letters, text speak, contractions, filler words, missing spaces and small spelling mistakes are undone here, once.
The words that this takes stand in `rules/normalize.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path

MAX_CHARS = 2_000  # kept from each end of a longer text: nobody in danger writes more before saying so
STEM = 4  # letters of a word that are enough to rule most rules out

_SPELLING = tomllib.loads((Path(__file__).parent / "rules/normalize.toml").read_text("utf-8"))
FILLERS, REAL_WORDS, _PIECES, _ANCHORS, _DOUBLED, _ANY_FIRST = (
    frozenset(_SPELLING[name].split()) for name in ("fillers", "real", "pieces", "anchors", "doubled", "repaired_whole"))
KEYWORDS: tuple[str, ...] = tuple(_SPELLING["repaired"].split())
ALIASES: dict[str, str] = {typed: meant for meant, forms in _SPELLING["meant"].items() for typed in forms.split()}
_JOINED: dict[str, str] = _SPELLING["joined"]
_AS_TYPED = {word: (frozenset(table["after"].split()), frozenset(table["before"].split()))
             for table in _SPELLING["as_typed"] for word in table["words"].split()}

_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`\u2032\uff07\u201b\u02b9\ua78c]")
_SUFFIXES = (  # with an apostrophe a contraction is certain, so these come before the aliases
    (re.compile(r"\bo\.? ?d'? ?(?:'d|ed)\b"), "overdosed"), (re.compile(r"\bod'?ing\b"), "overdosing"),
    (re.compile(r"\bo\.d\.?(?![a-z])"), "overdose"), (re.compile(r"\b(?:can't|ca n't|can[;,. ]t)\b"), "can not"),
    (re.compile(r"\bwon['; ]t\b"), "will not"), (re.compile(r"n['; ]t\b"), " not"), (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ll\b"), " will"), (re.compile(r"'ve\b"), " have"), (re.compile(r"'d\b"), " would"),
    (re.compile(r"'m\b"), " am"), (re.compile(r"\b(i) m\b"), r"\1 am"),
    (re.compile(r"\b(he|she|it|that|what|who|there|here|how|where|nobody|everything)'s\b"), r"\1 is"),
    (re.compile(r"'s\b"), "s"), (re.compile("'"), ""),
)
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i",
                       "|": "l", "+": "t", "*": "", "€": "e", "£": "l"})
# Letters of other scripts that look Latin, used to dodge filters.
_LOOKALIKES = str.maketrans("аеіорсухкмнтвԁѕјαοιεκνρτυ", "aeiopcyxkmhtbdsjaoieknptu")
_TOKEN = re.compile(r"[^\W_]+(?:[@$!|+*€£](?=[^\W_])[^\W_]+|[$])*|[@$][^\W_]+")
_REPEATS = re.compile(r"(\D)\1{2,}")  # not of digits: 2000 is not 20
_SPELLED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*]{1,2}){3,}[^\W\d_](?![^\W_])")
_PHRASES = re.compile(r"\b(?:(?<!would )(?<!do )(?<!did )(?<!can )(?<!could )(?<!if )you know(?! (?:if|what|how|when|about|of))|"
                      r"i mean|kind of|sort of|to be honest|for real|a bit(?: of)?|at the moment|in fact|oh my god|i swear|"
                      r"i guess|if im honest|i think that|as i said)\b")

_COUNTED = re.compile(r"(\d+)(yo|yrs?|years?|months?|mths?|mos?|weeks?|wks?|days?|hrs?|hours?|h|mins?|mg|g|kg|mls?|"
                      r"milligrams?|grams?|lines?|bumps?|sprays?|lozenges?|troches?|points?|k|am|pm|st|nd|rd|th|x|s)$")


def _deletes(word: str, depth: int) -> set[str]:
    """``word`` and all forms with up to ``depth`` letters missing."""
    spellings = {word}
    for _ in range(depth):
        spellings |= {w[:i] + w[i + 1:] for w in spellings for i in range(len(w))}
    return spellings


def _depth(word: str) -> int:
    return 1 if len(word) < 9 else 2


_NEAR: dict[str, str] = {}
for _word in KEYWORDS:
    for _form in _deletes(_word, _depth(_word)):
        _NEAR.setdefault(_form, _word)
for _word in KEYWORDS:
    _NEAR[_word] = _word


def _distance(a: str, b: str, most: int) -> int:
    """Edits between two short words (a swap of neighbours counts one), or ``most + 1`` when more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _repair(word: str) -> str:
    """The keyword that ``word`` misspells, or ``word`` itself."""
    if len(word) < 5 or len(word) > 16 or word in REAL_WORDS:
        return word
    if word in _NEAR and _NEAR[word] == word:
        return word
    for form in (word, *sorted(_deletes(word, 1), key=len, reverse=True)):
        key = _NEAR.get(form)
        if key and (key[0] == word[0] or key in _ANY_FIRST):
            most = _depth(key) if key[0] == word[0] else 1
            if _distance(word, key, most) <= most:
                return key
    return word


def _split(word: str) -> str:
    """``"cantbreathe"`` -> ``"cant breathe"`` when known words cover it and one of them matters; else ``word``."""
    if len(word) < 6 or len(word) > 60 or word in REAL_WORDS or word in _NEAR:
        return word
    best: dict[int, list[str]] = {0: []}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 12), end):
            shorter = start in best and (end not in best or len(best[start]) + 1 < len(best[end]))
            if shorter and word[start:end] in _PIECES:
                best[end] = [*best[start], word[start:end]]
    pieces = best.get(len(word), [])
    return " ".join(pieces) if len(pieces) > 1 and _ANCHORS & set(pieces) else word


def _plain(token: str) -> list[str]:
    """One token -> the words it stands for."""
    if token in ALIASES:
        return ALIASES[token].split()
    if not token.isalpha() and not token.isdigit():
        counted = _COUNTED.match(token)  # "3yo" and "6hrs" are numbers with a unit, "3nd" is a word
        if counted:
            return [counted[1], counted[2]]
        if sum(c.isdigit() for c in token) < len(token) / 2:
            token = token.translate(_LEET)
    token = ALIASES.get(token, token)
    if len(token) >= 5:
        parts = _split(token)
        if parts != token:
            return [word for part in parts.split() for word in ALIASES.get(part, part).split()]
        token = _repair(token)
    return ALIASES.get(token, token).split()


def fold(question: str) -> str:
    """``question`` cut, in small letters and stripped of accents, zero-width characters and look-alike letters."""
    if len(question) > 2 * MAX_CHARS:
        question = f"{question[:MAX_CHARS]} {question[-MAX_CHARS:]}"
    if question.isascii():
        return question.lower().replace("`", "'")
    text = _APOSTROPHES.sub("'", unicodedata.normalize("NFKD", question).casefold())
    text = _APOSTROPHES.sub("'", text.replace("ł", "l").replace("ı", "i").replace("ø", "o"))
    text = "".join(c for c in text if c.isascii() or unicodedata.category(c) not in ("Mn", "Cf", "Me", "Cc"))
    if sum(c.isascii() and c.isalpha() for c in text) * 2 > sum(c.isalpha() for c in text):
        text = text.translate(_LOOKALIKES)
    return text


class NormalizedText:
    """A question as rules read it. ``words``: all but fillers; ``stems``: the first letters of every word, fillers included.

    >>> NormalizedText("He is not very well").words, NormalizedText("He is not very well").with_fillers(frozenset({"well"}))
    (' he is not ', ' he is not well ')
    """

    def __init__(self, question: str, *before: str) -> None:
        self._spelled = [*before, *_spelled_out(question)]
        self.words = _joined(word for word in self._spelled if word not in FILLERS)
        self.stems = stems(f"{self.words}{' '.join(self._spelled)}")
        self._fillers = FILLERS.intersection(self._spelled)
        self._kept: dict[frozenset[str], str] = {}

    def with_fillers(self, fillers: frozenset[str]) -> str:
        """The words with those of ``fillers`` that the question holds; ``words`` when it holds none of them."""
        named = fillers & self._fillers
        if not named:
            return self.words
        if named not in self._kept:
            self._kept[named] = _joined(word for word in self._spelled if word not in FILLERS or word in named)
        return self._kept[named]

    def after(self, word: str) -> NormalizedText:
        """The same, as if it began with ``word``."""
        return NormalizedText("", word, *self._spelled)


def normalize(question: str) -> str:
    """The plain words of ``question``, one space around each: ``" i can not breathe "``."""
    return NormalizedText(question).words


def stems(words: str) -> frozenset[str]:
    """The first letters of every word: ``" he is breathing "`` -> ``{"he", "is", "brea"}``."""
    return frozenset(word[:STEM] for word in words.split())


def _spelled_out(question: str) -> list[str]:
    """Every word that ``question`` stands for, fillers included."""
    text = fold(question)
    for form, plain in _SUFFIXES:
        text = form.sub(plain, text)
    text = _SPELLED.sub(lambda m: " " + re.sub(r"[ .\-_*]", "", m[0]) + " ", text)
    text = _PHRASES.sub(" ", text)
    tokens = [match[0] for match in _TOKEN.finditer(text)]
    words: list[str] = []
    for token, following in zip_longest(tokens, tokens[1:], fillvalue=""):
        if token[-1:] == "$":
            token = token[:-1] + "s"
        if len(token) > 3:
            short = _REPEATS.sub(r"\1\1", token)
            token = short if short == token or _known(short) else _REPEATS.sub(r"\1", token)
        before, after = _AS_TYPED.get(token, ((), ()))
        words += [token] if following in after or (words and words[-1] in before) else _plain(token)
    return words


def _joined(spelled: Iterable[str]) -> str:
    """Words with one space around each; those that belong together in one, and none more than twice in a row."""
    words: list[str] = []
    for word in spelled:
        if words and f"{words[-1]} {word}" in _JOINED:
            words[-1] = _JOINED[f"{words[-1]} {word}"]
        elif not (len(words) > 1 and words[-1] == words[-2] == word):  # "help help help help" says no more
            words.append(word)
    return f" {' '.join(words)} "


def _known(word: str) -> bool:
    return word in ALIASES or word in FILLERS or _NEAR.get(word) == word or word in _DOUBLED
