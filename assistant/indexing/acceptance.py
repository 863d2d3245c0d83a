"""a draft -> its arrays made again, fixed questions asked of it -> nothing, or why it must not be published.

Hashes prove that files are what the build wrote; they do not prove that the build wrote the right thing. So before the switch

    some of every kind of stored array is made again from its text: vectors of passages, sentences, asked-as questions and
        subjects' examples, token vectors, short codes, keywords; new ones and ones that were taken over
    acceptance questions come back whole, each passage word for word as it stands in the corpus that was just read
    and no worse than from the generation before, where there is one
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from assistant.answering.assistant import Assistant
from assistant.answering.ranking import rank
from assistant.arrays import Vectors
from assistant.errors import BuildFailed, QuestionError
from assistant.index.bm25 import tokens
from assistant.index.encoder import Encoder, TextEmbedding
from assistant.index.index import Index, embedded_texts
from assistant.index.serialization import searched
from assistant.index.stores.memory import MemoryStore
from assistant.index.stores.verified import VerifiedStore
from assistant.schema import Passage, Source

ASKED = 12  # passages, spread evenly, whose questions are asked; about 20 ms each
SAMPLE = 6  # rows of each kind that are made again, and as many of new sources
MANY = 1_000  # passages of a large index that acceptance questions are taken from
DEPTH = 10  # an editors' question must find its passage among so many
RANK_LOST = 0.15  # of the mean reciprocal rank: an edit moves a few passages by a place
EVIDENCE_LOST = 0.05  # of a mean cosine with the passage; how rare its words are depends on the others
SAME = 0.002  # cosine: what rounding may make of one and the same vector, here of reference and export (0.9991 was the lowest)
FIGURES = ("reciprocal rank", "cosine", "closeness of words")
FOUND_BY = ("sources", "texts", "glossary", "asked", "splitter")  # inputs that decide what is found
Item = TypeVar("Item")
Numbers = npt.NDArray[np.float64]
AGAIN = "so nothing was published: build again with --force."


def prove_draft(draft: Index, sources: Iterable[Source], fresh: Collection[str] = (), before: Index | None = None) -> None:
    """Make arrays again, ask acceptance questions and compare with ``before``. ``fresh``: the sources that are new since.

    Raises BuildFailed, which names the text or question that did not come back right.
    """
    if draft.encoder is None:
        raise RuntimeError("the draft was opened without its encoder")
    held = draft.passages if draft.store.in_memory else _some(draft.passages)  # all of a large index would take minutes
    _prove_rows(draft, draft.encoder, fresh)
    texts = {source.id: source.text for source in sources}
    assistant = Assistant(draft)
    questions = [(passage.asked[0] if passage.asked else passage.heading or passage.text[:200], passage)
              for passage in _spread([passage for passage in held if passage.asked] or held, ASKED)]
    for question, passage in questions:
        _prove_answer(assistant, question, passage, texts)
    if before and before.kind == draft.kind:
        _compare(draft, before, questions, fresh)


def _some(passages: Sequence[Passage]) -> list[Passage]:
    return [passages[int(number)] for number in np.unique(np.linspace(0, len(passages) - 1, MANY).astype(np.int64))]


def _spread(items: Sequence[Item], count: int) -> list[Item]:
    """``count`` items at even distances, or all of fewer."""
    return [items[place] for place in sorted({int(place) for place in np.linspace(0, len(items) - 1, count)})] if items else []


# ---- stored arrays


@dataclass(frozen=True)
class Row:
    """One stored vector and the text that it must come from; ``passage``: its number, for the row of a passage."""

    text: str
    stored: Vectors
    passage: int | None = None


def _rows(draft: Index, fresh: Collection[str]) -> list[Row]:
    """Some rows of every kind, old and new ones."""
    if isinstance(draft.store, MemoryStore):
        return _rows_in_memory(draft, draft.store, fresh)
    return _rows_elsewhere(draft, draft.store) if isinstance(draft.store, VerifiedStore) else []


def _rows_in_memory(draft: Index, store: MemoryStore, fresh: Collection[str]) -> list[Row]:
    texts = embedded_texts(draft.passages, draft.sources, draft.texts.subjects, draft.glossary, learnt=draft.learnt)
    numbers, asked = range(len(draft.passages)), store.first_asked
    own = {number for number in numbers if draft.passages[number].source_id in fresh}
    kinds = (numbers, range(len(numbers), int(asked[0])), range(int(asked[0]), int(asked[-1])), range(int(asked[-1]), len(texts)))
    rows = {row for kind in kinds for row in (*_spread(kind, SAMPLE), *_spread(
        [row for row in kind if row < store.rows and int(store.row_passage[row]) in own], SAMPLE))}
    return [Row(texts[row], store.vectors(np.array([row]))[0], row if row in numbers else None) for row in sorted(rows)]


def _rows_elsewhere(draft: Index, store: VerifiedStore) -> list[Row]:
    numbers = _spread(range(len(draft.passages)), SAMPLE * 2)
    texts = embedded_texts([draft.passages[number] for number in numbers], draft.sources, (), draft.glossary, draft.kind)
    of_passages = [Row(text, store.vectors(np.array([number]))[0], number)
                   for number, text in zip(numbers, texts, strict=False)]  # questions follow the passages, and are left out
    of_questions = [Row(text, store.vectors(np.array([row]))[0]) for row, text in _questions(draft, store.asked.tolist())]
    examples = embedded_texts((), {}, draft.texts.subjects, draft.glossary, draft.kind)
    return [*of_passages, *of_questions,
            *(Row(examples[row], store.subjects[row]) for row in _spread(range(len(examples)), SAMPLE))]


def _questions(draft: Index, owners: list[int]) -> list[tuple[int, str]]:
    """Rows of asked-as questions of a large index, and their texts; ``owners``: the passage that each leads to."""
    rows = []
    for at in _spread(range(len(owners)), SAMPLE):
        asked = draft.passages[owners[at]].asked[at - owners.index(owners[at]):][:1]
        if not asked:
            raise BuildFailed(f"Asked-as question {at} leads to a passage that is not asked it, {AGAIN}", row=at)
        rows.append((len(draft.passages) + at, draft.glossary.expand(asked[0])[0]))
    return rows


def _prove_rows(draft: Index, encoder: Encoder, fresh: Collection[str]) -> None:
    """A vector that stands in another text's row would be a wrong passage with a normal score."""
    rows = _rows(draft, fresh)
    for row, embedding in zip(rows, encoder.encode_fine([row.text for row in rows]), strict=True):
        if not _same(embedding.vector, row.stored):
            raise BuildFailed(f"The vector of {row.text[:60]!r} is not the one that its text gives, {AGAIN}", text=row.text)
        if row.passage is not None:
            _prove_passage(draft, row.passage, embedding)
    if isinstance(draft.store, VerifiedStore):
        _check_codes(draft.store, [row for row in rows if row.passage is not None])


