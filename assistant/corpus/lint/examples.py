"""unanswered.jsonl beside headings and asked-as questions -> examples that something here answers after all."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.corpus import jsonl
from assistant.corpus.exemplars import UNANSWERED, asked_sections
from assistant.corpus.lines import WORD
from assistant.corpus.lint.context import LintContext, Violation

SMALL = frozenset("a an the is are be do does did can could will would i you it to of on in for if and or my me with".split())
NAMES = {"ket": "ketamine", "k": "ketamine", "keta": "ketamine"}  # how people call it in these files


def answered_example(context: LintContext) -> Iterator[Violation]:
    """Each unanswered example that says what a heading or an asked-as question says, in whatever order: the network would
    learn that one question is answered and is not. The folder's own file only."""
    path = context.corpus.folder / UNANSWERED.file
    if not path.is_file():
        return
    answers = {_gist(passage.heading): f"{view.source.id}: {passage.heading}"
               for view in context.views for passage in view.passages if passage.heading}
    for (source_id, heading), questions in asked_sections(context.corpus.folder, context.shipped).items():
        answers |= dict.fromkeys(map(_gist, questions), f"{source_id}: {heading}")
    answers.pop(frozenset(), None)  # what small words alone ask may be anything
    for number, record in jsonl.read(path):
        if section := answers.get(_gist(str(record.get("text", "")))):
            yield Violation(str(path), number, f"this example is answered by {section}", str(record["text"]))


def _gist(question: str) -> frozenset[str]:
    return frozenset(NAMES.get(word, word) for word in map(str.casefold, WORD.findall(question))) - SMALL
