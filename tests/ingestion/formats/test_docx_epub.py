"""Word: hidden and struck words out, raised digits apart, bold lines as headings, formulas and moved text in."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ingestion.document import Document, to_text
from tests.ingestion.documents import docx, paragraph, read_here, word_table

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def read(folder: Path, body: str) -> tuple[Document, str]:
    path = folder / "a.docx"
    path.write_bytes(docx(body))
    document = read_here(path)
    return document, to_text(document, "T")


@pytest.mark.parametrize(("runs", "text"), [
    (run("Rest for ") + run("two ", "<w:strike/>") + run("five days"), "Rest for five days"),
    (run("Rest for ") + run("two ", "<w:dstrike/>") + run("five days"), "Rest for five days"),
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


WHITE, SHADE = '<w:color w:val="FFFFFF"/>', '<w:shd w:val="clear" w:color="auto" w:fill="1F3864"/>'
SECRET = "not agreed by the ward"


@pytest.mark.parametrize(("properties", "shown"), [
    (WHITE, False), ('<w:color w:val="FDFDFD"/>', False), ('<w:sz w:val="2"/>', False), ('<w:rStyle w:val="Pale"/>', False),
    (WHITE + SHADE, True), (WHITE + '<w:highlight w:val="darkBlue"/>', True), ('<w:color w:val="1F3864"/>' + SHADE, False),
    ('<w:color w:val="auto"/>', True), ('<w:sz w:val="14"/>', True), ('<w:rStyle w:val="Loud"/>', True),
])
def test_words_that_nobody_sees_are_no_text_and_white_ones_on_a_dark_ground_are(tmp_path: Path, properties: str, shown: bool
                                                                                ) -> None:
    styles = (f'<w:style w:type="character" w:styleId="Pale"><w:name w:val="Pale"/><w:rPr>{WHITE}</w:rPr></w:style>'
              f'<w:style w:type="character" w:styleId="Loud"><w:name w:val="Loud"/><w:rPr>{WHITE}{SHADE}</w:rPr></w:style>')
    path = tmp_path / "a.docx"
    path.write_bytes(docx(f"<w:p>{run('Rest for five days, ')}{run(SECRET, properties)}{run(' at home.')}</w:p>", styles=styles))
    document = read_here(path)
    assert (SECRET in to_text(document, "T")) is shown
    assert document.dropped["hidden parts"] == (not shown)
    assert document.proof["lost"] == document.proof["added"] == []


@pytest.mark.parametrize(("cell", "table"), [(f"<w:tcPr>{SHADE}</w:tcPr>", ""),
                                             ("", '<w:tblPr><w:tblStyle w:val="Dark"/></w:tblPr>')])
def test_white_words_in_a_shaded_table_are_text(tmp_path: Path, cell: str, table: str) -> None:
    styles = ('<w:style w:type="table" w:styleId="Dark"><w:name w:val="Dark"/><w:tblStylePr w:type="firstRow"><w:tcPr>'
              f"{SHADE}</w:tcPr></w:tblStylePr></w:style>")
    path = tmp_path / "a.docx"
    path.write_bytes(docx(f"<w:tbl>{table}<w:tr><w:tc>{cell}<w:p>{run('Ring us at once', WHITE)}</w:p></w:tc><w:tc>"
                          f"{paragraph('on 0123')}</w:tc></w:tr></w:tbl>{paragraph('Rest at home.')}", styles=styles))
    assert "Ring us at once" in to_text(read_here(path), "T")


@pytest.mark.parametrize("row", ["<w:hidden/>", '<w:trHeight w:val="1" w:hRule="exact"/>'])
def test_a_hidden_row_of_a_table_is_no_text(tmp_path: Path, row: str) -> None:
    rows = word_table([("Sign", "Who helps"), ("Fever", "Your doctor"), ("Rash", SECRET)])
    before, _, last = rows.rpartition("<w:tr>")
    document, text = read(tmp_path, f"{before}<w:tr><w:trPr>{row}</w:trPr>{last}{paragraph('Rest at home.')}")
    assert "Fever" in text
    assert SECRET not in text
    assert document.proof["lost"] == []


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


STYLES = """<w:style w:type="character" w:styleId="Up"><w:name w:val="Sign"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>
</w:style><w:style w:type="character" w:styleId="Out"><w:name w:val="Out"/><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Out2"><w:name w:val="Out too"/><w:basedOn w:val="Out"/></w:style>
<w:style w:type="paragraph" w:styleId="Head"><w:name w:val="Section"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>"""


def styled(name: str) -> str:
    return f'<w:rStyle w:val="{name}"/>'


@pytest.mark.parametrize(("runs", "text"), [
    (run("Of 60") + run("5", styled("Up")) + run(" people all slept"), "Of 60 [5] people all slept"),
    (run("Rest for ") + run("two ", styled("Out")) + run("or ten ", styled("Out2")) + run("five days"), "Rest for five days"),
    (run("Rest for ") + run("two ", styled("Out") + '<w:strike w:val="0"/>') + run("days"), "Rest for two days"),
    (run("Rest till page ") + f'<w:fldSimple w:instr="PAGEREF x">{run("7")}</w:fldSimple>', "Rest till page 7"),
    (run("Rest ") + '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + run("5 hours"), "Rest ≥5 hours"),
    (f'<m:oMath {MATH}><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath>'
     + run(" is the mean"), "(a+b)/4 is the mean"),
    (f'<m:oMath {MATH}><m:sSup><m:e><m:r><m:t>y</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>'
     + run(" is it"), "y² is it"),
])
def test_what_a_style_or_a_field_says_of_words_counts_as_if_it_stood_at_them(tmp_path: Path, runs: str, text: str) -> None:
    (tmp_path / "a.docx").write_bytes(docx(f"<w:p>{runs}{run(', and drink water.')}</w:p>", styles=STYLES))
    document = read_here(tmp_path / "a.docx")
    assert f"{text}, and drink water." in to_text(document, "T")
    assert document.proof["changed"] == document.proof["lost"] == []


def test_a_bold_style_makes_headings_and_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    underlined = run("Eating", '<w:u w:val="single"/>')
    body = (paragraph("At home 3", "TOC1") + paragraph("At home", "Head") + paragraph("A friend must drive you that day.")
            + f"<w:p>{underlined}</w:p>" + paragraph("Eat a little."))
    (tmp_path / "a.docx").write_bytes(docx(body, styles=STYLES))
    document = read_here(tmp_path / "a.docx")
    assert to_text(document, "T") == "# T\n\n## At home\n\nA friend must drive you that day.\n\n## Eating\n\nEat a little.\n"
    assert document.dropped["lines of a table of contents"] == 1


def test_paragraphs_whose_parting_was_deleted_are_one(tmp_path: Path) -> None:
    _, text = read(tmp_path, f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('Come back in ')}</w:p>" + paragraph("ten days."))
    assert text == "# T\n\nCome back in ten days.\n"
