"""``import``: options -> a preview of what was kept and dropped, then, with --yes, the corpus folder."""

from __future__ import annotations

import argparse
import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from assistant.cli.options import add_corpus
from assistant.cli.terminal import print_json, progress_bar, say, sentence
from assistant.schema import SOURCE_KINDS

if TYPE_CHECKING:
    from assistant.ingestion.importer import Draft

ABOUT = ("Bring documents into a corpus folder: PDF, DOCX, HTML, EPUB, Markdown, text, saved web pages, addresses and lists of "
         "them. Shows what was kept and dropped; writes only with --yes.")
BEGINNING = 25  # words of the text that the preview shows of its beginning and end
MOST_QUESTIONS = 3


def add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="+", metavar="PATH",
                         help="a document, a folder, an address, or a file with one address a line")
    add_corpus(command)
    command.add_argument("--publisher", default="", help="who published them; without it what the document says")
    command.add_argument("--url", default="", help="address of the original; only for one document")
    command.add_argument("--kind", default="", choices=("", *SOURCE_KINDS), metavar="KIND",
                         help=f"who is speaking: {', '.join(SOURCE_KINDS)}")
    command.add_argument("--title", default="", help="title; only for one document")
    command.add_argument("--published", default="", metavar="DATE", help="day, month or year of publication: 2026-11-25")
    command.add_argument("--rights", default="", help="by what right you may quote them")
    command.add_argument("--yes", "--write", action="store_true", help="write what the preview shows")
    command.add_argument("--replace", action="store_true", help="also replace texts changed by hand since the last import")
    command.add_argument("--accept-changes", action="store_true",
                         help="also bring in documents whose words or numbers are not as in their file; the preview lists them")
    command.add_argument("--prune", action="store_true",
                         help="take out sources whose document is no longer in the folder; written only with --yes")
    command.add_argument("--json", action="store_true", help="print the preview, or what was written, as JSON")


def run(options: argparse.Namespace) -> int:
    """0; 1 when some documents were left out, 2 when none could be read."""
    from assistant.ingestion.importer import locked

    with locked(options.corpus) if options.yes else contextlib.nullcontext():
        return _import(options)


def _import(options: argparse.Namespace) -> int:
    from assistant.errors import BadInput
    from assistant.ingestion.entry import Given
    from assistant.ingestion.importer import Import, drafts_of
    from assistant.ingestion.locate import gather

    origins, passed = gather(options.paths, options.corpus)
    if len(origins) > 1 and (options.url or options.title):
        raise BadInput("--url and --title are for one document: import them one by one, or mend sources.toml afterwards.")
    given = Given(options.publisher, options.url, options.kind, options.title, options.published, options.rights, options.replace,
                  options.accept_changes)
    imported = Import(options.corpus, given, datetime.now(UTC).date())
    with progress_bar("Reading documents") as progress:
        drafts, refused = drafts_of(imported, origins, progress)
    gone = imported.vanished(origins)
    written = imported.write(drafts) if options.yes else []
    withdrawn = imported.withdraw(gone) if options.yes and options.prune else []
    refused += [f"{draft.origin} was left out: {draft.objection}. Look at it beside the original; --accept-changes brings it in "
                "as the preview shows it." for draft in drafts if draft.objection and draft.state in ("new", "changed")]
    left = [f"{entry['original']} is no longer there; its source {entry['id']} "
            + ("is taken out of sources.toml." if str(entry["id"]) in withdrawn else "would be taken out of sources.toml."
               if options.prune else "stays until you take it out of sources.toml, or import again with --prune.")
               for entry in gone]
    if options.json:
        print_json({"written": written, "documents": [draft.to_json() for draft in drafts], "refused": refused,
                    "passed_over": passed, "gone": [entry["id"] for entry in gone], "withdrawn": withdrawn})
    else:
        for draft in drafts:
            print("\n".join(preview(draft)), end="\n\n")
    for line in (*refused, *left):
        say(sentence(ValueError(line)))
    if passed:
        say(f"Passed over, because of no kind that can be imported: {', '.join(passed)}.")
    if not options.json:
        print(_end(options, len(written) + len(withdrawn), sum(draft.writes for draft in drafts), len(refused)))
    return (1 if drafts else 2) if refused else 0


