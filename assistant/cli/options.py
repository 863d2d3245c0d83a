"""what several commands share -> their options: rooms, encoders, whole numbers. Nothing here is slow to import."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from assistant.corpus.files import SHIPPED

INDEX = Path("index")
QUESTIONS = Path("eval/questions.jsonl")
ENCODERS = ("exported", "reference")  # as in ``encoder``, whose import would cost `--help` a second
MODEL_HELP = "another sentence-transformers model: a folder or a hub id in the local cache"


def add_corpus(command: argparse.ArgumentParser, text: str = "corpus folder") -> None:
    here = Path("corpus")
    command.add_argument("--corpus", type=Path, default=here if here.is_dir() else SHIPPED, help=f"{text} (default: %(default)s)")


def add_encoder(command: argparse.ArgumentParser) -> None:
    command.add_argument("--encoder", choices=ENCODERS, default=ENCODERS[0],
                         help="what the question goes through: the exported model in the index, or the reference that it was "
                              "made from (torch, slow to start; the same answers)")


def add_json(command: argparse.ArgumentParser, result: str = "result") -> None:
    command.add_argument("--json", action="store_true", help=f"print the {result} as JSON")


def whole_number(most: int) -> Callable[[str], int]:
    """A type for argparse: a whole number from 1 to ``most``; anything else is a usage error."""
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {most}")
        return int(text)

    return read
