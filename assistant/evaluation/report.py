"""outcomes of questions -> a report: files, text, and what changed since the one before.

    reports/<time>.json     figures first, then every question       <time>.run, <time>.qrels   see ``trec``
    reports/<time>.html     the same for people, when asked for      see ``report_page``
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.evaluation import trec
from assistant.screening.labels import ANSWERABLE

COUNTS = ("questions", "answerable")  # rows of a table that count questions and have no interval
IN_TREC_FILES = ("ranked", "relevant")  # fields of an outcome that the run and the qrels hold


@dataclass(frozen=True)
class RankedPassage:
    """One of the best passages that a question found, as a report shows it."""

    passage: str  # its id
    source: str  # the source's title
    heading: str
    words: str  # the first ones
    right: bool


@dataclass(frozen=True)
class Outcome:
    """What happened to one question. ``first`` is the rank of the first right passage, 0 when none was found."""

    id: str
    question: str
    group: str
    split: str
    status: str
    confidence: float
    first: int
    measures: dict[str, float] = field(default_factory=dict)
    by_rule: bool = False  # an urgent card or a refused subject: then there is no confidence
    found: tuple[RankedPassage, ...] = ()  # the best passages before any rule of display
    ranked: tuple[tuple[str, float], ...] = ()  # passage ids with scores, best first; saved as a TREC run
    relevant: tuple[str, ...] = ()  # ids of all right passages; saved as TREC qrels

    @property
    def right(self) -> bool:
        """True when one of the first three passages is right; never for a question that nothing answers."""
        return self.group == ANSWERABLE and 1 <= self.first <= 3


@dataclass(frozen=True)
class Report:
    """Per-question outcomes first, means second; means are over all judged questions, unanswered ones count 0."""

    created: str
    generation: str
    questions: str
    outcomes: tuple[Outcome, ...]
    means: dict[str, dict[str, float]]  # by split: "all", "dev", "test"
    screens: dict[str, dict[str, float]] = field(default_factory=dict)  # urgent and refused messages, by split
    intervals: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)  # 95%, of the means, by split


def to_json(report: Report) -> dict[str, Any]:
    """The report without what stands in the TREC files."""
    record = asdict(report)
    outcomes = record.pop("outcomes")
    record["outcomes"] = [{key: value for key, value in item.items() if key not in IN_TREC_FILES} for item in outcomes]
    return record


def save(report: Report, folder: Path) -> Path:
    """Write the report as JSON with its TREC run and qrels, and return the path of the JSON; names sort by time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report.created.replace(':', '').replace('-', '')}.json"
    path.write_text(json.dumps(to_json(report), ensure_ascii=False, indent=1) + "\n", "utf-8")
    trec.write(report, path)
    return path


def last_report(folder: Path, questions: str) -> Report | None:
    """The newest saved report on the same question file, or None."""
    for path in sorted(folder.glob("*.json"), reverse=True):
        try:
            record = json.loads(path.read_text("utf-8"))
            if record["questions"] == questions:
                return Report(record["created"], record["generation"], record["questions"],
                              tuple(_outcome(item) for item in record["outcomes"]), record["means"],
                              record.get("screens", {}), record.get("intervals", {}))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a file that is no report of ours is no reason to fail
    return None


def _outcome(record: dict[str, Any]) -> Outcome:
    return Outcome(**{**record, "found": tuple(RankedPassage(**item) for item in record.get("found", ()))})


def is_good(outcome: Outcome) -> bool:
    """Right passage among the first three for an answerable question, no answer for an unanswerable one."""
    return outcome.right if outcome.group == ANSWERABLE else outcome.status != "answered"


def compare(old: Report | None, new: Report) -> dict[str, list[str]]:
    """Questions gained and lost against an older report, and those that it did not have."""
    before = {item.id: item for item in old.outcomes} if old else {}
    same = [item for item in new.outcomes if item.id in before and before[item.id].question == item.question]
    return {
        "gained": [item.id for item in same if is_good(item) and not is_good(before[item.id])],
        "lost": [item.id for item in same if not is_good(item) and is_good(before[item.id])],
        "new": [item.id for item in new.outcomes if item not in same] if old else [],
    }


def as_text(report: Report, before: Report | None, changes: dict[str, list[str]]) -> str:
    """The report as a table, with the intervals, the misses and what changed since the last one."""
    splits = list(dict.fromkeys([*report.means, *report.screens]))
    tables = {split: {**report.means.get(split, {}), **report.screens.get(split, {})} for split in splits}
    labels = dict.fromkeys(label for table in tables.values() for label in table)
    lines = [f"{report.questions} on {report.generation}",
             f"{'':34}" + "".join(f"{split:>8}" for split in splits)]
    for label in labels:
        row = [tables[split].get(label) for split in splits]
        count = label in COUNTS or label.endswith("messages")
        lines.append(f"{label:34}" + "".join(
            f"{'-' if value is None else int(value) if count else format(value, '.3f'):>8}" for value in row))
    lines += _intervals(report)
    misses = [item for item in report.outcomes if not is_good(item)]
    lines.append(f"\nMisses ({len(misses)}): no right passage in the first three, or a false answer")
    lines += [f"  {item.id:8} {item.group:12} {item.status:12} {'rank ' + str(item.first) if item.first else '-':8} "
              f"{item.question[:80]}" for item in misses]
    if before:
        lines.append(f"\nAgainst {before.created}: gained {', '.join(changes['gained']) or 'none'}; "
                     f"lost {', '.join(changes['lost']) or 'none'}; new {len(changes['new'])}")
    else:
        lines.append("\nNo earlier report to compare with.")
    return "\n".join(lines)


def _intervals(report: Report) -> list[str]:
    """Rows stand two in, so that a row of the table above can be told from one of these by how it starts."""
    labels = dict.fromkeys(label for table in report.intervals.values() for label in table)
    if not labels:
        return []
    lines = ["\n95% intervals of these means (bootstrap over questions)",
             f"{'':34}" + "".join(f"{split:>14}" for split in report.intervals)]
    for label in labels:
        row = [table.get(label) for table in report.intervals.values()]
        lines.append(f"  {label:32}" + "".join(f"{'-' if ends is None else f'{ends[0]:.3f}-{ends[1]:.3f}':>14}" for ends in row))
    return lines
