"""questions.jsonl -> judged questions, and which passages are right for one. What the field calls topics and qrels.

A passage is right for a judgment when it stands in the judged source and contains the quote, or is contained in it,
white space apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.answering.assistant import Assistant
from assistant.answering.question import clean
from assistant.corpus import jsonl
from assistant.errors import BadInput, CorpusError, QuestionError
from assistant.index.serialization import text_sha256
from assistant.schema import Passage, Source, Span
from assistant.screening.labels import ANSWERABLE


@dataclass(frozen=True)
class Judgment:
    """A passage that answers a question, named by its words, so that new passage borders keep it valid (a qrel).

    Where the words are somebody else's and may not be repeated, a span of the source's text and the hash of its words
    stand for them until the source is at hand (``with_words``).
    """

    source_id: str
    quote: str
    span: Span | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Question:
    """One line of an evaluation set (TREC: topic). No judgments: nothing in the corpus answers it."""

    id: str
    question: str
    judgments: tuple[Judgment, ...] = ()
    group: str = ANSWERABLE
    split: str = "test"


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
    group = words_of(record, "group", where, ANSWERABLE if judgments else "unanswerable")
    return Question(words_of(record, "id", where), readable(record, "question", where), judgments, group,
                    words_of(record, "split", where, "test"))


def _judgment(item: Any, where: str) -> Judgment:
    needs = f"{where}: a judgment needs 'source_id' (or 'doc') and 'quote', or 'source_id', 'start', 'end' and 'sha256'."
    if not isinstance(item, dict) or not ("source_id" in item or "doc" in item):
        raise BadInput(needs)
    source_id = words_of(item, "source_id", where) if "source_id" in item else Path(words_of(item, "doc", where)).stem
    if "quote" in item:
        return Judgment(source_id, words_of(item, "quote", where))
    start, end = item.get("start"), item.get("end")
    if not (type(start) is int and type(end) is int and 0 <= start < end and "sha256" in item):
        raise BadInput(needs)
    return Judgment(source_id, "", (start, end), words_of(item, "sha256", where))


def words_of(record: dict[str, Any], key: str, where: str, usual: str = "") -> str:
    """A text of a record that is not blank; ``usual`` where the record has no such key. Raises BadInput."""
    words = record.get(key, usual)
    if not isinstance(words, str) or not words.strip():
        raise BadInput(f"{where}: {key!r} must be text that is not blank.")
    return words


def readable(record: dict[str, Any], key: str, where: str) -> str:
    """A text of a record that can be asked. Raises BadInput: one that cannot would stop everything after minutes of asking."""
    text = words_of(record, key, where)
    try:
        clean(text)
    except QuestionError as error:
        raise BadInput(f"{where}: {key!r} cannot be asked. {error}") from None
    return text


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
    spans = []
    for judgment in question.judgments:
        match = re.search(r"\s+".join(map(re.escape, judgment.quote.split())), texts[judgment.source_id])
        if match:
            spans.append(f"{judgment.source_id}:{match.start()}-{match.end()}")
    return spans


def all_passages(assistant: Assistant) -> list[Passage]:
    return [passage for source in assistant.sources for passage in assistant.passages_of(source.id)]


def missing_quotes(questions: Sequence[Question], assistant: Assistant) -> list[tuple[str, Judgment]]:
    """Judgments whose words occur in no source any more: (question id, judgment)."""
    texts = {source.id: _flat(source.text) for source in assistant.sources}
    return [(question.id, judgment) for question in questions for judgment in question.judgments
            if _flat(judgment.quote) not in texts.get(judgment.source_id, "")]
