"""Each part of ranking and decision on and off, side by side in one run.

    python benchmarks/ablation.py [--index index] [--questions FILE ...] [--messages eval/messages.jsonl] [--report test blind]

For every variant the decision is fitted anew on the dev messages, then hit@1, hit@3, MRR@10, the share answered and the false
answers are taken on the splits --report, by whether the passages answer alone. Nothing is fitted on what is reported.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from assistant.answering import decision, ranking
from assistant.answering.assistant import Assistant
from assistant.answering.decision import Head
from assistant.corpus.editorial import Glossary
from assistant.evaluation import calibration, confusion
from assistant.evaluation.judgments import Question, is_right, read_questions, with_words
from assistant.screening.labels import ANSWERABLE

Switch = Callable[[Assistant], object]


def weight(name: str, value: float) -> Switch:
    return lambda _: patch.object(ranking, name, value)


VARIANTS: dict[str, tuple[Switch, ...]] = {
    "all parts": (),
    "without learnt sections in the search": (weight("LEARNT_WEIGHT", 0.0),),
    "without the network": (lambda assistant: patch.object(assistant._index, "network", None),),
    "without glossary": (lambda assistant: patch.object(assistant._index, "glossary", Glossary()),),
    "without MaxSim": (weight("MAXSIM_WEIGHT", 0.0),),
    "without best sentence": (weight("SENTENCE_WEIGHT", 0.0),),
    "without keywords": (weight("BESIDE_LEARNT_BM25_WEIGHT", 0.0),),
    "dense passages alone": (weight("LEARNT_WEIGHT", 0.0), weight("MAXSIM_WEIGHT", 0.0), weight("SENTENCE_WEIGHT", 0.0),
                             weight("BESIDE_LEARNT_BM25_WEIGHT", 0.0),
                             lambda assistant: patch.object(assistant._index, "glossary", Glossary())),
}


@contextmanager
def switched(assistant: Assistant, switches: tuple[Switch, ...]) -> Iterator[None]:
    if not switches:
        yield
        return
    with switches[0](assistant), switched(assistant, switches[1:]):  # type: ignore[attr-defined]
        yield


def measure(assistant: Assistant, tables: dict[str, dict[str, Head]], questions: list[Question]) -> dict[str, float]:
    ranks: list[int] = []
    answered: dict[str, list[bool]] = {}
    for question in questions:
        hits, _ = assistant.hits(question.question, 10)
        with patch.multiple(decision, **tables):
            sure = decision.probabilities(assistant.figures(question.question))["answer"]
        answered.setdefault(question.group, []).append(sure >= decision.CUTS.answered)
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
    parser.add_argument("--messages", type=Path, default=Path("eval") / confusion.FILE)
    parser.add_argument("--report", nargs="+", default=["test", "blind"])
    options = parser.parse_args()
    assistant = Assistant.open(options.index)
    questions = with_words([item for file in options.questions for item in read_questions(file)], assistant.sources)
    report = [item for item in questions if item.group != "refused" and item.split in options.report]
    messages = [case for case in confusion.read_cases(options.messages) if case.split == "dev"]
    print(f"{len(messages)} messages to fit on, {len(report)} questions reported ({', '.join(options.report)}), "
          f"{assistant.generation}\n")
    for number, (name, switches) in enumerate(VARIANTS.items()):
        with switched(assistant, switches):
            tables = {"HEADS": calibration.fit([(case.group, assistant.figures(case.text)) for case in messages])}
            row = measure(assistant, tables, report)
        if not number:
            print("| | " + " | ".join(row) + " |\n|---|" + "---|" * len(row))
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in row.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
