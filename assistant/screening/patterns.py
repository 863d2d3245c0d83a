"""a form, a normalized message -> whether the form matches. Standard library only.

    "(he|she) .. not breath*"  --parse--> a tree of words, choices and gaps --> stems that a message must hold
                                                                          `--> a regular expression, when they occur

One pattern language serves every rule of this package and `corpus/about.toml`; each file of `rules/` explains it in plain
words. Forms are read and compiled when first needed: most messages hold the stems of a handful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

from assistant.screening.normalize import FILLERS, STEM

GAP = 4  # words that ".." may hold, "..12" twelve; bounded, so that the time grows with the length of a text, never faster

# Stems of words found in nearly every message: needing one of them rules nothing out.
_EVERYWHERE = frozenset(word[:STEM] for word in (
    "i he she they him her them my me is are am was the a an to of not do have has had it in on and with for you will can be we "
    "what how no this that if feel want take took use go got get").split())
_TOKEN = re.compile(r"\.\.[0-9]* ?|<\w+>|[\w#\u0900-\u0dff]+|!\(|[()|?*^$ ]")


class PatternError(ValueError):
    """A form that cannot be read."""


class Message(Protocol):
    """A message as rules read it: words with one space around each, and the first letters of all of them."""

    words: str
    stems: frozenset[str]

    def with_fillers(self, fillers: frozenset[str]) -> str: ...


class Part(NamedTuple):
    """One piece of a form. ``kind``: word, space, choice, gap, not, any, start or end. ``many``: "", "?" or "*"."""

    kind: str
    text: str = ""
    choices: tuple[tuple[Part, ...], ...] = ()
    many: str = ""


_SIGNS = {" ": Part("space"), "^": Part("start"), "$": Part("end"), "*": Part("any")}


def parse(form: str, names: Mapping[str, Part] | None = None) -> Part:
    """``form`` as a choice of sequences of parts. ``names`` holds the choices that ``<name>`` stands for.

    Raises PatternError for a bracket that does not close, a sign in the wrong place or an unknown name.
    """
    tokens = _TOKEN.findall(form)
    try:
        part, rest = _choice(tokens, 0, names or {})
        if "".join(tokens) != form or rest < len(tokens):
            raise PatternError("it holds a sign that means nothing there, or closes a bracket that it never opened")
    except PatternError as error:
        raise PatternError(f"the form {form[:60]!r} cannot be read: {error}") from None
    return part


def _choice(tokens: list[str], at: int, names: Mapping[str, Part]) -> tuple[Part, int]:
    """The choice that begins at token ``at``, up to its closing bracket or the end, and the number of the token there."""
    choices: list[tuple[Part, ...]] = []
    parts: list[Part] = []
    tokens = [*tokens, ")"] if at == 0 else tokens
    while (text := tokens[at]) != ")":
        at += 1
        if text == "|":
            choices.append(tuple(parts))
            parts = []
        elif text in _SIGNS:
            parts.append(_SIGNS[text])
        elif text == "?":
            if not parts or parts[-1].kind not in ("word", "choice", "space"):
                raise PatternError("a '?' stands behind nothing that could be missing")
            parts[-1] = parts[-1]._replace(many="?")
        elif text[0] == ".":
            banned: tuple[tuple[Part, ...], ...] = ()
            if tokens[at] == "!(":  # "..!(want) ": a gap without these words
                inside, at = _bracket(tokens, at + 1, names)
                banned, at = inside.choices, at + (tokens[at] == " ")
            parts.append(Part("gap", text.rstrip(), banned))
        elif text in ("(", "!("):
            inside, at = _bracket(tokens, at, names)
            parts.append(inside if text == "(" else Part("not", "", inside.choices))
        elif text[0] == "<":
            if text[1:-1] not in names:
                raise PatternError(f"no line of [words] explains {text}")
            parts.append(names[text[1:-1]])
        else:
            parts.append(Part("word", text))
        if tokens[at] == "*" and text not in _SIGNS and text != "|":  # right behind a word or a bracket
            parts[-1] = parts[-1]._replace(many="*")
            at += 1
    return Part("choice", "", (*choices, tuple(parts))), at


def _bracket(tokens: list[str], at: int, names: Mapping[str, Part]) -> tuple[Part, int]:
    part, at = _choice(tokens, at, names)
    if at + 1 == len(tokens):
        raise PatternError("a bracket is opened and never closed")
    return part, at + 1


def expression(part: Part) -> str:
    """A part as a regular expression over words with one space around each."""
    if part.kind == "word":
        text = re.escape(part.text).replace(r"\#", "[0-9]")
        return text + {"": "", "?": "?", "*": "[^ ]*"}[part.many]
    if part.kind == "choice":
        return f"(?:{'|'.join(map(_sequence, part.choices))}){part.many}"
    if part.kind == "gap":
        banned = f"(?!(?:{'|'.join(map(_sequence, part.choices))}) )" if part.choices else ""
        return f"(?:{banned}[^ ]+ ){{0,{part.text[2:] or GAP}}}"
    return {"space": f" {part.many}", "any": "[^ ]+", "start": "(?<=^ )", "end": "(?= ?$)"}[part.kind]


def _sequence(parts: Sequence[Part]) -> str:
    regex = ""
    for part, before in zip(parts, (None, *parts), strict=False):
        if part.kind == "not":  # looks past the space before it, so that a form may end there
            regex = regex.removesuffix(" ") + f"(?! (?:{'|'.join(map(_sequence, part.choices))})(?= |$))"
        elif not (part.kind == "space" and before and before.kind == "start"):
            regex += expression(part)
    return regex


def stems_of(part: Part) -> frozenset[str] | None:
    """Stems of which a message must hold at least one for a choice to match; None when that cannot be told."""
    needed: set[str] = set()
    for parts in part.choices:
        best = min((stems for piece in _pieces(parts) if (stems := _stems_of_piece(piece)) and not stems & _EVERYWHERE),
                   key=len, default=None)
        if best is None:
            return None
        needed |= best
    return frozenset(needed)


def _pieces(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """``parts`` cut where one word ends and the next begins."""
    piece: list[Part] = []
    for part in parts:
        if (part.kind in ("gap", "space") and not part.many) or _holds_a_border(part):
            yield piece
            piece = []
        elif part.kind not in ("not", "start", "end"):
            piece.append(part)
    yield piece


def _holds_a_border(part: Part) -> bool:
    """Whether what may be missing brings its own space: "(very )?" and "( tonight)?"."""
    ends = [choice[at].kind for choice in part.choices if choice for at in (0, -1)]
    return bool(part.many and ends and (set(ends[::2]) <= {"space", "end"} or set(ends[1::2]) <= {"space", "gap"}))


def _stems_of_piece(piece: list[Part]) -> frozenset[str] | None:
    if not piece:
        return None
    first, alone = piece[0], len(piece) == 1
    if first.kind == "choice":
        return stems_of(first) if alone and not first.many else None
    sure = len(first.text) - (first.many == "?") >= STEM or (alone and first.many != "*")  # whatever stands behind it
    if first.kind != "word" or not sure or "#" in first.text[:STEM]:
        return None
    return frozenset({first.text[:STEM]} | ({first.text[:-1][:STEM]} if first.many == "?" else set()))


class Form:
    """A form that is read and compiled when first needed, and passed over when no stem that it needs is there.

    ``inside``: whether it may match within a word, for languages that put no space between words.

    >>> Form("(he|she) .. not breath*").found(NormalizedText("He is really not breathing"))
    True
    """

    def __init__(self, text: str, names: Mapping[str, Part] | None = None, inside: bool = False) -> None:
        self.text = text
        self._names = names
        self._inside = inside

    @cached_property
    def tree(self) -> Part:
        """What it says. Raises PatternError."""
        return parse(self.text, self._names)

    @cached_property
    def needs(self) -> frozenset[str]:
        """Stems of which a message must hold at least one; empty when that cannot be told."""
        return frozenset() if self._inside else stems_of(self.tree) or frozenset()

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """Its regular expression."""
        whole = expression(self.tree)
        return re.compile(whole if self._inside else f"(?<= ){whole}(?= |$)")

    def compile(self) -> None:
        """Read and compile it now."""
        _ = self.needs, self.fillers

    @cached_property
    def fillers(self) -> frozenset[str]:
        """The fillers that it names."""
        return FILLERS.intersection(re.findall("[a-z]+", self.compiled.pattern))

    def found(self, message: Message) -> bool:
        """Whether it matches ``message``, without fillers or with those that it names."""
        if self.needs and self.needs.isdisjoint(message.stems):
            return False
        if self.compiled.search(message.words):
            return True
        kept = message.with_fillers(self.fillers)
        return kept is not message.words and self.compiled.search(kept) is not None
