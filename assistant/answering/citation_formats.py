"""citations, their sources -> CSL-JSON, BibTeX, RIS, W3C Web Annotations: what reference managers and annotators read.

    citations --by source--> entries --csl, bibtex, ris--> one record a source, its quotes as notes with their receipts
    citations -------------- annotation -----------------> one annotation a quote: exact words and place in the stored text

No library: writing these forms is short, and so the libraries that read them can judge it in the tests. An editor's
note and a publisher's interest go with the quote. Neither question nor notice is in them: whoever calls shows the notice.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from assistant.links import safe_url
from assistant.messages import note_words
from assistant.schema import Citation, Source

CONTEXT = 32  # characters kept before and after an exact quote, as Hypothesis does; they tell equal quotes apart
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ketamine-answers")  # ids are made from receipts, so the same quote keeps its id
BIBTEX = {  # what means something to TeX
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&", "_": r"\_",
}
UNPAIRED = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}  # BibTeX counts braces even behind a backslash


@dataclass(frozen=True)
class Entry:
    """One source to be cited. ``notes``: a line for each quote taken from it."""

    id: str
    title: str
    publisher: str  # empty when nobody knows
    url: str | None  # only a plain http(s) one
    published: str | None
    retrieved: str | None
    notes: tuple[str, ...] = ()
    pages: str = ""  # of the original, on which the quotes stand: "2, 5"


def entries(citations: Iterable[Citation]) -> list[Entry]:
    """One entry a source, in the order of the first quote from each; the same quote is noted once."""
    by_source: dict[str, list[Citation]] = {}
    for cited in citations:
        by_source.setdefault(cited.source_id, []).append(cited)
    return [_entry(cited[0], tuple(dict.fromkeys(_note(one) for one in cited)),
                   ", ".join(str(page) for page in sorted({one.page for one in cited if one.page})))
                   for cited in by_source.values()]


def _entry(cited: Citation | Source, notes: tuple[str, ...] = (), pages: str = "") -> Entry:
    name = cited.source_id if isinstance(cited, Citation) else cited.id
    publisher = line(cited.publisher)
    return Entry(name, line(cited.title), "" if publisher.lower() == "unknown" else publisher, address(cited.url),
                 cited.published, cited.retrieved, notes, pages)


def address(url: str | None) -> str | None:
    """A plain web address, braces percent-encoded as every standard wants them; None for anything else."""
    safe = safe_url(url)
    return re.sub("[{}]", lambda brace: f"%{ord(brace[0]):X}", safe) if safe else None


def entry_of(source: Source) -> Entry:
    """The entry of a source as a whole, without quotes."""
    return _entry(source)


def _note(cited: Citation) -> str:
    interest = f"Interest: {cited.interest}" if cited.interest else ""
    page = f"(page {cited.page})" if cited.page else ""
    return line(" ".join(part for part in (f"“{cited.exact}”", page, f"[{cited.receipt}]", note_words(cited.note), interest)
                         if part))


def line(text: str) -> str:
    """``text`` on one line without control characters. Example: "a\\n\\x1bb" -> "a b"."""
    return " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in text).split())


def date_parts(text: str | None) -> tuple[int, ...]:
    """Example: "2024-10" -> (2024, 10). Empty for what is no such date."""
    match = DATE.fullmatch(text or "")
    parts = tuple(int(part) for part in match.groups() if part) if match else ()
    possible = all(low <= part <= high for part, low, high in zip(parts, (1, 1, 1), (9999, 12, 31), strict=False))
    return parts if possible else ()


def csl(entries: Sequence[Entry]) -> str:
    """CSL-JSON: the list that Zotero, Pandoc and every citeproc read."""
    return json.dumps([_csl(entry) for entry in entries], ensure_ascii=False, indent=1) + "\n"


def _csl(entry: Entry) -> dict[str, Any]:
    record: dict[str, Any] = {"id": entry.id, "type": "webpage" if entry.url else "document", "title": entry.title}
    if entry.publisher:
        record |= {"author": [{"literal": entry.publisher}], "publisher": entry.publisher}
    if entry.url:
        record["URL"] = entry.url
    for name, day in (("issued", entry.published), ("accessed", entry.retrieved)):
        parts = date_parts(day)
        if parts or day:
            record[name] = {"date-parts": [list(parts)]} if parts else {"literal": line(day or "")}
    if entry.pages:
        record["page"] = entry.pages
    return record | ({"annote": "\n".join(entry.notes)} if entry.notes else {})


def bibtex(entries: Sequence[Entry]) -> str:
    """BibTeX: one @misc a source, for LaTeX."""
    return "\n".join(_bibtex(key, entry) for key, entry in zip(keys(entries), entries, strict=True))


def _bibtex(key: str, entry: Entry) -> str:
    year, month, *_ = (*date_parts(entry.published), 0, 0)
    retrieved = entry.retrieved if date_parts(entry.retrieved) else None
    fields = {
        "title": f"{{{escaped(entry.title)}}}",  # the second braces keep capitals
        "author": f"{{{escaped(entry.publisher)}}}" if entry.publisher else "",  # and an organisation from being cut into names
        "year": f"{year:04}" if year else "",
        "month": str(month) if month else "",
        "url": entry.url or "",
        "urldate": retrieved or "",
        "pages": entry.pages,
        "annote": escaped(" ".join(entry.notes)),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{lines}}}\n"


def escaped(text: str) -> str:
    """``text`` as TeX prints it. Example: "5% {x}" -> r"5\\% \\{x\\}"."""
    depths = list(accumulate((char == "{") - (char == "}") for char in text))
    paired = not depths or (min(depths) >= 0 and depths[-1] == 0)
    names = BIBTEX if paired else BIBTEX | UNPAIRED
    return "".join(names.get(char, char) for char in text)


def keys(entries: Sequence[Entry]) -> list[str]:
    """A citation key for each entry: its id in ASCII, with a number where two would be the same."""
    chosen: list[str] = []
    for entry in entries:
        plain = re.sub(r"[^A-Za-z0-9]+", "-", unicodedata.normalize("NFKD", entry.id)).strip("-") or "source"
        number, key = 1, plain
        while key in chosen:
            number += 1
            key = f"{plain}-{number}"
        chosen.append(key)
    return chosen


def ris(entries: Sequence[Entry]) -> str:
    """RIS: tagged lines, for EndNote and library catalogues."""
    return "\n".join(_ris(key, entry) for key, entry in zip(keys(entries), entries, strict=True))


def _ris(key: str, entry: Entry) -> str:
    year, month, day, *_ = (*date_parts(entry.published), 0, 0, 0)
    retrieved = date_parts(entry.retrieved)
    author = "" if "," in entry.publisher else entry.publisher  # readers would take a comma for "surname, first name"
    tags = [
        ("TY", "ELEC" if entry.url else "GEN"), ("ID", key), ("TI", entry.title), ("AU", author), ("PB", entry.publisher),
        ("PY", f"{year:04}" if year else ""),
        ("DA", f"{year:04}/{f'{month:02}' if month else ''}/{f'{day:02}' if day else ''}" if year else ""),
        ("UR", entry.url or ""), ("Y2", "/".join(f"{part:02}" for part in retrieved)),
        ("SP", entry.pages),
        *(("N1", note) for note in entry.notes),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in tags if value) + "ER  - \r\n"


def annotation(citations: Sequence[Citation], sources: Mapping[str, Source]) -> str:
    """A W3C Web Annotation collection (https://www.w3.org/TR/annotation-model/), one annotation a quote.

    Its target is the stored text, named by the hash of its bytes (RFC 6920), because that is where the words and offsets
    hold; the publisher's page is "dcterms:source". Offsets count code points from 0, the end not included.
    """
    unique = {cited.receipt: cited for cited in citations}
    items = [_annotation(cited, sources[cited.source_id]) for cited in unique.values()]
    collection = {
        "@context": "http://www.w3.org/ns/anno.jsonld", "id": _urn("collection", *sorted(unique)), "type": "AnnotationCollection",
        "generator": {"type": "Software", "name": "Ketamine Answers"}, "total": len(items),
        "first": {"id": _urn("page", *sorted(unique)), "type": "AnnotationPage", "startIndex": 0, "items": items},
    }
    return json.dumps(collection, ensure_ascii=False, indent=1) + "\n"


def _annotation(cited: Citation, source: Source) -> dict[str, Any]:
    words = [text for text in (note_words(cited.note), f"Interest: {cited.interest}" if cited.interest else "") if text]
    digest = base64.urlsafe_b64encode(bytes.fromhex(source.sha256)).decode().rstrip("=")
    text, url = source.text, address(cited.url)
    target: dict[str, Any] = {
        "type": "SpecificResource",
        "source": {"id": f"ni:///sha-256;{digest}", "type": "Text",
                   "format": "text/markdown" if source.file.lower().endswith((".md", ".markdown")) else "text/plain",
                   "dcterms:identifier": source.id, "dcterms:title": cited.title, "dcterms:publisher": cited.publisher,
                   **({"dcterms:source": {"id": url}} if url else {}),
                   **({"schema:pagination": str(cited.page)} if cited.page else {})},
        "selector": [
            {"type": "TextQuoteSelector", "exact": cited.exact, "prefix": text[max(0, cited.start - CONTEXT):cited.start],
             "suffix": text[cited.end:cited.end + CONTEXT]},
            {"type": "TextPositionSelector", "start": cited.start, "end": cited.end},
        ],
    }
    body = [{"type": "TextualBody", "value": value, "format": "text/plain", "purpose": "commenting"} for value in words]
    return {"id": _urn(cited.receipt), "type": "Annotation", "motivation": "commenting" if body else "highlighting",
            **({"body": body} if body else {}), "target": target}


def _urn(*parts: str) -> str:
    return uuid.uuid5(NAMESPACE, "\n".join(parts)).urn


BIBLIOGRAPHIES: dict[str, tuple[Callable[[Sequence[Entry]], str], str]] = {  # name -> writer, media type
    "csl": (csl, "application/vnd.citationstyles.csl+json"),
    "bibtex": (bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (ris, "application/x-research-info-systems; charset=utf-8"),
}
FORMS = (*BIBLIOGRAPHIES, "annotation")


def export(form: str, citations: Sequence[Citation], sources: Iterable[Source]) -> str:
    """All citations in one document of one of FORMS; empty lists are documents too."""
    if form == "annotation":
        return annotation(citations, {source.id: source for source in sources})
    return BIBLIOGRAPHIES[form][0](entries(citations))
