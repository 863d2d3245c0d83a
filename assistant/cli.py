"""command line -> the library. ``python -m assistant --help`` lists the commands.

Standard output carries results only; progress, logs and errors go to standard error.
Exit 0: done. 1: found fault. 2: usage or bad input.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from assistant import __version__
from assistant.errors import AssistantError, BadInput, QuestionError
from assistant.schema import Answer

CORPUS, INDEX = Path("corpus"), Path("index")
QUESTIONS, REPORTS = Path("eval/questions.jsonl"), Path("eval/reports")
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
    build.add_argument("--model", help="another sentence-transformers model: a folder or a hub id in the local cache")
    build.add_argument("--json", action="store_true", help="print the result as JSON")

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
    ask.add_argument("--ranked", action="store_true", help="add the k best hits before any rule of display")

    evaluate = command("eval", _eval, "Ask the evaluation set and measure. Exit 1 when a question was lost.")
    evaluate.add_argument("--questions", type=Path, default=QUESTIONS, help="JSON Lines (default: %(default)s)")
    evaluate.add_argument("--out", type=Path, default=REPORTS, help="report folder (default: %(default)s)")
    evaluate.add_argument("--calibrate", action="store_true", help="fit the confidence on the dev split and print it")
    evaluate.add_argument("--json", action="store_true", help="print the report as JSON")

    serve = command("serve", _serve, "Show the answer page.")
    serve.add_argument("--corpus", type=Path, default=CORPUS, help="corpus folder (default: %(default)s)")
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
        print(_sentence(error), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"{error.filename or 'A file'} cannot be used: {error.strerror}.", file=sys.stderr)
        return 1


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split())


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _print_json(record: object) -> None:
    print(json.dumps(record, ensure_ascii=False))


def _count(text: str) -> int:
    try:
        count = int(text)
    except ValueError:
        count = 0
    if not 1 <= count <= MOST_CITATIONS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MOST_CITATIONS}")
    return count


@contextmanager
def _progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that is drawn from the first report on."""
    from tqdm import tqdm

    bars: list[Any] = []

    def report(done: int, total: int) -> None:
        if not bars:
            bars.append(tqdm(total=total, desc=what, file=sys.stderr, unit="text", leave=True))
        bars[0].update(done - bars[0].n)

    try:
        yield report
    finally:
        for bar in bars:
            bar.close()


def _build(options: argparse.Namespace) -> int:
    from assistant.building import build_index
    from assistant.embedding import PACKAGED

    model = options.model or os.environ.get("ASSISTANT_MODEL") or PACKAGED
    with _progress_bar("Reading the sources") as progress:
        result = build_index(options.corpus, options.index, model=model, force=options.force, progress=progress,
                             log=_say)
    if options.json:
        _print_json(result.to_json())
    elif result.published:
        print(f"Published {result.generation}: {result.passages} passages of {result.sources} sources, "
              f"{result.embedded} texts embedded, {result.reused} reused.")
    else:
        print(f"Nothing changed: {result.generation} stays published.")
    return 0


def _check(options: argparse.Namespace) -> int:
    from assistant.checking import check

    findings = check(options.corpus, options.index, against=options.against, questions=QUESTIONS)
    faults = [finding for finding in findings if finding.level == "error"]
    if options.json:
        _print_json({"ok": not faults, "findings": [finding.to_json() for finding in findings]})
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
        assistant = Assistant.open(options.index)
    except AssistantError as error:  # urgent cards and the notice need no index: they are shown all the same
        texts = read_texts(SHIPPED)
        for key, question in records:
            _show(key, screen(question, texts) or refuse(question, texts, _sentence(error)), options)
        raise
    code = 0
    for key, question in records:
        try:
            answer = assistant.ask(question, options.k, options.k if options.ranked else 0)
        except QuestionError as error:
            answer = refuse(question, assistant.texts, _sentence(error))
            if not options.file:
                _say(_sentence(error))
                code = 2
        except Exception as error:  # the notice, and a card if need be, whatever failed
            _say(f"A question could not be answered: {type(error).__name__}.")
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
    _print_json(record)


def _eval(options: argparse.Namespace) -> int:
    from assistant import evaluation
    from assistant.answering import Assistant

    questions = evaluation.read_questions(options.questions)
    assistant = Assistant.open(options.index)
    if options.calibrate:
        bias, weights = evaluation.calibrate(assistant, [item for item in questions if item.split == "dev"])
        _print_json({"bias": round(bias, 3), "weights": {name: round(value, 3) for name, value in weights.items()}})
        return 0
    before = evaluation.last_report(options.out, options.questions.name)
    with _progress_bar("Asking") as progress:
        report = evaluation.evaluate(assistant, questions, options.questions.name, progress)
    report = replace(report, screens=evaluation.screens(assistant, options.questions.parent))
    changes = evaluation.compare(before, report)
    saved = evaluation.save(report, options.out)
    if options.json:
        _print_json({**evaluation.to_json(report), "changes": changes, "saved": str(saved)})
    else:
        print(evaluation.as_text(report, before, changes))
        print(f"Saved {saved}.")
    return 1 if changes["lost"] else 0


def _serve(options: argparse.Namespace) -> int:
    from assistant import web

    web.serve(options.index, options.corpus, options.host, options.port)
    return 0
