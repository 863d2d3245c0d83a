"""A notebook shows an answer as the page does, and the example notebook runs."""

from __future__ import annotations

import ast
import dataclasses
import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import assistant as package
from assistant.answering.cards import refuse, screen
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.schema import Answer, Citation, Note
from tests.support import ROOT

TEXTS = read_texts(SHIPPED)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\r\n{{ 7 * 7 }}"


class Read(HTMLParser):
    """Tags, attributes and text of a piece of HTML; the text of each blockquote apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.quotes: list[str] = []
        self.words = ""
        self._quoting = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == "blockquote":
            self._quoting = True
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        self._quoting = self._quoting and tag != "blockquote"

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._quoting:
            self.quotes[-1] += data


def shown(answer: Answer) -> str:
    """As a notebook asks for it, after what its first cell imports."""
    assert package.Assistant
    assert Answer._repr_html_
    return Answer._repr_html_(answer)


def answered(exact: str = "Ketamine can hurt.", **other: Any) -> Answer:
    cited = Citation(1, 0.5, "s", 0, len(exact), exact, (0, 3), "Heading", other.pop("title", "A title"), "A publisher",
                     "https://a.org/", None, "provider", "T4", **other)
    return Answer("q", "answered", TEXTS.notice, (cited,), confidence=0.9)


@pytest.mark.parametrize("answer", [
    answered(), refuse("q", TEXTS, "Please ask something else."), screen("he took ketamine and is not breathing", TEXTS),
    dataclasses.replace(answered(), status="related", message=TEXTS.related)], ids=lambda answer: answer.status)
def test_in_every_status_the_notice_and_help_lines_are_there_and_no_script(answer: Answer) -> None:
    read = Read(shown(answer))
    assert TEXTS.notice.text in read.words
    assert all(line.name in read.words for line in TEXTS.notice.helplines)
    assert not {"script", "iframe", "button", "link", "img"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on")]
    assert not [value for name, value in read.attributes if name == "href" and value.startswith(("/", "#"))], "leads nowhere"
    assert answer.urgent is None or read.words.index(answer.urgent.heading) < read.words.index(TEXTS.notice.text)


def test_the_quote_is_word_for_word_and_hostile_text_stays_text() -> None:
    read = Read(shown(answered(HOSTILE, title=HOSTILE, interest=HOSTILE, note=Note(HOSTILE, "s", "2026-11-21"))))
    assert read.quotes == [HOSTILE]
    assert not {"script", "img"} & set(read.tags)


def test_an_editors_note_stands_above_its_quote() -> None:
    html = shown(answered(note=Note("Others say otherwise.", "A study", "2026-11-21")))
    assert 0 < html.index("Others say otherwise.") < html.index("<blockquote")


def test_a_script_that_only_prints_imports_no_renderer() -> None:
    code = "import sys; from assistant import Assistant; print('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True).stdout == "False\n"


@pytest.mark.model
def test_the_example_notebook_runs_and_its_answers_show_the_notice(shipped_index: Path) -> None:
    record = json.loads((ROOT / "docs" / "notebook.ipynb").read_text("utf-8"))
    names: dict[str, Any] = {"__name__": "__main__"}
    seen: list[Any] = []
    for cell in record["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == [], "stored without outputs, which would go stale"
        source = cell["source"].replace('"index"', repr(str(shipped_index))).replace('"corpus"', repr(str(ROOT / "corpus")))
        *body, last = ast.parse(source).body
        tail = [] if isinstance(last, ast.Expr) else [last]
        exec(compile(ast.Module([*body, *tail], []), "cell", "exec"), names)
        if isinstance(last, ast.Expr):
            seen.append(eval(compile(ast.Expression(last.value), "cell", "eval"), names))
    answers = [value for value in seen if isinstance(value, Answer)]
    assert [answer.status for answer in answers] == ["answered", "urgent"]
    assert all(TEXTS.notice.text in Read(shown(answer)).words for answer in answers)
