"""The book of answers: plain files that hold the same words as the page, need nothing else, and replace nobody's folder."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from assistant.answering.receipts import check_receipt
from assistant.answering.suggestions import questions_of
from assistant.cli import main
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.corpus.reviewed import fold
from assistant.errors import BadInput, BuildFailed, IndexCorrupt, IndexMissing
from assistant.index.generation import current
from assistant.index.text_index import TextIndex
from assistant.indexing.build import build_index
from assistant.schema import Passage
from assistant.server.web import static_export, static_folder
from assistant.server.web.addresses import Book
from assistant.server.web.static_export import write_book
from assistant.server.web.static_folder import LIST
from tests.browser.stand_in import HOSTILE
from tests.support import ALCOHOL, BLADDER, ToyEncoder, reached

ASKED = """
[[asked]]
source_id = "sheet"
heading = "Bladder"
questions = ["can ket hurt your bladder", "Can ket hurt your bladder", "should i ring 999 about my bladder", "wee",
  "he took ketamine and is not breathing", "how much ketamine is a lethal dose", "is my junkie brother hurting his bladder",
  "I was at a party and then %s"]
"""
SOURCES = """
[[source]]
id = "sheet"
file = "bladder.txt"
title = "The bladder"
kind = "fact-sheet"
tier = "T1"

[[source]]
id = "Odd #1 <id>"
file = "alcohol.txt"
title = 'TITLE'
publisher = 'TITLE'
url = "https://www.example.org/page"
kind = "provider"
tier = "T4"
"""
HARMLESS = HOSTILE.replace("'", "")  # a TOML text in single quotes holds everything else


@pytest.fixture
def corpus(corpus: Path) -> Path:
    """A fact sheet with asked-as questions of every kind, and a source whose id, title and publisher are hostile."""
    (corpus / "sources.toml").write_text(SOURCES.replace("TITLE", HARMLESS), "utf-8")
    (corpus / "asked.toml").write_text(ASKED % ("so on " * 40), "utf-8")
    (corpus / "suggested.toml").write_text(
        'questions = ["Can ket hurt your bladder?", "How much ketamine is a lethal dose?"]', "utf-8")
    text = (corpus / "alcohol.txt").read_text("utf-8")
    (corpus / "alcohol.txt").write_text(text + f"\nMixing\n\nSome say {HOSTILE} of ketamine, and alcohol is risky.\n", "utf-8")
    return corpus


@pytest.fixture
def index(corpus: Path, tmp_path: Path, toy: ToyEncoder) -> Path:
    build_index(corpus, tmp_path / "index", encoder=toy)
    return tmp_path / "index"


@pytest.fixture
def made(index: Path, corpus: Path, tmp_path: Path) -> Path:
    write_book(index, corpus, tmp_path / "book")
    return tmp_path / "book"


class Page(HTMLParser):
    """Ids, link targets, addresses that the browser loads by itself, and the text of quotes."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.quotes: list[str] = []
        self._inside = False
        self.html = path.read_text("utf-8")
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.attributes += found
        self.ids += [found["id"] or ""] if "id" in found else []
        if tag == "a":
            self.links.append(found.get("href") or "")
        self.loaded += [found[name] or "" for name in ("src", "srcset", "data", "poster") if name in found]
        self.loaded += [found["href"] or ""] if tag in ("link", "base", "use", "image") else []
        if tag == "blockquote":
            self._inside = True
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "blockquote"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.quotes[-1] += data


def pages(made: Path) -> dict[str, Page]:
    return {path.name: Page(path) for path in sorted(made.glob("*.html"))}


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def files(made: Path) -> dict[str, bytes]:
    return {path.relative_to(made).as_posix(): path.read_bytes() for path in made.rglob("*") if path.is_file()}


# ---- what is in it


def test_every_page_has_the_notice_the_help_lines_a_way_out_and_only_the_script_that_leaves(made: Path) -> None:
    texts = read_texts(SHIPPED)
    assert len(pages(made)) == 10
    left = pages(made)["left.html"]
    assert not words(left.html).replace("<!doctype html>", "").strip(), "where Leave this page leads nothing tells where one was"
    for name, page in pages(made).items():
        if page.html == left.html:
            continue
        assert texts.notice.text in words(page.html), name
        for line in texts.notice.helplines:
            assert reached(line) in page.links, name
        assert page.html.count('class="k-leave" href="https://') == 1, name
        assert not {"form", "iframe", "object", "base"} & set(page.tags), name
        script = '<script src="ui/leave.js" data-leave="left.html"></script>'
        assert page.tags.count("script") == page.html.count(script) == 1, name
        assert not [attribute for attribute in page.attributes if attribute.startswith("on") or attribute == "style"], name
        assert "default-src 'none'" in page.html, name


