"""The page stands alone, shows every question, and takes nothing that it shows for markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.decision import CUTS
from assistant.cli import main
from assistant.evaluation import report
from assistant.evaluation.metrics import OF_PASSAGES, intervals, means
from assistant.evaluation.report import Outcome, RankedPassage, Report
from assistant.server.web import report_page
from assistant.server.web.report_page import Plot, charts

HOSTILE = '<script>alert(1)</script> & "quoted" \'</td>'


def outcome(number: int, first: int = 1, group: str = "answerable", status: str = "answered", by_rule: bool = False) -> Outcome:
    found = (RankedPassage(f"s:{number}-9", f"Title {HOSTILE}", f"Heading {HOSTILE}", f"Words {HOSTILE}", first == 1),)
    measures = {label: float(first == 1) for label in OF_PASSAGES} if group == "answerable" else {}
    return Outcome(f"id-{number}", f"question {number} {HOSTILE}", group, "test" if number % 2 else "dev", status,
                   0.0 if by_rule else number / 30, first, measures, by_rule, () if by_rule else found)


OUTCOMES = (*(outcome(number, first=number % 3) for number in range(1, 25)), outcome(25, 0, "near_miss"),
            outcome(26, 0, "refused", "not_covered", by_rule=True))
REPORT = Report("2026-11-22T00:00:00Z", f"generation {HOSTILE}", f"questions {HOSTILE}", OUTCOMES,
                {"all": means(OUTCOMES, OF_PASSAGES)}, {"test": {"urgent: messages": 4.0, "urgent: recall": 0.5}},
                {"all": intervals(OUTCOMES, OF_PASSAGES)})


class Reader(HTMLParser):
    """Every tag with its attributes, whether tags close in order, and the text outside style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.open, self.rows = "", [], 0
        self.feed(page)
        assert self.open == [], self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data


@pytest.fixture(scope="module")
def page() -> str:
    other = {"id-1": 0, "id-3": 1}
    before = replace(REPORT, created="2026-11-21T00:00:00Z", outcomes=tuple(
        replace(item, first=other.get(item.id, item.first)) for item in OUTCOMES))
    return report_page.page(REPORT, before, report.compare(before, REPORT))


def test_hostile_words_are_shown_as_words(page: str) -> None:
    reader = Reader(page)
    assert not [tag for tag, _ in reader.tags if tag == "script"]
    for name in ("question 1", "Title", "Heading", "Words", "generation", "questions"):
        assert f"{name} {HOSTILE}" in reader.text, name


