"""questions on the command line or in a file -> printed answers, whatever fails.

    index opened------------------------> full answers                       exit 0
    only its model missing or broken ---> answers by words alone, and why    exit 1
    nothing to read --------------------> urgent card or notice, and why     exit 1
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answering.citation_formats import FORMS, export
from assistant.cli.options import add_encoder, whole_number
from assistant.cli.terminal import print_json, say, sentence
from assistant.corpus import jsonl
from assistant.errors import AssistantError, BadInput, QuestionError
from assistant.schema import Answer, Citation

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.answering.lexical_search import LexicalAssistant

ABOUT = "Answer one question, or a file of questions."
MOST_CITATIONS = 100


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("question", nargs="?", help="the question")
    command.add_argument("--from", dest="file", type=Path,
                         help='JSON Lines: one {"id", "question"} a line; or plain text, one question a line')
    command.add_argument("-k", type=whole_number(MOST_CITATIONS), default=3, help="most citations (default: %(default)s)")
    command.add_argument("--json", action="store_true", help="print answers as JSON, one a line with --from")
    add_encoder(command)
    command.add_argument("--source", action="append", default=[], help="with a database: search only this source; may be "
                         "repeated")
    command.add_argument("--kind", action="append", default=[], help="with a database: search only this kind of source; may be "
                         "repeated")
    command.add_argument("--ranked", action="store_true", help="add the k best hits before any rule of display")
    command.add_argument("--cite", choices=FORMS, help="print the citations in this form; all else goes to standard error")


def run(options: argparse.Namespace) -> int:
    """Answer what ``ask`` was given and print it. Raises BadInput, and what kept the index from opening, after all was shown."""
    if (options.question is None) == (options.file is None):
        raise BadInput("Give either one question or --from FILE (JSON Lines, or plain text with one question a line).")
    if options.cite and (options.json or options.ranked):
        raise BadInput("--cite prints a form of its own: leave out --json and --ranked.")
    from assistant.answering.assistant import Assistant
    from assistant.answering.cards import refuse, screen
    from assistant.answering.lexical_search import LexicalAssistant
    from assistant.corpus.files import SHIPPED
    from assistant.corpus.fixed_texts import read_texts

    records = list(_records(options.file)) if options.file else [("1", options.question)]
    try:
        assistant = Assistant.open_with(options.index, options.encoder)
    except AssistantError as error:
        try:
            by_words = LexicalAssistant.without_model(options.index)
        except AssistantError:  # urgent cards and the notice need no index: they are shown all the same
            texts = read_texts(SHIPPED)
            for key, question in records:
                _show(key, screen(question, texts) or refuse(question, texts, sentence(error)), options)
        else:
            _ask_each(records, by_words, options)
        raise error from None
    if options.source or options.kind:
        assistant = assistant.only(options.source, options.kind)
    return _ask_each(records, assistant, options)


def _ask_each(records: Sequence[tuple[Any, str]], assistant: Assistant | LexicalAssistant, options: argparse.Namespace) -> int:
    from assistant.answering.cards import answer_or_card, refuse

    def answered(question: str) -> Answer:
        return answer_or_card(question, assistant.texts,
                              lambda: assistant.ask(question, options.k, options.k if options.ranked else 0))

    code = 0
    cited: list[Citation] = []
    for key, question in records:
        try:
            answer = answered(question)
        except QuestionError as error:
            answer = refuse(question, assistant.texts, sentence(error))
            if not options.file:
                say(sentence(error))
                code = 2
        except Exception as error:  # the notice, whatever failed
            say(f"A question could not be answered: {type(error).__name__}.")
            answer = refuse(question, assistant.texts, "Something went wrong. Please try again.")
            code = 1
        cited += answer.citations
        _show(key, answer, options)
    if options.cite:
        print(export(options.cite, cited, assistant.sources), end="")
    return code


def _records(path: Path) -> Iterator[tuple[Any, str]]:
    """(id, question) of each line: JSON Lines, or a plain text file with one question a line."""
    lines = [(str(number), line.strip()) for number, line in jsonl.text_lines(path) if line.strip()]
    if ".json" not in path.name.lower() and not all(line.startswith("{") for _, line in lines):
        yield from lines
        return
    for number, record in jsonl.read(path):
        if not isinstance(record.get("question"), str):
            raise BadInput(f"{path}, line {number}: there is no 'question'.")
        yield record.get("id", str(number)), record["question"]


def _show(key: Any, answer: Answer, options: argparse.Namespace) -> None:
    if options.cite:  # no form of citation has a place for card and notice
        say(str(replace(answer, citations=())))
        return
    if not options.json:
        print(answer, end="\n\n" if options.file else "\n")
        return
    record = {"id": key, **answer.to_json()}
    if options.ranked:
        record["ranked"] = [citation.to_json() for citation in answer.ranked]
    print_json(record)
