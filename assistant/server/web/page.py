"""question -> page: the Gradio page with our own routes, behind the guard. The only importer of gradio.

    browser -- Guard -- FastAPI -+- our own addresses (``routes``)
                                 +- / : gr.Blocks, events "ask" (public) and private ones

The page is up before index and model are: they are opened in a thread (``service``, ``reload``). Until then, and when
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

import json
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState, StateHolder
from markupsafe import Markup

from assistant.answering.assistant import Assistant
from assistant.answering.lexical_search import LexicalAssistant
from assistant.answering.question import MAX_QUESTION
from assistant.answering.suggestions import Suggestions
from assistant.corpus.fixed_texts import read_regions, read_site, read_texts
from assistant.corpus.reviewed import Reviewed, read_reviewed
from assistant.corpus.site_settings import Site
from assistant.errors import AssistantError
from assistant.index.encoder import EXPORTED
from assistant.index.location import Place
from assistant.index.stores.postgres.connection import Database
from assistant.messages import ERRORS, EXAMPLES
from assistant.notices import FixedTexts
from assistant.schema import Answer
from assistant.server.access_log import QuietTraceback
from assistant.server.editors import Editors, from_environment
from assistant.server.http_server import address_from, bound, listen
from assistant.server.open_index import OpenOrBuild
from assistant.server.service import Found, Service
from assistant.server.settings import Settings, read_settings
from assistant.server.web.middleware.compression import CompressionMiddleware
from assistant.server.web.middleware.guard import BURST, PER_MINUTE, Guard
from assistant.server.web.rendering import Renderer, SourceEntry
from assistant.server.web.routes import AT_ONCE, QUEUE, Routes

for module in (gr.queueing, gr.routes, gr.utils):  # they print exceptions with what was sent, so with the question
    module.traceback = QuietTraceback()

UNREAD = 2 * QUEUE  # askers whose reply may wait to be fetched; Gradio's 2,000 would keep answers that nobody comes for
NEIGHBOURS = 3  # questions that are offered where there is no answer

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
    ``reviewed``: subjects to browse by, and questions that may be suggested. ``read_regions``: whose help lines may be chosen.
    """

    def __init__(self, index: Place, texts: FixedTexts, open_assistant: Callable[[], Assistant],
                 on_stop: Callable[[], None] = lambda: None, burst: int = BURST, per_minute: float = PER_MINUTE,
                 ancestors: str = "'self'", site: Site | None = None, corpus: Path | None = None, topics: bool = False,
                 open_words: Callable[[], LexicalAssistant] | None = None, reviewed: Reviewed | None = None,
                 read_regions: Callable[[], Mapping[str, FixedTexts]] = dict) -> None:
        self.site, self._reviewed, self.on_stop = site or Site(), reviewed or Reviewed(), on_stop
        self.service = Service(index, corpus, texts, open_assistant, EXAMPLES, topics, self._dress, open_words, read_regions,
                               self.site.did_this_help)
        self.render = self._renderer(texts)
        self.editors: Editors | None = None
        self._suggested: tuple[object, Suggestions] | None = None  # what they were taken from, and the suggestions
        self._suggesting = threading.Lock()
        self._fixed: dict[str, gr.HTML] = {}  # the parts of the Gradio page that hold the fixed texts
        self.demo = self._blocks()
        self.small = CompressionMiddleware(self._mounted())
        self.app = Guard(self.small, self._refuse, head=self.render.fragment("head"),
                         shell=self.render.fragment("shell"), burst=burst, per_minute=per_minute,
                         ancestors=ancestors)

    def _renderer(self, texts: FixedTexts) -> Renderer:
        return Renderer(texts, MAX_QUESTION, self.site, subjects=self._reviewed.subjects, regions=self.service.regions)

    def render_in(self, region: str | None) -> Renderer:
        """The renderer with the notice, cards and help lines of a region; None: the page's own."""
        return self.render.with_texts(self.service.texts_in(region))

    def _dress(self, texts: FixedTexts) -> None:
        """Show the fixed texts of a new generation; a page that is open already has them when it is loaded again."""
        self.render = self._renderer(texts)
        for name, slot in self._fixed.items():
            slot.value = str(self._fixed_text(name))
        self.demo.config = self.demo.get_config_file()
        self.app.dress(self.render.fragment("head"), self.render.fragment("shell"))

    def _fixed_text(self, name: str) -> Markup:
        return self.render.part(name) if name in ("helpbar", "notice") else self.render.fragment(name)

    # ---- asking

    def ask_json(self, question: str, k: int = 3) -> dict[str, Any]:
        """Passages that answer a question about ketamine, quoted word for word, with their sources.

        Args:
            question: The question, up to 2,000 characters.
            k: How many passages at most, 1 to 10.
        """
        return self.service.answer_json(question, k)

    def answer_html(self, question: str, interactive: bool, about: str = "", region: str | None = None) -> tuple[Found, Markup]:
        """What was found, and its HTML. Never raises: Gradio would write the text of the exception into the log.

        ``about``: id of the source that the answer before came from, for a question that leans on it. ``region``: the country
        that the reader chose.
        """
        result, sources, subject = self.service.answer_about(question, about, region)
        if isinstance(result, Answer):
            try:
                return result, self.render_in(region).answer(result, sources, interactive, subject=subject,
                                                 neighbours=() if result.citations else self._neighbours(result))
            except Exception as error:
                print(f"An answer could not be shown: {type(error).__name__}", file=sys.stderr)
                result = ("error", "")
        return result, self.render.state(*result)

    def suggestions(self) -> Suggestions:
        """The questions of what is in service, read once for each generation; none while there is nothing."""
        now = self.service.now
        if now is None:
            return Suggestions.none()
        with self._suggesting:
            if self._suggested is None or self._suggested[0] is not now:
                try:
                    made = Suggestions(now.assistant, self._reviewed.questions)
                except AssistantError as error:  # answers do not depend on them
                    print(f"No questions can be suggested: {type(error).__name__}", file=sys.stderr)
                    made = Suggestions.none()
                self._suggested = (now, made)
            return self._suggested[1]

    def _neighbours(self, answer: Answer) -> tuple[str, ...]:
        """Questions that have an answer here, the nearest first; examples where nothing is near."""
        if answer.language or answer.topic == "service" or answer.status == "urgent":
            return ()
        near = self.suggestions().near(answer.question, NEIGHBOURS)
        return tuple(dict.fromkeys((*near, *EXAMPLES)))[:NEIGHBOURS]

    # ---- what the routes and the tabs show

    def plain(self, question: str = "", results: Markup | None = None, urgent: bool = False, region: str | None = None,
              helped: bool = False, about: str = "") -> str:
        listing = None if results else self.listing()
        return self.render_in(region).plain(question, results, listing, urgent, helped, about)

    def sources_html(self) -> str:
        listing = self.listing()
        return str(self.render.state(self.why()) if listing is None else listing)

    def about_html(self) -> str:
        return str(self.render.about(*self.state()))

    def why(self) -> str:
        """The state to show while nothing is in service, or its database does not answer."""
        return "error" if self.service.reloader.failed or self.service.now else "starting"

    def state(self) -> tuple[str, bool, bool]:
        """When the sources were read in, whether they were changed since, whether topics are counted."""
        now = self.service.now
        return now.assistant.created if now else "", self.service.reloader.fresh.stale, self.service.counts.topics

    def listing(self) -> Markup | None:
        """The sources by subject, or None while there are none to list."""
        if self.service.now is None:
            return None
        reader = self.service.now.assistant
        try:
            entries = {source.id: SourceEntry(source, reader.count_of(source.id)) for source in reader.sources}
        except AssistantError as error:  # an answer, a card and the notice are shown without it
            print(f"The sources could not be listed: {type(error).__name__}", file=sys.stderr)
            return None
        groups = [(subject.name, [entries[name] for name in subject.sources]) for subject in self._reviewed.grouped(entries)]
        return self.render.sources(groups, *self.state()[:2])

    # ---- the Gradio page

    def _blocks(self) -> gr.Blocks:
        """The page. Box, button and examples have no events: page.js asks ``/ask`` itself, because Gradio drops a question that
        is asked while another is on its way, and takes the words when it sends them. What has an event is queued."""
        with gr.Blocks(title=self.site.name, analytics_enabled=False, fill_width=True) as demo:
            for name in ("helpbar", "masthead"):
                self._fixed[name] = self._html(self._fixed_text(name), f"k-{name}-slot")
            with gr.Tabs(elem_id="k-tabs"):
                with gr.Tab("Answers", id="answers", elem_id="k-answers-tab"):
                    with gr.Row(elem_id="k-ask", equal_height=True):
                        gr.Textbox(label="Your question", lines=1, max_lines=6, scale=1, interactive=True, container=False,
                                   placeholder="Ask about ketamine", elem_id="k-question")
                        gr.Button("Ask", variant="primary", elem_id="k-ask-button", scale=0)
                    with gr.Row(elem_id="k-chips"):
                        for example in EXAMPLES:
                            gr.Button(example, size="sm", elem_classes="k-chip", scale=0)
                    self._html(self.render.fragment("home"), "k-results")
                with gr.Tab("Sources", id="sources", elem_id="k-sources-tab") as sources_tab:
                    listing = self._html(Markup('<p><a href="/sources">All sources</a></p>'), "k-sources-slot")
                with gr.Tab("About", id="about", elem_id="k-about-tab") as about_tab:
                    about = self._html(Markup('<p><a href="/about">About this page</a></p>'), "k-about-slot")
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

    def _mounted(self) -> Any:
        """Our own routes, with Gradio below them."""
        app = Routes(self).app
        theme = gr.themes.Base(font=["Reading Sans", "system-ui", "sans-serif"], font_mono=["monospace"])
        gr.mount_gradio_app(
            app, self.demo, path="/", theme=theme, footer_links=[], run_history=False, show_error=False,
            max_file_size=1, enable_monitoring=False, ssr_mode=False, pwa=False, mcp_server=False, allowed_paths=[],
            app_kwargs={"openapi_url": None, "docs_url": None, "redoc_url": None})
        mounted: Any = next(inner for route in app.routes if isinstance(inner := getattr(route, "app", None), gr.routes.App))
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

    def admit(self, editors: Editors) -> None:
        """Open /editor, where editors log in and judge answers; closed until then."""
        self.editors, self.app.also = editors, frozenset(("/editor",))


