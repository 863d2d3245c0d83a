"""the options of `eval` -> a report on our questions, a comparison on a BEIR folder, or an exported folder.

The command line's part of evaluation: what is printed and where files go. Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli.options import QUESTIONS, add_encoder, add_json, whole_number
from assistant.cli.terminal import print_json, progress_bar, say
from assistant.errors import BadInput

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.evaluation.confusion import Confusion

ABOUT = "Ask the evaluation set and measure, or measure on a BEIR folder. Exit 1 when a question was lost."
REPORTS = Path("eval/reports")
SPLIT, FITTED = "test", "dev"
MOST_QUERIES = 1_000_000


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--questions", type=Path, default=QUESTIONS, help="JSON Lines (default: %(default)s)")
    command.add_argument("--out", type=Path, default=REPORTS, help="report folder (default: %(default)s)")
    add_encoder(command)
    command.add_argument("--report", action="store_true", help="write an HTML page beside the report")
    add_json(command, "report")
    other = command.add_mutually_exclusive_group()
    other.add_argument("--calibrate", action="store_true",
                       help="fit the decision on a split of messages.jsonl (default: dev) and print its tables")
    other.add_argument("--beir", type=Path, metavar="DIR", help="compare dense, BM25 and our ranking on a BEIR folder; its "
                       "index is kept under beir/ in the index folder")
    other.add_argument("--export-beir", type=Path, metavar="DIR", help="write questions and passages as a BEIR folder")
    command.add_argument("--split", help=f"with --beir: the qrels to use (default: {SPLIT}); with --calibrate: the questions to "
                         f"fit on (default: {FITTED})")
    command.add_argument("--limit", type=whole_number(MOST_QUERIES), metavar="N", help="with --beir: only the first N judged "
                         "queries; all documents are searched all the same")


def run(options: argparse.Namespace) -> int:
    if options.beir is None and (options.limit is not None or (options.split is not None and not options.calibrate)):
        raise BadInput("--split and --limit go with --beir DIR, --split also with --calibrate.")
    if options.report and (options.beir or options.export_beir or options.calibrate):
        raise BadInput("--report goes with the evaluation set alone: leave out --beir, --export-beir and --calibrate.")
    if options.beir is not None:
        return _compare(options)
    if options.export_beir is not None:
        return _export(options)
    return _calibrate(options) if options.calibrate else _evaluate(options)


def _evaluate(options: argparse.Namespace) -> int:
    from assistant.answering.assistant import Assistant
    from assistant.evaluation import confusion, evaluate, judgments, screens
    from assistant.evaluation import report as reports

    questions = judgments.read_questions(options.questions)
    screens.read_messages(options.questions.parent)  # what cannot be read is refused now, not after minutes of asking
    assistant = Assistant.open_with(options.index, options.encoder)
    before = reports.last_report(options.out, options.questions.name)
    with progress_bar("Asking") as progress:
        report = evaluate.evaluate(assistant, questions, options.questions.name, progress)
    report = replace(report, screens=screens.screens(assistant, options.questions.parent))
    with progress_bar("Asking messages") as progress:
        tables = _confusions(assistant, options.questions.parent / confusion.FILE, progress)
    changes = reports.compare(before, report)
    saved = [reports.save(report, options.out)]
    if options.report:
        from assistant.server.web import report_page

        saved.append(report_page.save(report, before, changes, saved[0]))
    if options.json:
        print_json({**reports.to_json(report), "confusion": {split: table.to_json() for split, table in tables.items()},
                    "changes": changes, "saved": str(saved[0]),
                    "page": str(saved[1]) if options.report else None})
    else:
        print(reports.as_text(report, before, changes))
        for split, table in tables.items():
            print(f"\nWhat it was against what was shown: messages.jsonl, {split}\n{table}\n")
        print(f"Saved {' and '.join(str(path) for path in saved)}.")
    return 1 if changes["lost"] else 0


def _confusions(assistant: Assistant, path: Path, progress: Callable[[int, int], None]) -> dict[str, Confusion]:
    """What was shown to the messages of each split; nothing where there is no file of messages."""
    from assistant.evaluation import confusion

    cases = confusion.read_cases(path) if path.is_file() else ()
    return {split: confusion.confusion(assistant, [case for case in cases if case.split == split], progress)
            for split in sorted({case.split for case in cases})}


def _calibrate(options: argparse.Namespace) -> int:
    from assistant.answering.assistant import Assistant
    from assistant.evaluation import calibration, confusion, judgments

    path, split = options.questions.parent / confusion.FILE, options.split or FITTED
    cases = [case for case in confusion.read_cases(path) if case.split == split]
    if {case.group for case in cases} < set(confusion.GROUPS):
        raise BadInput(f"{path} has not messages of every group in the split {split!r}: name another one with --split.")
    assistant = Assistant.open_with(options.index, options.encoder)
    cases += [case for case in confusion.of_questions(judgments.read_questions(options.questions)) if case.split == split]
    plain = assistant.without_network()
    tables: dict[str, Any] = {}  # the heads are told the relevance: put its tables in place first, and calibrate again
    for asked, of_hits, heads in ((assistant, "KNOWN", "HEADS"), (plain, "OTHER", "RULE_HEADS")):
        tables[of_hits] = calibration.fit_relevance(asked, cases)
        tables[heads] = calibration.fit([(case.group, asked.figures(case.text)) for case in cases])
    print_json(tables)
    return 0


def _compare(options: argparse.Namespace) -> int:
    from assistant.evaluation import baselines, beir
    from assistant.index.location import only_folder

    benchmark = beir.read(options.beir, options.split or SPLIT)
    into = only_folder(options.index, "`eval --beir`") / "beir" / options.beir.resolve().name  # never the index that is served
    with progress_bar("Reading the documents") as building, progress_bar("Ranking") as ranking:
        comparison = baselines.compare(benchmark, into, limit=options.limit, build_progress=building, progress=ranking, log=say)
    if options.json:
        print_json(comparison.to_json())
    else:
        print(comparison)
    return 0


def _export(options: argparse.Namespace) -> int:
    from assistant.answering.assistant import Assistant
    from assistant.evaluation import beir, judgments

    questions = judgments.read_questions(options.questions)
    assistant = Assistant.open_with(options.index, options.encoder)
    questions = judgments.with_words(questions, assistant.sources)
    passages = judgments.all_passages(assistant)
    relevant = {question.id: judgments.relevant(question, passages) for question in questions if question.judgments}
    splits = beir.write(options.export_beir, passages, questions, relevant)
    judged = sum(bool(passage_ids) for passage_ids in relevant.values())
    if judged < len(relevant):
        say(f"{len(relevant) - judged} judged questions have no line in qrels: no passage holds their quote whole.")
    record = {"folder": str(options.export_beir), "passages": len(passages), "questions": len(questions), "judged": judged,
              "splits": splits}
    if options.json:
        print_json(record)
    else:
        print(f"Wrote {len(passages)} passages, {len(questions)} questions and judgments of {judged} in the splits "
              f"{', '.join(splits) or 'none'} to {options.export_beir}.")
    return 0
