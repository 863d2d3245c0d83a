"""what ``--index`` names -> an index folder, or a PostgreSQL database. The one place that tells which."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from assistant.errors import BadInput
from assistant.index.stores.postgres.connection import Database

SCHEMES = ("postgresql://", "postgres://")

Place = Path | Database


def located(place: Place | str) -> Place:
    """The folder or the database that an index lies in. Raises BadInput for an address of another kind."""
    if not isinstance(place, str):
        return place
    if place.startswith(SCHEMES):
        return Database(place)
    if "://" in place:
        raise BadInput(f"{place!r} is neither a folder nor the address of a PostgreSQL database (postgresql://user@host/name).")
    return Path(place)


def as_argument(place: Place) -> tuple[str, dict[str, str]]:
    """A place as a command of ours takes it, and the environment that it needs: a password is on no command line, where everybody
    on the machine could read it.

    >>> as_argument(Database("postgresql://reader:a%20b@host/name"))
    ('postgresql://reader@host/name', {'PGPASSWORD': 'a b'})
    """
    if not isinstance(place, Database):
        return str(place), {}
    parts = urlsplit(place.address)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    password = next((value for name, value in asked if name == "password"), unquote(parts.password or ""))
    if not password:
        return place.address, {}
    user, at, host = parts.netloc.rpartition("@")
    bare = urlunsplit(parts._replace(netloc=user.partition(":")[0] + at + host,
                                     query=urlencode([(name, value) for name, value in asked if name != "password"],
                                                     quote_via=quote)))
    return bare, {"PGPASSWORD": password}


def only_folder(place: Place, what: str) -> Path:
    """Raises BadInput where ``what`` cannot be done with a database."""
    if isinstance(place, Database):
        raise BadInput(f"{what} needs an index folder, and {place} is a database: build a folder with `python -m assistant build "
                       "--index FOLDER`.")
    return place
