"""Each part of ranking and confidence on and off, side by side in one run.

    python benchmarks/ablation.py [--index index] [--questions FILE ...] [--fit dev] [--report test blind]

For every variant the confidence is fitted anew on the split --fit (nine in ten of its answerable questions stay answered),
then hit@1, hit@3, MRR@10, the share answered and the false answers are taken on the splits --report. A refused or urgent
message is left out: rules decide those. Nothing is fitted on what is reported.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from assistant import confidence, ranking
from assistant.answering import Assistant
from assistant.editorial import Glossary
from assistant.evaluation import calibrate, is_right, read_questions, with_words
from assistant.schema import ANSWERABLE, Question

Switch = Callable[[Assistant], object]


def weight(name: str, value: float) -> Switch:
    return lambda _: patch.object(ranking, name, value)


VARIANTS: dict[str, tuple[Switch, ...]] = {
    "all parts": (),
    "without coverage": (lambda assistant: patch.object(assistant._index, "coverage", None),),
    "without asked-as questions in the search": (weight("ASKED_WEIGHT", 0.0),),
    "without glossary": (lambda assistant: patch.object(assistant._index, "glossary", Glossary()),),
    "without MaxSim": (weight("MAXSIM_WEIGHT", 0.0),),
    "without best sentence": (weight("SENTENCE_WEIGHT", 0.0),),
    "without keywords": (weight("BM25_WEIGHT", 0.0),),
    "dense passages alone": (weight("ASKED_WEIGHT", 0.0), weight("MAXSIM_WEIGHT", 0.0), weight("SENTENCE_WEIGHT", 0.0),
                             weight("BM25_WEIGHT", 0.0),
                             lambda assistant: patch.object(assistant._index, "glossary", Glossary()),
                             lambda assistant: patch.object(assistant._index, "coverage", None)),
}


@contextmanager
def switched(assistant: Assistant, switches: tuple[Switch, ...]) -> Iterator[None]:
    if not switches:
        yield
        return
    with switches[0](assistant), switched(assistant, switches[1:]):  # type: ignore[attr-defined]
        yield


def measure(assistant: Assistant, fitted: tuple[float, dict[str, float]], questions: list[Question]) -> dict[str, float]:
    bias, weights = fitted
    ranks: list[int] = []
    answered: dict[str, list[bool]] = {}
    for question in questions:
        hits, evidence = assistant.hits(question.question, 10)
        logit = bias + sum(weights[name] * getattr(evidence, name) for name in confidence.FEATURES)
        answered.setdefault(question.group, []).append(1 / (1 + math.exp(-logit)) >= confidence.ANSWERED)
        if question.judgments:
            ranks.append(next((hit.rank for hit in hits if any(
                is_right(hit.passage.source_id, hit.passage.text, judgment) for judgment in question.judgments)), 0))
    row = {"hit@1": sum(rank == 1 for rank in ranks) / len(ranks), "hit@3": sum(1 <= rank <= 3 for rank in ranks) / len(ranks),
           "MRR@10": sum(1 / rank for rank in ranks if rank) / len(ranks)}
    return row | {name: sum(answered[group]) / len(answered[group]) for name, group in (
        ("answered", ANSWERABLE), ("near miss", "near_miss"), ("other health", "other_health"), ("off topic", "off_topic"))
        if group in answered}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--index", type=Path, default=Path("index"))
    parser.add_argument("--questions", type=Path, nargs="+", default=[Path("eval/questions.jsonl")])
    parser.add_argument("--fit", nargs="+", default=["dev"])
    parser.add_argument("--report", nargs="+", default=["test", "blind"])
    options = parser.parse_args()
    assistant = Assistant.open(options.index)
    questions = with_words([item for file in options.questions for item in read_questions(file)], assistant.sources)
    asked = [item for item in questions if item.group != "refused"]
    fit, report = ([item for item in asked if item.split in splits] for splits in (options.fit, options.report))
    print(f"{len(fit)} questions to fit on ({', '.join(options.fit)}), {len(report)} reported ({', '.join(options.report)}), "
          f"{assistant.generation}\n")
    for number, (name, switches) in enumerate(VARIANTS.items()):
        with switched(assistant, switches):
            row = measure(assistant, calibrate(assistant, fit), report)
        if not number:
            print("| | " + " | ".join(row) + " |\n|---|" + "---|" * len(row))
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in row.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
