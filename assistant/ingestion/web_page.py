"""bytes of a web page, saved or fetched -> Paper: its main text only. The only importer of readability."""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
from collections import Counter
from typing import Any

from assistant.ingestion.document import Paper, tidy
from assistant.ingestion.html_elements import tag_of, walk
from assistant.ingestion.html_tree import Refused, decoded, page_tree

MAIN_SHARE = 0.3  # of a page's words that its <main> must hold to be believed
DATES = ("article:published_time", "article:modified_time", "citation_publication_date", "citation_date", "dcterms.date",
         "dcterms.issued", "dc.date", "date", "last-modified")
SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")


def read_html(raw: bytes) -> Paper:
    from readability import Document

    root = page_tree(raw)
    if root is None:
        raise Refused("holds no text.")
    paper = Paper()
    _head(root, paper)
    saved = SAVED_FROM.search(raw[:4096])
    if saved:
        paper.url = saved[1].decode("ascii", "replace")
    whole = Paper()
    for body in root.iter("body"):
        walk(body, whole)
    mains = [element for element in root.iter() if tag_of(element) == "main" or element.get("role") == "main"]
    mains = mains or list(root.iter("article"))
    if len(mains) == 1:
        walk(mains[0], paper)
    if _words(paper) < MAIN_SHARE * _words(whole) or not paper.pieces:
        paper.pieces, paper.tables, paper.dropped = [], 0, Counter()
        found = page_tree(Document(decoded(raw)).summary()) if whole.pieces else None
        if found is not None:
            walk(found, paper)
    if _words(paper) < MAIN_SHARE * _words(whole):  # a page without a main text, a list of links say
        paper.pieces, paper.tables = whole.pieces, whole.tables
    paper.dropped = whole.dropped
    left = _words(whole) - _words(paper)
    if left > 0:
        paper.dropped["words around the main text"] = left
    return paper


def _words(paper: Paper) -> int:
    return sum(len(piece.text.split()) for piece in paper.pieces)


def _head(root: Any, paper: Paper) -> None:
    """Title, publisher, address and date as a page tells them to search engines."""
    said: dict[str, str] = {}
    for meta in root.iter("meta"):
        said.setdefault((meta.get("property") or meta.get("name") or "").lower(), tidy(meta.get("content") or ""))
    paper.title = said.get("og:title") or tidy(next((title.text or "" for title in root.iter("title")), ""))
    paper.publisher = said.get("og:site_name") or said.get("citation_publisher") or said.get("dc.publisher") or ""
    links = [link.get("href") or "" for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    paper.url = next((url for url in (*links, said.get("og:url", "")) if re.match(r"https?://", url)), "")
    for name in DATES:
        day = re.match(r"\d{4}[-/]\d{2}[-/]\d{2}", said.get(name, ""))
        if day:
            paper.published = day[0].replace("/", "-")
            break


def read_mhtml(raw: bytes) -> Paper:
    """A page as a browser saves it in one file."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            charset = part.get_content_charset() or "utf-8"
            body = body if isinstance(body, bytes) else b""
            with contextlib.suppress(LookupError, UnicodeDecodeError):
                body = body.decode(charset).encode()
            paper = read_html(body)
            address = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
            paper.url = paper.url or (address if address.startswith("http") else "")
            return paper
    raise Refused("holds no web page: save the page anew as “Webpage, single file” or as HTML.")
