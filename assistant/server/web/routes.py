"""request -> the reply of one of our own addresses: answers, sources, /plain, /about, health. The only importer of fastapi.

    GET  /healthz /readyz /favicon.ico /about /sources /source/<id> /plain /plain/<name> /ui/site.css /ui/suggestions.json
    GET  /lines/<country>   help lines and notice of a country, for country.js
    POST /ask /plain        q: the question; about: id of the source that the answer before came from; country: whose help lines
    POST /helped            helped: yes or no, where site.toml wants that counted
    both /editor            where it is open
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from markupsafe import Markup

from assistant.answering.citation_formats import BIBLIOGRAPHIES, entry_of
from assistant.errors import AssistantError
from assistant.schema import Answer, Source, Span
from assistant.server.editors import COOKIE
from assistant.server.service import Found
from assistant.server.web.addresses import STATIC, SUGGESTIONS
from assistant.server.web.kept_answers import KeptAnswer, KeptAnswers
from assistant.server.web.middleware.guard import TRY_AGAIN
from assistant.server.web.middleware.throttling import ConcurrencyLimit
from assistant.server.web.rendering import COLOURS, NO_REGION

if TYPE_CHECKING:
    from assistant.server.web.page import Page

QUEUE = 64  # questions that may wait; the next visitor is told that many people are asking
AT_ONCE = 2  # questions looked up at the same time
BUSY: Found = ("busy", "")


class Routes:
    """The handlers of one page. ``app``: a FastAPI with all of them; Gradio is mounted below."""

    def __init__(self, page: Page) -> None:
        self._page, self._service = page, page.service
        self._limit = ConcurrencyLimit(AT_ONCE, QUEUE)
        self._kept = KeptAnswers()
        self.app = self._routes()

    def _routes(self) -> FastAPI:
        @asynccontextmanager
        async def life(_: FastAPI) -> AsyncIterator[None]:
            self._service.start()
            yield
            self._service.stop()
            self._page.on_stop()

        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=life)
        reads: dict[str, Callable[..., Any]] = {
                "/healthz": self._healthz, "/readyz": self._readyz, "/favicon.ico": self._icon, "/about": self._about,
                "/sources": self._sources, "/source/{source_id}": self._source, "/plain": self._plain_form,
                "/plain/{name}": self._plain_kept, "/lines/{country}": self._lines, f"/ui/{COLOURS}": self._colours,
                f"/ui/{SUGGESTIONS}": self._suggestions}
        for path, handler in reads.items():
            app.add_api_route(path, handler, methods=["GET", "HEAD"])
        app.add_api_route("/plain", self._plain_answer, methods=["POST"])
        app.add_api_route("/ask", self._ask, methods=["POST"])
        app.add_api_route("/helped", self._helped, methods=["POST"])
        app.add_api_route("/editor", self._editor, methods=["GET", "HEAD", "POST"])
        app.mount("/ui", StaticFiles(directory=STATIC))
        return app

    # ---- how the service is

    def _healthz(self) -> Response:
        """Always green while the process is up; ``search`` tells an open page when it may ask again."""
        return JSONResponse({"up": True, "search": self._service.search})

    def _readyz(self) -> Response:
        """Green only while a verified generation answers and has never withheld a passage; ``search`` says how questions are
        answered meanwhile: by words alone, or not at all."""
        why, reloader, assistant = self._service.why_not_ready, self._service.reloader, self._service.assistant
        state: dict[str, Any] = {"ready": not why, "search": self._service.search} | ({"why": why} if why else {})
        if assistant is not None:
            state |= {"generation": assistant.generation, "created": assistant.created,
                      "withheld": getattr(assistant, "withheld", 0), "corpus_newer": reloader.fresh.stale,
                      "refused": reloader.refused or None}
        return JSONResponse(state, 503 if why else 200)

    # ---- what can be read

    def _icon(self) -> Response:
        return Response((STATIC / "icon.svg").read_bytes(), media_type="image/svg+xml")

    def _colours(self) -> Response:
        return Response(self._page.site.stylesheet, media_type="text/css")

    def _suggestions(self) -> Response:
        return JSONResponse([one.question for one in self._page.suggestions().all])

    def _about(self) -> Response:
        return HTMLResponse(self._page.render.about_page(*self._page.state()))

    def _sources(self) -> Response:
        listing = self._page.listing()
        if listing is None:
            return HTMLResponse(self._page.render.error(503, self._page.why()), 503)
        return HTMLResponse(self._page.render.page("sources_page.html", sources=listing))

    def _source(self, source_id: str, at: str = "", best: str = "", cite: str = "") -> Response:
        now, render = self._service.now, self._page.render
        if now is None:
            return HTMLResponse(render.error(503, self._page.why()), 503)
        try:
            source = now.sources.get(source_id)
            if source is None:
                status = 500 if source_id in now.sources else 404  # it is there, and not what was indexed
                return HTMLResponse(render.error(status), status)
            if cite in BIBLIOGRAPHIES:
                written, media_type = BIBLIOGRAPHIES[cite]
                return Response(written([entry_of(source)]), media_type=media_type)
            return HTMLResponse(render.source(source, now.assistant.passages_of(source.id), span(at, source),
                                              span(best, source), now.assistant.notes_of(source.id)))
        except AssistantError as error:  # it cannot be proved, or its database does not answer
            print(f"A source could not be shown: {type(error).__name__}", file=sys.stderr)
            return HTMLResponse(render.error(503, "error"), 503)

    # ---- asking

    def _plain_form(self) -> Response:
        return HTMLResponse(self._page.plain())

    def _plain_kept(self, name: str) -> Response:
        kept = self._kept.get(name)
        if kept is None:
            return HTMLResponse(self._page.plain("", self._page.render.state("forgotten")), 404)
        return self._plain_page(kept)

    async def _plain_answer(self, request: Request) -> Response:
        """The page itself, or for our own forms, which say ``keep``, the address that it is kept at. Who asks nothing and only
        chooses a country gets the form with that country's help lines."""
        form = await form_of(request)
        if form["lines"] and not form["q"].strip():
            return RedirectResponse(f"/plain/{self._kept.keep(KeptAnswer('', None, region=region_of(form['country'])))}", 303)
        found, results = await self._in_line(form, False)
        status = 200 if isinstance(found, Answer) else {"question": 400, "error": 500, "starting": 503, "busy": 503}[found[0]]
        if not isinstance(found, Answer) and self._service.reloader.failed:
            status = 503
        kept = KeptAnswer(form["q"], results, status, isinstance(found, Answer) and found.status == "urgent",
                          region_of(form["country"]), isinstance(found, Answer), source_of(found))
        if form["keep"]:
            return RedirectResponse(f"/plain/{self._kept.keep(kept)}", 303)
        reply = self._plain_page(kept)
        if found == BUSY:
            reply.headers["retry-after"] = TRY_AGAIN[503].decode()
        return reply

    def _plain_page(self, kept: KeptAnswer) -> Response:
        return HTMLResponse(self._page.plain(kept.question, kept.results, kept.urgent, kept.region, kept.helped,
                                             kept.about),
                            kept.status)

    async def _ask(self, request: Request) -> Response:
        """What page.js shows: the cards of one answer, or one that says why there is none. 503 only when the line is full."""
        found, results = await self._in_line(await form_of(request), True)
        return HTMLResponse(results, 503 if found == BUSY else 200)

    async def _in_line(self, form: dict[str, str], interactive: bool) -> tuple[Found, Markup]:
        """What was found when its turn came, and its HTML; BUSY when the line is full."""
        async with self._limit.enter() as turn:
            if turn:
                return await asyncio.to_thread(self._page.answer_html, form["q"], interactive, form["about"],
                                               region_of(form["country"]))
        self._service.counts.add(BUSY, self._service.texts)
        return BUSY, self._page.render.state("busy")

    def _lines(self, country: str) -> Response:
        region = region_of(country)
        if region not in self._service.regions:
            return HTMLResponse(self._page.render.error(404), 404)
        render = self._page.render_in(region)
        return HTMLResponse(render.part("helpbar") + render.part("notice"))

    async def _helped(self, request: Request) -> Response:
        """Count a press. The page of our own is for who has no script."""
        helped = (await form_of(request))["helped"]
        if not self._page.site.did_this_help or helped not in ("yes", "no"):
            return HTMLResponse(self._page.render.error(404), 404)
        self._service.counts.press(helped == "yes")
        return HTMLResponse(self._page.render.page("thanks.html"))

    # ---- editors

    async def _editor(self, request: Request) -> Response:
        editors, render = self._page.editors, self._page.render
        if editors is None:
            return HTMLResponse(render.error(404), 404)
        cookie, client = request.cookies.get(COOKIE, ""), request.client.host if request.client else ""
        if request.method == "POST":
            fields = parse_qs((await request.body()).decode("utf-8", "replace"))
            reply = await asyncio.to_thread(editors.post, {name: values[0] for name, values in fields.items()}, cookie, client)
        else:
            reply = editors.get(cookie)
        if request.method == "POST" and "keep" in fields and editors.keep(cookie, reply):
            html: Response = RedirectResponse("/editor", 303)
        else:
            html = HTMLResponse(render.editor(reply.values), reply.status)
        if reply.cookie is not None:
            html.set_cookie(COOKIE, reply.cookie, max_age=None if reply.cookie else 0, path="/editor", httponly=True,
                            samesite="strict", secure=request.url.scheme == "https")
        return html


async def form_of(request: Request) -> dict[str, str]:
    """The fields of our own forms; empty where one was not sent."""
    fields = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    return {name: fields.get(name, [""])[0] for name in ("q", "about", "keep", "country", "lines", "helped")}


def source_of(found: Found | Answer) -> str:
    """The id of the source of the first passage; empty where there is none."""
    return found.citations[0].source_id if isinstance(found, Answer) and found.citations else ""


def region_of(country: str) -> str | None:
    """The region that a form names: None for none chosen."""
    return None if not country else "" if country == NO_REGION else country


def span(text: str, source: Source) -> Span | None:
    """``"812-1190"`` as a span inside ``source.text``, or None when it is none."""
    match = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text)
    if not match:
        return None
    start, end = int(match[1]), int(match[2])
    return (start, end) if start < end <= len(source.text) else None
