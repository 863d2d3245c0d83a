"""command line -> the library. ``python -m assistant --help`` lists the commands.

Standard output carries results only; progress, logs and errors go to standard error.
Exit 0: done. 1: found fault. 2: usage or bad input.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from assistant import __version__, measuring
from assistant.errors import AssistantError, BadInput, QuestionError
from assistant.measuring import ENCODER_HELP, ENCODERS, QUESTIONS
from assistant.schema import Answer
from assistant.terminal import print_json, progress_bar, say, sentence, whole_number

CORPUS, INDEX = Path("corpus"), Path("index")
MOST_CITATIONS = 100


class Parser(argparse.ArgumentParser):
    """Usage errors are one sentence, like all others."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}. Try `{self.prog} --help`.", file=sys.stderr)
        raise SystemExit(2)


def parser() -> argparse.ArgumentParser:
    top = Parser(prog="python -m assistant", description="Cited passages about ketamine, word for word.")
    top.add_argument("--version", action="version", version=__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        made.add_argument("--index", type=Path, default=INDEX, help="index folder (default: %(default)s)")
        return made

    build = command("build", _build, "Build the index from a corpus folder and publish it.")
    build.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder (default: %(default)s)")
    build.add_argument("--force", action="store_true", help="build anew even if nothing changed")
    build.add_argument("--nearest", choices=("flat", "codes"), help="kind of index (default: flat up to 100,000 passages, then "
                       "codes; docs/scaling.md)")
    build.add_argument("--gate", action="store_true",
                       help="ask judged questions of the new index and the published one; publish only if it is no worse")
    build.add_argument("--questions", type=Path, default=QUESTIONS, help="with --gate: JSON Lines (default: %(default)s)")
    build.add_argument("--model", help="another sentence-transformers model: a folder or a hub id in the local cache")
    build.add_argument("--json", action="store_true", help="print the result as JSON")

    command("rollback", _rollback, "Publish the generation before the published one again. Exit 2 when there is none.")

    check = command("check", _check, "Check corpus and index; needs no model. Exit 1 on any fault.")
    check.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder (default: %(default)s)")
    check.add_argument("--against", type=Path, metavar="FOLDER",
                       help="other people's texts: 12 words in a row shared with them are a fault")
    check.add_argument("--json", action="store_true", help="print the result as JSON")

    ask = command("ask", _ask, "Answer one question, or a file of questions.")
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--from", dest="file", type=Path, help='JSON Lines: one {"id", "question"} a line')
    ask.add_argument("-k", type=_count, default=3, help="most citations (default: %(default)s)")
    ask.add_argument("--json", action="store_true", help="print answers as JSON, one a line with --from")
    ask.add_argument("--encoder", choices=ENCODERS, default=ENCODERS[0], help=ENCODER_HELP)
    ask.add_argument("--ranked", action="store_true", help="add the k best hits before any rule of display")

    measuring.add_options(command("eval", measuring.run, measuring.ABOUT))

    verify = command("verify", _verify, "Say whether the words of a receipt still stand. Exit 0: in the corpus. 1: only in "
                                        "a kept generation. 2: nowhere, or no receipt.")
    verify.add_argument("receipt", help='"receipt" of a citation: source#start-end@sha256')
    verify.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder (default: %(default)s)")
    verify.add_argument("--json", action="store_true", help="print the result as JSON")

    engine = command("engine", _engine, "Publish the index into a PostgreSQL database with pgvector, take it back there, "
                                        "or search there.")
    engine.add_argument("action", choices=("publish", "rollback", "search"))
    engine.add_argument("question", nargs="?", help="with search")
    engine.add_argument("--database", default=os.environ.get("ASSISTANT_DATABASE", ""),
                        help="connection string (default: the variable ASSISTANT_DATABASE)")
    engine.add_argument("-k", type=_count, default=10, help="most passages (default: %(default)s)")
    engine.add_argument("--source", action="append", default=[], help="search only this source; may be repeated")
    engine.add_argument("--kind", action="append", default=[], help="search only this kind of source; may be repeated")
    engine.add_argument("--json", action="store_true", help="print the result as JSON")

    serve = command("serve", _serve, "Show the answer page.")
    serve.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder (default: %(default)s)")
    serve.add_argument("--encoder", choices=ENCODERS, default=ENCODERS[0], help=ENCODER_HELP)
    serve.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default: 7860)")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; an expected error is one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except AssistantError as error:
        print(sentence(error), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"{error.filename or 'A file'} cannot be used: {error.strerror}.", file=sys.stderr)
        return 1


def _count(text: str) -> int:
    return whole_number(text, MOST_CITATIONS)


