"""corpus -> what the rules of the lint look at: texts, strings and tables, with their lines.

    LintContext  everything a rule may look at: sources, TOML files, the day, other people's documents, judged questions
    SourceView   a source as a reader meets it: comments and excluded spans blanked, so offsets stay true
    Violation    one place where a rule found something; ``rules`` makes a Finding of it

TOML is read here anew, because findings name lines and the records of ``schema`` keep none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from assistant.corpus import strict_toml
from assistant.corpus.blocks import Block, blocks
from assistant.corpus.lines import COMMENT, Line, classify, excluded_spans, split_lines
from assistant.corpus.passages import sentence_spans, split
from assistant.corpus.reader import Corpus
from assistant.errors import CorpusError
from assistant.schema import Passage, Source, Span

Level = Literal["error", "warning"]

OUR_KINDS = ("fact-sheet", "digest")  # written here, so any fault in them can be mended here
SHOWN = (  # the fields that people read; questions, slang, quotes and patterns are other people's words
    ("not_covered.toml", "subject", ("text",)), ("notes.toml", "note", ("text",)),
    ("differ.toml", "pair", ("differ",)), ("glossary.toml", "term", ("word", "also")),
    ("helplines.toml", "helpline", ("name", "contact", "purpose", "not_for")))


@dataclass(frozen=True)
class Violation:
    """One place. ``level`` and ``way_out`` are set only where the rule's usual ones do not hold."""

    file: str
    line: int | None
    what: str
    words: str = ""
    level: Level | None = None
    way_out: str = ""


@dataclass(frozen=True)
class SourceView:
    """A source as a reader meets it."""

    source: Source
    file: str

    @classmethod
    def of(cls, source: Source, folder: Path) -> SourceView:
        return cls(source, str(folder / source.file))

    @property
    def own(self) -> bool:
        return self.source.kind in OUR_KINDS

    @property
    def markdown(self) -> bool:
        return self.file.lower().endswith((".md", ".markdown"))

    @cached_property
    def excluded(self) -> tuple[Span, ...]:
        return tuple(excluded_spans(self.source.text, self.source.exclude)[0])

    @cached_property
    def seen(self) -> str:
        """The text with comments and excluded spans blanked; as long as the text itself."""
        text = self.source.text
        for start, end in [*self.excluded, *(match.span() for match in COMMENT.finditer(text))]:
            text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
        return text

    @cached_property
    def lines(self) -> list[Line]:
        return classify(split_lines(self.source.text, self.excluded), self.markdown)

    @cached_property
    def blocks(self) -> list[Block]:
        return blocks(self.source.text, self.markdown, self.excluded)

    @cached_property
    def sentences(self) -> list[Span]:
        return [span for block in self.blocks for span in sentence_spans(self.source.text, block.start, block.end)]

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        return split(self.source)

    def line(self, at: int) -> int:
        """The number of the line, from 1, that holds the offset ``at``."""
        return self.source.text.count("\n", 0, at) + 1

    def violation(self, at: int, what: str, words: str = "", level: Level | None = None, way_out: str = "") -> Violation:
        return Violation(self.file, self.line(at), what, words, level, way_out)

    def quoted(self, start: int, end: int) -> bool:
        """True when a passage, so a quote that people see, holds a part of the span."""
        return any(passage.start < end and start < passage.end for passage in self.passages)


@dataclass(frozen=True)
class LintContext:
    """Everything a rule may look at."""

    corpus: Corpus
    shipped: Path
    today: date
    against: Path | None = None  # a folder of other people's documents
    questions: Path | None = None  # JSON Lines of judged questions

    @cached_property
    def views(self) -> list[SourceView]:
        return [SourceView.of(source, self.corpus.folder) for source in self.corpus.sources]

    @cached_property
    def texts(self) -> dict[str, str]:
        """By source id, with single spaces: quotes are compared white space apart."""
        return {view.source.id: flat(view.source.text) for view in self.views}

    def path(self, name: str) -> Path:
        """The folder's own file, or the shipped one."""
        own = self.corpus.folder / name
        return own if own.is_file() else self.shipped / name

    def tables(self, name: str, key: str, own: bool = False) -> list[tuple[int | None, dict[str, Any]]]:
        """The [[key]] tables of a TOML file with the line of each; none where the file or the tables are not there.

        ``own``: only of the folder's own file, never of the shipped one. "source.reference" names nested tables.
        """
        path = self.corpus.folder / name if own else self.path(name)
        try:
            nested: list[Any] = [strict_toml.read(path.read_text("utf-8-sig"), path)]
        except (OSError, ValueError, CorpusError):
            return []
        for part in key.split("."):
            lists = [table.get(part) for table in nested if isinstance(table, dict)]
            nested = [entry for entries in lists if isinstance(entries, list) for entry in entries]
        return [(table.line, table) for table in nested if isinstance(table, strict_toml.Table)]

    def references(self) -> Iterator[tuple[dict[str, Any], int | None, dict[str, Any]]]:
        """(source table, line of the reference, reference table)."""
        nested = iter(self.tables("sources.toml", "source.reference", own=True))
        for _, source in self.tables("sources.toml", "source", own=True):
            for _ in listed(source.get("reference")):
                yield (source, *next(nested, (None, {})))

    @cached_property
    def strings(self) -> list[tuple[str, int | None, str]]:
        """(file, line, text) of everything people read that comes from the folder's own TOML files."""
        strings = []
        notice, texts = self.corpus.folder / "notice.toml", self.corpus.texts
        if notice.is_file():
            raw = notice.read_text("utf-8-sig")
            cards = [text for card in texts.cards.values() for text in (card.heading, card.text)]
            for text in (texts.notice.text, texts.related, texts.not_covered, *cards):
                at = raw.find(text)
                strings.append((str(notice), raw.count("\n", 0, at) + 1 if at >= 0 else None, text))
        for name, key, fields in SHOWN:
            for line, table in self.tables(name, key, own=True):
                values = [value for field in fields for value in listed(table.get(field))]
                strings += [(str(self.path(name)), line, value) for value in values if isinstance(value, str)]
        return strings


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def flat(text: str) -> str:
    return " ".join(text.split())
