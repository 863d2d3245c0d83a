"""a BEIR folder -> documents, queries, judgments, and back.

    corpus.jsonl       {"_id", "title", "text"}           each may be packed: corpus.jsonl.gz
    queries.jsonl      {"_id", "text"}
    qrels/<split>.tsv  query-id <tab> corpus-id <tab> score

The layout of Thakur et al. 2021, in which most public retrieval sets are to be had.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.corpus import jsonl
from assistant.errors import BadInput
from assistant.evaluation.judgments import Question
from assistant.schema import Passage, Source

HEADER = ("query-id", "corpus-id", "score")


@dataclass(frozen=True)
class Benchmark:
    """A folder as read. Only judged queries are kept: those with at least one right document in the split."""

    folder: Path
    split: str
    documents: tuple[Source, ...]
    queries: dict[str, str]  # id -> text
    relevant: dict[str, dict[str, int]]  # query id -> document id -> grade


def read(folder: Path, split: str = "test") -> Benchmark:
    """Read a BEIR folder. Raises BadInput, which names the file, the line and what it should hold."""
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}: name one with corpus.jsonl, queries.jsonl and qrels.")
    relevant = _judgments(folder, split)
    texts = {name: str(record.get("text") or "") for name, record in _records(folder, "queries", relevant)}
    lost = sorted(relevant.keys() - texts.keys())
    if lost:
        raise BadInput(f"{folder}: the split {split!r} judges the query {lost[0]!r}, which is not in queries.jsonl "
                       f"({len(lost)} such): add it or take its lines out.")
    documents = tuple(_source(name, record) for name, record in _records(folder, "corpus"))
    known = {document.id for document in documents}
    if not any(document in known for judged in relevant.values() for document in judged):
        raise BadInput(f"{folder}: no document that the split {split!r} judges is in corpus.jsonl: the two do not belong "
                       "together.")
    return Benchmark(folder, split, documents, {query: texts[query] for query in relevant}, relevant)


def _source(name: str, record: Mapping[str, Any]) -> Source:
    """A document as an operator would bring it: the title is the heading of a Markdown file."""
    title = " ".join(str(record.get("title") or "").split())
    body = str(record.get("text") or "")
    raw = (f"# {title}\n\n{body}" if title else body).encode("utf-8", "replace")  # half a surrogate pair is no text
    return Source(name, title or name, raw.decode("utf-8"), hashlib.sha256(raw).hexdigest(),
                  f"{name}.md" if title else f"{name}.txt")


def _records(folder: Path, name: str, wanted: Mapping[str, object] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """(id, record) of corpus or queries, in order; only the wanted ids where some are named."""
    path = next((path for path in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz") if path.is_file()), None)
    if path is None:
        raise BadInput(f"{folder} has no {name}.jsonl or {name}.jsonl.gz: it is no BEIR folder.")
    seen: set[str] = set()
    for number, record in jsonl.read(path, halves=True):
        key = record.get("_id")
        if isinstance(key, int) and not isinstance(key, bool):
            key = str(key)  # public sets number their documents
        if not isinstance(key, str) or not key or not isinstance(record.get("text"), str):
            raise BadInput(f"{path}, line {number}: each line must be a JSON object with '_id' and 'text'.")
        if key in seen:
            raise BadInput(f"{path}, line {number}: the id {key!r} is used twice.")
        seen.add(key)
        if wanted is None or key in wanted:
            yield key, record
    if not seen:
        raise BadInput(f"{path} is empty.")


def _judgments(folder: Path, split: str) -> dict[str, dict[str, int]]:
    path = folder / "qrels" / f"{split}.tsv"
    if not path.is_file():
        names = sorted(path.stem for path in (folder / "qrels").glob("*.tsv"))
        raise BadInput(f"{folder} has no qrels/{split}.tsv: " + (
            f"choose with --split among {', '.join(names)}." if names else "it is no BEIR folder."))
    relevant: dict[str, dict[str, int]] = {}
    for number, line in jsonl.text_lines(path):
        cells = tuple(line.split("\t"))
        if cells == HEADER or not line.strip():
            continue
        try:
            query, document, grade = cells
            relevant.setdefault(query, {})[document] = int(grade)
        except ValueError:
            raise BadInput(f"{path}, line {number}: a line must hold query id, document id and a whole number, parted "
                           "by tabs.") from None
    judged = {query: grades for query, grades in relevant.items() if any(grade > 0 for grade in grades.values())}
    if not judged:
        raise BadInput(f"{path} judges no document right: there is nothing to measure.")
    return judged


def write(folder: Path, passages: Sequence[Passage], questions: Iterable[Question],
          relevant: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Write passages, questions and judgments as a BEIR folder, one qrels file a split; returns the splits with judgments.

    ``relevant``: ids of the right passages by question id. Raises BadInput when the folder already holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} already holds something: name a folder that is empty or new.")
    questions = tuple(questions)
    for split in {question.split for question in questions}:
        if not re.fullmatch(r"[\w-]+", split):
            raise BadInput(f"The split {split!r} cannot be a file name: use letters, digits, '-' and '_'.")
    (folder / "qrels").mkdir(parents=True)
    _write_lines(folder / "corpus.jsonl", (
        {"_id": passage.id, "title": passage.heading, "text": passage.text} for passage in passages))
    rows: dict[str, list[str]] = {}
    queries = []
    for question in questions:
        queries.append({"_id": question.id, "text": question.question,
                        "metadata": {"group": question.group, "split": question.split}})
        if relevant.get(question.id):
            rows.setdefault(question.split, []).extend(f"{question.id}\t{passage}\t1" for passage in relevant[question.id])
    _write_lines(folder / "queries.jsonl", queries)
    for split, lines in rows.items():
        (folder / "qrels" / f"{split}.tsv").write_text("\n".join(["\t".join(HEADER), *lines]) + "\n", "utf-8")
    return tuple(sorted(rows))


def _write_lines(path: Path, records: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for record in records:
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
