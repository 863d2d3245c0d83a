"""a Document, with the text that its file gives page by page -> every word that was lost, added or joined on the way.

    words of the file (its own text layer) - words of the text - words left out by name = lost;  the other way round = added

Words are compared as a multiset of each page. A number counts with its decimal mark, so "0.5" is not "5"; one number that was
lost or added stops the document, words only when they are more than a stated share.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from assistant.corpus.blocks import PAGE_END
from assistant.ingestion.document import INVISIBLE, PRIVATE, Document

MAX_SHARE = 0.005  # of a document's words that may be lost or added
MAX_LISTED = 200  # of each sort: more are counted
TOKEN = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
FRACTION = re.compile(r"(\d+) (\d+[/⁄]\d+)")  # "1 1/2", which a file may run together
EXPONENT = re.compile(r"(\d+)([⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉]+)")
APART = re.compile(r"([\w.,%®™()]+[^\w\s]*)\s?\[([^\]\s]{1,20})\]\s?(\w*)")
FROM_RIGHT = re.compile(r"[\u0590-\u08ff]")  # PDFium gives the letters of such words in either order, so order is not compared
SCRIPTS = re.compile(r"(?<=[\u0590-\u08ff])(?=[A-Za-z])|(?<=[A-Za-z])(?=[\u0590-\u08ff])")
RAISED_SIGNS = str.maketrans({"⁻": "-", "₋": "-", "⁺": "+", "₊": "+", "\x02": "-", "\ufffe": "-"})


def tokens(text: str) -> Counter[str]:
    """The words and numbers of a text. Example: "0.5 mg a day" -> 0.5, mg, a, day."""
    text = PRIVATE.sub(" ", INVISIBLE.sub("", text.translate(RAISED_SIGNS).replace(PAGE_END, " ")))
    words = TOKEN.findall(SCRIPTS.sub(" ", unicodedata.normalize("NFKC", text)))
    return Counter("".join(sorted(word)) if FROM_RIGHT.search(word) else word for word in words)


def prove(document: Document) -> dict[str, Any]:
    """{words, numbers: how many the file has; lost, added, joined: lists of words; changed: numbers that are lost or added}."""
    kept, out = _by_page(document)
    again: dict[int, list[str]] = {}
    for page, words in document.repeated:
        again.setdefault(_place(document, page), []).append(words)
    lost: list[str] = []
    added: list[str] = []
    joined: list[str] = []
    total: Counter[str] = Counter()
    left_lost: Counter[str] = Counter()
    left_added: Counter[str] = Counter()
    for page in range(len(document.layer)):
        file = tokens(document.layer[page])
        total += file
        text = tokens(kept.get(page, ""))
        gone = tokens(" ".join(out.get(page, ())))
        missing, extra = file - text - gone, text - file - tokens(" ".join(again.get(page, ())))
        _set_apart(kept.get(page, ""), missing, extra, gone)
        _unglue(out.get(page, ()), missing, extra)
        joined += _joined(missing, extra)
        left_lost += missing
        left_added += extra
    both = left_lost & left_added  # a paragraph that goes over a page is counted on one of them
    left_lost, left_added = left_lost - both, left_added - both
    joined += _joined(left_lost, left_added)
    lost, added = sorted(left_lost.elements()), sorted(left_added.elements())
    numbers = [word for word in (*lost, *added) if word[0].isdigit()]
    return {"words": sum(total.values()), "numbers": sum(count for word, count in total.items() if word[0].isdigit()),
            "lost": lost[:MAX_LISTED], "added": added[:MAX_LISTED], "joined": joined[:MAX_LISTED],
            "lost_words": len(lost), "added_words": len(added), "changed": numbers[:MAX_LISTED]}


def _place(document: Document, page: int) -> int:
    """The number of a page's layer."""
    return page - 1 if page and len(document.layer) > 1 else 0


def _by_page(document: Document) -> tuple[dict[int, str], dict[int, list[str]]]:
    """(text kept, words left out by name) of each page."""
    kept: dict[int, list[str]] = {}
    out: dict[int, list[str]] = {}
    for element in document.elements:
        parts = element.text.split(PAGE_END)
        for number, part in enumerate(parts, 1):
            kept.setdefault(_place(document, element.page - len(parts) + number), []).append(part)
    for _, page, text in document.left_out:
        out.setdefault(_place(document, page), []).append(text)
    return {page: "\n".join(parts) for page, parts in kept.items()}, out


