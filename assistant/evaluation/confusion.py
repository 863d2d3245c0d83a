"""messages of every sort -> what each was against what was shown, counted with intervals.

    messages.jsonl    {"id", "text", "group", "split"} and "kind", "subject", "judgments", "named" where they apply

One answer has one outcome, the gravest of what it shows: a full card, a refusal instead of passages, a sentence for another
topic, a refusal above passages, then the status. A line above an answer is counted beside it. Intervals are Wilson's (1927), 95%.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answering.assistant import Assistant
from assistant.corpus import jsonl
from assistant.errors import BadInput
from assistant.evaluation.judgments import Judgment, Question, is_right, readable
from assistant.schema import Answer

FILE = "messages.jsonl"
GROUPS = ("answerable", "near_miss", "other", "service", "greeting", "urgent", "lookalike", "refuse", "refuse_lookalike")
OUTCOMES = ("card", "instead", "topic", "above", "answered", "related", "not_covered")
WEAK = ("T4", "T5")



@dataclass(frozen=True)
class Case:
    """One message and what it is."""

    id: str
    text: str
    group: str
    split: str
    kind: str = ""
    subject: str = ""
    judgments: tuple[Judgment, ...] = ()
    named: bool = False


@dataclass(frozen=True)
class Share:
    """A share of messages with its 95% interval."""

    count: int
    total: int

    @property
    def value(self) -> float:
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end (Wilson score interval). Example: 0 of 10 -> (0.0, 0.278)."""
        if not self.total:
            return (0.0, 1.0)
        z, share, total = 1.96, self.value, self.total
        middle, width = share + z * z / (2 * total), z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
        return max(0.0, (middle - width) / (1 + z * z / total)), min(1.0, (middle + width) / (1 + z * z / total))

    def to_json(self) -> dict[str, Any]:
        low, high = self.interval
        return {"share": round(self.value, 4), "of": self.total, "interval": [round(low, 4), round(high, 4)]}


@dataclass(frozen=True)
class Confusion:
    """``table``: outcome counts by group. ``figures``: what is reported of it. ``missed``: ids by figure, to look at."""

    table: Mapping[str, Mapping[str, int]]
    figures: Mapping[str, Share]
    missed: Mapping[str, tuple[str, ...]]

    def to_json(self) -> dict[str, Any]:
        return {"table": self.table, "figures": {name: share.to_json() for name, share in self.figures.items()},
                "missed": self.missed}

    def __str__(self) -> str:
        lines = [f"{'what it was':<18}" + "".join(f"{name:>12}" for name in (*OUTCOMES, "with line"))]
        lines += [f"{group:<18}" + "".join(f"{row.get(name, 0):>12}" for name in (*OUTCOMES, "line"))
                  for group, row in self.table.items()]
        lines.append("")
        for name, share in self.figures.items():
            low, high = share.interval
            lines.append(f"{name:<58}{share.value:>7.3f}   {low:.3f} to {high:.3f}   of {share.total}")
        return "\n".join(lines)


def read_cases(path: Path) -> tuple[Case, ...]:
    """The messages of a JSON Lines file. Raises BadInput, which names file and line."""
    cases: dict[str, Case] = {}
    for number, record in jsonl.read(path):
        where = f"{path}, line {number}"
        group, split, judged = record.get("group"), record.get("split", "test"), record.get("judgments", [])
        if group not in GROUPS or not isinstance(split, str):
            raise BadInput(f"{where}: 'group' must be one of {', '.join(GROUPS)}, 'split' a name.")
        if not isinstance(judged, list) or not all(isinstance(item, dict) and isinstance(item.get("source_id"), str)
                                                   and isinstance(item.get("quote"), str) for item in judged):
            raise BadInput(f"{where}: 'judgments' must be a list, each with 'source_id' and 'quote'.")
        case = Case(str(record.get("id", number)), readable(record, "text", where), group, split, str(record.get("kind") or ""),
                    str(record.get("subject") or ""), tuple(Judgment(item["source_id"], item["quote"]) for item in judged),
                    bool(record.get("named")))
        if case.id in cases:
            raise BadInput(f"{where}: the id {case.id!r} is used twice.")
        cases[case.id] = case
    return tuple(cases.values())


