"""Which source a document becomes: titles, ids, editions, folders; nothing is doubled, lost or put under another's name."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import main
from tests.ingestion.documents import docx, paragraph, placed_pdf

BODY = "Nurses look in on everybody twice a night, and a lamp stays on beside the door."


def run(*arguments: object) -> int:
    return main.main(["import", *map(str, arguments)])


def entries(corpus: Path) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in tomllib.loads((corpus / "sources.toml").read_text("utf-8"))["source"]}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("at_once", [True, False])
def test_documents_of_one_name_in_two_folders_are_two_sources(tmp_path: Path, at_once: bool) -> None:
    for ward in ("east", "west"):
        write(tmp_path / ward / "night.md",
              f"# Ward {ward}\n\nOn ward {ward} the lamps go out at ten, and a nurse sits by the door.\n")
    corpus = tmp_path / "mine"
    for folders in ([["east", "west"]] if at_once else [["east"], ["west"]]):
        assert run(*(tmp_path / folder for folder in folders), "--corpus", corpus, "--yes") == 0
    assert {entry["title"]: "ward east" in (corpus / entry["file"]).read_text("utf-8") for entry in entries(corpus).values()} == {
        "Ward east": True, "Ward west": False}


def test_a_folder_that_was_moved_is_the_same_folder(tmp_path: Path) -> None:
    write(tmp_path / "old" / "night.md", f"# Nights\n\n{BODY}\n")
    run(tmp_path / "old", "--corpus", tmp_path / "mine", "--yes")
    (tmp_path / "old").rename(tmp_path / "new")
    run(tmp_path / "new", "--corpus", tmp_path / "mine", "--yes")
    assert set(entries(tmp_path / "mine")) == {"night"}


def test_a_corpus_inside_its_documents_is_not_brought_in_again(tmp_path: Path) -> None:
    write(tmp_path / "leaflets" / "night.md", f"# Nights\n\n{BODY}\n")
    for _ in range(3):
        run(tmp_path / "leaflets", "--corpus", tmp_path / "leaflets" / "mine", "--yes")
    assert set(entries(tmp_path / "leaflets" / "mine")) == {"night"}


def test_two_imports_at_once_both_land(tmp_path: Path) -> None:
    for ward in ("east", "west"):
        for number in range(4):
            write(tmp_path / ward / f"{ward}{number}.md", f"# {ward} {number}\n\n{BODY} This is sheet {number} of ward {ward}.\n")
    jobs = [subprocess.Popen([sys.executable, "-m", "assistant", "import", str(tmp_path / ward), "--corpus",
                              str(tmp_path / "mine"),
                              "--yes"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for ward in ("east", "west")]
    assert [job.wait(120) for job in jobs] == [0, 0]
    assert len(entries(tmp_path / "mine")) == 8


def test_a_document_that_is_gone_is_told_and_withdrawn_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = tmp_path / "mine"
    write(tmp_path / "in" / "day.md", f"# Days\n\n{BODY}\n")
    gone = write(tmp_path / "in" / "night.md", f"# Nights\n\n{BODY} It is dark.\n")
    run(tmp_path / "in", "--corpus", corpus, "--yes")
    gone.unlink()
    run(tmp_path / "in", "--corpus", corpus, "--yes")
    assert "night.md is no longer there; its source night stays until" in capsys.readouterr().err
    run(tmp_path / "in", "--corpus", corpus, "--prune")
    assert "would be taken out" in capsys.readouterr().err
    assert set(entries(corpus)) == {"day", "night"}
    run(tmp_path / "in", "--corpus", corpus, "--prune", "--yes")
    assert set(entries(corpus)) == {"day"}
    assert not (corpus / "texts" / "night.md").exists()


@pytest.mark.parametrize(("edited", "title", "publisher"), [
    (False, "Nights on the ward", "South Ward"), (True, "Our own title", "Our own name")])
def test_a_new_edition_brings_its_title_and_publisher_unless_an_editor_wrote_others(
        tmp_path: Path, edited: bool, title: str, publisher: str) -> None:
    corpus, document = tmp_path / "mine", tmp_path / "in" / "night.md"
    write(document, f"---\ntitle: Nights\npublisher: North Ward\n---\n# Nights\n\n{BODY}\n")
    run(document, "--corpus", corpus, "--yes")
    if edited:
        listing = corpus / "sources.toml"
        listing.write_text(listing.read_text("utf-8").replace('title = "Nights"', 'title = "Our own title"')
                           .replace('\npublisher = "North Ward"', '\npublisher = "Our own name"'), "utf-8")
    write(document, f"---\ntitle: Nights on the ward\npublisher: South Ward\n---\n# Nights on the ward\n\n{BODY}\n")
    run(document, "--corpus", corpus, "--yes")
    entry = entries(corpus)["night"]
    assert (entry["title"], entry["publisher"]) == (title, publisher)


@pytest.mark.parametrize("named", ["untitled", "Untitled document", "Microsoft Word - draft3.docx", "Document1", "doc.pdf", ""])
def test_a_title_that_is_none_gives_way_to_the_largest_heading_of_page_one(tmp_path: Path, named: str) -> None:
    page: list[tuple[object, ...]] = [("North Ward", 60, 790, 13, "F2"), ("How to sleep well", 60, 750, 20, "F2"),
                                      *[(BODY, 60, 700 - 14 * line, 10) for line in range(4)]]
    (tmp_path / "doc.pdf").write_bytes(placed_pdf([page], named))
    run(tmp_path / "doc.pdf", "--corpus", tmp_path / "mine", "--yes")
    assert [entry["title"] for entry in entries(tmp_path / "mine").values()] == ["How to sleep well"]


def test_a_heading_of_a_later_page_is_no_title(tmp_path: Path) -> None:
    text: list[tuple[object, ...]] = [(f"{BODY} {line}", 60, 700 - 14 * line, 10) for line in range(6)]
    (tmp_path / "Sleeping well.pdf").write_bytes(placed_pdf([text, [("Who paid for this", 60, 760, 18, "F2"), *text]]))
    run(tmp_path / "Sleeping well.pdf", "--corpus", tmp_path / "mine", "--yes")
    assert [entry["title"] for entry in entries(tmp_path / "mine").values()] == ["Sleeping well"]


def test_a_document_with_changed_numbers_waits_for_the_operator(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.ingestion import importer

    real = importer.read_document

    def wrong(path: Path) -> Any:
        document = real(path)
        document.proof["changed"] = ["0.5"]
        return document

    monkeypatch.setattr(importer, "read_document", wrong)
    write(tmp_path / "in" / "night.md", f"# Nights\n\n{BODY}\n")
    assert run(tmp_path / "in", "--corpus", tmp_path / "mine", "--yes") == 1
    said = capsys.readouterr()
    assert "numbers are not as in the file: 0.5" in said.out
    assert "--accept-changes" in said.err
    assert not (tmp_path / "mine" / "sources.toml").exists()
    assert run(tmp_path / "in", "--corpus", tmp_path / "mine", "--yes", "--accept-changes") == 0
    assert set(entries(tmp_path / "mine")) == {"night"}


@pytest.mark.parametrize(("body", "told"), [
    ("<p>我们建议您多喝水，多休息，并且不要开车。</p>", True),
    ("<p>Trinken Sie viel Wasser und bleiben Sie nach der Behandlung im Bett, damit "
     "Sie sich ausruhen und am nächsten Tag wieder zur Arbeit gehen können, ohne dass Ihnen schlecht wird.</p>", True),
    (f"<p>{BODY}</p>", False),
    ("<ul>" + "<li>Blood pressure: annual check, ages 18 to 39</li><li>Two doses of vaccine if not given at birth</li>" * 4
     + "</ul>", False),
    ("<p>Visits.</p><table><tr><th>Town</th><th>Visits</th></tr>" + "<tr><td>Harbour Hill</td><td>12</td></tr>" * 40 + "</table>",
     False)])
def test_a_language_that_the_search_does_not_read_is_told(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, told: bool) -> None:
    write(tmp_path / "a.html", f"<html><body><main>{body}</main></body></html>")
    run(tmp_path / "a.html", "--corpus", tmp_path / "mine")
    assert ("the search reads English alone" in capsys.readouterr().out) == told


def test_the_preview_of_a_document_is_one_screen_with_questions_that_it_answers(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = paragraph("May I read at night?", "Heading1") + paragraph(BODY) + paragraph("Food", "Heading1") + paragraph(BODY)
    (tmp_path / "night.docx").write_bytes(docx(body))
    run(tmp_path / "night.docx", "--corpus", tmp_path / "mine")
    shown = capsys.readouterr().out
    assert "May I read at night?" in shown
    assert "proof      all" in shown
    assert "ends " in shown
    assert len(shown.splitlines()) <= 24
