"""lines of a paragraph -> one line, with a hyphen at a line's end kept or taken out as the document spells the word elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.ingestion.document import tidy

PARTED = re.compile(r"([^\W_]+(?:[-’'][^\W_]+)*)[-\u2010\u00ad]$")
KEPT = frozenset("""self follow non well long short half high low cross ex anti post pre co check day side one two three four
five six
    seven eight nine ten evidence person decision problem first second third take part full good ill drop walk opt e over
    under up in
    out off by to of time cost life health patient child age drug dose risk user non""".split())
GOES_ON = frozenset("""up in on off out by to of the and or term time life free based related care being known old year day
week month
    hour dose risk line person esteem help harm consuming effective threatening making specific sectional controlled blind
    resistant
    dependent associated induced friendly income quality level acting lasting existing operative reported induced centred centered
    aged borne wide up-to saving bound like limiting assessment management""".split())


class Spelling:
    """How a document writes its words in the middle of lines."""

    def __init__(self, pages: Iterable[str]) -> None:
        self._whole: set[str] = set()
        self._hyphened: set[str] = set()
        for page in pages:
            for line in re.split(r"[\r\n\x02\ufffe]+", page):
                for word in re.findall(r"[^\W_]+(?:[-\u2010][^\W_]+)*", line.lower()):
                    (self._hyphened if re.search(r"[-\u2010]", word) else self._whole).add(word.replace("\u2010", "-"))

    def has(self, word: str) -> bool:
        return re.sub(r"\W+$", "", word).lower() in self._whole

    def keeps(self, head: str, tail: str) -> bool:
        """True when the hyphen between two parts of a word belongs to its spelling."""
        first, second = head.lower(), (re.match(r"[^\W_]+", tail.lower()) or [""])[0]
        if f"{first}-{second}" in self._hyphened:
            return True
        if first + second in self._whole:
            return False
        if not second or tail[:1].isdigit() or tail[:1].isupper() or head[-1:].isdigit() or (head.isupper() and len(head) > 1):
            return True
        if "-" in first:  # state-of-the-
            return True
        if any(word.startswith(f"{first}-") for word in self._hyphened) and first in self._whole and second in self._whole:
            return True
        return (first in KEPT and (second in self._whole or second in GOES_ON)) or (first in self._whole and second in GOES_ON)

    def join(self, lines: list[str]) -> str:
        """The lines of a paragraph as one."""
        text = ""
        for line in lines:
            line = tidy(line) if "\u00ad" not in line[-1:] else tidy(line[:-1]) + "\u00ad"
            parted = PARTED.search(text)
            tail = re.match(r"[^\W_]+", line)
            if parted and tail and text[-1] == "\u00ad":
                text = text[:-1] + line
            elif parted and tail and not re.match(r"(?:and|or|und|oder|y|et)\b", line):
                text = (text if self.keeps(parted[1], line) else text[:-1]) + line
            else:
                text = f"{text} {line}" if text else line
        return text
