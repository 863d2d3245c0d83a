"""colours of the design -> their contrast, and the pairs that cannot be read (WCAG 2.2).

    DESIGN, the operator's colours over it --> every pair that is seen --> those below 4.5:1 (text) or 3:1 (marks)

The stylesheet has the same colours; a test holds the two together, so what is measured is what people see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SCHEMES = ("light", "dark")
TEXT, MARK = 4.5, 3.0  # WCAG AA: text, and what is no text but must be seen (1.4.3, 1.4.11)
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

# token: (in the light scheme, in the dark one)
DESIGN = {
    "paper": ("#F7F4EC", "#11161A"), "surface": ("#FFFEFB", "#1A2126"), "ink": ("#1C2530", "#ECE7DB"),
    "muted": ("#56606C", "#AEB5BA"), "accent": ("#0F5257", "#7CD3C8"), "on-accent": ("#FFFFFF", "#0C2A2C"),
    "link": ("#0B5560", "#86D6DE"), "border": ("#7B7F86", "#7F8A92"), "rule": ("#DDD6C6", "#333D44"),
    "mark": ("#FFE48A", "#54470E"), "mark-line": ("#B98900", "#E7C34A"), "here": ("#F3EEDD", "#232B30"),
    "note": ("#E9EDF5", "#222C3C"), "note-line": ("#4A5F8C", "#93A9D8"), "notice": ("#E6EEEA", "#1B2A2A"),
    "bar": ("#17323A", "#0A0E11"), "on-bar": ("#F4F1E8", "#ECE7DB"), "urgent-ground": ("#FCEBE7", "#3B1815"),
}
# What an operator may change. The colours of urgent cards stay as they are: people must know them again.
TOKENS = tuple(token for token in DESIGN if not token.startswith("urgent"))
# (what is seen, on what): every pair that the stylesheet makes
TEXT_PAIRS = (
    ("ink", "paper"), ("ink", "surface"), ("ink", "mark"), ("ink", "here"), ("ink", "note"), ("ink", "notice"),
    ("ink", "urgent-ground"), ("muted", "paper"), ("muted", "surface"), ("muted", "note"), ("muted", "notice"), ("link", "paper"),
    ("link", "surface"), ("link", "notice"), ("on-accent", "accent"), ("on-bar", "bar"))
MARK_PAIRS = (("border", "paper"), ("border", "surface"), ("accent", "paper"), ("accent", "surface"), ("mark-line", "surface"),
              ("note-line", "note"))


@dataclass(frozen=True)
class Pair:
    """Two tokens of one scheme ("light", "dark"), their contrast ratio (1 to 21) and the one that they need."""

    scheme: str
    seen: str
    ground: str
    ratio: float
    needed: float


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0..255. Example: "#0F5" and "#00FF55" are (0, 255, 85)."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def luminance(colour: str) -> float:
    """Relative luminance 0..1 of an sRGB colour, as WCAG defines it."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
              for value in (channel / 255 for channel in channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1..21. Example: black and white have 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs(colours: Mapping[str, Mapping[str, str]]) -> Iterator[Pair]:
    """Every pair that is seen together, measured, with the operator's ``colours`` in place of the design's."""
    for number, scheme in enumerate(SCHEMES):
        now = {token: drawn[number] for token, drawn in DESIGN.items()} | dict(colours.get(scheme, {}))
        for wanted, needed in ((TEXT_PAIRS, TEXT), (MARK_PAIRS, MARK)):
            for seen, ground in wanted:
                yield Pair(scheme, seen, ground, ratio(now[seen], now[ground]), needed)


def unreadable(colours: Mapping[str, Mapping[str, str]]) -> list[Pair]:
    """The pairs that the operator's ``colours`` make too faint, the faintest first; only those with one of them in."""
    return sorted((pair for pair in pairs(colours)
                   if pair.ratio < pair.needed and {pair.seen, pair.ground} & set(colours.get(pair.scheme, {}))),
                  key=lambda pair: pair.ratio / pair.needed)
