"""hits -> those that may be quoted where somebody asks, passages on that country before those on another.

    "Call 911 now."            in GB: not quoted     in the US or Canada: quoted
    "In the US, call 911."     in GB: quoted, because it names its country; under an urgent card not even then
    "is it legal"              in GB: "Is ketamine illegal in the UK?" before "Is ketamine legal in the US?"
    "is it legal in Canada"    "Is ketamine illegal in Canada?" first, wherever it is asked

A number is told by its form: a short one where people are told to call it, a long one as the countries write theirs. A passage is
on the countries that its heading names; where that names none, on those that its source's title does; most are on none, and keep
their place. Ranking sees nothing of this, so what was found and how surely is the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.notices import FixedTexts
from assistant.schema import Hit, Source

NAMES = {  # region -> how a text names it; with capitals, because "us" is no country
    "US": r"USA?|U\.S\.(?:A\.)?|United States|Americans?|America",
    "CA": r"Canada|Canadians?|Quebec|Ontario",
    "GB": r"UK|U\.K\.|United Kingdom|(?:Great )?Britain|British|England|Scotland|Scottish|Wales|Welsh|Northern Ireland",
    "IE": r"(?<!Northern )Ireland|Irish",
    "AU": r"Australians?|Australia",
    "NZ": r"New Zealand(?:ers?)?",
}
# What else tells where somebody who asks lives, in any case: towns and states, health services, what only one country has.
SIGNS = {
    "US": r"u\.?s\.?a|(?:in|of|to) the u\.?s|united states|americans?|america|medicaid|fda|dea|samhsa|911|alabama|"
          r"alaska|arizona|arkansas|california|colorado|connecticut|florida|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|"
          r"louisiana|maryland|massachusetts|"
          r"michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new (?:hampshire|jersey|mexico|york)|ohio|oklahoma|"
          r"oregon|pennsylvania|tennessee|texas|utah|vermont|wisconsin|wyoming|(?:north|south) (?:carolina|dakota)|chicago|"
          r"los angeles|seattle|houston|philadelphia|detroit",
    "CA": r"canada|canadians?|qu[eé]bec|ontario|alberta|manitoba|saskatchewan|nova scotia|british columbia|toronto|montr[eé]al|"
          r"ottawa|calgary|edmonton|winnipeg",
    "GB": r"u\.?k|united kingdom|britain|england|scotland|scottish|wales|welsh|northern ireland|nhs|a ?& ?e|999|mhra|dvla|"
          r"talk to frank|london|leeds|manchester|liverpool|sheffield|glasgow|edinburgh|cardiff|belfast|bristol|"
          r"nottingham|leicester|birmingham|kent|yorkshire|lancashire|essex|sussex|cornwall|devon",
    "IE": r"(?<!northern )ireland|hse|gardai?|garda[ií]|dublin|galway|donegal",
    "AU": r"australians?|australia|aussie|tga|melbourne|sydney|brisbane|adelaide|canberra|hobart|queensland|nsw|tasmania",
    "NZ": r"new zealand(?:ers?)?|nz|pharmac|medsafe|auckland|christchurch|dunedin",
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
AS_WELL = 0.5  # of the relevance of a passage on another country that one on the right country needs, to stand before it
_CALLED = re.compile(
    r"\b(?:call(?:ing|s|ed)?|dial(?:ling|ing)?|ring(?:ing)?|phone|text(?:ing)?|contact|reach|emergency|(?:help|life)?line|number)"
    rf"\b[^.?!;\n]{{0,40}}?(?<![\w$£€.,-])({'|'.join(SHORT)})(?![\w%]|[.,-]\d| (?:people|adults|patients|participants|users|"
    r"men|women|children|students|deaths|cases|samples|exposures|calls|days|mg|ml|of)\b)", re.IGNORECASE)
_LONG = tuple((works_in, re.compile(rf"(?<![\w$£€.+-]){form}(?![\w%]|[.,-]\d)")) for works_in, form in LONG)
NAMED = {region: re.compile(rf"(?<!\w)(?:{names})(?!\w)") for region, names in NAMES.items()}
_ASKED = {region: re.compile(rf"(?<!\w)(?:{signs})(?!\w)", re.IGNORECASE) for region, signs in SIGNS.items()}


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
    countries = named(text)
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


def named(text: str) -> frozenset[str]:
    """The regions that a text names."""
    return frozenset(region for region, names in NAMED.items() if names.search(text))


def asked(question: str) -> frozenset[str]:
    """The regions that a question tells of, in the loose spelling of people who type."""
    return named(question) | {region for region, signs in _ASKED.items() if signs.search(question)}


@lru_cache(maxsize=4_096)  # of headings and titles, which are public
def subject_of(heading: str, title: str) -> frozenset[str]:
    """The regions that a passage is on; none for most."""
    return named(heading) or named(title)


def in_country(question: str, hits: Sequence[Hit], sources: Mapping[str, Source], region: str) -> list[Hit]:
    """``hits`` (best first) in the order for somebody in ``region``, unless the question tells of another; ranked anew."""
    wanted = asked(question) or {region}
    ordered: list[Hit] = []
    abroad: list[Hit] = []  # those of ``ordered`` that are on other countries only
    for hit in hits:
        countries = subject_of(hit.passage.heading, sources[hit.passage.source_id].title)
        passed = (place for place, other in enumerate(ordered)
                  if other in abroad and hit.relevance >= AS_WELL * other.relevance)
        ordered.insert(next(passed, len(ordered)) if countries & wanted else len(ordered), hit)
        if countries and not countries & wanted:
            abroad.append(hit)
    return [hit if hit.rank == rank else replace(hit, rank=rank) for rank, hit in enumerate(ordered, 1)]
