"""options of ``add-question`` -> one more line of an evaluation set, printed."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.cli.options import QUESTIONS, add_corpus, add_json
from assistant.cli.terminal import print_json
from assistant.screening.labels import UNANSWERABLE

ABOUT = ("Turn a real miss into an evaluation question: the question as it was typed, and the words of a source that answer it "
         "(or --nothing).")


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("question", help="the question, as the person typed it")
    command.add_argument("--quote", default="", help="the words that answer it, copied from a source")
    command.add_argument("--source", default="", metavar="ID", help="the source that they stand in; only needed when several do")
    command.add_argument("--nothing", default="", choices=("", *UNANSWERABLE), metavar="WHY",
                         help=f"nothing in the corpus answers it: {', '.join(UNANSWERABLE)}")
    command.add_argument("--split", default="dev", choices=("dev", "test"), help="dev may be learnt from (default: %(default)s)")
    add_corpus(command)
    command.add_argument("--questions", type=Path, default=QUESTIONS, help="the set to add to (default: %(default)s)")
    add_json(command, "new line")


def run(options: argparse.Namespace) -> int:
    from assistant.corpus.reader import read_corpus
    from assistant.evaluation.add_question import add_question

    record = add_question(options.questions, read_corpus(options.corpus).sources, options.question, options.quote, options.source,
                          options.nothing, options.split)
    if options.json:
        print_json(record)
    else:
        print(f"Added {record['id']} to {options.questions}. `python -m assistant eval` says how it does.")
    return 0
