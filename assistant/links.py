"""address, sentence -> a link that is safe to print: plain web addresses, text fragments, tel: and sms:."""

from __future__ import annotations

import re
from urllib.parse import quote as percent

from assistant.schema import Citation

FRAGMENT_WORDS = 5  # words at each end of a text-fragment link; a shorter sentence is given whole
SAFE_URL = re.compile(r"https?://[^\s\"'<>`\\]+", re.IGNORECASE)


def safe_url(url: str | None) -> str | None:
    """The address if it is plain http or https without quotes, spaces or angle brackets, else None."""
    return url if url and SAFE_URL.fullmatch(url) else None


def text_fragment(url: str, sentence: str) -> str:
    """``url`` with a text fragment that makes the browser scroll to ``sentence``.

    Example: ``text_fragment("https://a.org", "One two.")`` is ``https://a.org#:~:text=One%20two.``
    """
    words = sentence.replace("**", "").split()
    if not words:
        return url
    whole = len(words) <= 2 * FRAGMENT_WORDS
    ends = [words] if whole else [words[:FRAGMENT_WORDS], words[-FRAGMENT_WORDS:]]
    # "-" has a meaning inside a text fragment, so it is encoded too
    encoded = [percent(" ".join(part), safe="").replace("-", "%2D") for part in ends]
    return url + ("" if "#" in url else "#") + ":~:text=" + ",".join(encoded)


def stored_link(citation: Citation, paragraph: int | None) -> str:
    """The page of our stored copy, with the passage and its best sentence marked, opened at the paragraph."""
    return (f"/source/{percent(citation.source_id, safe='')}?at={citation.start}-{citation.end}"
            f"&best={citation.highlight[0]}-{citation.highlight[1]}" + (f"#p{paragraph}" if paragraph else ""))


def dial(digits: str, scheme: str) -> str:
    """Example: ``dial("1-800", "tel")`` is ``tel:1800``."""
    return scheme + ":" + re.sub(r"[^\d+]", "", digits)
