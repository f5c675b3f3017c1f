"""The store's version: which one is there, whether it may be used, and bringing it up to date with Alembic."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, inspect, text

from store.commands import command
from store.database.addresses import shown
from store.database.connection import BUSY
from store.errors import StoreVersionError

if TYPE_CHECKING:
    from alembic.config import Config

#: the revisions in `versions`, oldest first
REVISIONS = tuple(sorted(path.name[:4] for path in (Path(__file__).parent / "versions").glob("[0-9]*.py")))
HEAD = REVISIONS[-1]
#: not Alembic's usual name, so that another project's tables are not taken for ours
VERSION_TABLE = "store_version"
#: any number that nothing else locks
_LOCK = 7_316_402_051


def ensure(engine: Engine, address: URL, *, create: bool, reader: Engine) -> None:
    """Check that the database holds a store of this version; with `create`, make it one.

    Args:
        engine: of the database.
        address: its URL.
        create: whether it may be made or migrated.
        reader: looks at the version: whoever only reads then needs no connection but this one.

    Raises:
        StoreVersionError: it is another version's, or not a results store, or empty and `create` is False.
    """
    with reader.begin() as connection:
        if _checked(connection, address, create=create):
            return
    if address.get_backend_name() == "sqlite":
        _use_write_ahead_log(engine)
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if not _checked(connection, address, create=create):  # another process may have been first
            upgrade(connection)


def _checked(connection: Connection, address: URL, *, create: bool) -> bool:
    """Return whether the store is up to date; False where it has to be made or migrated."""
    tables = inspect(connection).get_table_names()
    found = None
    if VERSION_TABLE in tables:
        found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    elif tables:
        raise StoreVersionError(
            f"{shown(address)} is not a results store: it has other tables ({_some(tables)}). "
            f"{_elsewhere(address)}, or name another database with --store or DATABASE_URL."
        )
    if found == HEAD:
        return True
    if found is not None and found not in REVISIONS:
        raise StoreVersionError(
            f"The results store at {shown(address)} was made by a newer version of this project (its tables are "
            f"version {found}, this one knows up to {HEAD}). Update this project, or name another store."
        )
    if not create:
        state = f"is of an older version ({found}; this one needs {HEAD})" if found else "has no tables yet"
        raise StoreVersionError(
            f"The results store at {shown(address)} {state}. "
            f"{command('migrate', store=shown(address))} brings it up to date."
        )
    return False


def _elsewhere(address: URL) -> str:
    """Return how a store lives beside the tables of others: in another file, or in a schema of its own."""
    if address.get_backend_name() == "sqlite":
        return "Name a file of its own"
    return (
        "Give the store a schema of its own: `CREATE SCHEMA repeats`, and ?options=-csearch_path%3Drepeats at the end "
        "of its URL (behind PgBouncer: `ALTER ROLE ... SET search_path = repeats`)"
    )


def _some(names: list[str], most: int = 3) -> str:
    return ", ".join(sorted(names)[:most]) + (", ..." if len(names) > most else "")


def _use_write_ahead_log(engine: Engine) -> None:
    """Turn on WAL, so that readers and one writer work at the same time. SQLite itself waits for no lock here."""
    give_up = time.monotonic() + BUSY
    while True:
        try:
            with engine.connect().execution_options(single=True) as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        except Exception as problem:
            if "locked" not in str(problem) or time.monotonic() > give_up:
                raise
            time.sleep(0.05)
        else:
            return


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing, in the transaction of `connection`."""
    from alembic import command

    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")


def config() -> Config:
    """Return Alembic's configuration; it needs no file."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings
