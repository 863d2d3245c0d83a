"""dates, provenance, quotes and fact ids of a corpus -> where they no longer hold."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from assistant.corpus import jsonl
from assistant.corpus.lines import COMMENT, heading_text, words
from assistant.corpus.lint.context import LintContext, Violation, flat, listed
from assistant.corpus.passages import MIN_WORDS, sentence_spans
from assistant.errors import BadInput
from assistant.schema import Span

STALE_LINE_DAYS, OLD_LINE_DAYS = 180, 120  # a help line checked longer ago is a fault, or a warning
STALE_LAW_DAYS, STALE_REFERENCE_DAYS = 180, 365  # law and approvals change faster than findings do (safety record, T7)
LAW = re.compile(r"\b(?:[Ll]aws?|[Ll]egal\w*|[Ll]egislation|[Aa]pprov\w+|[Ll]abels?|FDA|Food and Drug Administration|NICE)\b")
FACTS = re.compile(r"<!--\s*facts:(.*?)-->", re.DOTALL)
FACT_ID = re.compile(r"[A-Z]\w*(?:[-.]\w+)*")


def _age(day: Any, today: date) -> int | None:
    """Days since an ISO date, None where it is none or not a full date."""
    try:
        return (today - date.fromisoformat(str(day))).days
    except ValueError:
        return None


def stale_date(context: LintContext) -> Iterator[Violation]:
    lines = {table.get("name"): line for line, table in context.tables("helplines.toml", "helpline")}
    for helpline in context.corpus.texts.notice.helplines:
        age, line = _age(helpline.verified_on, context.today), lines.get(helpline.name)
        if age is None:
            yield Violation(str(context.path("helplines.toml")), line, f"{helpline.name}: 'verified_on' is not a date")
        elif age > OLD_LINE_DAYS:
            yield Violation(str(context.path("helplines.toml")), line, f"{helpline.name} was last checked {age} days ago (fault "
                       f"after {STALE_LINE_DAYS})", level="error" if age > STALE_LINE_DAYS else "warning")
    where, undated_lines = str(context.corpus.folder / "sources.toml"), []
    for source, line, reference in context.references():
        title, most = str(reference.get("title", "?")), days_valid(source, reference)
        age = _age(reference.get("checked"), context.today)
        if not reference.get("checked"):
            yield Violation(where, line, "a reference without 'checked'", title, "warning")
        elif age is None:
            yield Violation(where, line, "'checked' is not a date", title)
        elif age > most:
            yield Violation(where, line, f"a reference last checked {age} days ago (fault after {most})", title)
        if not reference.get("date"):
            undated_lines.append(line)
    if undated_lines:  # most of these pages show no date, so a line for each would hide what an editor can mend
        yield Violation(where, undated_lines[0], f"{len(undated_lines)} references give no 'date', first here", level="warning",
                        way_out="Give the day of publication where the page shows one; docs/to-confirm.md lists all.")


def days_valid(source: Mapping[str, Any], reference: Mapping[str, Any]) -> int:
    """For how many days a look at the reference holds: law and approvals change faster than findings do."""
    about = " ".join(str(value) for value in (source.get("id"), source.get("title"), reference.get("publisher"),
                                              reference.get("title", "?")))
    return STALE_LAW_DAYS if LAW.search(re.sub(r"[-_]", " ", about)) else STALE_REFERENCE_DAYS


def undated(context: LintContext) -> Iterator[Violation]:
    """Other people's texts without a date or publisher. A scrap shorter than one passage is not asked for papers."""
    lines = {table.get("id"): line for line, table in context.tables("sources.toml", "source", own=True)}
    listing = context.corpus.folder / "sources.toml"
    for view in context.views:
        if view.own or words(view.seen) < MIN_WORDS:
            continue
        where = (str(listing), lines.get(view.source.id)) if view.source.id in lines else (view.file, 1)
        if view.source.publisher.strip().lower() in ("", "unknown"):
            yield Violation(*where, "the publisher is unknown", view.source.title)
        if not view.source.published:
            yield Violation(*where, "no date of publication", view.source.title)


