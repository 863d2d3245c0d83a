"""corpus/ and index/ beside this file -> the page. `demo` is for Hugging Face and `gradio app.py`."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.errors import AssistantError
from assistant.server.web.page import make_page, serve

HERE = Path(__file__).resolve().parent
INDEX, CORPUS = HERE / "index", HERE / "corpus"

try:
    page = make_page(INDEX, CORPUS)
    demo = page.demo
    if __name__ == "__main__":
        serve(INDEX, CORPUS, page=page)
except AssistantError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
