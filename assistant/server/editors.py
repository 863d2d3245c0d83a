"""an editor's verdict on an answer -> an evaluation question. Off unless a password is set.

    ASSISTANT_EDITOR_PASSWORD        the password, at least 12 characters; or
    ASSISTANT_EDITOR_PASSWORD_FILE   a file with the line that `python -m assistant.server.editors` prints for a password
    ASSISTANT_EDITOR_QUESTIONS       where verdicts are kept, default eval/editors.jsonl

An editor logs in at /editor and asks there. Something is stored only when one of the buttons under an answer is pressed, and
the page says so. Visitors never see any of this, and nothing that they ask is stored. Who is logged in is kept in memory only.
"""

from __future__ import annotations

import base64
import getpass
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import BadInput
from assistant.evaluation.add_question import add_question
from assistant.schema import Answer
from assistant.screening.labels import UNANSWERABLE
from assistant.server.service import Service
from assistant.server.web.middleware.throttling import TokenBuckets

SHORTEST = 12  # characters of a password
HOURS = 8 * 3600.0  # seconds that a login lasts
TRIES, TRIES_PER_MINUTE = 5, 2.0  # of a password, per address
MOST_SESSIONS = 100
KEPT_SECONDS = 600.0  # that an answer stays in memory, for Back and reload
COOKIE = "editor"
SCRYPT = {"n": 2**14, "r": 8, "p": 1}  # 16 MB and some 50 ms for each try


def hashed(password: str, salt: bytes | None = None) -> str:
    salt = salt or secrets.token_bytes(16)
    made = hashlib.scrypt(password.encode(), salt=salt, n=SCRYPT["n"], r=SCRYPT["r"], p=SCRYPT["p"])
    return "scrypt$" + "$".join(base64.b64encode(part).decode() for part in (salt, made))


def from_environment(environment: Mapping[str, str] = os.environ) -> tuple[str, Path] | None:
    """(hash of the password, file of questions), or None when nothing is set. Raises BadInput for what cannot be used."""
    password, file = (environment.get(f"ASSISTANT_EDITOR_{name}", "") for name in ("PASSWORD", "PASSWORD_FILE"))
    questions = Path(environment.get("ASSISTANT_EDITOR_QUESTIONS") or "eval/editors.jsonl")
    if password:
        if len(password) < SHORTEST:
            raise BadInput(f"ASSISTANT_EDITOR_PASSWORD has fewer than {SHORTEST} characters: choose a longer one.")
        return hashed(password), questions
    if file:
        try:
            line = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise BadInput(f"ASSISTANT_EDITOR_PASSWORD_FILE names {file}, which cannot be read.") from None
        if len(line.split("$")) != 3 or not line.startswith("scrypt$"):
            raise BadInput(f"{file} holds no line that `python -m assistant.server.editors` prints: make one with it.")
        return line, questions
    return None


@dataclass(frozen=True)
class Reply:
    """What /editor answers with: ``values`` for its template; ``cookie``: to set, empty to take away, None to leave."""

    status: int
    values: dict[str, Any]
    cookie: str | None = None


@dataclass
class Session:
    until: float
    shown: tuple[float, Reply] | None = None  # what the last form was answered with, and until when that is kept
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))  # stands in every form, so no other site can send one


class Editors:
    def __init__(self, password: str, questions: Path, service: Service, clock: Callable[[], float] = time.monotonic) -> None:
        self._password, self._questions, self._service, self._clock = password, questions, service, clock
        self._sessions: dict[str, Session] = {}
        self._tries = TokenBuckets(TRIES, TRIES_PER_MINUTE, clock)

    def get(self, cookie: str) -> Reply:
        session = self._session(cookie)
        if session and session.shown and session.shown[0] > self._clock():
            return session.shown[1]
        return Reply(200, self._values(session))

    def keep(self, cookie: str, reply: Reply) -> bool:
        """Keep what a form was answered with, for the page that the browser is sent to: it writes what a form sent to the disk,
        unless it is sent on. False where nobody is logged in."""
        session = self._session(reply.cookie or cookie)
        if session is not None:
            session.shown = (self._clock() + KEPT_SECONDS, reply)
        return session is not None

    def post(self, form: Mapping[str, str], cookie: str, client: str) -> Reply:
        session = self._session(cookie)
        if session is None:
            return self._login(form, client)
        if not hmac.compare_digest(form.get("key", "").encode(), session.key.encode()):
            return Reply(403, self._values(session, said="That form was out of date, so nothing was stored. Please do it again."))
        if form.get("do") == "leave":
            self._sessions.pop(cookie, None)
            return Reply(200, self._values(None, said="You are logged out."), "")
        if form.get("do") == "judge":
            return self._judge(form, session)
        return Reply(200, self._values(session, form.get("q", "")))

    def _session(self, cookie: str) -> Session | None:
        session = self._sessions.get(cookie)
        return session if session and session.until > self._clock() else None

    def _login(self, form: Mapping[str, str], client: str) -> Reply:
        if not self._tries.take(client):
            return Reply(429, self._values(None, said="Too many tries. Please wait a minute."))
        _, salt, _ = self._password.split("$")
        if not hmac.compare_digest(hashed(form.get("password", ""), base64.b64decode(salt)), self._password):
            return Reply(403, self._values(None, said="That is not the password."))
        now = self._clock()
        self._sessions = {name: old for name, old in self._sessions.items() if old.until > now}
        while len(self._sessions) >= MOST_SESSIONS:
            self._sessions.pop(next(iter(self._sessions)))
        cookie, session = secrets.token_urlsafe(32), Session(now + HOURS)
        self._sessions[cookie] = session
        return Reply(200, self._values(session), cookie)

    def _values(self, session: Session | None, question: str = "", said: str = "") -> dict[str, Any]:
        found: Any = self._service.answer(question)[0] if question.strip() and session else None
        return {"key": session.key if session else "", "question": question, "said": said, "groups": UNANSWERABLE,
                "file": str(self._questions), "answer": found if isinstance(found, Answer) else None,
                "trouble": "" if found is None or isinstance(found, Answer) else found[1] or "Nothing can be looked up just now."}

    def _judge(self, form: Mapping[str, str], session: Session) -> Reply:
        question = form.get("q", "")
        try:
            record = add_question(self._questions, self._service.sources.values(), question, form.get("quote", ""),
                                  form.get("source", ""), form.get("group", ""))
        except BadInput as error:
            return Reply(400, self._values(session, question, f"Nothing was stored. {error}"))
        except OSError as error:
            said = f"Nothing was stored: the file cannot be written ({error.strerror})."
            return Reply(500, self._values(session, question, said))
        return Reply(200, self._values(session, said=f"Stored as {record['id']} in {self._questions}. Thank you."))


if __name__ == "__main__":
    print(hashed(getpass.getpass("Password for editors: ")))
