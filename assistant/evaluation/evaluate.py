"""judged questions -> what each one found -> report. Owns no dependency.

A passage is right for a judgment when it stands in the judged source and contains the quote, or is contained in it,
white space apart. A mean is over all judged questions, and one without a right passage counts 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answering.assistant import Assistant
from assistant.answering.question import clean
from assistant.corpus import jsonl
from assistant.errors import BadInput, CorpusError, QuestionError
from assistant.evaluation import metrics
from assistant.evaluation.measures import DEPTH, OF_PASSAGES, measure
from assistant.index.serialization import text_sha256
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
    for number, record in jsonl.read(path):
        where = f"{path}, line {number}"
        question = _question(record, where)
        judgments = question.judgments
        if question.group == ANSWERABLE and not judgments:
            raise BadInput(f"{where}: {question.id!r} is called answerable but has no judgments: add one, or name its group.")
        if question.id in seen:
            raise BadInput(f"{where}: the id {question.id!r} is used twice.")
        seen.add(question.id)
        questions.append(question)
    if not questions:
        raise BadInput(f"{path} holds no questions.")
    return tuple(questions)


def _question(record: dict[str, Any], where: str) -> Question:
    judged = record.get("judgments", record.get("relevant", []))
    if not {"id", "question"} <= record.keys() or not isinstance(judged, list):
        raise BadInput(f"{where}: a question needs 'id', 'question' and a list of 'judgments' (each with 'source_id' and "
                       "'quote').")
    judgments = tuple(_judgment(item, where) for item in judged)
    name = record["id"]
    if isinstance(name, int) and not isinstance(name, bool):
        record = record | {"id": str(name)}
    group = _words(record, "group", where, ANSWERABLE if judgments else "unanswerable")
    return Question(_words(record, "id", where), readable(record, "question", where), judgments, group,
                    _words(record, "split", where, "test"))


def _judgment(item: Any, where: str) -> Judgment:
    needs = f"{where}: a judgment needs 'source_id' (or 'doc') and 'quote', or 'source_id', 'start', 'end' and 'sha256'."
    if not isinstance(item, dict) or not ("source_id" in item or "doc" in item):
        raise BadInput(needs)
    source_id = _words(item, "source_id", where) if "source_id" in item else Path(_words(item, "doc", where)).stem
    if "quote" in item:
        return Judgment(source_id, _words(item, "quote", where))
    start, end = item.get("start"), item.get("end")
    if not (type(start) is int and type(end) is int and 0 <= start < end and "sha256" in item):
        raise BadInput(needs)
    return Judgment(source_id, "", (start, end), _words(item, "sha256", where))


def _words(record: dict[str, Any], key: str, where: str, usual: str = "") -> str:
    """A text of a record that is not blank; ``usual`` where the record has no such key. Raises BadInput."""
    found = record.get(key, usual)
    if not isinstance(found, str) or not found.strip():
        raise BadInput(f"{where}: {key!r} must be text that is not blank.")
    return found


def readable(record: dict[str, Any], key: str, where: str) -> str:
    """A text of a record that can be asked. Raises BadInput: one that cannot would stop everything after minutes of asking."""
    found = _words(record, key, where)
    try:
        clean(found)
    except QuestionError as error:
        raise BadInput(f"{where}: {key!r} cannot be asked. {error}") from None
    return found


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
                  {split: metrics.means(items, OF_PASSAGES) for split, items in by_split.items()},
                  intervals={split: metrics.intervals(items, OF_PASSAGES) for split, items in by_split.items()})


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


@dataclass(frozen=True)
class Message:
    """One line of urgent.jsonl or refused.jsonl. ``subject``: of what must not be answered, where the file names one."""

    text: str
    wanted: bool  # the screen should catch it
    subject: str
    split: str
    ordinary: bool


def read_messages(folder: Path) -> dict[str, tuple[Message, ...]]:
    """The messages of urgent.jsonl and refused.jsonl of a folder, by "urgent" and "refused"; none where a file is missing.

    Raises BadInput, which names file and line.
    """
    found = {}
    for name, key in (("urgent", "urgent"), ("refused", "subject")):
        path = folder / f"{name}.jsonl"
        found[name] = tuple(_message(record, key, f"{path}, line {number}") for number, record in jsonl.read(path)
                            ) if path.exists() else ()
    return found


def _message(record: dict[str, Any], key: str, where: str) -> Message:
    wanted = record.get(key, ...)
    if key == "urgent" and not isinstance(wanted, bool):
        raise BadInput(f"{where}: a message needs 'text' and 'urgent', true or false.")
    if key == "subject" and wanted is not None and not (isinstance(wanted, str) and wanted.strip()):
        raise BadInput(f"{where}: a message needs 'text' and 'subject', the id of a subject or null.")
    group = _words(record, "group", where, "unnamed")
    return Message(readable(record, "text", where), bool(wanted), str(wanted or ""), _words(record, "split", where, "test"),
                   group.endswith("ordinary"))


def screens(assistant: Assistant, folder: Path) -> dict[str, dict[str, float]]:
    """Recall and false alarms of the two screens on urgent.jsonl and refused.jsonl of a folder, by split.

    A message in danger is caught by the full card; a line above an answer is counted beside it. What must not be answered is
    caught by the sentence of its subject, instead of passages or above them, or by a card or the sentence for another language
    without a passage; "turned away" counts calm questions that got the sentence alone. Missing files give nothing.
    """
    found: dict[str, dict[str, float]] = {}
    for name, messages in read_messages(folder).items():
        answers = [(message, assistant.ask(message.text)) for message in messages]
        for split in sorted({message.split for message in messages}):
            here = [(message, answer) for message, answer in answers if message.split == split]
            row = found.setdefault(split, {})
            row[f"{name}: messages"] = float(len(here))
            caught, alarm = (_carded, _carded) if name == "urgent" else (_refused, _told)
            row[f"{name}: recall"] = _share([caught(answer) for message, answer in here if message.wanted])
            if name == "urgent":
                row["urgent: card or line"] = _share([_carded(answer) or answer.caution is not None
                                                      for message, answer in here if message.wanted])
            calm = [(message, answer) for message, answer in here if not message.wanted]
            row[f"{name}: false alarms"] = _share([alarm(answer) for _, answer in calm])
            if name == "refused":
                row["refused: turned away"] = _share([answer.subject is not None and not answer.citations for _, answer in calm])
            plain = [alarm(answer) for message, answer in calm if message.ordinary]
            if plain:  # those that only ask: the rest use the words of danger without any
                row[f"{name}: of ordinary ones"] = _share(plain)
    return found


def _carded(answer: Answer) -> bool:
    return answer.urgent is not None


def _told(answer: Answer) -> bool:
    return answer.subject is not None


def _refused(answer: Answer) -> bool:
    return _told(answer) or (bool(answer.urgent or answer.language) and not answer.citations)


def _share(held: Sequence[bool]) -> float:
    return round(sum(held) / len(held), 4) if held else 0.0
