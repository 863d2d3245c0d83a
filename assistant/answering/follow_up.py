"""question, the subject of the one before -> the question with its subject, if it leans on the one before.

    "and for how long?" after an answer from "Ketamine and the bladder" -> "Ketamine and the bladder: and for how long?"

The question alone is always asked first: what is urgent, refused or about this service is so without any subject.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.answering.assistant import Assistant
from assistant.answering.lexical_search import LexicalAssistant
from assistant.schema import Answer

LONGEST = 12  # words of a question that may lean on another; a longer one says what it is about
OWN_SUBJECT = re.compile(r"\b(?:ketamine|esketamine|arketamine|spravato|ket|special k|k-?hole)\b", re.IGNORECASE)
LEANS = re.compile(
    r"^(?:and|but|or|so|then|also|what about|how about|what if|even|only|for how long|how (?:long|often|soon|many|much|bad|"
    r"common)|since when|why|why not|when|where|who|is that|does that|really|always|for ever|forever)\b"
    r"|\b(?:it|its|that|this|they|them|these|those|there|then|afterwards?|the same)\b", re.IGNORECASE)


def leans(question: str) -> bool:
    """Whether a question needs the one before it to be understood: short, and no subject of its own."""
    words = question.split()
    return 0 < len(words) <= LONGEST and not OWN_SUBJECT.search(question) and bool(LEANS.search(question.strip()))


def ask_about(assistant: Assistant | LexicalAssistant, question: str, subject: str, k: int = 3) -> tuple[Answer, bool]:
    """The answer to a question, and whether it was asked with the subject. Raises QuestionError as ``ask`` does."""
    alone = assistant.ask(question, k)
    if not subject or not leans(question) or alone.urgent or alone.caution or alone.subject or alone.language:
        return alone, False
    together = assistant.ask(f"{subject}: {question}", k)
    if not together.citations or together.urgent or together.subject:
        return alone, False
    return replace(together, question=question), True
