"""documents, web addresses -> sources of a corpus folder, with where each comes from. The only importer of tomlkit.

    draft    an Origin -> Draft: its text, its entry for sources.toml, what the lint says; nothing is written
    write    Drafts -> texts/<id>.md and sources.toml, the comments of which stay

An entry made here holds ``original`` (the file's name or address), ``original_sha256`` (of the document as it came) and
``imported_sha256`` (of the text as it was written). By these a second import finds its own entry, sees that a document is the
same, and leaves a text alone that an editor has changed since. What an editor wrote into an entry stays.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from tomlkit.items import AoT

from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.corpus.lint.rules import Finding, lint
from assistant.corpus.passages import missing_excludes, split
from assistant.corpus.reader import Corpus, read_corpus
from assistant.errors import CorpusError
from assistant.ingestion.document import Paper, to_text
from assistant.ingestion.fetch import fetch
from assistant.ingestion.locate import Origin
from assistant.ingestion.sandbox import Unreadable, read_document
from assistant.schema import Source

MAX_ID = 60  # characters
STEM_OF_WORD = re.compile(r"^Microsoft Word - |\.(?:docx?|pdf|indd|odt|rtf)$", re.IGNORECASE)  # what programs put into a title
EDITED = "changed by hand since it was imported"


@dataclass(frozen=True)
class Given:
    """What the operator said about the documents; empty: take what the document says."""

    publisher: str = ""
    url: str = ""
    kind: str = ""
    title: str = ""
    published: str = ""
    rights: str = ""
    replace: bool = False  # also texts that were changed by hand


@dataclass
class Draft:
    """One document, ready to be written. ``state``: new, changed, unchanged or edited."""

    origin: str
    state: str
    entry: dict[str, str]
    text: str
    paper: Paper
    source: Source
    passages: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return self.state in ("new", "changed")

    def to_json(self) -> dict[str, Any]:
        return {"original": self.origin, "state": self.state, "entry": self.entry, "kept": self.paper.kept(),
                "dropped": {name: count for name, count in self.paper.dropped.items() if count}, "passages": self.passages,
                "findings": [finding.to_json() for finding in self.findings]}


class Import:
    """One import into one corpus folder. ``draft`` each origin, then ``write`` what was drafted."""

    def __init__(self, corpus: Path, given: Given, today: date, shipped: Path = SHIPPED) -> None:
        self._folder, self._given, self._today, self._shipped = corpus, given, today, shipped
        self._listing = corpus / "sources.toml"
        self._document, self._entries = self._opened()
        self._corpus = self._read()
        self._ids = {str(entry["id"]).casefold() for entry in self._entries if "id" in entry}

    def _opened(self) -> tuple[tomlkit.TOMLDocument, AoT]:
        try:
            document = tomlkit.parse(self._listing.read_text("utf-8-sig")) if self._listing.exists() else tomlkit.document()
        except (tomlkit.exceptions.TOMLKitError, UnicodeDecodeError) as error:
            raise CorpusError(f"{self._listing} is not valid TOML: {error}.") from None
        entries = document.get("source", None)
        if entries is None:
            entries = tomlkit.aot()
            document["source"] = entries
        if not isinstance(entries, AoT):
            raise CorpusError(f"{self._listing} must hold [[source]] tables.")
        return document, entries

    def _read(self) -> Corpus:
        """The corpus as it stands; sources that a bare folder holds get entries, or they would no longer count."""
        try:
            corpus = read_corpus(self._folder, self._shipped)
        except CorpusError:
            if len(self._entries):
                raise
            return Corpus(self._folder, (), read_texts(self._folder, self._shipped))
        if not self._listing.exists():
            for source in corpus.sources:
                self._entries.append(_table({"id": source.id, "file": source.file, "title": source.title}))
        return corpus

    def draft(self, origin: Origin) -> Draft:
        """Raises Unreadable (the document) or BadInput (what was said about it)."""
        raw, paper = self._taken(origin)
        old = next((entry for entry in self._entries if entry.get("original") == origin.name), None)
        entry = self._entry(origin, paper, old)
        text = to_text(paper, entry["title"])
        entry["original_sha256"] = hashlib.sha256(raw).hexdigest()
        entry["imported_sha256"] = hashlib.sha256(text.encode()).hexdigest()
        state = self._state(old, entry)
        source = self._source(entry, text, old)
        draft = Draft(origin.name, state, entry, text, paper, source, len(split(source)))
        if draft.writes:
            draft.findings = self._findings(source)
        return draft

    def _taken(self, origin: Origin) -> tuple[bytes, Paper]:
        if origin.path is not None:
            paper = read_document(origin.path)  # it is bounded; only then are the bytes read here
            return origin.path.read_bytes(), paper
        raw, suffix, final = fetch(origin.name)
        with tempfile.TemporaryDirectory(prefix="import-") as folder:
            file = Path(folder) / f"page{suffix}"
            file.write_bytes(raw)
            try:
                paper = read_document(file)
            except Unreadable as error:
                raise Unreadable(str(error).replace(str(file), origin.name)) from None
        paper.url = paper.url or final
        return raw, paper

    def _entry(self, origin: Origin, paper: Paper, old: dict[str, Any] | None) -> dict[str, str]:
        given = self._given
        headings = [piece.text for piece in paper.pieces if piece.kind == "heading"]
        stem = Path(urlsplit(origin.name).path or origin.name).stem.replace("_", " ").replace("-", " ").strip() or origin.name
        title = STEM_OF_WORD.sub("", paper.title).strip()
        if headings and re.match(re.escape(headings[0]) + r"\s+[-|·–—:]\s", title):
            title = headings[0]  # without the site's name behind it
        said = {"title": given.title or title or (headings[0] if headings else stem),
                "publisher": given.publisher or paper.publisher or "unknown", "kind": given.kind or "unknown",
                "tier": "unreviewed", "url": given.url or paper.url,
                "published": given.published or _day(paper.published), "rights": given.rights}
        if old is None:
            identifier = self._new_id(origin)
            return {"id": identifier, "file": f"texts/{identifier}.md", **{key: value for key, value in said.items() if value},
                    "retrieved": self._today.isoformat(), "original": origin.name}
        asked = {key for key in said if getattr(given, key, "")}
        kept = {key: str(old[key]) for key in ("id", "file", *said) if old.get(key) and key not in asked}
        newer = {"published": said["published"]} if said["published"] > kept.get("published", "") else {}
        return {**{key: value for key, value in said.items() if value}, **kept, **newer, "retrieved": self._today.isoformat(),
                "original": origin.name}

    def _new_id(self, origin: Origin) -> str:
        """From the name: ``leaflets/Safer use.pdf`` is ``leaflets-safer-use``. A taken one gets its format, then a number."""
        address = urlsplit(origin.name) if origin.path is None else None
        name = f"{address.hostname or ''}{address.path}" if address else str(Path(origin.name).with_suffix(""))
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[-MAX_ID:].strip("-") or "source"
        format_name = Path(origin.name).suffix.lower().lstrip(".") if origin.path else ""
        choices = [base, f"{base}-{format_name or 'page'}", *(f"{base}-{number}" for number in range(2, 999))]
        chosen = next(choice for choice in choices if choice not in self._ids)
        self._ids.add(chosen)
        return chosen

    def _state(self, old: dict[str, Any] | None, entry: dict[str, str]) -> str:
        if old is None:
            return "new"
        path = self._folder / entry["file"]
        on_disk = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        if on_disk not in (None, old.get("imported_sha256")) and not self._given.replace:
            return "edited"
        same = all(str(old.get(key, "")) == value for key, value in entry.items() if key != "retrieved")
        return "unchanged" if same and on_disk == entry["imported_sha256"] else "changed"

    def _source(self, entry: dict[str, str], text: str, old: dict[str, Any] | None) -> Source:
        names = ("id", "title", "publisher", "kind", "tier", "url", "published", "retrieved", "rights")
        fields: dict[str, Any] = {key: entry[key] for key in names if entry.get(key)}
        exclude = tuple(str(item) for item in old.get("exclude", ())) if old else ()
        return Source(text=text, sha256=entry["imported_sha256"], file=entry["file"], exclude=exclude, **fields)

    def _findings(self, source: Source) -> list[Finding]:
        """What ``check`` would say of this text in its corpus."""
        where = str(self._folder / source.file)
        others = tuple(other for other in self._corpus.sources if other.id != source.id)
        corpus = replace(self._corpus, sources=(*others, source))
        found = [finding for finding in lint(corpus, self._shipped, self._today) if finding.where == where]
        found += [Finding("error", where, f"the exclude {phrase[:60]!r} is not in the text any more: change it in sources.toml",
                          rule="exclude") for phrase in missing_excludes(source)]
        if not split(source):
            found.append(Finding("error", where, "no passage: no full sentence was found", rule="no-passage"))
        return found

    def write(self, drafts: Iterable[Draft]) -> list[str]:
        """Write what is new or changed; ids of it. Each file is whole or not there; sources.toml is last."""
        written = [draft for draft in drafts if draft.writes]
        (self._folder / "texts").mkdir(parents=True, exist_ok=True)
        for draft in written:
            path = self._folder / draft.entry["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, draft.text)
            old = next((entry for entry in self._entries if entry.get("id") == draft.entry["id"]), None)
            if old is None:
                self._entries.append(_table(draft.entry))
            else:
                for key, value in draft.entry.items():
                    if str(old.get(key, "")) != value:
                        old[key] = value
        if written:
            _replace(self._listing, tomlkit.dumps(self._document))
        return [draft.entry["id"] for draft in written]


def drafts_of(made: Import, origins: Sequence[Origin], progress: Callable[[int, int], None] = lambda done, total: None,
              ) -> tuple[list[Draft], list[str]]:
    """(drafts, one sentence for each document that cannot be imported)."""
    drafts: list[Draft] = []
    refused: list[str] = []
    for number, origin in enumerate(origins):
        progress(number, len(origins))
        try:
            drafts.append(made.draft(origin))
        except Unreadable as error:
            refused.append(str(error))
    progress(len(origins), len(origins))
    return drafts, refused


def _table(entry: dict[str, str]) -> Any:
    table = tomlkit.table()
    for key, value in entry.items():
        table.add(key, value)
    return table


def _day(said: str) -> str:
    found = re.match(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", said)
    return found[0] if found else ""


def _replace(path: Path, text: str) -> None:
    """Put ``text`` in the place of a file in one step."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=path.parent, prefix=".import-",
                                     delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(file.name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
    os.replace(file.name, path)