def _check_codes(store: VerifiedStore, rows: Sequence[Row]) -> None:
    """Short codes name candidates and may miss one among many that are alike, but not most."""
    missed = []
    for row in rows:
        nearest, cosines = store.vector_index.nearest(row.stored, DEPTH)
        if row.stored.any() and row.passage not in nearest and cosines.min(initial=1.0) < 1 - SAME:
            missed.append(row)
    if len(missed) > len(rows) / 4:
        raise BuildFailed(f"The short code of {missed[0].text[:60]!r} does not lead to it, {AGAIN}", text=missed[0].text)


def _same(made: Vectors, stored: Vectors) -> bool:
    return bool(np.isfinite(stored).all() and (float(made @ stored) >= 1 - SAME or not (made.any() or stored.any())))


def _prove_passage(draft: Index, number: int, made: TextEmbedding) -> None:
    """Token vectors and keywords of one passage."""
    passage = draft.passages[number]
    where = f"{(passage.heading or passage.text)[:60]!r} of {passage.source_id}"
    if late := draft.store.late_interaction:
        ids, stored = late.of(number)
        if not (np.array_equal(ids, made.ids) and stored.shape == made.tokens.shape
                and (np.vecdot(stored.astype(np.float32), made.tokens) >= 1 - SAME).all()):
            raise BuildFailed(f"The token vectors of {where} are not those that its text gives, {AGAIN}", passage=passage.id)
    words = tokens([searched(passage)])[0]
    numbers, scores = draft.store.matches(words)
    best: list[int] = numbers[np.argsort(-scores, kind="stable")[:DEPTH]].tolist()
    if number not in best and any(set(words) - set(tokens([searched(draft.passages[other])])[0]) for other in best):
        raise BuildFailed(f"The keywords of {where} do not find it, {AGAIN}", passage=passage.id)


# ---- acceptance questions


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
    cited = {(citation.source_id, citation.heading) for citation in answer.ranked}
    if wanted.asked and (wanted.source_id, wanted.heading) not in cited:
        problem = f"does not find {wanted.heading!r} of {wanted.source_id}, where asked.toml places it"
        way_out = "correct asked.toml"
    if problem:
        raise BuildFailed(f"The answer to {question[:80]!r} {problem}, so nothing was published: {way_out}.",
                          question=question, passage=wanted.id)


def _compare(draft: Index, before: Index, questions: Sequence[tuple[str, Passage]], fresh: Collection[str]) -> None:
    """Questions whose passage the generation before found must find it still, and as near."""
    pairs = [(question, _figures(before, draft.encoder, question, passage, fresh),
              _figures(draft, draft.encoder, question, passage, fresh)) for question, passage in questions]
    pairs = [(question, old, new) for question, old, new in pairs if old[0]]
    if not pairs:
        return
    unchanged = all(draft.inputs[part] == before.inputs.get(part) for part in FOUND_BY)
    lost = np.array([old - new for _, old, new in pairs])  # (questions, figures)
    most = np.full(3, SAME) if unchanged else np.array([RANK_LOST, EVIDENCE_LOST, EVIDENCE_LOST])
    worse = [f"{name} by {value:.3f}" for name, value, allowed in zip(FIGURES, lost.mean(0), most, strict=True)
             if value > allowed]
    if worse:
        question = pairs[int(lost.sum(1).argmax())][0]
        raise BuildFailed(f"Acceptance questions do worse than in {before.name}: {', '.join(worse)} on average, "
                          f"{question[:60]!r} most, {AGAIN}", question=question)


def _figures(index: Index, encoder: Encoder | None, question: str, passage: Passage, fresh: Collection[str]) -> Numbers:
    """FIGURES of an acceptance question. Passages of ``fresh`` sources may rightly stand above its own, and are not counted."""
    if encoder is None:
        raise RuntimeError("the draft was opened without its encoder")
    widened, _ = index.glossary.expand(question)
    fine = encoder.encode_fine([widened])[0]
    hits = [hit for hit in rank(index, widened, fine, DEPTH)[0]
            if hit.passage.text == passage.text or hit.passage.source_id not in fresh]
    place = next((place for place, hit in enumerate(hits) if hit.passage.text == passage.text), None)
    if place is None:
        return np.zeros(len(FIGURES))
    words = 0.0
    if late := index.store.late_interaction:
        number = next(number for number, held in enumerate(index.passages) if held.text == passage.text)
        words = float(late.scores(fine, np.array([number]))[0])
    return np.array([1 / (place + 1), hits[place].cosine, words])