def _build(options: argparse.Namespace) -> int:
    from assistant.building import build_index
    from assistant.embedding import PACKAGED

    model = options.model or os.environ.get("ASSISTANT_MODEL") or PACKAGED
    with progress_bar("Reading the sources") as progress, progress_bar("Asking") as asking:
        gate = None
        if options.gate:
            from assistant import gating

            gate = gating.gate(options.questions, say, asking)
        result = build_index(options.corpus, options.index, model=model, force=options.force, progress=progress,
                             log=say, gate=gate, nearest=options.nearest)
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


def _rollback(options: argparse.Namespace) -> int:
    from assistant.retention import rollback

    name, left = rollback(options.index)
    print(f"Published {name} again." + (f" {left} stays in the folder, out of service." if left else ""))
    return 0


def _check(options: argparse.Namespace) -> int:
    from assistant.checking import check

    findings = check(options.corpus, options.index, against=options.against, questions=QUESTIONS)
    faults = [finding for finding in findings if finding.level == "error"]
    if options.json:
        print_json({"ok": not faults, "findings": [finding.to_json() for finding in findings]})
    else:
        for finding in findings:
            print(finding)
        print(f"{len(faults)} faults, {len(findings) - len(faults)} warnings.")
    return 1 if faults else 0


def _ask(options: argparse.Namespace) -> int:
    if (options.question is None) == (options.file is None):
        raise BadInput("Give either one question or --from FILE.jsonl.")
    from assistant.answering import Assistant, refuse, screen
    from assistant.corpus import SHIPPED, read_texts

    records = list(_records(options.file)) if options.file else [("1", options.question)]
    try:
        assistant = Assistant.open_with(options.index, options.encoder)
    except AssistantError as error:  # urgent cards and the notice need no index: they are shown all the same
        texts = read_texts(SHIPPED)
        for key, question in records:
            _show(key, screen(question, texts) or refuse(question, texts, sentence(error)), options)
        raise
    code = 0
    for key, question in records:
        try:
            answer = assistant.ask(question, options.k, options.k if options.ranked else 0)
        except QuestionError as error:
            answer = refuse(question, assistant.texts, sentence(error))
            if not options.file:
                say(sentence(error))
                code = 2
        except Exception as error:  # the notice, and a card if need be, whatever failed
            say(f"A question could not be answered: {type(error).__name__}.")
            texts = assistant.texts
            answer = screen(question, texts) or refuse(question, texts, "Something went wrong. Please try again.")
            code = 1
        _show(key, answer, options)
    return code


def _records(path: Path) -> Iterator[tuple[Any, str]]:
    from assistant.evaluation import json_lines

    for number, record in json_lines(path):
        if not isinstance(record.get("question"), str):
            raise BadInput(f"{path}, line {number}: there is no 'question'.")
        yield record.get("id", str(number)), record["question"]


def _show(key: Any, answer: Answer, options: argparse.Namespace) -> None:
    if not options.json:
        print(answer, end="\n\n" if options.file else "\n")
        return
    record = {"id": key, **answer.to_json()}
    if options.ranked:
        record["ranked"] = [citation.to_json() for citation in answer.ranked]
    print_json(record)


def _verify(options: argparse.Namespace) -> int:
    from assistant.receipts import check_receipt

    found = check_receipt(options.receipt, options.corpus, options.index)
    if options.json:
        print_json(found.to_json())
    else:
        print(found.sentence)
    return found.exit_code


def _engine(options: argparse.Namespace) -> int:
    from assistant.engine import Engine
    from assistant.index import Index

    if not options.database:
        raise BadInput("Name the database with --database or ASSISTANT_DATABASE.")
    if (options.action == "search") != (options.question is not None):
        raise BadInput("A question goes with `engine search`, and only there.")
    engine = Engine(options.database)
    if options.action == "publish":
        name = engine.publish(Index.open(options.index, load_encoder=False))
        print_json({"published": name}) if options.json else print(f"Published {name} in the database.")
    elif options.action == "rollback":
        name, left = engine.rollback()
        print_json({"published": name, "left": left}) if options.json else print(f"Published {name} again in the database.")
    else:
        for hit in engine.search_with(Index.open(options.index), options.question, options.k, options.source, options.kind):
            if options.json:
                print_json(asdict(hit))
            else:
                print(f'{hit.rank}. "{hit.exact}"\n   {hit.source_id} · {hit.heading}\n')
    return 0


def _serve(options: argparse.Namespace) -> int:
    from assistant import web

    web.serve(options.index, options.corpus, options.host, options.port, encoder=options.encoder)
    return 0