def test_every_link_is_relative_and_leads_to_a_file_and_a_place_in_it(made: Path) -> None:
    found = pages(made)
    for name, page in found.items():
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.links:
            if re.match(r"(?:https|tel|sms):", link):
                continue
            target, _, anchor = unquote(link).partition("#")
            assert not target.startswith("/"), link
            assert "?" not in target, "a file has no query"
            assert (made / (target or name)).is_file(), f"{name}: {link}"
            assert not anchor or anchor in found[target or name].ids, f"{name}: {link}"
        for address in page.loaded:
            assert (made / address).is_file(), f"{name} loads {address}"
    for css in (made / "ui").glob("*.css"):
        for address in re.findall(r"url\(\"?([^)\"]+)", css.read_text("utf-8")):
            assert (css.parent / address.partition("?")[0]).is_file(), address
    assert [path.name for path in made.rglob("*.js")] == ["leave.js"]


def test_every_passage_is_quoted_letter_for_letter_with_one_receipt_that_verifies(made: Path, index: Path, corpus: Path) -> None:
    shelf = TextIndex.open(index)
    quotes = [quote for page in pages(made).values() for quote in page.quotes]
    assert sorted(quotes) == sorted(passage.text for passage in shelf.passages)
    assert {BLADDER, ALCOHOL} <= set(quotes)
    record = json.loads((made / LIST).read_bytes())
    assert len(record["receipts"]) == len(quotes) == len(set(record["receipts"]))
    shown = "".join(words(page.html) for page in pages(made).values())
    for receipt in record["receipts"]:
        assert shown.count(receipt) == 1
    (receipt,) = [receipt for receipt in record["receipts"] if receipt.startswith("sheet")]
    assert check_receipt(receipt, corpus, index).exit_code == 0


def test_a_question_leads_to_its_passage(made: Path) -> None:
    (link,) = [link for link in pages(made)["questions.html"].links if link.startswith("answers-")]
    assert "Can ket hurt your bladder?" in pages(made)["questions.html"].html
    name, _, anchor = link.partition("#")
    section = pages(made)[name].html.split(f'id="{anchor}"')[1].split("</section>")[0]
    assert BLADDER in words(section)


def test_only_questions_that_the_page_would_answer_with_a_passage_are_listed() -> None:
    def listed(*asked: str) -> tuple[str, ...]:
        passage = Passage("sheet", 0, 1, "Bladder", "x", ((0, 1),), asked)
        return questions_of(passage, {fold(question): question for question in asked})

    assert listed("can ket hurt your bladder", "Can  ket hurt your BLADDER", "how long  does it last") == (
        "Can  ket hurt your BLADDER".replace("  ", " ") + "?", "How long does it last?")
    asked = Passage("sheet", 0, 1, "Bladder", "x", ((0, 1),), ("can ket hurt your bladder",))
    assert questions_of(asked, {}) == (), "not reviewed"
    for left_out in ("wee", "he took ketamine and is not breathing", "how much ketamine is a lethal dose",
                     "how do i pass a drug test on monday", "is my junkie brother hurting his bladder",
                     "should i ring 999 about it", "x " * 70, "i want to kill myself"):
        assert listed(left_out) == (), left_out


def test_help_comes_with_every_card_and_its_numbers(made: Path) -> None:
    page, texts = pages(made)["help.html"], read_texts(SHIPPED)
    for kind in ("overdose", "ingestion", "suicide", "withdrawal", "violence"):
        assert texts.cards[kind].heading in words(page.html)
        assert texts.cards[kind].text in words(page.html)
        for line in texts.cards[kind].helplines:
            assert reached(line) in page.links
    assert pages(made)["index.html"].links.count("help.html") >= 2


def test_hostile_text_stays_text_and_a_hostile_id_makes_a_plain_file_name(made: Path) -> None:
    for name, page in pages(made).items():
        assert re.fullmatch(r"[a-z0-9.-]+", name)
        assert not {"img", "svg", "form", "style"} & set(page.tags), name
    (name,) = [name for name, page in pages(made).items() if name.startswith("source-") and name != "source-sheet.html"]
    assert HOSTILE.split("\n")[0][:40] in words(pages(made)[name].html)
    assert Book().source("a/../b") != "source-a/../b.html"
    assert Book().source("CON") != Book().source("con")


