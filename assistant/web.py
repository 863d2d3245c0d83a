"""question -> page: the Gradio page, /plain, /source, /about and the API, behind the guard. Owns gradio, fastapi.

    browser -- Guard -- FastAPI -+- /healthz /readyz /source/<id> /plain /about /ui/*
                                 +- / : gr.Blocks, events "ask" (public) and private ones

The page is up before index and model are: they are opened in a thread. Until then, and when they cannot be opened,
urgent messages, the notice and the helplines work all the same. Questions are never logged.
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
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from markupsafe import Markup

from assistant.answering import MAX_QUESTION, Assistant, screen
from assistant.corpus import read_texts
from assistant.errors import AssistantError, QuestionError
from assistant.guard import Guard
from assistant.labels import ERRORS, STATES
from assistant.listening import address_from, bound, listen
from assistant.loading import OpenOrBuild
from assistant.rendering import LEAVE_TO, STATIC, Renderer, SourceEntry
from assistant.schema import Answer, FixedTexts, Source, Span

MOST_PASSAGES = 10  # the API's k is brought into 1..10
QUEUE = 64  # questions that may wait; the next visitor is told that many people are asking
AT_ONCE = 2  # questions looked up at the same time
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


class Page:
    """The answer page. ``demo`` is the gr.Blocks, ``app`` the guarded ASGI app.

    ``open_assistant`` is called once, in a thread started with the app; if it raises, the page stays up with an error
    card and the reason goes to stderr. ``on_stop`` is called when the app ends. ``leave_to`` is the neutral site that
    "Leave this page" opens.
    """

    def __init__(self, index: Path, texts: FixedTexts, open_assistant: Callable[[], Assistant],
                 on_stop: Callable[[], None] = lambda: None, burst: int = 30, per_minute: float = 60,
                 ancestors: str = "'self'", leave_to: str = LEAVE_TO) -> None:
        self.index, self.texts = index, texts
        self.render = Renderer(texts, MAX_QUESTION, leave_to)
        self._open, self._on_stop = open_assistant, on_stop
        self._lock, self._thread = threading.Lock(), None  # type: tuple[threading.Lock, threading.Thread | None]
        self._assistant: Assistant | None = None
        self._sources: dict[str, Source] = {}
        self._failed = False
        self.demo = self._blocks()
        self.app = Guard(self._routes(), self._refuse, head=self.render.fragment("head"),
                         noscript=self.render.fragment("noscript"), burst=burst, per_minute=per_minute,
                         ancestors=ancestors)

    # ---- loading

    def start(self) -> None:
        """Begin to open the index, once; returns at once."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._load, name="open index", daemon=True)
                self._thread.start()

    def _load(self) -> None:
        try:
            assistant = self._open()
            assistant.ask(EXAMPLES[0])  # the first question is slow, and this one is nobody's
            self._sources = {source.id: source for source in assistant.sources}
            self._assistant = assistant
        except AssistantError as error:
            self._failed = True
            print(f"The sources could not be loaded: {error}", file=sys.stderr)
        except Exception as error:
            self._failed = True
            print(f"The sources could not be loaded: {type(error).__name__}: {error}", file=sys.stderr)

    @property
    def ready(self) -> bool:
        return self._assistant is not None

    # ---- asking

    def ask(self, question: str, k: int = 3) -> Answer | tuple[str, str]:
        """An Answer, or (state, sentence): ``starting``, ``error`` or ``question``. Never raises."""
        self.start()
        try:
            if self._assistant is not None:
                return self._assistant.ask(question, k)
            return screen(question, self.texts) or (("error" if self._failed else "starting"), "")
        except QuestionError as error:
            return "question", str(error)
        except Exception as error:
            print(f"A question could not be answered: {type(error).__name__}", file=sys.stderr)
        try:
            return screen(question, self.texts) or ("error", "")  # an urgent message gets its card, whatever failed
        except Exception:
            return "error", ""

    def ask_json(self, question: str, k: int = 3) -> dict[str, Any]:
        """Passages that answer a question about ketamine, quoted word for word, with their sources.

        Args:
            question: The question, up to 1,000 characters.
            k: How many passages at most, 1 to 10.
        """
        found = self.ask(question, max(1, min(k, MOST_PASSAGES)) if isinstance(k, int) else 3)
        if isinstance(found, Answer):
            return found.to_json()
        state, text = found
        bare = Answer(question, "not_covered", self.texts.notice, message=text or STATES[state][1])  # for its shape
        return bare.to_json() | {"status": state}

    def ask_html(self, question: str | None) -> str:
        found = self.ask(question or "")
        return str(self.render.answer(found, self._sources) if isinstance(found, Answer) else self.render.state(*found))

    def sources_html(self) -> str:
        if self._assistant is None:
            return str(self.render.state("error" if self._failed else "starting"))
        return str(self.render.sources(self._entries(self._assistant)))

    def about_html(self) -> str:
        return str(self.render.about(self._created))

    @property
    def _created(self) -> str:
        return self._assistant.created if self._assistant else ""

    def _entries(self, assistant: Assistant) -> list[SourceEntry]:
        return [SourceEntry(source, len(assistant.passages_of(source.id))) for source in assistant.sources]

    # ---- the Gradio page

    def _blocks(self) -> gr.Blocks:
        """The page. Every event with a Python function is a queued one, so that the guard sees one way in."""
        with gr.Blocks(title="Ketamine Answers", analytics_enabled=False, fill_width=True) as demo:
            self._html(self.render.part("helpbar"), "k-helpbar-slot")
            self._html(self.render.fragment("masthead"), "k-masthead-slot")
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
            self._html(self.render.part("notice"), "k-notice-slot")

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
            self.start()
            yield
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
        return app

    def _refuse(self, status: int, machine: bool) -> tuple[bytes, str]:
        if machine:
            text = " ".join(ERRORS.get(status, ERRORS[500]))
            return json.dumps({"error": text, "notice": self.texts.notice.to_json()}).encode(), "application/json"
        return self.render.error(status).encode(), "text/html; charset=utf-8"

    def _healthz(self) -> Response:
        return JSONResponse({"up": True})

    def _readyz(self) -> Response:
        if self._assistant is not None:
            return JSONResponse({"ready": True, "generation": self._assistant.generation,
                                 "created": self._assistant.created})
        return JSONResponse({"ready": False, "why": "failed" if self._failed else "starting"}, 503)

    def _icon(self) -> Response:
        return Response((STATIC / "icon.svg").read_bytes(), media_type="image/svg+xml")

    def _source(self, source_id: str, at: str = "", best: str = "") -> Response:
        if self._assistant is None:
            return HTMLResponse(self.render.error(500 if self._failed else 503), 503)
        source = self._sources.get(source_id)
        if source is None:
            return HTMLResponse(self.render.error(404), 404)
        passages = self._assistant.passages_of(source.id)
        notes = self._assistant.notes_of(source.id)
        return HTMLResponse(self.render.source(source, passages, span(at, source), span(best, source), notes))

    def _about(self) -> Response:
        return HTMLResponse(self.render.about_page(self._created))

    def _plain_form(self) -> Response:
        return HTMLResponse(self._plain())

    async def _plain_answer(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
        question = form.get("q", [""])[0]
        found = await asyncio.to_thread(self.ask, question)
        if isinstance(found, Answer):
            return HTMLResponse(self._plain(question, self.render.answer(found, self._sources, interactive=False),
                                            found.status == "urgent"))
        status = {"question": 400, "error": 500, "starting": 503}[found[0]]
        return HTMLResponse(self._plain(question, self.render.state(*found)), 503 if self._failed else status)

    def _plain(self, question: str = "", results: Markup | None = None, urgent: bool = False) -> str:
        listing = self.render.sources(self._entries(self._assistant)) if self._assistant else None
        return self.render.plain(question, results, listing, urgent)


def span(text: str, source: Source) -> Span | None:
    """``"812-1190"`` as a span inside ``source.text``, or None when it is none."""
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text)
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if start < end <= len(source.text) else None


def serve(index: Path, corpus: Path, host: str | None = None, port: int | None = None,
          page: Page | None = None) -> None:
    """Show the page until the process is told to end. ``page``: one that is made already.

    Raises BadInput (the address is taken) and NoticeMissing (no notice or help lines) before anything is loaded.
    """
    host, port = address_from(host, port)
    with bound(host, port) as held:
        listen((page or make_page(index, corpus)).app, host, held)


def make_page(index: Path, corpus: Path, leave_to: str = LEAVE_TO) -> Page:
    """A page for these two folders. Raises NoticeMissing; the index is opened, or built, once the page is served."""
    opener = OpenOrBuild(index, corpus)
    return Page(index, read_texts(corpus), opener, opener.stop, leave_to=leave_to)
