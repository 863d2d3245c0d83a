"""a report -> one HTML page that stands alone: figures, two charts, every question.

    outcomes --statistics--> points, bins --Plot--> coordinates --templates/report.html, autoescape--> page

The page asks nothing of the network and runs no script; its own policy forbids both. What a chart shows stands in a
table below it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.decision import CUTS
from assistant.evaluation.metrics import BINS, LEVEL, RESAMPLES, Bin, Point, area, calibration_error, reliability, risk_coverage
from assistant.evaluation.report import COUNTS, Outcome, Report, is_good
from assistant.server.web.rendering import environment

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 420, 300, 62, 14, 14, 46  # of a chart, in its own units
TICKS = 5
MARKS = {"gained": "gained", "lost": "lost", "new": "new"}


@dataclass(frozen=True)
class Plot:
    """A square of values 0..``right`` by 0..``top`` on the paper of a chart."""

    top: float = 1.0
    right: float = 1.0

    def x(self, value: float) -> float:
        return round(LEFT + value / self.right * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM), 1)

    def line(self, pairs: Sequence[tuple[float, float]]) -> str:
        """Points of an SVG polyline. Example: Plot().line([(0, 0), (1, 1)]) -> "62.0,254.0 406.0,14.0"."""
        return " ".join(f"{self.x(across)},{self.y(up)}" for across, up in pairs)

    def ticks(self, most: float) -> list[float]:
        return [most * number / TICKS for number in range(TICKS + 1)]


@dataclass(frozen=True)
class Charts:
    """What the two charts of one split show."""

    split: str
    questions: int
    points: tuple[Point, ...]
    shown: tuple[Point, ...]  # for the table: about one at every tenth of the questions
    here: Point | None  # where the service stands
    area: float
    bins: tuple[Bin, ...]
    error: float
    risk: Plot
    even: Plot


@dataclass(frozen=True)
class Row:
    outcome: Outcome
    anchor: str
    good: bool
    mark: str  # gained, lost, new or nothing


def charts(split: str, outcomes: Sequence[Outcome]) -> Charts | None:
    """None where no question of the split has a confidence."""
    points, bins = risk_coverage(outcomes), reliability(outcomes)
    if not points:
        return None
    tenths = [next(point for point in points if point.coverage >= number / 10 - 1e-9) for number in range(1, 11)]
    above = [point for point in points if point.confidence >= CUTS.answered]
    top = max(0.1, math.ceil(max(point.risk for point in points) * 10 - 1e-9) / 10)
    return Charts(split, sum(group.questions for group in bins), points, tuple(dict.fromkeys(tenths)),
                  above[-1] if above else None, area(points), bins, calibration_error(bins), Plot(top), Plot())


def page(report: Report, before: Report | None, changes: Mapping[str, Sequence[str]]) -> str:
    """The page as HTML. ``changes``: ids of questions gained, lost and new against ``before``."""
    marks = {key: mark for mark in MARKS for key in changes.get(mark, ())}
    rows = [Row(item, f"question-{number}", is_good(item), marks.get(item.id, ""))
            for number, item in enumerate(report.outcomes, 1)]
    by_split = {split: [item for item in report.outcomes if split in ("all", item.split)] for split in report.means}
    splits = list(dict.fromkeys([*report.means, *report.screens]))
    tables = {split: {**report.means.get(split, {}), **report.screens.get(split, {})} for split in splits}
    return environment().get_template("report.html").render(
        report=report, before=before, splits=splits, tables=tables, counts=COUNTS, level=LEVEL, resamples=RESAMPLES, groups=BINS,
        labels=list(dict.fromkeys(label for table in tables.values() for label in table)),
        drawn=[drawn for split, items in by_split.items() if (drawn := charts(split, items))],
        misses=[row for row in rows if not row.good], others=[row for row in rows if row.good],
        changed={mark: [row for row in rows if row.mark == mark] for mark in ("gained", "lost")},
        size={"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "top": TOP, "bottom": HEIGHT - BOTTOM},
        threshold=CUTS.answered)


def save(report: Report, before: Report | None, changes: Mapping[str, Sequence[str]], beside: Path) -> Path:
    """Write the page beside the saved report, under its name; returns its path."""
    path = beside.with_suffix(".html")
    path.write_text(page(report, before, changes), "utf-8")
    return path
