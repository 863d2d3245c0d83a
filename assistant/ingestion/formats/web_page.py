"""bytes of a web page, saved or fetched -> Document: its main text only. The only importer of readability."""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
from collections.abc import Callable, Iterator
from typing import Any

from assistant.ingestion.document import Document, UnreadableDocument, tidy
from assistant.ingestion.formats.html_elements import walk
from assistant.ingestion.formats.html_tree import page_tree, tag_of, text_of
from assistant.ingestion.formats.html_words import is_furniture

MAIN_SHARE = 0.3  # of a page's words that its <main> must hold to be believed
DATES = ("article:published_time", "article:modified_time", "citation_publication_date", "citation_date", "dcterms.date",
         "dcterms.issued", "dc.date", "date", "last-modified")
AROUND = "parts around the main text"
NUMBERED = "data-number"
SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")


def read_html(raw: bytes | str) -> Document:
    root = page_tree(raw)
    if root is None:
        raise UnreadableDocument("holds no text.")
    document = Document(language=tidy(root.get("lang") or ""))
    _head(root, document)
    saved = SAVED_FROM.search(raw[:4096] if isinstance(raw, bytes) else raw[:4096].encode())
    if saved:
        document.url = saved[1].decode("ascii", "replace")
    bodies = list(root.iter("body")) or [root]
    around = set(_around(root, bodies[0]))
    for body in bodies:
        walk(body, document, around=around)
    document.layer = ["\n".join(text_of(body) for body in bodies)]
    words = sum(len(text.split()) for name, _, text in document.left_out if name == AROUND)
    document.dropped.pop(AROUND, None)
    if words:
        document.dropped["words around the main text"] = words
    return document


def _around(root: Any, body: Any) -> Iterator[Any]:
    """The largest elements that hold nothing of the main text."""
    mains = [element for element in root.iter() if tag_of(element) == "main" or element.get("role") == "main"]
    mains = mains or list(root.iter("article"))
    if len(mains) == 1 and _words(mains[0]) >= MAIN_SHARE * _words(body):
        yield from _outside(body, set(mains), lambda element: True)
        return
    held = _held_by_readability(root)
    if sum(_own_words(element) for element in held) >= MAIN_SHARE * _words(body):
        yield from _outside(body, held, is_furniture)


def _outside(element: Any, held: set[Any], furniture: Callable[[Any], bool]) -> Iterator[Any]:
    for child in element:
        if not tag_of(child) or child in held:
            continue
        if any(inner in held for inner in child.iter()):
            yield from _outside(child, held, furniture)
        elif furniture(child):
            yield child


def _held_by_readability(root: Any) -> set[Any]:
    """The elements of the page, by a number that each is given, that readability takes for its main text."""
    from lxml import html
    from readability import Document as MainText

    elements = [element for element in root.iter() if tag_of(element)]
    for number, element in enumerate(elements):
        element.set(NUMBERED, str(number))
    try:
        summary = page_tree(MainText(html.tostring(root, encoding="unicode")).summary())
    except Exception:
        summary = None
    held = {elements[int(element.get(NUMBERED))] for element in (summary.iter() if summary is not None else ())
            if tag_of(element) and element.get(NUMBERED) and (element.text or "").strip()}
    for element in elements:
        del element.attrib[NUMBERED]
    return held


def _words(element: Any) -> int:
    return len(text_of(element).split())


def _own_words(element: Any) -> int:
    return len((element.text or "").split()) + sum(len((child.tail or "").split()) for child in element)


def _head(root: Any, document: Document) -> None:
    """Title, publisher, address and date as a page tells them to search engines."""
    said: dict[str, str] = {}
    for meta in root.iter("meta"):
        said.setdefault((meta.get("property") or meta.get("name") or "").lower(), tidy(meta.get("content") or ""))
    document.title = said.get("og:title") or tidy(next((title.text or "" for title in root.iter("title")), ""))
    document.publisher = said.get("og:site_name") or said.get("citation_publisher") or said.get("dc.publisher") or ""
    links = [link.get("href") or "" for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    document.url = next((url for url in (*links, said.get("og:url", "")) if re.match(r"https?://", url)), "")
    for name in DATES:
        day = re.match(r"\d{4}[-/]\d{2}[-/]\d{2}", said.get(name, ""))
        if day:
            document.published = day[0].replace("/", "-")
            break


def read_mhtml(raw: bytes) -> Document:
    """A page as a browser saves it in one file."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            charset = part.get_content_charset() or "utf-8"
            body = body if isinstance(body, bytes) else b""
            with contextlib.suppress(LookupError, UnicodeDecodeError):
                body = body.decode(charset).encode()
            document = read_html(body)
            address = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
            document.url = document.url or (address if address.startswith("http") else "")
            return document
    raise UnreadableDocument("holds no web page: save the page anew as “Webpage, single file” or as HTML.")
