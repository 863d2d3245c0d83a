"""question -> the medicines, illnesses, tests, treatments, drugs and places that it names; and whether a passage speaks of one.

Names stand in entities.toml; endings of the international nonproprietary names and of medicine find those that no list has.
Ketamine and its names are no things here: every text is about it. Precision goes before recall: a word that may be an
ordinary one is left out, so is where somebody lives, and what ketamine is likened to.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.corpus.editorial import Glossary

DATA = Path(__file__).parent / "entities.toml"
LONGEST = 5  # words of a name
FEWEST = 7  # letters of a word whose ending may tell what it is
STORY = 30  # words from which only medicines count outside the sentences that ask: the rest is whom it is about
BEFORE = 3  # letters that stand before an ending, at least

WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
BESIDE_DRUGS = frozenset("ket k keta ketamine and or with plus".split())  # "speed" is a drug beside one of these,
BEFORE_DRUGS = frozenset("on than like mix mixed mixing take took taking taken snort snorted some".split())  # or after one
OF_PEOPLE = re.compile(r"(?:\b(?:an?|my|our|his|her|their) (?:[\w'’-]+ ){1,3}|\b(?:lives?|living|moved|moving|served|here|based"
                       r"|i['’]?m|i am|we['’]?re|clinic) )(?:in|from|to|near|since) $", re.IGNORECASE)  # where somebody is
ASKING = re.compile(r"[^.!?]*\?|[^.!?]+\W*$")  # sentences that end in a question mark, and the last one
LIKENED = re.compile(r"\b(?:un)?like (?:an? )?$", re.IGNORECASE)  # "is it like heroin" asks about ketamine
LANGUAGE = re.compile(r"\b(?:in|speaks?|speaking) $", re.IGNORECASE)


@dataclass(frozen=True)
class Thing:
    """Something that is named, by ``names`` in lower case without hyphens or by ``exact`` ones, which count as they are written.

    ``forms``: all of them as they are written. ``doubtful``: names that count only beside words that speak of drugs. ``said``:
    more words of a passage that speak of it; those in lower case in any case.
    """

    name: str
    forms: tuple[str, ...]
    names: tuple[str, ...]
    exact: tuple[str, ...]
    doubtful: frozenset[str]
    is_a: tuple[str, ...]
    said: tuple[str, ...]
    category: str


def things(question: str) -> tuple[str, ...]:
    """What a question names, in order, each once, by its first name: "is Zoloft ok with ket" -> ("sertraline",)."""
    by_form = _data().by_form
    spans = [match.span() for match in WORD.finditer(question)]
    plain = [_plain(question[start:end]) for start, end in spans]
    found: dict[str, None] = {}
    asking = [match.span() for match in ASKING.finditer(question)] if len(plain) > STORY else [(0, len(question))]
    at = 0
    while at < len(plain):
        for count in range(min(LONGEST, len(plain) - at), 0, -1):
            joined = " ".join(plain[at:at + count])
            name = joined if joined in by_form else _singular(joined)
            thing = by_form.get(name)
            if (thing and (thing.category == "medicine" or any(start <= spans[at][0] < end for start, end in asking))
                    and _is_meant(thing, name, question, spans[at][0], spans[at + count - 1][1])
                    and (name not in thing.doubtful or _among_drugs(plain[at - 1:at], plain[at + count:at + count + 1]))):
                found[thing.name] = None
                break
        else:
            count = 1
            if ending := _by_ending(plain[at]):
                found[ending] = None
        at += count
    return tuple(found)


def mentions(thing: str, text: str, glossary: Glossary) -> bool:
    """True when a passage (heading and text) says ``thing`` by any name, or speaks of a group that it belongs to by that group's
    name. Groups are those of entities.toml and the words of the glossary."""
    data = _data()
    plain = " ".join(["", *WORD.findall(_plain(text)), ""])
    known = data.by_form.get(_plain(thing))
    if known is None:
        return _holds(plain, _plain(thing)) or _led_to((thing,), glossary, plain)
    groups = [group for name in known.is_a if (group := data.by_form.get(_plain(name)))]
    return (any(_holds(plain, name) for one in (known, *groups, *data.members.get(known.name, ())) for name in one.names)
            or any(_holds(plain, _plain(group)) for group in known.is_a)
            or any(_holds(plain, word) if word.islower() else _stands(word, text)
                   for one in (known, *groups) for word in (*one.exact, *one.said))
            or _led_to((*known.forms, *known.is_a), glossary, plain))


def names() -> Iterator[str]:
    """Every name that is listed, as it is written; for what must not be taken for a slip of spelling."""
    for thing in dict.fromkeys(_data().by_form.values()):
        yield from thing.forms


@dataclass(frozen=True)
class _Data:
    by_form: Mapping[str, Thing]
    members: Mapping[str, list[Thing]]  # of a group, by the group's name
    endings: re.Pattern[str]
    ordinary: frozenset[str]  # words that have such an ending and are no things


@lru_cache(maxsize=1)
def _data() -> _Data:
    raw = tomllib.loads(DATA.read_text("utf-8"))
    by_form: dict[str, Thing] = {}
    for table in raw["group"]:
        for entry in table["names"]:
            listed, _, plain = entry.partition(" | ")
            written = listed.split("/")
            forms = [form.lstrip("=~") for form in written]
            exact = tuple(form[1:] for form in written if form.startswith("="))
            made = Thing(forms[0], tuple(forms), tuple(_plain(form) for form in forms if form not in exact), exact,
                         frozenset(_plain(form[1:]) for form in written if form.startswith("~")), tuple(table.get("is_a", ())),
                         tuple(plain.split(", ")) if plain else (), table["category"])
            by_form.update((_plain(form), made) for form in forms)
    members: dict[str, list[Thing]] = {}
    for made in dict.fromkeys(by_form.values()):
        for name in made.is_a:
            if (group := by_form.get(_plain(name))) and made.category != "place":
                members.setdefault(group.name, []).append(made)
    endings = "|".join(raw["endings"][category] for category in ("medicine", "illness", "test"))
    return _Data(by_form, members, re.compile(rf"[a-z]{{{BEFORE},}}(?:{endings})"), frozenset(raw["endings"]["ordinary"].split()))


def _plain(words: str) -> str:
    """In lower case, hyphens as spaces, without a final 's: "Parkinson's" -> "parkinson"."""
    low = words.casefold().replace("’", "'").replace("-", " ")
    return re.sub(r"'s?(?!\w)", "", low) if "'" in low else low


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _is_meant(thing: Thing, name: str, question: str, start: int, end: int) -> bool:
    """False where the spelling is not that of an exact name, and for a place that somebody lives in or a language."""
    if name not in thing.names and (_in_capitals(question) or question[start:end].removesuffix("s") not in thing.exact):
        return False
    if thing.category in ("drug", "medicine") and LIKENED.search(question, 0, start):
        return False
    return not (thing.category == "place" and (OF_PEOPLE.search(question, 0, start)
                                 or (name != thing.names[0] and LANGUAGE.search(question, 0, start))))


def _in_capitals(question: str) -> bool:
    """True when capitals say nothing: WHAT HAVE I DONE TO ME names no ME. A few words may be names."""
    return len(question.split()) > 4 and sum(map(str.isupper, question)) > sum(map(str.islower, question))


def _among_drugs(before: list[str], after: list[str]) -> bool:
    return after != ["up"] and not (BESIDE_DRUGS.isdisjoint(before + after) and BEFORE_DRUGS.isdisjoint(before))


def _by_ending(word: str) -> str:
    """The word itself when its ending says that it is a medicine, an illness or a test; else empty."""
    data = _data()
    single = _singular(word) if not word.endswith(("itis", "osis", "sis")) else word
    if len(single) < FEWEST or single in data.ordinary or "ketamin" in single or not data.endings.fullmatch(single):
        return ""
    return single


def _led_to(forms: Iterable[str], glossary: Glossary, plain: str) -> bool:
    """True when a passage has a word of the glossary that one of the forms leads to."""
    return any(_holds(plain, _plain(word)) for form in forms if (word := glossary.word_of(form)))


def _holds(plain: str, name: str) -> bool:
    return f" {name} " in plain or f" {name}s " in plain or (name.endswith("s") and f" {name[:-1]} " in plain)


def _stands(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None
