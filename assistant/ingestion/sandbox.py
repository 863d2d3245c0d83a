"""path -> Document, read by a process of its own with limits; or one sentence about what is wrong with the file.

    file --size, kind by its bytes--> child (``worker``): 2 minutes, 2 GiB, no more --JSON--> Document
                                        +-- killed, out of memory, broken: Unreadable, and this process is none the worse
"""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

from assistant import child_process
from assistant.errors import BadInput
from assistant.ingestion.document import Document

MAX_BYTES = 100 << 20  # of a document; the largest of the ten tried has 4 MB
MAX_WAIT = 180.0  # seconds of a clock: a little more than the processor time that the child may use
SUFFIXES = {".pdf": "pdf", ".docx": "docx", ".html": "html", ".htm": "html", ".xhtml": "html", ".mhtml": "mhtml", ".mht": "mhtml",
            ".md": "md", ".markdown": "md", ".txt": "txt", ".text": "txt", ".epub": "epub"}
NAMES = {"pdf": "a PDF", "docx": "a Word document", "html": "a web page", "mhtml": "a saved web page", "md": "Markdown",
         "txt": "plain text", "epub": "an EPUB"}
OTHERS = ((b"\xd0\xcf\x11\xe0", "an old Office file, or one locked with a password"), (b"{\\rtf", "rich text (RTF)"),
          (b"\x7fELF", "a program"), (b"MZ", "a program"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"),
          (b"GIF8", "a picture"), (b"\x1f\x8b", "a compressed archive"), (b"BZh", "a compressed archive"),
          (b"7z\xbc\xaf", "a compressed archive"), (b"Rar!", "a compressed archive"), (b"\xfd7zXZ", "a compressed archive"))
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
MHTML = re.compile(rb"\A(?:From|MIME-Version|Snapshot-Content-Location|Subject|Date):.*multipart/related",
                   re.DOTALL | re.IGNORECASE)
TEXTS = ("txt", "md")


class Unreadable(BadInput):
    """A document that cannot be imported, in one sentence."""


def read_document(path: Path, timeout: float = MAX_WAIT) -> Document:
    """Raises Unreadable: too large, disguised, locked, damaged, without text, or dangerous."""
    format_name = kind_of(path)
    with tempfile.TemporaryDirectory(prefix="import-") as folder, tempfile.TemporaryFile() as out:
        child = child_process.start("assistant.ingestion.worker", format_name, str(path.resolve()), stdin=subprocess.DEVNULL,
                                    stdout=out, stderr=subprocess.DEVNULL, cwd=folder, env={"TMPDIR": folder, "HOME": folder})
        try:
            code = child.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Unreadable(f"{path} takes too long to read, so reading was stopped: split it, or save it anew.") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            child.wait()
        out.seek(0)
        said = out.read()
    return _paper(path, code, said)


def _paper(path: Path, code: int, said: bytes) -> Document:
    try:
        report = json.loads(said)
    except ValueError:
        if code in (-24, -9):  # SIGXCPU, SIGKILL: the limit on processor time, or somebody's
            raise Unreadable(f"{path} takes too long to read, so reading was stopped: split it, or save it anew.") from None
        raise Unreadable(f"{path} made its reader fail: it is damaged, or needs more memory than a document should. Save it anew "
                         "with the program that made it.") from None
    if "missing" in report:
        raise BadInput(f"Importing needs the package {report['missing']!r}: install the extra with "
                       "`pip install -c constraints.txt -e \".[import]\"`.")
    if "refused" in report:
        raise Unreadable(f"{path} {report['refused']}")
    return Document.from_json(report["document"])


def kind_of(path: Path) -> str:
    """The format, by name and by what the bytes say. Raises Unreadable when they disagree."""
    wanted = SUFFIXES.get(path.suffix.lower())
    if wanted is None:
        raise Unreadable(f"{path} is of no kind that can be imported: bring a {', '.join(sorted(SUFFIXES))} file.")
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(65_536)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read ({error.strerror}).") from None
    if size > MAX_BYTES:
        raise Unreadable(f"{path} has {size >> 20} MB, more than {MAX_BYTES >> 20}: split it into smaller files.")
    if not head.strip():
        raise Unreadable(f"{path} is empty.")
    format_name, name = _sniffed(path, head, wanted)
    if format_name != wanted:
        raise Unreadable(f"{path} is named {path.suffix} but holds {name}: give it its right name, or save it anew as what it "
                         "should be.")
    return wanted


def _sniffed(path: Path, head: bytes, wanted: str) -> tuple[str, str]:
    """(format, its name); the format is empty for what cannot be imported."""
    format_name = ""
    if b"%PDF-" in head[:1024]:
        format_name = "pdf"
    elif head[:2] == b"PK":
        format_name, name = _archive(path)
        if not format_name:
            return "", name
    else:
        for start, name in OTHERS:
            if head.startswith(start):
                return "", name
        wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
        if b"\0" in head and not wide:
            return ("", "no PDF, but binary data") if wanted == "pdf" else ("", "binary data")
        if MHTML.search(head[:4096]):
            format_name = "mhtml"
        elif HTML.search(head[:4096]) and wanted not in ("md",):
            format_name = "html"
        else:
            format_name = wanted if wanted in (*TEXTS, "html") else "txt"
    return format_name, NAMES[format_name]


def _archive(path: Path) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        suffix = SUFFIXES.get(path.suffix.lower(), "")
        return (suffix, NAMES[suffix]) if suffix in ("docx", "epub") else ("", "a damaged archive")
    if "word/document.xml" in names:
        return "docx", NAMES["docx"]
    if any(name.endswith("META-INF/container.xml") for name in names):
        return "epub", NAMES["epub"]
    return "", "an archive of other files (ZIP)"