def lost_quote(context: LintContext) -> Iterator[Violation]:
    where = str(context.corpus.folder / "notes.toml")
    for line, note in context.tables("notes.toml", "note", own=True):
        source_id, quote = str(note.get("source_id", "")), str(note.get("quote", ""))
        if not quote.strip() or flat(quote) not in context.texts.get(source_id, ""):
            yield Violation(where, line, f"the quote is no longer in {source_id or 'any source'}", quote)
        elif hashlib.sha256(quote.encode()).hexdigest() != note.get("quote_sha256"):
            yield Violation(where, line, "'quote_sha256' is not the quote's hash", quote)
    yield from _lost_sides(context)
    judged, unread = _judgments(context.questions) if context.questions else ([], None)
    if any(source_id in context.texts for _, source_id, _ in judged):  # otherwise the set belongs to another corpus
        for number, source_id, quote in judged:
            if not quote.strip() or flat(quote) not in context.texts.get(source_id, ""):
                yield Violation(str(context.questions), number, f"the judged quote is no longer in {source_id}", quote)
        if unread:
            yield Violation(str(context.questions), unread, "this line and those after it cannot be read",
                       way_out="`eval` says why: mend it.")


def _lost_sides(context: LintContext) -> Iterator[Violation]:
    where = str(context.corpus.folder / "differ.toml")
    for line, pair in context.tables("differ.toml", "pair", own=True):
        for side in (pair.get("a"), pair.get("b")):
            source_id, quote = (str(side.get(key, "")) if isinstance(side, dict) else "" for key in ("source_id", "quote"))
            if not quote.strip() or flat(quote) not in context.texts.get(source_id, ""):
                yield Violation(where, line, f"the quote is no longer in {source_id or 'any source'}", quote)


def _judgments(path: Path) -> tuple[list[tuple[int, str, str]], int | None]:
    """(line, source id, quote) of each judgment, and the first line that cannot be read: why is left to `eval`."""
    judgments: list[tuple[int, str, str]] = []
    try:
        for number, record in jsonl.read(path) if path.is_file() else ():
            for item in listed(record.get("judgments") or record.get("relevant")):
                if isinstance(item, dict):
                    source_id = item.get("source_id") or Path(str(item.get("doc", ""))).stem
                    judgments.append((number, str(source_id), str(item.get("quote", ""))))
    except BadInput as error:
        return judgments, int(str(error.evidence.get("line", 1)))
    return judgments, None


def lost_asked(context: LintContext) -> Iterator[Violation]:
    headings = {view.source.id: {block.heading for block in view.blocks} | {
        heading_text(view.source.text[line.start:line.end]) for line in view.lines if line.kind == "heading"}
        for view in context.views}
    for line, asked in context.tables("asked.toml", "asked", own=True):
        source_id, heading = str(asked.get("source_id", "")), str(asked.get("heading", ""))
        if heading not in headings.get(source_id, ()):
            yield Violation(str(context.corpus.folder / "asked.toml"), line, f"no such heading in {source_id or 'any source'}",
                            heading)


def facts(context: LintContext) -> Iterator[Violation]:
    """Each paragraph of ours, or paragraph with its list, is followed by one group of fact ids a sentence or item."""
    known: dict[str, set[str]] = defaultdict(set)
    for source, _, reference in context.references():
        known[str(source.get("id"))] |= {str(name) for name in listed(reference.get("facts"))}
    for view in context.views:
        if not view.own:
            continue
        comments = [match for match in COMMENT.finditer(view.source.text) if FACTS.match(match[0])]
        ends = [match.start() for match in comments]
        runs: dict[int, list[Span]] = defaultdict(list)  # comment number -> the blocks between it and the one before
        for block in view.blocks:
            number = sum(end <= block.start for end in ends)
            spans = sentence_spans(view.source.text, block.start, block.end)
            runs[number] += [(block.start, block.end)] if block.kind == "item" else spans
        for number, spans in runs.items():
            if number == len(comments):
                yield view.violation(spans[0][0], "no facts comment follows this paragraph",
                                     view.seen[spans[0][0]:spans[0][1]], "warning")
                continue
            groups = [group.split() for group in FACTS.sub(r"\1", comments[number][0]).split("|")]
            if len(groups) != len(spans):
                yield view.violation(ends[number], f"{len(groups)} groups of facts for {len(spans)} sentences",
                                     view.seen[spans[0][0]:spans[0][1]], "warning")
        for match in comments if view.source.kind == "fact-sheet" else ():
            strangers = sorted(set(FACT_ID.findall(FACTS.sub(r"\1", match[0]))) - known[view.source.id])
            if strangers:
                yield view.violation(match.start(), "fact ids that no reference of this source lists", " ".join(strangers))
