"""files of written messages -> what the weights are trained on.

    exemplars.jsonl     messages of people in danger, by kind, and calm ones
    refused.jsonl       questions that passages must not answer, by subject, and others
    unanswered.jsonl    questions that nothing here answers, by what they are about
    asked.toml          questions that the passages answer

They are training data for ``python -m assistant fit`` (see ``training``); no index embeds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.corpus import jsonl
from assistant.corpus.editorial import asked_from
from assistant.corpus.files import first_existing, tables
from assistant.errors import CorpusError
from assistant.notices import FixedTexts
from assistant.screening.labels import DANGERS, MATTERS, REFUSALS


@dataclass(frozen=True)
class ExemplarFile:
    """One file of messages: its name, the key under which each names its label, and the labels that it tells apart."""

    file: str
    key: str
    labels: tuple[str, ...]
    none: bool  # a message may be none of them: null


DANGER = ExemplarFile("exemplars.jsonl", "kind", DANGERS, none=True)
REFUSAL = ExemplarFile("refused.jsonl", "subject", REFUSALS, none=True)
UNANSWERED = ExemplarFile("unanswered.jsonl", "kind", MATTERS[1:], none=False)
FILES = (DANGER, REFUSAL, UNANSWERED)


@dataclass(frozen=True)
class Exemplar:
    """A message written by an editor. ``kind`` is its label; None for one that is none of the labels of its file."""

    text: str
    kind: str | None


@dataclass(frozen=True)
class WrittenQuestions:
    """Questions that the texts answer, and questions that nothing in them answers."""

    answered: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.answered and self.unanswered)


def read_exemplars(path: Path, of: ExemplarFile = DANGER) -> tuple[Exemplar, ...]:
    """The messages of a JSON Lines file. Raises CorpusError, which names file and line."""
    exemplars: list[Exemplar] = []
    seen: set[str] = set()
    allowed = (*of.labels, None) if of.none else of.labels
    for number, record in jsonl.read(path, CorpusError):
        if not {"text", of.key} <= record.keys():
            raise CorpusError(f'{path}, line {number}: an exemplar is one {{"text": ..., "{of.key}": ...}} a line.')
        exemplar = Exemplar(record["text"], record[of.key])
        if exemplar.kind not in allowed or not isinstance(exemplar.text, str) or not exemplar.text.strip():
            raise CorpusError(f"{path}, line {number}: {of.key!r} must be {'null or ' if of.none else ''}one of "
                              f"{', '.join(of.labels)}, 'text' a message.")
        if exemplar.text.casefold() in seen:
            raise CorpusError(f"{path}, line {number}: this message stands in the file twice.")
        seen.add(exemplar.text.casefold())
        exemplars.append(exemplar)
    if of.none and not {None, *of.labels} <= {exemplar.kind for exemplar in exemplars}:
        raise CorpusError(f"{path} must hold messages of every {of.key} and of none.")
    return tuple(exemplars)


def asked_sections(folder: Path, shipped: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """The asked-as questions of each section, (source id, heading), of a folder; or those of the shipped one, which are then
    only learnt from, never shown."""
    sections: dict[tuple[str, str], tuple[str, ...]] = {}
    for source_id, heading, questions in asked_from(*tables("asked.toml", "asked", folder, shipped)):
        sections[source_id, heading] = tuple(dict.fromkeys((*sections.get((source_id, heading), ()), *questions)))
    return sections


def read_written_questions(folder: Path, shipped: Path, texts: FixedTexts) -> WrittenQuestions:
    """Questions that are answered and that are not. A folder without asked-as questions borrows the shipped ones here:
    what people ask of such texts is much the same everywhere, and nothing is shown or found through them."""
    unanswered = first_existing(UNANSWERED.file, folder, shipped)
    if unanswered is None:
        return WrittenQuestions()
    of_subjects = tuple(example for subject in texts.subjects for example in subject.examples)
    refused = first_existing(REFUSAL.file, folder, shipped)
    of_refused = tuple(item.text for item in read_exemplars(refused, REFUSAL) if item.kind) if refused else ()
    return WrittenQuestions(tuple(question for questions in asked_sections(folder, shipped).values() for question in questions),
                            (*(item.text for item in read_exemplars(unanswered, UNANSWERED)), *of_subjects, *of_refused))
