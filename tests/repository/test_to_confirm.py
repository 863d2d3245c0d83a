"""docs/to-confirm.md is true: every address that our texts rest on, and every help line, is there once, in the order of risk."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from types import ModuleType

from assistant.corpus.files import SHIPPED
from tests.support import ROOT

PAGE = (ROOT / "docs" / "to-confirm.md").read_text("utf-8")
SOURCES = tomllib.loads((ROOT / "corpus" / "sources.toml").read_text("utf-8"))["source"]
LINES = tomllib.loads((ROOT / "corpus" / "helplines.toml").read_text("utf-8"))["helpline"]


def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("to_confirm_page", ROOT / "docs" / "to_confirm.py")
    assert spec
    assert spec.loader
    page = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = page  # a dataclass looks its module up there
    spec.loader.exec_module(page)
    return page


def test_the_page_is_what_its_command_makes_today() -> None:
    page = module()
    assert page.page(page.addresses(SHIPPED)) == PAGE


def test_every_address_of_a_reference_and_every_help_line_is_a_row() -> None:
    urls = {reference["url"] for source in SOURCES for reference in source.get("reference", [])}
    rows = re.findall(r"^\| .+ \| \S+ \| .+ \| \d{4}-\d\d-\d\d \| \d{4}-\d\d-\d\d \| \S+ \|$", PAGE, re.MULTILINE)
    assert len(rows) == len(urls) + len(LINES)
    for url in urls:
        assert f"| {url} |" in PAGE


def test_a_number_people_dial_comes_before_what_only_informs() -> None:
    risks = [row.risk for row in module().addresses(SHIPPED)]
    assert risks == sorted(risks)
    assert PAGE.index("988 Suicide & Crisis Lifeline, call or text 988") < PAGE.index("doi.org/10.1056/NEJMoa2304145")