def _unglue(left_out: Iterable[str], missing: Counter[str], extra: Counter[str]) -> None:
    """What was left out is run into its neighbours by the file: "120" and the mark "1" are "1201", a struck "no" before "w"
    "now"."""
    left_out = list(left_out)
    for one, other in pairwise(left_out):  # two such parts beside each other
        missing.subtract([(one.split() or [""])[-1] + (other.split() or [""])[0]] if one.strip() and other.strip() else [])
    for text in left_out:
        words = list(tokens(text))
        for word in [word for word in missing if words and (word.endswith(words[0]) or word.startswith(words[-1]))]:
            rest = word.removesuffix(words[0]) if word.endswith(words[0]) else word.removeprefix(words[-1])
            if rest and extra[rest] > 0:
                missing[word] -= 1
                extra[rest] -= 1
                break
        else:
            _unglue_within(text.strip(), missing, extra)
    for counter in (missing, extra):
        for word in [word for word, count in counter.items() if count <= 0]:
            del counter[word]


def _unglue_within(part: str, missing: Counter[str], extra: Counter[str]) -> None:
    """Signs that were struck in the middle of a word: the file's "heait" without "ea" is "hit"."""
    for word in [word for word in missing if part and part in word[1:-1]]:
        for at in [at for at in range(1, len(word)) if word.startswith(part, at)]:
            rest = tokens(word[:at] + word[at + len(part):])
            if not rest - extra:
                missing[word] -= 1
                extra.subtract(rest)
                return


def _set_apart(text: str, missing: Counter[str], extra: Counter[str], gone: Counter[str]) -> None:
    """The mark of a note stands apart ("24 [3]") where the file's text runs it into the word ("243"). ``gone``: what was left
    out by name, where the file may have the mark's own sign a second time."""
    for match in FRACTION.finditer(text):
        glued, apart = tokens(match[1] + match[2]), tokens(match[0])
        same = glued & apart
        if not glued - same - missing and not apart - same - extra:
            missing -= glued - same
            extra -= apart - same
    for match in EXPONENT.finditer(text):  # a page of a PDF may have it on a line of its own
        glued, apart = tokens(match[0]), tokens(match[1]) + tokens(match[2])
        if not glued - extra and not apart - missing:
            missing -= apart
            extra -= glued
    for match in APART.finditer(text):
        for after in ("", match[3]):
            glued, apart = tokens(match[1] + match[2] + after), tokens(match[1]) + tokens(match[2]) + tokens(after)
            same = glued & apart
            glued, apart = glued - same, apart - same
            if glued and not glued - missing and not apart - extra - gone:
                missing -= glued
                extra -= apart
                break


def _joined(missing: Counter[str], extra: Counter[str]) -> list[str]:
    """Words that were parted over a line's end and are whole now; a number never is."""
    joined: list[str] = []
    for word in [word for word in extra if not word[0].isdigit()]:
        for cut in range(1, len(word)):
            parts = Counter((word[:cut], word[cut:]))
            times = min(extra[word], *(missing[part] // count for part, count in parts.items()))
            if times > 0:
                joined += [f"{word[:cut]}-{word[cut:]} -> {word}"] * times
                extra[word] -= times
                for part, count in parts.items():
                    missing[part] -= times * count
    for counter in (missing, extra):
        for word in [word for word, count in counter.items() if count <= 0]:
            del counter[word]
    return joined


def objection(proof: dict[str, Any]) -> str:
    """Why a document should not be written before somebody has looked; empty where nothing changed that matters."""
    if proof.get("changed"):
        return f"numbers are not as in the file: {_some(proof['changed'])}"
    different = proof.get("lost_words", 0) + proof.get("added_words", 0)
    if different > max(2, MAX_SHARE * proof.get("words", 0)):
        return f"{different:,} of {proof['words']:,} words are not as in the file: {_some([*proof['lost'], *proof['added']])}"
    return ""


def sentences(proof: dict[str, Any]) -> list[str]:
    """What the proof found, a line for each sort."""
    lines = [f"{len(proof[sort]):,} words {sort}: {_some(proof[sort])}" for sort in ("lost", "added", "joined")
             if proof.get(sort)]
    words, numbers = proof.get("words", 0), proof.get("numbers", 0)
    return lines or [f"all {words:,} words and {numbers:,} numbers of the file are kept or named above"]


def _some(words: Iterable[str], most: int = 12) -> str:
    listed = list(words)
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")
