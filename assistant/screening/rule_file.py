"""a file of rules -> rules; a rule, a normalized message -> whether it fires. Standard library only.

    rules/urgent.toml --RuleFile--> rules --candidates: the stems of a message--> the few that may fire

The files are read once, when first needed; their heads say what stands in a rule.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from assistant.screening.normalize import fold
from assistant.screening.patterns import Form, Message, Part, parse

RULES = Path(__file__).parent / "rules"


@dataclass(frozen=True)
class Rule:
    """One named rule: fires on a message in which every one of ``every``, one of ``either`` if it has any, ``least`` different
    words of ``signs`` and none of ``unless`` are found. What a weak one needs beside, its screen says."""

    kind: str
    name: str
    weak: bool
    every: tuple[Form, ...]
    either: tuple[Form, ...]
    unless: tuple[Form, ...]
    signs: frozenset[str]
    least: int
    caught: tuple[str, ...]
    spared: tuple[str, ...]
    language: str = ""

    @property
    def stems(self) -> frozenset[str]:
        """Stems of which a message must hold one for the rule to fire; empty where that cannot be told."""
        for form in sorted(self.every, key=lambda form: len(form.text)):  # the shortest are soonest read
            if form.needs:
                return form.needs
        needs = [form.needs for form in self.either]
        return frozenset().union(*needs) if needs and all(needs) else frozenset()

    def found(self, message: Message) -> bool:
        """Whether it fires on ``message``."""
        for form in self.every:
            if form.needs and form.needs.isdisjoint(message.stems):
                return False
        return (all(form.found(message) for form in self.every)
                and (not self.either or any(form.found(message) for form in self.either))
                and len(self.signs.intersection(message.words.split())) >= self.least
                and not any(form.found(message) for form in self.unless))


class RuleFile:
    """The rules of one file of `rules/`, and its other tables. Immutable."""

    def __init__(self, name: str) -> None:
        self.tables: dict[str, Any] = tomllib.loads((RULES / name).read_text("utf-8"))
        self._names: dict[str, Part] = {}
        for key, words in self.tables.get("words", {}).items():
            self._names[key] = parse(_one_line(words), self._names)
        inside = {table["code"] for table in self.tables.get("language", ()) if table.get("inside_words")}
        self.rules = tuple(self._rule(table, table.get("language", "") in inside) for table in self.tables["rule"])

    @cached_property
    def _by_stem(self) -> dict[str, set[int]]:
        """Stem -> rules that may fire when it is there; "" -> rules of which that cannot be told."""
        numbers: dict[str, set[int]] = {}
        for number, rule in enumerate(self.rules):
            for stem in rule.stems or {""}:
                numbers.setdefault(stem, set()).add(number)
        return numbers

    def _rule(self, table: dict[str, Any], inside: bool) -> Rule:
        return Rule(table["kind"], table["name"], table["strength"] == "weak", self.forms(table.get("every", ()), inside),
                    self.forms(table.get("either", ()), inside), self.forms(table.get("unless", ()), inside),
                    frozenset(table.get("signs", "").split()), table.get("least", 0), tuple(table["caught"]),
                    tuple(table["spared"]), table.get("language", ""))

    def forms(self, texts: Sequence[str], inside: bool = False) -> tuple[Form, ...]:
        """Forms that may use the names of the file's [words]."""
        return tuple(Form(_one_line(text), self._names, inside) for text in texts)

    def candidates(self, stems: frozenset[str]) -> list[Rule]:
        """The few rules of which a message with these stems may hold what they need, in their order."""
        numbers = self._by_stem.get("", set()).union(*(self._by_stem[stem] for stem in stems & self._by_stem.keys()))
        return [self.rules[number] for number in sorted(numbers)]


def compile_rules() -> None:
    """Compile every rule now, so that no visitor waits for it."""
    for name in ("urgent.toml", "refused.toml", "languages.toml"):
        for rule in rule_file(name).rules:
            for form in (*rule.every, *rule.either, *rule.unless):
                form.compile()


def _one_line(text: str) -> str:
    """A form as one line, letters as `fold` leaves them: a line break is nothing after "|" or "(", else a space."""
    text = re.sub(r"\s*\n\s*", " ", re.sub(r"(?<=[|(])\n\s*", "", text.strip()))
    return text if text.isascii() else fold(text)


@cache
def rule_file(name: str) -> RuleFile:
    """The rules of `rules/NAME`, read once."""
    return RuleFile(name)
