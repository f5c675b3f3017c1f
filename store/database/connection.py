"""Connections: which databases are supported, how each is set up, and the errors when one cannot be reached."""

from __future__ import annotations

import os
import select
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InvalidatePoolError,
    OperationalError,
    ProgrammingError,
)

from store.commands import command
from store.errors import StoreUnreachable, StoreVersionError, UsageError
from store.settings import without_password

FORMS = "sqlite:///results.db (a file) or postgresql://user:password@host:5432/database"

#: the first with RETURNING
OLDEST_SQLITE = (3, 35)

#: Postgres' codes: no permission, and a server that only reads
_FORBIDDEN = {"42501", "25006"}

#: seconds that a writer waits for another one on SQLite
BUSY = 60


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


def connect(address: URL, *, create: bool) -> Engine:
    """Return an engine for the database; SQLite's file is there, or may be made.

    Raises:
        StoreUnreachable: there is no such file, or it cannot be written.
        StoreVersionError: the file is not SQLite's.
    """
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, create=create)
    return _postgres(address)


def _sqlite(address: URL, *, create: bool) -> Engine:
    path = Path(str(address.database))
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreUnreachable(
            f"This Python has SQLite {sqlite3.sqlite_version}, and 3.35 or newer is needed. "
            "Use a newer Python, or Postgres."
        )
    _check_file(path, shown(address), create=create)
    if create:
        with suppress(OSError):  # connecting says why it cannot be made
            path.touch()
    place = f"{path.absolute().as_uri()}?{_mode(path)}"

    def opened() -> sqlite3.Connection:
        # A connection belongs to one thread at a time (the pool sees to it), not to the one that made it.
        return sqlite3.connect(place, uri=True, timeout=BUSY, check_same_thread=False)

    engine = create_engine(address, creator=opened)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _mode(path: Path) -> str:
    """Return the options that open a file: writable where it may be written, and never created anew."""
    if os.access(path, os.W_OK):
        return "mode=rw"
    # Readers of a write-ahead log share memory in a file beside it. Where none can be made there is no writer either.
    alone = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    return "mode=ro&immutable=1" if alone else "mode=ro"


def _check_file(path: Path, url: str, *, create: bool) -> None:
    if path.is_dir():
        raise StoreUnreachable(f"{path} is a directory. Name a file in it: sqlite:///{path / 'results.db'}.")
    if not path.parent.is_dir():
        raise StoreUnreachable(
            f"{path} cannot be created: there is no directory {path.parent}. Create it, or correct the path."
        )
    if not path.exists() and not create:
        raise StoreUnreachable(
            f"There is no results store at {path.absolute()}. {command('run', 'GRID', store=url)} creates one; "
            "if yours is elsewhere, name it with --store sqlite:///PATH or DATABASE_URL."
        )
    if create and not os.access(path if path.exists() else path.parent, os.W_OK):
        raise StoreUnreachable(
            f"{path} is not writable. Change its permissions, or name another file with --store or DATABASE_URL."
        )
    if path.exists() and not path.is_file():
        raise StoreVersionError(f"{path} is not a file. Name another one with --store.")
    if path.exists():
        with path.open("rb") as file:
            head = file.read(16)
        if head and head != b"SQLite format 3\0":
            raise StoreVersionError(
                f"{path} is not a results store: it is not a SQLite file. Name another one with --store."
            )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # Python's own BEGIN comes too late: see `_begin_sqlite`
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")  # with WAL a crash of the machine loses the last moments at most


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: one that read first and wrote later would be refused without a wait.
    options = connection.get_execution_options()
    if not options.get("single"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def autocommit(address: URL) -> Engine:
    """Return an engine of Postgres of which each statement is a transaction by itself.

    Its connections stay as they are: to turn those of the other engine would take longer than many a statement.
    """
    return _postgres(address, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)


def _postgres(address: URL, **options: Any) -> Engine:
    from store.database.arrays import register

    arguments: dict[str, Any] = {"application_name": "repeats"}
    if "connect_timeout" not in address.query:
        arguments["connect_timeout"] = 10
    engine = create_engine(address, connect_args=arguments, pool_size=2, max_overflow=20, **options)
    event.listen(engine, "connect", lambda connection, _record: register(connection))
    event.listen(engine, "checkout", _refuse_broken)
    return engine


def _refuse_broken(connection: Any, _record: object, _proxy: object) -> None:
    """Drop connections that a restart of the server broke: they have something to read. A query would take longer."""
    if connection.closed:
        raise InvalidatePoolError
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError


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
    return getattr(problem.orig, "sqlstate", None) in _FORBIDDEN


def unreachable(address: URL, problem: DBAPIError) -> StoreUnreachable:
    """Return the error that names the address, the answer and what to do."""
    lines = str(problem.orig).strip().splitlines() or [type(problem.orig).__name__]
    reason = lines[0].strip()
    if "readonly" in reason:
        advice = "It is read-only. Make it writable, or name another store with --store or DATABASE_URL."
    elif address.get_backend_name() == "sqlite":
        advice = "Check the path, the free space and who else has it open, or name another file with --store."
    else:
        advice = (
            "Start Postgres (`docker compose up -d --wait`), correct DATABASE_URL or --store, "
            "or use a file: --store sqlite:///results.db."
        )
    return StoreUnreachable(f"The results store at {shown(address)} cannot be used: {reason}. {advice}")
