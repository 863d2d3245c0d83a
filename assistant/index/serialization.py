"""JSON of a generation -> sources, passages and fixed texts, and back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from assistant.errors import NoticeMissing
from assistant.notices import About, FixedTexts, Helpline, Language, Notice, Subject, Translation, Urgent
from assistant.schema import Difference, Note, Passage, PlacedNote, Reference, Source, Term

WAY_OUT = "rebuild it with `python -m assistant build --force`."


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical(record: object) -> bytes:
    """JSON with one spelling, to be hashed."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8")


def record_sha256(record: object) -> str:
    return hashlib.sha256(canonical(record)).hexdigest()


def searched(passage: Passage) -> str:
    """The text whose words a passage is found by: its own, its heading's and those of its asked-as questions."""
    return " ".join([passage.heading, passage.text, *passage.asked])


def passage_record(passage: Passage) -> dict[str, Any]:
    """A passage as span and hash: its words are stored once, in its source's text."""
    return {"source_id": passage.source_id, "start": passage.start, "end": passage.end,
            "heading": passage.heading, "sha256": text_sha256(passage.text),
            "sentences": [list(span) for span in passage.sentences], "asked": passage.asked,
            "notes": [asdict(note) for note in passage.notes],
            "differs": [asdict(other) for other in passage.differs]}


def read_passage(entry: dict[str, Any], whole: str) -> Passage | None:
    """The passage of a record, cut from its source's text; None when that is not what was indexed."""
    start, end = entry["start"], entry["end"]
    text = whole[start:end]
    spans = [*entry["sentences"], *([note["start"], note["end"]] for note in entry["notes"])]
    if (text_sha256(text) != entry["sha256"] or not 0 <= start < end <= len(whole)
            or not all(0 <= first < last <= len(whole) for first, last in spans)
            or not all(start <= first and last <= end for first, last in entry["sentences"])):
        return None
    return Passage(entry["source_id"], start, end, entry["heading"], text,
                   tuple((first, last) for first, last in entry["sentences"]), tuple(entry["asked"]),
                   tuple(PlacedNote(note["start"], note["end"], Note(**note["note"])) for note in entry["notes"]),
                   tuple(Difference(**other) for other in entry.get("differs", ())))


def read_texts(record: dict[str, Any]) -> FixedTexts:
    notice = record["notice"]
    if not notice["text"].strip() or not notice["helplines"]:
        raise NoticeMissing(f"The index holds no safety notice: {WAY_OUT}")
    return FixedTexts(
        record["region"], Notice(notice["text"], _lines(notice["helplines"])),
        {kind: _card(card) for kind, card in record["cards"].items()}, record["related"], record["not_covered"],
        tuple(Subject(entry["id"], entry["text"], tuple(entry["examples"])) for entry in record["subjects"]), record["contact"],
        record["greeting"], record["other"],
        tuple(About(entry["id"], entry["text"], tuple(entry["asks"])) for entry in record["about"]),
        {code: Language(**{**entry, "cards": {kind: Translation(**card) for kind, card in entry["cards"].items()}})
         for code, entry in record.get("languages", {}).items()})  # older generations have none


def read_term(record: dict[str, Any]) -> Term:
    return Term(record["word"], tuple(record["also"]), tuple(record["misspelt"]), tuple(record["heard"]), record["swap"])


def _lines(records: list[dict[str, Any]]) -> tuple[Helpline, ...]:
    return tuple(Helpline(**entry) for entry in records)


def _card(record: dict[str, Any]) -> Urgent:
    return Urgent(record["kind"], record["heading"], record["text"], _lines(record["helplines"]))


def read_source(record: dict[str, Any]) -> Source:
    return Source(**{**record, "exclude": tuple(record["exclude"]),
                     "references": tuple(Reference(**{**entry, "facts": tuple(entry.get("facts", ()))})
                                                   for entry in record["references"])})
