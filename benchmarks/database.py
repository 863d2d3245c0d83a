"""an index in a database beside the folder that it was published from -> how alike answers are, and what the way there costs.

    python benchmarks/database.py postgresql://user@host/name

To be run on the machine that built it last, with nothing published from elsewhere or rolled back since.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant.answering.assistant import Assistant
from assistant.cli.evaluate import QUESTIONS
from assistant.evaluation.judgments import read_questions
from assistant.index.stores.postgres.connection import Database
from assistant.indexing.build import BUILT
from assistant.schema import Answer

COUNT, RANKED = 200, 10


def timed(assistant: Assistant, question: str) -> tuple[Answer, float]:
    start = time.perf_counter()
    return assistant.ask(question, 3, RANKED), 1000 * (time.perf_counter() - start)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("address")
    place = Database(options.parse_args().address)
    reads = [0]
    rows = place.rows

    def counted(*arguments: Any, **more: Any) -> list[tuple[Any, ...]]:
        reads[0] += 1
        return rows(*arguments, **more)

    place.rows = counted  # type: ignore[method-assign]
    database, folder = Assistant.open(place), Assistant.open(place.folder() / BUILT)
    if database.generation != folder.generation:
        sys.exit(f"{place} has {database.generation}, this machine built {folder.generation} last: build again first.")
    questions = [item.question for item in read_questions(QUESTIONS)]
    random.Random(1).shuffle(questions)
    questions = questions[:COUNT]
    for question in questions[:5]:
        database.ask(question), folder.ask(question)
    reads[0] = 0
    there, here = zip(*((timed(database, question), timed(folder, question)) for question in questions), strict=True)
    pairs = [(one, other) for (one, _), (other, _) in zip(there, here, strict=True)]
    print(f"{len(questions)} questions, {database.generation}")
    print(f"same status            {sum(one.status == other.status for one, other in pairs)}")
    print(f"same citations         {sum(one.citations == other.citations for one, other in pairs)}, scores included")
    print(f"same words shown       {sum(words(one.citations) == words(other.citations) for one, other in pairs)}")
    print(f"same ten best          {sum(words(one.ranked) == words(other.ranked) for one, other in pairs)}")
    print(f"ask, ms p50            {statistics.median(ms for _, ms in there):.1f} database, "
          f"{statistics.median(ms for _, ms in here):.1f} folder")
    print(f"reads a question       {reads[0] / len(questions):.1f}")


def words(citations: Any) -> list[str]:
    return [cited.receipt for cited in citations]


if __name__ == "__main__":
    main()
