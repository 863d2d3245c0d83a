"""options of ``add-question`` -> one more line of an evaluation set, printed."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.cli.terminal import print_json
from assistant.evaluation.add_question import GROUPS, SPLIT, add_question

ABOUT = ("Turn a real miss into an evaluation question: the question as it was typed, and the words of a source that answer it "
         "(or --nothing).")


def add_options(command: argparse.ArgumentParser, corpus: Path, questions: Path) -> None:
    command.add_argument("question", help="the question, as the person typed it")
    command.add_argument("--quote", default="", help="the words that answer it, copied from a source")
    command.add_argument("--source", default="", metavar="ID", help="the source that they stand in; only needed when several do")
    command.add_argument("--nothing", default="", choices=("", *GROUPS), metavar="WHY",
                         help=f"nothing in the corpus answers it: {', '.join(GROUPS)}")
    command.add_argument("--split", default=SPLIT, choices=("dev", "test"), help="dev may be learnt from (default: %(default)s)")
    command.add_argument("--corpus", type=Path, default=corpus, help="corpus folder (default: %(default)s)")
    command.add_argument("--questions", type=Path, default=questions, help="the set to add to (default: %(default)s)")
    command.add_argument("--json", action="store_true", help="print the new line as JSON")


def run(options: argparse.Namespace) -> int:
    from assistant.corpus.reader import read_corpus

    record = add_question(options.questions, read_corpus(options.corpus).sources, options.question, options.quote, options.source,
                          options.nothing, options.split)
    if options.json:
        print_json(record)
    else:
        print(f"Added {record['id']} to {options.questions}. `python -m assistant eval` says how it does.")
    return 0
