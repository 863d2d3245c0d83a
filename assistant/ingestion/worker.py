"""a document's bytes -> Document, as a program of its own, so that it can be given limits (``sandbox``).

    python -m assistant.ingestion.worker FORMAT FILE     JSON on standard output: {"document": ...} or {"refused": "what is
    wrong"}

    pdf           PDFium                                docx   mammoth -> HTML
    html, mhtml   <main> or <article>, or readability   epub   the parts of its spine -> HTML
    md            markdown-it -> HTML                   txt    as it is, in whatever encoding it came
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.ingestion.document import Document, UnreadableDocument
from assistant.ingestion.formats.docx_epub import read_docx, read_epub
from assistant.ingestion.formats.pdf.reader import read_pdf
from assistant.ingestion.formats.plain import read_markdown, read_text
from assistant.ingestion.formats.web_page import read_html, read_mhtml
from assistant.ingestion.proof import prove

MAX_SECONDS, MAX_MEMORY, MAX_OUTPUT = 120, 2 << 30, 64 << 20  # processor time, address space, bytes of JSON


READERS: dict[str, Callable[[bytes], Document]] = {
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


def read(format_name: str, raw: bytes) -> Document:
    """A document with its proof. Raises UnreadableDocument."""
    document = READERS[format_name](raw)
    document.settle()
    document.proof = prove(document)
    if not any(element.kind != "heading" for element in document.elements):
        raise UnreadableDocument("holds no text that could be quoted.")
    return document


def main(format_name: str, path: str) -> int:
    bound_this_process()
    try:
        report: dict[str, Any] = {"document": read(format_name, Path(path).read_bytes()).to_json()}
    except UnreadableDocument as error:
        report = {"refused": str(error)}
    except RecursionError:
        report = {"refused": "is nested far deeper than a document is: it is not read."}
    except MemoryError:
        report = {"refused": "needs more memory than a document should: it is not read."}
    except ImportError as error:
        report = {"missing": error.name or "a package"}
    sys.stdout.write(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
