"""corpus folder + index folder -> findings, without a model. Owns no dependency.

``check`` is the one command before publishing: it reads everything that a build and a visitor would read.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from assistant.building import stale_sources
from assistant.corpus import SHIPPED, Corpus, read_corpus
from assistant.errors import AssistantError
from assistant.index import Index
from assistant.passages import missing_excludes, split

STALE_LINE_DAYS, OLD_LINE_DAYS = 180, 120  # a help line checked longer ago is a fault, or a warning


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or soon will be, and where."""

    level: Literal["error", "warning"]
    where: str
    problem: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def check(corpus: Path, index: Path, today: date | None = None, shipped: Path = SHIPPED) -> list[Finding]:
    """All findings, errors first."""
    findings: list[Finding] = []
    read: Corpus | None = None
    try:
        read = read_corpus(corpus, shipped)
        findings += _sources(read) + _helplines(read, today or datetime.now(UTC).date())
    except AssistantError as error:
        findings.append(Finding("error", str(corpus), str(error)))
    try:
        opened = Index.open(index, load_encoder=False)
        for name in stale_sources(read, opened.inputs) if read else ():
            findings.append(Finding("error", str(index), f"{name} changed after the index was built: run "
                                    "`python -m assistant build`."))
    except AssistantError as error:
        findings.append(Finding("error", str(index), str(error)))
    return sorted(findings, key=lambda finding: finding.level)


def _sources(read: Corpus) -> list[Finding]:
    findings = [Finding("warning", name, "not a .txt or .md file: it is left out") for name in read.ignored]
    for source in read.sources:
        where = str(read.folder / source.file)
        findings += [Finding("error", where, f"the exclude {phrase[:60]!r} does not occur in the text")
                     for phrase in missing_excludes(source)]
        if not split(source):
            findings.append(Finding("error", where, "no passage: no full sentence was found"))
    return findings


def _helplines(read: Corpus, today: date) -> list[Finding]:
    findings = []
    for line in read.texts.notice.helplines:
        try:
            age = (today - date.fromisoformat(line.verified_on or "")).days
        except ValueError:
            findings.append(Finding("error", "helplines.toml", f"{line.name}: 'verified_on' is not a date"))
            continue
        if age > OLD_LINE_DAYS:
            level: Literal["error", "warning"] = "error" if age > STALE_LINE_DAYS else "warning"
            findings.append(Finding(level, "helplines.toml", f"{line.name} was last checked {age} days ago: check it "
                                    f"and set 'verified_on' (fault after {STALE_LINE_DAYS} days)"))
    return findings