def test_the_operators_name_colours_and_way_out_are_in_it(index: Path, corpus: Path, tmp_path: Path) -> None:
    (corpus / "site.toml").write_text('name = "Harbour <b>Answers"\nleave_to = "https://www.example.org/news"\n'
                                      'run_by = "Harbour Trust"\n[colours.light]\naccent = "#1B5E20"\n', "utf-8")
    write_book(index, corpus, tmp_path / "own")
    for name, page in pages(tmp_path / "own").items():
        if name == "left.html":
            continue
        assert "Harbour &lt;b&gt;Answers" in page.html
        assert "https://www.example.org/news" in page.links
        assert "ui/site.css" in page.loaded
    assert "--accent: #1B5E20" in (tmp_path / "own" / "ui" / "site.css").read_text("utf-8")
    assert "Harbour Trust" in (tmp_path / "own" / "about.html").read_text("utf-8")


def test_the_same_index_gives_the_same_bytes(made: Path, index: Path, corpus: Path, tmp_path: Path) -> None:
    write_book(index, corpus, tmp_path / "again")
    assert files(made) == files(tmp_path / "again")


# ---- proof


@pytest.mark.parametrize("name", ["corpus.json", "vectors.faiss", "manifest.json"])
def test_nothing_is_written_from_an_index_that_does_not_prove_itself(index: Path, corpus: Path, tmp_path: Path, name: str
                                                                     ) -> None:
    harmed = current(index) / name
    raw = harmed.read_bytes()
    harmed.write_bytes(raw[:-2] + bytes([raw[-2] ^ 1]) + raw[-1:])
    with pytest.raises(IndexCorrupt):
        write_book(index, corpus, tmp_path / "book")
    assert not (tmp_path / "book").exists()
    with pytest.raises(IndexMissing):
        write_book(tmp_path / "none", corpus, tmp_path / "book")


