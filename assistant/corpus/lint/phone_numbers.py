"""helplines.toml, and every text we ship -> numbers that stand where another line's should."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.corpus.lines import words
from assistant.corpus.lint.context import LintContext, Violation
from assistant.corpus.passages import SALES, sentence_spans

SHORT_NUMBER = 4  # 911, 988, 111: such a number is its own name
LINKING = r"(?:on|at|is|by|call|calls|calling|dial|phone|text|texts|texting|ring|the|its|number|now|free|call or text)"


@dataclass(frozen=True)
class _Line:
    """One help line's number, and every name it goes by, over all regions."""

    pattern: re.Pattern[str]
    digits: str
    names: tuple[str, ...]


def _numbers(context: LintContext) -> list[_Line]:
    names: dict[str, list[str]] = defaultdict(list)
    for _, table in context.tables("helplines.toml", "helpline"):
        name = str(table.get("name", ""))
        for field in ("tel", "sms"):
            digits = re.sub(r"\D", "", str(table.get(field) or ""))
            if digits and name:
                acronyms = re.findall(r"\b[A-Z]{4,}\b", name)
                names[digits] += [name, *acronyms]
    lines = []
    for digits, known in names.items():
        between = r"[ .()\u00a0\u2010-\u2013-]{0,2}" if len(digits) > SHORT_NUMBER else "-?"
        lead = "(?:1" + between + ")?" if len(digits) == 11 and digits[0] == "1" else ""
        body = between.join(digits[1:] if lead else digits)
        pattern = re.compile(rf"(?<![\w$£€.-])\+?\(?{lead}\(?{body}(?![\w%]|[.,-]\d)")
        lines.append(_Line(pattern, digits, tuple(dict.fromkeys(known))))
    return lines


def wrong_number(context: LintContext) -> Iterator[Violation]:
    known = _numbers(context)
    for view in context.views:
        for start, end in view.sentences:
            for what, at, quoted in _misplaced(view.source.text[start:end], known, view.own):
                yield view.violation(start + at, what, quoted)
    for file, line, text in context.strings:
        for start, end in sentence_spans(text, 0, len(text)):
            if Path(file).name == "helplines.toml" and words(text) < 6:
                continue  # a contact stands beside its name by the table it is in; whoever reads the file compares its digits
            for what, _, quoted in _misplaced(text[start:end], known, True):
                yield Violation(file, line, what, quoted)


def _misplaced(sentence: str, known: Iterable[_Line], ours: bool) -> Iterator[tuple[str, int, str]]:
    """(what, offset, words) of each number in the sentence that stands where another line's number should."""
    known, seen = list(known), []
    others = {name for line in known for name in line.names}
    for line in known:
        for match in line.pattern.finditer(sentence):
            seen.append(match.span())
            before = sentence[:match.start()]
            beside = next((name for name in others - set(line.names) if re.search(
                rf"\b{re.escape(name)}\b\W*(?:\b{LINKING}\b\W*)*$", before, re.IGNORECASE)), None)
            if beside and not any(beside.casefold() in name.casefold() for name in line.names):
                yield f"{match[0]} stands beside {beside}, which it is not the number of", match.start(), sentence
            elif len(line.digits) > SHORT_NUMBER and not any(name.casefold() in sentence.casefold() for name in line.names):
                yield f"{match[0]} stands without its name ({line.names[0]}) in the same sentence", match.start(), sentence
    for match in SALES.finditer(sentence) if ours else ():
        number = bool(re.match(r"[\d+(]", match[0]))
        if number and not any(low < match.end() and match.start() < high for low, high in seen):
            yield "a phone number that is not in helplines.toml", match.start(), match[0]
