"""Help lines: a number only beside its own name, hours as they are, no country guessed, nothing commercial."""

from __future__ import annotations

import re
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_regions, read_texts
from assistant.corpus.lint.readability import grade
from assistant.corpus.lint.rules import lint
from assistant.corpus.reader import read_corpus
from assistant.errors import CorpusError, NoticeMissing
from assistant.indexing.build import build_index
from assistant.indexing.check import check
from assistant.notices import FixedTexts
from tests.support import ROOT, ToyEncoder

LINES: list[dict[str, Any]] = tomllib.loads((SHIPPED / "helplines.toml").read_text("utf-8"))["helpline"]
NOTICE = tomllib.loads((SHIPPED / "notice.toml").read_text("utf-8"))
REGIONS = ("US", "", "GB", "IE", "CA", "AU", "NZ")
FIELDS = ("kind", "name", "contact", "hours", "cost", "languages", "purpose", "not_for", "verified_on", "source")
COMMERCIAL = "8888334676"  # an admissions line in a seed document
ALWAYS = re.compile(r"any ?time|day or night|day and night|24/7|24 hours|around the clock", re.IGNORECASE)
SHORT = 4  # 911, 988, 111, 000 are their own names


def in_region(region: str, folder: Path) -> FixedTexts:
    """The fixed texts as an operator gets them who sets ``region`` in the one place there is for it."""
    text = (SHIPPED / "notice.toml").read_text("utf-8")
    (folder / "notice.toml").write_text(text.replace('region = "US"', f'region = "{region}"', 1), "utf-8")
    return read_texts(folder)


@pytest.fixture(params=REGIONS, ids=lambda region: region or "none")
def texts(request: pytest.FixtureRequest, tmp_path: Path) -> FixedTexts:
    return in_region(request.param, tmp_path)


def shipped_files() -> list[Path]:
    """What people get: corpus, templates, documents and code, without tests and what the tests compare with."""
    folders = [ROOT / "corpus", ROOT / "assistant", ROOT / "docs"]
    found = [path for folder in folders for path in folder.rglob("*")] + [ROOT / "README.md", ROOT / "CHANGELOG.md"]
    return [path for path in found if path.suffix in (".md", ".toml", ".html", ".css", ".js", ".py", ".txt", ".jsonl")]


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def names_of(number: str) -> set[str]:
    """Every name that a number may stand beside, in lower case."""
    found = set()
    for line in LINES:
        if number in (line.get("tel"), line.get("sms")):
            found |= {line["name"].lower(), *(word.lower() for word in re.findall(r"\b[A-Z]{4,}\b", line["name"]))}
    return found


def misplaced(text: str) -> list[str]:
    """The numbers of our lines that stand in a sentence, a table row or a TOML table without a name of theirs."""
    pieces = re.split(r"(?<=[.!?\"])\s+(?=[A-Z\"])|\n\s*\n|\n(?=[-|*#])", text)
    wrong = []
    for number in {line[way] for line in LINES for way in ("tel", "sms") if line.get(way) and len(line[way]) > SHORT}:
        local = number.removeprefix("1") if len(number) == 11 else number
        form = re.compile(r"(?<!\d)" + r"[ .()\u2010-\u2013-]{0,2}".join(local) + r"(?!\d)")
        wrong += [f"{number}: {piece[:80]}" for piece in pieces
                  if form.search(piece) and not any(name in piece.lower() for name in names_of(number))]
    return wrong


# Not asked.toml: it holds what people type, numbers and all, and is never shown.
@pytest.mark.parametrize("path", [path for path in shipped_files() if path.name != "asked.toml"],
                         ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_number_stands_only_beside_its_own_name(path: Path) -> None:
    assert misplaced(path.read_text("utf-8", "replace")) == []


def test_a_number_beside_another_name_would_be_found() -> None:
    assert misplaced("For a chat, call SAMHSA: 1-800-222-1222.")
    assert misplaced("Call 116 123 now.")
    assert not misplaced("Call Samaritans: 116 123.")


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_commercial_number_stands_nowhere(path: Path) -> None:
    text = path.read_text("utf-8", "replace")
    assert COMMERCIAL not in re.sub(r"[\s().\u2010-\u2013-]", "", text)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line['region'] or 'none'} {line['name']}")
