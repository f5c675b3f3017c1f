"""Prepared statements on Postgres, and poolers that cannot keep them.

psycopg prepares a statement that it runs often. A pooler in transaction mode, such as PgBouncer before 1.21, gives each
transaction another connection to the server, on which the name of that statement is unknown, or taken.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL

from store.errors import UsageError

OPTION = "prepare_threshold"
#: the driver's own number of runs after which a statement is prepared
USUAL = 5


def threshold(address: URL) -> int | None:
    """Return after how many runs a statement is prepared; None where the URL says never.

    Raises:
        UsageError: the URL's `prepare_threshold` is neither `none` nor a number.
    """
    if OPTION not in address.query:
        return USUAL
    text = address.query[OPTION]
    if isinstance(text, str) and text.lower() in {"none", "0"}:
        return None
    if isinstance(text, str) and text.isdecimal() and text.isascii() and len(text) < 7:
        return int(text)
    raise UsageError(
        f"{OPTION} is {text!r} in the URL of the results store; allowed: none or 0 (statements are never prepared), "
        f"or after how many runs one is, such as {USUAL}."
    )


def limit_preparation(connection: Any, address: URL) -> None:
    """Prepare nothing on a connection that a pooler answers, unless the URL says otherwise.

    A pooler invents the number of the process that it names when it is connected to. The server itself has another one.
    """
    if OPTION in address.query:
        connection.prepare_threshold = threshold(address)
        return
    before, connection.autocommit = connection.autocommit, True  # one round trip, not three
    (process,) = connection.execute("SELECT pg_backend_pid()").fetchone()
    connection.autocommit = before
    if process != connection.info.backend_pid:
        connection.prepare_threshold = None
