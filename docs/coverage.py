"""The inventory of facts in the five articles -> docs/coverage.md: which passage carries each item, or why none does.

    python docs/coverage.py FACTS.md > docs/coverage.md

FACTS.md is the numbered own-words inventory of the five articles. Items are F<document>.<number>. The digests name the
items that a paragraph carries in a comment below it.
"""

from __future__ import annotations

import re
import sys
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


def table(items: dict[str, str]) -> str:
    """The whole page as Markdown. Raises SystemExit for an item that is neither carried nor advertising."""
    lines = ["# Coverage of the five articles", "",
             "Made by `python docs/coverage.py`; do not edit. Each item of the inventory of the five articles, with the "
             "section of our digest", "that carries it, or the reason why none does.", "",
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
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    sys.stdout.write(table(inventory(Path(sys.argv[1]))))
