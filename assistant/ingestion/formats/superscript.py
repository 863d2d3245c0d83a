"""a raised or lowered run of text, with what stands before and after it -> how it is written in one plain line.

    10 + 9  ->  10⁹        an exponent of ten, of a unit of length or after a minus
    24 + 3  ->  24 [3]     the mark of a note: set apart, or it would be read as a part of the number
    H + 2   ->  H2         an index after a letter; after a digit it is written lowered
"""

from __future__ import annotations

import re

RAISED = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
TEN = re.compile(r"(?<![\d.,])10$")
UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdmµμn]?m|ft|in|yd|kg|m?g|µg|mcg|m?[lL]|min|s|h|d|hr|[kmc]?mol)$")
LENGTH = re.compile(r"(?<![^\W\d_])(?:[kcdmµμn]?m|ft|in|yd)$")
VARIABLE = re.compile(r"(?<![^\W\d_])[b-zRχ]$")  # a letter that stands alone: r², not the mark of a note
SIGNED = re.compile(r"[-−–+]\s?\d{1,3}$")
CHARGE = re.compile(r"\d?[-−–+]$")
ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|ère|ème|nde|os|as|º|ª)$", re.IGNORECASE)
ELEMENT = re.compile(r"\d{1,3}$")
MARK = re.compile(r"[\[(]?\s*(?:\d{1,3}(?:\s*[-–,;]\s*\d{1,3})*|[a-zA-Z]{1,2}|[*†‡§¶#]{1,3})\s*[\])]?,?$")


def raised(before: str, run: str, after: str = "") -> str:
    """How ``run``, printed above the line behind ``before``, is written."""
    run = " ".join(run.split())
    if not run or not re.search(r"\w", run):
        return run if not run or not re.fullmatch(r"[-−–+]", run) else run.translate(RAISED)
    tight = before[-1:] and not before[-1].isspace()
    if run.isdigit() and re.match(r"[/⁄](?:\d|$)", after.rstrip()) and not TEN.search(before):
        return f" {run}" if before[-1:].isdigit() else run  # a fraction, which stands apart from the number before it
    if tight and re.fullmatch(r"\d{1,3}", run) and (TEN.search(before) or (LENGTH.search(before) and run in ("2", "3"))):
        return run.translate(RAISED)
    if VARIABLE.search(before) and run in ("2", "3", "n"):
        return run.translate(RAISED)
    if tight and ((SIGNED.match(run) and (TEN.search(before) or UNIT.search(before))) or CHARGE.match(run)):
        return run.translate(RAISED).replace(" ", "")
    if not tight and ELEMENT.match(run) and re.match(r"[A-Z][a-z]?(?![a-z])", after):
        return run.translate(RAISED)  # an isotope
    if before[-1:].isdigit() and ORDINAL.match(run):
        return run
    if run.upper() in ("TM", "SM", "MC", "®", "©") or not MARK.match(run):
        return run if not (before[-1:].isdigit() and run[0].isdigit()) else f" {run}"
    inner = run.rstrip(",").strip("[]() ")
    return f"{' ' if tight else ''}[{inner}]" + (" " if after[:1].isalnum() else "")


def exponent(run: str) -> str:
    """How an exponent of a formula is written: it is never the mark of a note."""
    run = "".join(run.split())
    return run.translate(RAISED) if re.fullmatch(r"[\d+\-−–=()n]+", run) else f"^({run})" if len(run) > 1 else f"^{run}"


def part_of_fraction(run: str) -> str:
    """What stands above or below the line of a fraction, held together where it is more than one thing."""
    run = run.strip()
    return f"({run})" if re.search(r"[^\w.,%)(]", run) and not re.fullmatch(r"\([^()]*\)", run) else run


def lowered(before: str, run: str, after: str = "") -> str:
    """How ``run``, printed below the line behind ``before``, is written."""
    run = " ".join(run.split())
    if before[-1:].isdigit() or after[:1].isdigit():
        return run.translate(LOWERED) if re.fullmatch(r"[\d+\-−–=()]+", run) else f" {run} "
    return run
