"""bytes of Markdown or plain text -> Document. The only importer of markdown_it, yaml.

    md    front matter (YAML or TOML) -> title, publisher, url, date;  the rest -> HTML, tags in it and all
    txt   as it is, in whatever encoding it came; a form feed ends a page
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from assistant.corpus.blocks import blocks
from assistant.corpus.lines import classify, split_lines
from assistant.ingestion.document import NUMBERED, Document, tidy
from assistant.ingestion.formats.html_elements import walk
from assistant.ingestion.formats.html_tree import decoded, page_tree, text_of


def read_markdown(raw: bytes) -> Document:
    from markdown_it import MarkdownIt

    document = Document()
    text = decoded(raw).replace("\r\n", "\n").replace("\r", "\n")
    front = re.match(r"(---|\+\+\+)[ \t]*\n(\S.*?\n)?(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", text, re.DOTALL)
    named = _front_matter(front[2] or "", front[1]) if front else None
    if front and named is not None:  # else it is a text between two rules
        for key in ("title", "publisher", "url"):
            setattr(document, key, tidy(named.get(key, "")))
        day = re.match(r"\d{4}-\d{2}-\d{2}", named.get("date") or named.get("published") or "")
        document.published = day[0] if day else ""
        document.drop("lines of front matter", count=(front[2] or "").count("\n"))
        text = text[front.end():]
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"^\[\^([^\]\s]+)\]:", r"[\1] ", text, flags=re.MULTILINE)  # a note, and its mark set apart as in other formats
    text = re.sub(r"\[\^([^\]\s]+)\]", r" [\1]", text)
    text = re.sub(r"^(\s*(?:[-*+]|\d+[.)])\s+)\[[ xX]\]\s+", r"\1", text, flags=re.MULTILINE)  # boxes of a list of tasks
    root = page_tree(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))
    if root is not None:
        walk(root, document)
        document.layer = [text_of(root)]
    return document


def _front_matter(text: str, fence: str) -> dict[str, str] | None:
    """Names and values of YAML (between ``---``) or TOML (``+++``); None where it is neither, and so a part of the text."""
    import yaml

    named: Any
    try:
        named = tomllib.loads(text) if fence == "+++" else yaml.safe_load(text)
    except (tomllib.TOMLDecodeError, yaml.YAMLError, ValueError):  # "title: Sleep: a guide" is no YAML, and often written
        named = dict(re.findall(r"^([A-Za-z][\w-]*)[ \t]*[:=][ \t]*(.*?)\s*$", text, re.MULTILINE))
    if not isinstance(named, dict) or not all(re.fullmatch(r"[A-Za-z_][\w-]*", str(key)) for key in named):
        return {} if named is None else None
    return {str(key).lower(): str(value) for key, value in named.items() if value is not None}


def read_text(raw: bytes) -> Document:
    """Plain text: blank lines part paragraphs; a form feed ends a page."""
    document = Document()
    text = decoded(raw).replace("\r\n", "\n").replace("\r", "\n")
    paged = "\f" in text.strip()
    lines = [line for line in classify(split_lines(text), False) if text[line.start:line.end].strip()]
    parts = [(line.start, line.end, line.kind) for line in lines if line.kind in ("heading", "skip")]
    for block in blocks(text, markdown=False):  # a number that was typed is a part of the text
        numbered = NUMBERED.match(text[block.outer:block.end].lstrip())
        parts.append((block.outer if numbered else block.start, block.end, "text" if numbered else block.kind))
    parts.sort()
    for number, (start, end, kind) in enumerate(parts):
        page = text.count("\f", 0, start) + 1 if paged else 0
        said = text[start:end]
        if kind == "skip":
            document.drop("lines of a table of contents" if re.search(r"\w", said) else "", said, page)
        else:
            headed = kind == "heading" and number + 1 < len(parts)  # or nothing stands under it
            document.add(kind if headed or kind != "heading" else "text", said.strip("*_=# \t") if headed else said, page=page)
    document.pages = text.count("\f") + 1 if paged else 0
    document.layer = text.split("\f") if paged else [text]
    return document
