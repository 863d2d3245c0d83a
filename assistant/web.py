"""question -> page: the Gradio page, /plain, /source, /about and the API, behind the guard. Owns gradio, fastapi.

    browser -- Guard -- FastAPI -+- /healthz /readyz /source/<id> /plain /about /ui/*
                                 +- / : gr.Blocks, events "ask" (public) and private ones

The page is up before index and model are: they are opened in a thread (``service``, ``watching``). Until then, and when
they cannot be opened, urgent messages, the notice and the helplines work all the same. Questions are never logged.
"""

from __future__ import annotations

import os

# Before gradio is imported: nothing is reported to anybody, no tunnel, no history in the visitor's browser.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_SHARE"] = "False"
os.environ["GRADIO_RUN_HISTORY"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)  # no statistics about every question, computed with pandas
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from gradio.state_holder import SessionState, StateHolder
from markupsafe import Markup

from assistant.answering import MAX_QUESTION, Assistant
from assistant.choices import Choices, read_choices
from assistant.corpus import read_texts
from assistant.embedding import EXPORTED
from assistant.guard import BURST, PER_MINUTE, TRY_AGAIN, Guard
from assistant.labels import ERRORS, STATES
from assistant.listening import address_from, bound, listen
from assistant.loading import OpenOrBuild
from assistant.quiet import QuietTraceback
from assistant.rendering import LEAVE_TO, STATIC, Renderer, SourceEntry
from assistant.schema import Answer, FixedTexts, Source, Span
from assistant.service import Service
from assistant.turnstile import Turnstile

for module in (gr.queueing, gr.routes, gr.utils):  # they print exceptions with what was sent, so with the question
    module.traceback = QuietTraceback()

MOST_PASSAGES = 10  # the API's k is brought into 1..10
QUEUE = 64  # questions that may wait; the next visitor is told that many people are asking
AT_ONCE = 2  # questions looked up at the same time
UNREAD = 2 * QUEUE  # askers whose reply may wait to be fetched; Gradio's 2,000 would keep answers that nobody comes for
EXAMPLES = (
    "Is ketamine addictive?",
    "What can ketamine do to the bladder?",
    "Is it safe to mix ketamine with alcohol?",
    "Does ketamine help with depression?",
    "How do I find help to stop?",
)

# Client-only steps. They hold no data: what they show is read from templates in the masthead.
PENDING = "() => window.ketamineAnswers.asking()"
LOST = "() => window.ketamineAnswers.lost()"
ARRIVED = "() => window.ketamineAnswers.arrived()"
RAW = "${value}"  # Gradio inserts this as it is; its double-brace form would run scripts inside the data


class KeepsNothing(StateHolder):  # type: ignore[misc]  # Gradio has no types
    """No session is kept: Gradio would keep the question and the answer of the last 10,000, and 45 KB with each.

    The page needs none: every event carries what it needs, and there is no ``gr.State``.
    """

    def __getitem__(self, session_id: str) -> SessionState:
        return SessionState(self.blocks)


