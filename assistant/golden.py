"""a draft -> fixed questions asked of it -> nothing, or the reason why it must not be published. Owns no dependency.

Hashes prove that files are what the build wrote; they do not prove that the build wrote the right thing. So before the
switch a draft answers as it would after it: some rows are embedded again and must give the stored vectors, and some
questions must come back whole, each passage word for word as it stands in the corpus that was just read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from assistant.answering import Assistant
from assistant.errors import BuildFailed, QuestionError
from assistant.index import PROBE_COSINE, Index, embedded_texts
from assistant.schema import Passage, Source

ASKED = 12  # passages, spread evenly, whose questions are asked; about 20 ms each
MANY = 1_000  # passages of a large index that golden questions are taken from
DEPTH = 10  # an editors' question must find its passage among so many


def ask_golden(draft: Index, sources: Iterable[Source], fresh: Collection[str]) -> None:
    """Ask a draft editors' questions, or about the ``fresh`` sources where there are none; empty means all are fresh.

    Raises BuildFailed, which names the question or text that did not come back right.
    """
    held = draft.passages if not draft.stacks else _some(draft.passages)  # all of a large index would take minutes
    new = [passage for passage in held if passage.source_id in fresh] or list(held)
    _prove_rows(draft, new)
    texts = {source.id: source.text for source in sources}
    assistant = Assistant(draft)
    for passage in _spread([passage for passage in held if passage.asked] or new):
        question = passage.asked[0] if passage.asked else passage.heading or passage.text[:200]
        _prove_answer(assistant, question, passage, texts)


def _some(passages: Sequence[Passage]) -> list[Passage]:
    return [passages[int(number)] for number in np.unique(np.linspace(0, len(passages) - 1, MANY).astype(np.int64))]


def _spread(passages: list[Passage]) -> list[Passage]:
    """ASKED passages at even distances, or all of fewer."""
    return [passages[number] for number in sorted({int(place) for place in np.linspace(0, len(passages) - 1, ASKED)})]


def _prove_rows(draft: Index, new: list[Passage]) -> None:
    """A vector that stands in another text's row would be a wrong passage with a normal score.

    Rows that were taken over from the generation before were proved when they were new.
    """
    ids = {passage.id for passage in new}
    if draft.stacks:  # a large index is looked into at some places only
        numbers = np.unique(np.linspace(0, len(draft.passages) - 1, ASKED).astype(np.int64))
        some = [draft.passages[int(number)] for number in numbers]
        rows = dict(zip(numbers.tolist(), embedded_texts(some, draft.sources, (), draft.glossary, draft.kind), strict=False))
    else:
        rows = dict(enumerate(embedded_texts(draft.passages, draft.sources, draft.texts.subjects, draft.glossary)))
        fresh = np.array([number for number, passage in enumerate(draft.row_passage) if draft.passages[passage].id in ids])
        numbers = np.unique(fresh[np.linspace(0, len(fresh) - 1, ASKED).astype(np.int64)])
    if draft.encoder is None:
        raise RuntimeError("the draft was opened without its encoder")
    made, stored = draft.encoder.encode([rows[number] for number in numbers]), draft.vectors(numbers)
    for number, again, kept in zip(numbers, made, stored, strict=True):
        if not (np.isfinite(kept).all() and (float(again @ kept) >= PROBE_COSINE or not (again.any() or kept.any()))):
            raise BuildFailed(f"The vector of {rows[number][:60]!r} is not the one that its text gives, so nothing was "
                              "published: build again with --force.", row=int(number))


def _prove_answer(assistant: Assistant, question: str, wanted: Passage, texts: dict[str, str]) -> None:
    try:
        answer = assistant.ask(question, k=DEPTH, ranked=DEPTH)
    except QuestionError:
        return  # a heading without a letter, say: nothing that anybody could ask
    problem, way_out = "", "build again with --force"
    if not answer.notice.text.strip() or not answer.notice.helplines:
        problem = "has no notice"
    for citation in (*answer.citations, *answer.ranked):
        if texts.get(citation.source_id, "")[citation.start:citation.end] != citation.exact or not citation.exact:
            problem = f"quotes words that do not stand in {citation.source_id}"
    if assistant.withheld:
        problem = "holds a passage that cannot be proved"
    found = {(citation.source_id, citation.heading) for citation in answer.ranked}
    if wanted.asked and (wanted.source_id, wanted.heading) not in found:
        problem = f"does not find {wanted.heading!r} of {wanted.source_id}, where asked.toml places it"
        way_out = "correct asked.toml"
    if problem:
        raise BuildFailed(f"The answer to {question[:80]!r} {problem}, so nothing was published: {way_out}.",
                          question=question, passage=wanted.id)
