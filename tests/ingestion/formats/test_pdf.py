"""PDF: every word and number as it stands on the page; marks, heads and headings told by their place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.ingestion.document import Document, to_text
from tests.ingestion.documents import placed_pdf, read_here

FILL = ("Nurses measure how fast the heart beats before each visit and write",
        "it into the book that stays with them on the ward all day.")


def read(folder: Path, pages: list[list[tuple[object, ...]]], title: str = "", ruled: Sequence[tuple[float, ...]] = ()
         ) -> tuple[Document, str]:
    path = folder / "a.pdf"
    path.write_bytes(placed_pdf(pages, title, ruled))
    document = read_here(path)
    return document, to_text(document, "T")


def lines(*texts: str, top: int = 700, step: int = 14, size: int = 11, font: str = "F1",
          tag: str = "") -> list[tuple[object, ...]]:
    return [(text, 60, top - step * number, size, font, tag) for number, text in enumerate(texts)]


@pytest.mark.parametrize("start", ["0.25 ml in each arm", "3.5 hours later it ends", "12.75 euros a month", "1,5 litres a day",
                                   "9. March was the day"])
def test_a_number_at_the_start_of_a_tagged_paragraph_is_whole(tmp_path: Path, start: str) -> None:
    document, text = read(tmp_path, [[(f"{start} for all who took part in it.", 60, 700, 11, "F1", "P1"),
                                      ("7.5 points fewer on the scale", 80, 660, 11, "F1", "LI2")]])
    assert f"{start} for all" in text
    assert "- 7.5 points fewer" in text
    assert document.proof["changed"] == []


def test_a_number_at_the_start_of_a_tagged_cell_is_whole_and_stands_under_its_head(tmp_path: Path) -> None:
    rows = [["Ward", "Given"], ["North", "0.75 mg"], ["South", "2.25 mg"]]
    runs = [(cell, 60 + 120 * column, 700 - 20 * row, 11, "F2" if row == 0 else "F1",
             f"TR{row}/T{'H' if row == 0 else 'D'}{row * 10 + column}") for row, cells in enumerate(rows) for column,
             cell in enumerate(cells)]
    document, text = read(tmp_path, [runs])
    assert "- Ward: North; Given: 0.75 mg\n- Ward: South; Given: 2.25 mg\n" in text
    assert document.proof["changed"] == []


def test_lines_near_the_edge_of_a_page_are_text(tmp_path: Path) -> None:
    page = [("Tell us at once if you wear a pacemaker.", 60, 822, 11), *lines(*FILL),
            ("Or ring the bell that hangs beside the bed.", 60, 14, 11)]
    document, text = read(tmp_path, [page])
    assert "Tell us at once if you wear a pacemaker." in text
    assert "Or ring the bell that hangs beside the bed." in text
    assert not document.dropped


def test_raised_digits_are_exponents_or_marks_of_notes_and_never_part_of_a_number(tmp_path: Path) -> None:
    page = [("The count was 10", 60, 700, 11), ("9", 143, 704, 6), ("in a litre, and 31", 150, 700, 11), ("5", 235, 704, 6),
            ("people came back.", 242, 700, 11), *lines(*FILL, top=660)]
    document, text = read(tmp_path, [page])
    assert "The count was 10⁹ in a litre, and 31 [5] people came back." in text
    assert document.proof["changed"] == []


def test_a_word_with_a_dot_at_the_start_of_a_line_is_no_list(tmp_path: Path) -> None:
    _, text = read(tmp_path, [lines("Many felt that the sleep they had was better by the end of the whole",
                                    "week. They were glad that they had come, and it was free to every",
                                    "man. Nobody had to pay for the bus, because the clinic sent a car to all.")])
    assert "by the end of the whole week. They were glad that they had come, and it was free to every man. Nobody" in text
    assert "\n- " not in text


def test_running_feet_go_and_the_same_item_on_every_page_stays(tmp_path: Path) -> None:
    pages = [[*lines(f"Part {name}", top=780, size=15, font="F2"), *lines(*FILL, top=740),
              ("\xb7 Bring a warm coat.", 70, 690, 11),
              ("\xb7 Bring your own book.", 70, 675, 11), (f"LEAF 7 Issued May 2026 Page {number} of 3 www.ward.example", 60, 50,
                                                           9)]
             for number, name in enumerate(("one", "two", "three"), 1)]
    document, text = read(tmp_path, pages)
    assert document.dropped["running heads"] == 3
    assert "LEAF 7" not in text
    assert text.count("- Bring a warm coat.\n- Bring your own book.") == 3


def test_a_head_that_two_of_two_pages_share_but_for_its_number_is_a_running_head(tmp_path: Path) -> None:
    pages = [[(f"North Ward: coming to us, May 2026 {number}", 60, 790, 11), *lines(*FILL, top=740),
              *lines(f"Something else is said on side {name} of it.", top=690)] for number, name in ((1, "one"), (2, "two"))]
    document, text = read(tmp_path, pages)
    assert document.dropped["running heads"] == 2
    assert "coming to us" not in text


def test_the_same_first_sentence_on_two_pages_is_no_running_head(tmp_path: Path) -> None:
    document, text = read(tmp_path, [lines(*FILL, f"And {name} more.", top=780) for name in ("one", "two")])
    assert text.count("Nurses measure how fast") == 2
    assert not document.dropped


def test_a_heading_of_two_lines_is_one_and_a_bold_line_is_parted_from_its_text(tmp_path: Path) -> None:
    page = [("How do I know that my", 60, 780, 16, "F2"), ("stitches have healed well?", 60, 761, 16, "F2"),
            *lines(*FILL, top=735),
            ("Reasons", 60, 690, 11, "F2"), *lines(*FILL, top=676)]
    _, text = read(tmp_path, [page])
    assert "## How do I know that my stitches have healed well?\n" in text
    assert "# Reasons\n\nNurses measure" in text


def test_hyphens_at_line_ends_follow_the_document_s_own_spelling(tmp_path: Path) -> None:
    _, text = read(tmp_path, [lines("The swelling may come from an infec-", "tion of the bladder, and some who self-",
                                    "harm need a follow-",
                                    "up call, or a test for COVID-",
                                    "19 before it. Each self-harm nurse knows the follow-up rota.")])
    assert "an infection of the bladder, and some who self-harm need a follow-up call, or a test for COVID-19 before it." in text


def test_pages_without_text_are_counted_and_told(tmp_path: Path) -> None:
    document, _ = read(tmp_path, [[*lines(*FILL * 6)], [], []])
    assert document.dropped["pages without text (pictures?)"] == 2
    assert document.doubts[0].startswith("pages 2, 3 without text")


def test_cells_that_stand_under_each_other_are_rows(tmp_path: Path) -> None:
    rows = [("Form", "Begins after", "Ends after"), ("Spray", "ten minutes", "two hours"), ("Drip", "one minute", "one hour")]
    page = [*lines(*FILL, top=740), *[(cell, 60 + 150 * column, 680 - 16 * row, 11, "F2" if row == 0 else "F1")
                                      for row, cells in enumerate(rows) for column, cell in enumerate(cells)]]
    _, text = read(tmp_path, [page])
    assert "- Form: Spray; Begins after: ten minutes; Ends after: two hours\n- Form: Drip; Begins after: one minute" in text


def columns(*rows: Sequence[Sequence[str]], at: Sequence[float] = (66, 176, 386), top: float = 686, padding: float = 8
            ) -> tuple[list[tuple[object, ...]], list[float]]:
    """(runs, heights of the rules above, between and below the rows) of a table: a row is cells, a cell is lines. The first row
    is bold."""
    runs: list[tuple[object, ...]] = []
    heights = [top + 14]
    for number, row in enumerate(rows):
        for x, cell in zip(at, row, strict=True):
            font = "F2" if number == 0 else "F1"
            runs += [(line, x, top - 13 * place, 10, font, "") for place, line in enumerate(cell) if line]
        top -= 13 * max(len(cell) for cell in row) + padding
        heights.append(top + 13)
    return runs, heights


TEA = ((["Drink"], ["What it does to you"], ["How long"]),
       (["Black tea, in a cup", "or in a large pot"], ["It may keep you awake for a good", "part of the night."],
        ["0.5 to 2", "hours"]),
       (["Milk"], ["It does nothing much, but some say", "that they sleep well."], ["1 hour"]))
ROWS = ("- Drink: Black tea, in a cup or in a large pot; What it does to you: It may keep you awake for a good part of the "
        "night.; How long: 0.5 to 2 hours\n"
        "- Drink: Milk; What it does to you: It does nothing much, but some say that they sleep well.; How long: 1 hour\n")


@pytest.mark.parametrize("drawn", ["all", "inside", "across", "three"])
def test_cells_of_several_lines_are_told_by_the_lines_that_are_drawn(tmp_path: Path, drawn: str) -> None:
    runs, heights = columns(*TEA)
    across = [(60, y, 480, y) for y in heights]
    down = [(x, heights[0], x, heights[-1]) for x in (60, 170, 380, 480)]
    ruled = {"all": across + down, "inside": across[1:-1] + down[1:-1], "across": across,
             "three": [*across[:2], across[-1]]}[drawn]
    document, text = read(tmp_path, [[*runs, *lines(*FILL, top=500)]], ruled=ruled)
    assert ROWS in text
    assert document.proof["changed"] == document.proof["lost"] == document.proof["added"] == []
    assert text.endswith("it into the book that stays with them on the ward all day.\n")


def test_a_ruled_cell_over_two_columns_has_no_name_and_one_over_two_rows_stands_in_both(tmp_path: Path) -> None:
    runs, (top, below_names, middle, foot) = columns(
        (["Drink"], ["Warm"], ["Cold"]), (["Tea,", "black"], ["2.5 cups"], ["1 cup"]), ([""], ["as you like"], [""]))
    ruled = [*((60, y, 480, y) for y in (top, below_names, foot)), (170, middle, 480, middle),
             *((x, top, x, foot) for x in (60, 170, 480)), (380, top, 380, middle)]
    document, text = read(tmp_path, [[*runs, *lines(*FILL, top=500)]], ruled=ruled)
    assert "- Drink: Tea, black; Warm: 2.5 cups; Cold: 1 cup\n- Drink: Tea, black; as you like\n" in text
    assert document.proof["changed"] == document.proof["lost"] == document.proof["added"] == []


@pytest.mark.parametrize("ruled", [
    [(60, 620, 480, 620), (60, 712, 480, 712), (60, 620, 60, 712), (480, 620, 480, 712)],  # a box around a text
    [(60, y, 260, y) for y in (698, 684, 670)],  # words that are underlined
    [(60, y, 480, y) for y in (712, 640, 560)],  # rules above and below texts
    [*((40 + 9 * n, 600, 40 + 9 * n, 712) for n in range(60)), *((40, 600 + 9 * n, 571, 600 + 9 * n) for n in range(12))],
])
def test_lines_that_frame_or_underline_a_text_make_no_table_of_it(tmp_path: Path, ruled: list[tuple[float, ...]]) -> None:
    page = [*lines(*FILL, top=700), *lines(*FILL, top=630)]
    document, text = read(tmp_path, [page], ruled=ruled)
    assert text.count(" ".join(FILL)) == 2
    assert document.tables == 0


def test_a_paragraph_over_two_pages_lends_its_tag_to_nothing_else_on_them(tmp_path: Path) -> None:
    first = [("Rest is good", 60, 700, 11, "F1", "H1"), ("Sleep as long as you can and", 60, 100, 11, "F1", "P1*")]
    second = [("then take a walk.", 60, 760, 11, "F1", "P1*"), ("Food", 60, 700, 11, "F1", "H22"),
              ("Eat a little on that day.", 60, 660, 11, "F1", "P3")]
    _, text = read(tmp_path, [first, second])
    assert "Sleep as long as you can and\fthen take a walk.\n\n## Food\n\nEat a little on that day." in text


def test_a_number_in_the_last_cell_of_a_page_is_no_page_number(tmp_path: Path) -> None:
    runs, heights = columns((["Day"], ["What to do"], ["Rest"]), (["Day", "1"], ["Walk to the door and back."], [""]),
                            (["Day", "2"], ["Walk to the end of the ward."], ["0.5 hours"]), top=140)
    ruled = [*((60, y, 480, y) for y in heights), *((x, heights[0], x, heights[-1]) for x in (60, 170, 380, 480))]
    document, text = read(tmp_path, [[*lines(*FILL, top=700), *runs]], ruled=ruled)
    assert "- Day: Day 2; What to do: Walk to the end of the ward.; Rest: 0.5 hours\n" in text
    assert document.dropped["running heads"] == 0


@pytest.mark.parametrize(("initial", "rest", "start"), [("N", "urses", "Nurses"), ("A", "nurse", "A nurse")])
def test_a_large_letter_begins_the_word_beside_it(tmp_path: Path, initial: str, rest: str, start: str) -> None:
    page = [(initial, 60, 660, 36), (f"{rest} will look in on you in the night,", 90, 686, 11),
            ("and once more at six.", 90, 672, 11), *lines(*FILL, top=600)]
    document, text = read(tmp_path, [page])
    assert f"{start} will look in on you in the night, and once more at six." in text
    assert document.proof["changed"] == document.proof["lost"] == []


def test_words_printed_across_the_page_are_a_watermark_and_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(placed_pdf([lines(*FILL), lines(*FILL)], askew="DRAFT"))
    document = read_here(tmp_path / "a.pdf")
    assert "DRAFT" not in to_text(document, "T")
    assert document.dropped["watermarks"] == 2
    assert document.proof["lost"] == []


def test_slanted_words_stay_in_their_sentence(tmp_path: Path) -> None:
    document, text = read(tmp_path, [[("That is called", 60, 700, 11), ("low blood sugar", 134, 700, 11, "slanted"),
                                      (". It goes away.", 209, 700, 11), *lines(*FILL, top=640)]])
    assert "That is called low blood sugar. It goes away." in text
    assert document.dropped["watermarks"] == 0


def test_a_page_that_is_shown_turned_is_read_as_it_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(placed_pdf([[("Rest at home", 60, 500, 18, "F2"), *lines(*FILL, top=460)]], turned=True))
    text = to_text(read_here(tmp_path / "a.pdf"), "T")
    assert text == f"# T\n\n## Rest at home\n\n{' '.join(FILL)}\n"


@pytest.mark.parametrize(("words", "place"), [
    (("Not agreed: 5 mg for all.", 60, 560, 11, "white"), "white on nothing"),
    (("Not agreed: 5 mg for all.", 60, 560, 11, "inkless"), "without ink"),
    (("Not agreed: 5 mg for all.", 60, 560, 0.8), "tiny"), (("Not agreed: 5 mg for all.", 60, 900, 11), "above the page"),
])
def test_words_that_nobody_sees_are_no_text(tmp_path: Path, words: tuple[object, ...], place: str) -> None:
    document, text = read(tmp_path, [[*lines(*FILL), words]])
    assert "agreed" not in text, place
    assert document.dropped["hidden parts"] == 1
    assert document.proof["changed"] == document.proof["lost"] == []


def test_the_text_of_a_scanned_page_has_no_ink_and_is_read(tmp_path: Path) -> None:
    _, text = read(tmp_path, [lines(*FILL, font="inkless")])
    assert " ".join(FILL) in text


def test_white_words_on_a_dark_box_are_text(tmp_path: Path) -> None:
    document, text = read(tmp_path, [[("Call us at once.", 60, 760, 18, "white"), *lines(*FILL)]], ruled=[(50, 750, 540, 785, 1)])
    assert "Call us at once." in text
    assert document.dropped["hidden parts"] == 0


def test_a_line_that_goes_on_with_a_number_is_no_paragraph_of_its_own_though_it_is_tagged_as_one(tmp_path: Path) -> None:
    page = [("This kind of pain is the most common one that there is, for around", 60, 700, 11, "F1", "P1"),
            ("8.75 million people in the whole of the country have it by now.", 60, 686, 11, "F1", "P2"),
            ("2. Rest is a paragraph of its own, and so it stays one here too.", 60, 672, 11, "F1", "P3")]
    _, text = read(tmp_path, [page])
    assert "for around 8.75 million people in the whole of the country have it by now.\n\n" in text


def test_a_printed_address_in_a_tag_of_its_own_goes_and_parts_no_sentence(tmp_path: Path) -> None:
    document, text = read(tmp_path, [[
        ("No more than 14 cups of tea", 60, 700, 11, "F1", "P1"), ("(Link:", 210, 700, 11, "F1", "P2"),
        ("harbour.example/tea)", 60, 686, 11, "F1", "P3"), ("a week, over 3 days", 170, 686, 11, "F1", "P4"),
        ("not one on an empty stomach", 60, 672, 11, "F1", "P5"), *lines(*FILL, top=640, tag="P6")]])
    assert "\n\nNo more than 14 cups of tea a week, over 3 days\n\nnot one on an empty stomach\n\n" in text
    assert document.left_out == [("printed addresses of links", 1, "(Link: harbour.example/tea")]
    assert document.proof["changed"] == document.proof["lost"] == []