class Page:
    """The answer page. ``demo`` is the gr.Blocks, ``app`` the guarded ASGI app, ``service`` what answers.

    ``open_assistant`` is called in a thread that starts with the app, and again whenever another generation is published
    in ``index``; if it raises, the page stays up and the reason goes to stderr. ``corpus`` is watched for changes that the
    index does not have yet. ``on_stop`` is called when the app ends. ``leave_to`` is the neutral site that "Leave this
    page" opens. ``topics``: count what unanswered questions are about.
    """

    def __init__(self, index: Path, texts: FixedTexts, open_assistant: Callable[[], Assistant],
                 on_stop: Callable[[], None] = lambda: None, burst: int = BURST, per_minute: float = PER_MINUTE,
                 ancestors: str = "'self'", leave_to: str = LEAVE_TO, corpus: Path | None = None, topics: bool = False) -> None:
        self.render = Renderer(texts, MAX_QUESTION, leave_to)
        self.service = Service(index, corpus, texts, open_assistant, EXAMPLES, topics, self._dress)
        self._on_stop, self._leave_to = on_stop, leave_to
        self._line = Turnstile(AT_ONCE, QUEUE)
        self._fixed: dict[str, gr.HTML] = {}  # the parts of the Gradio page that hold the fixed texts
        self.demo = self._blocks()
        self.app = Guard(self._routes(), self._refuse, head=self.render.fragment("head"),
                         noscript=self.render.fragment("noscript"), burst=burst, per_minute=per_minute,
                         ancestors=ancestors)

    def _dress(self, texts: FixedTexts) -> None:
        """Show the fixed texts of a new generation; a page that is open already has them when it is loaded again."""
        self.render = Renderer(texts, MAX_QUESTION, self._leave_to)
        for name, slot in self._fixed.items():
            slot.value = str(self._fixed_text(name))
        self.demo.config = self.demo.get_config_file()
        self.app.dress(self.render.fragment("head"), self.render.fragment("noscript"))

    def _fixed_text(self, name: str) -> Markup:
        return self.render.part(name) if name in ("helpbar", "notice") else self.render.fragment(name)

    # ---- asking

    def ask(self, question: str, k: int = 3) -> Answer | tuple[str, str]:
        """An Answer, or (state, sentence): ``starting``, ``error`` or ``question``. Never raises."""
        return self.service.answer(question, k)[0]

    def ask_json(self, question: str, k: int = 3) -> dict[str, Any]:
        """Passages that answer a question about ketamine, quoted word for word, with their sources.

        Args:
            question: The question, up to 2,000 characters.
            k: How many passages at most, 1 to 10.
        """
        question = question if isinstance(question, str) else ""  # JSON may bring anything
        found = self.ask(question, max(1, min(k, MOST_PASSAGES)) if isinstance(k, int) else 3)
        if isinstance(found, Answer):
            return found.to_json()
        state, text = found
        bare = Answer(question, "not_covered", self.service.texts.notice, message=text or STATES[state][1])  # for its shape
        return bare.to_json() | {"status": state}

    def ask_html(self, question: str | None) -> str:
        return str(self._answer_html(question or "")[1])

    def _answer_html(self, question: str, interactive: bool = True) -> tuple[Answer | tuple[str, str], Markup]:
        """What was found, and its HTML. Never raises: Gradio would write the text of the exception into the log."""
        found, sources = self.service.answer(question)
        if isinstance(found, Answer):
            try:
                return found, self.render.answer(found, sources, interactive)
            except Exception as error:
                print(f"An answer could not be shown: {type(error).__name__}", file=sys.stderr)
                found = ("error", "")
        return found, self.render.state(*found)

    def sources_html(self) -> str:
        listing = self._listing()
        return str(self.render.state(self._why()) if listing is None else listing)

    def about_html(self) -> str:
        return str(self.render.about(*self._state()))

    def _why(self) -> str:
        """The state to show while nothing is in service."""
        return "error" if self.service.watcher.failed else "starting"

    def _state(self) -> tuple[str, bool, bool]:
        """When the sources were read in, whether they were changed since, whether topics are counted."""
        assistant = self.service.assistant
        return assistant.created if assistant else "", self.service.watcher.fresh.stale, self.service.tally.topics

    def _listing(self) -> Markup | None:
        assistant = self.service.assistant
        if assistant is None:
            return None
        entries = [SourceEntry(source, len(assistant.passages_of(source.id))) for source in assistant.sources]
        return self.render.sources(entries, *self._state()[:2])

    # ---- the Gradio page

    def _blocks(self) -> gr.Blocks:
        """The page. Every event with a Python function is a queued one, so that the guard sees one way in."""
        with gr.Blocks(title="Ketamine Answers", analytics_enabled=False, fill_width=True) as demo:
            for name in ("helpbar", "masthead"):
                self._fixed[name] = self._html(self._fixed_text(name), f"k-{name}-slot")
            with gr.Row(elem_id="k-ask", equal_height=True):
                question = gr.Textbox(label="Your question", lines=1, max_lines=6, max_length=MAX_QUESTION, scale=1,
                                      container=False, placeholder="Ask about ketamine", elem_id="k-question")
                button = gr.Button("Ask", variant="primary", elem_id="k-ask-button", scale=0)
            with gr.Row(elem_id="k-chips"):
                chips = [gr.Button(example, size="sm", elem_classes="k-chip", scale=0) for example in EXAMPLES]
            with gr.Tabs(elem_id="k-tabs"):
                with gr.Tab("Answers", id="answers", elem_id="k-answers-tab"):
                    results = self._html(self.render.fragment("home"), "k-results")
                with gr.Tab("Sources", id="sources", elem_id="k-sources-tab") as sources_tab:
                    listing = self._html(self.render.state("starting"), "k-sources-slot")
                with gr.Tab("About", id="about", elem_id="k-about-tab") as about_tab:
                    about = self._html(self.render.about(), "k-about-slot")
            self._fixed["notice"] = self._html(self._fixed_text("notice"), "k-notice-slot")

            quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": True}

            def then_ask(cleared: Any, name: str) -> None:
                asked = cleared.then(self.ask_html, question, results, api_name=name, concurrency_id="ask",
                                     concurrency_limit=AT_ONCE, **quiet)
                # when the reply never comes, the place of the answer must not stay empty
                asked.failure(None, None, results, js=LOST, api_name=f"{name}_lost", **quiet)
                asked.then(None, None, None, js=ARRIVED, api_name=f"{name}_arrived", **quiet)

            # the old answer goes before the question leaves: on every failure Gradio would leave it standing
            typed = gr.on([button.click, question.submit], None, None, results, js=PENDING, api_name="clear", **quiet)
            then_ask(typed, "ui_ask")
            for number, (chip, example) in enumerate(zip(chips, EXAMPLES, strict=True)):
                picked = chip.click(None, None, [question, results], api_name=f"pick_{number}", **quiet,
                                    js=f"() => [{json.dumps(example)}, ({PENDING})()]")
                then_ask(picked, f"ui_chip_{number}")
            sources_tab.select(self.sources_html, None, listing, api_name="ui_sources", **quiet)
            about_tab.select(self.about_html, None, about, api_name="ui_about", **quiet)
            gr.api(self.ask_json, api_name="ask", concurrency_id="ask", concurrency_limit=AT_ONCE)
        demo.queue(max_size=QUEUE, api_open=False, default_concurrency_limit=AT_ONCE)
        return demo

    @staticmethod
    def _html(value: Markup, name: str) -> gr.HTML:
        return gr.HTML(str(value), elem_id=name, html_template=RAW, apply_default_css=False, js_on_load=None,
                       padding=False)

    # ---- our own routes

    def _routes(self) -> FastAPI:
        @asynccontextmanager
        async def life(_: FastAPI) -> AsyncIterator[None]:
            self.service.start()
            yield
            self.service.stop()
            self._on_stop()

        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
        app.add_api_route("/healthz", self._healthz, methods=["GET", "HEAD"])
        app.add_api_route("/readyz", self._readyz, methods=["GET", "HEAD"])
        app.add_api_route("/favicon.ico", self._icon, methods=["GET", "HEAD"])
        app.add_api_route("/source/{source_id}", self._source, methods=["GET", "HEAD"])
        app.add_api_route("/about", self._about, methods=["GET", "HEAD"])
        app.add_api_route("/plain", self._plain_form, methods=["GET", "HEAD"])
        app.add_api_route("/plain", self._plain_answer, methods=["POST"])
        app.mount("/ui", StaticFiles(directory=STATIC))
        theme = gr.themes.Base(font=["Source Sans 3", "system-ui", "sans-serif"], font_mono=["monospace"])
        gr.mount_gradio_app(
            app, self.demo, path="/", theme=theme, footer_links=[], run_history=False, show_error=False,
            max_file_size=1, enable_monitoring=False, ssr_mode=False, pwa=False, mcp_server=False, allowed_paths=[],
            app_kwargs={"openapi_url": None, "docs_url": None, "redoc_url": None})
        mounted: Any = next(found for route in app.routes if isinstance(found := getattr(route, "app", None), gr.routes.App))
        mounted.state_holder = KeepsNothing()
        mounted.state_holder.set_blocks(self.demo)
        waiting = self.demo._queue.pending_messages_per_session
        self.demo._queue.pending_messages_per_session = type(waiting)(UNREAD)
        return app

    def _refuse(self, status: int, machine: bool) -> tuple[bytes, str]:
        if machine:
            text = " ".join(ERRORS.get(status, ERRORS[500]))
            return json.dumps({"error": text, "notice": self.service.texts.notice.to_json()}).encode(), "application/json"
        return self.render.error(status).encode(), "text/html; charset=utf-8"

    def _healthz(self) -> Response:
        return JSONResponse({"up": True})

    def _readyz(self) -> Response:
        """Green only while a verified generation answers and has never withheld a passage."""
        why, watcher, assistant = self.service.why_not_ready, self.service.watcher, self.service.assistant
        found: dict[str, Any] = {"ready": not why} | ({"why": why} if why else {})
        if assistant is not None:
            found |= {"generation": assistant.generation, "created": assistant.created,
                      "withheld": getattr(assistant, "withheld", 0), "corpus_newer": watcher.fresh.stale,
                      "refused": watcher.refused or None}
        return JSONResponse(found, 503 if why else 200)

    def _icon(self) -> Response:
        return Response((STATIC / "icon.svg").read_bytes(), media_type="image/svg+xml")

    def _source(self, source_id: str, at: str = "", best: str = "") -> Response:
        assistant = self.service.assistant
        if assistant is None:
            return HTMLResponse(self.render.error(503, self._why()), 503)
        source = next((source for source in assistant.sources if source.id == source_id), None)
        if source is None:
            return HTMLResponse(self.render.error(404), 404)
        return HTMLResponse(self.render.source(source, assistant.passages_of(source.id), span(at, source),
                                               span(best, source), assistant.notes_of(source.id)))

    def _about(self) -> Response:
        return HTMLResponse(self.render.about_page(*self._state()))

    def _plain_form(self) -> Response:
        return HTMLResponse(self._plain())

    async def _plain_answer(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
        question = form.get("q", [""])[0]
        async with self._line.enter() as turn:
            if not turn:
                self.service.tally.add(("busy", ""), self.service.texts)
                return HTMLResponse(self._plain(question, self.render.state("busy")), 503,
                                    {"retry-after": TRY_AGAIN[503].decode()})
            found, shown = await asyncio.to_thread(self._answer_html, question, False)
        if isinstance(found, Answer):
            return HTMLResponse(self._plain(question, shown, found.status == "urgent"))
        status = {"question": 400, "error": 500, "starting": 503}[found[0]]
        return HTMLResponse(self._plain(question, shown), 503 if self.service.watcher.failed else status)

    def _plain(self, question: str = "", results: Markup | None = None, urgent: bool = False) -> str:
        return self.render.plain(question, results, self._listing(), urgent)


def span(text: str, source: Source) -> Span | None:
    """``"812-1190"`` as a span inside ``source.text``, or None when it is none."""
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text)
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if start < end <= len(source.text) else None


def serve(index: Path, corpus: Path, host: str | None = None, port: int | None = None,
          page: Page | None = None, encoder: str = EXPORTED) -> None:
    """Show the page until the process is told to end. ``page``: one that is made already.

    Raises BadInput (the address is taken, a variable cannot be used) and NoticeMissing (no notice or help lines) before
    anything is loaded.
    """
    host, port = address_from(host, port)
    choices = read_choices()
    with bound(host, port) as held:
        page = page or make_page(index, corpus, choices=choices, encoder=encoder)
        page.app.hosts = frozenset(choices.hosts_at(host))
        listen(page.app, host, held)


def make_page(index: Path, corpus: Path, leave_to: str = LEAVE_TO, choices: Choices | None = None,
              encoder: str = EXPORTED) -> Page:
    """A page for these two folders. Raises NoticeMissing and BadInput; the index is opened, or built, once it is served."""
    opener, choices = OpenOrBuild(index, corpus, encoder), choices or read_choices()
    page = Page(index, read_texts(corpus), opener, opener.stop, choices.burst, choices.per_minute, choices.ancestors, leave_to,
                corpus, choices.topics)
    page.app.hosts = frozenset(choices.hosts or ())
    return page
