"""question -> answer, one way for every search: screen, clean, expand, search, decide, select, cite.

    text -> another language? ----------------------------> card in it and in English, or one calm sentence
         -> clean, correct, expand -> search -> decide ---> full card first, fact sheets below
                                                     |----> one friendly sentence, or a refusal instead of passages
                                                     '----> passages, under a refusal, under a line, or as they are

The notice is part of every answer. How passages are searched and what is made of them is left to ``search`` and ``decide``:
``assistant`` does it with vectors and a network, ``lexical_search`` with words alone.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import ClassVar, Generic, TypeVar

from assistant.answering.cards import answer_or_card, cards, screen
from assistant.answering.countries import in_country, quotable
from assistant.answering.decision import Decision
from assistant.answering.question import Question, leans
from assistant.answering.quotations import Quotations
from assistant.answering.selection import Shown, joined, select
from assistant.corpus.about import asked_about
from assistant.schema import Answer, Hit, Search
from assistant.screening import refused, urgent

DEEP = 20  # hits that are ranked before repeats are taken out
Known = TypeVar("Known")  # what a search knows of a question beside its hits


@cache
def compile_rules() -> None:
    """Compile the rules of both screens, which would otherwise happen in the first question's time. Once in a process."""
    urgent.screen("ready"), refused.subject("ready")


class AnswerPipeline(Quotations, Generic[Known]):
    """Texts that may be quoted, and the one way from a question to what is shown of them."""

    kind_of_search: ClassVar[Search]
    sheet_from: ClassVar[float]  # closeness from which a fact sheet stands under an urgent card

    @abstractmethod
    def search(self, question: Question, keep: int) -> tuple[list[Hit], Known]:
        """Ranked hits before any rule of display, and what else the search knows of the question."""

    @abstractmethod
    def decide(self, question: Question, evidence: Known, hits: Sequence[Hit], shown: Sequence[Shown]) -> Decision:
        """What is shown. ``hits``: the ranked ones; ``shown``: those that would be, if they answer."""

    @abstractmethod
    def message(self, decision: Decision, evidence: Known, cited: bool) -> str:
        """The sentence above passages that were found, or in the place of those that were not."""

    def ask(self, question: str, k: int = 3, ranked: int = 0) -> Answer:
        """The answer to a question with at most ``k`` citations; ``ranked`` adds that many bare hits.

        Raises QuestionError for an empty, too long or unreadable question that is not urgent.
        """
        foreign = screen(question, self.texts) if urgent.language(question) else None
        if foreign:  # model and passages are English
            return replace(foreign, generation=self.generation, search=self.kind_of_search)
        return answer_or_card(question, self.texts, lambda: self._answer(self.read(question), k, ranked))

    def ask_about(self, question: str, subject: str, k: int = 3) -> tuple[Answer, bool]:
        """The answer to a question that may lean on the one before, and whether it was asked with that one's subject:

            "and for how long?" after an answer from "Ketamine and the bladder" -> "Ketamine and the bladder: and for how long?"

        The question alone is always asked first: what is urgent, refused or about this service is so without any subject.
        Raises QuestionError as ``ask`` does.
        """
        alone = self.ask(question, k)
        if not subject or not leans(question) or alone.urgent or alone.caution or alone.subject or alone.language:
            return alone, False
        together = self.ask(f"{subject}: {question}", k)
        if not together.citations or together.urgent or together.subject:
            return alone, False
        return replace(together, question=question), True

    def read(self, question: str) -> Question:
        """Raises QuestionError as ``question.clean`` does."""
        return Question.read(question, self._text_index.speller, self._text_index.glossary)

    def _answer(self, question: Question, k: int, ranked: int) -> Answer:
        hits, evidence = self.search(question, max(DEEP, 2 * k, ranked))
        shown = self._select(question, quotable(hits, self.texts), k)
        decision = self.decide(question, evidence, hits, shown)
        card = cards(decision.kinds, self.texts)
        answer = Answer(question.typed, "not_covered", self.texts.notice, confidence=decision.confidence,
                        generation=self.generation, search=self.kind_of_search, corrected=question.corrected,
                        ranked=self._cite([Shown(hit) for hit in hits[:ranked]]))
        if card and decision.card == "full":  # the card stands alone when the message asks for what passages must not answer
            sheets = [] if decision.subject else [hit for hit in quotable(hits, self.texts, urgent=True)
                                                  if self._kind(hit) == "fact-sheet" and hit.cosine >= self.sheet_from]
            return replace(answer, status="urgent", citations=self._cite(joined(sheets)[:k]), urgent=card, confidence=0.0)
        answer = replace(answer, caution=card)
        if decision.topic:
            return replace(answer, topic=decision.topic, message=self._about(decision.topic, question))
        answer, sentence = replace(answer, subject=decision.subject), ""
        if decision.subject:
            sentence = next((entry.text for entry in self.texts.subjects if entry.id == decision.subject), "")
            if decision.refusal == "instead" or not sentence:  # no passage without the words that belong above it
                return replace(answer, message=sentence or self.texts.not_covered)
        if card:  # nobody in danger reads another country's number
            shown = self._select(question, quotable(hits, self.texts, urgent=True), k)
        cited = self._cite(shown) if decision.match != "not_covered" else ()
        return replace(answer, status=decision.match if cited else "not_covered", citations=cited, terms=question.terms,
                       message=sentence or self.message(decision, evidence, bool(cited)))

    def _select(self, question: Question, hits: list[Hit], k: int) -> list[Shown]:
        sources = self._text_index.sources
        return select(question.spelt, in_country(question.readable, hits, sources, self.texts.region), sources,
                      self._quotable_of, k)

    def _about(self, topic: str, question: Question) -> str:
        """The sentence for what is no question about ketamine."""
        if topic == "service":
            return (asked_about(question.typed, self.texts) or self.texts.about[0]).text
        return self.texts.greeting if topic == "greeting" else self.texts.other
