"""an element of HTML -> why it is left out, or its words in one line, with raised digits, note marks and formulas as they are
read."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from assistant.ingestion.document import Document, tidy
from assistant.ingestion.formats.html_tree import BLOCKS, HEADINGS, NOT_TEXT, hidden_by_style, tag_of, text_of
from assistant.ingestion.formats.superscript import exponent, lowered, part_of_fraction, raised

DROPPED = {  # elements that are not text of the document, by the name under which the preview counts them
    **dict.fromkeys(NOT_TEXT, "scripts"), "head": "",
    "nav": "menus", "aside": "side columns", "footer": "page feet", "button": "forms", "select": "forms",
    "input": "forms", "textarea": "forms", "iframe": "embedded pages", "object": "embedded pages", "embed": "embedded pages",
    "img": "pictures", "svg": "pictures", "picture": "pictures", "canvas": "pictures", "video": "films", "audio": "films",
    "del": "struck words", "s": "struck words", "strike": "struck words", "dialog": "pop-up windows", "rp": "",
    "datalist": "forms",
}
ROLES = {"navigation": "menus", "search": "forms", "banner": "page heads", "contentinfo": "page feet", "dialog": "pop-up windows",
         "alertdialog": "pop-up windows"}
WITHIN_CELL = {"tr": ";", "td": ",", "th": ","}
MENU = 15  # links and nothing else: more are a menu
FURNITURE = re.compile(r"\b(?:menu|nav|navbar|breadcrumbs?|foot|footer|share|social|related|sidebar|banner|skip|pagination)\b",
                       re.IGNORECASE)
COOKIE = re.compile(r"cookie|consent|gdpr|onetrust|\bcc-|privacy|truste|qc-cmp|didomi|usercentrics|iubenda|osano",
                    re.IGNORECASE)
OF_SITE = re.compile(r"\b(?:we|(?:this|our) (?:web)?(?:site|page)s?)\b[^.!?]{0,60}\bcookies\b", re.IGNORECASE)
MAX_COOKIE_LINE = 60  # words
CONTROL = re.compile(r"\W*(?:(?:show|read|see|view|load|learn) (?:more|less|all)|(?:expand|collapse|open|close)(?: all)?"
                     r"|menu|search|share|print|toggle.*|back|next|previous|copy(?: link)?|accept.*|reject.*|dismiss)?\W*",
                     re.IGNORECASE)
PAGE_BREAK = re.compile(r"\b(?:doc-)?page-?break\b|\bpage-?num(?:ber)?\b|\bpageno\b", re.IGNORECASE)
TOGGLE = re.compile(r"accordion|collaps|toggle|expand|disclosure|faq|question", re.IGNORECASE)
PANEL = re.compile(r"accordion|collaps|panel|tab|toggle|expand|answer|faq|details", re.IGNORECASE)
HIDING = frozenset("d-none hidden is-hidden hide invisible sr-only visually-hidden visuallyhidden screen-reader-text "
                   "screenreader element-invisible offscreen print-only".split())  # names by which the usual style sheets hide
SHOWN_ON_A_SCREEN = re.compile(r"\b(?:d-)?(?:sm|md|lg|xl|xxl|2xl)[:-](?:block|flex|grid|inline|table)")
NOTE_LINK = re.compile(r"#(?:_?(?:foot|end)note(?!.*ref)|_?(?:ftn|edn)(?!.*ref)|fn(?!.*ref)|cite[_-]?note|note[-_]?\d)",
                       re.IGNORECASE)
OFF_LINE = re.compile(r"(?<![\w-])(sup(?:er)?|sub)(?:script)?(?![\w-])", re.IGNORECASE)
BACK_LINK = re.compile(r"[↑↩⤴^⇑⏎↵←\ufe0e\ufe0f\s]+$|#(?:(?:foot|end)?note-?ref|_?(?:ftn|edn|fn)-?ref|cite[_-]?ref)",
                       re.IGNORECASE)


class Shown:
    """What of a page is shown to a reader. ``around``: elements that are no part of the main text."""

    def __init__(self, document: Document, root: Any, around: Container[Any] = ()) -> None:
        self._document, self._around = document, around
        self._opened = {name.lstrip("#") for element in root.iter() if isinstance(element.tag, str)
                        for attribute in ("aria-controls", "data-target", "data-bs-target")
                        for name in (element.get(attribute) or "").split()}

    def reason(self, child: Any) -> str | None:
        """Why an element is left out, by a name that people understand; None for text of the document."""
        tag = tag_of(child)
        role, style = child.get("role") or "", (child.get("style") or "").replace(" ", "").lower()
        names = f"{child.get('id') or ''} {child.get('class') or ''}"
        if tag == "button" or role == "button":
            words = text_of(child).strip()
            opens = child.get("aria-expanded") or child.get("aria-controls") or child.get("data-toggle") or TOGGLE.search(names)
            if CONTROL.fullmatch(words) or (tag == "button" and not (words and opens)):
                return "forms"
            return None
        inside = any(tag_of(above) in ("main", "article", "blockquote") or above.get("role") == "main"
                     for above in child.iterancestors())
        if tag in ("aside", "footer") and ("footnote" in said_kind(child) or (inside and not is_furniture(child))):
            return None  # a box in the middle of the text
        if tag in DROPPED:
            return DROPPED[tag]
        if role in ROLES:
            return ROLES[role]
        if "line-through" in style:
            return "struck words"
        if self._hidden(child, style, names):
            return "hidden parts"
        if tag in ("div", "section", "form", "p", "ul", "aside") and _on_cookies(child, names):
            return "cookie banners"
        if tag in ("ul", "ol") and _lists_links(child):
            return "lists of links"
        if child in self._around:
            return "parts around the main text"
        if re.search(r"\d", text_of(child)) and PAGE_BREAK.search(said_kind(child)) and len(text_of(child).split()) < 4:
            return "page numbers"
        return _note_mark(child) if tag in ("a", "sup") else None

    def _hidden(self, child: Any, style: str, names: str) -> bool:
        by_name = HIDING.intersection(names.split()) and not SHOWN_ON_A_SCREEN.search(names)
        if not (child.get("hidden") is not None or child.get("aria-hidden") == "true" or hidden_by_style(style) or by_name):
            return False
        opens = child.get("id") in self._opened or child.get("role") == "tabpanel" or (
            child.get("aria-labelledby") and child.get("role") == "region") or PANEL.search(names)
        return not opens  # what a button opens is text of the page

    def is_hidden(self, child: Any) -> bool:
        """True for what the page itself hides, and no button of it opens."""
        return self._hidden(child, (child.get("style") or "").replace(" ", "").lower(), child.get("class") or "")

    def leave_out_words(self, reason: str, words: str) -> None:
        self._document.drop(reason, words)

    def leave_out(self, child: Any) -> bool:
        """True for what is no text of the document; its words are kept for the proof."""
        reason = self.reason(child)
        if reason is not None:
            self._document.drop(reason, text_of(child))
        return reason is not None

    def words(self, element: Any, with_buttons: bool = False) -> str:
        """The words inside a heading or a cell."""
        parts: list[str] = []

        def gather(at: Any) -> None:
            parts.append(at.text or "")
            for child in at:
                tag = tag_of(child)
                if tag and ((tag == "button" and with_buttons) or not self.leave_out(child)):
                    if off_line(child, "".join(parts)):
                        parts.append(self.raised(child, "".join(parts)))
                    else:
                        gap = " " if tag in BLOCKS or tag == "br" else ""
                        if tag in WITHIN_CELL and child.getprevious() is not None:  # of a table in a cell
                            while parts and not parts[-1].strip():
                                parts.pop()
                            parts.append(WITHIN_CELL[tag])
                        parts.append(gap)
                        gather(child)
                        parts.append(gap)
                parts.append(child.tail or "")

        gather(element)
        return tidy("".join(parts))

    def raised(self, child: Any, before: str) -> str:
        """A raised or lowered run, or a formula, as it is written behind ``before``."""
        if tag_of(child) == "math":
            return _formula(child, before)
        written = lowered if off_line(child, before) == "sub" else raised
        return written(before[-40:], self.words(child), (child.tail or "")[:3])


def _on_cookies(child: Any, names: str) -> bool:
    """True for a banner about cookies, by its name, or a line of its own that says what the site does with them."""
    text = text_of(child)
    if not re.search(r"\bcookies?\b", text, re.IGNORECASE):
        return False
    whole = len(text.split()) <= MAX_COOKIE_LINE and not any(tag_of(inner) in BLOCKS for inner in child.iterdescendants())
    return bool(COOKIE.search(f"{names} {child.get('aria-label') or ''}") or (whole and OF_SITE.search(text)))


def _lists_links(element: Any) -> bool:
    """True for a list whose every word is a link within the page, its table of contents; or for so many links that it is a
    menu."""
    items = [child for child in element if tag_of(child) == "li"]
    links = [link for link in element.iter("a") if link.get("href")]
    linked = sum(len(text_of(link).split()) for link in links)
    return len(items) > 1 and 0 < len(text_of(element).split()) == linked and (
        len(items) > MENU or all(link.get("href").startswith("#") for link in links))


def off_line(child: Any, before: str) -> str:
    """"sup", "sub" or "math" for what does not stand on the line, or may not be run into the number ``before`` it; else empty."""
    tag, style = tag_of(child), (child.get("style") or "").replace(" ", "").lower()
    if tag in ("sup", "sub", "math"):
        return tag
    named = OFF_LINE.search(child.get("class") or "")
    if "vertical-align:su" in style or named:
        return "sub" if "vertical-align:sub" in style or (named and named[1].lower() == "sub") else "sup"
    glued = before[-1:].isalnum() and re.fullmatch(r"\s*\[?\d{1,3}\]?\s*", text_of(child))
    return "sup" if tag == "a" and glued else ""


def is_furniture(element: Any) -> bool:
    """True for what reads like a menu or a foot: links, or what its class calls so."""
    if tag_of(element) in HEADINGS or any(tag_of(inner) in HEADINGS for inner in element.iter()):
        return False
    words = len(text_of(element).split())
    linked = sum(len(text_of(link).split()) for link in element.iter("a"))
    named = FURNITURE.search(f"{element.get('id') or ''} {element.get('class') or ''}")
    return bool(named) or linked > 0.5 * words


def said_kind(element: Any) -> str:
    """What an element says of itself: epub:type, role, class, rel."""
    return " ".join(value for name, value in element.items()
                    if name.rsplit("}")[-1] in ("type", "role", "class", "epub:type", "rel"))


def _note_mark(element: Any) -> str | None:
    """The name under which the mark of a note or the way back from it is left out; None for other links and raised signs."""
    text = text_of(element).strip()
    if tag_of(element) == "sup":
        link = next((inner for inner in element.iter() if tag_of(inner) == "a"), None)
        if element.get("role") == "doc-noteref" or any("noteref" in value for value in element.values()):
            return "note marks"
        return _note_mark(link) if link is not None and text_of(link).strip() == text else None
    said = said_kind(element)
    href = element.get("href") or ""
    short = len(text) <= 8
    if re.search(r"backlink|backref|back-ref|reversefootnote", said) or (short and text and BACK_LINK.match(text)) or (
            short and BACK_LINK.search(href)):
        return "note marks"
    if re.search(r"noteref|footnote-?ref|footnote-anchor", said) or (short and re.search(r"\d|[*†‡§]", text)
                                                                     and NOTE_LINK.search(href)):
        return "note marks"
    return None


def _formula(math: Any, before: str) -> str:
    """A formula in one line: exponents are raised, all else as it stands."""
    text = (math.text or "").strip()
    for child in math:
        tag = tag_of(child)
        if tag in ("annotation", "annotation-xml"):
            continue
        if tag in ("msup", "msub") and len(child) == 2:
            text += _formula(child[0], before + text)
            inner = _formula(child[1], "")
            text += exponent(inner) if tag == "msup" else lowered(before + text, inner)
        elif tag == "mfrac" and len(child) == 2:
            text += "/".join(part_of_fraction(_formula(part, "")) for part in child)
        else:
            text += _formula(child, before + text)
        text += (child.tail or "").strip()
    return text