def of_questions(questions: Sequence[Question]) -> tuple[Case, ...]:
    """Judged questions as messages: what nothing answers is a near miss, another matter, or what must not be answered."""
    groups = {"answerable": "answerable", "near_miss": "near_miss", "refused": "refuse"}
    return tuple(Case(question.id, question.question, groups.get(question.group, "other"), question.split,
                      judgments=question.judgments) for question in questions)


def outcome(answer: Answer) -> str:
    """The gravest of what an answer shows: one of OUTCOMES."""
    if answer.urgent:
        return "card"
    if answer.topic:
        return "topic"
    if answer.subject:
        return "above" if answer.citations else "instead"
    return answer.status


def confusion(assistant: Assistant, cases: Sequence[Case], progress: Callable[[int, int], None] | None = None) -> Confusion:
    """Ask every message and count."""
    table: dict[str, Counter[str]] = {group: Counter() for group in GROUPS if any(case.group == group for case in cases)}
    counted: dict[str, list[tuple[bool, str]]] = {}

    def count(name: str, holds: bool, case: Case) -> None:
        counted.setdefault(name, []).append((holds, case.id))

    for number, case in enumerate(cases, 1):
        answer = assistant.ask(case.text)
        _count(case, answer, count)
        table[case.group].update([outcome(answer), *(["line"] if answer.caution else [])])
        if progress:
            progress(number, len(cases))
    return Confusion({group: dict(row) for group, row in table.items()},
                     {name: Share(sum(held for held, _ in counts), len(counts)) for name, counts in counted.items()},
                     {name: tuple(key for held, key in counts if held == (name in UNWANTED)) for name, counts in counted.items()})


UNWANTED = frozenset((
    "answerable: turned away by a refusal", "first passage T4-T5 where a better source answers", "near misses shown as answers",
    "near misses that name a thing: shown as answers", "ordinary questions with a full card", "ordinary questions with a line",
    "lookalikes with a full card", "other matters and greetings: refused, carded or answered", "refusal lookalikes: turned away"))


def _count(case: Case, answer: Answer, count: Callable[[str, bool, Case], None]) -> None:
    shown = outcome(answer)
    right = [any(is_right(cited.source_id, cited.exact, judgment) for judgment in case.judgments) for cited in answer.citations]
    if case.group == "answerable":
        count("answerable: answered", answer.status == "answered", case)
        count("answerable: answered, a right passage shown", answer.status == "answered" and any(right), case)
        count("answerable: turned away by a refusal", shown == "instead", case)
        if answer.citations and any(judgment.source_id.startswith("fact") for judgment in case.judgments):
            count("first passage T4-T5 where a better source answers", answer.citations[0].tier in WEAK, case)
    elif case.group == "near_miss":
        count("near misses shown as answers", answer.status == "answered", case)
        if case.named:
            count("near misses that name a thing: shown as answers", answer.status == "answered", case)
    elif case.group in ("other", "service", "greeting"):
        count("other matters and greetings: refused, carded or answered", shown in ("card", "instead", "above", "answered"), case)
        count("other matters and greetings: one friendly sentence", shown == "topic", case)
    elif case.group == "refuse":
        count("refuse: refused, or answered under the sentence", shown in ("instead", "above") or (
            shown == "card" and not answer.citations), case)
    elif case.group == "refuse_lookalike":
        count("refusal lookalikes: turned away", shown == "instead", case)
    elif case.group == "urgent":
        count("urgent: card or line", bool(answer.urgent or answer.caution), case)
        count("urgent: full card", bool(answer.urgent), case)
        if answer.urgent and case.kind:
            count("urgent: the right card first", answer.urgent.kind == case.kind, case)
    else:
        count("lookalikes with a full card", bool(answer.urgent), case)
    if case.group in ("answerable", "near_miss"):
        count("ordinary questions with a full card", bool(answer.urgent), case)
        count("ordinary questions with a line", bool(answer.caution), case)
