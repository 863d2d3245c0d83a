"""replies of an engine -> its figures; a saved run -> the table on docs/quality.md. Measures come from ir_measures."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ir_measures

from assistant.evaluation.judgments import Question, is_right
from assistant.evaluation.metrics import MEASURES
from assistant.schema import Passage
from assistant.screening.labels import ANSWERABLE

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
OURS = "ours"
PEERS = ("txtai", "haystack", "llamaindex")
ENGINES = (OURS, *(f"{peer} {way}" for peer in PEERS for way in ("dense", "hybrid")))
QUALITY = ("hit@1", "hit@3", "MRR@10", "nDCG@10")
MARKERS = re.compile(r"(<!-- peers -->\n).*?(<!-- /peers -->)", re.DOTALL)

Record = dict[str, Any]


def measure(questions: Sequence[Question], passages: Sequence[Passage], replies: Mapping[str, Record]) -> Record:
    """Quality, false answers and speed of one engine from its replies {"ids", "answered", "ms"} by question id.

    A mean is over all judged questions; one without a right passage counts 0. A group's false answers are the share of
    its questions that were answered. Example: one judged question, right passage second: hit@1 0, MRR@10 0.5.
    """
    judged = [question for question in questions if question.judgments]
    qrels = [ir_measures.Qrel(question.id, passage.id, 1) for question in judged for passage in passages
             if any(is_right(passage.source_id, passage.text, judgment) for judgment in question.judgments)]
    run = [ir_measures.ScoredDoc(question.id, passage, float(-rank)) for question in judged
           for rank, passage in enumerate(replies[question.id]["ids"])]
    sums = dict.fromkeys(QUALITY, 0.0)
    labels = {MEASURES[label]: label for label in QUALITY}
    for metric in ir_measures.iter_calc(list(labels), qrels, run):
        sums[labels[metric.measure]] += float(metric.value)
    found: Record = {label: round(total / len(judged), 4) for label, total in sums.items()} if judged else {}
    for group in sorted({question.group for question in questions} - {ANSWERABLE}):
        among = [replies[question.id]["answered"] for question in questions if question.group == group]
        found[f"false answers: {group}"] = round(sum(among) / len(among), 4)
    taken = [replies[question.id]["ms"] for question in questions]
    return found | {"ask p50, ms": round(statistics.median(taken), 2), "ask p95, ms": round(percentile(taken, 95), 2)}


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that at least ``share`` in a hundred do not exceed. Example: 95 of 1..20 -> 19."""
    return sorted(values)[-(-share * len(values) // 100) - 1]


def as_table(record: Record) -> str:
    """A saved run as Markdown: one row a figure, one column an engine, ratios to ours in brackets."""
    engines = record["engines"]
    lines = [f"`{record['questions']}`, split `{record['split']}`, {record['asked']} questions, {record['passages']} passages; "
             f"{record['date'][:10]}, {record['machine']}, {record['threads']} thread{'s' * (record['threads'] > 1)} each; "
             f"`{record['commit']}`. In brackets: times ours.", "",
             "| | " + " | ".join(engines) + " |", "|---" * (len(engines) + 1) + "|"]
    for label in engines[OURS]["figures"]:
        base = engines[OURS]["figures"][label]
        digits = 3 if label in QUALITY or label.startswith("false") else 0 if label.endswith("MB") or label == "packages" else 1
        cells = [_cell(engine["figures"][label], base, digits, name == OURS) for name, engine in engines.items()]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(value: float, base: float, digits: int, is_base: bool) -> str:
    ratio = "" if is_base else f" ({value / base:.2f})" if base else " (-)"
    return f"{value:,.{digits}f}{ratio}"


def newest(folder: Path = RESULTS, questions: str = "questions.jsonl", split: str = "test") -> Record | None:
    """The newest saved run of all engines on a question file and split, or None; names sort by time."""
    for path in sorted(folder.glob("peers-*.json"), reverse=True):
        record: Record = json.loads(path.read_text("utf-8"))
        if (record["questions"], record["split"], tuple(record["engines"])) == (questions, split, ENGINES):
            return record
    return None


def write_table(page: Path, record: Record) -> None:
    """Put the table between the markers of docs/quality.md."""
    text = page.read_text("utf-8")
    if not MARKERS.search(text):
        raise SystemExit(f"{page.name} has no <!-- peers --> and <!-- /peers --> markers to write between.")
    page.write_text(MARKERS.sub(lambda found: f"{found[1]}{as_table(record)}\n{found[2]}", text), "utf-8")


def first_right(questions: Sequence[Question], passages: Sequence[Passage], replies: Mapping[str, Record]) -> dict[str, int]:
    """The rank of the first right passage by question id, 0 when none is among those returned."""
    by_id = {passage.id: passage for passage in passages}
    return {question.id: next((rank for rank, passage in enumerate(replies[question.id]["ids"], 1) if any(
        is_right(by_id[passage].source_id, by_id[passage].text, judgment) for judgment in question.judgments)), 0)
        for question in questions if question.judgments}
