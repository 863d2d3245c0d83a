"""A figure that was corrected stands nowhere in its old form, and reads the same in every text that tells it."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from assistant.corpus.files import SHIPPED
from assistant.corpus.lines import COMMENT
from assistant.corpus.passages import sentence_spans, split
from assistant.corpus.reader import read_corpus
from tests.support import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

OUTDATED = {  # fact of the safety record, and how its old form read
    "dissociation on esketamine": r"61( to |-|–| and )75\b|more than 60 in 100 people felt",
    "a sleepiness stronger than measured": r"very sleepy was|very sleepy, called sedation|people very sleepy, cut off",
    "deaths in England to 2019": r"\b283 (such |ketamine )?deaths|\b283 of them|283 deaths ketamine|about 30 (deaths )?a year",
    "deaths, as the press told it": r"twenty-?\s?fold|20-fold",
    "withdrawal unknown": r"(lists? (it|ketamine withdrawal) as unknown)|withdrawal are unknown|surgeon general says unknown",
    "interstitial cystitis": r"interstitial cystitis[^.]{0,30} in up to a year|no case of interstitial",
    "NICE for the whole NHS": r"not recommended in the NHS for",
    "one trial against ECT": r"only one trial on this",
    "the driving limit": r"England and Wales set a limit|does not cover Scotland",
    "breastfeeding and ketamine": r"nothing about breastfeeding and ketamine|silence about ketamine and breastfeeding",
    "waking reactions": r"anesthesia, the US label says|even weeks, the label says",
    "MORE-KARE": r"registered or under way",
    "half-life of esketamine": r"a drug guide gives 7 to 12",
}
# say why figures differ, with the old ones beside the new, or ask about it; what people type in asked.toml is never shown
DIFFER = {"fact-numbers", "asked.toml", "questions.jsonl"}
TOLD = {  # (source, words of a heading): what its passage says now
    ("fact-esketamine-approval", "cut off or sleepy"): ("61 to 84 in 100", "5 to 16 in 100", "Johnson & Johnson, its maker"),
    ("fact-home-compounded", "only in a clinic"): ("61 to 84 in 100",),
    ("digest-everlast", "Side effects"): ("It claims that dissociation, a feeling of being cut off, is rare", "61 to 84 in 100"),
    ("fact-esketamine-approval", "boxed warning"): ("Thoughts or acts of suicide in young people",),
    ("fact-esketamine-approval", "on the NHS"): ("NHS in England", "England only", "7 September 2020", "NHS Scotland"),
    ("fact-esketamine-approval", "European Union"): ("heart attack",),
    ("fact-who-should-not", "Who should not have esketamine"): ("heart attack",),
    ("fact-who-should-not", "heart disease"): ("heart attack",),
    ("fact-who-should-not", "Who should not have ketamine"): ("allergic",),
    ("fact-who-should-not", "pregnancy"): ("EU leaflet", "must use contraception", "not stop suddenly"),
    ("fact-who-should-not", "breastfeeding"): ("EU leaflet says not to use esketamine", "LactMed", "medical use only"),
    ("fact-dependence", "withdrawal when you stop"): ("2016", "were unknown", "May 2024", "more than once a week"),
    ("fact-dependence", "addictive"): ("physical dependence",),
    ("fact-dependence", "What do people feel"): ("in 2019", "nightmares", "thoughts of suicide", "crisis line",
                                                 "not stop suddenly"),
    ("digest-mountainside", "Warning signs"): ("called ketamine withdrawal unknown, but the current US label reports it",),
    ("digest-mountainside", "Ketamine withdrawal"): ("called ketamine withdrawal unknown, but the current US label reports it",),
    ("digest-untitled", "Dependence, tolerance"): ("unknown for ketamine, but the current US label reports it",),
    ("fact-numbers", "die with ketamine in the UK"): ("696", "1999 to 2024", "15 deaths in 2014", "projected 197 in 2024",
                                                      "more than ten times", "60.0%", "42.6%"),
    ("fact-mixing", "Do people die"): ("696", "1999 to 2024", "15 in 2014", "projected 197 in 2024", "60.0%", "42.6%"),
    ("digest-untitled", "Overdose"): ("696", "1999 to 2024", "42.6%"),
    ("fact-emergency", "danger signs"): ("Ireland's health service", "drowsy or confused", "blue", "heavy vomiting",
                                         "hallucinations"),
    ("fact-mixing", "looks very unwell"): ("Ireland's health service", "drowsy or confused", "blue", "heavy vomiting"),
    ("fact-find-help", "When should I call 911"): ("Ireland's health service", "drowsy or confused", "blue", "heavy vomiting"),
    ("fact-emergency", "antidote"): ("Naloxone works on opioids", "does not undo ketamine", "does no harm", "cannot be roused"),
    ("fact-bladder", "treatment harm the bladder"): ("17 in 100", "6.5 years", "five cases", "do not prove the cause"),
    ("fact-depression-trials", "better than ECT"): ("55 in 100", "Swedish trial of 186", "63 in 100", "46 in 100"),
    ("fact-driving-law", "drug driving limit"): ("2 March 2015", "Scotland", "21 October 2019", "Northern Ireland", "unfit"),
    ("fact-driving-law", "Can I drive after ketamine"): ("England, Wales and Scotland set a limit",),
    ("fact-khole-effects-tests", "bad dreams"): ("an older US label says", "the current label says", "24 hours"),
    ("fact-khole-effects-tests", "stay in urine"): ("does not prove new use",),
    ("fact-alcohol-cocaine-trials", "larger trials"): ("August 2024", "31 July 2026", "no results yet"),
}
ALIKE = {  # where the first stands in a sentence, the second does too
    r"61 to 84": r"felt cut off or sensed things in a changed way",
    r"48 to 61": r"[Ss]leepiness, from mild to deep",
    r"(?<!feels like a )heart attack": r"within the past six weeks",
    r"\b197\b": r"projected 197 in 2024",
    r"42\.6%": r"judged to have helped cause",
    r"\b696\b": r"1999 to 2024",
}


@cache
def ours() -> dict[str, str]:
    """Place -> words: each text without its comments, every string of the corpus's tables, judged questions, pages."""
    found = {source.id: COMMENT.sub(" ", source.text) for source in read_corpus(SHIPPED).sources}
    for path in sorted(SHIPPED.glob("*.toml")):
        found[path.name] = "\n".join(strings(tomllib.loads(path.read_text("utf-8"))))
    for path in (ROOT / "eval" / "questions.jsonl", SHIPPED / "unanswered.jsonl"):
        found[path.name] = "\n".join(text for line in path.read_text("utf-8").splitlines() for text in strings(json.loads(line)))
    return found | {path.name: path.read_text("utf-8") for path in PAGES}