def test_every_line_says_what_people_need_to_know_before_they_call(line: dict[str, Any]) -> None:
    assert isinstance(line["region"], str)
    assert [field for field in FIELDS if not line[field].strip()] == []
    for way in ("tel", "sms"):
        if line.get(way):
            assert line["url"].startswith("https://")
            assert digits(line["contact"]) in (line[way], line[way].removeprefix("1"), "1" + line[way])


def test_nothing_is_called_by_day_and_night_that_is_not(texts: FixedTexts) -> None:
    for words in (texts.notice.text, *(card.text for card in texts.cards.values())):
        for sentence in re.split(r"(?<=[.?!]) ", words):
            if not ALWAYS.search(sentence):
                continue
            named = [line for line in texts.notice.helplines if digits(line.contact)
                     and digits(line.contact) in digits(sentence)]
            assert named, sentence
            assert all(line.hours == "24/7" for line in named), sentence


def test_the_notice_of_every_region_is_short_and_easy(texts: FixedTexts) -> None:
    assert len(texts.notice.text.split()) <= 60
    assert (grade(texts.notice.text) or 0.0) <= 8
    for card in texts.cards.values():
        assert (grade(card.text) or 0.0) <= 8, card.text


def test_every_number_in_a_regions_words_is_a_line_of_that_region(texts: FixedTexts) -> None:
    own = {digits(line.contact) for line in texts.notice.helplines} - {""}
    for words in (texts.notice.text, *(card.heading + ". " + card.text for card in texts.cards.values())):
        for number in re.findall(r"\d[\d -]*\d(?!\d|[ap]m)", words):
            assert digits(number) in own, (texts.region, number)


def test_every_card_has_a_line_and_an_emergency_is_always_among_them(texts: FixedTexts) -> None:
    for card in texts.cards.values():
        assert "emergency" in {line.kind for line in card.helplines}, (texts.region, card.kind)


def test_no_number_is_guessed_when_the_region_is_not_set(tmp_path: Path) -> None:
    texts = in_region("", tmp_path)
    every = [texts.notice.text, *(card.heading + card.text for card in texts.cards.values())]
    every += [line.contact for line in texts.notice.helplines]
    assert not any(char.isdigit() for words in every for char in words)
    assert "local emergency number" in texts.notice.text


def test_every_region_with_a_country_says_its_emergency_number_in_notice_and_on_every_card(texts: FixedTexts) -> None:
    (line,) = [line for line in texts.notice.helplines if line.kind == "emergency"]
    assert line.tel == {"US": "911", "CA": "911", "GB": "999", "IE": "112", "AU": "000", "NZ": "111", "": None}[texts.region]
    for words in (texts.notice.text, *(card.heading + card.text for card in texts.cards.values())):
        assert (line.tel or "your local emergency number") in words
    assert [card.kind for card in texts.cards.values() if card.helplines[0].kind not in ("emergency", "poison", "crisis")] == []


