"""Errors of a driver about the database as one line: what it answered, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError, ProgrammingError

from store.database.addresses import shown
from store.errors import StoreUnreachable

#: Postgres' codes: no permission; a server that only reads; no such schema; a prepared statement that is another
#: connection's, or not there
_ABOUT_THE_DATABASE = {"42501", "25006", "3F000", "42P05", "26000"}
_START = (
    "Start Postgres (`docker compose up -d --wait`), correct DATABASE_URL or --store, "
    "or use a file: --store sqlite:///results.db."
)
_PASSWORD = (
    "Correct the password: PGPASSWORD, or a file that PGPASSWORD_FILE names, takes it as it is; in a URL write @ as "
    "%40, / as %2F, : as %3A and % as %25. A server keeps the password that it was set up with."
)
_PREPARED = "A pooler is in between: add prepare_threshold=none to the options at the end of the URL (after ? or &)."
_OPTIONS = "PgBouncer passes no options on: leave them out of the URL, and `ALTER ROLE ... SET search_path = repeats`."
_SCHEMA = "Create the schema that search_path names (`CREATE SCHEMA repeats`), or correct the name."
#: what an answer of Postgres or of a pooler contains -> what to do
_ADVICE = {
    "password authentication failed": _PASSWORD,
    "no password supplied": _PASSWORD,
    "prepared statement": _PREPARED,
    "parameter: options": _OPTIONS,
    "no schema has been selected": _SCHEMA,
}


@contextmanager
def translated(address: URL) -> Iterator[None]:
    """Convert a driver's error about the connection to one clear line.

    Raises:
        StoreUnreachable: in place of it.
    """
    try:
        yield
    except DBAPIError as problem:
        if _is_about_the_database(problem):
            raise unreachable(address, problem) from problem
        raise


def _is_about_the_database(problem: DBAPIError) -> bool:
    """Return whether the error is about the database, not about a statement of this project."""
    if isinstance(problem, OperationalError | InterfaceError) or problem.connection_invalidated:
        return True
    if type(problem) is DatabaseError:  # SQLite's word for a damaged file; the other kinds derive from it
        return True
    if isinstance(problem, ProgrammingError) and problem.statement is None:  # an option that the driver does not know
        return True
    return getattr(problem.orig, "sqlstate", None) in _ABOUT_THE_DATABASE


def unreachable(address: URL, problem: DBAPIError) -> StoreUnreachable:
    """Return the error that names the address, the answer and what to do."""
    lines = str(problem.orig).strip().splitlines() or [type(problem.orig).__name__]
    reason = lines[0].strip()
    return StoreUnreachable(
        f"The results store at {shown(address)} cannot be used: {reason.removesuffix('.')}. {_advice(address, reason)}"
    )


def _advice(address: URL, reason: str) -> str:
    """Return what to do about an answer."""
    if "readonly" in reason:
        return "It is read-only. Make it writable, or name another store with --store or DATABASE_URL."
    if address.get_backend_name() == "sqlite":
        return "Check the path, the free space and who else has it open, or name another file with --store."
    return next((advice for part, advice in _ADVICE.items() if part in reason), _START)