def _end(options: argparse.Namespace, written: int, ready: int, refused: int) -> str:
    not_read = f" {refused} cannot be imported." if refused else ""
    if written:
        folder = options.corpus
        return (f"Wrote {written} to {folder}.{not_read} Next: look at {folder / 'sources.toml'}, then run "
                f"`python -m assistant build --corpus {folder}` and `python -m assistant check --corpus {folder}`.")
    if ready and not options.yes:
        return f"{ready} can be imported.{not_read} Nothing was written: run it again with --yes."
    return f"Nothing to write.{not_read}"


def preview(draft: Draft) -> list[str]:
    """What an editor looks at before anything is written: one screen, a line for each thing worth a look."""
    from assistant.corpus.lint.rules import lines_for_people
    from assistant.ingestion.importer import EDITED
    from assistant.ingestion.proof import sentences

    entry, document = draft.entry, draft.document
    state = {"edited": f"left alone, {EDITED} (--replace writes over it)"}.get(draft.state, draft.state)
    if draft.objection and draft.state in ("new", "changed"):
        state = f"LEFT OUT, {draft.objection}"
    lines = [f"{draft.origin} -> {entry['file']}: {state}"]
    if draft.state in ("edited", "unchanged"):
        return lines
    own_date = entry.get("published", "?") == document.published[:10]
    unknown = "unknown: give --publisher, or write it into sources.toml"
    first, last = _ends(draft.text)
    rows = [("title", entry["title"]), ("publisher", unknown if entry["publisher"] == "unknown" else entry["publisher"]),
            ("date", entry.get("published", "unknown: give --published")
             + (", the file's own: is it the day of publication?" if own_date else "")),
            ("address", entry.get("url", "unknown")), ("kept", _counts(document.kept())),
            ("dropped", _counts({name: count for name, count in document.dropped.items() if count}) or "nothing"),
            *[("proof", line) for line in sentences(document.proof)], *[("doubt", doubt) for doubt in document.doubts],
            ("passages", f"{draft.passages:,}"), ("begins", first), ("ends", last),
            *[("answers", question) for question in questions(draft)]]
    lines += [f"  {name if number == 0 or rows[number - 1][0] != name else '':<10} {value}" for number, (name, value)
              in enumerate(rows)]
    return lines + [f"  {line}" for line in lines_for_people(sorted(draft.findings, key=lambda finding: finding.level), 1)]


def questions(draft: Draft) -> list[str]:
    """Up to three questions that the document answers: its own first, then what its headings are about."""
    from assistant.corpus.passages import split

    headings = list(dict.fromkeys(passage.heading for passage in split(draft.source) if passage.heading))
    asked = [heading.rsplit(": ", 1)[-1] for heading in headings if heading.endswith("?")]
    asked += [f"What does “{draft.entry['title']}” say about “{heading}”?" for heading in headings
              if not heading.endswith("?") and heading != draft.entry["title"]]
    return asked[:MOST_QUESTIONS]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {_one(name) if count == 1 else name}" for name, count in counts.items())


def _one(name: str) -> str:
    """Example: "lines of a table of contents" is "line of a table of contents", "list items" is "list item"."""
    first, _, rest = name.partition(" ")
    return f"{first.removesuffix('s')} {rest}" if first in ("lines", "words", "pages") else name.removesuffix("s")


def _ends(text: str) -> tuple[str, str]:
    """The first and the last words."""
    words = text.split("\n", 1)[-1].split()
    if len(words) <= 2 * BEGINNING:
        return " ".join(words[:BEGINNING]), " ".join(words[BEGINNING:]) or "the same words"
    return " ".join(words[:BEGINNING]) + " …", "… " + " ".join(words[-BEGINNING:])
