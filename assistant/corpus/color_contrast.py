"""colours of the design -> their contrast, and the pairs that cannot be read (WCAG 2.2).

    page.css --tokens--> {"light": {"ink": "#1C2530", ...}, "dark": {...}} <--over them-- the operator's colours
                                                            `--unreadable--> pairs below 4.5:1 (text) or 3:1 (marks)

The design's own colours are read from the stylesheet, so what is measured is what people see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

STYLESHEET = Path(__file__).parents[1] / "server" / "web" / "static" / "page.css"
SCHEMES = ("light", "dark")
TEXT, MARK = 4.5, 3.0  # WCAG AA: text, and what is no text but must be seen (1.4.3, 1.4.11)
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
BLOCK, TOKEN = re.compile(r":root\s*\{([^}]*)\}"), re.compile(r"--([a-z-]+):\s*(#[0-9a-fA-F]{3,6})\b")

# What an operator may change. The colours of urgent cards stay as they are: people must know them again.
TOKENS = ("paper", "surface", "ink", "muted", "accent", "on-accent", "link", "border", "rule", "mark", "mark-line", "here",
          "note", "note-line", "notice", "bar", "on-bar")
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


def design(stylesheet: Path = STYLESHEET) -> dict[str, dict[str, str]]:
    """The stylesheet's colours by scheme: {"light": {token: "#RRGGBB"}, "dark": {...}}."""
    css = stylesheet.read_text("utf-8")
    light, dark = (dict(TOKEN.findall(block)) for block in BLOCK.findall(css)[:2])
    return {"light": light, "dark": {**light, **dark}}


def pairs(colours: Mapping[str, Mapping[str, str]]) -> Iterator[Pair]:
    """Every pair that is seen together, measured, with the operator's ``colours`` in place of the design's."""
    drawn = design()
    for scheme in SCHEMES:
        now = {**drawn[scheme], **colours.get(scheme, {})}
        for wanted, needed in ((TEXT_PAIRS, TEXT), (MARK_PAIRS, MARK)):
            for seen, ground in wanted:
                yield Pair(scheme, seen, ground, ratio(now[seen], now[ground]), needed)


def unreadable(colours: Mapping[str, Mapping[str, str]]) -> list[Pair]:
    """The pairs that the operator's ``colours`` make too faint, the faintest first; only those with one of them in."""
    return sorted((pair for pair in pairs(colours)
                   if pair.ratio < pair.needed and {pair.seen, pair.ground} & set(colours.get(pair.scheme, {}))),
                  key=lambda pair: pair.ratio / pair.needed)
