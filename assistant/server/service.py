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
from pathlib import Path
from typing import Any

from assistant.answering.assistant import Assistant
from assistant.answering.cards import answer_or_card, screen
from assistant.answering.lexical_search import LexicalAssistant
from assistant.answering.question import leans
from assistant.answering.quotations import Quotations
from assistant.errors import QuestionError
from assistant.index.location import Place
from assistant.messages import STATES
from assistant.notices import FixedTexts
from assistant.schema import Answer, Source
from assistant.server.counts import Tally
from assistant.server.reload import ByWords, Serving, Watcher

MOST_PASSAGES = 10  # a program's k is brought into 1..10
TELL_EVERY = 24 * 3600.0  # seconds between two lines of counts in the log: a day hides who asked when
Found = Answer | tuple[str, str]


class Service:
    """Answers questions from whatever generation is in service. ``adopted`` hears of texts that differ from the last."""

    def __init__(self, index: Place, corpus: Path | None, texts: FixedTexts, open_assistant: Callable[[], Assistant],
                 examples: Sequence[str], topics: bool = False, adopted: Callable[[FixedTexts], None] = lambda _: None,
                 open_words: Callable[[], LexicalAssistant] | None = None) -> None:
        self.texts = texts
        self._texts_changed = adopted
        self.tally = Tally(topics)
        self._told = time.monotonic()
        self.watcher = Watcher(index, corpus, open_assistant, examples, self._adopt, self._tell_daily,
                               open_words)
        self.start = self.watcher.start

    @property
    def assistant(self) -> Assistant | None:
        return self.watcher.serving.assistant if self.watcher.serving else None

    @property
    def now(self) -> Serving | ByWords | None:
        """What answers: the generation in service, else the search by words, if there is one yet."""
        return self.watcher.serving or self.watcher.words

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.now.sources if self.now else {}

    @property
    def search(self) -> str:
        """How questions are answered now: ``full``, ``words`` or ``none``."""
        return "full" if self.watcher.serving else "words" if self.watcher.words else "none"

    @property
    def why_not_ready(self) -> str:
        """Empty when all is well; else ``starting``, ``failed``, ``withheld`` (a passage was not what was indexed) or
        ``unreachable``: the database that holds the index."""
        if self.assistant is None:
            return "failed" if self.watcher.failed else "starting"
        if self.watcher.unreachable:
            return "unreachable"
        return "withheld" if getattr(self.assistant, "withheld", 0) else ""

    def answer(self, question: str, k: int = 3) -> tuple[Found, Mapping[str, Source]]:
        """What is found, and the sources of the generation that it was found in."""
        self.start()
        serving, texts = self.now, self.texts
        found = self._found(serving.assistant if serving else None, question, k)
        self.tally.add(found, texts)
        return found, serving.sources if serving else {}

    def answer_about(self, question: str, about: str) -> tuple[Found, Mapping[str, Source], str]:
        """The same for a question that may lean on the one before, whose answer came from the source ``about``; and that
        source's title where the question was asked with it."""
        source = self.sources.get(about) if about and leans(question) else None
        if source is None or self.now is None:
            return *self.answer(question), ""
        serving, texts, subject = self.now, self.texts, source.title
        try:
            found, together = serving.assistant.ask_about(question, subject)
        except Exception:  # the question alone is still answered, or its card says why not
            return *self.answer(question), ""
        self.tally.add(found, texts)
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

    def _found(self, assistant: Assistant | LexicalAssistant | None, question: str, k: int) -> Found:
        try:
            if assistant is not None:
                return answer_or_card(question, self.texts, lambda: assistant.ask(question, k))
            return screen(question, self.texts) or (("error" if self.watcher.failed else "starting"), "")
        except QuestionError as error:
            return "question", str(error)
        except Exception as error:
            print(f"A question could not be answered: {type(error).__name__}", file=sys.stderr)
            return "error", ""

    def stop(self) -> None:
        self.watcher.stop()
        self._tell()

    def _adopt(self, assistant: Quotations) -> None:
        """The notice and the cards are those of the generation in service, so that they are the same everywhere."""
        if assistant.texts != self.texts:
            self.texts = assistant.texts
            self._texts_changed(assistant.texts)

    def _tell_daily(self) -> None:
        if time.monotonic() - self._told >= TELL_EVERY:
            self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        news = self.tally.news()
        if news:
            print(news, file=sys.stderr, flush=True)
