"""PDF: tables whose cells are told by white space alone, and columns of prose that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ingestion.document import Document, to_text
from tests.ingestion.documents import placed_pdf, read_here

Run = tuple[object, ...]
HEAD = (("Way", 60, 700, 11, "F2"), ("Starts after", 220, 700, 11, "F2"), ("What to expect", 340, 700, 11, "F2"))
CELLS = ((("Into a vein, through a", "thin tube in the hand"), ("half a minute",),
          ("a nurse stays at the bed for", "the whole of the time")),
         (("Into a muscle",), ("five minutes",), ("you may feel sleepy and have", "to be brought home after", "two hours")),
         (("Nasal spray",), ("30 minutes",), ("no driving for 24 hours",)))
ROWS = ["- Way: Into a vein, through a thin tube in the hand; Starts after: half a minute; "
        "What to expect: a nurse stays at the bed for the whole of the time",
        "- Way: Into a muscle; Starts after: five minutes; What to expect: you may feel sleepy and have to be brought home after "
        "two hours", "- Way: Nasal spray; Starts after: 30 minutes; What to expect: no driving for 24 hours"]
LEFT = (60, 220, 340)


def read(folder: Path, runs: list[Run]) -> tuple[Document, str]:
    (folder / "a.pdf").write_bytes(placed_pdf([runs]))
    document = read_here(folder / "a.pdf")
    assert document.proof["changed"] == document.proof["lost"] == document.proof["added"] == []
    return document, to_text(document, "T")


def cell_by_cell(step: int) -> list[Run]:
    runs, top = list(HEAD), 700 - step
    for cells in CELLS:
        runs += [(text, x, top - 13 * number, 11) for x, cell in zip(LEFT, cells, strict=True)
                 for number, text in enumerate(cell)]
        top -= 13 * (max(map(len, cells)) - 1) + step
    return runs


@pytest.mark.parametrize("step", [13, 22])
def test_cells_of_several_lines_that_were_written_one_after_the_other(tmp_path: Path, step: int) -> None:
    assert [line for line in read(tmp_path, cell_by_cell(step))[1].splitlines() if line.startswith("- ")] == ROWS


@pytest.mark.parametrize("step", [13, 22])
def test_cells_of_several_lines_that_were_written_line_by_line(tmp_path: Path, step: int) -> None:
    runs = sorted(cell_by_cell(step), key=lambda run: (-run[2], run[1]))  # type: ignore[operator]
    assert [line for line in read(tmp_path, runs)[1].splitlines() if line.startswith("- ")] == ROWS


def test_a_number_that_stands_right_aligned_keeps_its_column_and_its_row(tmp_path: Path) -> None:
    runs = [("Age", 60, 700, 11, "F2"), ("Before", 220, 700, 11, "F2"), ("After", 340, 700, 11, "F2"),
            ("18 to 24", 60, 687, 11), ("1,204", 226, 687, 11), ("96", 352, 687, 11),
            ("25 to 34", 60, 674, 11), ("7", 247, 674, 11), ("11,345", 332, 674, 11),
            ("35 and over", 60, 661, 11), ("5", 358, 661, 11)]
    text = read(tmp_path, runs)[1]
    assert "- Age: 25 to 34; Before: 7; After: 11,345\n- Age: 35 and over; After: 5" in text


def test_columns_of_prose_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = ("The clinic opens at nine and", "closes at five on all days of", "the week but one. On Sundays",
            "it stays shut, and the phone is", "answered by a nurse who can", "tell you where to go.")
    right = ("Bring a friend who can take", "you home by bus or by car and", "stay with you for the night. It",
             "helps to have eaten little on", "the day, and to have slept for", "as long as you can.")
    runs = [(text, x, 700 - 13 * number, 11) for number, beside in enumerate(zip(left, right, strict=True))
            for x, text in zip((60, 320), beside, strict=True)]
    text = read(tmp_path, runs)[1]
    assert " ".join(left) in text.replace("\n\n", " ")
    assert " ".join(right) in text.replace("\n\n", " ")


def test_a_list_whose_numbers_stand_apart_is_no_table(tmp_path: Path) -> None:
    runs = [run for number, text in enumerate(("Wash your hands.", "Dry them with a towel.", "Open the packet."))
            for run in ((f"{number + 1}.", 60, 700 - 14 * number, 11), (text, 100, 700 - 14 * number, 11))]
    document, text = read(tmp_path, runs)
    assert document.kept().get("tables") is None
    assert "2. Dry them with a towel." in text


def test_a_side_head_is_not_run_into_the_paragraph_beside_it(tmp_path: Path) -> None:
    beside = ("The nurses came from four wards and had", "worked there for two years and more, and",
              "they were asked in a room of their own", "by somebody who was not of the hospital.",
              "None of them was paid for what they said",
              "in the talks, which were written down and",
              "read by two of us, who did not know who", "had said it and on which of the wards.")
    runs: list[Run] = [("Background", 60, 700, 11)]
    runs += [(text, 180, 700 - 13 * place, 11) for place, text in enumerate(beside)]
    assert "Background The nurses" not in read(tmp_path, runs)[1]


def test_a_table_of_contents_without_dots_is_none_of_the_text(tmp_path: Path) -> None:
    entries = (("1 Introduction", "v"), ("2 Methods", "1"), ("2.1 Who took part", "1"), ("2.2 What they were asked and", ""),
               ("when they were asked it", "2"), ("3 Results", "14"))
    runs: list[Run] = [("Contents", 60, 740, 18, "F2")]
    runs += [run for number, (name, page) in enumerate(entries)
             for run in ((name, 60, 700 - 14 * number, 11), (page, 500, 700 - 14 * number, 11))]
    runs += [("The nurses were asked in the winter, and all of them gave an answer.", 60, 580, 11)]
    document, text = read(tmp_path, runs)
    assert text == "# T\n\nThe nurses were asked in the winter, and all of them gave an answer.\n"
    assert document.dropped["lines of a table of contents"] == 7
