"""bytes of a page or of XML -> a tree to walk; and the words of a tree."""

from __future__ import annotations

import re
from typing import Any

from assistant.ingestion.document import UnreadableDocument

HEADINGS = {f"h{level}": level for level in range(1, 7)}
NOT_TEXT = ("script", "style", "noscript", "template")
BLOCKS = {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
          "dl", "dt",
          "fieldset", "figcaption", "figure", "footer", "form", *HEADINGS, "header", "hgroup", "hr", "html", "legend", "li",
          "main",
          "menu", "nav", "ol", "option", "p", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th",
          "thead",
          "tr", "ul", "button", "select", "textarea", "noscript", "video", "audio", "iframe", "object"}
NO_STYLE_OF_A_SCREEN = re.compile(r"@(?:media|supports|font-face|page|keyframes)[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
TELLING = re.compile(r"(?:display|visibility|text-decoration|text-decoration-line|vertical-align|opacity):[^;]+")  # what is shown
UNSEEN = re.compile(r"display:none|visibility:(?:hidden|collapse)|font-size:(?:0(?![.\d])|[01](?:\.\d+)?p[xt])"
                    r"|opacity:0(?![.\d])|left:-\d{4,}px")
ROLES_OF_TABLES = {"table": "table", "grid": "table", "rowgroup": "tbody", "row": "tr", "cell": "td", "gridcell": "td",
                   "columnheader": "th", "rowheader": "th"}
RULE_OF_STYLE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def xml_tree(raw: bytes) -> Any:
    from lxml import etree

    try:
        return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableDocument("is damaged: a part of it is not what it should be. Save it anew.") from None


def page_tree(raw: bytes | str) -> Any:
    """The root of a page, in the encoding that it names or that fits; None where there is nothing."""
    from lxml import etree, html

    if isinstance(raw, bytes):
        raw = decoded_page(raw)
    parser = html.HTMLParser(huge_tree=False)
    try:  # an encoding named in the text would be refused in a str
        root = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", raw), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        root = None
    if any("depth" in entry.message for entry in parser.error_log):
        raise UnreadableDocument("is nested far deeper than a document is: it is not read.")
    if root is not None:
        take_in_styles(root)
        take_in_roles(root)
    return root


def decoded_page(raw: bytes) -> str:
    """A page in the encoding that it names in its head."""
    return decoded(raw, re.search(rb"charset\s*=\s*[\"']?\s*([\w:.-]+)", raw[:4096], re.IGNORECASE)
                   or re.search(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w:.-]+)", raw[:200]))


def decoded(raw: bytes, named: re.Match[bytes] | None = None) -> str:
    """Text in UTF-8, in the encoding that it names, in UTF-16 with its mark, or else in Windows' own."""
    wide = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else None
    name = named[1].decode("ascii").lower() if named else None
    name = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
            "shift_jis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "iso-8859-9": "cp1254",
            "x-sjis": "cp932", "tis-620": "cp874"}.get(name or "", name)  # as browsers read them
    for encoding in (wide, "utf-8-sig", name, "cp1252"):
        try:
            if encoding:
                return raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("latin-1")


def tag_of(element: Any) -> str:
    """The name without its namespace; empty for comments and the like."""
    return element.tag.rsplit("}", 1)[-1].lower() if isinstance(element.tag, str) else ""


def stands_apart(element: Any) -> bool:
    return bool(tag_of(element)) and "display:block" in (element.get("style") or "").replace(" ", "").lower()


def hidden_by_style(style: str) -> bool:
    """``style`` without spaces, in lower case."""
    return bool(UNSEEN.search(style))


def take_in_styles(root: Any) -> None:
    """Write what the page's own style sheet says of a class or an id, whatever the screen, into the elements themselves."""
    styles: dict[str, str] = {}
    for sheet in root.iter("style"):
        for selectors, style in RULE_OF_STYLE.findall(NO_STYLE_OF_A_SCREEN.sub("", sheet.text or "")):
            told = ";".join(TELLING.findall(re.sub(r"\s", "", style.lower())))
            for match in [re.fullmatch(r"\s*\w*([.#][\w-]+)\s*", selector) for selector in selectors.split(",")]:
                if match and told:
                    styles[match[1]] = f"{styles.get(match[1], '')}{told};"
    for element in root.iter() if styles else ():
        if tag_of(element):
            names = [f"#{element.get('id')}", *(f".{name}" for name in (element.get("class") or "").split())]
            told = "".join(styles.get(name, "") for name in names)
            if told:
                element.set("style", told + (element.get("style") or ""))


def take_in_roles(root: Any) -> None:
    """Boxes that say they are a table become one."""
    for element in root.iter("div", "span", "p", "ul", "li"):
        element.tag = ROLES_OF_TABLES.get(element.get("role") or "", element.tag)


def text_of(element: Any) -> str:
    """All text inside, whatever it is, but for scripts and styles: the proof's own reading of a page."""
    parts: list[str] = []

    def gather(at: Any) -> None:
        tag = tag_of(at)
        parts.append(at.text or "" if tag and tag not in NOT_TEXT else "")
        for child in at:
            gap = " " if tag_of(child) in BLOCKS or tag_of(child) == "br" or stands_apart(child) else ""
            parts.append(gap)
            if tag_of(child) not in NOT_TEXT:
                gather(child)
            parts.append(gap)
            parts.append(child.tail or "")

    gather(element)
    return "".join(parts)
