"""bytes of a DOCX or EPUB -> Paper. Both are ZIP archives: how far they may unpack is bounded. The only importer of mammoth."""

from __future__ import annotations

import posixpath
import re
import zipfile
from io import BytesIO
from urllib.parse import unquote

from assistant.ingestion.document import Paper, tidy
from assistant.ingestion.html_elements import tag_of, walk
from assistant.ingestion.html_tree import Refused, page_tree, xml_tree

MAX_FILES, MAX_UNPACKED, MAX_RATIO = 5_000, 200 << 20, 300  # the ratio is of one file with a megabyte or more


def read_docx(raw: bytes) -> Paper:
    import mammoth

    archive = opened(raw)
    part_of(archive, "word/document.xml")
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            xml_tree(part_of(archive, name))  # before mammoth, whose parser has no bound on nesting
    paper = Paper()
    try:
        made = mammoth.convert_to_html(BytesIO(raw), convert_image=mammoth.images.img_element(lambda image: {"src": ""}))
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, OSError):
        raise Refused("is damaged, Word's text in it cannot be read: open it in Word or LibreOffice and save it anew.") from None
    if "docProps/core.xml" in archive.namelist():
        core = {tag_of(child): child.text or "" for child in xml_tree(part_of(archive, "docProps/core.xml"))}
        paper.title = tidy(core.get("title", ""))
        paper.published = (core.get("modified") or core.get("created") or "")[:10]
    if "docProps/app.xml" in archive.namelist():
        paper.publisher = next((tidy(child.text or "") for child in xml_tree(part_of(archive, "docProps/app.xml"))
                                if tag_of(child) == "Company"), "")
    root = page_tree(made.value)
    if root is not None:
        walk(root, paper)
    return paper


def read_epub(raw: bytes) -> Paper:
    archive = opened(raw)
    names = archive.namelist()
    container = next((name for name in names if name.endswith("META-INF/container.xml")), None)
    if container is None:
        raise Refused("has no table of its parts (META-INF/container.xml), so it is no EPUB or not whole.")
    base = container.removesuffix("META-INF/container.xml")  # some archives hold the book in a folder
    keys = base + "META-INF/encryption.xml"  # fonts may be, that locks no text
    locked = keys in names and re.search(rb"URI=\"[^\"]+html?\"", part_of(archive, keys))
    if base + "META-INF/rights.xml" in names or locked:
        raise Refused("is locked by its seller (DRM): ask the publisher for a copy that is not.")
    package_name = base + next((str(item.get("full-path")) for item in xml_tree(part_of(archive, container)).iter()
                                if tag_of(item) == "rootfile"), "")
    package = xml_tree(part_of(archive, package_name))
    paper = Paper()
    hrefs: dict[str, str] = {}
    order: list[str] = []
    for item in package.iter():
        tag, said = tag_of(item), tidy(item.text or "")
        if tag == "item" and "html" in (item.get("media-type") or "") and "nav" not in (item.get("properties") or ""):
            hrefs[item.get("id", "")] = item.get("href", "")
        elif tag == "itemref":
            order.append(item.get("idref", ""))
        elif tag in ("title", "publisher") and said and not getattr(paper, tag):
            setattr(paper, tag, said)
        elif tag == "date" and said and not paper.published:
            paper.published = said[:10]
    for name in (hrefs[key] for key in order if key in hrefs):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(package_name), unquote(name)))
        root = page_tree(part_of(archive, path))
        if root is not None:
            walk(root, paper)
    return paper


def opened(raw: bytes) -> zipfile.ZipFile:
    """A DOCX or EPUB. Raises Refused for what would unpack to more than a document holds."""
    try:
        archive = zipfile.ZipFile(BytesIO(raw))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        raise Refused("is damaged or not whole: save or download it anew.") from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("is locked with a password: save a copy without one and import that.")
    most = max((entry.file_size / max(1, entry.compress_size) for entry in entries if entry.file_size > 1 << 20), default=0)
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED or most > MAX_RATIO:
        raise Refused("would unpack to far more than a document holds (an archive bomb): it is not opened.")
    return archive


def part_of(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile, zipfile.error, NotImplementedError, EOFError, OSError):
        raise Refused("is damaged or not whole: save or download it anew.") from None
