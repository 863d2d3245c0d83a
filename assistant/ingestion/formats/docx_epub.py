"""bytes of a DOCX or EPUB -> Document. Both are ZIP archives: how far they may unpack is bounded."""

from __future__ import annotations

import posixpath
import re
import zipfile
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from assistant.ingestion.document import Document, UnreadableDocument, tidy
from assistant.ingestion.formats.html_elements import walk
from assistant.ingestion.formats.html_tree import page_tree, tag_of, text_of, xml_tree
from assistant.ingestion.formats.word_xml import heading_styles, settle, styles_of, without_hidden, words_of_xml

MAX_FILES, MAX_UNPACKED, MAX_RATIO = 5_000, 200 << 20, 300  # the ratio is of one file with a megabyte or more
WORD_TEXTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")


def read_docx(raw: bytes) -> Document:
    import mammoth

    archive = opened(raw)
    part_of(archive, "word/document.xml")
    trees = {name: xml_tree(part_of(archive, name))  # before mammoth, whose parser has no bound on nesting
             for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    styles = trees.get("word/styles.xml")
    named = styles_of(styles) if styles is not None else {}
    document = Document()
    layer = []
    for name in WORD_TEXTS:
        if name in trees:
            settle(trees[name], named)
            layer.append(words_of_xml(trees[name]))
            for what, text in without_hidden(trees[name], named):
                document.drop(what, text)
    headings = heading_styles(styles) if styles is not None else {}
    try:
        converted = mammoth.convert_to_html(
            BytesIO(_packed(archive, trees)), convert_image=mammoth.images.img_element(lambda image: {"src": ""}),
            style_map="\n".join(["p[style-name='Title'] => h1:fresh",
                                 "u => strong",  # a line that is underlined throughout is a heading too
                                 *(f"p[style-name='{name}'] => h{level}:fresh" for name, level in headings.items())]))
    except (KeyError, ValueError, AttributeError, TypeError, IndexError, OSError):
        raise UnreadableDocument("is damaged, Word's text in it cannot be read: open it in Word or LibreOffice "
                                 "and save it anew.") from None
    if "docProps/core.xml" in trees:
        core = {tag_of(child): child.text or "" for child in trees["docProps/core.xml"]}
        document.title = tidy(core.get("title", ""))
        document.published = (core.get("modified") or core.get("created") or "")[:10]
    if "docProps/app.xml" in trees:
        document.publisher = next((tidy(child.text or "") for child in trees["docProps/app.xml"] if tag_of(child) == "company"),
                                  "")
    root = page_tree(converted.value)
    if root is not None:
        walk(root, document)
    document.layer = ["\n".join(layer)]
    return document


def _packed(archive: zipfile.ZipFile, trees: dict[str, Any]) -> bytes:
    """The archive anew, with the trees in the place of their parts; pictures stay out."""
    from lxml import etree

    out = BytesIO()
    with zipfile.ZipFile(out, "w") as anew:
        for name in archive.namelist():
            if name in WORD_TEXTS:
                anew.writestr(name, etree.tostring(trees[name], encoding="utf-8", xml_declaration=True))
            elif name in trees or name == "[Content_Types].xml":
                anew.writestr(name, part_of(archive, name))
    return out.getvalue()


def read_epub(raw: bytes) -> Document:
    archive = opened(raw)
    names = archive.namelist()
    container = next((name for name in names if name.endswith("META-INF/container.xml")), None)
    if container is None:
        raise UnreadableDocument("has no table of its parts (META-INF/container.xml), so it is no EPUB or not whole.")
    base = container.removesuffix("META-INF/container.xml")  # some archives hold the book in a folder
    keys = base + "META-INF/encryption.xml"  # fonts may be, that locks no text
    locked = keys in names and re.search(rb"URI=\"[^\"]+html?\"", part_of(archive, keys))
    if base + "META-INF/rights.xml" in names or locked:
        raise UnreadableDocument("is locked by its seller (DRM): ask the publisher for a copy that is not.")
    package_name = base + next((str(item.get("full-path")) for item in xml_tree(part_of(archive, container)).iter()
                                if tag_of(item) == "rootfile"), "")
    package = xml_tree(part_of(archive, package_name))
    document = Document()
    hrefs: dict[str, str] = {}
    order: list[str] = []
    for item in package.iter():
        tag, said = tag_of(item), tidy(item.text or "")
        if tag == "item" and "html" in (item.get("media-type") or "") and "nav" not in (item.get("properties") or ""):
            hrefs[item.get("id", "")] = item.get("href", "")
        elif tag == "itemref":
            order.append(item.get("idref", ""))
        elif tag in ("title", "publisher") and said and not getattr(document, tag):
            setattr(document, tag, said)
        elif tag == "date" and said and not document.published:
            document.published = said[:10]
    for name in (hrefs[key] for key in order if key in hrefs):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(package_name), unquote(name)))
        root = page_tree(part_of(archive, path))
        for body in root.iter("body") if root is not None else ():
            walk(body, document)
            document.layer = ["\n".join([*document.layer, text_of(body)])]
    return document


def opened(raw: bytes) -> zipfile.ZipFile:
    """A DOCX or EPUB. Raises UnreadableDocument for what would unpack to more than a document holds."""
    try:
        archive = zipfile.ZipFile(BytesIO(raw))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        raise UnreadableDocument("is damaged or not whole: save or download it anew.") from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableDocument("is locked with a password: save a copy without one and import that.")
    most = max((entry.file_size / max(1, entry.compress_size) for entry in entries if entry.file_size > 1 << 20), default=0)
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_UNPACKED or most > MAX_RATIO:
        raise UnreadableDocument("would unpack to far more than a document holds (an archive bomb): it is not opened.")
    return archive


def part_of(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (KeyError, zipfile.BadZipFile, zipfile.error, NotImplementedError, EOFError, OSError):
        raise UnreadableDocument("is damaged or not whole: save or download it anew.") from None
