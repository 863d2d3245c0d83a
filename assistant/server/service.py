"""question -> Answer or a state with words, whatever happens; counted, never kept.

    question --urgent screen, index in service--> Answer + the sources that it was made from
             --not in service yet, or broken----> Answer by words alone
             --not even words-------------------> ("starting" | "error", "")
             --unusable-------------------------> ("question", what is wrong with it)

Nothing here raises, and no log line holds a word of a question: of an exception only its kind is told.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.answering.assistant import Assistant
from assistant.answering.cards import answer_or_card, screen
from assistant.answering.lexical_search import LexicalAssistant
from assistant.answering.question import leans
from assistant.answering.quotations import Quotations
from assistant.errors import AssistantError, QuestionError
from assistant.index.location import Place
from assistant.messages import STATES
from assistant.notices import FixedTexts
from assistant.schema import Answer, Source
from assistant.server.counts import AnswerCounts
from assistant.server.reload import ByWords, Reloader, Serving

MOST_PASSAGES = 10  # a program's k is brought into 1..10
TELL_EVERY = 24 * 3600.0  # seconds between two lines of counts in the log: a day hides who asked when
Found = Answer | tuple[str, str]
Answering = Assistant | LexicalAssistant


class Service:
    """Answers questions from whatever generation is in service. ``adopted`` hears of texts that differ from the last."""

    def __init__(self, index: Place, corpus: Path | None, texts: FixedTexts, open_assistant: Callable[[], Assistant],
                 examples: Sequence[str], topics: bool = False, adopted: Callable[[FixedTexts], None] = lambda _: None,
                 open_words: Callable[[], LexicalAssistant] | None = None,
                 read_regions: Callable[[], Mapping[str, FixedTexts]] = dict, helped: bool = False) -> None:
        self.texts = texts
        self.regions = dict(read_regions())  # whose help lines a reader may choose, by region
        self._texts_changed, self._read_regions = adopted, read_regions
        self.counts = AnswerCounts(topics, helped)
        self._told = time.monotonic()
        self.reloader = Reloader(index, corpus, open_assistant, examples, self._adopt, self._tell_daily,
                                 open_words)
        self.start = self.reloader.start

    @property
    def assistant(self) -> Assistant | None:
        return self.reloader.serving.assistant if self.reloader.serving else None

    @property
    def now(self) -> Serving | ByWords | None:
        """What answers: the generation in service, else the search by words, if there is one yet."""
        return self.reloader.serving or self.reloader.words

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.now.sources if self.now else {}

    @property
    def search(self) -> str:
        """How questions are answered now: ``full``, ``words`` or ``none``."""
        return "full" if self.reloader.serving else "words" if self.reloader.words else "none"

    @property
    def why_not_ready(self) -> str:
        """Empty when all is well; else ``starting``, ``failed``, ``withheld`` (a passage was not what was indexed) or
        ``unreachable``: the database that holds the index."""
        if self.assistant is None:
            return "failed" if self.reloader.failed else "starting"
        if self.reloader.unreachable:
            return "unreachable"
        return "withheld" if getattr(self.assistant, "withheld", 0) else ""

    def texts_in(self, region: str | None) -> FixedTexts:
        """The texts in service with the notice, cards and help lines of a region; as they are for None and where it has none."""
        other = None if region is None or region == self.texts.region else self.regions.get(region)
        return self.texts.in_region(other) if other else self.texts

    def _in_region(self, assistant: Answering, texts: FixedTexts) -> Answering:
        return assistant if texts is self.texts else assistant.with_texts(texts)

    def answer(self, question: str, k: int = 3, region: str | None = None) -> tuple[Found, Mapping[str, Source]]:
        """What is found, and the sources of the generation that it was found in. ``region``: the country that was chosen."""
        self.start()
        serving, texts = self.now, self.texts_in(region)
        found = self._found(serving.assistant if serving else None, question, k, texts)
        self.counts.add(found, texts)
        return found, serving.sources if serving else {}

    def answer_about(self, question: str, about: str, region: str | None = None) -> tuple[Found, Mapping[str, Source], str]:
        """The same for a question that may lean on the one before, whose answer came from the source ``about``; and that
        source's title where the question was asked with it."""
        source = self.sources.get(about) if about and leans(question) else None
        if source is None or self.now is None:
            return *self.answer(question, region=region), ""
        serving, texts, subject = self.now, self.texts_in(region), source.title
        try:
            found, together = self._in_region(serving.assistant, texts).ask_about(question, subject)
        except Exception:  # the question alone is still answered, or its card says why not
            return *self.answer(question, region=region), ""
        self.counts.add(found, texts)
        return found, serving.sources, subject if together else ""

    def answer_json(self, question: Any, k: Any = 3) -> dict[str, Any]:
        """What programs get: the object that ``ask --json`` prints, with a ``status`` more while nothing can be answered:
        ``starting``, ``error`` or ``question``. Notice and urgent card are in every one."""
        question = question if isinstance(question, str) else ""  # JSON may bring anything
        found, _ = self.answer(question, max(1, min(k, MOST_PASSAGES)) if isinstance(k, int) else 3)
        if isinstance(found, Answer):
            return {"id": "1", **found.to_json()}
        state, text = found
        bare = Answer(question, "not_covered", self.texts.notice, message=text or STATES[state][1])  # for its shape
        return {"id": "1", **bare.to_json(), "status": state}

    def _found(self, assistant: Answering | None, question: str, k: int, texts: FixedTexts) -> Found:
        try:
            if assistant is not None:
                return answer_or_card(question, texts, lambda: self._in_region(assistant, texts).ask(question, k))
            return screen(question, texts) or (("error" if self.reloader.failed else "starting"), "")
        except QuestionError as error:
            return "question", str(error)
        except Exception as error:
            print(f"A question could not be answered: {type(error).__name__}", file=sys.stderr)
            return "error", ""

    def stop(self) -> None:
        self.reloader.stop()
        self._tell()

    def _adopt(self, assistant: Quotations) -> None:
        """The notice and the cards are those of the generation in service, so that they are the same everywhere; those of other
        regions are what the corpus folder says now."""
        with suppress(AssistantError):  # somebody is writing there: what was read before stays
            self.regions = dict(self._read_regions())
        if assistant.texts != self.texts:
            self.texts = assistant.texts
            self._texts_changed(assistant.texts)

    def _tell_daily(self) -> None:
        if time.monotonic() - self._told >= TELL_EVERY:
            self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        news = self.counts.news()
        if news:
            print(news, file=sys.stderr, flush=True)
