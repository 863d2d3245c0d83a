"""Two full fonts -> the six small ones that the page ships. Needs fonttools and brotli, which the service does not.

    python docs/fonts.py source-serif-4-latin-wght-normal.woff2 source-sans-3-latin-wght-normal.woff2

The full ones are the files of the npm packages @fontsource-variable/source-serif-4 and source-sans-3 (SIL Open Font License).
Weights and features that the page does not use are taken out, no letter is: what plain English needs stands in one file, which
every visit loads, accents and rarer signs in a second (``-more``), which a browser asks for when it meets one. "Source" is a
reserved name, which a changed font may not bear, so ours are called Reading Serif and Reading Sans. After a change raise ``?v=``
in page.css: browsers keep a font for a year.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

INTO = Path(__file__).resolve().parent.parent / "assistant" / "server" / "web" / "static" / "fonts"
FEATURES = ["kern", "liga", "ccmp", "mark", "locl", "tnum"]
PLAIN = {*range(0x20, 0x7F), *map(ord, "\u00a0£é–—‘’“”…•·↗")}  # the unicode-range of page.css
MADE = (  # which full font, the weights that are kept, the name, the file
    (0, 400, "Reading Serif", "reading-serif-400"),
    (0, 600, "Reading Serif", "reading-serif-600"),
    (1, (400, 600), "Reading Sans", "reading-sans"),
)


def plain(font: TTFont) -> TTFont:
    """The font read again from its bytes: some tables can be cut only when they were never read in part."""
    font.flavor = None
    held = io.BytesIO()
    font.save(held)
    held.seek(0)
    return TTFont(held, lazy=False)


def cut(path: str, weights: int | tuple[int, int], name: str, more: bool) -> TTFont:
    font = plain(TTFont(path))
    letters = sorted(letter for letter in font.getBestCmap() if (letter in PLAIN) is not more)
    font = plain(instancer.instantiateVariableFont(font, {"wght": weights}))
    options = subset.Options()
    options.layout_features, options.hinting, options.name_IDs = FEATURES, False, [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = name.replace(" ", "") if record.nameID == 6 else name
    return font


for number, weights, name, file in MADE:
    for more in (False, True):
        made = cut(sys.argv[1 + number], weights, name, more)
        made.flavor = "woff2"
        into = INTO / (file + ("-more" if more else "") + ".woff2")
        made.save(into)
        print(into.name, into.stat().st_size, "bytes,", len(made.getBestCmap()), "letters")
