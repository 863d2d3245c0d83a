"""an opened index -> answers: vectors, ranking, and the decision from every figure that is known.

    expanded question -> encoder -> ranking -> hits, evidence
    rules, network, evidence ----------------> decision
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.countries import quotable
from assistant.answering.decision import Decision, Figures, decide
from assistant.answering.pipeline import DEEP, AnswerPipeline, compile_rules
from assistant.answering.question import Question
from assistant.answering.ranking import Evidence, rank
from assistant.answering.selection import Shown
from assistant.corpus.about import asked_about, is_greeting
from assistant.corpus.entities import mentions, things
from assistant.index.encoder import EXPORTED, Encoder, TextEmbedding
from assistant.index.encoder_torch import ReferenceEncoder
from assistant.index.index import Index
from assistant.index.location import Place, located
from assistant.schema import Hit
from assistant.screening import refused, urgent
from assistant.screening.labels import DANGERS, REFUSALS

POINTED = 0.60  # cosine from which a question is taken to be like an example of a subject that texts do not cover


class Assistant(AnswerPipeline[Evidence]):
    """An opened index that answers questions."""

    kind_of_search = "full"
    sheet_from = 0.35  # cosine

    def __init__(self, index: Index) -> None:
        super().__init__(index)
        self._index = index

    @classmethod
    def open(cls, index: Place | str, encoder: Encoder | None = None) -> Assistant:
        """Open what is published in a folder or a database. Raises IndexMissing, IndexCorrupt, EncoderMismatch or Unreachable."""
        compile_rules()
        return cls(Index.open(located(index), encoder))

    @classmethod
    def open_with(cls, index: Place, encoder: str) -> Assistant:
        """Open with the "exported" encoder that lies in the index, or with the "reference" that it was exported from."""
        if encoder == EXPORTED:
            return cls.open(index)
        return cls.open(index, ReferenceEncoder(Index.open(index, load_encoder=False).identity.name))

    def only(self, sources: Sequence[str] = (), kinds: Sequence[str] = ()) -> Assistant:
        """The same, searching these sources and kinds of source alone; the database does that. Screens and notice stay.

        Raises BadInput for an index folder, and where nothing is of these.
        """
        return type(self)(self._index.only(sources, kinds))

    def without_network(self) -> Assistant:
        """The same passages, asked by rules and retrieval alone (see ``Index.without_network``)."""
        return type(self)(self._index.without_network())

    def hits(self, question: str, keep: int = DEEP) -> tuple[list[Hit], Evidence]:
        """Ranked hits of a question, before any rule of display, and their evidence. Raises QuestionError."""
        return self.search(self.read(question), keep)

    def figures(self, question: str) -> Figures:
        """What a question is decided from, without the rules of display. Raises QuestionError."""
        read = self.read(question)
        return self._figures(read, self.search(read, DEEP)[1], shows=True)

    def search(self, question: Question, keep: int) -> tuple[list[Hit], Evidence]:
        return rank(self._index, question.expanded, self._encode(question.expanded), keep)

    def decide(self, question: Question, evidence: Evidence, hits: Sequence[Hit], shown: Sequence[Shown]) -> Decision:
        first = list(hits[:1])
        shows = quotable(first, self.texts) == first and self._speaks_of(question.spelt, shown)
        return decide(self._figures(question, evidence, shows))

    def message(self, decision: Decision, evidence: Evidence, cited: bool) -> str:
        if cited:
            return "" if decision.match == "answered" else self.texts.related
        own = evidence.cosine if evidence.asked is None else evidence.asked
        near = evidence.subject_cosine >= POINTED and evidence.subject_cosine > own
        return next((entry.text for entry in self.texts.subjects if near and entry.id == evidence.subject
                     and entry.id not in REFUSALS), self.texts.not_covered)

    def _encode(self, expanded: str) -> TextEmbedding:
        """Vectors of a question as it is searched."""
        encoder = self._index.encoder
        if encoder is None:
            raise RuntimeError("the index was opened without its encoder")
        return encoder.encode_fine([expanded])[0]

    def _figures(self, question: Question, evidence: Evidence, shows: bool) -> Figures:
        """Everything that the decision is made from; what is said against danger is read as typed and as mended, and what either
        finds counts. ``shows``: the passages that it may be sure of can be shown."""
        kinds, strong = urgent.alarms(question.typed)
        subject = refused.subject(question.readable)
        logits = evidence.logits
        if question.corrected:
            also, also_strong = urgent.alarms(question.spelt)
            kinds, strong = urgent.joined(kinds, also), strong or also_strong
            subject = subject or refused.subject(question.spelt)
            if self._index.network and logits:
                fine = self._encode(self._index.glossary.expand(question.readable)[0])
                typed = self._index.network.read(fine.vector, fine.inner_layers).logits
                logits = {**logits} | {label: max(logits[label], typed[label]) for label in (*DANGERS, *REFUSALS)}
        topic = ("greeting" if is_greeting(question.readable) else "service" if asked_about(question.readable, self.texts)
                 else None)
        kinds = tuple(kind for kind in kinds if kind in self.texts.cards)
        return Figures(evidence, kinds, strong, subject, logits, topic, shows)

    def _speaks_of(self, question: str, shown: Sequence[Shown]) -> bool:
        """Whether every medicine, illness, test or place that a question names stands in one of the passages."""
        texts = [f"{one.hit.passage.heading}. {one.hit.passage.text}" for one in shown]
        return all(any(mentions(thing, text, self._index.glossary) for text in texts) for thing in things(question))
