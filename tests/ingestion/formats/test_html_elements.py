"""Web pages, EPUB and Markdown: the words a reader sees, in one piece, under the right headings and names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.ingestion.document import Document, to_text
from tests.ingestion.documents import epub, read_here


def read(folder: Path, body: str, head: str = "", name: str = "a.html") -> tuple[Document, str]:
    path = folder / name
    whole = f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    path.write_text(whole if name.endswith("html") else body, "utf-8")
    document = read_here(path)
    return document, to_text(document, "T")


@pytest.mark.parametrize(("html", "text"), [
    ("from 5 x 10<sup>6</sup> cells", "from 5 x 10⁶ cells"),
    ("at 10<sup>-3</sup> of it", "at 10⁻³ of it"),
    ("a body of 22 kg/m<sup>2</sup> or more", "a body of 22 kg/m² or more"),
    ("of 31<sup>4</sup> people", "of 31 [4] people"),
    ("with r<sup>2</sup> = 0.4", "with r² = 0.4"),
    ("with vitamin C<sup>2</sup> at 9", "with vitamin C [2] at 9"),
    ("took 50 mg<sup>2,3</sup> a day", "took 50 mg [2,3] a day"),
    ("on the 3<sup>rd</sup> day", "on the 3rd day"),
    ("Water is H<sub>2</sub>O here", "Water is H2O here"),
    ("the log<sub>10</sub>5 of it", "the log₁₀5 of it"),
    ("of 64<a href='#fn1' role='doc-noteref'>1</a> women", "of 64 women"),
    ("in 1999<sup><a href='#cite_note-7'>[7]</a></sup> it was", "in 1999 it was"),
    ("of 27<a href='#note4' class='footnote'>4</a> men", "of 27 men"),
    ("of 27<a href='#x'>4</a> men", "of 27 [4] men"),
    ("of 27<span style='vertical-align: super'>4</span> men", "of 27 [4] men"),
    ("of 27<sup>b</sup> men", "of 27 [b] men"),
    ("with 1<sup>1</sup>/<sub>2</sub> cups", "with 1 1/2 cups"),
    ("with <sup>3</sup>/<sub>4</sub> cup", "with 3/4 cup"),
    ("over 10<sup>12</sup>/L there", "over 10¹²/L there"),
    ("a mass of <math><msup><mn>10</mn><mn>4</mn></msup></math> units", "a mass of 10⁴ units"),
])
def test_what_is_raised_never_changes_a_number(tmp_path: Path, html: str, text: str) -> None:
    document, written = read(tmp_path, f"<main><p>The study began {html} and then it went on for a year.</p></main>")
    assert f"The study began {text} and then" in written
    assert document.proof["changed"] == []


def test_note_marks_of_a_book_stay_out_of_its_numbers(tmp_path: Path) -> None:
    link = '<a epub:type="noteref" xmlns:epub="http://www.idpf.org/2007/ops" href="#n">{}</a>'
    path = tmp_path / "a.epub"
    path.write_bytes(epub([f"<h1>Risks</h1><p>Of 340{link.format(2)} people in 2011{link.format('3')} most slept well.</p>"]))
    document = read_here(path)
    assert "Of 340 people in 2011 most slept well." in to_text(document, "T")
    assert document.proof["changed"] == []


@pytest.mark.parametrize(("html", "text"), [
    ("Rest for <del>one</del> <ins>three</ins> days at home", "Rest for three days at home"),
    ("Rest for <s>an hour</s> half a day at home", "Rest for half a day at home"),
    ("Rest <span style='text-decoration: line-through'>never</span> always", "Rest always"),
    ("The <acronym>ECG</acronym> and the <big>long</big> <tt>list</tt> help", "The ECG and the long list help"),
    ("Ask <my-word>any</my-word> nurse", "Ask any nurse"),
    ("Rest <span hidden>draft</span>now", "Rest now"),
    ("Rest <span style='display: none'>draft</span>now", "Rest now"),
    ("Rest <span class='secret'>draft</span>now", "Rest now"),
    ("the pain<br>is less at noon", "the pain is less at noon"),
])
def test_struck_and_hidden_words_are_out_and_no_tag_tears_a_sentence(tmp_path: Path, html: str, text: str) -> None:
    document, written = read(tmp_path, f"<main><p>{html}, and drink some water.</p></main>",
                             "<style>.secret { display: none } @media print { p { display: none } }</style>")
    assert f"# T\n\n{text}, and drink some water.\n" == written
    assert not document.proof["lost"] + document.proof["added"]


@pytest.mark.parametrize("question", [
    "<h2><button type='button'>Can I cycle home?</button></h2><div class='panel' hidden>{}</div>",
    "<button class='accordion' aria-expanded='false' aria-controls='a1'>Can I cycle home?</button><div id='a1' hidden>{}</div>",
    "<details><summary>Can I cycle home?</summary>{}</details>",
    "<div role='heading' aria-level='2'>Can I cycle home?</div><div class='collapse' style='display:none'>{}</div>",
])
def test_the_question_of_an_accordion_is_the_heading_of_its_answer(tmp_path: Path, question: str) -> None:
    _, text = read(tmp_path, "<main><h1>Questions</h1>" + question.format("<p>No, take the bus on that day, with a friend.</p>")
                   + "</main>")
    assert "# Can I cycle home?\n\nNo, take the bus on that day, with a friend.\n" in text


def test_a_page_that_stands_in_one_form_is_read(tmp_path: Path) -> None:
    _, text = read(tmp_path, "<form action='x.aspx'><input name='q'><div><h1>After the scan</h1>"
                             "<p>You may go home at once, and eat what you like.</p></div></form>")
    assert "You may go home at once, and eat what you like." in text


def test_headings_and_typed_lists_between_line_breaks_are_parted(tmp_path: Path) -> None:
    _, text = read(tmp_path,
                   "<main><p><strong>Before the visit</strong><br>Eat a little.<br><br><strong>Ring us when</strong><br>"
                             "- you feel hot<br>- you cannot sleep<br><br>Keep this sheet</p></main>")
    assert text == ("# T\n\n## Before the visit\n\nEat a little.\n\n## Ring us when\n\n- you feel hot\n- you cannot sleep\n\n"
                    "Keep this sheet\n")


def test_a_banner_about_cookies_is_no_text_of_the_page(tmp_path: Path) -> None:
    banner = "<p>We use cookies to learn how people use these pages, and you may say no to all of them at any time.</p>" * 3
    document, text = read(tmp_path, f"<div class='consent-bar'>{banner}</div><div><h1>Bed rest</h1>"
                                    "<p>Stay in bed for a day, and ask for help with the stairs.</p></div>")
    assert "cookies" not in text
    assert "Stay in bed for a day" in text
    assert document.dropped["cookie banners"] == 1


def test_dots_alone_make_no_table_of_contents(tmp_path: Path) -> None:
    _, text = read(tmp_path, "<main><p>I thought.... it would pass, and then I called the nurse at night.</p>"
                             "<p>Your room is ............ and the door is open all day.</p><p>Signs .......... 14</p></main>")
    assert "I thought.... it would pass" in text
    assert "Your room is ............ and the door" in text
    assert "Signs ...." not in text


@pytest.mark.parametrize(("charset", "words"), [
    ("windows-1251", "Пейте много воды и отдыхайте дома."), ("iso-8859-2", "Pij dużo wody i śpij długo."),
    ("shift_jis", "水をたくさん飲んでください。"), ("windows-1253", "Πίνετε πολύ νερό στο σπίτι.")])
def test_a_page_is_read_in_the_charset_that_it_names(tmp_path: Path, charset: str, words: str) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    page = f"<html><head>{head}</head><body><p>{words}</p></body></html>"
    path = tmp_path / "a.html"
    path.write_bytes(page.encode(charset))
    assert words in to_text(read_here(path), "T")


def test_joiners_that_belong_to_the_spelling_stay(tmp_path: Path) -> None:
    _, text = read(tmp_path, "<main><p>می\u200cخواهم به خانه\u200cام بروم. 👩\u200d⚕️ و\u200b دوست</p></main>")
    assert "می\u200cخواهم" in text
    assert "\u200b" not in text


def test_a_box_inside_the_text_stays_and_a_side_column_goes(tmp_path: Path) -> None:
    document, text = read(tmp_path, "<aside><p>Read our news</p></aside><main><h1>Sleep</h1><p>Sleep in a dark room.</p>"
                                    "<aside class='callout'><p>Ring 000 if nobody can wake you.</p></aside></main>")
    assert "Ring 000 if nobody can wake you." in text
    assert "Read our news" not in text
    assert document.proof["changed"] == []


def test_html_in_markdown_is_read_as_html(tmp_path: Path) -> None:
    _, text = read(tmp_path,
                   "# Sleep\n\n<img src='a.png'>\n\nSleep well,<br>and count 10<sup>3</sup> sheep.\n\n| When | What |\n|--|--|\n"
                             "| At<br>night | Rest |\n| At noon | Eat |\n\n<details><summary>May I read?</summary>\n\n"
                             "Yes, by a lamp.\n\n"
                             "</details>\n", name="a.md")
    assert "Sleep well, and count 10³ sheep." in text
    assert "- When: At night; What: Rest" in text
    assert "# May I read?\n\nYes, by a lamp." in text
    assert "<" not in text


@pytest.mark.parametrize("front", ["---\r\ntitle: \"Calm days\"\r\npublisher: North Ward\r\ndate: 2024-02-03\r\n---\r\n",
                                   "+++\ntitle = 'Calm days'\npublisher = \"North Ward\"\ndate = 2024-02-03\n+++\n"])
def test_front_matter_is_read_whatever_its_line_ends_and_form(tmp_path: Path, front: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(f"{front}# Calm days\n\nSit in the shade at noon.\n".encode())
    document = read_here(path)
    assert (document.title, document.publisher, document.published) == ("Calm days", "North Ward", "2024-02-03")
    assert to_text(document, "Calm days") == "# Calm days\n\nSit in the shade at noon.\n"


STYLED = "<style>.up { vertical-align: super } .gone { text-decoration: line-through } .draft { display : none } "\
         "@media print { .sun { display: none } }</style>"


@pytest.mark.parametrize(("html", "text"), [
    ("with 10<span class='sup'>8</span> cells", "with 10⁸ cells"),
    ("with 61<span class='up'>7</span> people", "with 61 [7] people"),
    ("with <span class='gone'>six</span> seven people", "with seven people"),
    ("with six<span class='draft'>: ask Ann first</span> people", "with six people"),
    ("with six <span class='d-none'>not agreed</span><span hidden>yet</span> people", "with six people"),
    ("with six<span class='visually-hidden'> (opens anew)</span> people", "with six people"),
    ("with <span class='hidden md:inline'>six</span> people", "with six people"),
    ("with <span class='sun'>six</span> people", "with six people"),
    ("with <math><mfrac><mrow><mi>a</mi><mo>-</mo><mi>b</mi></mrow><mn>72</mn></mfrac></math> people", "with (a-b)/72 people"),
    ("with <math><msup><mi>x</mi><mn>4</mn></msup></math> people", "with x⁴ people"),
])
def test_style_sheets_and_their_usual_names_tell_what_is_raised_struck_or_hidden(tmp_path: Path, html: str, text: str) -> None:
    document, written = read(tmp_path, f"<main><p>It began {html} in the first year.</p></main>", STYLED)
    assert f"It began {text} in the first year." in written
    assert document.proof["changed"] == document.proof["lost"] == []


@pytest.mark.parametrize("question", [
    "<div class='faq-title' role='button' tabindex='0'>Can I swim?</div>{}",
    "<a data-toggle='collapse' href='#a1'>Can I swim?</a><div id='a1' class='collapse'>{}</div>",
    "<dl><dt>Can I swim?</dt><dd>{}</dd></dl>",
])
def test_whatever_opens_an_answer_is_its_heading(tmp_path: Path, question: str) -> None:
    _, text = read(tmp_path, "<main><h1>Sport</h1>" + question.format("<p>Wait for a week before you do.</p>") + "</main>")
    assert re.search(r"#+ Can I swim\?\n\n(?:- )?Wait for a week", text)


def test_a_button_that_only_opens_or_shares_something_is_no_heading(tmp_path: Path) -> None:
    document, text = read(tmp_path, "<main><h1>Sport</h1><p>Walk each day.</p><button aria-expanded='false'>Show more</button>"
                                    "<button aria-expanded='false' aria-controls='m'>Menu</button><p>Rest each night.</p></main>")
    assert "Walk each day.\n\nRest each night." in text
    assert document.dropped["forms"] == 2


@pytest.mark.parametrize("banner", [
    "<div class='cc-window'><p>This site uses cookies. <a href='#'>Learn more</a></p></div>",
    "<section class='bar' aria-label='Cookie bar'><p>Some cookies are needed.</p><p>Choose yours.</p></section>",
    "<div><p>We use cookies to make this site work for you. Accept all?</p></div>",
])
def test_a_banner_about_cookies_is_told_by_its_words_too(tmp_path: Path, banner: str) -> None:
    document, text = read(tmp_path, f"{banner}<div><h1>Snacks</h1><p>{'Two cookies and a cup of tea do no harm. ' * 6}</p></div>")
    assert "Two cookies and a cup of tea" in text
    assert not re.search("uses? cookies|needed", text)
    assert document.dropped["cookie banners"] == 1


def test_page_numbers_of_a_printed_book_stay_out_of_its_sentences(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(epub(["<h1>Sea</h1><p>The boat<span role='doc-pagebreak' id='p14'>14</span> came at 9.</p>"
                                            "<p>It left<span class='pagenum'>[15]</span> at 11.</p>"]))
    text = to_text(read_here(tmp_path / "a.epub"), "T")
    assert "The boat came at 9." in text
    assert "It left at 11." in text


MARKED = ("# Rest\n\nSleep ~~four~~ eight hours, said 31[^1] people.\n\n[^1]: In 2 towns.\n\n"
          "- [ ] Turn the light off\n- [x] Drink\n")


def test_struck_words_notes_and_boxes_of_markdown_are_read_as_such(tmp_path: Path) -> None:
    document, text = read(tmp_path, MARKED, name="a.md")
    assert "Sleep eight hours, said 31 [1] people." in text
    assert "[1] In 2 towns." in text
    assert "- Turn the light off\n- Drink" in text
    assert document.dropped["struck words"] == 1


@pytest.mark.parametrize(("front", "title"), [
    ("---\ntitle: 'It''s late: \"rest\"'\n---\n", 'It\'s late: "rest"'),
    ("---\ntitle: >-\n  Sleep\n  well\n---\n", "Sleep well"),
    ("---\ntitle: Sleep: a guide\n...\n", "Sleep: a guide"), ('+++\ntitle = "Sleep"\n[more]\ntitle = "no"\n+++\n', "Sleep"),
    ("---\ntitle:\n---\n", ""), ("---\n---\n", ""),
])
def test_the_front_matter_that_editors_write_gives_the_title(tmp_path: Path, front: str, title: str) -> None:
    document, text = read(tmp_path, front + "\nSleep in a dark room.\n", name="a.md")
    assert document.title == title
    assert text == "# T\n\nSleep in a dark room.\n"


@pytest.mark.parametrize("between", ["Sleep in a dark room.", "\nNote: sleep in a dark room.\n", "- Sleep in a dark room."])
def test_a_text_between_two_rules_is_no_front_matter(tmp_path: Path, between: str) -> None:
    _, text = read(tmp_path, f"---\n{between}\n\n---\n\nAnd drink.\n", name="a.md")
    assert "leep in a dark room." in text


def test_a_plain_text_keeps_its_typed_numbers_and_every_line_that_looks_like_a_heading(tmp_path: Path) -> None:
    typed = ("Sleep and pain\n\nBefore the night\n\n1. A dark room.\n2. A cup of tea.\n\n3. Sleep\n\n"
             "Sleep as long as you like to on the day.\n\n8.5 hours is what most need\n")
    document, text = read(tmp_path, typed, name="a.txt")
    assert document.proof["lost"] == document.proof["added"] == []
    assert "## Sleep and pain\n\n## Before the night\n\n1. A dark room.\n\n2. A cup of tea." in text
    assert text.endswith("\n\n8.5 hours is what most need\n"), "a last line that nothing stands under is text"
