"""hits -> the passages that are shown, in the order they are shown.

Ranking asks which passage fits best; this asks which ones a person should see, and who speaks first (docs/decisions.md):

    repeats    two passages that say the same are one, "also said by" the other source
    help       a passage that hardly answers is not shown only to make three
    trust      of the passages that answer, better sources (T1 to T3) stand before sellers and unknown voices (T4, T5), unless
               the question names such a voice; a claim that an editor's note disputes stands last
    beside     a claim of a weak voice that a better source disputes never stands without it (``differ.toml``)
    balance    where a benefit is shown and a near passage tells of risk, one that tells of risk is shown too

The order is made before it is cut, so it is the same however many are asked for. What ``rank`` found is never changed: ``ask
--ranked`` and the evaluation of the ranking see none of this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.schema import Hit, Passage, Source, still

SAME_SHARE = 0.6  # two passages that share this much of the shorter one's word triples say the same
ANSWERS = 0.10  # relevance from which a better source is taken to answer; docs/quality.md has what other cuts give
CAREFUL = 0.05  # the same where the wrong voice can do harm
HELPS = 0.05  # relevance below which a passage after the first is not shown
NEAR = 0.30  # cosine with the question that a passage on risk must have to stand beside a benefit
BLOCK = 3  # places that are filled together; of each three, weak voices get one where better sources answer
WEAK, STRONG = ("T4", "T5"), ("T1", "T2")

# Stopping, helping, danger, mixing, medicines, pregnancy and the law: here a seller must not speak first.
CARE = re.compile(
    r"\b(?:un)?saf(?:e|er|ely|ety)\b|\bdanger|\brisk|\bharm|\bmix|\bcombin|\btogether with\b|\balcohol|\bdrink|\bbooze|\bbenzo|"
    r"\bopio|\bat home\b|\bhome use\b|\bby post\b|\bcompound|\bpregnan|\bbreast ?-?feed|\bdriv(?:e|ing|er)\b|\bcar\b|\bbladder|"
    r"\burin|\bpee(?:ing)?\b|\bwee(?:ing)?\b|\bkidney|\bapprov|\blicen[cs]ed?\b|\bfda\b|\bnice\b|"
    r"\bstop|\bquit|\bgiv(?:e|ing) (?:it |this )?up\b|\bcut(?:ting)? (?:down|back)\b|\bcom(?:e|ing) off\b|\bget(?:ting)? off\b|"
    r"\bdetox|\bwithdraw|\brehab|\brecover|\bsober|\baddict|\bdepend|\bhooked\b|\bcrav|\brelaps|\bhelp|\bsupport|\bworr(?:y|ied)|\bscared\b|"
    r"\bmy (?:son|daughter|child|kid|brother|sister|friend|mate|partner|husband|wife|boyfriend|girlfriend|mum|mom|dad)\b|"
    r"\boverdos|\bdie[sd]?\b|\bdying\b|\bdeath|\bdead|\bkill|\bemergenc|\bambulance|\bhospital|\bmedic(?:ine|ation)s?\b|\bmeds\b|"
    r"\bantidepress|\btablets?\b|\bpills?\b|\bprescri|\bside effects?\b|\bbrain\b|\bmemory\b|\bliver\b|\bheart\b", re.IGNORECASE)
ASKS_AFTER = re.compile(
    r"\b(?:sa(?:y|ys|id|ying)|claim|article|page|site|website|blog|clinic|rehab|cent(?:er|re)|according|thinks?|writ|wrote|mention|"
    r"recommend|offer|promis|suggest|state[sd]?|published)", re.IGNORECASE)
COMMON = frozenset(  # words of publishers' names that name nobody
    "ketamine answers summing article page publisher unknown health wellness clinic recovery center centre treatment addiction "
    "south north east west university journal national medical medicine department institute service services american british "
    "drug drugs abuse substance action alcohol mental hospital trust group international association society foundation".split())
RISK = re.compile(
    r"\brisk|\bdanger|\bharm|\bside effects?\b|\baddict|\bdepend|\bdeath|\bdied?\b|\bdying\b|\boverdose|\bbladder|\bdamage|"
    r"\bmisuse|\bworse|\bwarn|\bunsafe|\bnot (?:been )?(?:safe|shown|approved|proven|recommend)|"
    r"\bno (?:effect|benefit|evidence)|\bcaution", re.IGNORECASE)
BENEFIT = re.compile(
    r"\bbenefit|\brelief|\breliev|\bimprov|\beffective|\bhelps?\b|\bhelped\b|\bbetter\b|\brapid|\bquick|\bfaster?\b|\bwork(?:s|ed)\b|"
    r"\bpromis|\bhope|\bsuccess|\brecover", re.IGNORECASE)


@dataclass(frozen=True, eq=False)  # each is itself alone: comparing what it holds, text and all, took longer than choosing
class Shown:
    """A hit that is shown, and the sources that say the same."""

    hit: Hit
    also: tuple[str, ...] = ()  # source ids
    pair: str = ""  # the same on two that stand beside each other because they do not agree
    differs: str = ""  # what those two differ on


def select(question: str, hits: Sequence[Hit], sources: Mapping[str, Source],
           passages_of: Callable[[str], Sequence[Passage]], count: int) -> list[Shown]:
    """At most ``count`` of ``hits`` (best first) to show together, in the order they are shown.

    ``passages_of``: source id -> its passages; those of a large index must not all be read.
    """
    shown = joined(hits)
    ordered = _balanced(in_order(question, shown, sources), shown)
    return _whole_pairs(beside(ordered, hits, passages_of, sources)[:count])


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


def in_order(question: str, found: Sequence[Shown], sources: Mapping[str, Source]) -> list[Shown]:
    """All that helps of ``found`` (best first), better sources before weak ones in each block of three."""
    named = _named(question, found, sources)
    cut = CAREFUL if CARE.search(question) else ANSWERS

    def weak(one: Shown) -> bool:
        return _tier(one, sources) in WEAK and one.hit.passage.source_id not in named

    rest = [one for number, one in enumerate(found) if number == 0 or one.hit.relevance >= HELPS]
    # A weak voice alone in front may hide a better source that answers less closely: let that one be looked at.
    rest += [one for one in found if one not in rest and not weak(one) and one.hit.relevance >= cut]
    ordered: list[Shown] = []
    while rest:
        answering = [one for one in rest if not weak(one) and one.hit.relevance >= cut]
        if named:
            answering.sort(key=lambda one: (one.hit.passage.source_id not in named, one.hit.rank))
        block = answering[:1]
        for one in rest:
            held = sum(map(weak, block)) + (one not in block and weak(one))
            if len(block) < BLOCK and one not in block and (held <= 1 or len(answering) < BLOCK - 1):
                block.append(one)
        first = block[0]
        block.sort(key=lambda one: (weak(one) and bool(answering), bool(one.hit.passage.notes) and one.hit.passage.source_id
                                    not in named, one is not first, one.hit.rank))
        ordered += block
        rest = [one for one in rest if one not in block]
    return ordered


def _named(question: str, found: Sequence[Shown], sources: Mapping[str, Source]) -> frozenset[str]:
    """Ids of the sources whose publisher the question asks after: "what does Mountainside say about ..."."""
    if not ASKS_AFTER.search(question):
        return frozenset()
    asked = _proper(question)
    ids = {one.hit.passage.source_id for one in found}
    return frozenset(name for name in ids if asked & (_proper(sources[name].publisher) - COMMON))


def _proper(text: str) -> frozenset[str]:
    plain = re.sub(r"['’]s\b", "", text.casefold())
    return frozenset(word for word in re.findall(r"[^\W_]+", plain) if len(word) > 3)


@lru_cache(maxsize=4_096)  # of passages, which are public
def tells_of_risk(text: str) -> bool:
    return bool(RISK.search(text))


@lru_cache(maxsize=4_096)
def tells_of_benefit(text: str) -> bool:
    return bool(BENEFIT.search(text)) and not tells_of_risk(text)


def _balanced(ordered: list[Shown], found: Sequence[Shown]) -> list[Shown]:
    """With the third place given to a passage that tells of risk, where only benefit is told and there is one near."""
    shown = ordered[:BLOCK]
    texts = [one.hit.passage.text for one in shown]
    if len(shown) < 2 or not any(map(tells_of_benefit, texts)) or any(map(tells_of_risk, texts)):
        return ordered
    risk = next((one for one in found if one.hit.cosine >= NEAR and tells_of_risk(one.hit.passage.text)), None)
    if risk is None:
        return ordered
    kept = shown[:BLOCK - 1]
    return [*kept, risk, *(one for one in ordered if one not in kept and one is not risk)]


def beside(ordered: Sequence[Shown], hits: Sequence[Hit], passages_of: Callable[[str], Sequence[Passage]],
           sources: Mapping[str, Source]) -> list[Shown]:
    """``ordered`` with the first two of one block that do not agree next to each other, the better source first.

    The other side is brought in only for a weak voice (``WEAK``): a claim must not stand alone, but a fact sheet need not
    fetch an advertisement. One answer shows one pair.
    """
    hit_of = {hit.passage.id: hit for hit in hits}
    for number, one in enumerate(ordered[:BLOCK]):
        for other in one.hit.passage.differs:
            there = next((passage for passage in passages_of(other.source_id)
                          if passage.start <= other.start and other.end <= passage.end), None)
            if there is None:
                continue
            held = next((each for each in ordered[:BLOCK] if each.hit.passage == there), None)
            if held is None and _tier(one, sources) not in WEAK:
                continue
            if held is None:
                hit = hit_of.get(there.id) or Hit(there, 0.0, one.hit.rank, still((other.start, other.end)))
                held = Shown(replace(hit, mark=still((other.start, other.end))))
            two = sorted((replace(each, pair=other.id, differs=other.text) for each in (one, held)),
                         key=lambda each: _tier(each, sources))
            rest = [each for each in ordered if each.hit.passage not in (one.hit.passage, there)]
            before = [each for each in rest if each in ordered[:number]][:BLOCK - 2]
            return [*before, *two, *(each for each in rest if each not in before)]
    return list(ordered)


def _whole_pairs(shown: list[Shown]) -> list[Shown]:
    """Without the word that two differ where only one of them is left."""
    pairs = [one.pair for one in shown]
    return [replace(one, pair="", differs="") if one.pair and pairs.count(one.pair) < 2 else one for one in shown]
