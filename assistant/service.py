"""question -> Answer or a state with words, whatever happens; counted, never kept. Owns no dependency.

    question --urgent screen, index in service--> Answer + the sources that it was made from
             --nothing in service yet-----------> ("starting" | "error", "")
             --unusable-------------------------> ("question", what is wrong with it)

Nothing here raises, and no log line holds a word of a question: of an exception only its kind is told.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from assistant.answering import Assistant, screen
from assistant.errors import QuestionError
from assistant.schema import Answer, FixedTexts, Source
from assistant.tally import Tally
from assistant.watching import Watcher

TELL_EVERY = 24 * 3600.0  # seconds between two lines of counts in the log: a day hides who asked when
Found = Answer | tuple[str, str]


class Service:
    """Answers questions from whatever generation is in service. ``adopted`` hears of texts that differ from the last."""

    def __init__(self, index: Path, corpus: Path | None, texts: FixedTexts, open_assistant: Callable[[], Assistant],
                 examples: Sequence[str], topics: bool = False, adopted: Callable[[FixedTexts], None] = lambda _: None) -> None:
        self.texts = texts
        self._texts_changed = adopted
        self.tally = Tally(topics)
        self._told = time.monotonic()
        self.watcher = Watcher(index, corpus, open_assistant, examples, self._adopt, self._tell_daily)
        self.start = self.watcher.start

    @property
    def assistant(self) -> Assistant | None:
        return self.watcher.serving.assistant if self.watcher.serving else None

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.watcher.serving.sources if self.watcher.serving else {}

    @property
    def why_not_ready(self) -> str:
        """Empty when all is well; else ``starting``, ``failed`` or ``withheld``: a passage was not what was indexed."""
        if self.assistant is None:
            return "failed" if self.watcher.failed else "starting"
        return "withheld" if getattr(self.assistant, "withheld", 0) else ""

    def answer(self, question: str, k: int = 3) -> tuple[Found, Mapping[str, Source]]:
        """What is found, and the sources of the generation that it was found in."""
        self.start()
        serving, texts = self.watcher.serving, self.texts
        found = self._found(serving.assistant if serving else None, question, k)
        self.tally.add(found, texts)
        return found, serving.sources if serving else {}

    def _found(self, assistant: Assistant | None, question: str, k: int) -> Found:
        try:
            if assistant is not None:
                return assistant.ask(question, k)
            return screen(question, self.texts) or (("error" if self.watcher.failed else "starting"), "")
        except QuestionError as error:
            return "question", str(error)
        except Exception as error:
            print(f"A question could not be answered: {type(error).__name__}", file=sys.stderr)
        try:
            return screen(question, self.texts) or ("error", "")  # an urgent message gets its card, whatever failed
        except Exception:
            return "error", ""

    def stop(self) -> None:
        self.watcher.stop()
        self._tell()

    def _adopt(self, assistant: Assistant) -> None:
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
