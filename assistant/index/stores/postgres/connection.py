"""address of a PostgreSQL database -> connections, made again when they break. The only importer of psycopg."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
import threading
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import BadInput, BuildFailed, IndexCorrupt, Unreachable

IDLE = 4  # connections that wait for the next question; two questions are looked up at a time
CONNECT, ANSWER, SILENT = 5, 30, 15  # seconds for a connection, a question's statement, and a network that says nothing
SEARCH_DEPTH = 200  # of the graph: recall@10 0.98 to 0.995 at 100,000 (docs/scaling.md)
CACHE = "ASSISTANT_CACHE"


class Database:
    """A database that holds generations. Nothing is connected until something is read. Threads may share it.

    ``address``: as libpq reads it. In messages its password is left out.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._idle: list[Any] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _close_all, self._idle)

    def __str__(self) -> str:
        without = re.sub(r"(://[^:/@]*):[^/]*@", r"\1@", self.address)
        return re.sub(r"([?&](?:ssl)?password=)[^&]*", r"\1...", without)

    def rows(self, query: str, values: Sequence[Any] | dict[str, Any] = (), *, binary: bool = False) -> list[tuple[Any, ...]]:
        """What one reading statement finds. A connection that broke is made again, once; a statement that took too long is not
        given again, for it would take as long.

        Raises Unreachable when there is no database, BadInput when this user may not read, IndexCorrupt when what is read
        is not there.
        """
        psycopg = _psycopg()
        while True:
            connection, used = self._taken()
            try:
                fetched: list[tuple[Any, ...]] = connection.cursor(binary=binary).execute(query, values).fetchall()
            except psycopg.errors.InsufficientPrivilege:
                self._dropped(connection)
                raise BadInput(f"The user of {self} may not read the index there: grant it the right to read "
                               "(docs/scaling.md), or name another user.") from None
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                self._dropped(connection)
                if not used or isinstance(error, psycopg.errors.QueryCanceled):
                    raise self._unreachable() from error
            except psycopg.Error as error:  # a table or a row that is no longer what it was
                self._dropped(connection)
                raise IndexCorrupt(f"The index in {self} cannot be read ({type(error).__name__}): publish it again with "
                                   "`python -m assistant build --force`.") from error
            else:
                self._put_back(connection)
                return fetched

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Any]:
        """A connection whose work is committed at the end, or undone. Raises Unreachable, BadInput, BuildFailed."""
        psycopg = _psycopg()
        connection = self._connected()
        try:
            with connection:
                yield connection
        except psycopg.errors.InsufficientPrivilege:
            raise BadInput(f"The user of {self} may not publish there: name one that may create schemas and the extension "
                           "`vector`.") from None
        except (psycopg.errors.UndefinedFile, psycopg.errors.FeatureNotSupported):
            raise BadInput(f"{self} has no pgvector: install the extension `vector` there.") from None
        except psycopg.Error as error:
            raise BuildFailed(f"The database stopped before it was done ({type(error).__name__}): what was published there "
                              "before is unchanged; try again.") from error

    def folder(self) -> Path:
        """Where this machine keeps what belongs to this database; the same for every user of it. Nothing is made.

        Raises BadInput for an address that libpq cannot read.
        """
        psycopg = _psycopg()
        try:
            parts = psycopg.conninfo.conninfo_to_dict(self.address)
        except psycopg.ProgrammingError:
            raise self._unreadable() from None
        named = [str(parts.get(part, "")) for part in ("host", "hostaddr", "port", "dbname")]
        name = re.sub(r"\W+", "-", named[-1]) or "database"
        return _cache() / f"{name}-{hashlib.sha256(chr(0).join(named).encode()).hexdigest()[:12]}"

    def close(self) -> None:
        """Close what waits; the next question connects anew."""
        with self._lock:
            _close_all(self._idle)

    def _connected(self) -> Any:
        psycopg = _psycopg()
        try:
            return psycopg.connect(self.address, connect_timeout=CONNECT, tcp_user_timeout=SILENT * 1000)
        except psycopg.ProgrammingError:
            raise self._unreadable() from None
        except psycopg.OperationalError as error:
            raise self._unreachable() from error

    def _taken(self) -> tuple[Any, bool]:
        """A connection for one statement, and whether it was used before."""
        with self._lock:
            if self._idle:
                return self._idle.pop(), True
        connection = self._connected()
        psycopg = _psycopg()
        try:
            connection.autocommit = True
            connection.execute("SET default_transaction_read_only = on")
            connection.execute(f"SET statement_timeout = '{ANSWER}s'")
            connection.execute(f"SET hnsw.ef_search = {SEARCH_DEPTH}")
            connection.execute("SET hnsw.iterative_scan = strict_order")  # else a narrow filter finds nearly nothing
        except psycopg.OperationalError as error:
            connection.close()
            raise self._unreachable() from error
        return connection, False

    def _put_back(self, connection: Any) -> None:
        with self._lock:
            if len(self._idle) < IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _dropped(self, connection: Any) -> None:
        """A connection broke, so those that wait are probably broken too."""
        connection.close()
        self.close()

    def _unreachable(self) -> Unreachable:
        return Unreachable(f"The database {self} cannot be reached or does not answer: check that it runs, that the address is "
                           "right and that this user may connect.")

    def _unreadable(self) -> BadInput:
        return BadInput(f"{self} is no address of a database: write it as postgresql://user@host/name.")


def _cache() -> Path:
    """ASSISTANT_CACHE, or a folder of ours where this system keeps what can be made again."""
    if chosen := os.environ.get(CACHE, "").strip():
        return Path(chosen)
    if sys.platform == "win32":
        above = os.environ.get("LOCALAPPDATA", "") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        above = str(Path.home() / "Library" / "Caches")
    else:
        above = os.environ.get("XDG_CACHE_HOME", "") or str(Path.home() / ".cache")
    return Path(above) / "ketamine-answers"


def _close_all(idle: list[Any]) -> None:
    while idle:
        idle.pop().close()


def _psycopg() -> Any:
    try:
        import psycopg
    except ModuleNotFoundError:
        raise BadInput('The database client is not installed: run `pip install -c constraints.txt -e ".[postgres]"`.') from None
    return psycopg