def serve(index: Place, corpus: Path, host: str | None = None, port: int | None = None,
          page: Page | None = None, encoder: str = EXPORTED) -> None:
    """Show the page until the process is told to end. ``page``: one that is made already.

    Raises BadInput (the address is taken, a variable cannot be used) and NoticeMissing (no notice or help lines) before
    anything is loaded.
    """
    host, port = address_from(host, port)
    settings = read_settings(site=read_site(corpus))
    with bound(host, port) as held:
        page = page or make_page(index, corpus, settings=settings, encoder=encoder)
        page.app.hosts = frozenset(settings.hosts_at(host))
        listen(page.app, host, held)


def make_page(index: Place, corpus: Path, settings: Settings | None = None, encoder: str = EXPORTED) -> Page:
    """A page for these two folders. Raises NoticeMissing and BadInput; the index is opened, or built, once it is served."""
    site = read_site(corpus)
    opener, settings = OpenOrBuild(index, corpus, encoder), settings or read_settings(site=site)
    page = Page(index, read_texts(corpus), opener, opener.stop, settings.burst, settings.per_minute, settings.ancestors, site,
                corpus, settings.topics, None if isinstance(index, Database) else opener.words, read_reviewed(corpus),
                lambda: read_regions(corpus))
    page.app.hosts = frozenset(settings.hosts or ())
    editing = from_environment()
    if editing:
        page.admit(Editors(*editing, page.service))
    return page
