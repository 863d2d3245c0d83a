"""hits -> the few that are shown, in the order they are shown: repeats joined, speakers balanced. Owns no dependency.

Ranking asks which passage fits best; this asks which passages a person should see together (docs/decisions.md):

    repeats    two passages that say the same are one, "also said by" the other source
    weight     of three places, commercial and unknown voices (tiers T4 and T5) get one, where better sources are near
    caution    on safety, mixing, home use, pregnancy, driving, the bladder and approval a better source (T1, T2) is first
    beside     a claim of a weak voice that a better source disputes never stands without it (``differ.toml``)
    balance    where a benefit is shown and a near passage tells of risk, one that tells of risk is shown too

What ``rank`` found is never changed, so ``ask --ranked`` and the evaluation of the ranking see none of this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.schema import Hit, Passage, Source

SAME_SHARE = 0.6  # two passages that share this much of the shorter one's word triples say the same
NEAR = 0.30  # cosine with the question from which a better source may take a place from a nearer one
WEAK_IN_THREE = 1  # places out of three for voices of tier T4 and T5
WEAK, STRONG = ("T4", "T5"), ("T1", "T2")

CAUTION = re.compile(
    r"\b(?:un)?saf(?:e|er|ely|ety)\b|\bdanger|\brisk|\bharm|\bmix|\bcombin|\btogether with\b|\balcohol|\bdrink|\bbooze|\bbenzo|"
    r"\bopio|\bat home\b|\bhome use\b|\bby post\b|\bcompound|\bpregnan|\bbreast ?-?feed|\bdriv(?:e|ing|er)\b|\bcar\b|\bbladder|"
    r"\burin|\bpee(?:ing)?\b|\bwee(?:ing)?\b|\bkidney|\bapprov|\blicen[cs]ed?\b|\bfda\b|\bnice\b", re.IGNORECASE)
RISK = re.compile(
    r"\brisk|\bdanger|\bharm|\bside effects?\b|\baddict|\bdepend|\bdeath|\bdied?\b|\bdying\b|\boverdose|\bbladder|\bdamage|"
    r"\bmisuse|\bworse|\bwarn|\bunsafe|\bnot (?:been )?(?:safe|shown|approved|proven|recommend)|"
    r"\bno (?:effect|benefit|evidence)|\bcaution", re.IGNORECASE)
BENEFIT = re.compile(
    r"\bbenefit|\brelief|\breliev|\bimprov|\beffective|\bhelps?\b|\bhelped\b|\bbetter\b|\brapid|\bquick|\bfaster?\b|\bwork(?:s|ed)\b|"
    r"\bpromis|\bhope|\bsuccess|\brecover", re.IGNORECASE)


@dataclass(frozen=True)
class Shown:
    """A hit that is shown, and the sources that say the same."""

    hit: Hit
    also: tuple[str, ...] = ()  # source ids
    pair: str = ""  # the same on two that stand beside each other because they do not agree
    differs: str = ""  # what those two differ on


def choose(question: str, hits: Sequence[Hit], sources: Mapping[str, Source], count: int) -> list[Shown]:
    """At most ``count`` of ``hits`` (best first) to show together, in the order they are shown."""
    found = joined(hits)
    shown = _weighed(found, sources, count)
    if CAUTION.search(question):
        shown = _better_first(shown, sources)
    return _balanced(shown, found)


def joined(hits: Sequence[Hit]) -> list[Shown]:
    """Hits without those that say the same as one before them (shared word triples), which then names their sources."""
    kept: list[Shown] = []
    for hit in hits:
        same = next((number for number, other in enumerate(kept) if _same(hit.passage.text, other.hit.passage.text)), None)
        if same is None:
            kept.append(Shown(hit))
        else:
            first, source = kept[same], hit.passage.source_id
            if source not in (first.hit.passage.source_id, *first.also):
                kept[same] = replace(first, also=(*first.also, source))
    return kept


@lru_cache(maxsize=65_536)  # pairs of passages, which are public; comparing twenty of them anew takes half a millisecond
def _same(text: str, other: str) -> bool:
    one, two = _triples(text), _triples(other)
    return len(one & two) >= SAME_SHARE * max(1, min(len(one), len(two)))


@lru_cache(maxsize=1_024)
def _triples(text: str) -> frozenset[tuple[str, ...]]:
    words = text.casefold().split()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _tier(shown: Shown, sources: Mapping[str, Source]) -> str:
    return sources[shown.hit.passage.source_id].tier


def _weighed(found: Sequence[Shown], sources: Mapping[str, Source], count: int) -> list[Shown]:
    """The first ``count``, with weak voices held back where there are better ones near the question.

    Where there are none, everything that speaks is weak, and people are told so beside each quote.
    """
    better = [shown for shown in found if _tier(shown, sources) not in WEAK and shown.hit.cosine >= NEAR]
    if not better:
        return list(found[:count])
    most = max(WEAK_IN_THREE, count * WEAK_IN_THREE // 3)
    weak = [shown for shown in found if _tier(shown, sources) in WEAK][:most]
    chosen = sorted([*better[:count - len(weak)], *weak], key=lambda shown: shown.hit.rank)
    return chosen[:count]


def _better_first(shown: list[Shown], sources: Mapping[str, Source]) -> list[Shown]:
    best = next((one for one in shown if _tier(one, sources) in STRONG), None)
    return shown if best is None else [best, *(one for one in shown if one is not best)]


@lru_cache(maxsize=4_096)  # of passages, which are public
def tells_of_risk(text: str) -> bool:
    return bool(RISK.search(text))


@lru_cache(maxsize=4_096)
def tells_of_benefit(text: str) -> bool:
    return bool(BENEFIT.search(text)) and not tells_of_risk(text)


def _balanced(shown: list[Shown], found: Sequence[Shown]) -> list[Shown]:
    """With the last place given to a passage that tells of risk, where only benefit is told and there is one near."""
    texts = [one.hit.passage.text for one in shown]
    if len(shown) < 2 or not any(map(tells_of_benefit, texts)) or any(map(tells_of_risk, texts)):
        return shown
    risk = next((one for one in found if one.hit.cosine >= NEAR and tells_of_risk(one.hit.passage.text)), None)
    return shown if risk is None else [*shown[:-1], risk]


def beside(shown: Sequence[Shown], hits: Sequence[Hit], passages_of: Callable[[str], Sequence[Passage]],
           sources: Mapping[str, Source], count: int) -> list[Shown]:
    """``shown`` with two passages that do not agree next to each other, the better source first; still at most ``count``.

    ``passages_of``: source id -> its passages; those of a large index must not all be read.

    The other side is brought in only for a weak voice (``WEAK``): a claim must not stand alone, but a fact sheet need not
    fetch an advertisement. It takes the last place that belongs to no pair. One answer shows one pair.
    """
    if count < 2:
        return list(shown)
    found = {hit.passage.id: hit for hit in hits}
    for number, one in enumerate(shown):
        for other in one.hit.passage.differs:
            there = next((passage for passage in passages_of(other.source_id)
                          if passage.start <= other.start and other.end <= passage.end), None)
            if there is None:
                continue
            held = next((each for each in shown if each.hit.passage == there), None)
            if held is None and _tier(one, sources) not in WEAK:
                continue
            if held is None:
                hit = found.get(there.id) or Hit(there, 0.0, one.hit.rank, (other.start, other.end))
                held = Shown(replace(hit, sentence=(other.start, other.end)))
            two = sorted((replace(each, pair=other.id, differs=other.text) for each in (one, held)),
                         key=lambda each: _tier(each, sources))
            rest = [each for each in shown if each.hit.passage not in (one.hit.passage, there)]
            before = [each for each in rest if each in shown[:number]]
            after = [each for each in rest if each not in before]
            room = count - 2
            before = before[:room]
            return [*before, *two, *after[:room - len(before)]]
    return list(shown)
