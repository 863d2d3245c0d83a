"""index (folder or database) and corpus folder -> the assistant in service, renewed whenever a generation is published.

    words alone ---> until something is in service: while it is opened or built, and when it cannot be
    opened once ---> in service <--one assignment-- opened aside, asked the examples <-- another name is published
                     ^                                    |
                     +------- refused, logged, kept ------+

Whoever is answering keeps the assistant that they began with, so a swap costs no request. For the length of a swap two
generations are in memory.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.assistant import Assistant
from assistant.answering.lexical_search import LexicalAssistant
from assistant.answering.quotations import Quotations
from assistant.errors import AssistantError, BadInput, IndexCorrupt, IndexMissing, Unreachable
from assistant.index.index import published_in
from assistant.index.location import Place
from assistant.index.stores.postgres.connection import Database
from assistant.indexing.watch import Footprint, Freshness, footprint, freshness, named
from assistant.schema import Source

EVERY = 2.0  # seconds between two looks at the name of the published generation: one readlink, or one row
WORDS_AFTER = 1.0  # seconds that opening may take before words answer; it is mostly quicker, and both at once would slow it
BUILD_LOOKS = 150  # so many looks after a first build failed it is tried again: the model may have been installed since
DATABASE_LOOKS = 15  # so many looks after a generation in a database could not be taken it is tried again: it shows no traces
CORPUS_LOOKS = 15  # the corpus folder, which may have many files, is looked at each so many times


@dataclass(frozen=True)
class Serving:
    """One opened generation with its sources by id: what one question is answered from, from beginning to end."""

    assistant: Assistant
    sources: Mapping[str, Source]


@dataclass(frozen=True)
class ByWords:
    """The same without a model: what answers while nothing is in service."""

    assistant: LexicalAssistant
    sources: Mapping[str, Source]


class Reloader:
    """Keeps ``serving`` at the published generation. ``look`` is one step; ``start`` takes one every EVERY seconds.

    ``open_assistant`` opens what is published and raises an AssistantError when it cannot; ``open_words`` opens what can be
    searched by words until then; ``examples`` are asked before
    a generation is put in service; ``adopted`` is called with each one that is.
    """

    def __init__(self, index: Place, corpus: Path | None, open_assistant: Callable[[], Assistant], examples: Sequence[str],
                 adopted: Callable[[Quotations], None] = lambda _: None, after_look: Callable[[], None] = lambda: None,
                 open_words: Callable[[], LexicalAssistant] | None = None) -> None:
        self._index, self._corpus, self._open = index, corpus, open_assistant
        self._examples, self._adopted, self._after_look = tuple(examples), adopted, after_look
        self._open_words = open_words
        self.serving: Serving | None = None
        self.words: ByWords | None = None  # only while ``serving`` is None
        self.failed = False  # nothing is in service, and the last try to open something went wrong
        self.unreachable = False  # the database that holds the index did not answer at the last look
        self.refused = ""  # name of a published generation that was not taken
        self.fresh = Freshness()
        self._seen: str | None = None  # the name that was last tried
        self._footprint: Footprint | None = None
        self._words_seen: str | None = None  # the name for which words were last opened
        self._tried: Footprint = ()  # of the generation that could not be opened
        self._looks = self._failed_at = 0
        self._lock, self._stopped, self._served = threading.Lock(), threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to open and to watch, once; returns at once."""
        with self._lock:
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(target=self._run, name="watch index", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
                self._after_look()
            except Exception as error:  # the watch goes on; its message may hold no question, but a path is enough
                _say(f"The index could not be looked at: {type(error).__name__}: {error}")
            self._stopped.wait(EVERY)

    def look(self) -> None:
        """One look: take a newly published generation into service, or say why not; see whether the corpus is newer."""
        name = self._published()
        if self.serving is None and name != self._words_seen:
            self._words_seen = name
            if name and self.words is None:
                threading.Thread(target=self._fall_back, args=(WORDS_AFTER,), name="search by words", daemon=True).start()
            else:  # nothing is published: the first build takes a minute or so
                self._fall_back()
        if self._seen is None or (name and name != self._seen) or self._may_have_been_mended(name):
            self._seen, self._tried = name, self._traces(name)
            self._failed_at = self._looks
            self._renew(name)
        if self._looks % CORPUS_LOOKS == 0:
            self._compare()
        self._looks += 1

    def _may_have_been_mended(self, name: str) -> bool:
        """True when what could not be opened has other files now, or when a first build that failed is due again."""
        since = self._looks - self._failed_at
        if isinstance(self._index, Database):  # what failed may have been the way there
            return bool(self.failed or self.refused) and bool(name) and since >= DATABASE_LOOKS
        if not self.failed:
            return False
        return self._traces(name) != self._tried if name else since >= BUILD_LOOKS

    def _published(self) -> str:
        """The published name, "" when there is none. An outage is told once, and its end."""
        was, self.unreachable = self.unreachable, False
        try:
            name = published_in(self._index)
        except (IndexMissing, IndexCorrupt):
            name = ""
        except (Unreachable, BadInput) as error:  # or this user may not read it any more
            name, self.unreachable = "", True
            if not was:
                _say(f"{error} Until then questions cannot be looked up; urgent cards, the notice and the help lines stay.")
        if was and not self.unreachable:
            _say("The index can be looked at again.")
        return name

    def _traces(self, name: str) -> Footprint:
        return footprint(self._index / name) if name and isinstance(self._index, Path) else ()

    def _fall_back(self, after: float = 0.0) -> None:
        """Let words answer, unless something is in service in ``after`` seconds."""
        if self._open_words is None or self._served.wait(after):
            return
        try:
            words = self._open_words()
        except Exception as error:
            reason = str(error) if isinstance(error, AssistantError) else type(error).__name__
            _say(f"The sources cannot be searched by words either, until they can be loaded: {reason}")
            return
        with self._lock:
            if self.serving is None:
                self.words = ByWords(words, words.by_id)
                self._adopted(words)

    def put(self, assistant: Assistant) -> None:
        """Put an assistant in service; whoever reads its name afterwards finds its notice on every page."""
        self._adopted(assistant)
        with self._lock:
            self.serving, self.words = Serving(assistant, assistant.by_id), None
        self._served.set()
        self.failed, self.refused = False, ""
        self._footprint = None  # compare the corpus with this one
        self._looks = 0

    def _renew(self, name: str) -> None:
        before = self.serving
        if before and before.assistant.generation == name:
            self.refused = ""
            return
        try:
            assistant = self._open()
            for example in self._examples:  # the first question is slow, and these are nobody's
                assistant.ask(example)
            if getattr(assistant, "withheld", 0):
                raise IndexCorrupt(f"{name} in {self._index} holds a passage that is not what was indexed: rebuild it with "
                                   "`python -m assistant build --force`.")
        except Exception as error:
            reason = str(error) if isinstance(error, AssistantError) else f"{type(error).__name__}: {error}"
            if before:
                self.refused = name
                _say(f"The new generation {name} was refused, {before.assistant.generation} stays in service: {reason}")
            else:
                self.failed = True
                if self.words is None:
                    self._fall_back()
                _say(f"The sources could not be loaded: {reason}" + (" Until then questions are answered by words alone."
                                                                   if self.words else ""))
            return
        self.put(assistant)
        if before:
            _say(f"Generation {assistant.generation} is in service now, {before.assistant.generation} no longer.")

    def _compare(self) -> None:
        """See whether the corpus folder was changed after the generation in service was built; say so once."""
        if self.serving is None or self._corpus is None:
            return
        now = footprint(self._corpus)
        if now == self._footprint:
            return
        self._footprint = now
        try:
            fresh = freshness(self._corpus, self.serving.assistant.inputs)
        except AssistantError as error:
            _say(f"The corpus cannot be read, so nobody knows whether the index is out of date: {error}")
            return
        if fresh != self.fresh and fresh.stale:
            _say(f"*** {self._corpus} is newer than the index ({named(fresh.changed)} changed): what people are shown is "
                 f"older. Run `python -m assistant build --corpus {self._corpus} --index {self._index}`. ***")
        elif fresh != self.fresh and fresh.foreign:
            _say(f"The index was built from another folder than {self._corpus}: the page has its name, contact, colours "
                 f"and subjects from {self._corpus}, and sees no change of the index's own sources. "
                 "Name their folder with --corpus.")
        elif self.fresh.stale and not fresh.changed:
            _say("The index is up to date with the corpus again.")
        self.fresh = fresh


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
