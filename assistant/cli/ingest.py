"""``import``: options -> a preview of what was kept and dropped, then, with --yes, the corpus folder."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from assistant.cli.options import add_corpus
from assistant.cli.terminal import print_json, progress_bar, say, sentence
from assistant.schema import SOURCE_KINDS

ABOUT = ("Bring documents into a corpus folder: PDF, DOCX, HTML, EPUB, Markdown, text, saved web pages, addresses and lists of "
         "them. Shows what was kept and dropped; writes only with --yes.")
BEGINNING = 25  # words of the text that the preview shows


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
    command.add_argument("--json", action="store_true", help="print the preview, or what was written, as JSON")


def run(options: argparse.Namespace) -> int:
    from assistant.errors import BadInput
    from assistant.ingestion.importer import Given, Import, drafts_of
    from assistant.ingestion.locate import gather

    origins, passed = gather(options.paths)
    if len(origins) > 1 and (options.url or options.title):
        raise BadInput("--url and --title are for one document: import them one by one, or mend sources.toml afterwards.")
    given = Given(options.publisher, options.url, options.kind, options.title, options.published, options.rights, options.replace)
    imported = Import(options.corpus, given, datetime.now(UTC).date())
    with progress_bar("Reading documents") as progress:
        drafts, refused = drafts_of(imported, origins, progress)
    written = imported.write(drafts) if options.yes else []
    if options.json:
        print_json({"written": written, "documents": [draft.to_json() for draft in drafts], "refused": refused,
                    "passed_over": passed})
    else:
        for draft in drafts:
            print("\n".join(preview(draft)), end="\n\n")
    for line in refused:
        say(sentence(ValueError(line)))
    if passed:
        say(f"Passed over, because of no kind that can be imported: {', '.join(passed)}.")
    if not options.json:
        print(_end(options, len(written), sum(draft.writes for draft in drafts), len(refused)))
    return 2 if refused else 0


def _end(options: argparse.Namespace, written: int, ready: int, refused: int) -> str:
    not_read = f" {refused} cannot be imported." if refused else ""
    if written:
        folder = options.corpus
        return (f"Wrote {written} to {folder}.{not_read} Next: look at {folder / 'sources.toml'}, then run "
                f"`python -m assistant build --corpus {folder}` and `python -m assistant check --corpus {folder}`.")
    if ready and not options.yes:
        return f"{ready} can be imported.{not_read} Nothing was written: run it again with --yes."
    return f"Nothing to write.{not_read}"


def preview(draft: object) -> list[str]:
    """What an editor looks at before anything is written: a line for each thing worth a look."""
    from assistant.ingestion.importer import EDITED, Draft

    assert isinstance(draft, Draft)
    entry, paper = draft.entry, draft.paper
    state = {"edited": f"left alone, {EDITED} (--replace writes over it)"}.get(draft.state, draft.state)
    lines = [f"{draft.origin} -> {entry['file']}: {state}"]
    if draft.state in ("edited", "unchanged"):
        return lines
    own_date = entry.get("published", "?") == paper.published[:10]
    unknown = "unknown: give --publisher, or write it into sources.toml"
    rows = [("title", entry["title"]), ("publisher", unknown if entry["publisher"] == "unknown" else entry["publisher"]),
            ("date", entry.get("published", "unknown: give --published")
             + (", the file's own: is it the day of publication?" if own_date else "")),
            ("address", entry.get("url", "unknown")), ("kept", _counts(paper.kept())),
            ("dropped", _counts({name: count for name, count in paper.dropped.items() if count}) or "nothing"),
            ("passages", f"{draft.passages:,}"), ("begins", _beginning(draft.text))]
    lines += [f"  {name:<10} {value}" for name, value in rows]
    by_rule: dict[tuple[str, str], list[str]] = {}
    for finding in draft.findings:
        by_rule.setdefault((finding.level, finding.rule), []).append(str(finding))
    for _, found in sorted(by_rule.items()):  # errors first; one of each sort, or a long text hides the rest
        lines.append(f"  {found[0]}" + (f" ({len(found) - 1} more like it)" if len(found) > 1 else ""))
    return lines


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {_one(name) if count == 1 else name}" for name, count in counts.items())


def _one(name: str) -> str:
    """Example: "lines of a table of contents" is "line of a table of contents", "list items" is "list item"."""
    first, _, rest = name.partition(" ")
    return f"{first.removesuffix('s')} {rest}" if first in ("lines", "words", "pages") else name.removesuffix("s")


def _beginning(text: str) -> str:
    words = text.split("\n", 1)[-1].split()
    return " ".join(words[:BEGINNING]) + (" …" if len(words) > BEGINNING else "")
