"""Word: hidden and struck words out, raised digits apart, bold lines as headings, formulas and moved text in."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ingestion.document import Document, to_text
from assistant.ingestion.sandbox import read_document
from tests.ingestion.documents import docx, paragraph

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def read(folder: Path, body: str) -> tuple[Document, str]:
    path = folder / "a.docx"
    path.write_bytes(docx(body))
    document = read_document(path)
    return document, to_text(document, "T")


@pytest.mark.parametrize(("runs", "text"), [
    (run("Rest for ") + run("two ", "<w:strike/>") + run("five days"), "Rest for five days"),
    (run("Rest well") + run(" not agreed yet", "<w:vanish/>"), "Rest well"),
    (run("Rest well") + run(" and eat", '<w:vanish w:val="0"/>'), "Rest well and eat"),
    (run("Rest ") + f"<w:del>{run('never ')}</w:del><w:ins>{run('always')}</w:ins>", "Rest always"),
    (run("Rest ") + f"<w:moveTo>{run('at noon')}</w:moveTo>", "Rest at noon"),
    (run("of 3 x 10") + run("8", '<w:vertAlign w:val="superscript"/>') + run(" cells"), "of 3 x 10⁸ cells"),
    (run("of 17") + run("2", '<w:vertAlign w:val="superscript"/>') + run(" people"), "of 17 [2] people"),
    (run("of 17") + run("2", '<w:position w:val="8"/>') + run(" people"), "of 17 [2] people"),
    (run("a count of ") + f"<m:oMath {MATH}><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>5</m:t></m:r></m:sup>"
     "</m:sSup></m:oMath>" + run(" in all"), "a count of 10⁵ in all"),
])
def test_the_words_are_those_that_a_reader_sees(tmp_path: Path, runs: str, text: str) -> None:
    document, written = read(tmp_path, f"<w:p>{runs}{run(', and drink water.')}</w:p>")
    assert written == f"# T\n\n{text}, and drink water.\n"
    assert document.proof["changed"] == []


def test_a_short_line_that_is_bold_throughout_is_a_heading(tmp_path: Path) -> None:
    bold = "<w:p>" + run("Who cooks?", "<w:b/>") + "</w:p>"
    loud = "<w:p>" + run("Ring the bell at once if you feel faint!", "<w:b/>") + "</w:p>"
    _, text = read(tmp_path,
                   bold + paragraph("The kitchen of the ward cooks twice a day.") + loud + paragraph("It hangs by the door."))
    assert "## Who cooks?\n\nThe kitchen" in text
    assert "\n\nRing the bell at once if you feel faint!\n\nIt hangs" in text


def test_a_list_of_bold_statements_is_no_run_of_headings(tmp_path: Path) -> None:
    bold = "".join(f"<w:p>{run(line, '<w:b/>')}</w:p>" for line in ("Wash your hands", "Close the window", "Lock the door"))
    _, text = read(tmp_path, bold + paragraph("Then go to bed."))
    assert "#" not in text[3:]
