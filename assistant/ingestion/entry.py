"""a Document and what the operator said of it -> the entry of a source: title, publisher, date, id; and its language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assistant.ingestion.document import Document
from assistant.ingestion.locate import Origin

MAX_ID = 60  # characters
OF_PROGRAMS = re.compile(r"^Microsoft (?:Word|PowerPoint) - |\.(?:docx?|pdf|indd|odt|rtf|pptx?|html?|md|txt)$", re.IGNORECASE)
NO_TITLE = re.compile(r"(?:untitled(?: document)?|unbenannt|sans titre|sin t[ií]tulo|document|dokument|slide|presentation|title|"
                      r"powerpoint presentation|word document|new document|home|index|default|print|layout)[\s_-]*\d*|[\W\d_]*",
                      re.IGNORECASE)
ENGLISH = frozenset("the and of to a in is you it that for are or be with on as can your have if not this at by from will may "
                    "was they their do when more who what which should about people been has".split())
OTHERS = frozenset("der die das und ist nicht von mit le la les des et est une que los las el de para con il di che non per het "
                   "een van och att det som nie jest sie na do i je se ve bir bu ja on ei".split())
FEWEST_ENGLISH = 0.1  # of the words of a text: English has about 0.4, other languages in Latin letters up to 0.06
LISTS = 0.02  # lists in English have fewer, but not so few
ENOUGH_WORDS = 25


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
    accept: bool = False  # also documents whose words or numbers are not as in their file


def title_of(document: Document, origin: Origin) -> str:
    """The document's own title if it is one; else the largest heading with which it begins; else the file's name."""
    headings = [element for element in document.elements if element.kind == "heading" and element.page <= 1]
    stem = Path(urlsplit(origin.name).path or origin.name).stem.replace("_", " ").replace("-", " ").strip() or origin.name
    title = OF_PROGRAMS.sub("", OF_PROGRAMS.sub("", document.title)).strip()
    if headings and re.match(re.escape(headings[0].text) + r"\s+[-|·–—:]\s", title):
        return headings[0].text  # without the site's name behind it
    real = title and not NO_TITLE.fullmatch(title)
    if real and title == document.title.strip():
        return title
    if headings:  # the first of the highest level says more than the name of a file that a program took for a title
        return min(headings, key=lambda heading: heading.level).text
    return title if real else stem


def entry_of(document: Document, origin: Origin, given: Given, today: str, old: dict[str, Any] | None, on_disk: str | None
             ) -> dict[str, str]:
    """The fields of the entry, without its id and file. ``on_disk``: the text as it stands now, if an editor left it alone."""
    now = {"title": given.title or title_of(document, origin), "publisher": given.publisher or document.publisher or "unknown",
           "kind": given.kind or "unknown", "tier": "unreviewed", "url": given.url or document.url,
           "published": given.published or day_of(document.published), "rights": given.rights}
    always = {"retrieved": today, "original": origin.name, **({"original_folder": origin.folder} if origin.folder else {}),
              "publisher_imported": now["publisher"]}
    if old is None:
        return {**{key: value for key, value in now.items() if value}, **always}
    asked = {key for key in now if getattr(given, key, "")}
    if str(old.get("publisher", "")) in ("unknown", str(old.get("publisher_imported", "\0"))):
        asked.add("publisher")  # nobody changed it
    if on_disk and on_disk.split("\n", 1)[0] == f"# {old.get('title')}":
        asked.add("title")  # neither the title: it is the one that was imported
    kept = {key: str(old[key]) for key in now if old.get(key) and key not in asked}
    newer = {"published": now["published"]} if now["published"] > kept.get("published", "") else {}
    return {**{key: value for key, value in now.items() if value}, **kept, **newer, **always}


def new_id(origin: Origin, ids: set[str], names: Iterable[str]) -> str:
    """From the name: ``leaflets/Safer use.pdf`` is ``leaflets-safer-use``. Where another folder has a file of that name, the
    folder
    comes first; else a taken one gets its format, then a number."""
    address = urlsplit(origin.name) if origin.path is None else None
    base = _plain(f"{address.hostname or ''}{address.path}" if address else str(Path(origin.name).with_suffix("")))
    format_name = Path(origin.name).suffix.lower().lstrip(".") if origin.path else ""
    folder = Path(origin.folder).name if origin.folder else ""
    in_folder = [_plain(f"{folder}-{base}")] if folder and origin.name in names else []
    choices = [base, *in_folder, f"{base}-{format_name or 'page'}", *(f"{base}-{number}" for number in range(2, 9_999))]
    return next(choice for choice in choices if choice not in ids)


def _plain(name: str) -> str:
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[-MAX_ID:].strip("-") or "source"


def day_of(named: str) -> str:
    match = re.match(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", named)
    return match[0] if match else ""


def not_searchable(document: Document) -> str:
    """A sentence where the text is in a language that the search does not read; empty for English."""
    text = " ".join(element.text for element in document.elements)
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum("LATIN" in unicodedata.name(letter, "") for letter in letters[:5_000])
    prose = " ".join(element.text for element in document.elements if element.kind != "row")  # names and numbers are no language
    words = re.findall(r"[^\W\d_]+", prose.lower())[:3_000]
    foreign = bool(letters) and latin < 0.7 * min(len(letters), 5_000)
    english, other = sum(word in ENGLISH for word in words), sum(word in OTHERS for word in words)
    few = len(words) >= ENOUGH_WORDS and english < FEWEST_ENGLISH * len(words)
    if foreign or (few and (other > english or english < LISTS * len(words))):
        tongue = document.language
        named = f" (the file says: {tongue})" if tongue and not tongue.lower().startswith("en") else ""
        return f"not in English{named}: the search reads English alone, so no question will find this text"
    return ""
