"""documents, web addresses -> sources of a corpus folder, with where each comes from. The only importer of tomlkit.

    draft    an Origin -> Draft: its text, its entry for sources.toml, what the lint says; nothing is written
    write    Drafts -> texts/<id>.md and sources.toml, the comments of which stay

An entry made here holds ``original`` (the file's name in ``original_folder``, or address), ``original_sha256`` (of the
document as it came) and
``imported_sha256`` (of the text as it was written). By these a second import finds its own entry, sees that a document is the
same, and leaves a text alone that an editor has changed since. What an editor wrote into an entry stays.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from filelock import FileLock, Timeout
from tomlkit.items import AoT

from assistant.atomic_files import READABLE, replace_file
from assistant.corpus.files import SHIPPED
from assistant.corpus.fixed_texts import read_texts
from assistant.corpus.lint.rules import Finding, lint
from assistant.corpus.passages import missing_excludes, split
from assistant.corpus.reader import Corpus, read_corpus
from assistant.errors import BadInput, CorpusError
from assistant.ingestion.document import Document, to_text
from assistant.ingestion.entry import Given, entry_of, new_id, not_searchable
from assistant.ingestion.fetch import fetch
from assistant.ingestion.locate import Origin
from assistant.ingestion.proof import objection
from assistant.ingestion.sandbox import Unreadable, read_document
from assistant.schema import Source

LOCK, MAX_WAIT_FOR_LOCK = ".import.lock", 900.0
EDITED = "changed by hand since it was imported"


@dataclass
class Draft:
    """One document, ready to be written. ``state``: new, changed, unchanged or edited."""

    origin: str
    state: str
    entry: dict[str, str]
    text: str
    document: Document
    source: Source
    passages: int
    objection: str = ""  # why it is not written before an operator has accepted it
    findings: list[Finding] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return self.state in ("new", "changed") and not self.objection

    def to_json(self) -> dict[str, Any]:
        return {"original": self.origin, "state": self.state, "entry": self.entry, "kept": self.document.kept(),
                "dropped": {name: count for name, count in self.document.dropped.items() if count}, "passages": self.passages,
                "objection": self.objection,
                "doubts": self.document.doubts, "proof": self.document.proof,
                "findings": [finding.to_json() for finding in self.findings]}


@contextlib.contextmanager
def locked(corpus: Path) -> Iterator[None]:
    """The one lock of a corpus folder: a second import waits until the first has written, and then reads its list.

    Raises BadInput when another import takes too long, or the folder cannot be written.
    """
    try:
        corpus.mkdir(parents=True, exist_ok=True)
        with FileLock(corpus / LOCK, timeout=MAX_WAIT_FOR_LOCK, mode=0o644):
            yield
    except Timeout:
        raise BadInput(f"Another import into {corpus} is running: wait for it to end, then try again.") from None


class Import:
    """One import into one corpus folder. ``draft`` each origin, then ``write`` what was drafted."""

    def __init__(self, corpus: Path, given: Given, today: date, shipped: Path = SHIPPED) -> None:
        self._folder, self._given, self._today, self._shipped = corpus, given, today, shipped
        self._listing = corpus / "sources.toml"
        self._document, self._entries = self._opened()
        self._corpus = self._read()
        self._named: set[str] = set()
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
        raw, document = self._taken(origin)
        old = self._entry_for(origin)
        untouched = self._untouched(old)
        entry = entry_of(document, origin, self._given, self._today.isoformat(), old, untouched)
        if old is None:
            identifier = new_id(origin, self._ids, {str(other.get("original", "")) for other in self._entries} | self._named)
            self._ids.add(identifier)
            entry = {"id": identifier, "file": f"texts/{identifier}.md", **entry}
        else:
            entry = {"id": str(old["id"]), "file": str(old["file"]), **entry}
        self._named.add(origin.name)
        text = to_text(document, entry["title"])
        entry["original_sha256"] = hashlib.sha256(raw).hexdigest()
        entry["imported_sha256"] = hashlib.sha256(text.encode()).hexdigest()
        state = self._state(old, entry)
        source = self._source(entry, text, old)
        unread = not_searchable(document)
        document.doubts += [unread] if unread else []
        draft = Draft(origin.name, state, entry, text, document, source, len(split(source)),
                      "" if self._given.accept else objection(document.proof))
        if state in ("new", "changed"):
            draft.findings = self._findings(source)
        return draft

    def _entry_for(self, origin: Origin) -> dict[str, Any] | None:
        """The entry that an earlier import made of this document: the same name, in the same folder or in one that is gone."""
        same = [entry for entry in self._entries if entry.get("original") == origin.name]
        for entry in same:
            if entry.get("original_folder", "") in ("", origin.folder):
                return entry  # type: ignore[no-any-return]
        return next((entry for entry in same if not (self._folder / str(entry["original_folder"]) / origin.name).exists()), None)

    def _untouched(self, old: dict[str, Any] | None) -> str | None:
        """The text of an entry as the last import wrote it; None where it is not there or an editor has changed it."""
        path = self._folder / str(old["file"]) if old and old.get("file") else None
        raw = path.read_bytes() if path and path.is_file() else None
        return raw.decode() if raw and old and hashlib.sha256(raw).hexdigest() == old.get("imported_sha256") else None

    def vanished(self, origins: Sequence[Origin]) -> list[dict[str, Any]]:
        """Entries of documents that stood in the folders of ``origins`` and are no longer there."""
        folders = {origin.folder for origin in origins if origin.folder}
        return [entry for entry in self._entries if entry.get("original_folder") in folders
                and not (self._folder / str(entry["original_folder"]) / str(entry["original"])).exists()]

    def withdraw(self, entries: Sequence[dict[str, Any]]) -> list[str]:
        """Take entries out of the list, and their texts; ids of what is gone. A text that an editor changed stays as a file."""
        gone = []
        for entry in entries:
            text = self._folder / str(entry["file"])
            if self._untouched(entry) is not None:
                text.unlink()
            self._entries.remove(entry)
            gone.append(str(entry["id"]))
        if gone:
            _replace(self._listing, tomlkit.dumps(self._document))
        return gone

    def _taken(self, origin: Origin) -> tuple[bytes, Document]:
        if origin.path is not None:
            document = read_document(origin.path)  # it is bounded; only then are the bytes read here
            return origin.path.read_bytes(), document
        raw, suffix, final = fetch(origin.name)
        with tempfile.TemporaryDirectory(prefix="import-") as folder:
            file = Path(folder) / f"page{suffix}"
            file.write_bytes(raw)
            try:
                document = read_document(file)
            except Unreadable as error:
                raise Unreadable(str(error).replace(str(file), origin.name)) from None
        document.url = document.url or final
        return raw, document

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
        findings = [finding for finding in lint(corpus, self._shipped, self._today) if finding.where == where]
        findings += [Finding("error", where,
                             f"the words {phrase[:60]!r} under 'exclude' are not in the text any more: correct them "
                             "in sources.toml",
                             rule="exclude") for phrase in missing_excludes(source)]
        if not split(source):
            findings.append(Finding("error", where, "nothing of it can be quoted, for no full sentence was found: look at it",
                                    rule="no-passage"))
        return findings

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


def _replace(path: Path, text: str) -> None:
    """Put ``text`` in the place of a file in one step; it keeps its permissions."""
    replace_file(path, text.encode("utf-8"), path.stat().st_mode & 0o777 if path.exists() else READABLE)
