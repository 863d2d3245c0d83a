"""a document's bytes -> Paper, as a program of its own, so that it can be given limits (``boxing``). Owns markdown_it.

    python -m assistant.ingestion.worker FORMAT FILE     JSON on standard output: {"paper": ...} or {"refused": "what is wrong"}

    pdf           kreuzberg (PDFium)                    docx   mammoth -> HTML
    html, mhtml   <main> or <article>, or readability   epub   the parts of its spine -> HTML
    md            markdown-it -> HTML                   txt    as it is, in whatever encoding it came
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.ingestion.document import Paper, tidy
from assistant.ingestion.docx_epub import read_docx, read_epub
from assistant.ingestion.html_elements import walk
from assistant.ingestion.html_tree import Refused, decoded, page_tree
from assistant.ingestion.pdf import read_pdf
from assistant.ingestion.web_page import read_html, read_mhtml

MAX_SECONDS, MAX_MEMORY, MAX_OUTPUT = 120, 2 << 30, 64 << 20  # processor time, address space, bytes of JSON


def read_markdown(raw: bytes) -> Paper:
    from markdown_it import MarkdownIt

    paper = Paper()
    text = decoded(raw)
    front = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    if front:
        for key in ("title", "publisher", "url"):
            value = re.search(rf"^{key}:\s*[\"']?(.*?)[\"']?\s*$", front[1], re.MULTILINE)
            setattr(paper, key, tidy(value[1]) if value else "")
        day = re.search(r"^date:\s*[\"']?(\d{4}-\d{2}-\d{2})", front[1], re.MULTILINE)
        paper.published = day[1] if day else ""
        text = text[front.end():]
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    root = page_tree(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))
    if root is not None:
        walk(root, paper)
    return paper


def read_text(raw: bytes) -> Paper:
    """Plain text: blank lines part paragraphs; a form feed ends a page."""
    from assistant.corpus.blocks import blocks

    paper = Paper()
    text = decoded(raw).replace("\r\n", "\n").replace("\r", "\n")
    paged = "\f" in text.strip()
    heading, at = "", 0
    for block in blocks(text, markdown=False):
        page = text.count("\f", 0, block.start) + 1 if paged else 0
        if block.heading != heading:
            heading = block.heading
            place = text.find(heading, at, block.outer)
            paper.add("heading", heading, page=(text.count("\f", 0, place) + 1 if place >= 0 else page) if paged else 0)
        paper.add("item" if block.kind == "item" else "text", text[block.start:block.end], page=page)
        at = block.end
    paper.pages = text.count("\f") + 1 if paged else 0
    return paper


READERS: dict[str, Callable[[bytes], Paper]] = {
    "pdf": read_pdf, "docx": read_docx, "epub": read_epub, "html": read_html, "mhtml": read_mhtml,
    "md": read_markdown, "txt": read_text,
}


def bound_this_process() -> None:
    """Limits of the operating system, from here on. Windows has none; there the wait for this process is all."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_CPU, MAX_SECONDS), (resource.RLIMIT_AS, MAX_MEMORY),
                       (resource.RLIMIT_FSIZE, MAX_OUTPUT), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (most, most))


def main(format_name: str, path: str) -> int:
    bound_this_process()
    try:
        paper = READERS[format_name](Path(path).read_bytes())
        if not any(piece.kind != "heading" for piece in paper.pieces):
            raise Refused("holds no text that could be quoted.")
        found: dict[str, Any] = {"paper": paper.to_json()}
    except Refused as error:
        found = {"refused": str(error)}
    except RecursionError:
        found = {"refused": "is nested far deeper than a document is: it is not read."}
    except MemoryError:
        found = {"refused": "needs more memory than a document should: it is not read."}
    except ImportError as error:
        found = {"missing": error.name or "a package"}
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
