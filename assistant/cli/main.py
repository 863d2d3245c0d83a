"""command line -> the library. ``python -m assistant --help`` lists the commands.

Standard output carries results only; progress, logs and errors go to standard error.
Exit 0: done. 1: found fault. 2: usage or bad input.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from assistant import __version__
from assistant.answering.citation_formats import FORMS
from assistant.cli import add_question, evaluate, ingest
from assistant.cli import ask as asking
from assistant.cli.evaluate import ENCODER_HELP, ENCODERS, QUESTIONS
from assistant.cli.terminal import print_json, progress_bar, say, sentence, whole_number
from assistant.errors import AssistantError, BadInput
from assistant.index.stores.postgres.connection import Engine, Place, located

if TYPE_CHECKING:
    from assistant.index.encoder import Encoder
    from assistant.indexing.build import Gate

CORPUS, INDEX = Path("corpus"), Path("index")
MOST_CITATIONS, MOST_WORKERS = 100, 1_000


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
        made.add_argument("--index", type=_place, default=INDEX, help="index folder, or a PostgreSQL database with pgvector: "
                          "postgresql://user@host/name (default: %(default)s)")
        return made

    build = command("build", _build, "Build the index from a corpus folder and publish it.")
    build.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder (default: %(default)s)")
    build.add_argument("--force", action="store_true", help="build anew even if nothing changed")
    build.add_argument("--nearest", choices=("flat", "codes"), help="kind of index (default: flat up to 100,000 passages, then "
                       "codes; docs/scaling.md)")
    build.add_argument("--gate", action=argparse.BooleanOptionalAction, default=None,
                       help="ask judged questions of the new index and the published one; publish only if it is no worse (by "
                       "default: some of them, where the corpus folder brings questions.jsonl)")
    build.add_argument("--questions", type=Path, help="judged questions for the gate, JSON Lines (default: questions.jsonl of "
                       f"the corpus folder, {QUESTIONS} for the shipped one)")
    build.add_argument("--model", help="another sentence-transformers model: a folder or a hub id in the local cache")
    build.add_argument("--workers", type=_workers, help="embed with so many processes, each with a model of its own (extra "
                       "`cluster`; docs/scaling.md)")
    build.add_argument("--cluster", metavar="ADDRESS", help="with --workers: start them on this Ray cluster, which this machine "
                       "belongs to (default: on this machine)")
    build.add_argument("--json", action="store_true", help="print the result as JSON")

    fit = command("fit", _fit, "Train the weights of the screens and of the coverage on written messages (minutes; needs torch).")
    fit.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder with the messages (default: %(default)s)")
    fit.add_argument("--into", type=Path, help="folder of the weights (default: weights/ in the corpus folder)")
    fit.add_argument("--model", help="another sentence-transformers model: a folder or a hub id in the local cache")
    fit.add_argument("--json", action="store_true", help="print the report as JSON")

    command("rollback", _rollback, "Publish the generation before the published one again. Exit 2 when there is none.")

    check = command("check", _check, "Check corpus and index; needs no model. Exit 1 on any fault.")
    check.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder (default: %(default)s)")
    check.add_argument("--against", type=Path, metavar="FOLDER",
                       help="other people's texts: 12 words in a row shared with them are a fault")
    check.add_argument("--json", action="store_true", help="print the result as JSON")

    ask = command("ask", asking.run, "Answer one question, or a file of questions.")
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--from", dest="file", type=Path,
                     help='JSON Lines: one {"id", "question"} a line; or plain text, one question a line')
    ask.add_argument("-k", type=_count, default=3, help="most citations (default: %(default)s)")
    ask.add_argument("--json", action="store_true", help="print answers as JSON, one a line with --from")
    ask.add_argument("--encoder", choices=ENCODERS, default=ENCODERS[0], help=ENCODER_HELP)
    ask.add_argument("--source", action="append", default=[], help="with a database: search only this source; may be repeated")
    ask.add_argument("--kind", action="append", default=[], help="with a database: search only this kind of source; may be "
                     "repeated")
    ask.add_argument("--ranked", action="store_true", help="add the k best hits before any rule of display")
    ask.add_argument("--cite", choices=FORMS, help="print the citations in this form; all else goes to standard error")

    evaluate.add_options(command("eval", evaluate.run, evaluate.ABOUT))

    add_question.add_options(command("add-question", add_question.run, add_question.ABOUT), CORPUS, QUESTIONS)
    ingest.add_options(command("import", ingest.run, ingest.ABOUT), CORPUS)

    verify = command("verify", _verify, "Say whether the words of a receipt still stand. Exit 0: in the corpus. 1: only in "
                                        "a kept generation. 2: nowhere, or no receipt.")
    verify.add_argument("receipt", help='"receipt" of a citation: source#start-end@sha256')
    verify.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder (default: %(default)s)")
    verify.add_argument("--json", action="store_true", help="print the result as JSON")

    export = command("export-static", _export, "Write a book of answers in plain HTML files, without a script or a server.")
    export.add_argument("folder", type=Path, help="folder to write; replaced only if this command wrote it")
    export.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder with site.toml (default: %(default)s)")
    export.add_argument("--json", action="store_true", help="print the result as JSON")
    lend = command("mcp", _mcp, "Offer search_passages and open_source to other assistants (Model Context Protocol, on "
                               "standard input and output).")
    lend.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder, for the notice (default: %(default)s)")

    serve = command("serve", _serve, "Show the answer page.")
    serve.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder (default: %(default)s)")
    serve.add_argument("--encoder", choices=ENCODERS, default=ENCODERS[0], help=ENCODER_HELP)
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


def _count(text: str) -> int:
    return whole_number(text, MOST_CITATIONS)


def _place(text: str) -> Place:
    try:
        return located(text)
    except BadInput as error:
        raise argparse.ArgumentTypeError(sentence(error)) from None


def _workers(text: str) -> int:
    return whole_number(text, MOST_WORKERS)


def _build(options: argparse.Namespace) -> int:
    from assistant.index.encoder import PACKAGED
    from assistant.indexing.build import build_index

    model = options.model or os.environ.get("ASSISTANT_MODEL") or PACKAGED
    with (_crew(options, model) as crew, progress_bar("Reading the sources") as progress, progress_bar("Asking") as asking):
        gate = _gate(options, asking) if options.gate is not False else None
        result = build_index(options.corpus, options.index, model=model, encoder=crew, force=options.force, progress=progress,
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


def _gate(options: argparse.Namespace, progress: Callable[[int, int], None]) -> Gate | None:
    """All questions where the gate was asked for; else some, where there are any."""
    from assistant.corpus.reader import SHIPPED
    from assistant.evaluation import gate as gating

    questions = options.questions or gating.judged_for(options.corpus, SHIPPED, QUESTIONS)
    if options.gate:
        return gating.gate(questions or QUESTIONS, say, progress)
    return gating.gate(questions, say, progress, gating.SAMPLE) if questions else None


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


def _crew(options: argparse.Namespace, model: str) -> AbstractContextManager[Encoder | None]:
    """The workers that were asked for; None for this process alone."""
    if options.workers is None:
        if options.cluster is not None:
            raise BadInput("--cluster needs --workers: say how many processes to start there.")
        return nullcontext()
    from assistant.index.encoder_ray import Crew

    return Crew.of_model(model, options.workers, options.cluster)


def _rollback(options: argparse.Namespace) -> int:
    from assistant.index import retention
    from assistant.index.stores.postgres import publish

    there = isinstance(options.index, Engine)
    name, left = publish.rollback(options.index) if there else retention.rollback(options.index)
    print(f"Published {name} again." + (f" {left} stays in the {'database' if there else 'folder'}, out of service." if left
                                        else ""))
    return 0


def _check(options: argparse.Namespace) -> int:
    from assistant.indexing.check import check

    findings = check(options.corpus, options.index, against=options.against, questions=QUESTIONS)
    faults = [finding for finding in findings if finding.level == "error"]
    if options.json:
        print_json({"ok": not faults, "findings": [finding.to_json() for finding in findings]})
    else:
        for finding in findings:
            print(finding)
        print(f"{len(faults)} faults, {len(findings) - len(faults)} warnings.")
    return 1 if faults else 0


def _verify(options: argparse.Namespace) -> int:
    from assistant.answering.receipts import check_receipt

    found = check_receipt(options.receipt, options.corpus, options.index)
    if options.json:
        print_json(found.to_json())
    else:
        print(found.sentence)
    return found.exit_code


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
    from assistant.indexing.watch import Rebuilder
    from assistant.server.web import page

    with Rebuilder(options.index, options.corpus) if options.watch else nullcontext():
        page.serve(options.index, options.corpus, options.host, options.port, encoder=options.encoder)
    return 0
