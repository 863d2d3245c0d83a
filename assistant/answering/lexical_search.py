"""question -> passages that share its words: answers while there is no model.

    BM25 of passages + best BM25 of their asked-as questions -> hits
    rules alone ------------------------------------------> card, refusal, topic
    written questions that are nearest -------------------> related, said to be found by words only | not_covered

Words say less than a model does, so nothing here is ever called an answer: the best that it gives is ``related``. What is
near is judged by the written questions that are nearest: those that passages answer against those that none does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant import messages
from assistant.answering.decision import Decision
from assistant.answering.pipeline import AnswerPipeline, compile_rules
from assistant.answering.question import Question
from assistant.answering.ranking import rank_by_words
from assistant.answering.selection import Shown
from assistant.corpus.about import asked_about, is_greeting
from assistant.corpus.exemplars import WrittenQuestions, read_written_questions
from assistant.corpus.files import SHIPPED
from assistant.errors import AssistantError, IndexMissing
from assistant.index.bm25 import Keywords, tokens
from assistant.index.location import Place, located
from assistant.index.text_index import TextIndex
from assistant.schema import Hit
from assistant.screening import refused, urgent

NEAREST = 15  # written questions that are looked at
NEAR = 0.65  # of their weight, the share of answered ones from which passages are shown
HELD = 0.8  # of the question's weight: a passage that holds so much is shown whatever the written questions say


@lru_cache(maxsize=1)
def _keywords(examples: WrittenQuestions) -> Keywords:
    """Kept for the next opening: of 36,000 questions it takes longer than all the rest, and they seldom change."""
    return Keywords([*examples.answered, *examples.unanswered])


class LexicalAssistant(AnswerPipeline[bool]):
    """Answers from texts and their words, without a model. What it knows beside its hits: whether they are near."""

    kind_of_search = "words"
    sheet_from = 0.3  # of the question's weight, the share that a fact sheet must hold

    def __init__(self, text_index: TextIndex, examples: WrittenQuestions | None = None) -> None:
        super().__init__(text_index)
        examples = examples or WrittenQuestions()
        self._answered = len(examples.answered)
        self._examples = _keywords(examples) if examples else None

    @classmethod
    def open(cls, index: Place | str, corpus: Path | None = None, shipped: Path = SHIPPED) -> LexicalAssistant:
        """What is published in ``index``; where nothing is, the corpus folder, which is what would be built.

        Raises IndexMissing (and there is no corpus), IndexCorrupt, CorpusError or NoticeMissing.
        """
        try:
            text_index = TextIndex.open(located(index))
        except IndexMissing:
            if corpus is None:
                raise
            text_index = TextIndex.of_folder(corpus, shipped)
        return cls._of(text_index, corpus or shipped, shipped)

    @classmethod
    def without_model(cls, index: Place | str, shipped: Path = SHIPPED) -> LexicalAssistant:
        """What is published, where all of it proves itself except the model. Raises IndexMissing, IndexCorrupt, NoticeMissing."""
        return cls._of(TextIndex.open_whole(located(index)), shipped, shipped)

    @classmethod
    def _of(cls, text_index: TextIndex, corpus: Path, shipped: Path) -> LexicalAssistant:
        compile_rules()
        try:
            examples = read_written_questions(corpus, shipped, text_index.texts)
        except AssistantError:  # they sharpen the search; what may be quoted does not depend on them
            examples = WrittenQuestions()
        return cls(text_index, examples)

    def search(self, question: Question, keep: int) -> tuple[list[Hit], bool]:
        words = tokens([question.expanded])[0]
        hits = rank_by_words(self._text_index, words, keep)
        return hits, self._is_near(words, hits)

    def decide(self, question: Question, evidence: bool, hits: Sequence[Hit], shown: Sequence[Shown]) -> Decision:
        texts = dict.fromkeys((question.typed, question.spelt) if question.corrected else (question.typed,))
        kinds = urgent.joined(*map(urgent.screen, texts))
        subject = next(filter(None, map(refused.subject, dict.fromkeys((question.readable, question.spelt)))), None)
        topic = ("greeting" if is_greeting(question.readable) else "service" if asked_about(question.readable, self.texts)
                 else None)
        return Decision("full" if kinds else "none", "instead" if subject else "none", "related" if evidence else "not_covered",
                        kinds, subject, topic)

    def message(self, decision: Decision, evidence: bool, cited: bool) -> str:
        return messages.BY_WORDS_FOUND if cited else messages.BY_WORDS_NONE

    def _is_near(self, words: list[str], hits: list[Hit]) -> bool:
        """True when the first passage holds nearly all of the question, or when enough of the written questions that are nearest
        are ones that passages answer; always without any."""
        if self._examples is None or (hits and hits[0].cosine >= HELD):
            return True
        scores = self._examples.scores(words)
        nearest = np.argsort(-scores, kind="stable")[:NEAREST]
        weight = float(scores[nearest].sum())
        return weight > 0 and float(scores[nearest[nearest < self._answered]].sum()) >= NEAR * weight
