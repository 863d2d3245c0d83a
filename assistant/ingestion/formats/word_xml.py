"""the XML of a Word document -> the same without what nobody is shown, and with formulas as text; and its words, for the proof.

mammoth reads what is left: it knows nothing of hidden text, drops moved text and formulas, and cannot tell a raised position.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.ingestion.formats.html_tree import tag_of

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RAISED_BY = 4  # half points: from here on a raised position is a raised sign
OFF = ("0", "false", "off", "none")


def is_on(properties: Any, name: str) -> bool:
    """True where the properties of a run switch ``name`` on."""
    found = properties.find(WORD + name) if properties is not None else None
    return found is not None and found.get(WORD + "val", "true").lower() not in OFF


def hidden_styles(styles: Any) -> set[str]:
    """The ids of styles whose text is hidden."""
    return {style.get(WORD + "styleId", "") for style in styles.iter(WORD + "style") if is_on(style.find(WORD + "rPr"), "vanish")}


def heading_styles(styles: Any) -> dict[str, int]:
    """Names of styles that are headings by what they are based on or by their outline level, with that level."""
    by_id = {style.get(WORD + "styleId", ""): style for style in styles.iter(WORD + "style")
             if style.get(WORD + "type") == "paragraph"}
    levels: dict[str, int] = {}
    for style in by_id.values():
        name = _value(style.find(WORD + "name"))
        at, steps = style, 0
        while at is not None and steps < 10:
            steps += 1
            own = _value(at.find(WORD + "name")).lower()
            outline = at.find(f"{WORD}pPr/{WORD}outlineLvl")
            level = int(own[-1]) if own[:-1] == "heading " and own[-1:].isdigit() else (
                int(_value(outline)) + 1 if outline is not None and _value(outline).isdigit() else 0)
            if 1 <= level <= 6:
                levels[name] = level
            if level:
                break
            at = by_id.get(_value(at.find(WORD + "basedOn")))
    return {name: level for name, level in levels.items() if name and "'" not in name and "toc" not in name.lower()}


def _value(element: Any) -> str:
    return element.get(WORD + "val", "") if element is not None else ""


def without_hidden(root: Any, hidden: set[str]) -> Iterator[str]:
    """Take out what is hidden or was deleted, from the tree itself; the words that are gone, but for deleted ones."""
    for gone in [*root.iter(WORD + "del"), *root.iter(WORD + "moveFrom")]:
        if gone.getparent() is not None and tag_of(gone.getparent()) not in ("rPr", "trPr"):
            gone.getparent().remove(gone)
    for moved in root.iter(WORD + "moveTo"):
        moved.tag = WORD + "ins"
    for run in list(root.iter(WORD + "r")):
        properties = run.find(WORD + "rPr")
        paragraph = next((above for above in run.iterancestors(WORD + "p")), None)
        style = _value(properties.find(WORD + "rStyle")) if properties is not None else ""
        of_paragraph = _value(paragraph.find(f"{WORD}pPr/{WORD}pStyle")) if paragraph is not None else ""
        shown = properties is not None and properties.find(WORD + "vanish") is not None and not is_on(properties, "vanish")
        if not shown and (is_on(properties, "vanish") or style in hidden or of_paragraph in hidden):
            yield words_of_xml(run)
            run.getparent().remove(run)
            continue
        position = _value(properties.find(WORD + "position")) if properties is not None else ""
        if properties is not None and properties.find(WORD + "vertAlign") is None and position.lstrip("-").isdigit() and abs(
                int(position)) >= RAISED_BY:
            align = properties.makeelement(WORD + "vertAlign",
                                           {WORD + "val": "superscript" if int(position) > 0 else "subscript"})
            properties.append(align)
    for formula in [element for element in root.iter() if tag_of(element) == "omath"]:
        _as_runs(formula)


def _as_runs(formula: Any) -> None:
    """Put runs of text in the place of a formula."""
    runs = list(_runs(formula, ""))
    parent = formula.getparent()
    at = parent.index(formula)
    tail = formula.tail
    parent.remove(formula)
    if tag_of(parent) == "omathpara":
        parent.tag = WORD + "ins"
    for number, (text, align) in enumerate(runs):
        run = parent.makeelement(WORD + "r")
        if align:
            properties = run.makeelement(WORD + "rPr")
            properties.append(run.makeelement(WORD + "vertAlign", {WORD + "val": align}))
            run.append(properties)
        shown = run.makeelement(WORD + "t")
        shown.text = text
        run.append(shown)
        parent.insert(at + number, run)
    if runs and tail:
        parent[at + len(runs) - 1].tail = tail


def _runs(element: Any, align: str) -> Iterator[tuple[str, str]]:
    for child in element:
        tag = tag_of(child)
        if tag == "t":
            yield child.text or "", align
        elif tag in ("sup", "sub"):
            yield from _runs(child, "superscript" if tag == "sup" else "subscript")
        elif tag == "den":
            yield "/", align
            yield from _runs(child, align)
        elif not tag.endswith("pr"):
            yield from _runs(child, align)


def words_of_xml(root: Any) -> str:
    """All text that a reader of the XML finds, paragraphs apart; of a drawing with a stand-in, the stand-in alone."""
    parts: list[str] = []

    def gather(at: Any) -> None:
        for child in at:
            tag = tag_of(child)
            if tag in ("del", "movefrom", "instrtext", "deltext") or (tag == "choice" and any(
                    tag_of(other) == "fallback" for other in at)):
                continue
            if tag == "t":
                parts.append(child.text or "")
            elif tag in ("tab", "br", "cr", "ptab"):
                parts.append(" ")
            elif tag == "nobreakhyphen":
                parts.append("-")
            else:
                gather(child)
                if tag in ("p", "tc", "den"):
                    parts.append("\n")

    gather(root)
    if tag_of(root) == "t":
        parts.append(root.text or "")
    return "".join(parts)
