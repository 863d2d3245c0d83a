"""corpus, and the files beside it -> findings: what is wrong, where, and the way out.

    RULES    name, level, what to do, and the function that finds it: the whole of the lint on one page

Rules about words are in ``prose``, about numbers in ``phone_numbers``, about words said twice in ``duplication``, about dates
and references between files in ``references``, about examples in ``examples``. A rule's function gives violations; a Violation
becomes a Finding here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.corpus.lint import duplication, examples, phone_numbers, prose, references
from assistant.corpus.lint.context import Level, LintContext, SourceView, Violation
from assistant.corpus.reader import Corpus

LONGEST_QUOTE = 80  # characters of the words that a finding quotes


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or soon will be: where, by which rule, and the way out."""

    level: Level
    where: str  # file
    problem: str
    line: int | None = None  # from 1
    rule: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        """`error: FILE:LINE: sentence`; the rule's name is for programs."""
        place = self.where if self.line is None else f"{self.where}:{self.line}"
        return f"{self.level}: {place}: {self.problem}"


def lines_for_people(findings: Iterable[Finding], most: int) -> list[str]:
    """Every error; of warnings of one sort in one file the first few, and how many more: a long text would hide the rest."""
    alike: dict[object, list[Finding]] = {}
    for finding in findings:
        one_by_one = finding.level == "error" and most > 1
        alike.setdefault(finding if one_by_one else (finding.level, finding.where, finding.rule), []).append(finding)
    lines: list[str] = []
    for group in alike.values():
        lines += map(str, group[:most])
        if len(group) > most:
            these = "this" if most == 1 else "these"
            lines.append(f"  {len(group) - most:,} more like {these} in {group[0].where} (--json: all)")
    return lines


@dataclass(frozen=True)
class Rule:
    name: str
    level: Level
    way_out: str
    find: Callable[[LintContext], Iterator[Violation]]


def _each(find: Callable[[SourceView], Iterator[Violation]]) -> Callable[[LintContext], Iterator[Violation]]:
    """A rule over one text as a rule over all texts."""
    return lambda context: (violation for view in context.views for violation in find(view))


def _all(*finders: Callable[[LintContext], Iterator[Violation]]) -> Callable[[LintContext], Iterator[Violation]]:
    return lambda context: (violation for find in finders for violation in find(context))


RULES = (
    Rule("stale-date", "error", "Look it up again, then set the date of the check.", references.stale_date),
    Rule("wrong-number", "error", "Print a number only beside its own line's name.", phone_numbers.wrong_number),
    Rule("sales", "error", "Name the sentence under 'exclude' in sources.toml: an answer must not carry it.", _each(prose.sales)),
    Rule("dangling", "error", "Say it so that it stands alone, or name the sentence under 'exclude' in sources.toml.",
         _each(prose.dangling)),
    Rule("markup", "error", "Take the marks out of the text, or name them under 'exclude' in sources.toml.", _each(prose.markup)),
    Rule("contents", "warning", "Take it out of the text, or name it under 'exclude' in sources.toml.", _each(prose.contents)),
    Rule("stigma", "error", "Put the person first: 'person with an addiction', 'misuse', 'died by suicide'.",
         _all(_each(prose.stigma), prose.stigma_in_strings)),
    Rule("grade", "error", "Use shorter sentences and plainer words.", _all(_each(prose.hard_to_read), prose.grade_of_strings)),
    Rule("amounts", "error", "Leave the amount out: our texts name none, except what a trial gave.", _each(prose.amounts)),
    Rule("undated", "warning", "Give 'publisher' and 'published' in sources.toml.", references.undated),
    Rule("said-twice", "warning", "Say it once, or say here what is new.", duplication.said_twice),
    Rule("near-duplicate", "warning", "Keep one of the two.", duplication.near_duplicate),
    Rule("lost-quote", "error", "Look at the note or judgment again, then quote the text as it stands.", references.lost_quote),
    Rule("answered-example", "warning", "Take it out, or say what else it asks.", examples.answered_example),
    Rule("lost-asked", "error", "Use a heading of the source, word for word.", references.lost_asked),
    Rule("facts", "error", "Give each sentence and list item its fact ids, and list them in a reference.", references.facts),
    Rule("copied", "error", "Say it in our own words.", duplication.copied),
)


def lint(corpus: Corpus, shipped: Path, today: date, against: Path | None = None,
         questions: Path | None = None) -> list[Finding]:
    """All findings, in the order of files and lines. ``against``: a folder of other people's documents.

    ``questions``: JSON Lines of judged questions.
    """
    context = LintContext(corpus, shipped, today, against, questions)
    findings = {Finding(violation.level or rule.level, violation.file, _sentence(violation, rule), violation.line, rule.name)
             for rule in RULES for violation in rule.find(context)}
    return sorted(findings, key=lambda finding: (finding.where, finding.line or 0, finding.rule, finding.problem))


def _sentence(violation: Violation, rule: Rule) -> str:
    words = " ".join(violation.words.split())
    quote = f": “{words if len(words) <= LONGEST_QUOTE else words[:LONGEST_QUOTE - 1] + '…'}”" if words else ""
    return f"{violation.what}{quote}. {violation.way_out or rule.way_out}"
