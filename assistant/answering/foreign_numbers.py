"""passages -> those that may be quoted in a region: none that sends people to a number of another country.

    "Call 911 now."            in GB: not quoted     in the US or Canada: quoted
    "In the US, call 911."     in GB: quoted, because it names its country; under an urgent card not even then

A number is told by its form: a short one where people are told to call it, a long one as the countries write theirs. Ranking
sees nothing of this, so what was found and how surely is the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.notices import FixedTexts
from assistant.schema import Hit

COUNTRIES = {  # region -> how a text names it; with capitals, because "us" is no country
    "US": r"USA?|U\.S\.(?:A\.)?|United States|Americans?|America",
    "CA": r"Canada|Canadians?|Quebec|Ontario",
    "GB": r"UK|U\.K\.|United Kingdom|(?:Great )?Britain|British|England|Scotland|Scottish|Wales|Welsh|Northern Ireland",
    "IE": r"(?<!Northern )Ireland|Irish",
    "AU": r"Australians?|Australia",
    "NZ": r"New Zealand(?:ers?)?",
}
SHORT = {"911": ("US", "CA"), "988": ("US", "CA"), "999": ("GB", "IE"), "112": ("GB", "IE"), "111": ("GB", "NZ"), "000": ("AU",),
         "1737": ("NZ",)}
# Which countries a long number works in, and how it is written. One of North America is taken to be of the United States: of
# Canada's we know our own.
LONG = ((("US",), r"(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-](?:\d{4}|[A-Z]{4})\b"),
        (("GB", "IE"), r"116[ -]?123"),
        (("AU",), r"13 ?\d\d ?\d\d"),
        (("AU", "IE"), r"1[38]00[ -]\d{3}[ -]\d{3}"),
        (("GB", "IE", "AU", "NZ"), r"\(?0\d{1,4}\)?[ -]\d{3,4}(?:[ -]\d{3,4}){0,2}"))
_CALLED = re.compile(
    r"\b(?:call(?:ing|s|ed)?|dial(?:ling|ing)?|ring(?:ing)?|phone|text(?:ing)?|contact|reach|emergency|(?:help|life)?line|number)"
    rf"\b[^.?!;\n]{{0,40}}?(?<![\w$£€.,-])({'|'.join(SHORT)})(?![\w%]|[.,-]\d| (?:people|adults|patients|participants|users|"
    r"men|women|children|students|deaths|cases|samples|exposures|calls|days|mg|ml|of)\b)", re.IGNORECASE)
_LONG = tuple((works_in, re.compile(rf"(?<![\w$£€.+-]){form}(?![\w%]|[.,-]\d)")) for works_in, form in LONG)
_NAMED = {region: re.compile(rf"(?<!\w)(?:{names})(?!\w)") for region, names in COUNTRIES.items()}


@dataclass(frozen=True)
class Number:
    digits: str
    works_in: tuple[str, ...]  # regions
    named: bool  # the text names a country that it may be of


@lru_cache(maxsize=4_096)  # of passages, which are public
def numbers(text: str) -> tuple[Number, ...]:
    """The phone numbers that a text sends people to."""
    if not re.search(r"\d{3}|\d\d ?\d\d", text):
        return ()
    numbers = [(match[1], SHORT[match[1]]) for match in _CALLED.finditer(text)]
    numbers += [(re.sub(r"\D", "", match[0]), works_in) for works_in, form in _LONG for match in form.finditer(text)]
    countries = {region for region, name in _NAMED.items() if name.search(text)}
    return tuple(Number(digits, works_in, bool(countries & ({"US", "CA"} if works_in == ("US",) else set(works_in))))
                 for digits, works_in in numbers)


def is_quotable(text: str, texts: FixedTexts, urgent: bool = False) -> bool:
    """True when no number in ``text`` is foreign where ``texts`` are shown, or each stands in a text that names its country.

    ``urgent``: it would stand under a card, where a second emergency number is a danger even with its country.
    """
    found = numbers(text)
    if not found:
        return True
    own = {re.sub(r"\D", "", way) for line in texts.notice.helplines for way in (line.tel, line.sms) if way}
    foreign = [number for number in found if texts.region not in number.works_in
               and not {number.digits, f"1{number.digits}"} & own]
    return not foreign or (not urgent and all(number.named for number in foreign))


def quotable(hits: Iterable[Hit], texts: FixedTexts, urgent: bool = False) -> list[Hit]:
    """The hits whose passages may be quoted, in order."""
    return [hit for hit in hits if is_quotable(hit.passage.text, texts, urgent)]
