"""environment variables -> what the operator chose about serving.

    ASSISTANT_HOSTS            names that the page answers to, with commas; default: those of the loopback when it listens
                               there, else any
    ASSISTANT_FRAME_ANCESTORS  who may show the page in a frame; default: what site.toml says, else 'self'
    ASSISTANT_BURST            questions that one address may ask at once, default 200
    ASSISTANT_PER_MINUTE       and then in a minute, default 120
    ASSISTANT_COUNT_TOPICS     1: count what unanswered questions were about (see ``counts``); said on the page
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.corpus.site_settings import Site
from assistant.errors import BadInput
from assistant.server.web.middleware.guard import BURST, PER_MINUTE

LOOPBACK = ("localhost", "127.0.0.1", "::1")
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:]+")
ANCESTORS = re.compile(r"(?:'self'|'none'|\*|https?://[\w.*:-]+)(?: (?:'self'|https?://[\w.*:-]+))*")


@dataclass(frozen=True)
class Settings:
    """``hosts``: None when the operator said nothing."""

    hosts: tuple[str, ...] | None = None
    ancestors: str = "'self'"
    burst: int = BURST
    per_minute: int = PER_MINUTE
    topics: bool = False

    def hosts_at(self, address: str) -> tuple[str, ...]:
        """Names to answer to when listening at an address; empty: any. A loopback page is for this machine alone, and a
        foreign site whose name is pointed at it (DNS rebinding) must not get it."""
        if self.hosts is not None:
            return self.hosts
        return LOOPBACK if address in LOOPBACK else ()


def read_settings(environment: Mapping[str, str] = os.environ, site: Site | None = None) -> Settings:
    """What the environment says; where it says nothing, ``site``. Raises BadInput, which names the variable, for a value that
    cannot be used."""
    given = {name: environment.get(f"ASSISTANT_{name}", "").strip()
            for name in ("HOSTS", "FRAME_ANCESTORS", "BURST", "PER_MINUTE", "COUNT_TOPICS")}
    hosts = tuple(part for part in re.split(r"[\s,]+", given["HOSTS"].lower()) if part)
    for host in hosts:
        if not HOST.fullmatch(host):
            raise BadInput(f"ASSISTANT_HOSTS names {host!r}, which is no host name: write names such as answers.example.org, "
                           "without https:// and port.")
    ancestors = given["FRAME_ANCESTORS"] or (site or Site()).ancestors
    if not ANCESTORS.fullmatch(ancestors):
        raise BadInput(f"ASSISTANT_FRAME_ANCESTORS is {ancestors!r}: write addresses such as 'self' https://example.org.")
    if given["COUNT_TOPICS"] not in ("", "0", "1"):
        raise BadInput(f"ASSISTANT_COUNT_TOPICS is {given['COUNT_TOPICS']!r}: set it to 1, or unset it.")
    return Settings(hosts or None, ancestors, _count("BURST", given["BURST"], BURST),
                    _count("PER_MINUTE", given["PER_MINUTE"], PER_MINUTE), given["COUNT_TOPICS"] == "1")


def _count(name: str, value: str, default: int) -> int:
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value) or not int(value):
        raise BadInput(f"ASSISTANT_{name} is {value!r}: set it to a number from 1, or unset it.")
    return int(value)
