"""receipt of a quotation -> where these very words stand: now, in a kept generation, or nowhere.

    source#start-end@sha256    as in "receipt" of every citation; the hash is that of the words in UTF-8

    corpus folder --the same span, else the same words elsewhere--> stands
    kept generations, newest first --the same span----------------> earlier
    neither ------------------------------------------------------> nowhere

A receipt holds no words, so it may be kept or passed on; who has the sources can check it, who has not learns nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.corpus.files import SHIPPED
from assistant.corpus.reader import read_corpus
from assistant.errors import AssistantError, BadInput
from assistant.index.generation import verify
from assistant.index.index import Index
from assistant.index.location import Place, only_folder
from assistant.index.retention import generations
from assistant.schema import Source

Verdict = Literal["stands", "earlier", "nowhere"]

SHORTEST_HASH = 16  # hex digits of a shortened receipt: 64 bits, so that no two passages share them by accident
LONGEST_PASSAGE = 50_000  # characters; no passage comes near it, and longer ones are not searched for
FORM = re.compile(r"(?P<source>[^\s#]+)#(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9})"
                  rf"@(?P<sha256>[0-9a-f]{{{SHORTEST_HASH},64}})")
EXIT_CODES: dict[Verdict, int] = {"stands": 0, "earlier": 1, "nowhere": 2}


@dataclass(frozen=True)
class Receipt:
    """A receipt, read. ``sha256`` may be shortened to its first SHORTEST_HASH digits or more."""

    source_id: str
    start: int
    end: int
    sha256: str

    def fits(self, words: str) -> bool:
        return hashlib.sha256(words.encode("utf-8")).hexdigest().startswith(self.sha256)


@dataclass(frozen=True)
class Standing:
    """What became of a receipt's words. ``place``: ``source#start-end`` where they stand now, empty if nowhere."""

    receipt: str
    verdict: Verdict
    place: str
    generations: tuple[str, ...]  # kept ones that hold these words at this place, the published one first
    unreadable: tuple[str, ...]  # kept ones that are damaged, so that nothing can be said of them
    sentence: str

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.verdict]

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"generations": list(self.generations), "unreadable": list(self.unreadable)}


def read_receipt(text: str) -> Receipt:
    """Raises BadInput when ``text`` is no receipt.

    Example: "fact-bladder#812-1190@9f86d081884c7d65" has source "fact-bladder" and the span 812 to 1190.
    """
    place, at, digits = text.strip().rpartition("@")
    match = FORM.fullmatch(place + at + digits.lower())
    if match is None or int(match["start"]) >= int(match["end"]):
        raise BadInput(f"{text[:80]!r} is no receipt: copy the whole of it, as source#start-end@sha256 with at least "
                       f"{SHORTEST_HASH} digits of the hash.")
    return Receipt(match["source"], int(match["start"]), int(match["end"]), match["sha256"])


def check_receipt(text: str, corpus: Path, index: Place, shipped: Path = SHIPPED) -> Standing:
    """Where the words of a receipt stand. A corpus or generation that cannot be read is named, not fatal.

    Raises BadInput when ``text`` is no receipt or the index is a database, and the corpus's error when there is no index to
    look in either.
    """
    receipt = read_receipt(text)
    held, unreadable = _kept(receipt, only_folder(index, "`verify`"))
    try:
        place = _stands(receipt, read_corpus(corpus, shipped).sources)
    except AssistantError:
        if not held:
            raise
        place = ""
    verdict: Verdict = "stands" if place else "earlier" if held else "nowhere"
    return Standing(text.strip(), verdict, place, held, unreadable,
                    _sentence(receipt, verdict, place, held, unreadable, corpus))


def _stands(receipt: Receipt, sources: Iterable[Source]) -> str:
    """The place of the words in the corpus: their own span, else the first of their own source that has them."""
    source = next((source for source in sources if source.id == receipt.source_id), None)
    if source is None:
        return ""
    length = receipt.end - receipt.start
    if receipt.fits(source.text[receipt.start:receipt.end]) and receipt.end <= len(source.text):
        return f"{source.id}#{receipt.start}-{receipt.end}"
    if length > LONGEST_PASSAGE:
        return ""
    start = next((at for at in range(len(source.text) - length + 1) if receipt.fits(source.text[at:at + length])), None)
    return "" if start is None else f"{source.id}#{start}-{start + length}"


def _kept(receipt: Receipt, index: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the kept generations that hold the words at their place, and of those that are damaged."""
    held, unreadable = [], []
    for name in generations(index) if index.is_dir() else ():
        try:
            opened = Index(index / name, verify(index / name), load_encoder=False)
        except AssistantError:
            unreadable.append(name)
            continue
        source = opened.sources.get(receipt.source_id)
        if source is not None and receipt.fits(source.text[receipt.start:receipt.end]):
            held.append(name)
        elif opened.withheld:
            unreadable.append(name)
    return tuple(held), tuple(unreadable)


def _sentence(receipt: Receipt, verdict: Verdict, place: str, held: tuple[str, ...], unreadable: tuple[str, ...],
              corpus: Path) -> str:
    if verdict == "stands":
        moved = place != f"{receipt.source_id}#{receipt.start}-{receipt.end}"
        sentence = f"These very words stand in {corpus}, {'now at ' if moved else 'at '}{place}"
    elif verdict == "earlier":
        sentence = (f"These words stood in the source {receipt.source_id!r}, but no longer stand in {corpus}: they are in "
                f"{'generation' if len(held) == 1 else 'generations'} {', '.join(held)}")
    else:
        sentence = f"These words stand neither in {corpus} nor in any generation that was kept: do not rely on the quotation"
    damaged = f" (damaged, so not looked into: {', '.join(unreadable)})" if unreadable else ""
    return f"{sentence}{damaged}."
