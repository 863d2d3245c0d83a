"""Answer -> HTML: one renderer for the page, /plain, /source, /about and the error pages. The only importer of jinja2.

    Answer, sources --views--> CitationView --templates, autoescape--> HTML whose <blockquote> text is citation.exact

Data reaches HTML only through Jinja2 with autoescape. What the service itself says is in ``corpus/*.toml`` (safety, sentences)
and ``messages`` (labels); templates lay it out. What it quotes is never trimmed, joined or shortened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from assistant import messages
from assistant.answering.claims import claims, rests_on
from assistant.corpus.reviewed import BrowseSubject
from assistant.corpus.site_settings import LEAVE_TO, Site, is_https
from assistant.errors import BadInput
from assistant.links import dial, safe_url, text_fragment
from assistant.notices import FixedTexts, Helpline
from assistant.schema import Answer, Citation, Passage, PlacedNote, Reference, Source, Span
from assistant.server.web.addresses import STATIC as STATIC
from assistant.server.web.addresses import Served
from assistant.server.web.middleware.security_headers import NONCE
from assistant.server.web.quotation import quotation_html, quote_html, shown_first
from assistant.server.web.source_view import anchor_at, parts

HERE = Path(__file__).parent
DESCRIPTION = "Ask about ketamine. You get passages from named sources, quoted word for word, and help lines."
SERVED = Served()
COLOURS = "site.css"  # made from site.toml, beside the static files
NO_REGION = "none"  # what a form sends for the region "", which names no number
NUMBER = re.compile(r"(?<![\w-])\+?\d+(?:[- ]\d+)+(?![\w-])")  # digits in groups: a phone number, or harmless


@dataclass(frozen=True)
class CitationView:
    """A citation ready for display."""

    citation: Citation
    quote: Markup  # its text content is ``citation.exact``
    folds: bool  # the marked words may stand alone until the rest is asked for
    stored: str  # path of our stored copy, with the passage marked; empty where no server of ours stands behind
    original: str | None  # the publisher's page, only if the address is a plain http(s) one
    fragment: str | None  # the same, scrolled to the sentence
    reference: str  # the citation in words, for "Copy quotation"
    note: str  # the editor's note in words, for the same; empty when there is none
    rests_on: tuple[Reference, ...] = ()  # the publications behind the marked sentence


@dataclass(frozen=True)
class SourceEntry:
    source: Source
    passages: int


def view(citation: Citation, source: Source | None, places: Served = SERVED) -> CitationView:
    """The citation cut at its highlight, with its links. A highlight outside the quote is left out."""
    low, high = citation.highlight[0] - citation.start, citation.highlight[1] - citation.start
    if not 0 <= low < high <= len(citation.exact):
        low = high = len(citation.exact)
    exact = citation.exact
    stored = places.stored(citation, anchor_at(source.text, citation.start) if source else None)
    original = safe_url(citation.url)
    whole = shown_first(exact, low, high) == (0, len(exact))
    return CitationView(citation, quotation_html(exact, low, high), not whole, stored, original,
                        text_fragment(original, exact[low:high] or exact) if original else None,
                        messages.reference_words(citation, original), messages.note_words(citation.note),
                        rests_on(source, citation.highlight) if source and low < high else ())


def grouped(views: Sequence[CitationView]) -> list[list[CitationView]]:
    """The cards in order, two that do not agree as one group."""
    return [list(group) for _, group in groupby(views, key=lambda view: view.citation.pair or view)]


def numbers_html(text: str) -> Markup:
    """``text`` escaped, its phone numbers in a span that is not broken over two lines; the text content is ``text``."""
    pieces, at = [], 0
    for match in NUMBER.finditer(text):
        pieces += [escape(text[at:match.start()]), Markup('<span class="k-number">{}</span>').format(match[0])]
        at = match.end()
    return Markup("").join([*pieces, escape(text[at:])])


def treatment_lines(lines: Iterable[Helpline]) -> tuple[Helpline, ...]:
    """The line to ask for treatment, where there is one; else the first for somebody in trouble."""
    lines = tuple(lines)
    return next((kind for name in ("treatment-finder", "drugs", "crisis")
                 if (kind := tuple(line for line in lines if line.kind == name))), ())[:1]


def country_choices(regions: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """Region, the value that a form sends for it, and its name; by name, and the one that is no country last."""
    named = [(region, region or NO_REGION, messages.REGION_NAMES.get(region, region)) for region in regions]
    return tuple(sorted(named, key=lambda one: (not one[0], one[2])))


def first_fonts() -> tuple[str, ...]:
    """The addresses, as in page.css, of the fonts that every first view needs: they come beside the stylesheet."""
    named = re.findall(r"fonts/reading-(?:sans|serif-600)\.woff2\?v=\d+", (STATIC / "page.css").read_text("utf-8"))
    return tuple(f"/ui/{name}" for name in named)


def environment() -> Environment:
    """The templates; everything that is filled in is escaped, and a name that is missing is an error."""
    return Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)


class Renderer:
    """Templates bound to the fixed texts. Every full page it makes carries the notice, the helplines and a way out.

    ``site``: name, colours and addresses that the operator chose. Raises BadInput when "Leave this page" would lead nowhere.
    ``places``: the addresses between the pages. ``subjects``: what can be browsed by, in the order of ``sources``.
    ``regions``: whose help lines a reader may choose.
    """

    def __init__(self, texts: FixedTexts, limit: int, site: Site | None = None, places: Served = SERVED,
                 subjects: Sequence[BrowseSubject] = (), regions: Iterable[str] = ()) -> None:
        site = site or Site()
        if not is_https(site.leave_to):
            raise BadInput(f"{site.leave_to!r} is no address to leave to: give one such as {LEAVE_TO}.")
        self.limit, self.site, self._subjects = limit, site, tuple(subjects)
        env = environment()
        env.filters.update(
            quote=quote_html, listed=lambda text: quotation_html(text, len(text), len(text)),
            numbers=numbers_html, safe_url=safe_url, publisher=messages.publisher_words,
            published=messages.published_words, number=messages.number_words, sentence=messages.sentence_case,
            note_source=messages.note_source, tel=lambda digits: dial(digits, "tel"),
            sms=lambda digits: dial(digits, "sms"), kind=lambda kind: messages.KIND_WORDS.get(kind, kind),
            tier=lambda tier: messages.TIER_WORDS.get(tier, tier), whose=messages.whose,
            country=lambda region: messages.REGION_NAMES.get(region, region),
            interest=lambda words: (words or "").replace(messages.UNREVIEWED, "").strip())
        env.globals.update(countries=country_choices(regions), country_in_form=False, description=DESCRIPTION,
                           stylesheet=places.asset("page.css"),
                           script=places.asset("page.js"), leaving=places.asset("leave.js"), nonce=NONCE.get,
                           suggesting=places.asset("suggest.js"), limit=limit, subjects=self._subjects,
                           site=site, places=places,
                           colours=places.asset(COLOURS, site.stylesheet.encode()) if site.stylesheet else "",
                           speaker=messages.speaker, examples=messages.EXAMPLES, fonts=first_fonts(),
                           choosing=places.asset("country.js"))
        self._env, self._places, self.texts = env, places, texts

    def with_texts(self, texts: FixedTexts) -> Renderer:
        """The same with the notice, cards and help lines of the country that a reader chose."""
        other = copy(self)
        other.texts = texts
        return other

    def _fill(self, template: str, **values: object) -> Markup:
        return Markup(self._env.get_template(template).render(**self._fixed(), **values))  # noqa: S704 - escaped by the template

    def _fixed(self) -> dict[str, object]:
        return {"texts": self.texts, "treatment": treatment_lines(self.texts.notice.helplines)}

    def page(self, template: str, **values: object) -> str:
        """A whole page from one of the templates that extend page.html."""
        return str(self._fill(template, **values))

    def part(self, name: str) -> Markup:
        """``helpbar`` or ``notice``, alone."""
        module = self._env.get_template("parts.html").make_module(self._fixed())
        return Markup(getattr(module, name)(self.texts))  # noqa: S704 - escaped by the template

    def fragment(self, name: str) -> Markup:
        """``head``, ``shell``, ``masthead`` or ``home`` of the Gradio page."""
        values: dict[str, object] = {}
        if name == "head":
            values = {"lost": self.state("error"), "busy": self.state("busy")}
        elif name == "shell":
            values = {"home": self.fragment("home")}
        return self._fill(f"{name}.html", **values)

    def answer(self, answer: Answer, sources: Mapping[str, Source], interactive: bool = True, served: bool = True, *,
               subject: str = "", neighbours: Sequence[str] = ()) -> Markup:
        """The cards of one answer. ``interactive``: with the buttons that need page.js. ``served``: with links into our pages.

        ``subject``: the title that the question was asked with, because it leans on the one before. ``neighbours``: questions
        that have an answer, where this one has none.
        """
        views = [view(citation, sources.get(citation.source_id), self._places) for citation in answer.citations]
        views = views if served else [replace(shown, stored="") for shown in views]
        return self._fill("answer.html", answer=answer, views=views, groups=grouped(views), interactive=interactive,
                          served=served, heading=messages.heading(answer), searched=messages.also_searched(answer.terms),
                          mended=messages.searched_for(answer.corrected), subject=subject, neighbours=tuple(neighbours),
                          unreviewed=any(messages.UNREVIEWED in (cited.interest or "") for cited in answer.citations),
                          summary=messages.summary(answer.citations, answer.confidence))

    def alone(self, answer: Answer) -> str:
        """One answer with its notice as HTML that needs neither our server nor a script, for a notebook."""
        return str(self._fill("notebook.html", results=self.answer(answer, {}, interactive=False, served=False)))

    def state(self, name: str, text: str = "") -> Markup:
        """A card that is no answer: ``starting``, ``busy``, ``error``, or ``question`` with what is wrong with it."""
        heading, fixed = messages.STATES[name]
        return self._fill("state.html", name=name, heading=heading, text=text or fixed)

    def sources(self, groups: Iterable[tuple[str, Sequence[SourceEntry]]], created: str = "", stale: bool = False) -> Markup:
        """The sources by subject. ``created``: when they were read in. ``stale``: the texts on disk were changed since."""
        groups = tuple(groups)
        return self._fill("sources.html", groups=groups, total=sum(len(entries) for _, entries in groups),
                          created=messages.day_words(created), stale=stale)

    def about(self, created: str = "", stale: bool = False, topics: bool = False) -> Markup:
        """What this service is and is not. ``created``: when the sources were read in, empty while they are not.

        ``stale``: the texts on disk were changed since. ``topics``: what unanswered questions are about is counted.
        """
        return self._fill("about.html", created=messages.day_words(created), stale=stale, topics=topics,
                          contact=getattr(self.texts, "contact", ""), tiers=tuple(messages.TIER_WORDS.values()))

    def about_page(self, created: str = "", stale: bool = False, topics: bool = False) -> str:
        return str(self._fill("about_page.html", about=self.about(created, stale, topics)))

    def plain(self, question: str = "", results: Markup | None = None, sources: Markup | None = None,
              urgent: bool = False, helped: bool = False, about: str = "") -> str:
        """The whole page without JavaScript. An urgent card stands above everything else. ``helped``: ask whether it did.

        ``about``: id of the source that these results came from, for a question that leans on this one.
        """
        return self._fill("plain.html", question=question, results=results or "", sources=sources or "",
                          urgent_first=urgent, about=about, helped=helped and self.site.did_this_help, country_in_form=True)

    def source(self, source: Source, passages: Iterable[Passage] = (), passage: Span | None = None,
               sentence: Span | None = None, notes: Sequence[PlacedNote] = ()) -> str:
        """The stored text as a page of its own, a passage and its best sentence marked, each note above its words."""
        shown = parts(source.text, (one.heading for one in passages), passage, sentence, notes,
                      {claim.end: claim.references for claim in claims(source)})
        if shown and shown[0].heading and not shown[0].notes and shown[0].pieces[0].text == source.title:
            shown = shown[1:]  # the page has it as its own heading
        return self._fill("source.html", source=source, parts=shown)

    def editor(self, values: Mapping[str, object]) -> str:
        """The page for editors: to log in, to ask, and to say whether the answer was right."""
        return str(self._fill("editor.html", **values))

    def error(self, status: int, state: str = "") -> str:
        """Our page for an HTTP error; a status without words of its own gets those of 500. ``state``: words of a state."""
        heading, text = messages.STATES[state] if state else messages.ERRORS.get(status, messages.ERRORS[500])
        return self._fill("error.html", heading=heading, text=text)