def test_nothing_is_asked_of_the_network(page: str) -> None:
    reader = Reader(page)
    assert page.startswith("<!DOCTYPE html>")
    assert "default-src 'none'" in page
    for tag, attributes in reader.tags:
        assert tag not in ("script", "link", "img", "iframe", "object", "form", "base"), tag
        assert not {"src", "srcset", "onclick", "onload", "action", "style"} & set(attributes), (tag, attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import|https?://", page)


def test_every_link_on_the_page_leads_somewhere_and_no_id_is_used_twice(page: str) -> None:
    ids = [attributes["id"] for _, attributes in Reader(page).tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in Reader(page).tags:
        for target in [(attributes.get("href") or "")[1:], attributes.get("aria-labelledby") or ""]:
            assert not target or target in ids, target


def test_tables_have_captions_and_heads_and_pictures_have_names(page: str) -> None:
    tags = Reader(page).tags
    count = {name: sum(tag == name for tag, _ in tags) for name in ("table", "caption", "svg", "title", "main", "h1")}
    assert count["table"] == count["caption"] >= 5
    assert count["title"] == count["svg"] + 1
    assert (count["main"], count["h1"]) == (1, 1)
    assert all(attributes.get("scope") in ("row", "col") for tag, attributes in tags if tag == "th")
    assert all(attributes.get("role") == "img" for tag, attributes in tags if tag == "svg")
    assert ("html", {"lang": "en"}) in tags
    assert "prefers-color-scheme: dark" in page


def test_every_question_stands_once_with_its_status_rank_and_change(page: str) -> None:
    rows = re.findall(r'<tr id="question-\d+">(.*?)</tr>', page, re.DOTALL)
    assert len(rows) == len(OUTCOMES)
    by_id = {re.search(r"id-\d+", row)[0]: row for row in rows}  # type: ignore[index]
    assert 'class="gained"' in by_id["id-1"]
    assert 'class="lost"' in by_id["id-3"]
    assert "<td>none</td>" in by_id["id-3"]
    assert '<strong class="right">right</strong>' in by_id["id-1"]
    assert "by rule" in by_id["id-26"]
    assert "0.03" in by_id["id-1"]
    assert "gained 1" in Reader(page).text
    assert "lost 1" in Reader(page).text


def test_figures_stand_with_their_intervals(page: str) -> None:
    text = " ".join(Reader(page).text.split())
    low, high = REPORT.intervals["all"]["hit@1"]
    assert f"hit@1 {REPORT.means['all']['hit@1']:.3f} {low:.3f} to {high:.3f}" in text
    assert f"calibration error {REPORT.means['all']['calibration error']:.3f}" in text
    assert "urgent: recall - 0.500" in text


def test_the_charts_show_what_the_statistics_say() -> None:
    drawn = charts("all", OUTCOMES)
    assert drawn
    assert drawn.questions == 25  # the refused one has no confidence
    assert drawn.shown[-1].coverage == 1.0
    assert drawn.risk.top >= max(point.risk for point in drawn.points)
    assert drawn.here
    assert drawn.here.confidence >= CUTS.answered
    assert Plot().line([(0, 0), (1, 1)]) == "62.0,254.0 406.0,14.0"


def test_a_report_without_confidence_questions_or_a_predecessor_still_gives_a_page() -> None:
    only = (outcome(26, 0, "refused", "not_covered", by_rule=True),)
    bare = Report("t", "g", "q", only, {"all": means(only, OF_PASSAGES)})
    text = Reader(report_page.page(bare, None, {})).text
    assert "no earlier report" in text
    assert charts("all", only) is None


def test_the_page_lies_beside_the_report(tmp_path: Path) -> None:
    saved = report.save(REPORT, tmp_path)
    page = report_page.save(REPORT, None, {}, saved)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".html", ".json", ".qrels", ".run"]
    assert page.stem == saved.stem
    assert report.last_report(tmp_path, REPORT.questions)


def test_the_command_writes_the_page_only_when_asked_and_marks_what_was_gained(
        assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    questions, out = tmp_path / "questions.jsonl", tmp_path / "reports"
    questions.write_text(json.dumps({"id": "q1", "question": "alcohol", "judgments": [
        {"source_id": "alcohol", "quote": "Both slow the body down"}]}) + "\n")
    monkeypatch.setattr(Assistant, "open", classmethod(lambda cls, _: assistant))
    arguments = ["eval", "--questions", str(questions), "--out", str(out)]
    assert main.main(arguments) == 0
    assert "95% intervals" in capsys.readouterr().out
    assert not list(out.glob("*.html"))
    (saved,) = out.glob("*.json")
    record = json.loads(saved.read_text("utf-8"))
    record["outcomes"][0]["first"] = 0
    saved.unlink()
    (out / "20200101T000000Z.json").write_text(json.dumps(record))
    assert main.main([*arguments, "--report", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["changes"]["gained"] == ["q1"]
    assert printed["intervals"]["all"]["hit@1"] == [1.0, 1.0]
    assert "calibration error" in printed["means"]["all"]
    assert '<strong class="gained">gained</strong>' in Path(printed["page"]).read_text("utf-8")
    assert Path(printed["page"]).stem == Path(printed["saved"]).stem
