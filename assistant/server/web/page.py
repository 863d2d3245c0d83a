"""question -> page: the Gradio page, /plain, /source, /about and the API, behind the guard. Owns gradio, fastapi.

    browser -- Guard -- FastAPI -+- /healthz /readyz /source/<id> /plain /ask /about /ui/*
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

from assistant.answering.assistant import Assistant
from assistant.answering.citation_formats import BIBLIOGRAPHIES, entry_of
from assistant.answering.lexical_search import LexicalAssistant
from assistant.answering.question import MAX_QUESTION
from assistant.corpus.fixed_texts import read_site, read_texts
from assistant.corpus.site_settings import Site
from assistant.errors import AssistantError
from assistant.index.encoder import EXPORTED
from assistant.index.location import Place
from assistant.index.stores.postgres.connection import Database
from assistant.messages import ERRORS, EXAMPLES
from assistant.notices import FixedTexts
from assistant.schema import Answer, Source, Span
from assistant.server.access_log import QuietTraceback
from assistant.server.editors import COOKIE, Editors, from_environment
from assistant.server.http_server import address_from, bound, listen
from assistant.server.open_index import OpenOrBuild
from assistant.server.service import Service
from assistant.server.settings import Choices, read_choices
from assistant.server.web.middleware.compression import Squeezed
from assistant.server.web.middleware.guard import BURST, PER_MINUTE, TRY_AGAIN, Guard
from assistant.server.web.middleware.throttling import Turnstile
from assistant.server.web.rendering import COLOURS, STATIC, Renderer, SourceEntry

for module in (gr.queueing, gr.routes, gr.utils):  # they print exceptions with what was sent, so with the question
    module.traceback = QuietTraceback()

QUEUE = 64  # questions that may wait; the next visitor is told that many people are asking
AT_ONCE = 2  # questions looked up at the same time
UNREAD = 2 * QUEUE  # askers whose reply may wait to be fetched; Gradio's 2,000 would keep answers that nobody comes for

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
    index does not have yet. ``open_words`` opens what answers by words until then. ``on_stop`` is called when the app ends.
    ``site``: what the operator chose, colours and addresses included. ``topics``: count what unanswered questions are about.
    """

    def __init__(self, index: Place, texts: FixedTexts, open_assistant: Callable[[], Assistant],
                 on_stop: Callable[[], None] = lambda: None, burst: int = BURST, per_minute: float = PER_MINUTE,
                 ancestors: str = "'self'", site: Site | None = None, corpus: Path | None = None, topics: bool = False,
                 open_words: Callable[[], LexicalAssistant] | None = None) -> None:
        self._site = site or Site()
        self.render = Renderer(texts, MAX_QUESTION, self._site)
        self.service = Service(index, corpus, texts, open_assistant, EXAMPLES, topics, self._dress, open_words)
        self.editors: Editors | None = None
        self._on_stop = on_stop
        self._line = Turnstile(AT_ONCE, QUEUE)
        self._fixed: dict[str, gr.HTML] = {}  # the parts of the Gradio page that hold the fixed texts
        self.demo = self._blocks()
        self.small = Squeezed(self._routes())
        self.app = Guard(self.small, self._refuse, head=self.render.fragment("head"),
                         shell=self.render.fragment("shell"), burst=burst, per_minute=per_minute,
                         ancestors=ancestors)

    def _dress(self, texts: FixedTexts) -> None:
        """Show the fixed texts of a new generation; a page that is open already has them when it is loaded again."""
        self.render = Renderer(texts, MAX_QUESTION, self._site)
        for name, slot in self._fixed.items():
            slot.value = str(self._fixed_text(name))
        self.demo.config = self.demo.get_config_file()
        self.app.dress(self.render.fragment("head"), self.render.fragment("shell"))

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
        return self.service.answer_json(question, k)

    def _answer_html(self, question: str, interactive: bool) -> tuple[Answer | tuple[str, str], Markup]:
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
        """The state to show while nothing is in service, or its database does not answer."""
        return "error" if self.service.watcher.failed or self.service.now else "starting"

    def _state(self) -> tuple[str, bool, bool]:
        """When the sources were read in, whether they were changed since, whether topics are counted."""
        now = self.service.now
        return now.assistant.created if now else "", self.service.watcher.fresh.stale, self.service.tally.topics

    def _listing(self) -> Markup | None:
        if self.service.now is None:
            return None
        reader = self.service.now.assistant
        try:
            entries = [SourceEntry(source, reader.count_of(source.id)) for source in reader.sources]
        except AssistantError as error:  # an answer, a card and the notice are shown without it
            print(f"The sources could not be listed: {type(error).__name__}", file=sys.stderr)
            return None
        return self.render.sources(entries, *self._state()[:2])

    # ---- the Gradio page

    def _blocks(self) -> gr.Blocks:
        """The page. Box, button and examples have no events: page.js asks ``/ask`` itself, because Gradio drops a question that
        is asked while another is on its way, and takes the words when it sends them. What has an event is queued."""
        with gr.Blocks(title=self._site.name, analytics_enabled=False, fill_width=True) as demo:
            for name in ("helpbar", "masthead"):
                self._fixed[name] = self._html(self._fixed_text(name), f"k-{name}-slot")
            with gr.Row(elem_id="k-ask", equal_height=True):
                gr.Textbox(label="Your question", lines=1, max_lines=6, max_length=MAX_QUESTION, scale=1, interactive=True,
                           container=False, placeholder="Ask about ketamine", elem_id="k-question")
                gr.Button("Ask", variant="primary", elem_id="k-ask-button", scale=0)
            with gr.Row(elem_id="k-chips"):
                for example in EXAMPLES:
                    gr.Button(example, size="sm", elem_classes="k-chip", scale=0)
            with gr.Tabs(elem_id="k-tabs"):
                with gr.Tab("Answers", id="answers", elem_id="k-answers-tab"):
                    self._html(self.render.fragment("home"), "k-results")
                with gr.Tab("Sources", id="sources", elem_id="k-sources-tab") as sources_tab:
                    listing = self._html(self.render.state("starting"), "k-sources-slot")
                with gr.Tab("About", id="about", elem_id="k-about-tab") as about_tab:
                    about = self._html(self.render.about(), "k-about-slot")
            self._fixed["notice"] = self._html(self._fixed_text("notice"), "k-notice-slot")

            quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": True}
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
        app.add_api_route("/ask", self._ask, methods=["POST"])
        app.add_api_route(f"/ui/{COLOURS}", self._colours, methods=["GET", "HEAD"])
        app.add_api_route("/editor", self._editor, methods=["GET", "HEAD", "POST"])
        app.mount("/ui", StaticFiles(directory=STATIC))
        theme = gr.themes.Base(font=["Reading Sans", "system-ui", "sans-serif"], font_mono=["monospace"])
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
        """Green only while a verified generation answers and has never withheld a passage; ``search`` says how questions are
        answered meanwhile: ``words`` alone, or not at all."""
        why, watcher, assistant = self.service.why_not_ready, self.service.watcher, self.service.assistant
        found: dict[str, Any] = {"ready": not why, "search": self.service.search} | ({"why": why} if why else {})
        if assistant is not None:
            found |= {"generation": assistant.generation, "created": assistant.created,
                      "withheld": getattr(assistant, "withheld", 0), "corpus_newer": watcher.fresh.stale,
                      "refused": watcher.refused or None}
        return JSONResponse(found, 503 if why else 200)

    def _icon(self) -> Response:
        return Response((STATIC / "icon.svg").read_bytes(), media_type="image/svg+xml")

    def _colours(self) -> Response:
        return Response(self._site.stylesheet, media_type="text/css")

    def _source(self, source_id: str, at: str = "", best: str = "", cite: str = "") -> Response:
        now = self.service.now
        if now is None:
            return HTMLResponse(self.render.error(503, self._why()), 503)
        try:
            source = now.sources.get(source_id)
            if source is None:
                status = 500 if source_id in now.sources else 404  # it is there, and not what was indexed
                return HTMLResponse(self.render.error(status), status)
            if cite in BIBLIOGRAPHIES:
                written, media_type = BIBLIOGRAPHIES[cite]
                return Response(written([entry_of(source)]), media_type=media_type)
            return HTMLResponse(self.render.source(source, now.assistant.passages_of(source.id), span(at, source),
                                                   span(best, source), now.assistant.notes_of(source.id)))
        except AssistantError as error:  # it cannot be proved, or its database does not answer
            print(f"A source could not be shown: {type(error).__name__}", file=sys.stderr)
            return HTMLResponse(self.render.error(503, "error"), 503)

    def _about(self) -> Response:
        return HTMLResponse(self.render.about_page(*self._state()))

    def admit(self, editors: Editors) -> None:
        """Open /editor, where editors log in and judge answers; closed until then."""
        self.editors, self.app.also = editors, frozenset(("/editor",))

    async def _editor(self, request: Request) -> Response:
        if self.editors is None:
            return HTMLResponse(self.render.error(404), 404)
        cookie, client = request.cookies.get(COOKIE, ""), request.client.host if request.client else ""
        if request.method == "POST":
            form = parse_qs((await request.body()).decode("utf-8", "replace"))
            fields = {name: values[0] for name, values in form.items()}
            reply = await asyncio.to_thread(self.editors.post, fields, cookie, client)
        else:
            reply = self.editors.get(cookie)
        page = HTMLResponse(self.render.editor(reply.values), reply.status)
        if reply.cookie is not None:
            page.set_cookie(COOKIE, reply.cookie, max_age=None if reply.cookie else 0, path="/editor", httponly=True,
                            samesite="strict", secure=request.url.scheme == "https")
        return page

    def _plain_form(self) -> Response:
        return HTMLResponse(self._plain())

    async def _plain_answer(self, request: Request) -> Response:
        question, found, shown = await self._in_line(request, False)
        if isinstance(found, Answer):
            return HTMLResponse(self._plain(question, shown, found.status == "urgent"))
        page = self._plain(question, shown)
        if found[0] == "busy":
            return HTMLResponse(page, 503, {"retry-after": TRY_AGAIN[503].decode()})
        status = {"question": 400, "error": 500, "starting": 503}[found[0]]
        return HTMLResponse(page, 503 if self.service.watcher.failed else status)

    async def _ask(self, request: Request) -> Response:
        """What page.js shows: the cards of one answer, or one that says why there is none. 503 only when the line is full."""
        _, found, shown = await self._in_line(request, True)
        return HTMLResponse(shown, 503 if found == ("busy", "") else 200)

    async def _in_line(self, request: Request, interactive: bool) -> tuple[str, Answer | tuple[str, str], Markup]:
        """The question of a form, what was found when its turn came, and its HTML; (``busy``, "") when the line is full."""
        form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
        question = form.get("q", [""])[0]
        async with self._line.enter() as turn:
            if turn:
                return question, *await asyncio.to_thread(self._answer_html, question, interactive)
        self.service.tally.add(("busy", ""), self.service.texts)
        return question, ("busy", ""), self.render.state("busy")

    def _plain(self, question: str = "", results: Markup | None = None, urgent: bool = False) -> str:
        return self.render.plain(question, results, self._listing(), urgent)


