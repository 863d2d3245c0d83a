"""bytes of a page or of XML -> a tree to walk, or Refused. The only importer of lxml."""

from __future__ import annotations

import re
from typing import Any


class Refused(Exception):
    """The document cannot be read; the message continues "FILE ..."."""


def xml_tree(raw: bytes) -> Any:
    from lxml import etree

    try:
        return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError):
        raise Refused("is damaged: a part of it is not what it should be. Save it anew.") from None


def page_tree(raw: bytes | str) -> Any:
    """The root of a page, in the encoding that it names or that fits; None where there is nothing."""
    from lxml import etree, html

    if isinstance(raw, bytes):
        raw = decoded(raw, re.search(rb"charset=[\"']?([\w-]+)", raw[:4096]))
    parser = html.HTMLParser(huge_tree=False)
    try:  # an encoding named in the text would be refused in a str
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", raw), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        raise Refused("is nested far deeper than a document is: it is not read.")
    return root


def decoded(raw: bytes, named: re.Match[bytes] | None = None) -> str:
    """Text in UTF-8, in the encoding that it names, in UTF-16 with its mark, or else in Windows' own."""
    wide = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else None
    for encoding in (wide, "utf-8-sig", named and named[1].decode("ascii"), "cp1252"):
        try:
            if encoding:
                return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("latin-1")
