"""``engine``: options -> a generation put into a database, taken back there, or searched there. Owns no dependency."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict

from assistant.errors import BadInput
from assistant.terminal import print_json, whole_number

ABOUT = "Publish the index into a PostgreSQL database with pgvector, take it back there, or search there."
MOST_PASSAGES = 100


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("action", choices=("publish", "rollback", "search"))
    command.add_argument("question", nargs="?", help="with search")
    command.add_argument("--database", default=os.environ.get("ASSISTANT_DATABASE", ""),
                         help="connection string (default: the variable ASSISTANT_DATABASE)")
    command.add_argument("-k", type=lambda text: whole_number(text, MOST_PASSAGES), default=10,
                         help="most passages (default: %(default)s)")
    command.add_argument("--source", action="append", default=[], help="search only this source; may be repeated")
    command.add_argument("--kind", action="append", default=[], help="search only this kind of source; may be repeated")
    command.add_argument("--json", action="store_true", help="print the result as JSON")


def run(options: argparse.Namespace) -> int:
    """Do what ``engine`` was told and print it. Raises BadInput, BuildFailed, and what opening an index raises."""
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
