"""Answer -> HTML: one renderer for the page, /plain, /source and the error pages. Owns jinja2.

    Answer, sources --views--> CardView --templates, autoescape--> HTML whose <blockquote> text is citation.exact

Data reaches HTML only through Jinja2 with autoescape. What the service itself says stands in the templates and
in the tables below; what it quotes is never trimmed, joined or shortened.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote as percent

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from assistant.schema import Answer, Citation, FixedTexts, Helpline, Passage, Source, Span

HERE = Path(__file__).parent
STATIC = HERE / "static"
DESCRIPTION = "Ask about ketamine. You get passages from named sources, quoted word for word, and help lines."
CLOSE = 0.8  # calibrated confidence from which the first passage is called a close match; wording only
FRAGMENT_WORDS = 5  # words at each end of a text-fragment link; a shorter sentence is given whole

KIND_WORDS = {
    "fact-sheet": "fact sheet, our own words",
    "digest": "digest of another publisher’s article, our own words",
    "government": "government",
    "study": "research study",
    "charity": "charity",
    "provider": "treatment provider",
    "unknown": "publisher unknown",
}
TIER_WORDS = {
    "T1": "T1: rests on the references it lists",
    "T2": "T2: government or research",
    "T3": "T3: charity",
    "T4": "T4: rests on a provider’s own claims",
    "T5": "T5: origin unclear",
    "unreviewed": "not reviewed by us",
}
STATES = {
    "starting": ("Still starting", "The sources are being loaded. Please try again in a few seconds."),
    "busy": ("Many people are asking", "Please try again in a minute. "
             "If you need help now, call one of the help lines."),
    "error": ("Something went wrong", "We could not look that up. Please try again. "
              "If you need help now, call one of the help lines."),
    "question": ("Please change your question", ""),
}
ERRORS = {
    404: ("Page not found", "There is no page at this address."),
    405: ("Page not found", "There is no page at this address."),
    413: ("That is too long", "Please ask a shorter question."),
    429: ("Please wait a moment", "Too many questions came from your address. Try again in a minute. "
          "If you need help now, call one of the help lines."),
    500: ("Something went wrong", "This is our fault, not yours. Please try again. "
          "If you need help now, call one of the help lines."),
    503: ("Still starting", "The sources are not loaded yet. Please try again in a few seconds."),
}

SAFE_URL = re.compile(r"https?://[^\s\"'<>`\\]+", re.IGNORECASE)
HEADING = re.compile(r"#{1,6}[ \t]+(.*?)[ \t#]*$")
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)  # an editor's remark: stored, not shown
ITEM = re.compile(r"\s*(?:[-*+•●◦▪‣–—]\s|\d{1,3}[.)]\s)")
HARD_WRAP = 125  # a text without any longer line, and with blank lines, is taken to be wrapped by hand


@dataclass(frozen=True)
class CardView:
    """A citation cut for display: ``before + marked + after == citation.exact``."""

    citation: Citation
    before: str
    marked: str
    after: str
    stored: str  # path of our stored copy, with the passage marked
    original: str | None  # the publisher's page, only if the address is a plain http(s) one
    fragment: str | None  # the same, scrolled to the sentence
    reference: str  # the citation in words, for "Copy quotation"


@dataclass(frozen=True)
class Paragraph:
    """A piece of a source between line breaks; ``number`` counts from 1 and is its id on the page."""

    number: int
    start: int
    end: int
    heading: bool = False


@dataclass(frozen=True)
class Piece:
    text: str
    marked: bool


@dataclass(frozen=True)
class Part:
    """A paragraph ready for the template; the texts of ``pieces`` join to the stored text."""

    number: int
    pieces: tuple[Piece, ...]
    heading: bool
    classes: str


@dataclass(frozen=True)
class SourceEntry:
    source: Source
    passages: int


def safe_url(url: str | None) -> str | None:
    """The address if it is plain http or https without quotes, spaces or angle brackets, else None."""
    return url if url and SAFE_URL.fullmatch(url) else None


def text_fragment(url: str, sentence: str) -> str:
    """``url`` with a text fragment that makes the browser scroll to ``sentence``.

    Example: ``text_fragment("https://a.org", "One two.")`` is ``https://a.org#:~:text=One%20two.``
    """
    words = sentence.replace("**", "").split()
    if not words:
        return url
    whole = len(words) <= 2 * FRAGMENT_WORDS
    ends = [words] if whole else [words[:FRAGMENT_WORDS], words[-FRAGMENT_WORDS:]]
    # "-" has a meaning inside a text fragment, so it is encoded too
    encoded = [percent(" ".join(part), safe="").replace("-", "%2D") for part in ends]
    return url + ("" if "#" in url else "#") + ":~:text=" + ",".join(encoded)


def paragraphs(text: str, headings: Iterable[str] = ()) -> tuple[Paragraph, ...]:
    """The non-empty lines of ``text`` as spans, in order; lines of a hand-wrapped paragraph are joined."""
    known = {heading.strip() for heading in headings if heading.strip()}
    wrapped = "\n\n" in text and all(len(line) <= HARD_WRAP for line in text.split("\n"))
    spans: list[tuple[int, int, bool]] = []  # joined without a look at ``headings``: numbers must not depend on them
    at, fresh = 0, True
    shown = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)  # of the same length: offsets stay
    for line in shown.split("\n"):
        start, end = at + len(line) - len(line.lstrip()), at + len(line.rstrip())
        at += len(line) + 1
        if start >= end:
            fresh = True
            continue
        mark = HEADING.match(text[start:end])
        if mark:
            spans.append((start + mark.start(1), start + mark.end(1), True))
        elif wrapped and not fresh and not spans[-1][2] and not ITEM.match(line):
            spans[-1] = (spans[-1][0], end, False)
        else:
            spans.append((start, end, False))
        fresh = False
    return tuple(Paragraph(number, start, end, mark or text[start:end] in known)
                 for number, (start, end, mark) in enumerate(spans, 1))


def paragraph_at(text: str, offset: int) -> int:
    """The number of the paragraph that holds ``offset``, or of the next one. 1 if there is none."""
    return next((part.number for part in paragraphs(text) if offset < part.end), 1)


def parts(text: str, headings: Iterable[str] = (), passage: Span | None = None,
          sentence: Span | None = None) -> tuple[Part, ...]:
    """``text`` as paragraphs, those of ``passage`` given the class ``k-here`` and ``sentence`` cut out as marked."""
    result = []
    for part in paragraphs(text, headings):
        inside = passage is not None and part.start < passage[1] and passage[0] < part.end
        low, high = sentence or (0, 0)
        low, high = max(low, part.start), min(high, part.end)
        if low < high:
            cut = [(part.start, low, False), (low, high, True), (high, part.end, False)]
        else:
            cut = [(part.start, part.end, False)]
        pieces = tuple(Piece(text[a:b], marked) for a, b, marked in cut if a < b)
        item = ITEM.match(text[part.start:part.end])
        classes = " ".join(name for name, on in (("k-item", item), ("k-here", inside)) if on)
        result.append(Part(part.number, pieces, part.heading and len(pieces) == 1, classes))
    return tuple(result)


def view(citation: Citation, source: Source | None) -> CardView:
    """The citation cut at its highlight, with its links. A highlight outside the quote is left out."""
    low, high = citation.highlight[0] - citation.start, citation.highlight[1] - citation.start
    if not 0 <= low < high <= len(citation.exact):
        low = high = len(citation.exact)
    exact = citation.exact
    anchor = f"#p{paragraph_at(source.text, citation.start)}" if source else ""
    stored = (f"/source/{percent(citation.source_id, safe='')}?at={citation.start}-{citation.end}"
              f"&best={citation.highlight[0]}-{citation.highlight[1]}{anchor}")
    original = safe_url(citation.url)
    about = (citation.title, publisher_words(citation.publisher),
             f"section “{citation.heading}”" if citation.heading else "", published_words(citation.published),
             original or "")
    return CardView(citation, exact[:low], exact[low:high], exact[high:], stored, original,
                    text_fragment(original, exact[low:high] or exact) if original else None,
                    ". ".join(part for part in about if part))


def quote_html(text: str) -> Markup:
    """``text`` escaped so that its text content is ``text`` itself: the parser would turn a bare \\r into \\n."""
    return escape(text).replace("\r", Markup("&#13;"))


def publisher_words(publisher: str) -> str:
    return "Publisher unknown" if publisher.strip().lower() in ("", "unknown") else publisher


def published_words(published: str | None) -> str:
    return published or "no date given"


def number_words(line: Helpline) -> str:
    """The number as printed in ``line.contact``, or the bare digits."""
    found = re.search(r"\d[\d ()-]*\d", line.contact)
    return found.group() if found else (line.tel or line.sms or "")


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def dial(digits: str, scheme: str) -> str:
    return scheme + ":" + re.sub(r"[^\d+]", "", digits)


def summary(citations: tuple[Citation, ...], confidence: float) -> str:
    """What stands above the passages, with the confidence in words."""
    count, sources = len(citations), len({citation.source_id for citation in citations})
    found = f"{count} passage{'' if count == 1 else 's'} from {'one source' if sources == 1 else f'{sources} sources'}."
    match = "close" if confidence >= CLOSE else "fair"
    first = f" {'It' if count == 1 else 'The first'} is a {match} match." if confidence else ""
    return f"{found}{first} The words are the source{'’s' if sources == 1 else 's’'} own."


def asset(name: str) -> str:
    """The address of a static file, with a hash so that it may be cached for ever."""
    return f"/ui/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


class Renderer:
    """Templates bound to the fixed texts. Every full page it makes carries the notice and the helplines."""

    def __init__(self, texts: FixedTexts, limit: int) -> None:
        self.limit = limit
        env = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
                          trim_blocks=True, lstrip_blocks=True)
        env.filters.update(
            quote=quote_html, safe_url=safe_url, publisher=publisher_words, published=published_words,
            number=number_words, sentence=sentence_case, tel=lambda digits: dial(digits, "tel"),
            sms=lambda digits: dial(digits, "sms"), kind=lambda kind: KIND_WORDS.get(kind, kind),
            tier=lambda tier: TIER_WORDS.get(tier, tier))
        env.globals.update(texts=texts, description=DESCRIPTION, stylesheet=asset("page.css"), script=asset("page.js"))
        self._env = env

    def _fill(self, template: str, **values: object) -> Markup:
        return Markup(self._env.get_template(template).render(**values))  # noqa: S704 - escaped by the template

    def part(self, name: str) -> Markup:
        """``helpbar`` or ``notice``, alone."""
        module = self._env.get_template("parts.html").make_module({})
        return Markup(getattr(module, name)(self._env.globals["texts"]))  # noqa: S704 - escaped by the template

    def fragment(self, name: str) -> Markup:
        """``head``, ``noscript``, ``masthead`` or ``home`` of the Gradio page."""
        values = {"lost": self.state("error"), "busy": self.state("busy")} if name == "masthead" else {}
        return self._fill(f"{name}.html", **values)

    def answer(self, answer: Answer, sources: Mapping[str, Source], interactive: bool = True) -> Markup:
        """The cards of one answer. ``interactive``: with the buttons that need page.js."""
        views = [view(citation, sources.get(citation.source_id)) for citation in answer.citations]
        return self._fill("answer.html", answer=answer, views=views, interactive=interactive,
                          summary=summary(answer.citations, answer.confidence))

    def state(self, name: str, text: str = "") -> Markup:
        """A card that is no answer: ``starting``, ``busy``, ``error``, or ``question`` with what is wrong with it."""
        heading, fixed = STATES[name]
        return self._fill("state.html", name=name, heading=heading, text=text or fixed)

    def sources(self, entries: Iterable[SourceEntry]) -> Markup:
        return self._fill("sources.html", sources=tuple(entries))

    def plain(self, question: str = "", results: Markup | None = None, sources: Markup | None = None,
              urgent: bool = False) -> str:
        """The whole page without JavaScript. An urgent card stands above the form."""
        return self._fill("plain.html", question=question, results=results or "", sources=sources or "",
                          urgent_first=urgent, limit=self.limit)

    def source(self, source: Source, passages: Iterable[Passage] = (), passage: Span | None = None,
               sentence: Span | None = None) -> str:
        """The stored text as a page of its own, a passage and its best sentence marked."""
        shown = parts(source.text, (found.heading for found in passages), passage, sentence)
        if shown and shown[0].heading and shown[0].pieces[0].text == source.title:
            shown = shown[1:]  # the page has it as its own heading
        return self._fill("source.html", source=source, parts=shown)

    def error(self, status: int) -> str:
        """Our page for an HTTP error; a status without words of its own gets those of 500."""
        heading, text = ERRORS.get(status, ERRORS[500])
        return self._fill("error.html", heading=heading, text=text)
