"""text -> lines: which are headings, lists, paragraphs, and which are page furniture.

    Line(start, end, kind)      kind: blank | heading | item | text | skip

Plain text carries no marks, so headings are told by shape: short, no full stop, something below it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.schema import Span

MAX_HEADING_WORDS = 14  # the longest heading in the five seed documents has 12
WRAPPED_WIDTH = 120  # a text with a longer line is not hard-wrapped

ITEM = re.compile(r"[ \t\u00a0]*(?:[-*+•●◦▪‣·–—][ \t\u00a0]+|\(?\d{1,3}[.)][ \t]+|\(?[a-z][.)][ \t]+)(?=\S)")
MARKDOWN_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
BOLD_LINE = re.compile(r"[ ]{0,3}(\*\*|__)(?P<text>[^*_]+)\1:?[ \t]*$")
UNDERLINE = re.compile(r"[ ]{0,3}(=+|-{3,})[ \t]*$")
RULE = re.compile(r"[ ]{0,3}(?:[-*_][ \t]*){3,}$")
CONTENTS = re.compile(r"\W*(?:table\s+of\s+)?contents\W*$", re.IGNORECASE)
LEADER = re.compile(r"(?:\.{5,}|(?:…\s?){2,}|(?:\s\.){3,})[\s.]*\d+\s*$")  # "Bladder ...... 12"
ANCHOR_LINK = re.compile(r"\[[^\]]+\]\(#[^)]*\)\s*$")
GUARD = "\u2060"  # before a paragraph whose first signs are no mark of a heading or a list: no width, and no part of a quote
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’)\]*_]*$")
INNER_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+\S")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass
class Line:
    start: int
    end: int  # without the line break
    text: str
    kind: str = "text"


def words(text: str) -> int:
    return sum(1 for _ in WORD.finditer(text))


def excluded_spans(text: str, excludes: Iterable[str]) -> tuple[list[Span], list[str]]:
    """Spans that must not become passages, and the excludes that occur nowhere.

    An exclude is the start of a line: the whole line goes. Elsewhere in a line just its own words go.
    """
    spans, missing = [], []
    for phrase in excludes:
        phrase = phrase.strip()
        starts = [match.start() for match in re.finditer(re.escape(phrase), text)] if phrase else []
        if not starts:
            missing.append(phrase)
        for at in starts:
            line_start = text.rfind("\n", 0, at) + 1
            end = at + len(phrase)
            if not text[line_start:at].strip(" \t\r\u00a0#-*+•●◦▪‣·–—"):
                line_end = text.find("\n", end)
                spans.append((line_start, len(text) if line_end < 0 else line_end))
            else:
                spans.append((at, end))
    return sorted(spans), missing


def split_lines(text: str, skip: Iterable[Span] = ()) -> list[Line]:
    """Lines of ``text`` with offsets; a line that touches a ``skip`` span is cut there and marked."""
    cuts = list(skip) + [match.span() for match in COMMENT.finditer(text)]
    lines: list[Line] = []
    for match in re.finditer(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+|\r\n|.", text, re.DOTALL):
        piece = match.group()
        if not piece.strip("\r\n\u2028\u2029\x0b\x0c\x85"):
            lines.append(Line(match.start(), match.start(), "", "break"))
            continue
        lines += _cut(match.start(), match.end(), text, cuts)
    return _close_breaks(lines)


def _cut(start: int, end: int, text: str, cuts: list[Span]) -> Iterator[Line]:
    at = start
    for low, high in sorted(cuts):
        if high <= at or low >= end:
            continue
        if low > at:
            yield Line(at, low, text[at:low])
        yield Line(max(low, at), min(high, end), "", "skip")
        at = min(high, end)
    if at < end:
        yield Line(at, end, text[at:end])


def _close_breaks(lines: list[Line]) -> list[Line]:
    """Two line breaks in a row are a blank line; a single one only ends a line."""
    closed: list[Line] = []
    broken = True
    for line in lines:
        if line.kind == "break":
            if broken:
                closed.append(Line(line.start, line.end, "", "blank"))
            broken = True
            continue
        broken = False
        if line.kind == "text" and not line.text.strip():
            line.kind = "blank"
        closed.append(line)
    return closed


def is_wrapped(lines: list[Line]) -> bool:
    """True when paragraphs are broken over short lines: most lines then break before a lower-case word."""
    if any(len(line.text) > WRAPPED_WIDTH for line in lines):
        return False
    broken = [below.text.lstrip()[:1].islower() for line, below in itertools.pairwise(lines)
              if line.text.strip() and below.text.strip() and not ENDS_SENTENCE.search(line.text.rstrip())
              and not ITEM.match(below.text)]
    return sum(broken) > 0.5 * len(broken)


def has_marks(lines: list[Line]) -> bool:
    return any(MARKDOWN_HEADING.match(line.text) for line in lines)


def classify(lines: list[Line], markdown: bool) -> list[Line]:
    """Set the kind of every line."""
    marked = markdown and has_marks(lines)
    wrapped = is_wrapped(lines)
    if markdown and lines and lines[0].text.strip() == "---":
        _skip_front_matter(lines)
    for number, line in enumerate(lines):
        if line.kind != "text":
            continue
        below = lines[number + 1] if number + 1 < len(lines) else None
        above = lines[number - 1] if number else None
        if markdown and below and below.kind == "text" and UNDERLINE.match(below.text) and not ITEM.match(line.text):
            line.kind, below.kind = "heading", "skip"
        elif RULE.match(line.text):
            line.kind = "skip"
        elif (markdown and MARKDOWN_HEADING.match(line.text)) or BOLD_LINE.match(line.text):
            line.kind = "heading"
        elif ITEM.match(line.text):
            line.kind = "item"
            if not marked and line.text.lstrip()[:1].isdigit() and _numbers_a_section(lines, number):
                line.kind = "heading"
        elif not marked and _looks_like_heading(line, above, below, wrapped):
            line.kind = "heading"
    _skip_contents(lines)
    return lines


def _skip_front_matter(lines: list[Line]) -> None:
    for number, line in enumerate(lines[1:], 1):
        if line.text.strip() == "---":
            for inner in lines[: number + 1]:
                inner.kind = "skip"
            return


def _numbers_a_section(lines: list[Line], number: int) -> bool:
    """True for "2. Risks" above a paragraph, as against the second entry of a list."""
    below = next((line for line in lines[number + 1:] if line.kind != "blank"), None)
    title = heading_text(lines[number].text)
    return bool(below and below.kind == "text" and not ITEM.match(below.text) and words(below.text) > words(title)
                and words(title) <= MAX_HEADING_WORDS and not ENDS_SENTENCE.search(title))


def _looks_like_heading(line: Line, above: Line | None, below: Line | None, wrapped: bool) -> bool:
    text = line.text.rstrip("# \t\u00a0").strip()
    if not 1 <= words(text) <= MAX_HEADING_WORDS or text[-1] in ".!;,:" or INNER_SENTENCE_END.search(text):
        return False
    if text[0].islower() and not wrapped:
        return below is None or below.kind == "blank" or _is_short(below)
    if wrapped:  # a short line inside a hard-wrapped paragraph is no heading
        return (above is None or above.kind != "text") and (below is None or below.kind in ("blank", "skip"))
    return True


def _is_short(line: Line) -> bool:
    return words(line.text) <= MAX_HEADING_WORDS


def heading_text(line: str) -> str:
    """The words of a heading line without its marks."""
    bold = BOLD_LINE.match(line)
    if bold:
        return bold["text"].strip()
    mark = MARKDOWN_HEADING.match(line)
    text = mark[2] if mark else line
    bullet = ITEM.match(text)
    return re.sub(r"[\s#]+$", "", text[bullet.end():] if bullet else text).strip().strip("*_").strip()


def heading_paths(lines: list[Line]) -> list[str]:
    """Each heading with those above it. One that stands over all that follows, as a title does, says nothing and stays out."""
    marked = [(_level(line, below), heading_text(line.text)) for line, below in itertools.pairwise([*lines, Line(0, 0, "")])
              if line.kind == "heading"]
    over_all = 0
    while over_all + 1 < len(marked) and all(level > marked[over_all][0] for level, _ in marked[over_all + 1:]):
        over_all += 1
    paths: list[str] = []
    above: list[tuple[int, str]] = []
    for number, (level, text) in enumerate(marked):
        while above and above[-1][0] >= level:
            above.pop()
        path = text
        for _, title in reversed(above):
            if title and title.casefold() not in path.casefold():
                path = f"{title.rstrip(': ')}{' ' if title[-1] in '.?!' else ': '}{path}"
        paths.append(path)
        if number >= over_all:
            above.append((level, text))
    return paths


def _level(line: Line, below: Line) -> int:
    """1 to 6 for a heading that is marked as one; 7 for one that is told by its shape."""
    mark = MARKDOWN_HEADING.match(line.text)
    if mark:
        return len(mark[1])
    return (1 if "=" in below.text else 2) if below.kind == "skip" and UNDERLINE.match(below.text) else 7


def _key(text: str) -> str:
    return " ".join(WORD.findall(LEADER.sub("", heading_text(text)).casefold()))


def _skip_contents(lines: list[Line]) -> None:
    """Mark lists of contents as furniture: they outscore the passages that they point to."""
    titles = [_key(line.text) for line in lines if line.kind == "heading"]
    number = 0
    while number < len(lines):
        line = lines[number]
        if line.kind in ("text", "heading", "item") and CONTENTS.match(line.text.strip("#* ")):
            line.kind = "skip"
            run = _run(lines, number + 1)
            listed = [entry for entry in run if entry.kind == "item"]
            again = [entry for entry in run if any(_key(entry.text) == _key(later.text) for later in lines
                                                   if later.kind == "heading" and later.start > entry.start)]
            for entry in listed or again:
                entry.kind = "skip"
        elif line.kind == "item":
            run = [entry for entry in _run(lines, number) if entry.kind == "item"]
            pointing = [entry for entry in run if _key(entry.text) in titles or LEADER.search(entry.text)
                        or ANCHOR_LINK.search(entry.text)]
            if len(run) >= 3 and len(pointing) >= 0.6 * len(run):
                for entry in run:
                    entry.kind = "skip"
            number += max(len(run), 1) - 1
        elif line.kind == "text" and LEADER.search(line.text):
            line.kind = "skip"
        number += 1


def _run(lines: list[Line], start: int) -> list[Line]:
    """Consecutive list items, short lines and blanks from ``start``; ends at the first real text."""
    run: list[Line] = []
    for line in lines[start:]:
        if line.kind in ("item", "heading"):
            if run and run[-1].kind == "item" and line.kind == "heading":
                break
            run.append(line)
        elif line.kind != "blank":
            break
    return run