def span(text: str, source: Source) -> Span | None:
    """``"812-1190"`` as a span inside ``source.text``, or None when it is none."""
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text)
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if start < end <= len(source.text) else None


def serve(index: Place, corpus: Path, host: str | None = None, port: int | None = None,
          page: Page | None = None, encoder: str = EXPORTED) -> None:
    """Show the page until the process is told to end. ``page``: one that is made already.

    Raises BadInput (the address is taken, a variable cannot be used) and NoticeMissing (no notice or help lines) before
    anything is loaded.
    """
    host, port = address_from(host, port)
    choices = read_choices(site=read_site(corpus))
    with bound(host, port) as held:
        page = page or make_page(index, corpus, choices=choices, encoder=encoder)
        page.app.hosts = frozenset(choices.hosts_at(host))
        listen(page.app, host, held)


def make_page(index: Place, corpus: Path, choices: Choices | None = None, encoder: str = EXPORTED) -> Page:
    """A page for these two folders. Raises NoticeMissing and BadInput; the index is opened, or built, once it is served."""
    site = read_site(corpus)
    opener, choices = OpenOrBuild(index, corpus, encoder), choices or read_choices(site=site)
    page = Page(index, read_texts(corpus), opener, opener.stop, choices.burst, choices.per_minute, choices.ancestors, site,
                corpus, choices.topics, None if isinstance(index, Database) else opener.words)
    page.app.hosts = frozenset(choices.hosts or ())
    editing = from_environment()
    if editing:
        page.admit(Editors(*editing, page.service))
    return page
