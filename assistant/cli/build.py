"""the options of `build` -> an index of a corpus folder, published; with judged questions, only if it answers no worse."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.options import MODEL_HELP, QUESTIONS, add_corpus, add_json, whole_number
from assistant.cli.terminal import print_json, progress_bar, say
from assistant.errors import BadInput

if TYPE_CHECKING:
    from assistant.index.encoder import Encoder
    from assistant.indexing.build import Gate

ABOUT = "Build the index from a corpus folder and publish it."
MOST_WORKERS = 1_000


def add_options(command: argparse.ArgumentParser) -> None:
    add_corpus(command)
    command.add_argument("--force", action="store_true", help="build anew even if nothing changed")
    command.add_argument("--nearest", choices=("flat", "codes"), help="kind of index (default: flat up to 100,000 passages, then "
                         "codes; docs/scaling.md)")
    command.add_argument("--gate", action=argparse.BooleanOptionalAction, default=None,
                         help="ask judged questions of the new index and the published one; publish only if it is no worse (by "
                         "default: some of them, where the corpus folder brings questions.jsonl)")
    command.add_argument("--questions", type=Path, help="judged questions for the gate, JSON Lines (default: questions.jsonl of "
                         f"the corpus folder, {QUESTIONS} for the shipped one)")
    command.add_argument("--model", help=MODEL_HELP)
    command.add_argument("--workers", type=whole_number(MOST_WORKERS), help="embed with so many processes, each with a model of "
                         "its own (extra `cluster`; docs/scaling.md)")
    command.add_argument("--cluster", metavar="ADDRESS", help="with --workers: start them on this Ray cluster, which this "
                         "machine belongs to (default: on this machine)")
    add_json(command)


def run(options: argparse.Namespace) -> int:
    from assistant.index.encoder import PACKAGED
    from assistant.indexing.build import build_index

    model = options.model or os.environ.get("ASSISTANT_MODEL") or PACKAGED
    with (_workers(options, model) as workers, progress_bar("Reading the sources") as progress,
          progress_bar("Asking") as asking):
        gate = _gate(options, asking) if options.gate is not False else None
        result = build_index(options.corpus, options.index, model=model, encoder=workers, force=options.force,
                             progress=progress, log=say, gate=gate, nearest=options.nearest)
    if options.json:
        print_json(result.to_json())
        if not result.published:
            say(result.reason)
    elif result.published:
        print(f"Published {result.generation}: {result.passages} passages of {result.sources} sources, "
              f"{result.embedded} texts embedded, {result.reused} reused.")
    else:
        print(result.reason)
    return 0


def _gate(options: argparse.Namespace, progress: Callable[[int, int], None]) -> Gate | None:
    """All questions where the gate was asked for; else some, where there are any."""
    from assistant.corpus.files import SHIPPED
    from assistant.evaluation.gate import SAMPLE, gate, judged_for

    questions = options.questions or judged_for(options.corpus, SHIPPED, QUESTIONS)
    if options.gate:
        return gate(questions or QUESTIONS, say, progress)
    return gate(questions, say, progress, SAMPLE) if questions else None


def _workers(options: argparse.Namespace, model: str) -> AbstractContextManager[Encoder | None]:
    """The processes that were asked for; None for this one alone."""
    if options.workers is None:
        if options.cluster is not None:
            raise BadInput("--cluster needs --workers: say how many processes to start there.")
        return nullcontext()
    from assistant.index.encoder_ray import DistributedEncoder

    return DistributedEncoder.of_model(model, options.workers, options.cluster)
