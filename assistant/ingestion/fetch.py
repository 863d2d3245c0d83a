"""a web address -> the bytes that stand there, with their kind. The only importer of httpx.

Only ``import`` calls it, because an operator named the address; nothing else in this service ever fetches anything.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from assistant.ingestion.sandbox import MAX_BYTES, SUFFIXES, Unreadable

TYPES = {"application/pdf": ".pdf", "text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt",
         "text/markdown": ".md", "application/epub+zip": ".epub",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx"}
MAX_SECONDS, MAX_REDIRECTS = 30.0, 5


def fetch(url: str) -> tuple[bytes, str, str]:
    """(bytes, suffix of their kind, the address they came from after redirects). Raises Unreadable."""
    import httpx

    try:
        with httpx.Client(follow_redirects=True, max_redirects=MAX_REDIRECTS, timeout=MAX_SECONDS,
                          headers={"user-agent": "ketamine-answers import"}) as client, client.stream("GET", url) as reply:
            if reply.status_code != 200:
                raise Unreadable(f"{url} answers {reply.status_code} {reply.reason_phrase}: open it in a browser and save "
                                 "the page.")
            raw = b""
            for chunk in reply.iter_bytes():
                raw += chunk
                if len(raw) > MAX_BYTES:
                    raise Unreadable(f"{url} sends more than {MAX_BYTES >> 20} MB: it is not imported.")
            said = reply.headers.get("content-type", "").split(";")[0].strip().lower()
            final = str(reply.url)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise Unreadable(f"{url} cannot be fetched ({type(error).__name__}): check the address, or save the page in a browser "
                         "and import the file.") from None
    suffix = TYPES.get(said) or PurePosixPath(urlsplit(final).path).suffix.lower()
    if suffix not in SUFFIXES:
        raise Unreadable(f"{url} sends {said or 'something without a kind'}, which cannot be imported.")
    return raw, suffix, final
