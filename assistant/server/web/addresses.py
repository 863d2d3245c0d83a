"""page, source or file -> its address: on the running page, or in a book of files where every address is relative."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from urllib.parse import quote as percent

from assistant.links import stored_link
from assistant.schema import Citation

SUGGESTIONS = "suggestions.json"  # made from what is in service, beside the static files
STATIC = Path(__file__).parent / "static"
PLAIN_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,60}")  # ids that are file names on every system


class Served:
    """Addresses of the running page."""

    book = False
    home, home_words = "/", "Ask a question"
    icon = "/ui/icon.svg"
    listing, left = "/sources", ""
    pages: tuple[tuple[str, str], ...] = (("/", "Ask a question"), ("/sources", "All sources"),
                                          ("/plain", "Ask without JavaScript"), ("/about", "About this page"))

    def asset(self, name: str, content: bytes | None = None) -> str:
        """The address of a static file, with a hash so that it may be cached for ever. ``content``: of one made at the start."""
        found = (STATIC / name).read_bytes() if content is None else content
        return f"/ui/{name}?v={hashlib.sha256(found).hexdigest()[:12]}"

    def source(self, source_id: str) -> str:
        return f"/source/{percent(source_id, safe='')}"

    def stored(self, citation: Citation, paragraph: int | None) -> str:
        """Our stored copy, with the passage and its best sentence marked, opened at the paragraph."""
        return stored_link(citation, paragraph)


class Book(Served):
    """Addresses between files that lie in one folder, with what they share below ``ui/``."""

    book = True
    home, home_words = "index.html", "All subjects"
    icon = "ui/icon.svg"
    listing, left = "sources.html", "left.html"
    pages = (("index.html", "All subjects"), ("questions.html", "All questions"), ("sources.html", "Sources"),
             ("help.html", "Get help now"), ("about.html", "About this book"))

    def asset(self, name: str, content: bytes | None = None) -> str:
        return f"ui/{name}"

    def source(self, source_id: str) -> str:
        return f"source-{slug(source_id)}.html"

    def answers(self, source_id: str) -> str:
        return f"answers-{slug(source_id)}.html"

    def stored(self, citation: Citation, paragraph: int | None) -> str:
        return self.source(citation.source_id) + (f"#p{paragraph}" if paragraph else "")


def slug(source_id: str) -> str:
    """A file name for a source: its id, or a hash where the id could not be one."""
    return source_id if PLAIN_ID.fullmatch(source_id) else hashlib.sha256(source_id.encode("utf-8")).hexdigest()[:16]
