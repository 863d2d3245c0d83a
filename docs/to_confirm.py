"""corpus/sources.toml and helplines.toml -> docs/to-confirm.md: every address to open before release, the riskiest first.

    python docs/to_confirm.py > docs/to-confirm.md

One row for each address, however many sheets rest on it. Risk is what a wrong line would do to the reader.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assistant.corpus.files import SHIPPED
from assistant.corpus.lint.references import STALE_LAW_DAYS, STALE_LINE_DAYS, days_valid

RISKS = (
    "Help lines: a wrong number or hour",
    "What to do in danger, and who to call",
    "Law, licences and approvals: they change, and people act on them",
    "Medicines, illness, pregnancy and treatment",
    "Seen only as a copy, or without its exact title or address",
    "All others",
)
LINES, DANGER, LAW, MEDICAL, COPY, OTHER = range(len(RISKS))
DANGER_SUBJECTS = {"In an emergency", "Help and support"}
MEDICAL_SUBJECTS = {"Mixing with alcohol, drugs and medicines", "Who should be careful", "Esketamine (Spravato)"}
SEEN_AS_COPY = re.compile(r"\bcop(?:y|ies)\b|not recorded|title shortened|not linked")
TO_LOOK_UP = (
    ("Ireland: is esketamine paid for? Said to be from January 2022 (NCPE 19055)", "NCPE (pharmacoeconomics)"),
    ("Canada: do public plans pay for esketamine? Said to be advised against in 2020 (CDA)", "Canada's Drug Agency"),
    ("New Zealand: is ketamine injection funded? Said to be from 1 March 2026 (Pharmac)", "Pharmac"),
    ("Australia: is esketamine subsidised? Said to be from 1 May 2025; a trade paper", "Pharmaceutical Benefits Scheme"),
    ("US: the two alerts of the FDA on pharmacy-made ketamine, of 2022 and 10 October 2023; only parts were read", "FDA"),
    ("UK: what the Royal College of Psychiatrists said on ketamine for depression in 2025; only press was read", "the College"),
    ("UK: FRANK's own page on ketamine, and its text number", "FRANK"),
    ("England and Wales: registered deaths with ketamine by year; a campaign's figure", "Office for National Statistics"),
    ("UK: a formal reply of the government to its drug advisers on Class A", "GOV.UK"),
    ("Ireland: the hours of the HSE drugs and alcohol line; only press was read", "HSE"),
    ("Ireland: people starting treatment for ketamine by year; only press was read", "Health Research Board"),
    ("UK: the number of the Animal PoisonLine", "Animal PoisonLine"),
    ("UK: a help line of DrugFAM for families, its number and hours", "DrugFAM"),
)


@dataclass(frozen=True)
class Address:
    """One address to open. Sorted as the page shows them."""

    risk: int
    stale_on: date
    what: str
    url: str
    published: str
    checked: str
    sheets: int


def _tables(path: Path, name: str) -> list[dict[str, Any]]:
    return list(tomllib.loads(path.read_text("utf-8"))[name])


def addresses(corpus: Path) -> list[Address]:
    sources = _tables(corpus / "sources.toml", "source")
    subjects = {name: subject["name"] for subject in _tables(corpus / "subjects.toml", "subject")
                for name in subject["sources"]}
    uses: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)
    for source in sources:
        for reference in source.get("reference", []):
            uses[reference["url"]].append((source, reference))
    rows = [_address(url, pairs, subjects) for url, pairs in uses.items()]
    for line in _tables(corpus / "helplines.toml", "helpline"):
        checked = str(line["verified_on"])
        what = f"{line['region']}: {line['name']}, {line['contact']} ({line.get('hours') or 'hours not known'})"
        stale_on = date.fromisoformat(checked) + timedelta(STALE_LINE_DAYS)
        rows.append(Address(LINES, stale_on, what, line.get("url", ""), line.get("source", ""), checked, 0))
    return sorted(rows, key=lambda row: (row.risk, row.stale_on, -row.sheets, row.what, row.url))


def _address(url: str, pairs: list[tuple[dict[str, Any], dict[str, Any]]], subjects: dict[str, str]) -> Address:
    references = [reference for _, reference in pairs]
    titles = sorted((f"{reference['publisher']}: {reference['title']}" for reference in references), key=len)
    periods = [days_valid(*pair) for pair in pairs]
    stale_on = min(date.fromisoformat(str(reference["checked"])) + timedelta(period)
                   for reference, period in zip(references, periods, strict=True))
    about = {subjects.get(source["id"], "") for source, _ in pairs}
    risk = (DANGER if about & DANGER_SUBJECTS else LAW if STALE_LAW_DAYS in periods
            else MEDICAL if about & MEDICAL_SUBJECTS else COPY if any(map(SEEN_AS_COPY.search, titles)) else OTHER)
    published = ", ".join(sorted({str(reference.get("date", "none shown")) for reference in references}))
    checked = min(str(reference["checked"]) for reference in references)
    return Address(risk, stale_on, titles[0], url, published, checked, len({source["id"] for source, _ in pairs}))


def page(rows: list[Address]) -> str:
    lines = ["# To confirm before release", "",
             "Made by `python docs/to_confirm.py`; do not edit. All facts were read in stored copies; no live page was opened.",
             "Open each address once, compare what the sheets say, then set `checked` (or `verified_on`) to that day. Past the",
             "day in `stale on`, `check` fails. `sheets`: how many texts rest on it.", "",
             f"{len(rows)} addresses; the first goes stale on {min(row.stale_on for row in rows)}.", ""]
    for risk, name in enumerate(RISKS):
        here = [row for row in rows if row.risk == risk]
        lines += [f"## {risk + 1}. {name} ({len(here)})", "",
                  f"| what | address | {'seen in' if risk == LINES else 'published'} | checked | stale on | sheets |",
                  "|---|---|---|---|---|---|"]
        lines += [f"| {_cell(row.what)} | {_cell(row.url)} | {_cell(row.published)} | {row.checked} | {row.stale_on} "
                  f"| {row.sheets or '-'} |" for row in here]
        lines.append("")
    lines += [f"## To look up ({len(TO_LOOK_UP)})", "",
              "Said somewhere, but in no source that may be quoted: in no sheet until the page itself was read.", "",
              "| what | where to look |", "|---|---|", *(f"| {what} | {where} |" for what, where in TO_LOOK_UP)]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").strip() or "-"


if __name__ == "__main__":
    sys.stdout.write(page(addresses(SHIPPED)))
