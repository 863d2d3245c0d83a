"""arguments -> the command that they name -> its exit code. ``python -m assistant --help`` lists the commands.

Standard output carries results only; progress, logs and errors go to standard error.
Exit 0: done. 1: found fault. 2: usage or bad input.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from assistant import __version__
from assistant.cli import add_question, ask, build, evaluate, ingest
from assistant.cli.options import INDEX, MODEL_HELP, QUESTIONS, add_corpus, add_encoder, add_json
from assistant.cli.terminal import print_json, progress_bar, say, sentence
from assistant.errors import AssistantError, BadInput

if TYPE_CHECKING:
    from assistant.index.location import Place


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
        subparser = commands.add_parser(name, help=text, description=text)
        subparser.set_defaults(run=run)
        subparser.add_argument("--index", type=_place, default=INDEX, help="index folder, or a PostgreSQL database with "
                               "pgvector: postgresql://user@host/name (default: %(default)s)")
        return subparser

    build.add_options(command("build", build.run, build.ABOUT))

    fit = command("fit", _fit, "Train the weights of the screens on written messages (minutes; needs torch).")
    add_corpus(fit, "corpus folder with the messages")
    fit.add_argument("--into", type=Path, help="folder of the weights (default: weights/ in the corpus folder)")
    fit.add_argument("--model", help=MODEL_HELP)
    add_json(fit, "report")

    command("rollback", _rollback, "Publish the generation before the published one again. Exit 2 when there is none.")

    check = command("check", _check, "Check corpus and index; needs no model. Exit 1 on any fault.")
    add_corpus(check)
    check.add_argument("--against", type=Path, metavar="FOLDER",
                       help="other people's texts: 12 words in a row shared with them are a fault")
    add_json(check)

    ask.add_options(command("ask", ask.run, ask.ABOUT))
    evaluate.add_options(command("eval", evaluate.run, evaluate.ABOUT))
    add_question.add_options(command("add-question", add_question.run, add_question.ABOUT))
    ingest.add_options(command("import", ingest.run, ingest.ABOUT))

    verify = command("verify", _verify, "Say whether the words of a receipt still stand. Exit 0: in the corpus. 1: only in "
                                        "a kept generation. 2: nowhere, or no receipt.")
    verify.add_argument("receipt", help='"receipt" of a citation: source#start-end@sha256')
    add_corpus(verify)
    add_json(verify)

    export = command("export-static", _export, "Write a book of answers in plain HTML files, without a script or a server.")
    export.add_argument("folder", type=Path, help="folder to write; replaced only if this command wrote it")
    add_corpus(export, "corpus folder with site.toml")
    add_json(export)

    add_corpus(command("mcp", _mcp, "Offer search_passages and open_source to other assistants (Model Context Protocol, on "
                                    "standard input and output)."), "corpus folder, for the notice")

    serve = command("serve", _serve, "Show the answer page.")
    add_corpus(serve)
    add_encoder(serve)
    serve.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--watch", action="store_true", help="build again whenever a source is changed, and show it")
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


def _place(text: str) -> Place:
    from assistant.index.location import located

    try:
        return located(text)
    except BadInput as error:
        raise argparse.ArgumentTypeError(sentence(error)) from None


def _fit(options: argparse.Namespace) -> int:
    from assistant.index.encoder import PACKAGED
    from assistant.indexing.fit import fit

    model = options.model or os.environ.get("ASSISTANT_MODEL") or PACKAGED
    with progress_bar("Reading the messages") as reading, progress_bar("Training") as training:
        report = fit(options.corpus, options.into, model=model, progress=reading, training_progress=training)
    if options.json:
        print_json(report)
    else:
        for name, columns in report["figures"].items():
            print(name, *(f"  {column}: " + ", ".join(f"{label} {value}" for label, value in figures.items())
                          for column, figures in columns.items()), sep="\n")
        print(f"Wrote {report['bytes']:,} bytes to {options.into or options.corpus / 'weights'}.")
    return 0


def _rollback(options: argparse.Namespace) -> int:
    from assistant.index import retention
    from assistant.index.stores.postgres import publish

    in_folder = isinstance(options.index, Path)
    name, left = retention.rollback(options.index) if in_folder else publish.rollback(options.index)
    print(f"Published {name} again." + (f" {left} stays in the {'folder' if in_folder else 'database'}, out of service." if left
                                        else ""))
    return 0


def _check(options: argparse.Namespace) -> int:
    from assistant.corpus.lint.rules import lines_for_people
    from assistant.indexing.check import check

    findings = check(options.corpus, options.index, against=options.against, questions=QUESTIONS)
    faults = [finding for finding in findings if finding.level == "error"]
    if options.json:
        print_json({"ok": not faults, "findings": [finding.to_json() for finding in findings]})
    else:
        for line in lines_for_people(findings, 3):
            print(line)
        print(f"{len(faults)} faults, {len(findings) - len(faults)} warnings.")
    return 1 if faults else 0


def _verify(options: argparse.Namespace) -> int:
    from assistant.answering.receipts import check_receipt

    standing = check_receipt(options.receipt, options.corpus, options.index)
    if options.json:
        print_json(standing.to_json())
    else:
        print(standing.sentence)
    return standing.exit_code


def _export(options: argparse.Namespace) -> int:
    from assistant.server.web.static_export import write_book

    written = write_book(options.index, options.corpus, options.folder)
    if written.stale:
        say(f"The corpus is newer than the index ({', '.join(written.stale[:5])}): the book has the published texts. Run "
            "`python -m assistant build`, then export again.")
    if options.json:
        print_json(asdict(written) | {"folder": str(options.folder), "stale": list(written.stale)})
    else:
        print(f"Wrote {options.folder}: {written.pages} pages, {written.citations} passages, {written.questions} questions of "
              f"{written.generation}. Open {options.folder / 'index.html'} in a browser.")
    return 0


def _mcp(options: argparse.Namespace) -> int:
    from assistant.server import mcp_server

    mcp_server.serve(options.index, options.corpus)
    return 0


def _serve(options: argparse.Namespace) -> int:
    from assistant.indexing.watch import CorpusWatcher
    from assistant.server.web import page

    with CorpusWatcher(options.index, options.corpus) if options.watch else nullcontext():
        page.serve(options.index, options.corpus, options.host, options.port, encoder=options.encoder)
    return 0
