"""what ``--index`` names -> an index folder, or a PostgreSQL database. The one place that tells which."""

from __future__ import annotations

from pathlib import Path

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


def as_argument(place: Place) -> str:
    """A place as a command of ours takes it."""
    return place.address if isinstance(place, Database) else str(place)


def only_folder(place: Place, what: str) -> Path:
    """Raises BadInput where ``what`` cannot be done with a database."""
    if isinstance(place, Database):
        raise BadInput(f"{what} needs an index folder, and {place} is a database: build a folder with `python -m assistant build "
                       "--index FOLDER`.")
    return place
