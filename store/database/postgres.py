"""Connections to Postgres, directly or through a pooler such as PgBouncer."""

from __future__ import annotations

import select
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

from store.database.prepared_statements import OPTION, limit_preparation
from store.settings import secret


def autocommit(address: URL) -> Engine:
    """Return an engine of Postgres of which each statement is a transaction by itself.

    Its connections stay as they are: to turn those of the other engine would take longer than many a statement.
    """
    return open_postgres(address, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)


def open_postgres(address: URL, **options: Any) -> Engine:
    """Return an engine of Postgres for a URL, whose password may be in the environment or in a file that it names."""
    from store.database.arrays import register

    engine = create_engine(address, connect_args=_arguments(address), pool_size=2, max_overflow=20, **options)

    def prepare(connection: Any, _record: object) -> None:
        limit_preparation(connection, address)
        register(connection)

    event.listen(engine, "do_connect", _without_our_option)
    event.listen(engine, "connect", prepare)
    event.listen(engine, "checkout", _refuse_broken)
    return engine


def _without_our_option(_dialect: object, _record: object, _words: object, arguments: dict[str, Any]) -> None:
    """Keep from the driver, as text, what the URL says of prepared statements; `limit_preparation` reads it."""
    arguments.pop(OPTION, None)


def _arguments(address: URL) -> dict[str, Any]:
    """Return the arguments of the driver that are not in the URL."""
    arguments: dict[str, Any] = {"application_name": "repeats"}
    if "connect_timeout" not in address.query:
        arguments["connect_timeout"] = 10
    given = address.password is not None or {"password", "passfile"} & set(address.query)
    if not given and (password := secret("PGPASSWORD")) is not None:
        arguments["password"] = password
    return arguments


def _refuse_broken(connection: Any, _record: object, _proxy: object) -> None:
    """Drop connections that a restart of the server broke: they have something to read. A query would take longer."""
    if connection.closed:
        raise InvalidatePoolError
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError
