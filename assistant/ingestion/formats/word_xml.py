"""the XML of a Word document -> the same without what nobody is shown, and with formulas as text; and its words, for the proof.

mammoth reads what is left: it knows nothing of hidden text, drops moved text and formulas, and cannot tell a raised position.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from assistant.ingestion.formats.html_tree import tag_of
from assistant.ingestion.formats.superscript import exponent, lowered, part_of_fraction

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SMALLEST, FLATTEST = 3, 40  # half points of letters, twentieths of a point of a row: nobody reads what is not larger
ALIKE = 8  # of 255: a colour that differs by no more is the same
RAISED_BY = 4  # half points: from here on a raised position is a raised sign
OF_RUNS = ("vanish", "strike", "dstrike", "b", "u", "vertAlign", "position", "color", "sz", "shd", "highlight")  # styles set them
OF_CONTENTS = re.compile(r"toc \d", re.IGNORECASE)
Styles = dict[str, tuple[str, list[Any]]]  # by id: (name, properties of its runs)
OFF = ("0", "false", "off", "none")


def is_on(properties: Any, name: str) -> bool:
    """True where the properties of a run switch ``name`` on."""
    found = properties.find(WORD + name) if properties is not None else None
    return found is not None and found.get(WORD + "val", "true").lower() not in OFF


def styles_of(styles: Any) -> Styles:
    """What each style says of its runs (hidden, struck, bold, raised), with all that it is based on; and its name."""
    by_id = {style.get(WORD + "styleId", ""): style for style in styles.iter(WORD + "style")}
    said: Styles = {}
    for name, style in by_id.items():
        properties: dict[str, Any] = {}
        at, steps = style, 0
        while at is not None and steps < 10:
            of_runs = at.find(WORD + "rPr")
            grounds = [shade for shade in at.iter(WORD + "shd") if shade.getparent() is not of_runs]  # of paragraphs and cells
            for one in [*(of_runs if of_runs is not None else ()), *grounds]:
                if isinstance(one.tag, str) and one.tag.removeprefix(WORD) in OF_RUNS:
                    properties.setdefault(one.tag, one)
            at, steps = by_id.get(_value(at.find(WORD + "basedOn"))), steps + 1
        said[name] = (_value(style.find(WORD + "name")), list(properties.values()))
    return said


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


def _value(element: Any, name: str = "val") -> str:
    return str(element.get(WORD + name, "")) if element is not None else ""


def settle(root: Any, styles: Styles) -> None:
    """Changes that were tracked are accepted, signs of symbol fonts are letters, left-out cells are empty ones, and what a
    style says of a run stands at the run: mammoth sees none of these."""
    for gone in [*root.iter(WORD + "del"), *root.iter(WORD + "moveFrom")]:
        if gone.getparent() is not None and tag_of(gone.getparent()) not in ("rpr", "trpr"):
            gone.getparent().remove(gone)
    for moved in [*root.iter(WORD + "moveTo"), *root.iter(WORD + "fldSimple")]:
        moved.tag = WORD + "ins"
    for paragraph in list(root.iter(WORD + "p")):
        mark, below = paragraph.find(f"{WORD}pPr/{WORD}rPr/{WORD}del"), paragraph.getnext()
        if mark is not None and below is not None and below.tag == WORD + "p":  # its end was deleted: it goes on below
            at = 1 if below.find(WORD + "pPr") is not None else 0
            below[at:at] = [child for child in paragraph if child.tag != WORD + "pPr"]
            paragraph.getparent().remove(paragraph)
    for sign in list(root.iter(WORD + "sym")):
        letter = _letter(sign)
        if letter:
            sign.tag, sign.text = WORD + "t", letter
    for row in root.iter(WORD + "tr"):
        skipped = _value(row.find(f"{WORD}trPr/{WORD}gridBefore"))
        for _ in range(min(63, int(skipped)) if skipped.isdigit() else 0):
            cell = row.makeelement(WORD + "tc")
            cell.append(row.makeelement(WORD + "p"))
            row.insert(next(place for place, child in enumerate(row) if child.tag == WORD + "tc"), cell)
    for run in root.iter(WORD + "r"):
        _apply_styles(run, styles)


def _letter(sign: Any) -> str:
    """The letter that a sign of a symbol font stands for; empty where nobody knows."""
    from mammoth.docx.dingbats import dingbats

    number = int(sign.get(WORD + "char", "0"), 16) % 0xF000
    return chr(dingbats.get((sign.get(WORD + "font", ""), number), 0)).strip("\0")


def _apply_styles(run: Any, styles: Styles) -> None:
    properties = run.find(WORD + "rPr")
    paragraph = next((above for above in run.iterancestors(WORD + "p")), None)
    named = [_value(properties.find(WORD + "rStyle")) if properties is not None else "",
             _value(paragraph.find(f"{WORD}pPr/{WORD}pStyle")) if paragraph is not None else ""]
    for one in [one for name in named if name in styles for one in styles[name][1]]:
        if properties is None:
            properties = run.makeelement(WORD + "rPr")
            run.insert(0, properties)
        if properties.find(one.tag) is None:
            properties.append(copy.copy(one))
    if is_on(properties, "dstrike"):  # mammoth knows a single line alone
        properties.append(properties.makeelement(WORD + "strike"))
    position = _value(properties.find(WORD + "position")) if properties is not None else ""
    if properties is not None and properties.find(WORD + "vertAlign") is None and position.lstrip("-").isdigit() and abs(
            int(position)) >= RAISED_BY:
        properties.append(properties.makeelement(
            WORD + "vertAlign", {WORD + "val": "superscript" if int(position) > 0 else "subscript"}))


def without_hidden(root: Any, styles: Styles) -> Iterator[tuple[str, str]]:
    """Take out what nobody is shown and tables of contents; (name, words) of what is gone. Formulas become text."""
    for paragraph in list(root.iter(WORD + "p")):
        style = _value(paragraph.find(f"{WORD}pPr/{WORD}pStyle"))
        if OF_CONTENTS.fullmatch(styles.get(style, ("", []))[0]):
            yield "lines of a table of contents", words_of_xml(paragraph)
            for child in [child for child in paragraph if child.tag != WORD + "pPr"]:
                paragraph.remove(child)
    for row in [row for row in root.iter(WORD + "tr") if _is_hidden_row(row)]:
        yield "hidden parts", words_of_xml(row)
        row.getparent().remove(row)
    for run in list(root.iter(WORD + "r")):
        if is_on(run.find(WORD + "rPr"), "vanish") or _is_unseen(run, styles):
            yield "hidden parts", words_of_xml(run)
            run.getparent().remove(run)
    for formula in [element for element in root.iter() if tag_of(element) == "omath"]:
        _as_run(formula)


def _is_hidden_row(row: Any) -> bool:
    properties = row.find(WORD + "trPr")
    height = properties.find(WORD + "trHeight") if properties is not None else None
    flat = _value(height, "hRule") == "exact" and _value(height).isdigit() and int(_value(height)) <= FLATTEST
    return is_on(properties, "hidden") or flat


def _is_unseen(run: Any, styles: Styles) -> bool:
    """True for letters that are too small to be read, or of the colour of what they stand on."""
    properties = run.find(WORD + "rPr")
    if properties is None:
        return False
    size = _value(properties.find(WORD + "sz"))
    if size.isdigit() and int(size) <= SMALLEST:
        return True
    letters = _channels(_value(properties.find(WORD + "color")))
    ground = _channels(_ground(run, properties, styles)) if letters else None
    return bool(letters and ground) and all(abs(one - other) <= ALIKE for one, other in zip(letters or (), ground or (),
                                                                                            strict=True))


def _ground(run: Any, properties: Any, styles: Styles) -> str:
    """The colour behind a run: of its own shading, else of its paragraph, cell, table, else of the page. Empty where the file
    does not say it, as in a box that is drawn."""
    if _value(properties.find(WORD + "highlight")) not in ("", "none", "white"):
        return ""
    shades = [properties.find(WORD + "shd")]
    for above in run.iterancestors():
        tag = tag_of(above)
        if tag in ("txbxcontent", "drawing", "pict") or above.find(WORD + "background") is not None:
            return ""
        if tag in ("p", "tc", "tbl"):
            of_it = above.find(f"{WORD}{above.tag.removeprefix(WORD)}Pr")
            shades += [of_it.find(WORD + "shd")] if of_it is not None else []
            named = _value(of_it.find(WORD + "tblStyle")) if of_it is not None else ""
            if any(one.tag == WORD + "shd" for one in styles.get(named, ("", []))[1]):
                return ""  # which of its rows are shaded is not told
    fills = [_value(shade, "fill").upper() for shade in shades if shade is not None]
    return next((fill for fill in fills if _channels(fill)), "FFFFFF")


def _channels(colour: str) -> tuple[int, ...] | None:
    return tuple(bytes.fromhex(colour)) if re.fullmatch(r"[0-9A-Fa-f]{6}", colour) else None


def _as_run(formula: Any) -> None:
    """Put a run of text in the place of a formula."""
    run = formula.makeelement(WORD + "r")
    shown = formula.makeelement(WORD + "t")
    shown.text, run.tail = _formula(formula), formula.tail
    run.append(shown)
    parent = formula.getparent()
    parent.replace(formula, run)
    if tag_of(parent) == "omathpara":
        parent.tag = WORD + "ins"


def _formula(element: Any) -> str:
    text = ""
    for child in element:
        tag = tag_of(child)
        if tag == "t":
            text += child.text or ""
        elif tag == "sup":
            text += exponent(_formula(child))
        elif tag == "sub":
            text += lowered(text, _formula(child))
        elif tag in ("num", "den"):
            text += ("/" if tag == "den" else "") + part_of_fraction(_formula(child))
        elif not tag.endswith("pr"):
            text += _formula(child)
    return text


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
