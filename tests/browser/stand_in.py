"""question -> prepared answer: an assistant without a model, for the tests of the page."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import hashlib
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import uvicorn

from assistant.answering.pipeline import AnswerPipeline
from assistant.corpus.fixed_texts import read_regions, read_texts
from assistant.errors import QuestionError
from assistant.notices import FixedTexts
from assistant.schema import Answer, Citation, Note, Passage, PlacedNote, Reference, Source, Term
from assistant.server.http_server import configured

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    '<img src=x onerror="window.hit=1"><script>window.hit=1</script>"\'><svg onload=window.hit=1>${window.hit=1}'
    "{{value}}{% x %}</blockquote></textarea>javascript:alert(1)"
)
QUESTIONS = {
    "answered": "Is ketamine addictive?",
    "related": "related: is it legal in Peru?",
    "not_covered": "not covered: what is the boiling point of zinc?",
    "differ": "differ: how easy is it to see?",
    "urgent": "urgent: my friend took ketamine and will not wake up",
    "hostile": f"hostile {HOSTILE}",
    "long": "long: tell me everything",
    "broken": "broken: make the server fail",
}
SECRET = "secret-detail-of-the-failure at /srv/somewhere"

FACTS = """# Ketamine and dependence

## About this page

This project wrote this page in its own words, from the sources listed with it. It is not yet reviewed by a clinician.

<!-- facts: D1 -->

## Can people become dependent on ketamine?

Yes. The US label for ketamine says that people can become dependent on it. Signs of a problem may include:
- Using more, or for longer, than planned.
- Trying to stop and not being able to.
- Strong wishes to use it.

## Stopping

