"""corpus folder + index folder or database -> findings, without a model.

``check`` is the one command before publishing: it reads everything that a build and a visitor would read. What may be
wrong with texts, dates and the files beside them is in ``lint.rules``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from assistant.corpus.files import SHIPPED
from assistant.corpus.lint.rules import Finding, lint
from assistant.corpus.passages import missing_excludes, split
from assistant.corpus.reader import Corpus, read_corpus
from assistant.corpus.reviewed import read_reviewed
from assistant.corpus.site_settings import SITE_FILE
from assistant.errors import AssistantError
from assistant.index.index import Index
from assistant.index.inputs import stale_sources
from assistant.index.location import Place
from assistant.index.weights import outdated

__all__ = ["Finding", "check"]


def check(corpus: Path, index: Place, today: date | None = None, shipped: Path = SHIPPED, *, against: Path | None = None,
          questions: Path | None = None) -> list[Finding]:
    """All findings, errors first.

    ``against``: a folder of other people's documents, which our own texts must not copy. ``questions``: judged
    questions whose quotes must still occur; a set that judges no source of this corpus is left aside.
    """
    findings: list[Finding] = []
    read: Corpus | None = None
    try:
        read = read_corpus(corpus, shipped)
        read_reviewed(corpus)
        findings += _sources(read) + _contact(read) + lint(read, shipped, today or datetime.now(UTC).date(), against, questions)
        findings += [Finding("error", str(path), f"changed after the weights in {read.weights} were trained on it: run `python "
                             f"-m assistant fit --corpus {read.folder}`", rule="weights") for path in outdated(read, shipped)]
    except AssistantError as error:
        findings.append(Finding("error", str(corpus), str(error), rule="corpus"))
    try:
        opened = Index.open(index, load_encoder=False)
        opened.store.verify()  # of a large index only what is quoted is verified otherwise
        for name in stale_sources(read, opened.inputs) if read else ():
            findings.append(Finding("error", str(index), f"{name} changed after the index was built: run "
                                    "`python -m assistant build`.", rule="index"))
    except AssistantError as error:
        findings.append(Finding("error", str(index), str(error), rule="index"))
    return sorted(findings, key=lambda finding: finding.level)


def _contact(read: Corpus) -> list[Finding]:
    """A page for the public asks its readers to report mistakes, so they must be told to whom."""
    if read.texts.contact or not (read.folder / "notice.toml").is_file():  # without words of its own it is none for the public
        return []
    return [Finding(
        "warning", str(read.folder / SITE_FILE), "'contact' is not set, so About cannot say to whom a mistake is reported: set "
        "it before the page is shown to the public", rule="contact")]


def _sources(read: Corpus) -> list[Finding]:
    findings = [Finding("warning", str(read.folder / name), "not a .txt or .md file: it is left out", rule="ignored")
                for name in read.ignored]
    for source in read.sources:
        where = str(read.folder / source.file)
        findings += [Finding("error", where, f"the words {phrase[:60]!r} under 'exclude' are not in the text: correct "
                         "them in sources.toml, or take them out", rule="exclude")
                     for phrase in missing_excludes(source)]
        if not split(source):
            findings.append(Finding("error", where, "nothing of it can be quoted, for no full sentence was found: look at "
                                    "the text, or take its table out of sources.toml", rule="no-passage"))
    return findings
