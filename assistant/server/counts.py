"""answers -> counts per status and, only where the operator wants them, per topic; never a word of a question.

    Answer -> status                                   always
           -> subject id | glossary words              only with ``topics``, only of what was not answered
    press  -> yes | no                                 only with ``helped``: two numbers, no time, nothing about the question

The words that are counted are the glossary's and the subjects', written by editors. What somebody typed never gets here:
``add`` reads no question.
"""

from __future__ import annotations

import threading
from collections import Counter

from assistant.notices import FixedTexts
from assistant.schema import Answer


class AnswerCounts:
    """Counts since it was made, in memory only. ``topics``: also count what the unanswered questions were about; ``helped``: also
    what people press under "Did this help?"."""

    def __init__(self, topics: bool = False, helped: bool = False) -> None:
        self.topics, self.helped = topics, helped
        self._presses: Counter[str] = Counter()
        self._statuses: Counter[str] = Counter()
        self._subjects: Counter[str] = Counter()
        self._terms: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._told = 0

    def add(self, found: Answer | tuple[str, str], texts: FixedTexts) -> None:
        """Count one answer, or one state ("error", "busy", ...)."""
        with self._lock:
            if not isinstance(found, Answer):
                self._statuses[found[0]] += 1
                return
            by_words = found.search == "words"  # such a question may well have an answer: it says nothing about the texts
            self._statuses[f"{found.status} by words" if by_words else found.status] += 1
            if by_words or not self.topics or found.status not in ("related", "not_covered"):
                return
            subject = next((subject.id for subject in texts.subjects if subject.text == found.message), None)
            if subject:
                self._subjects[subject] += 1
            self._terms.update(term.word for term in found.terms)

    def press(self, helped: bool) -> None:
        """Count one press."""
        with self._lock:
            self._presses["yes" if helped else "no"] += 1

    def totals(self) -> dict[str, dict[str, int]]:
        with self._lock:
            counts = {"status": dict(self._statuses)} | ({"helped": dict(self._presses)} if self.helped else {})
            return counts | {"subject": dict(self._subjects), "term": dict(self._terms)} if self.topics else counts

    def news(self) -> str:
        """One line of all counts, or nothing when nothing was counted since the last call."""
        counts = self.totals()
        total = sum(counts["status"].values()) + sum(counts.get("helped", {}).values())
        if total == self._told:
            return ""
        self._told = total
        names = {"status": "Questions since the start", "helped": "did this help",
                 "subject": "not answered, by subject", "term": "by glossary word"}
        return "; ".join(f"{names[kind]}: {_listed(found)}" for kind, found in counts.items() if found) + "."


def _listed(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