def test_a_quote_that_does_not_come_out_as_it_stands_stops_the_export(index: Path, corpus: Path, tmp_path: Path,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    page = static_export.Renderer.page
    monkeypatch.setattr(static_export.Renderer, "page", lambda *given, **more: page(*given, **more).replace("sting", "stink"))
    with pytest.raises(IndexCorrupt, match="A quote of sheet did not come out as it stands in its source"):
        write_book(index, corpus, tmp_path / "book")
    assert os.listdir(tmp_path).count("book") == 0


def test_a_missing_receipt_stops_the_export(index: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = static_export.Renderer.page
    monkeypatch.setattr(static_export.Renderer, "page", lambda *given, **more: page(*given, **more).replace("sheet#", "sheet!"))
    with pytest.raises(IndexCorrupt, match="did not come out"):
        write_book(index, corpus, tmp_path / "book")


# ---- the folder


def test_a_book_is_replaced_whole_by_the_next_and_nothing_of_the_old_stays(made: Path, corpus: Path, index: Path, toy: ToyEncoder
                                                                            ) -> None:
    before = made.stat().st_ino
    (corpus / "sources.toml").write_text(SOURCES.split("\n[[source]]\nid = \"Odd")[0], "utf-8")
    build_index(corpus, index, encoder=toy)
    write_book(index, corpus, made)
    assert made.stat().st_ino != before, "another folder, put in the place of the old one"
    assert len(pages(made)) == 8
    assert sorted(json.loads((made / LIST).read_bytes())["files"]) == sorted(set(files(made)) - {LIST})
    assert [name for name in os.listdir(made.parent) if name.startswith(".book")] == []


def spoil_list(made: Path) -> None:
    (made / LIST).write_text("{}")


SPOILT: dict[str, Callable[[Path], Any]] = {
    "a file more": lambda made: (made / "mine.txt").write_text("mine"),
    "an edited page": lambda made: (made / "help.html").write_text("mine"),
    "a link": lambda made: (made / "ui" / "link").symlink_to("/"),
    "no list": lambda made: (made / LIST).unlink(),
    "another list": spoil_list,
}


@pytest.mark.parametrize("harm", SPOILT)
def test_a_folder_that_it_did_not_write_is_never_overwritten(made: Path, index: Path, corpus: Path, harm: str) -> None:
    SPOILT[harm](made)
    before = files(made) if harm != "a link" else {}
    with pytest.raises(BadInput, match=r"did not write|was not written by this command") as found:
        write_book(index, corpus, made)
    assert str(found.value).endswith("name another folder, or move what is there away.")
    assert harm == "a link" or files(made) == before


def test_a_file_or_a_link_in_the_place_of_the_folder_is_refused_and_an_empty_folder_is_taken(
        index: Path, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("file", "link"):
        with pytest.raises(BadInput, match="is a link or a file, not a folder"):
            write_book(index, corpus, tmp_path / name)
    (tmp_path / "empty").mkdir()
    write_book(index, corpus, tmp_path / "empty")
    write_book(index, corpus, tmp_path / "deep" / "down")
    assert (tmp_path / "empty" / "index.html").exists()
    assert (tmp_path / "deep" / "down" / "index.html").exists()
    with pytest.raises(BadInput):
        write_book(index, corpus, corpus)
    with pytest.raises(BadInput):
        write_book(index, corpus, index)


@pytest.mark.parametrize("swap", [True, False])
@pytest.mark.parametrize("at", ["write", "switch"])
def test_an_export_that_fails_leaves_the_old_book_whole(made: Path, index: Path, corpus: Path, swap: bool, at: str,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full while pages are written, or the switch fails; with the exchange in one step and without it."""
    before, calls = files(made), []

    def broken(*given: Any) -> None:
        calls.append(given)
        if len(calls) == (4 if at == "write" else 1):
            raise OSError(28, "No space left on device")
        (write if at == "write" else rename)(*given)

    write, rename = static_folder.write, os.rename
    if not swap:
        monkeypatch.setattr(static_folder, "_swap", lambda *_: (_ for _ in ()).throw(OSError(22, "no exchange")))
    monkeypatch.setattr(*((static_folder, "write", broken) if at == "write" else (static_folder.os, "rename", broken)))
    if at == "switch" and swap:
        write_book(index, corpus, made)  # one exchange, no rename at all
        assert calls == []
    else:
        with pytest.raises(BuildFailed, match="what was there before is unchanged"):
            write_book(index, corpus, made)
    assert files(made) == before
    assert [name for name in os.listdir(made.parent) if name.startswith(".book")] == []


def test_without_an_exchange_in_one_step_the_second_step_that_fails_is_taken_back(made: Path, index: Path, corpus: Path,
                                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    before, rename, calls = files(made), os.rename, []

    def broken(*given: Any) -> None:
        calls.append(given)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        rename(*given)

    monkeypatch.setattr(static_folder, "_swap", lambda *_: (_ for _ in ()).throw(AttributeError("renameat2")))
    monkeypatch.setattr(static_folder.os, "rename", broken)
    with pytest.raises(BuildFailed):
        write_book(index, corpus, made)
    assert files(made) == before
    monkeypatch.setattr(static_folder.os, "rename", rename)
    write_book(index, corpus, made)
    assert files(made) == before


def test_what_a_killed_export_left_is_cleared_and_one_that_runs_is_not_disturbed(made: Path, index: Path, corpus: Path) -> None:
    draft = made.parent / ".book.draft"
    draft.mkdir()
    (draft / "half").write_text("half")
    with pytest.raises(BuildFailed, match="Another export is writing"):
        write_book(index, corpus, made)
    assert (draft / "half").exists()
    os.utime(draft, (0, 0))
    write_book(index, corpus, made)
    assert not draft.exists()


def test_the_command_says_what_it_wrote_and_when_the_corpus_is_newer(index: Path, corpus: Path, tmp_path: Path,
                                                                      capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["export-static", str(tmp_path / "book"), "--index", str(index), "--corpus", str(corpus)]
    assert main.main(arguments) == 0
    out, err = capsys.readouterr()
    assert re.match(r"Wrote .*: 10 pages, 3 passages, 1 questions of \d{8}T", out)
    assert err == ""
    (corpus / "bladder.txt").write_text("Bladder\n\nOther words about the bladder stand here now.\n", "utf-8")
    assert main.main([*arguments, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["stale"] == ["sheet"]
    assert err.startswith("The corpus is newer than the index (sheet)")
    assert BLADDER in words((tmp_path / "book" / "answers-sheet.html").read_text("utf-8")), "the published words"
    (tmp_path / "book" / "mine").write_text("mine")
    assert main.main(arguments) == 2
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 1
    shutil.rmtree(tmp_path / "book")
    assert main.main([*arguments[:2], "--index", str(tmp_path / "none")]) == 1
