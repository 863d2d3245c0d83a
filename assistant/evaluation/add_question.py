"""a real question, the words that answer it -> one more line of an evaluation set.

The words must stand in a source, white space apart, because a judged quote that nobody can find counts as lost.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.errors import BadInput
from assistant.evaluation.judgments import read_questions
from assistant.schema import Source
from assistant.screening.labels import ANSWERABLE

SHORTEST, LONGEST = 3, 2_000  # words of a quote; characters of a question
SPLIT = "dev"  # a miss that somebody saw may be learnt from, so it is no test
_writing = threading.Lock()


def add_question(path: Path, sources: Iterable[Source], question: str, quote: str = "", source_id: str = "", group: str = "",
                 split: str = SPLIT) -> dict[str, Any]:
    """Append one question and return its record. ``group``: why nothing answers it; then there is no quote.

    Raises BadInput: no question, asked before, words that stand in no source or in several, or too few of them.
    """
    question = " ".join(question.split())
    if not re.search(r"\w", question) or len(question) > LONGEST:
        raise BadInput(f"There is no question, or one of more than {LONGEST} characters: write it as the person typed it.")
    if bool(quote.strip()) == bool(group):
        raise BadInput("Give either the words that answer (--quote) or why nothing does (--nothing).")
    judged = [] if group else [_found(list(sources), quote, source_id)]
    with _writing:
        known = read_questions(path) if path.is_file() and path.read_text("utf-8").strip() else ()
        again = next((other.id for other in known if other.question.casefold() == question.casefold()), None)
        if again:
            raise BadInput(f"{path} has this question already, as {again}: change that line instead.")
        numbers = [int(numbered[1]) for other in known if (numbered := re.fullmatch(r"e-(\d+)", other.id))]
        record = {"id": f"e-{max(numbers, default=0) + 1:03}", "question": question, "split": split,
                  **({"group": group, "judgments": []} if group else {"group": ANSWERABLE, "judgments": judged})}
        path.parent.mkdir(parents=True, exist_ok=True)
        ends_open = path.is_file() and path.stat().st_size and not path.read_bytes().endswith(b"\n")
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(("\n" if ends_open else "") + json.dumps(record, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return record


def _found(sources: list[Source], quote: str, source_id: str) -> dict[str, str]:
    """The judgment, with the words as the source has them."""
    words = quote.split()
    if len(words) < SHORTEST:
        raise BadInput(f"The quote has {len(words)} words: copy at least {SHORTEST}, so that it is found in one place.")
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    places = [(source.id, match[0]) for source in sources
              if source_id in ("", source.id) and (match := pattern.search(source.text))]
    if not places:
        where = f"in {source_id}" if source_id else "in any source"
        raise BadInput(f"These words do not stand {where}: copy them from the source page, letter by letter.")
    if len(places) > 1:
        raise BadInput(f"These words stand in {' and in '.join(name for name, _ in places)}: name one with --source.")
    return {"source_id": places[0][0], "quote": " ".join(places[0][1].split())}
