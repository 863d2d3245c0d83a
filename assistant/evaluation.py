"""judged questions -> run -> measures -> report. Owns ir_measures.

A passage is right for a judgment when it stands in the judged source and contains the quote, or is contained in it,
white space apart. Measures come from ir_measures; a mean is over all judged questions, and one without a right
passage counts 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ir_measures
from ir_measures import RR, Success, nDCG

from assistant import confidence
from assistant.answering import Assistant
from assistant.errors import BadInput, CorpusError
from assistant.schema import Citation, Judgment, Outcome, Passage, Question, Report

DEPTH = 10
MEASURES = {"hit@1": Success @ 1, "hit@3": Success @ 3, "hit@5": Success @ 5, "MRR@10": RR @ 10, "nDCG@10": nDCG @ 10}
ANSWERABLE = "answerable"


def read_questions(path: Path | str) -> tuple[Question, ...]:
    """Questions of a JSON Lines file: "judgments" of {source_id, quote}, or "relevant" of {doc, quote}.

    Raises BadInput, which names file and line.
    """
    path = Path(path)
    questions: list[Question] = []
    seen: set[str] = set()
    for number, record in json_lines(path):
        where = f"{path}, line {number}"
        try:
            judgments = tuple(Judgment(str(item.get("source_id") or Path(item["doc"]).stem), str(item["quote"]))
                              for item in record.get("judgments") or record.get("relevant") or ())
            group = str(record.get("group") or (ANSWERABLE if judgments else "unanswerable"))
            question = Question(str(record["id"]), str(record["question"]), judgments, group,
                                str(record.get("split", "test")))
        except (KeyError, TypeError, AttributeError):
            raise BadInput(f"{where}: a question needs 'id', 'question' and 'judgments' "
                           "(each with 'source_id' and 'quote').") from None
        if question.id in seen:
            raise BadInput(f"{where}: the id {question.id!r} is used twice.")
        seen.add(question.id)
        questions.append(question)
    if not questions:
        raise BadInput(f"{path} holds no questions.")
    return tuple(questions)


def json_lines(path: Path) -> Iterable[tuple[int, dict[str, Any]]]:
    """(line number, object) of a JSON Lines file; blank lines are passed over. Raises BadInput."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}): name a file with one question per line.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8: save it as UTF-8.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError:
            raise BadInput(f"{path}, line {number}: this is not a JSON object.") from None
        if not isinstance(record, dict):
            raise BadInput(f"{path}, line {number}: this is not a JSON object.")
        yield number, record


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def is_right(source_id: str, text: str, judgment: Judgment) -> bool:
    """True when a passage answers by this judgment."""
    quote, passage = _flat(judgment.quote), _flat(text)
    return source_id == judgment.source_id and (quote in passage or passage in quote)


def missing_quotes(questions: Sequence[Question], assistant: Assistant) -> list[tuple[str, Judgment]]:
    """Judgments whose words occur in no source any more: (question id, judgment)."""
    texts = {source.id: _flat(source.text) for source in assistant.sources}
    return [(question.id, judgment) for question in questions for judgment in question.judgments
            if _flat(judgment.quote) not in texts.get(judgment.source_id, "")]


def evaluate(assistant: Assistant, questions: Sequence[Question], name: str,
             progress: Callable[[int, int], None] | None = None) -> Report:
    """Ask every question and measure. Raises CorpusError when a judged quote no longer exists."""
    lost = missing_quotes(questions, assistant)
    if lost:
        question_id, judgment = lost[0]
        raise CorpusError(f"{len(lost)} judged quotes of {name} no longer occur in the corpus, first {question_id}: "
                          f"{judgment.source_id} {judgment.quote[:60]!r}: correct the evaluation set.")
    passages = [passage for source in assistant.sources for passage in assistant.passages_of(source.id)]
    qrels, run, answers = [], [], {}
    for number, question in enumerate(questions, 1):
        answer = assistant.ask(question.question, k=3, ranked=DEPTH)
        answers[question.id] = answer
        qrels += [ir_measures.Qrel(question.id, passage_id, 1) for passage_id in _relevant(question, passages)]
        run += [ir_measures.ScoredDoc(question.id, _passage_id(hit), float(DEPTH - hit.rank))
                for hit in answer.ranked]
        if progress:
            progress(number, len(questions))
    figures: dict[str, dict[str, float]] = {question.id: {} for question in questions if question.judgments}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, run):
        label = next(label for label, measure in MEASURES.items() if measure == metric.measure)
        figures[metric.query_id][label] = float(metric.value)
    outcomes = tuple(
        Outcome(question.id, question.question, question.group, question.split, answers[question.id].status,
                round(answers[question.id].confidence, 4), _first(question, answers[question.id].ranked),
                {label: figures[question.id].get(label, 0.0) for label in MEASURES} if question.judgments else {})
        for question in questions)
    splits = ["all", *sorted({question.split for question in questions})]
    means = {split: _means([item for item in outcomes if split in ("all", item.split)]) for split in splits}
    return Report(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), assistant.generation, name, outcomes, means)


def _passage_id(citation: Citation) -> str:
    return f"{citation.source_id}:{citation.start}-{citation.end}"


def _relevant(question: Question, passages: Sequence[Passage]) -> list[str]:
    return [passage.id for passage in passages
            if any(is_right(passage.source_id, passage.text, judgment) for judgment in question.judgments)]


def _first(question: Question, ranked: Sequence[Citation]) -> int:
    return next((hit.rank for hit in ranked
                 if any(is_right(hit.source_id, hit.exact, judgment) for judgment in question.judgments)), 0)


