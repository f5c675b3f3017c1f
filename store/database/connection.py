"""Connections: how each kind of database is opened, and what is checked of a file beforehand."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event

from store.commands import command
from store.database.addresses import shown
from store.database.locks.file_locks import check_locks
from store.database.postgres import open_postgres
from store.errors import StoreUnreachable, StoreVersionError

#: the first with RETURNING
OLDEST_SQLITE = (3, 35)

#: seconds that a writer waits for another one on SQLite
BUSY = 60


def connect(address: URL, *, create: bool) -> Engine:
    """Return an engine for the database; SQLite's file is there, or may be made.

    Raises:
        StoreUnreachable: there is no such file, or it cannot be written.
        StoreVersionError: the file is not SQLite's.
    """
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, create=create)
    return open_postgres(address)


def _sqlite(address: URL, *, create: bool) -> Engine:
    path = Path(str(address.database))
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreUnreachable(
            f"This Python has SQLite {sqlite3.sqlite_version}, and 3.35 or newer is needed. "
            "Use a newer Python, or Postgres."
        )
    _check_file(path, shown(address), create=create)
    if create or _mode(path) == "mode=rw":
        check_locks(path.parent)  # before an empty file is left there
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
    # Readers of a write-ahead log share memory in a file beside it. Where none can be made there is no writer either.
    alone = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    if alone:
        return "mode=ro&immutable=1"
    return "mode=rw" if os.access(path, os.W_OK) else "mode=ro"


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
