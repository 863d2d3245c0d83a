"""bytes of Markdown or plain text -> Document. The only importer of markdown_it.

    md    front matter (YAML or TOML) -> title, publisher, url, date;  the rest -> HTML, tags in it and all
    txt   as it is, in whatever encoding it came; a form feed ends a page
"""

from __future__ import annotations

import re

from assistant.ingestion.document import Document, tidy
from assistant.ingestion.formats.html_elements import walk
from assistant.ingestion.formats.html_tree import decoded, hidden_classes, page_tree, text_of


def read_markdown(raw: bytes) -> Document:
    from markdown_it import MarkdownIt

    document = Document()
    text = decoded(raw).replace("\r\n", "\n").replace("\r", "\n")
    front = re.match(r"(---|\+\+\+)[ \t]*\n(.*?\n)?\1[ \t]*(?:\n|\Z)", text, re.DOTALL)
    if front:
        for key in ("title", "publisher", "url"):
            value = re.search(rf"^{key}[ \t]*[:=][ \t]*(.*?)\s*$", front[2] or "", re.MULTILINE | re.IGNORECASE)
            setattr(document, key, tidy(_unquoted(value[1])) if value else "")
        day = re.search(r"^(?:date|published)[ \t]*[:=][ \t]*[\"']?(\d{4}-\d{2}-\d{2})", front[2] or "",
                        re.MULTILINE | re.IGNORECASE)
        document.published = day[1] if day else ""
        text = text[front.end():]
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    root = page_tree(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))
    if root is not None:
        walk(root, document, hidden_names=hidden_classes(root))
        document.layer = [text_of(root)]
    return document


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def read_text(raw: bytes) -> Document:
    """Plain text: blank lines part paragraphs; a form feed ends a page."""
    from assistant.corpus.blocks import blocks

    document = Document()
    text = decoded(raw).replace("\r\n", "\n").replace("\r", "\n")
    paged = "\f" in text.strip()
    heading, at = "", 0
    for block in blocks(text, markdown=False):
        page = text.count("\f", 0, block.start) + 1 if paged else 0
        if block.heading != heading:
            heading = block.heading
            place = text.find(heading, at, block.outer)
            document.add("heading", heading, page=(text.count("\f", 0, place) + 1 if place >= 0 else page) if paged else 0)
        document.add("item" if block.kind == "item" else "text", text[block.start:block.end], page=page)
        at = block.end
    document.pages = text.count("\f") + 1 if paged else 0
    document.layer = text.split("\f") if paged else [text]
    return document
