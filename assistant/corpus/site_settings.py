"""site.toml -> what the operator chose about this site: name, colours, region, addresses.

docs/site.md explains each key.

Whatever cannot be used is refused in one sentence with the file, the key and the way out: nothing is guessed or repaired.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from assistant.corpus.color_contrast import COLOUR, SCHEMES, TOKENS, Pair, unreadable
from assistant.corpus.strict_toml import refuse_unknown
from assistant.corpus.strict_toml import where as at
from assistant.errors import CorpusError
from assistant.links import safe_url

SITE_FILE = "site.toml"
NAME = "Ketamine Answers"
LEAVE_TO = "https://www.weather.gov/"  # where "Leave this page" goes when the operator sets nothing
LONGEST = {"name": 60, "run_by": 300, "funding": 300, "contact": 300}  # characters; a name must fit on a phone
WORDS, LISTS = ("name", "run_by", "funding", "contact", "leave_to", "region"), ("frame_ancestors",)
KEYS = (*WORDS, *LISTS, "colours", "idle_clear", "did_this_help")
LEAST_IDLE, MOST_IDLE = 30, 3600  # seconds; a reader needs half a minute for a passage
HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
MAIL = re.compile(rf"[\w.!#$%&'*+/=?^`{{|}}~-]+@{HOST.pattern}")
ORIGIN = re.compile(rf"https://(?:\*\.)?{HOST.pattern}(?::[0-9]{{1,5}})?")

Colours = Mapping[str, Mapping[str, str]]  # by scheme ("light", "dark"), then by token


@dataclass(frozen=True)
class Site:
    """``region`` and ``contact``: None when this file does not say. ``own``: the file lies in the corpus folder itself."""

    name: str = NAME
    run_by: str = ""
    funding: str = ""
    contact: str | None = None
    region: str | None = None
    leave_to: str = LEAVE_TO
    idle_clear: int = 0  # seconds without a key or a touch after which page and history are emptied; 0: never
    did_this_help: bool = False
    frame_ancestors: tuple[str, ...] = ()
    colours: Colours = field(default_factory=dict)
    file: str = ""  # where this was read
    own: bool = False

    @property
    def ancestors(self) -> str:
        """Who may show the page in a frame, as a content security policy says it."""
        return " ".join(("'self'", *self.frame_ancestors))

    @property
    def stylesheet(self) -> str:
        """The operator's colours as CSS, after ours; empty without any. On paper ours stay: black on white."""
        return "".join(f"@media screen and (prefers-color-scheme: {scheme}) {{ :root {{ "
                       + " ".join(f"--{token}: {colour};" for token, colour in self.colours[scheme].items()) + " } }\n"
                       for scheme in SCHEMES if self.colours.get(scheme))


def is_https(address: str) -> bool:
    """True for a plain https address of a named host: no user name, quotes or spaces."""
    try:
        parts = urlsplit(address)
        return bool(safe_url(address) and parts.scheme == "https" and HOST.fullmatch(parts.hostname or "")
                    and "@" not in parts.netloc and (parts.port is None or parts.port > 0))
    except ValueError:  # a port that is none, brackets that do not close
        return False


