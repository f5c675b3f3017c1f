"""The URLs of databases: which are supported, how they are read, and how they may be shown."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from store.database.prepared_statements import threshold
from store.errors import UsageError
from store.settings import without_password

FORMS = "sqlite:///results.db (a file) or postgresql://user:password@host:5432/database"

#: arguments of the driver that are no options of a connection
_NOT_OPTIONS = ("autocommit", "context", "cursor_factory", "row_factory")


def parse(url: str) -> URL:
    """Read a database URL; `postgres://` and `postgresql://` mean psycopg.

    Raises:
        UsageError: it is not a URL, or names an unsupported database.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as problem:
        raise UsageError(f"{without_password(url)!r} is not a database URL. Use {FORMS}.") from problem
    if address.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        if "@" in f"{address.host}{address.database}":  # it may be the rest of a password
            raise UsageError(
                f"{without_password(url)!r} has an @ that is not escaped. In a user, a password or a database write @ "
                "as %40, / as %2F and : as %3A."
            )
        threshold(address)
        for name in set(_NOT_OPTIONS) & set(address.query):
            raise UsageError(f"{shown(address)} has the option {name!r}, which a URL cannot set. Remove it.")
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise UsageError(f"{shown(address)} names {address.drivername!r}, which is not supported. Use {FORMS}.")
    if address.host or not address.database or address.database == ":memory:":
        raise UsageError(
            f"{shown(address)} names no file. Write sqlite:///results.db for a file here, "
            "or sqlite:////home/me/results.db for one elsewhere."
        )
    if address.query:
        raise UsageError(
            f"{shown(address)} has options, which SQLite does not support. Remove the ? and what follows it."
        )
    return address


def shown(address: URL) -> str:
    """Return the URL without its password, as it may be shown."""
    plain = address.set(drivername=address.get_backend_name())
    return plain.difference_update_query(["password", "sslpassword"]).render_as_string(hide_password=True)
