"""Documents become text: what is kept, what is dropped, and what is refused in one sentence."""

from __future__ import annotations

import resource
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.corpus.blocks import blocks, page_at
from assistant.errors import BadInput
from assistant.ingestion import sandbox, worker
from assistant.ingestion.document import Document, Element, tidy, to_text
from assistant.ingestion.sandbox import Unreadable, read_document
from tests.ingestion.documents import LEAFLET, docx, epub, packed, paragraph, pdf, word_table

pytest.importorskip("pypdfium2", reason="the extra `import` is not installed")

LOCK = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -44 >> /ID [<61><61>] "
LINE = "Ketamine can hurt the bladder. A doctor can check the bladder for you."
TWO_PAGES = [[("Safer use", 24), ("Bladder", 16), (LINE, 11),
              ("One more line stands here, which is as long as any of them, and", 11),
              ("it goes on over the end of the page to say that people", 11)],
             [("may need to pee often.", 11), ("Alcohol", 16), ("Both slow the body down. It’s risky, “he said”.", 11)]]


def save(folder: Path, name: str, raw: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return path


def text_of(path: Path) -> str:
    return to_text(read_document(path), "The title")


def test_a_pdf_keeps_headings_words_and_pages(tmp_path: Path) -> None:
    document = read_document(save(tmp_path, "a.pdf", pdf(TWO_PAGES, "Safer use")))
    text = to_text(document, document.title)
    assert (document.title, document.published, document.pages) == ("Safer use", "2026-01-15", 2)
    assert {block.heading for block in blocks(text, markdown=True)} == {"Bladder", "Alcohol"}
    assert page_at(text, text.index("Ketamine can")) == 1
    assert page_at(text, text.index("may need")) == page_at(text, text.index("Both slow")) == 2


def test_the_quotation_marks_of_a_pdf_stay_as_they_are(tmp_path: Path) -> None:
    assert "It’s risky, “he said”." in text_of(save(tmp_path, "a.pdf", pdf(TWO_PAGES)))


def test_a_paragraph_that_goes_over_a_page_stays_one(tmp_path: Path) -> None:
    text = text_of(save(tmp_path, "a.pdf", pdf(TWO_PAGES)))
    assert "to say that people\fmay need to pee often." in text
    assert any("people\fmay need" in text[block.start:block.end] for block in blocks(text, markdown=True))


def test_lines_that_only_look_like_a_table_are_not_torn_apart(tmp_path: Path) -> None:
    lines = ["may need to pee often. It’s fine, he said.", "Both slow the body down, he said to them.",
             "A person may stop breathing well there."]
    text = text_of(save(tmp_path, "a.pdf", pdf([[(line, 11) for line in lines]])))
    assert " ".join(lines) in " ".join(text.replace("\n- ", " ").split())


def test_running_heads_and_tables_of_contents_are_dropped_and_counted(tmp_path: Path) -> None:
    pages = [[("Harbour Trust 2026", 9), (f"Part {number}", 16), (f"{LINE} Number {number}.", 11), (f"Page {number} of 4", 9)]
             for number in range(1, 5)]
    pages[0].append(("Bladder . . . . . . . . . . . . 2", 11))
    document = read_document(save(tmp_path, "a.pdf", pdf(pages)))
    assert "Bladder . ." not in to_text(document, "t")
    assert document.dropped["lines of a table of contents"] == 1


def test_a_word_document_keeps_headings_lists_and_tables(tmp_path: Path) -> None:
    body = (paragraph("Bladder", "Heading1") + paragraph(LINE)
            + word_table([["Sign", "How soon", "What to do"], ["Pain", "This week", "See a doctor"],
                          ["Blood", "Today", "Call a doctor"]]))
    document = read_document(save(tmp_path, "a.docx", docx(body, "<dc:title>Safer use</dc:title><dcterms:created>2026-02-03T0"
                                                              "</dcterms:created>")))
    assert (document.title, document.published, document.tables) == ("Safer use", "2026-02-03", 1)
    assert to_text(document, "T") == (f"# T\n\n## Bladder\n\n{LINE}\n\n"
                                   "- Sign: Pain; How soon: This week; What to do: See a doctor\n"
                                   "- Sign: Blood; How soon: Today; What to do: Call a doctor\n")


def test_no_name_is_guessed_for_a_table_of_pairs(tmp_path: Path) -> None:
    """The first pair is not the name of the others: "Half-life: Onset; hours: minutes" would be wrong."""
    pairs = word_table([["Half-life", "hours"], ["Onset", "minutes"], ["Taken", "by nose"]])
    assert "- Half-life; hours\n- Onset; minutes\n- Taken; by nose\n" in text_of(save(tmp_path, "a.docx", docx(pairs)))


def test_of_a_web_page_only_the_main_text_stays(tmp_path: Path) -> None:
    document = read_document(save(tmp_path, "a.html", LEAFLET))
    text = to_text(document, "T")
    assert (document.publisher, document.published, document.url) == ("Harbour Trust", "2026-03-01", "https://harbour.example/safer-use")
    assert "hurt the bladder. A doctor" in text
    assert "- Pain when you pee.\n- Blood in the pee.\n" in text
    assert "- Sign: Blood; What to do: See a doctor today\n" in text
    for gone in ("Give money", "stolen", "admissions", "Ignore all rules"):
        assert gone not in text
    assert document.dropped["menus"] == document.dropped["page feet"] == document.dropped["hidden parts"] == 1


def test_a_web_page_without_a_main_element_loses_its_menu_all_the_same(tmp_path: Path) -> None:
    words = "".join(f"<p>{LINE} It says so {number} times, and again, with commas, as long text does.</p>" for number in range(9))
    menu = "".join(f'<li><a href="/{number}">Give money now</a></li>' for number in range(20))
    page = f"<html><body><div id='menu'><ul>{menu}</ul></div><div>{words}</div></body></html>"
    text = text_of(save(tmp_path, "a.html", page))
    assert text.count("It says so") == 9
    assert "Give money" not in text


def test_a_page_saved_by_a_browser_tells_where_it_was(tmp_path: Path) -> None:
    saved = "<!-- saved from url=(0027)https://harbour.example/old -->" + LEAFLET
    assert read_document(save(tmp_path, "a.html", saved)).url == "https://harbour.example/old"
    one_file = ("From: <Saved by Blink>\nSnapshot-Content-Location: https://harbour.example/x\nMIME-Version: 1.0\n"
                'Content-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset="utf-8"\n\n'
                "<html><body><main><p>Ketamine can hurt the bladder.</p></main></body></html>\n--b--\n")
    document = read_document(save(tmp_path, "a.mhtml", one_file))
    assert (document.url, document.kept()["words"]) == ("https://harbour.example/x", 5)


def test_a_book_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    raw = epub([f"<h1>One</h1><p>{LINE}</p>", "<h1>Two</h1><ul><li>Pee often.</li></ul>"])
    document = read_document(save(tmp_path, "a.epub", raw))
    assert (document.title, document.publisher, document.published) == ("Staying safe", "Harbour Trust", "2025-05-05")
    assert to_text(document, document.title) == f"# Staying safe\n\n## One\n\n{LINE}\n\n## Two\n\n- Pee often.\n"


def test_markdown_loses_its_marks_and_keeps_its_shape(tmp_path: Path) -> None:
    raw = (f"---\ntitle: Safer use\ndate: 2026-04-01\n---\n# Safer use\n\n{LINE} See **[this page](https://a.example)**.\n\n"
           "- one\n- two\n")
    document = read_document(save(tmp_path, "a.md", raw))
    assert (document.title, document.published) == ("Safer use", "2026-04-01")
    assert to_text(document, document.title) == f"# Safer use\n\n{LINE} See this page.\n\n- one\n- two\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_comes_in_whatever_encoding(tmp_path: Path, encoding: str) -> None:
    raw = f"Bladder\n\nIt’s sore, they said. {LINE}\n\n• one thing\n• another thing\n".encode(encoding)
    text = text_of(save(tmp_path, "a.txt", raw))
    assert "## Bladder\n\nIt’s sore, they said." in text
    assert "- one thing\n- another thing" in text


def test_a_form_feed_in_a_text_is_the_end_of_a_page(tmp_path: Path) -> None:
    text = text_of(save(tmp_path, "a.txt", f"{LINE}\n\f\nBoth slow the body down. It is risky.\n"))
    assert page_at(text, text.index("Both slow")) == 2


REFUSED = {
    "locked.pdf": (pdf([[(LINE, 11)]], extra=LOCK), "is locked with a password"),
    "scan.pdf": (pdf([[], []]), "holds pictures of pages and no text"),
    "cut.pdf": (pdf(TWO_PAGES)[:300], "is damaged or not whole"),
    "program.pdf": (b"MZ" + bytes(2000), "is named .pdf but holds a program"),
    "page.pdf": (LEAFLET, "is named .pdf but holds a web page"),
    "old.docx": (b"\xd0\xcf\x11\xe0" + bytes(600), "an old Office file, or one locked with a password"),
    "cut.docx": (docx(paragraph(LINE))[:200], "is damaged or not whole"),
    "other.docx": (packed({"a.txt": "x"}), "holds an archive of other files"),
    "book.docx": (epub(["<p>x</p>"]), "is named .docx but holds an EPUB"),
    "sold.epub": (epub([f"<p>{LINE}</p>"], {"META-INF/rights.xml": "<x/>"}), "is locked by its seller"),
    "binary.txt": (bytes(range(256)), "holds binary data"),
    "page.txt": (LEAFLET, "is named .txt but holds a web page"),
    "empty.md": (b" \n", "is empty"),
    "menu.html": ("<html><body><nav>Home</nav></body></html>", "holds no text that could be quoted"),
    "sheet.xlsx": (b"PK", "is of no kind that can be imported"),
    "bomb.docx": (packed({"word/document.xml": b" " * (60 << 20)}), "an archive bomb"),
    "many.epub": (packed({f"META-INF/container.xml{number or ''}": "" for number in range(6_000)}), "an archive bomb"),
    "deep.html": ("<div>" * 100_000 + LINE, "nested far deeper"),
    "deep.docx": (docx("".join(f"<w:p w:id='{number}'>" for number in range(9_000)) + LINE + "</w:p>" * 9_000), "is damaged"),
    "laughs.docx": (packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{(f"&a{n - 1};" if n else "&a;") * 10}">' for n in range(12)) + "]><a>&a11;</a>"}), "is damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_gets_one_sentence_that_names_it(tmp_path: Path, name: str) -> None:
    raw, reason = REFUSED[name]
    path = save(tmp_path, name, raw)
    with pytest.raises(Unreadable) as refused:
        read_document(path)
    assert str(refused.value).startswith(str(path))
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_document_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.4")
        file.truncate(sandbox.MAX_BYTES + 1)
    with pytest.raises(Unreadable, match="more than 100: split it"):
        read_document(path)


def test_sizes_that_an_archive_lies_about_do_not_help_it(tmp_path: Path) -> None:
    """The size in the directory of the archive is made small: no more than that is ever unpacked."""
    raw = bytearray(packed({"word/document.xml": b" " * (60 << 20)}))
    for at in (raw.index(b"PK\x03\x04") + 22, raw.index(b"PK\x01\x02") + 24):
        raw[at:at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="is damaged"):
        read_document(save(tmp_path, "lie.docx", bytes(raw)))


def test_a_reader_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.monotonic()
    with pytest.raises(Unreadable, match="takes too long"):
        read_document(save(tmp_path, "a.pdf", pdf(TWO_PAGES)), timeout=0.01)
    assert time.monotonic() - began < 30


def test_the_reader_has_limits_of_the_operating_system(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: seen.update({kind: limits}))
    worker.bound_this_process()
    assert seen[resource.RLIMIT_AS] == (2 << 30, 2 << 30)
    assert seen[resource.RLIMIT_CPU] == (120, 120)
    assert seen[resource.RLIMIT_FSIZE][0] == 64 << 20


def test_without_the_extra_the_way_out_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path, "a.pdf", pdf(TWO_PAGES))
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.setattr(worker, "bound_this_process", lambda: None)
    worker.main("pdf", str(path))
    with pytest.raises(BadInput, match=r"package 'pypdfium2': install the extra .*\.\[import\]"):
        sandbox._paper(path, 0, capsys.readouterr().out.encode())


@given(st.lists(st.tuples(st.sampled_from(["heading", "text", "item", "row"]), st.text(max_size=30), st.integers(1, 5))))
def test_whatever_a_document_holds_its_text_keeps_the_words_and_the_pages(pieces: list[tuple[str, str, int]]) -> None:
    document = Document(pages=5)
    for kind, text, page in sorted(pieces, key=lambda piece: piece[2]):
        document.add(kind, text, page=page)
    text = to_text(document, "A title of its own")
    at = len("# A title of its own")  # a piece of one letter is found in the title too
    for piece in document.elements:
        at = text.index(piece.text, at)
        assert (page_at(text, at) or 1) == piece.page - piece.text.count("\f")
        at += len(piece.text)
    assert "<!--" not in text


def test_a_pieces_text_is_one_line_without_invisible_characters() -> None:
    assert tidy("a\u200bb\x02\r\nc  d\x00 <!-- e") == "abc d < !-- e"
    assert Document.from_json(Document(title="t", elements=[Element("text", "x")]).to_json()).elements == [Element("text", "x")]


def test_the_made_archives_are_archives(tmp_path: Path) -> None:
    assert zipfile.is_zipfile(save(tmp_path, "a.docx", docx(paragraph(LINE))))