def _means(outcomes: Sequence[Outcome]) -> dict[str, float]:
    judged = [item for item in outcomes if item.group == ANSWERABLE]
    means = {"questions": float(len(outcomes)), "answerable": float(len(judged))}
    if judged:
        means |= {label: sum(item.measures[label] for item in judged) / len(judged) for label in MEASURES}
        means["share answered"] = sum(item.status == "answered" for item in judged) / len(judged)
        means["answered with a right passage"] = sum(
            item.status == "answered" and 1 <= item.first <= 3 for item in judged) / len(judged)
    for group in sorted({item.group for item in outcomes} - {ANSWERABLE}):
        among = [item for item in outcomes if item.group == group]
        means[f"false answers: {group}"] = sum(item.status == "answered" for item in among) / len(among)
    return {label: round(value, 4) for label, value in means.items()}


def screens(assistant: Assistant, folder: Path) -> dict[str, dict[str, float]]:
    """Recall and false alarms of the two screens on urgent.jsonl and refused.jsonl of a folder, by split.

    A message is caught when the whole way of a question, rules and model, ends in the urgent card, or in the fixed
    words of one of the subjects that the file names. Missing files give nothing.
    """
    found: dict[str, dict[str, float]] = {}
    for name, key in (("urgent", "urgent"), ("refused", "subject")):
        path = folder / f"{name}.jsonl"
        records = [record for _, record in json_lines(path)] if path.exists() else []
        subjects = {record[key] for record in records}
        fixed = {subject.text for subject in assistant.texts.subjects if subject.id in subjects}
        answers = [assistant.ask(record["text"]) for record in records]
        results = [(record.get("split", "test"), bool(record[key]),
                    answer.status == "urgent" if name == "urgent" else answer.message in fixed)
                   for record, answer in zip(records, answers, strict=True)]
        for split in sorted({split for split, _, _ in results}):
            positive = [hit for part, want, hit in results if part == split and want]
            negative = [hit for part, want, hit in results if part == split and not want]
            row = found.setdefault(split, {})
            row[f"{name}: messages"] = float(len(positive) + len(negative))
            row[f"{name}: recall"] = round(sum(positive) / len(positive), 4) if positive else 0.0
            row[f"{name}: false alarms"] = round(sum(negative) / len(negative), 4) if negative else 0.0
    return found


def save(report: Report, folder: Path) -> Path:
    """Write the report as JSON and return its path; names sort by time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{report.created.replace(':', '').replace('-', '')}.json"
    path.write_text(json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def last_report(folder: Path, questions: str) -> Report | None:
    """The newest saved report on the same question file, or None."""
    for path in sorted(folder.glob("*.json"), reverse=True):
        try:
            record = json.loads(path.read_text("utf-8"))
            if record["questions"] == questions:
                return Report(record["created"], record["generation"], record["questions"],
                              tuple(Outcome(**item) for item in record["outcomes"]), record["means"],
                              record.get("screens", {}))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a file that is no report of ours is no reason to fail
    return None


def is_good(outcome: Outcome) -> bool:
    """Right passage among the first three for an answerable question, no answer for an unanswerable one."""
    return 1 <= outcome.first <= 3 if outcome.group == ANSWERABLE else outcome.status != "answered"


def compare(old: Report | None, new: Report) -> dict[str, list[str]]:
    """Questions gained and lost against an older report, and those that it did not have."""
    before = {item.id: item for item in old.outcomes} if old else {}
    same = [item for item in new.outcomes if item.id in before and before[item.id].question == item.question]
    return {
        "gained": [item.id for item in same if is_good(item) and not is_good(before[item.id])],
        "lost": [item.id for item in same if not is_good(item) and is_good(before[item.id])],
        "new": [item.id for item in new.outcomes if item not in same] if old else [],
    }


def calibrate(assistant: Assistant, questions: Sequence[Question], target: float = 0.9
              ) -> tuple[float, dict[str, float]]:
    """Bias and weights for ``confidence``, fitted on ``questions``.

    The bias is moved so that at probability 0.5 the share ``target`` of the answerable ones stays answered.

    Give it a split that nothing is reported on. Questions that are refused by rule are left out.
    """
    asked = [question for question in questions if question.group != "refused"]
    evidence = [assistant.hits(question.question, 2)[1] for question in asked]
    _, weights = confidence.fit(evidence, [question.group for question in asked], ANSWERABLE)
    logits = sorted(sum(weights[name] * getattr(found, name) for name in confidence.FEATURES)
                    for question, found in zip(asked, evidence, strict=True) if question.group == ANSWERABLE)
    return -logits[int((1 - target) * len(logits))], weights


def to_json(report: Report) -> dict[str, Any]:
    return asdict(report)


def as_text(report: Report, before: Report | None, changes: dict[str, list[str]]) -> str:
    """The report as a table, with the misses and what changed since the last one."""
    splits = list(dict.fromkeys([*report.means, *report.screens]))
    tables = {split: {**report.means.get(split, {}), **report.screens.get(split, {})} for split in splits}
    labels = dict.fromkeys(label for table in tables.values() for label in table)
    lines = [f"{report.questions} on {report.generation}",
             f"{'':34}" + "".join(f"{split:>8}" for split in splits)]
    for label in labels:
        row = [tables[split].get(label) for split in splits]
        count = label in ("questions", "answerable") or label.endswith("messages")
        lines.append(f"{label:34}" + "".join(
            f"{'-' if value is None else int(value) if count else format(value, '.3f'):>8}" for value in row))
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
