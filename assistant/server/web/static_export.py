"""published index -> a book of answers in plain files: no server, no request off the disk, one script, which leaves it.

    index.html        subjects, and their sources    answers-<source>.html   the questions of each passage, and its quote
    questions.html    reviewed questions by subject  source-<source>.html    the stored text, notes above their words
    sources.html      who is speaking                help.html, about.html   cards for emergencies; what this book is
    left.html         an empty page, where "Leave this page" leads

The same renderer and templates as the page; the notice and the help lines stand on every page. Each quote is cut again from
its source and matched with its hash, and once more after it was written as HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from markupsafe import escape

from assistant.answering.countries import is_quotable
from assistant.answering.quotations import Quotations
from assistant.answering.suggestions import questions_of
from assistant.corpus.fixed_texts import read_site
from assistant.corpus.reader import read_corpus
from assistant.corpus.reviewed import Reviewed, read_reviewed
from assistant.errors import AssistantError, IndexCorrupt
from assistant.index.inputs import stale_sources
from assistant.index.location import Place
from assistant.index.serialization import WAY_OUT
from assistant.index.text_index import TextIndex
from assistant.schema import Citation, Passage, Source
from assistant.screening.labels import DANGERS
from assistant.server.web.addresses import STATIC, Book
from assistant.server.web.rendering import COLOURS, CitationView, Renderer, SourceEntry, view
from assistant.server.web.static_folder import refuse_foreign, write_folder

MOST_QUESTIONS = 3  # of a passage that are listed
LEAVING = "leave.js"


@dataclass(frozen=True)
class Entry:
    """One passage as the book shows it: its questions, then its card."""

    anchor: str
    heading: str
    questions: tuple[str, ...]
    view: CitationView


@dataclass(frozen=True)
class Chapter:
    """The passages of one source. ``address``: the file that they stand in."""

    source: Source
    address: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Written:
    """What an export did. ``stale``: names of what was changed in the corpus after the index was built."""

    pages: int
    citations: int
    questions: int
    generation: str
    stale: tuple[str, ...] = ()


def write_book(index: Place, corpus: Path, target: Path) -> Written:
    """Write the book of what is published in ``index`` into the folder ``target``.

    Raises IndexMissing, IndexCorrupt, CorpusError, NoticeMissing, BuildFailed, or BadInput: ``target`` is somebody else's.
    """
    refuse_foreign(target)
    text_index, site, reviewed = TextIndex.open_whole(index), read_site(corpus), read_reviewed(corpus)
    reader, places = Quotations(text_index), Book()
    render = Renderer(text_index.texts, 0, site, places, reviewed.subjects)
    chapters = tuple(_chapters(reader, places, reviewed.questions))
    if reader.withheld:
        raise IndexCorrupt(f"{reader.withheld} passages in {index} are not what was indexed: {WAY_OUT}")
    pages = dict(_pages(reader, render, places, chapters, reviewed))
    citations = [entry.view.citation for chapter in chapters for entry in chapter.entries]
    _prove(pages, chapters)
    files = {name: html.encode("utf-8") for name, html in pages.items()}
    files |= {f"ui/{path.relative_to(STATIC).as_posix()}": path.read_bytes() for path in sorted(STATIC.rglob("*"))
              if path.is_file() and (path.suffix != ".js" or path.name == LEAVING)}
    if site.stylesheet:
        files[f"ui/{COLOURS}"] = site.stylesheet.encode()
    write_folder(target, files, {"generation": text_index.name, "created": text_index.created,
                                 "receipts": [citation.receipt for citation in citations]})
    questions = sum(len(entry.questions) for chapter in chapters for entry in chapter.entries)
    return Written(len(pages), len(citations), questions, text_index.name, _stale(corpus, text_index))


def _chapters(reader: Quotations, places: Book, reviewed: Mapping[str, str]) -> Iterator[Chapter]:
    """Fact sheets first, then the others, each in the order of the index."""
    for source in sorted(reader.sources, key=lambda source: source.kind != "fact-sheet"):
        passages = {(passage.start, passage.end): passage for passage in reader.passages_of(source.id)}
        entries = [_entry(cited, passages[cited.start, cited.end], source, places, reviewed)
                   for cited in reader.quotations(source.id) if is_quotable(cited.exact, reader.texts)]
        if entries:
            yield Chapter(source, places.answers(source.id), tuple(entries))


def _entry(cited: Citation, passage: Passage, source: Source, places: Book, reviewed: Mapping[str, str]) -> Entry:
    return Entry(f"a{cited.start}", cited.heading or source.title, questions_of(passage, reviewed)[:MOST_QUESTIONS],
                 view(cited, source, places))


def _pages(reader: Quotations, render: Renderer, places: Book, chapters: Sequence[Chapter],
           reviewed: Reviewed) -> Iterator[tuple[str, str]]:
    """File name and HTML of every page."""
    entries = {source.id: SourceEntry(source, len(reader.passages_of(source.id))) for source in reader.sources}
    listing = [(subject.name, [entries[name] for name in subject.sources]) for subject in reviewed.grouped(entries)]
    by_id = {chapter.source.id: chapter for chapter in chapters}
    groups = [(subject.name, [by_id[name] for name in subject.sources]) for subject in reviewed.grouped(by_id)]
    yield places.home, render.page("book_contents.html", groups=groups)
    yield "questions.html", render.page("book_questions.html", groups=groups)
    yield "sources.html", render.page("book_sources.html", sources=render.sources(listing, reader.created))
    yield places.left, render.page("book_left.html")
    cards = [reader.texts.cards[kind] for kind in DANGERS if kind in reader.texts.cards]
    yield "help.html", render.page("book_help.html", cards=cards, languages=[
        language for language in reader.texts.languages.values() if language.cards])
    yield "about.html", render.about_page(reader.created)
    for chapter in chapters:
        yield chapter.address, render.page("book_answers.html", chapter=chapter)
    for source in reader.sources:
        yield places.source(source.id), render.source(source, reader.passages_of(source.id), notes=reader.notes_of(source.id))


class _Quotes(HTMLParser):
    """The text content of every blockquote of a page, as a browser has it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "blockquote":
            self._inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "blockquote"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def _prove(pages: dict[str, str], chapters: Sequence[Chapter]) -> None:
    """Read the written pages again: each quote, letter for letter, with its receipt once. Raises IndexCorrupt."""
    for chapter in chapters:
        html = pages[chapter.address]
        quotes = _Quotes()
        quotes.feed(html)
        cited = [entry.view.citation for entry in chapter.entries]
        if quotes.found != [citation.exact for citation in cited] or any(
                html.count(str(escape(citation.receipt))) != 1 for citation in cited):
            raise IndexCorrupt(f"A quote of {chapter.source.id} did not come out as it stands in its source: {WAY_OUT}")


def _stale(corpus: Path, text_index: TextIndex) -> tuple[str, ...]:
    try:
        return tuple(stale_sources(read_corpus(corpus), text_index.inputs))
    except AssistantError:  # the book is of what is published; a corpus that is being edited is no fault of it
        return ()
