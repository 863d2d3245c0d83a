"""Import into a corpus folder: nothing without --yes, provenance, updates in place, and nobody's work is written over."""

from __future__ import annotations

import hashlib
import json
import threading
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.assistant import Assistant
from assistant.cli import main
from assistant.corpus.reader import read_corpus
from assistant.indexing.build import build_index
from assistant.server.web.rendering import Renderer
from assistant.server.web.source_view import paragraphs
from tests.ingestion.documents import LEAFLET, docx, epub, paragraph, pdf, word_table
from tests.server.web.test_page import QUESTIONS, TEXTS, StandIn
from tests.support import ToyEncoder

pytest.importorskip("pypdfium2", reason="the extra `import` is not installed")

LINE = "Ketamine can hurt the bladder. A doctor can check the bladder for you."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six documents of six formats, and one file that is none."""
    made = tmp_path / "leaflets"
    (made / "old").mkdir(parents=True)
    (made / "Safer use.pdf").write_bytes(pdf([[("Safer use", 24), (LINE, 11)],
                                              [("Alcohol slows the body down, as ketamine does.", 11)]]))
    (made / "signs.docx").write_bytes(docx(paragraph("Signs", "Heading1") + paragraph(LINE)
                                           + word_table([["a", "b"], ["c", "d"]])))
    (made / "page.html").write_text(LEAFLET, "utf-8")
    (made / "old" / "book.epub").write_bytes(epub([f"<h1>One</h1><p>{LINE}</p>"]))
    (made / "notes.md").write_text(f"# Notes\n\n{LINE}\n\nClick here to call our admissions team.\n", "utf-8")
    (made / "plain.txt").write_text(f"Plain words\n\n{LINE}\n", "utf-8")
    (made / "sums.xlsx").write_bytes(b"PK")
    return made


def run(*arguments: object) -> int:
    return main.main(["import", *map(str, arguments)])


def entries(corpus: Path) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in tomllib.loads((corpus / "sources.toml").read_text("utf-8"))["source"]}


def test_a_preview_writes_nothing(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "--corpus", tmp_path / "new") == 0
    said = capsys.readouterr()
    assert not (tmp_path / "new").exists()
    assert "Safer use.pdf -> texts/safer-use.md: new" in said.out
    assert "2 list items" in said.out
    assert "1 menu," in said.out
    assert "which no answer shows" in said.out
    assert "6 can be imported. Nothing was written: run it again with --yes." in said.out
    assert "sums.xlsx" in said.err


def test_six_formats_become_sources_with_their_provenance(folder: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "new"
    assert run(folder, "--corpus", corpus, "--yes", "--kind", "charity", "--rights", "Ours") == 0
    found = entries(corpus)
    assert set(found) == {"safer-use", "signs", "page", "old-book", "notes", "plain"}
    page = found["page"]
    assert (page["title"], page["publisher"], page["url"], page["published"], page["kind"], page["rights"]) == (
        "Safer use", "Harbour Trust", "https://harbour.example/safer-use", "2026-03-01", "charity", "Ours")
    assert page["original_sha256"] == hashlib.sha256((folder / "page.html").read_bytes()).hexdigest()
    assert page["original"] == "page.html"
    assert found["old-book"]["original"] == "old/book.epub"
    sources = {source.id: source for source in read_corpus(corpus).sources}
    assert all("bladder" in source.text and source.tier == "unreviewed" for source in sources.values())
    assert all(sources[name].sha256 == found[name]["imported_sha256"] for name in found)


def test_a_quote_from_a_pdf_names_its_page(folder: Path, tmp_path: Path, toy: ToyEncoder) -> None:
    corpus, index = tmp_path / "new", tmp_path / "index"
    run(folder / "Safer use.pdf", "--corpus", corpus, "--yes")
    build_index(corpus, index, encoder=toy)
    assistant = Assistant.open(index, encoder=toy)
    cited = assistant.ask("alcohol", ranked=3)
    (found,) = [citation for citation in cited.ranked if "Alcohol slows" in citation.exact]
    marked = found.exact[found.highlight[0] - found.start:found.highlight[1] - found.start]
    assert found.to_json()["page"] == (2 if "Alcohol" in marked else 1)
    assert [source.text[found.start:found.end] for source in assistant.sources] == [found.exact]


def test_the_page_of_a_pdf_stands_under_its_quote_and_in_the_terminal() -> None:
    answer = StandIn(TEXTS).ask(QUESTIONS["answered"])
    paged = replace(answer, citations=(replace(answer.citations[0], page=12),))
    assert "page 12" in Renderer(TEXTS, 2_000).answer(paged, {})
    assert "page 12" in str(paged)
    assert "page 12" not in Renderer(TEXTS, 2_000).answer(answer, {}) + str(answer)


def test_a_second_import_changes_nothing_and_a_changed_document_updates_in_place(
        folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "new"
    run(folder, "--corpus", corpus, "--yes")
    before = (corpus / "sources.toml").read_bytes()
    assert run(folder, "--corpus", corpus, "--yes") == 0
    assert "Nothing to write." in capsys.readouterr().out
    assert (corpus / "sources.toml").read_bytes() == before
    (folder / "notes.md").write_text(f"# Notes\n\n{LINE}\n\nOne thing more is said.\n", "utf-8")
    run(folder, "--corpus", corpus, "--yes")
    assert len(entries(corpus)) == 6
    assert "One thing more" in (corpus / "texts" / "notes.md").read_text("utf-8")
    assert entries(corpus)["notes"]["original_sha256"] == hashlib.sha256((folder / "notes.md").read_bytes()).hexdigest()


def test_what_an_editor_wrote_into_the_list_stays(folder: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "new"
    run(folder / "notes.md", "--corpus", corpus, "--yes")
    listing = corpus / "sources.toml"
    listing.write_text("# our sources\n" + listing.read_text("utf-8").replace('publisher = "unknown"', 'publisher = "Us" # asked')
                       .replace('tier = "unreviewed"', 'tier = "T2"'), "utf-8")
    (folder / "notes.md").write_text(f"# Notes\n\n{LINE} And more.\n", "utf-8")
    run(folder / "notes.md", "--corpus", corpus, "--yes")
    text = listing.read_text("utf-8")
    assert text.startswith("# our sources\n")
    assert 'publisher = "Us" # asked' in text
    assert 'tier = "T2"' in text


def test_a_text_that_an_editor_changed_is_left_alone_until_told_otherwise(
        folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "new"
    run(folder / "notes.md", "--corpus", corpus, "--yes")
    text = corpus / "texts" / "notes.md"
    text.write_text("# Notes\n\nAn editor's own words stand here now.\n", "utf-8")
    run(folder / "notes.md", "--corpus", corpus, "--yes")
    assert "changed by hand since it was imported" in capsys.readouterr().out
    assert "own words" in text.read_text("utf-8")
    run(folder / "notes.md", "--corpus", corpus, "--yes", "--replace")
    assert LINE in text.read_text("utf-8")


def test_a_bad_document_among_good_ones_is_named_and_the_good_ones_come_in(
        folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "broken.docx").write_bytes(b"PK\x03\x04nothing")
    assert run(folder, "--corpus", tmp_path / "new", "--yes") == 1
    said = capsys.readouterr()
    assert "broken.docx is damaged or not whole" in said.err
    assert "Wrote 6" in said.out
    assert len(entries(tmp_path / "new")) == 6


def test_the_sources_of_a_bare_folder_still_count(corpus: Path, folder: Path) -> None:
    run(folder / "notes.md", "--corpus", corpus, "--yes")
    assert {source.id for source in read_corpus(corpus).sources} == {"alcohol", "bladder", "notes"}


def test_two_documents_of_one_name_get_two_ids(folder: Path, tmp_path: Path) -> None:
    (folder / "notes.txt").write_text(LINE, "utf-8")
    run(folder, "--corpus", tmp_path / "new", "--yes")
    assert {"notes", "notes-txt"} <= set(entries(tmp_path / "new"))


@pytest.mark.parametrize(("arguments", "said"), [
    (["nowhere.pdf"], "There is no file or folder nowhere.pdf"), ([], "required"),
    (["{folder}", "--url", "https://a.example"], "are for one document"), (["{folder}", "--kind", "blog"], "invalid choice"),
    (["{folder}/sums.xlsx"], "of no kind that can be imported")])
def test_wrong_use_is_one_sentence_and_two(arguments: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str],
                                           tmp_path: Path) -> None:
    try:
        code = run(*(argument.format(folder=folder) for argument in arguments), "--corpus", tmp_path / "new")
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    assert code == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_for_programs_there_is_one_json_document(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "--corpus", tmp_path / "new", "--json", "--yes")
    said = json.loads(capsys.readouterr().out)
    assert len(said["written"]) == 6
    assert said["documents"][0]["kept"]["words"] > 5
    assert said["passed_over"]
    assert not said["refused"]


class Site(BaseHTTPRequestHandler):
    pages: dict[str, tuple[int, str, bytes]] = {  # noqa: RUF012 - one for all requests
        "/safer": (200, "text/html; charset=utf-8", LEAFLET.replace("https://harbour.example/safer-use", "").encode()),
        "/leaflet": (200, "application/pdf", pdf([[("Safer use", 24), (LINE, 11)]])),
        "/picture": (200, "image/png", b"\x89PNG"), "/gone": (404, "text/html", b"no")}

    def do_GET(self) -> None:
        status, kind, body = self.pages[self.path]
        self.send_response(status)
        self.send_header("content-type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_list_of_addresses_is_fetched_and_each_source_knows_its_own(
        site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listing = tmp_path / "pages.txt"
    listing.write_text(f"# leaflets\n{site}/safer\n{site}/leaflet\n{site}/picture\n{site}/gone\n", "utf-8")
    assert run(listing, "--corpus", tmp_path / "new", "--yes") == 1
    said = capsys.readouterr().err
    assert f"{site}/picture sends image/png, which cannot be imported." in said
    assert f"{site}/gone answers 404" in said
    found = {entry["original"]: entry for entry in entries(tmp_path / "new").values()}
    assert {name: entry["url"] for name, entry in found.items()} == {
        f"{site}/{page}": f"{site}/{page}" for page in ("safer", "leaflet")}


def test_an_address_that_nobody_answers_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("http://127.0.0.1:9/x", "--corpus", tmp_path / "new") == 2
    assert "http://127.0.0.1:9/x cannot be fetched" in capsys.readouterr().err


def test_the_page_of_a_source_shows_no_mark_for_the_end_of_a_page() -> None:
    """The form feed is white space to a browser; it never makes a paragraph of its own."""
    found = paragraphs("# T\n\nOne.\n\n\fTwo goes\fon.\n")
    assert [part.heading for part in found] == [True, False, False]
