"""index -> two tools for other people's assistants, over the Model Context Protocol. The only importer of mcp.

    search_passages(question, k)            the object that ``ask --json`` prints: citations, notice, urgent card
    open_source(source_id, start, length)   the stored text around a citation, its provenance, editor's notes, notice

They are offered on standard input and output to the one program that started this one: no port, so nobody else can call
them. A new generation is taken into service as the page does. Questions are never logged.
"""

from __future__ import annotations

import inspect
import logging
from pathlib import Path
from typing import Any

from assistant import __version__
from assistant.answering.assistant import Assistant
from assistant.corpus.blocks import page_at
from assistant.corpus.fixed_texts import read_texts
from assistant.errors import BadInput
from assistant.index.location import Place
from assistant.schema import Source
from assistant.server.service import Service

LENGTH, LONGEST = 4_000, 20_000  # characters of a source's text in one reply
INSTRUCTIONS = (
    "Passages about ketamine, quoted word for word from named sources; nothing is generated. Quote 'exact' unchanged and name "
    "title and publisher. When 'urgent' is not null, show its text and help lines first, and "
    "before them its 'translation' if there is one. Always show the text and help lines of "
    "'notice'. Status 'not_covered' or 'related' means that no passage answers: say so and add nothing of your own about doses "
    "or treatment.")


class Lender:
    """What the tools do. ``service`` answers; both replies carry the notice."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def search_passages(self, question: str, k: int = 3) -> dict[str, Any]:
        """Find passages about ketamine that answer a question: exact quotes with their sources, a safety notice with help
        lines, and an urgent card when the question tells of danger.

        Args:
            question: The question in plain words, up to 2,000 characters.
            k: How many passages at most, 1 to 10.
        """
        return self.service.answer_json(question, k)

    def open_source(self, source_id: str, start: int = 0, length: int = LENGTH) -> dict[str, Any]:
        """Read the stored text of a source around a citation, with where it comes from and any editor's notes.

        Args:
            source_id: The 'source_id' of a citation.
            start: First character, such as a citation's 'start'.
            length: How many characters, at most 20,000.
        """
        reply: dict[str, Any] = {"notice": self.service.texts.notice.to_json(), "urgent": None}
        assistant, source = self.service.assistant, self.service.sources.get(source_id)
        if assistant is not None and source is None and source_id in self.service.sources:
            return {"error": f"The source {source_id!r} is not what was indexed, so it is withheld.", **reply}
        if assistant is None or source is None:
            known = ", ".join(sorted(self.service.sources)) or "none: there is no index yet, run `python -m assistant build`"
            return {"error": f"There is no source {source_id!r}. Sources: {known}.", **reply}
        start = max(0, min(start, len(source.text)))
        end = min(len(source.text), start + max(1, min(length, LONGEST)))
        notes = [{"start": placed.start, "end": placed.end, "text": placed.note.text, "source": placed.note.source,
                  "checked": placed.note.checked} for placed in assistant.notes_of(source_id)]
        return {"source": _provenance(source), "text": source.text[start:end], "start": start, "end": end,
                "length": len(source.text), "page": page_at(source.text, start), "notes": notes,
                "generation": assistant.generation, **reply}


def _provenance(source: Source) -> dict[str, Any]:
    names = ("id", "title", "publisher", "kind", "tier", "url", "published", "retrieved", "rights", "interest", "sha256")
    return {name: getattr(source, name) for name in names} | {
        "references": [{"publisher": reference.publisher, "title": reference.title, "url": reference.url, "date": reference.date}
                       for reference in source.references]}


def server(lender: Lender) -> Any:
    """An MCPServer with both tools. Raises BadInput when the extra is not installed."""
    try:
        from mcp.server import MCPServer
        from mcp_types import ToolAnnotations
    except ImportError:
        raise BadInput("This command needs the package 'mcp': install the extra with "
                       "`pip install -c constraints.txt -e \".[mcp]\"`.") from None
    mcp_server = MCPServer("ketamine-answers", title="Ketamine Answers", instructions=INSTRUCTIONS, version=__version__,
                           log_level="ERROR")
    reads_only = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in (lender.search_passages, lender.open_source):
        mcp_server.tool(description=inspect.cleandoc(tool.__doc__ or ""), annotations=reads_only)(tool)
    return mcp_server


def serve(index: Place, corpus: Path) -> None:
    """Offer the tools until standard input ends. Raises BadInput and NoticeMissing.

    Without an index urgent messages get their card and every reply the notice; the reason goes to standard error.
    """
    service = Service(index, corpus, read_texts(corpus), lambda: Assistant.open(index), ())
    mcp_server = server(Lender(service))
    logging.getLogger().setLevel(logging.ERROR)  # the protocol's package tells of requests below that
    service.reloader.look()  # the first question must not hear that the index is being opened
    service.start()
    try:
        mcp_server.run()
    finally:
        service.stop()
