"""judged questions -> what each one found -> report. Owns no dependency.

A passage is right for a judgment when it stands in the judged source and contains the quote, or is contained in it,
white space apart. A mean is over all judged questions, and one without a right passage counts 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant import confidence, statistics
from assistant.answering import Assistant
from assistant.errors import BadInput, CorpusError
from assistant.measures import DEPTH, OF_PASSAGES, measure
from assistant.records import text_sha256
from assistant.schema import ANSWERABLE, Answer, Citation, Found, Judgment, Outcome, Passage, Question, Report, Source

SHOWN = 3  # passages of a question that a report shows
FIRST_WORDS = 15  # of each of them


def read_questions(path: Path | str) -> tuple[Question, ...]:
    """Questions of a JSON Lines file: "judgments" of {source_id, quote} or {source_id, start, end, sha256}, or
    "relevant" of {doc, quote}.

    Raises BadInput, which names file and line.
    """
    path = Path(path)
    questions: list[Question] = []
    seen: set[str] = set()
    for number, record in json_lines(path):
        where = f"{path}, line {number}"
        try:
            judgments = tuple(map(_judgment, record.get("judgments") or record.get("relevant") or ()))
            group = str(record.get("group") or (ANSWERABLE if judgments else "unanswerable"))
            question = Question(str(record["id"]), str(record["question"]), judgments, group,
                                str(record.get("split", "test")))
        except (KeyError, TypeError, AttributeError, ValueError):
            raise BadInput(f"{where}: a question needs 'id', 'question' and 'judgments' "
                           "(each with 'source_id' and 'quote').") from None
        if question.group == ANSWERABLE and not judgments:
            raise BadInput(f"{where}: {question.id!r} is called answerable but has no judgments: add one, or name its group.")
        if question.id in seen:
            raise BadInput(f"{where}: the id {question.id!r} is used twice.")
        seen.add(question.id)
        questions.append(question)
    if not questions:
        raise BadInput(f"{path} holds no questions.")
    return tuple(questions)


def _judgment(item: dict[str, Any]) -> Judgment:
    source_id = str(item.get("source_id") or Path(item["doc"]).stem)
    if "quote" in item:
        return Judgment(source_id, str(item["quote"]))
    return Judgment(source_id, "", (int(item["start"]), int(item["end"])), str(item["sha256"]))


def with_words(questions: Sequence[Question], sources: Iterable[Source]) -> tuple[Question, ...]:
    """The questions with the words of every span. Raises CorpusError when a span no longer holds the judged words."""
    texts = {source.id: source.text for source in sources}

    def read(question: Question, judgment: Judgment) -> Judgment:
        if judgment.span is None:
            return judgment
        words = texts.get(judgment.source_id, "")[slice(*judgment.span)]
        if text_sha256(words) != judgment.sha256:
            raise CorpusError(f"{question.id}: the words judged at {judgment.source_id}:{judgment.span[0]}-{judgment.span[1]} "
                              "are not those of this corpus: index the documents that the set was written for.")
        return replace(judgment, quote=words)

    return tuple(replace(question, judgments=tuple(read(question, judgment) for judgment in question.judgments))
                 for question in questions)


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
    if source_id != judgment.source_id:
        return False
    quote, passage = _flat(judgment.quote), _flat(text)
    return quote in passage or passage in quote


def relevant(question: Question, passages: Iterable[Passage]) -> list[str]:
    """Ids of the passages that answer a question."""
    return [passage.id for passage in passages
            if any(is_right(passage.source_id, passage.text, judgment) for judgment in question.judgments)]


def quoted_spans(question: Question, assistant: Assistant) -> list[str]:
    """The judged quotes themselves in the form of passage ids, for a question whose quotes no passage holds whole."""
    texts = {source.id: source.text for source in assistant.sources}
    found = []
    for judgment in question.judgments:
        match = re.search(r"\s+".join(map(re.escape, judgment.quote.split())), texts[judgment.source_id])
        if match:
            found.append(f"{judgment.source_id}:{match.start()}-{match.end()}")
    return found


def all_passages(assistant: Assistant) -> list[Passage]:
    return [passage for source in assistant.sources for passage in assistant.passages_of(source.id)]


def missing_quotes(questions: Sequence[Question], assistant: Assistant) -> list[tuple[str, Judgment]]:
    """Judgments whose words occur in no source any more: (question id, judgment)."""
    texts = {source.id: _flat(source.text) for source in assistant.sources}
    return [(question.id, judgment) for question in questions for judgment in question.judgments
            if _flat(judgment.quote) not in texts.get(judgment.source_id, "")]


def evaluate(assistant: Assistant, questions: Sequence[Question], name: str,
             progress: Callable[[int, int], None] | None = None) -> Report:
    """Ask every question and measure. Raises CorpusError when a judged quote no longer exists."""
    questions = with_words(questions, assistant.sources)
    lost = missing_quotes(questions, assistant)
    if lost:
        question_id, judgment = lost[0]
        raise CorpusError(f"{len(lost)} judged quotes of {name} no longer occur in the corpus, first {question_id}: "
                          f"{judgment.source_id} {judgment.quote[:60]!r}: correct the evaluation set.")
    passages = all_passages(assistant)
    outcomes: list[Outcome] = []
    for number, question in enumerate(questions, 1):
        right = relevant(question, passages) or quoted_spans(question, assistant)
        outcomes.append(_outcome(question, assistant.ask(question.question, k=SHOWN, ranked=DEPTH), right, assistant))
        if progress:
            progress(number, len(questions))
    figures = measure({item.id: dict.fromkeys(item.relevant, 1) for item in outcomes if item.relevant},
                      {item.id: [passage for passage, _ in item.ranked] for item in outcomes})
    outcomes = [replace(item, measures=figures.get(item.id, {})) for item in outcomes]
    by_split = {split: [item for item in outcomes if split in ("all", item.split)]
                for split in ["all", *sorted({item.split for item in outcomes})]}
    return Report(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), assistant.generation, name, tuple(outcomes),
                  {split: statistics.means(items, OF_PASSAGES) for split, items in by_split.items()},
                  intervals={split: statistics.intervals(items, OF_PASSAGES) for split, items in by_split.items()})


def _outcome(question: Question, answer: Answer, right: Sequence[str], assistant: Assistant) -> Outcome:
    """``measures`` is still empty. A refused subject is told by its fixed words; it and a card come without confidence."""
    ids = [f"{hit.source_id}:{hit.start}-{hit.end}" for hit in answer.ranked]
    found = tuple(Found(ids[place], hit.title, hit.heading, _first_words(hit), ids[place] in right)
                  for place, hit in enumerate(answer.ranked[:SHOWN]))
    by_rule = answer.status == "urgent" or answer.message in {subject.text for subject in assistant.texts.subjects}
    first = next((place for place, passage in enumerate(ids, 1) if passage in right), 0)
    return Outcome(question.id, question.question, question.group, question.split, answer.status,
                   round(answer.confidence, 4), first, {}, by_rule, found,
                   tuple((passage, hit.score) for passage, hit in zip(ids, answer.ranked, strict=True)), tuple(right))


def _first_words(hit: Citation) -> str:
    words = hit.exact.split()
    return " ".join(words[:FIRST_WORDS]) + (" …" if len(words) > FIRST_WORDS else "")


def screens(assistant: Assistant, folder: Path) -> dict[str, dict[str, float]]:
    """Recall and false alarms of the two screens on urgent.jsonl and refused.jsonl of a folder, by split.

    A message is caught when the whole way of a question, rules and model, ends in the urgent card, or in the fixed
    words of one of the subjects that the file names; what must not be answered is caught too by a card or a sentence for
    another language, without a passage.
    Missing files give nothing.
    """
    found: dict[str, dict[str, float]] = {}
    for name, key in (("urgent", "urgent"), ("refused", "subject")):
        path = folder / f"{name}.jsonl"
        records = [record for _, record in json_lines(path)] if path.exists() else []
        subjects = {record[key] for record in records}
        fixed = {subject.text for subject in assistant.texts.subjects if subject.id in subjects}
        answers = [assistant.ask(record["text"]) for record in records]

        def caught(answer: Answer, wanted: bool, urgent: bool = name == "urgent", fixed: set[str] = fixed) -> bool:
            if urgent:
                return answer.urgent is not None
            return answer.message in fixed or (wanted and bool(answer.urgent or answer.language) and not answer.citations)

        results = [(record.get("split", "test"), bool(record[key]), caught(answer, bool(record[key])))
                   for record, answer in zip(records, answers, strict=True)]
        ordinary = [str(record.get("group", "")).endswith("ordinary") for record in records]
        for split in sorted({split for split, _, _ in results}):
            positive = [hit for part, want, hit in results if part == split and want]
            negative = [hit for part, want, hit in results if part == split and not want]
            row = found.setdefault(split, {})
            row[f"{name}: messages"] = float(len(positive) + len(negative))
            row[f"{name}: recall"] = round(sum(positive) / len(positive), 4) if positive else 0.0
            row[f"{name}: false alarms"] = round(sum(negative) / len(negative), 4) if negative else 0.0
            plain = [hit for (part, want, hit), usual in zip(results, ordinary, strict=True)
                     if part == split and usual and not want]
            if plain:  # those that only ask: the rest use the words of danger without any
                row[f"{name}: of ordinary ones"] = round(sum(plain) / len(plain), 4)
    return found


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
