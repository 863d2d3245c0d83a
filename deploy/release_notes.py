"""CHANGELOG.md -> the notes of its newest version, on standard output; of what is unreleased while there is no version yet."""

from __future__ import annotations

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parent.parent / "CHANGELOG.md"


def notes(text: str) -> str:
    """The newest section that has a version, or "Unreleased". Raises SystemExit where there is no section."""
    sections = re.findall(r"^## \[(.+?)\][^\n]*\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if not sections:
        raise SystemExit("CHANGELOG.md has no section '## [version]': add one.")
    name, body = next((section for section in sections if section[0] != "Unreleased"), sections[0])
    return f"# {name}\n\n{body.strip()}\n"


if __name__ == "__main__":
    sys.stdout.write(notes(CHANGELOG.read_text("utf-8")))
