"""differ.toml -> pairs of quotes that disagree, bound to the passages that hold them. Owns no dependency.

    [[pair]] --exact quotes--> spans of two sources --on the passages--> Difference: where the other one stands
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.corpus import strict_toml
from assistant.errors import CorpusError
from assistant.schema import Difference, Passage, Source

SIDES = ("a", "b")


@dataclass(frozen=True)
class Pair:
    """Two sentences that do not agree, as (source id, exact quote), and in plain words what they differ on."""

    id: str
    differ: str
    a: tuple[str, str]
    b: tuple[str, str]


def pairs_from(tables: list[dict[str, Any]], where: str) -> tuple[Pair, ...]:
    """Pairs of differ.toml. Raises CorpusError for a missing key, a repeated id or two sides of one source."""
    pairs: dict[str, Pair] = {}
    for table in tables:
        at = strict_toml.where(where, table)
        name = str(table.get("id", "?"))
        sides = [table.get(side) for side in SIDES]
        if not _filled(table, "id", "differ") or not all(_filled(side, "source_id", "quote") for side in sides):
            raise CorpusError(f"{at}: the pair {name!r} needs 'id', 'differ' and two sides, a and b, each "
                              "{ source_id = ..., quote = ... }.")
        first, second = ((side["source_id"], side["quote"]) for side in sides if side)
        if name in pairs or first[0] == second[0]:
            raise CorpusError(f"{at}: the pair {name!r} " + ("stands there twice." if name in pairs else
                              "has one source on both sides: name two."))
        pairs[name] = Pair(name, table["differ"], first, second)
    return tuple(pairs.values())


def _filled(table: Any, *keys: str) -> bool:
    return isinstance(table, dict) and all(isinstance(table.get(key), str) and table[key].strip() for key in keys)


def paired(passages: Sequence[Passage], sources: Sequence[Source], pairs: Sequence[Pair]) -> list[Passage]:
    """Passages that know which others they differ from. A pair whose source is not in the corpus is left out.

    Raises CorpusError when a quote no longer stands in a passage: a disputed claim must not lose its other side unseen.
    """
    texts = {source.id: source.text for source in sources}
    made = list(passages)
    for pair in pairs:
        if pair.a[0] in texts and pair.b[0] in texts:
            here, there = (_holding(made, texts[side[0]], pair.id, *side) for side in (pair.a, pair.b))
            for (number, _), (_, (start, end)), other in ((here, there, pair.b[0]), (there, here, pair.a[0])):
                found = Difference(pair.id, pair.differ, other, start, end)
                made[number] = replace(made[number], differs=(*made[number].differs, found))
    return made


def _holding(passages: Sequence[Passage], text: str, name: str, source_id: str, quote: str) -> tuple[int, tuple[int, int]]:
    """Number of the passage that holds the quote, and the quote's span in the source."""
    start = text.find(quote)
    while start >= 0:
        end = start + len(quote)
        for number, passage in enumerate(passages):
            if passage.source_id == source_id and passage.start <= start and end <= passage.end:
                return number, (start, end)
        start = text.find(quote, end)
    raise CorpusError(f"differ.toml: the quote of pair {name!r} no longer stands in a passage of {source_id} ({quote[:50]!r}): "
                      "look at both sides again, then quote the text as it stands.")
