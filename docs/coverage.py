"""Inventories of facts -> docs/coverage.md: which passage carries each item, or why none does.

    python docs/coverage.py FACTS.md GRADED.md... > docs/coverage.md

FACTS.md is the numbered own-words inventory of the five articles. Items are F<document>.<number>. GRADED.md are lists of
graded facts with sources, such as H300. The texts name the items that a paragraph carries in a comment below it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

TEXTS = Path(__file__).resolve().parent.parent / "corpus" / "texts"
DIGESTS = {"F0": "digest-mountainside", "F1": "digest-everlast", "F2": "digest-untitled",
           "F3": "digest-substanceabuseaction", "F4": "digest-florida-clinic"}
LEFT_OUT = "left out: advertising, site furniture or a company's offer"


def inventory(facts: Path) -> dict[str, str]:
    """Item id -> its flags, such as "[claim]" or "[promo] [contested]", in order."""
    items: dict[str, str] = {}
    document = ""
    for line in facts.read_text("utf-8").splitlines():
        if line.startswith("## "):
            heading = re.match(r"## (F\d) ", line)
            document = heading[1] if heading else ""
        item = re.match(r"(\d+)\. ((?:\[\w+\] ?)+)", line)
        if item and document:
            items[f"{document}.{item[1]}"] = item[2].strip()
    return items


def carried(document: str) -> dict[str, list[str]]:
    """Item id -> headings of the sections of the document's digest that carry it."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in (TEXTS / f"{DIGESTS[document]}.md").read_text("utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        if line.startswith("<!-- facts:"):
            for item in re.findall(rf"\b{document}\.\d+\b", line):
                if heading not in found.setdefault(item, []):
                    found[item].append(heading)
    return found


def graded(facts: Path) -> dict[str, str]:
    """Id of a fact to ship -> its grade, in order. A bar inside a cell makes a row of more than seven cells."""
    grades: dict[str, str] = {}
    shipped = False
    for line in facts.read_text("utf-8").splitlines():
        if line.startswith("## "):
            shipped = re.match(r"## \d", line) is not None and "Reserve" not in line and "Grade C" not in line
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        grade = next((cell for cell in cells[5:] if cell in ("A", "B")), None)
        if shipped and grade and re.fullmatch(r"[A-Z]\d{3}", cells[0]):
            grades[cells[0]] = grade
    return grades


def sections_of(ids: Iterable[str]) -> dict[str, list[str]]:
    """Fact id -> "text: section" of each passage whose comment names it."""
    sections: dict[str, list[str]] = {fact: [] for fact in ids}
    for path in sorted(TEXTS.glob("fact-*.md")):
        heading = ""
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("## "):
                heading = line.removeprefix("## ")
            if line.startswith("<!-- facts:") and heading != "About this page":  # never quoted
                for fact in dict.fromkeys(re.findall(r"\b[A-Z]\d{3}\b", line)):
                    if fact in sections and f"{path.stem}: {heading}" not in sections[fact]:
                        sections[fact].append(f"{path.stem}: {heading}")
    return sections


def graded_table(lists: list[Path]) -> str:
    """The graded facts as Markdown. Raises SystemExit for a fact that no passage carries."""
    grades = {fact: grade for path in lists for fact, grade in graded(path).items()}
    sections = sections_of(grades)
    if lost := [fact for fact, where in sections.items() if not where]:
        raise SystemExit(f"{' '.join(lost)}: in no fact sheet. Add it, or say why it is left out.")
    lines = ["## The graded facts", "",
             f"{len(grades)} facts to ship, those on help lines among them; each is carried by a passage. A: read on the",
             "publisher's own stored page; B: in a faithful copy.", "", "| fact | grade | where |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {fact} | {grade} | {'; '.join(sections[fact])} |" for fact, grade in grades.items())]) + "\n"


def table(items: dict[str, str]) -> str:
    """The whole page as Markdown. Raises SystemExit for an item that is neither carried nor advertising."""
    lines = ["# Coverage of the five articles and of the graded facts", "",
             "Made by `python docs/coverage.py`; do not edit. Each item of the inventory of the five articles, with the "
             "section of our digest", "that carries it, or the reason why none does; below, each graded fact.", "",
             f"{len(items)} items, {sum('[promo]' not in flags for flags in items.values())} carried, "
             f"{sum('[promo]' in flags for flags in items.values())} left out.", ""]
    for document, digest in DIGESTS.items():
        sections = carried(document)
        lines += [f"## {document}: `corpus/texts/{digest}.md`", "", "| item | kind | where |", "|---|---|---|"]
        for item, flags in items.items():
            if item.startswith(f"{document}."):
                if item not in sections and "[promo]" not in flags:
                    raise SystemExit(f"{item} is in no section of {digest}: add it, or say why it is left out.")
                where = "; ".join(sections[item]) if item in sections else LEFT_OUT
                lines.append(f"| {item} | {flags.replace('[', '').replace(']', '')} | {where} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    articles, *lists = map(Path, sys.argv[1:])
    sys.stdout.write(f"{table(inventory(articles))}\n{graded_table(lists)}")
