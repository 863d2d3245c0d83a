"""path, status -> the headers of a reply; Gradio's page -> the same page with our head."""

from __future__ import annotations

import re
from contextvars import ContextVar

Headers = list[tuple[bytes, bytes]]

NONCE: ContextVar[str] = ContextVar("nonce", default="")  # of the request that is being answered; our script tags carry it

STATIC = ("/assets/", "/ui/", "/static/", "/svelte/", "/theme.css", "/favicon.ico")
PARTS = ("/assets/", "/static/", "/svelte/", "/theme.css", "/ui/")  # 60 replies in a first visit, so their heads count
BARE = (".js", ".css", ".woff2")  # no browser shows these as a page, so a policy on them governs nothing
HASHED = re.compile(r"-[\w-]{8}\.\w+$")  # Gradio's assets carry a hash in their name, ours in the query

PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self' blob:; "
    "base-uri 'self'; form-action 'self'; frame-ancestors {ancestors}; object-src 'none'"
)  # 'unsafe-eval': without it Gradio shows an empty page. Scripts written into the page still do not run.
STRICT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors {ancestors}"
)
OURS = "; script-src 'nonce-{nonce}'; connect-src 'self'"  # our pages' two scripts leave them and fetch a country's help lines

FOREIGN = re.compile(  # Gradio's own title and link-preview tags: another name, another site's picture
    r"<title>.*?</title>|<meta[^>]*?(?:property=\"og:|name=\"(?:twitter:|description))[^>]*?>"
    r"|<link rel=\"manifest\"[^>]*>",
    re.DOTALL | re.IGNORECASE)

RESIZER = re.compile(  # a script for other sites' frames, 6 KB that no visit here needs
    r"<script[^>]*>(?:(?!</script>).)*?iframeResizer\.contentWindow(?:(?!</script>).)*</script>", re.DOTALL)

SCROLLING = re.compile(  # without that script a frame has to scroll by itself
    r"window\.parent\?\.postMessage\(\s*\{ type: \"SET_SCROLLING\".*?\);", re.DOTALL)


def headers(path: str, status: int, nonce: str, query: bytes, ancestors: str) -> Headers:
    """Our headers for one reply. ``nonce`` is empty on everything that is no page."""
    written = PAGE_POLICY if nonce and path == "/" and status == 200 else STRICT_POLICY + (OURS if nonce else "")
    policy = written.format(nonce=nonce, ancestors=ancestors)
    hashed = HASHED.search(path) if path.startswith("/assets/") else (
        path.startswith(("/ui/", "/theme.css")) and query[:2] == b"v=")
    if status == 200 and hashed:
        cache = "public, max-age=31536000, immutable"
    elif status == 200 and path.startswith(STATIC):
        cache = "no-cache"
    else:
        cache = "no-store"
    if status == 200 and path.startswith(PARTS):
        named = {"cache-control": cache, "x-content-type-options": "nosniff"}
        if not path.endswith(BARE):
            named["content-security-policy"] = "default-src 'none'; frame-ancestors 'none'"
        return [(name.encode(), value.encode()) for name, value in named.items()]
    named = {"content-security-policy": policy, "cache-control": cache,
             "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
             "permissions-policy": "camera=(), microphone=(), geolocation=()",
             "cross-origin-opener-policy": "same-origin"}
    return [(name.encode(), value.encode()) for name, value in named.items()]


def touch_up(html: str, nonce: str, head: str, shell: str) -> str:
    """Gradio's page with our head, our shell, and the nonce on every script."""
    html = FOREIGN.sub("", html)
    html = re.sub(r"(<html\b[^>]*?\slang=)\"[^\"]*\"", r'\1"en"', html, count=1)
    html = SCROLLING.sub("", RESIZER.sub("", html))
    html = html.replace("</head>", head + "</head>", 1)
    html = re.sub(r"<body\b[^>]*>", lambda found: found[0] + shell, html, count=1)
    return re.sub(r"<script\b", f'<script nonce="{nonce}"', html)