def site_from(table: Mapping[str, Any], where: str, own: bool = False) -> Site:
    """The site of one file's table. ``where``: the file's name, for messages. Raises CorpusError."""
    refuse_unknown(table, KEYS, where)
    words = {key: _words(table[key], key, at(where, table, key)) for key in WORDS if key in table}
    if words.get("name") == "":
        raise CorpusError(f"{at(where, table, 'name')}: 'name' is empty: write the name of this site, or take the line out.")
    if "leave_to" in words and not is_https(words["leave_to"]):
        raise CorpusError(f"{at(where, table, 'leave_to')}: 'leave_to' is {words['leave_to']!r}, which is no https address: "
                          f"write one such as {LEAVE_TO}, or take the line out.")
    for word in words.get("contact", "").split():
        address = word.strip("<>()[],;:.!?\"'").removeprefix("mailto:")
        if "@" in address[1:] and "/" not in address and not MAIL.fullmatch(address.lstrip("@")):
            raise CorpusError(f"{at(where, table, 'contact')}: 'contact' holds {address!r}, which is no e-mail address: write "
                              "one such as mistakes@example.org.")
    ancestors = table.get("frame_ancestors", [])
    if not isinstance(ancestors, list):
        raise CorpusError(f"{at(where, table, 'frame_ancestors')}: 'frame_ancestors' must be a list: write "
                          "[\"https://www.example.org\"], or [] for none.")
    for site in ancestors:
        if not isinstance(site, str) or not ORIGIN.fullmatch(site):
            raise CorpusError(f"{at(where, table, 'frame_ancestors')}: 'frame_ancestors' holds {site!r}, which is no https site: "
                              "write it without a path, such as https://www.example.org or https://*.example.org.")
    idle = table.get("idle_clear", 0)
    if not isinstance(idle, int) or isinstance(idle, bool) or (idle and not LEAST_IDLE <= idle <= MOST_IDLE):
        raise CorpusError(f"{at(where, table, 'idle_clear')}: 'idle_clear' is {idle!r}: write a number of seconds from "
                          f"{LEAST_IDLE} to {MOST_IDLE:,}, such as 120, or 0 for never.")
    helped = table.get("did_this_help", False)
    if not isinstance(helped, bool):
        raise CorpusError(f"{at(where, table, 'did_this_help')}: 'did_this_help' is {helped!r}: write true "
                          "or false.")
    return Site(**words, idle_clear=idle, did_this_help=helped, frame_ancestors=tuple(ancestors),
                colours=_colours(table.get("colours", {}), where, table),
                file=where, own=own)


def _words(value: Any, key: str, where: str) -> str:
    if not isinstance(value, str):
        raise CorpusError(f"{where}: {key!r} must be text: put it in quotes, or take the line out.")
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise CorpusError(f"{where}: {key!r} has a line break or another control character: write it on one line.")
    longest = LONGEST.get(key, 2_000)
    if len(value) > longest:
        raise CorpusError(f"{where}: {key!r} has {len(value):,} characters: shorten it to {longest} or fewer.")
    return value.strip()


def _colours(table: Any, where: str, root: Mapping[str, Any]) -> Colours:
    if not isinstance(table, dict):
        raise CorpusError(f"{at(where, root, 'colours')}: 'colours' must be two tables: write [colours.light] and "
                          "[colours.dark].")
    refuse_unknown(table, SCHEMES, where, "in [colours] ")
    for scheme, tokens in table.items():
        if not isinstance(tokens, dict):
            raise CorpusError(f"{at(where, table, scheme)}: 'colours.{scheme}' must be a table: write "
                              f"[colours.{scheme}] with one colour a line.")
        refuse_unknown(tokens, TOKENS, where, f"in [colours.{scheme}] ")
        for token, colour in tokens.items():
            if not isinstance(colour, str) or not COLOUR.fullmatch(colour):
                raise CorpusError(f"{at(where, tokens, token)}: in [colours.{scheme}] {token!r} is {colour!r}, which is no "
                                  'colour: write it as six hex digits such as "#0F5257", or take the line out.')
    if faint := unreadable(table):
        raise CorpusError(f"{where}: {_too_faint(faint[0])}")
    return table


def _too_faint(pair: Pair) -> str:
    """Ratios are cut, not rounded: 4.496 must not look like the 4.5 that is needed."""
    what = "text" if pair.needed > 4 else "a mark"
    return (f"in [colours.{pair.scheme}] {pair.seen!r} on {pair.ground!r} has a contrast of "
            f"{math.floor(pair.ratio * 100) / 100:.2f}:1, and {what} needs at least {pair.needed}:1 (WCAG AA): choose two "
            "colours that are further apart.")
