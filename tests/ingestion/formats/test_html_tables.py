"""Tables: a cell never stands under another column's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ingestion.document import to_text
from tests.ingestion.documents import docx, paragraph, read_here

HEAD = "<tr><th>Drink</th><th>Served</th><th>Lasts</th></tr>"


@pytest.mark.parametrize(("rows", "lines"), [
    ("<tr><td></td><th>Tea</th><th>Milk</th></tr><tr><th>Cups</th><td>40</td><td>9</td></tr>"
     "<tr><th>Pots</th><td>7</td><td></td></tr>",
     "- Cups; Tea: 40; Milk: 9\n- Pots; Tea: 7\n"),
    ("<tr><th>When</th><th>What</th></tr><tr><td rowspan=0>Noon</td><td>Tea</td></tr>"
     "<tr><td>Milk</td></tr><tr><td>Rest</td></tr>",
     "- When: Noon; What: Tea\n- When: Noon; What: Milk\n- When: Noon; What: Rest\n"),
    ("<tr><th colspan=2>What we serve</th></tr><tr><th>When</th><th>What</th></tr><tr><td>Noon</td><td>Tea</td></tr>",
     "What we serve\n\n- When: Noon; What: Tea\n"),
    (HEAD + "<tr><td rowspan=2>Tea</td><td>hot</td><td>an hour</td></tr><tr><td>cold</td><td>a day</td></tr>",
     "- Drink: Tea; Served: hot; Lasts: an hour\n- Drink: Tea; Served: cold; Lasts: a day\n"),
    (HEAD + "<tr><td colspan=2>Anything else, hot or cold</td><td>a week</td></tr>",
     "- Anything else, hot or cold; Lasts: a week\n"),
    ("<tr><th rowspan=2>Sign</th><th colspan=2>Who had it</th></tr><tr><th>Tea</th><th>Milk</th></tr>"
     "<tr><td>Sleep</td><td>14</td><td>9</td></tr>", "- Sign: Sleep; Tea: 14; Milk: 9\n"),
    ("<tr><th rowspan=2>Sign</th><th colspan=2>Tea</th><th colspan=2>Milk</th></tr>"
     "<tr><th>Men</th><th>Women</th><th>Men</th><th>Women</th></tr><tr><td>Sleep</td><td>1</td><td>2</td><td>3</td><td>4</td></tr>",
     "- Sign: Sleep; Tea Men: 1; Tea Women: 2; Milk Men: 3; Milk Women: 4\n"),
    ("<tr><th>Drink</th><th>Served</th></tr><tr><td>Tea</td><td><table><tr><td>hot</td><td>5 min</td></tr><tr><td>cold</td>"
     "<td>2 h</td></tr></table></td></tr>", "- Drink: Tea; Served: hot, 5 min; cold, 2 h\n"),
    (HEAD + "<tr><td>Tea</td><td></td><td>an hour</td></tr>", "- Drink: Tea; Lasts: an hour\n"),
])
def test_each_cell_stands_under_its_own_name_or_under_none(tmp_path: Path, rows: str, lines: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<html><body><main><p>What we serve on the ward in a week.</p><table>{rows}</table></main></body></html>",
                    "utf-8")
    document = read_here(path)
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
    text = to_text(read_here(path), "T")
    assert "- Drink: Tea; Served: hot; Lasts: an hour\n- Drink: Tea; Served: cold; Lasts: a day\n" in text


def test_boxes_that_say_they_are_a_table_are_read_as_one(tmp_path: Path) -> None:
    def row(role: str, *cells: str) -> str:
        return "<div role='row'>" + "".join(f"<span role='{role}'>{cell}</span>" for cell in cells) + "</div>"

    path = tmp_path / "a.html"
    path.write_text(f"<html><body><main><div role='table'>{row('columnheader', 'Drink', 'Cups')}{row('cell', 'Tea', '2.5')}"
                    "</div></main></body></html>", "utf-8")
    assert to_text(read_here(path), "T") == "# T\n\n- Drink: Tea; Cups: 2.5\n"


@pytest.mark.parametrize("before", ["", "<w:trPr><w:gridBefore w:val='1'/></w:trPr>"])
def test_two_bold_rows_of_word_are_names_and_a_row_that_begins_further_in_stays_there(tmp_path: Path, before: str) -> None:
    def cell(text: str, properties: str = "", bold: bool = False) -> str:
        shown = f"<w:rPr>{'<w:b/>' * bold}</w:rPr><w:t>{text}</w:t>"
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r>{shown}</w:r></w:p></w:tc>"

    first = "" if before else cell("Ann")
    (tmp_path / "a.docx").write_bytes(docx(
        "<w:tbl><w:tr>" + cell("Who", "<w:vMerge w:val='restart'/>", True) + cell("Day 2", "<w:gridSpan w:val='2'/>", True)
        + "</w:tr><w:tr>" + cell("", "<w:vMerge/>") + cell("Tea", "", True) + cell("Milk", "", True)
        + f"</w:tr><w:tr>{before}{first}" + cell("3") + cell("0.5")
        + "</w:tr><w:tr>" + cell("Ben") + cell("4") + cell("1") + "</w:tr></w:tbl>"))
    ann = "" if before else "Who: Ann; "
    assert to_text(read_here(tmp_path / "a.docx"), "T") == f"# T\n\n- {ann}Tea: 3; Milk: 0.5\n- Who: Ben; Tea: 4; Milk: 1\n"


@pytest.mark.parametrize("columns", ['<col><col style="visibility: collapse"><col>', "<colgroup><col><col hidden></colgroup>"])
def test_a_column_that_the_page_hides_is_no_text(tmp_path: Path, columns: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<html><body><main><p>What we serve on the ward in a week.</p><table>{columns}{HEAD}<tr><td>Tea</td>"
                    "<td>not agreed</td><td>an hour</td></tr></table></main></body></html>", "utf-8")
    document = read_here(path)
    assert to_text(document, "T").endswith("\n\n- Drink: Tea; Lasts: an hour\n")
    assert [words for name, _, words in document.left_out if name == "hidden parts"] == ["Served", "not agreed"]
    assert document.proof["lost"] == []
