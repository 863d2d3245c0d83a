"""Answer -> what a notebook shows: the page's cards and notice, by the page's renderer, without scripts.

``from assistant import Assistant`` installs it; where no notebook asks for HTML, nothing is imported and nothing changes.
"""

from __future__ import annotations

from assistant.notices import FixedTexts
from assistant.schema import Answer


def html(answer: Answer) -> str:
    """Urgent card, passages, notice and help lines as HTML that stands alone: no script, no link into the page's server."""
    from assistant.server.web.rendering import Renderer  # brings jinja2, which a script that only prints has no use for

    texts = FixedTexts("", answer.notice, {}, "", "")  # the notice shown is the one that came with this answer
    return Renderer(texts, limit=0).alone(answer)


def install() -> None:
    """Let notebooks show answers with ``html``."""
    Answer._repr_html_ = html
