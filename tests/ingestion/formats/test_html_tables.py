"""Tables: a cell never stands under another column's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ingestion.document import to_text
from assistant.ingestion.sandbox import read_document
from tests.ingestion.documents import docx, paragraph

HEAD = "<tr><th>Drink</th><th>Served</th><th>Lasts</th></tr>"


@pytest.mark.parametrize(("rows", "lines"), [
    (HEAD + "<tr><td rowspan=2>Tea</td><td>hot</td><td>an hour</td></tr><tr><td>cold</td><td>a day</td></tr>",
     "- Drink: Tea; Served: hot; Lasts: an hour\n- Drink: Tea; Served: cold; Lasts: a day\n"),
    (HEAD + "<tr><td colspan=2>Anything else, hot or cold</td><td>a week</td></tr>",
     "- Anything else, hot or cold; Lasts: a week\n"),
    ("<tr><th rowspan=2>Sign</th><th colspan=2>Who had it</th></tr><tr><th>Tea</th><th>Milk</th></tr>"
     "<tr><td>Sleep</td><td>14</td><td>9</td></tr>", "- Sign: Sleep; Tea: 14; Milk: 9\n"),
    ("<tr><th rowspan=2>Sign</th><th colspan=2>Tea</th><th colspan=2>Milk</th></tr>"
     "<tr><th>Men</th><th>Women</th><th>Men</th><th>Women</th></tr><tr><td>Sleep</td><td>1</td><td>2</td><td>3</td><td>4</td></tr>",
     "- Sign: Sleep; Tea Men: 1; Tea Women: 2; Milk Men: 3; Milk Women: 4\n"),
    (HEAD + "<tr><td>Tea</td><td></td><td>an hour</td></tr>", "- Drink: Tea; Lasts: an hour\n"),
])
def test_each_cell_stands_under_its_own_name_or_under_none(tmp_path: Path, rows: str, lines: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<html><body><main><p>What we serve on the ward in a week.</p><table>{rows}</table></main></body></html>",
                    "utf-8")
    document = read_document(path)
    assert to_text(document, "T").endswith("\n\n" + lines)
    assert not document.proof["lost"] + document.proof["added"]


def test_merged_cells_of_word_keep_their_names(tmp_path: Path) -> None:
    def cell(text: str, merge: str = "") -> str:
        return f"<w:tc><w:tcPr>{merge}</w:tcPr>{paragraph(text)}</w:tc>"

    restart, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = ("<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>" + "".join(map(cell, ("Drink", "Served", "Lasts"))) + "</w:tr><w:tr>"
            + cell("Tea", restart) + cell("hot") + cell("an hour") + "</w:tr><w:tr>" + cell("",
                    goes_on) + cell("cold") + cell("a day")
            + "</w:tr></w:tbl>")
    path = tmp_path / "a.docx"
    path.write_bytes(docx(paragraph("What we serve on the ward.") + body))
    text = to_text(read_document(path), "T")
    assert "- Drink: Tea; Served: hot; Lasts: an hour\n- Drink: Tea; Served: cold; Lasts: a day\n" in text