People who stop after long use may feel low, tired or on edge for some days. A doctor can help to plan this.
"""
PROVIDER = (
    "Exploring ketamine\n\nRecognizing Signs\n\nIt helps to know what trouble with a drug looks like: it’s easy to miss. "
    "Ketamine & “other” drugs <may> act\u00a0fast.\n\nSeeking Help\n\n"
    + "\n\n".join(
        f"Paragraph {n}: people who worry about their use can talk to a doctor, and to people close to them. "
        "There are several ways to get help, and none is wrong to begin with. It often takes more than one try, "
        "which is common and no reason to give up."
        for n in range(1, 21)
    )
    + "\n\nLast words come here, a long way down the page."
)
NASTY = f"Heading {HOSTILE}\n\nFirst line with \r a return, {HOSTILE} and an end.\nSecond line."


def make_source(name: str, text: str, **more: Any) -> Source:
    return Source(name, more.pop("title", name), text, hashlib.sha256(text.encode()).hexdigest(), f"{name}.md", **more)


SOURCES = (
    make_source(
        "fact-dependence",
        FACTS,
        title="Ketamine and dependence",
        publisher="Ketamine Answers",
        kind="fact-sheet",
        tier="T1",
        published="2026-11-21",
        references=(
            Reference("US FDA", "Ketalar label", "https://example.org/label", "2024-01-01", "2026-11-21"),
            Reference("Nobody", HOSTILE, "javascript:alert(1)"),
        ),
    ),
    make_source(
        "provider",
        PROVIDER,
        title="Exploring Ketamine’s Potential Benefits and its Consequences",
        publisher="Mountainside",
        kind="provider",
        tier="T4",
        url="https://example.org/a-page?x=1&y=2",
        interest="The publisher sells addiction treatment.",
    ),
    make_source(
        "hostile",
        NASTY,
        title=HOSTILE,
        publisher=HOSTILE,
        kind=HOSTILE,
        tier=HOSTILE,
        interest=HOSTILE,
        published=HOSTILE,
        url="javascript:alert(1)",
    ),
)


def passage(source: Source, first: str, last: str, heading: str) -> Passage:
    start = source.text.index(first)
    end = source.text.index(last, start) + len(last)
    return Passage(source.id, start, end, heading, source.text[start:end], ((start, end),))


PASSAGES = {
    "fact-dependence": (
        passage(SOURCES[0], "Yes. The", "use it.", "Can people become dependent on ketamine?"),
        passage(SOURCES[0], "People who stop", "plan this.", "Stopping"),
    ),
    "provider": (
        passage(SOURCES[1], "It helps to", "fast.", "Recognizing Signs"),
        passage(SOURCES[1], "Last words", "the page.", "Seeking Help"),
    ),
    "hostile": (passage(SOURCES[2], "First line", "Second line.", HOSTILE),),
}


NOTE = Note("The article calls the risk small. The US label does not.", "US label for ketamine", "2026-11-21")
OTHER_NOTE = Note("No trial has shown this. Questions? Call 1-800-222-1222.", "A trial.", "2026-11-20")
TERMS = (Term("bladder", ("waterworks", "wee"), ("bladdr",)), Term("benzodiazepines", tuple("abcdefgh")), Term(HOSTILE))


def placed(source: Source, sentence: str, note: Note) -> PlacedNote:
    start = source.text.index(sentence)
    return PlacedNote(start, start + len(sentence), note)


NOTES = {
    "fact-dependence": (),
    "provider": (
        placed(SOURCES[1], "It helps to know what trouble with a drug looks like: it’s easy to miss.", NOTE),
        placed(SOURCES[1], "There are several ways to get help, and none is wrong to begin with.", OTHER_NOTE),
        placed(SOURCES[1], "Last words come here, a long way down the page.", NOTE),
    ),
    "hostile": (placed(SOURCES[2], "and an end.\nSecond line.", Note(HOSTILE, HOSTILE, HOSTILE)),),
}


def cite(rank: int, source: Source, found: Passage, sentence: str, note: Note | None = None) -> Citation:
    low = source.text.index(sentence, found.start)
    return Citation(
        rank,
        1 / rank,
        source.id,
        found.start,
        found.end,
        found.text,
        (low, low + len(sentence)),
        found.heading,
        source.title,
        source.publisher,
        source.url,
        source.published,
        source.kind,
        source.tier,
        source.interest,
        note,
    )


def citations() -> tuple[Citation, ...]:
    facts, provider, _ = SOURCES
    return (
        cite(
            1,
            facts,
            PASSAGES["fact-dependence"][0],
            "The US label for ketamine says that people can become dependent on it.",
        ),
        cite(
            2,
            provider,
            PASSAGES["provider"][0],
            "It helps to know what trouble with a drug looks like: it’s easy to miss.",
            NOTE,
        ),
        cite(3, provider, PASSAGES["provider"][1], "Last words come here, a long way down the page.", NOTE),
    )


def long_citation() -> Citation:
    """A quote with much more around its marked sentence."""
    provider = SOURCES[1]
    whole = passage(provider, "Paragraph 1: people", "give up.\n\nParagraph 3", "Seeking Help")
    return cite(1, provider, whole, "There are several ways to get help, and none is wrong to begin with.", NOTE)


def hostile_citation() -> Citation:
    return cite(1, SOURCES[2], PASSAGES["hostile"][0], "and an end.", Note(HOSTILE, HOSTILE, HOSTILE))


def urgent_answer(question: str, texts: FixedTexts, found: tuple[Citation, ...] = ()) -> Answer:
    card = dataclasses.replace(texts.cards["overdose"], also=(texts.cards["suicide"],))
    return Answer(question, "urgent", texts.notice, found, card)


class StandIn:
    """Answers by the first word of the question; the same members as assistant.answering.assistant.Assistant."""

    generation, created = "stand-in", "20261122T000000000000Z"
    sources, inputs, withheld = SOURCES, {"sources": {}}, 0

    def __init__(self, texts: FixedTexts, delay: float = 0.0) -> None:
        self.texts, self.delay = texts, delay

    @property
    def by_id(self) -> dict[str, Source]:
        return {source.id: source for source in self.sources}

    def count_of(self, source_id: str) -> int:
        return len(self.passages_of(source_id))

    def passages_of(self, source_id: str) -> tuple[Passage, ...]:
        return PASSAGES[source_id]

    def notes_of(self, source_id: str) -> tuple[PlacedNote, ...]:
        return NOTES[source_id]

    ask_about = AnswerPipeline.ask_about

    def with_texts(self, texts: FixedTexts) -> StandIn:
        other = copy.copy(self)
        other.texts = texts
        return other

    def ask(self, question: str, k: int = 3) -> Answer:
        time.sleep(self.delay)
        if not question.strip():
            raise QuestionError("Please type a question.")
        if len(question) > 1000:
            raise QuestionError("Your question is too long: use at most 1,000 characters.")
        word = question.split()[0].rstrip(":").lower()
        notice = self.texts.notice
        if word == "broken":
            raise ValueError(SECRET)
        if word == "urgent":
            return urgent_answer(question, self.texts, citations()[:1])
        if word == "not":
            return Answer(question, "not_covered", notice, message=self.texts.not_covered)
        if word == "related":
            return Answer(
                question, "related", notice, citations()[:k], message=self.texts.related, confidence=0.3, terms=TERMS
            )
        if word == "differ":
            words = {"pair": "easy", "differs": "They differ on how easy it is to see."}
            two = [dataclasses.replace(one, **words) for one in citations()[:2]]
            return Answer(question, "answered", notice, (*two, citations()[2])[:k], confidence=0.9)
        if word == "long":
            return Answer(question, "answered", notice, (long_citation(),), confidence=0.9)
        if word == "hostile":
            return Answer(question, "answered", notice, (hostile_citation(),), confidence=0.9)
        return Answer(question, "answered", notice, citations()[:k], confidence=0.9, generation=self.generation)


def built(make: Callable[[], Any]) -> Any:
    """What ``make`` gives, made inside an event loop: outside one, Gradio opens loops that it never closes."""

    async def inside() -> Any:
        return make()

    with ThreadPoolExecutor(1) as thread:  # the main thread may hold a loop already: playwright's
        return thread.submit(asyncio.run, inside()).result()


def shipped_texts() -> FixedTexts:
    return read_texts(ROOT / "corpus")


def shipped_regions() -> dict[str, FixedTexts]:
    return read_regions(ROOT / "corpus")


@contextmanager
def running(app: Any, port: int = 0) -> Iterator[tuple[str, uvicorn.Server]]:
    """The app on a free port of 127.0.0.1, in a thread; gives its address and the server."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", port))
        server = uvicorn.Server(configured(app, patience=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{held.getsockname()[1]}", server
        finally:
            server.should_exit = True
            thread.join(10)