def strings(value: object) -> list[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value] if isinstance(value, str) else [text for item in inner for text in strings(item)]


@cache
def passages() -> list[tuple[str, str, str]]:
    """(source id, heading, text) of every shipped passage and (file, id, text) of every editor's note."""
    read = read_corpus(SHIPPED)
    return [(passage.source_id, passage.heading, passage.text) for source in read.sources for passage in split(source)] + [
        (Path("notes.toml").name, item.id, item.note.text) for item in read.editorial.notes]


@pytest.mark.parametrize("figure", OUTDATED)
def test_an_outdated_figure_stands_in_no_text_note_question_or_page(figure: str) -> None:
    pattern = re.compile(OUTDATED[figure], re.IGNORECASE)
    found = {place: match[0] for place, text in ours().items() if (match := pattern.search(text))}
    assert {place: words for place, words in found.items()
            if place != "asked.toml" and (place not in DIFFER or not figure.startswith("deaths"))} == {}


@pytest.mark.parametrize(("source_id", "heading"), TOLD)
def test_the_corrected_figure_stands_in_its_passage(source_id: str, heading: str) -> None:
    found = [text for source, head, text in passages() if source == source_id and heading in head]
    assert len(found) == 1, heading
    assert [words for words in TOLD[source_id, heading] if words not in found[0]] == []


@pytest.mark.parametrize("figure", ALIKE)
def test_a_figure_is_told_with_the_same_strength_wherever_it_stands(figure: str) -> None:
    told = [(place, text[start:end]) for place, _, text in passages() for start, end in sentence_spans(text, 0, len(text))
            if re.search(figure, text[start:end])]
    assert len({place for place, _ in told}) >= 2
    assert [item for item in told if not re.search(ALIKE[figure], item[1])] == []


def test_the_notes_tell_the_corrected_figures() -> None:
    notes = {(item.id, item.quote): item.note for item in read_corpus(SHIPPED).editorial.notes}

    def of(number: str, words: str) -> str:
        return next(note.text for (name, quote), note in notes.items() if name == number and words in quote)

    assert "61 to 84 in 100" in of("001-1", "is rare")
    assert "Scotland did accept it" in of("001-2", "remarkably")
    assert "696 deaths" in of("002-3", "deadliest")
    assert "The current US label of ketamine reports it" in of("002-4", "48 hours")


def test_every_naming_of_nice_says_for_whom_it_advises() -> None:
    named = [(place, head) for place, head, text in passages() if re.search(r"\bNICE\b", text) and "England" not in text]
    assert named == []