@pytest.mark.parametrize("region", REGIONS)
def test_check_finds_no_fault_in_any_region(region: str, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    shutil.copytree(SHIPPED, folder)
    in_region(region, folder)
    assert [str(finding) for finding in lint(read_corpus(folder), SHIPPED, date(2026, 11, 28)) if finding.level == "error"] == []


def without_number(lines: str) -> str:
    """The lines without the number of Britain's emergency line."""
    start = lines.index('region = "GB"\nkind = "emergency"')
    return lines[:start] + lines[start:].replace('tel = "999"\n', "", 1)


LINES_FILE, NOTICE_FILE = ((SHIPPED / name).read_text("utf-8") for name in ("helplines.toml", "notice.toml"))


@pytest.mark.parametrize(("name", "text", "says"), [
    ("helplines.toml", without_number(LINES_FILE),
     "no emergency number for the region 'GB': add a help line of the kind 'emergency'"),
    ("helplines.toml", LINES_FILE.replace('region = "GB"\nkind = "emergency"', 'region = "GB"\nkind = "crisis"'),
     "no emergency number for the region 'GB'"),
    ("notice.toml", NOTICE_FILE.replace("In an emergency, call 999.", "In an emergency, call for help."),
     "the notice of the region 'GB' does not say the emergency number, 999"),
    ("notice.toml", NOTICE_FILE.replace("or may act soon, call 999", "or may act soon, call for help"),
     "the card .urgent.suicide. of the region 'GB' does not say the emergency number, 999"),
    ("notice.toml", re.sub(r"\[regions\.GB\.urgent\.overdose\]\n(.*\n){3}", "", NOTICE_FILE),
     "the card .urgent.overdose. of the region 'GB' does not say the emergency number, 999"),
], ids=["no number", "no line", "notice", "card", "card of no region"])
def test_a_region_without_its_emergency_number_stops_check_and_build(
        name: str, text: str, says: str, corpus: Path, index: Path, toy: ToyEncoder) -> None:
    (corpus / "notice.toml").write_text(NOTICE_FILE, "utf-8")
    (corpus / name).write_text(text, "utf-8")
    (corpus / "site.toml").write_text('region = "GB"\n', "utf-8")
    found = [finding.problem for finding in check(corpus, index) if re.search(says, finding.problem)]
    assert len(found) == 1
    assert f"{name}, line" in found[0] or name == "helplines.toml" or "overdose" in says
    with pytest.raises(NoticeMissing, match=says):
        build_index(corpus, index, encoder=toy)


@pytest.mark.parametrize("region", ["XX", "EU", "us", "UK"])
def test_an_unknown_region_is_refused_in_one_clear_sentence(tmp_path: Path, region: str) -> None:
    with pytest.raises(NoticeMissing) as raised:
        in_region(region, tmp_path)
    assert "set 'region' to one of '', 'AU', 'CA', 'GB', 'IE', 'NZ', 'US'" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_every_shipped_region_can_be_chosen_the_own_one_first() -> None:
    regions = read_regions(ROOT / "corpus")
    assert list(regions) == ["US", "", "AU", "CA", "GB", "IE", "NZ"]
    for region, texts in regions.items():
        assert texts.region == region
        assert {line.region for line in texts.notice.helplines} == {region}
    assert len({texts.notice.text for texts in regions.values()}) == len(regions)


def test_a_region_that_is_not_whole_is_not_offered(corpus: Path) -> None:
    broken = NOTICE_FILE.replace("or may act soon, call 999", "or may act soon, call for help")
    (corpus / "notice.toml").write_text(broken, "utf-8")
    assert "GB" not in read_regions(corpus)
    assert "IE" in read_regions(corpus)


def test_words_of_one_region_are_never_shown_with_the_lines_of_another(tmp_path: Path) -> None:
    """An operator who adds lines for Atlantis but no notice must not get the American notice above them."""
    lines = (SHIPPED / "helplines.toml").read_text("utf-8").replace('region = "AU"', 'region = "ZZ"')
    (tmp_path / "helplines.toml").write_text(lines, "utf-8")
    with pytest.raises(NoticeMissing, match="no notice for the region 'ZZ'"):
        in_region("ZZ", tmp_path)


def test_an_operators_own_notice_for_one_region_is_enough(tmp_path: Path) -> None:
    text = (SHIPPED / "notice.toml").read_text("utf-8").split("\n# ---- No region")[0]
    own = text.replace('texts_are_for = "US"\n', "").replace("These passages", "Our passages", 1)
    (tmp_path / "notice.toml").write_text(own, "utf-8")
    assert read_texts(tmp_path).notice.text.startswith("Our passages")


@pytest.mark.parametrize(("old", "new", "reason"), [
    ('region = "US"\nkind', "kind", "no 'region'"), ('url = "https://www.911.gov/"\n', "", "no 'url'"),
    ('hours = "24/7"\n', "", "no 'hours'"), ('verified_on = "2026-11-21"\n', "", "no 'verified_on'"),
])
def test_a_line_without_what_it_needs_is_refused_by_name(tmp_path: Path, old: str, new: str, reason: str) -> None:
    text = (SHIPPED / "helplines.toml").read_text("utf-8")
    (tmp_path / "helplines.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CorpusError, match=f"'Emergency' has {reason}"):
        read_texts(tmp_path)


def test_canada_and_the_united_states_are_told_apart() -> None:
    """988 is two services: each says that callers of the other country reach another one."""
    both = {line["region"]: line for line in LINES if line.get("tel") == "988"}
    assert set(both) == {"US", "CA"}
    assert "Canada" in both["US"]["not_for"]
    assert "United States" in both["CA"]["not_for"]
