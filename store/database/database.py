"""The open database: its transactions, independent of its tables.

An open database belongs to the process that opened it: a forked child opens its own. Threads may share one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Connection, Engine

from store.database.addresses import parse, shown
from store.database.connection import connect
from store.database.locks.turns import turn
from store.database.migrations import ensure
from store.database.postgres import autocommit
from store.database.refusals import translated


class Database:
    """An open database with the tables of this version."""

    def __init__(self, engine: Engine, url: str) -> None:
        #: without the password
        self.url = url
        self.engine = engine
        self._writer = engine.execution_options(writes=True)
        # Postgres shows each statement what is committed by then, in a transaction or not: spare two round trips.
        self._single = engine.execution_options(single=True) if self.is_sqlite else autocommit(engine.url)
        self._reader = engine if self.is_sqlite else self._single

    @classmethod
    def open(cls, url: str, *, create: bool = False) -> Database:
        """Open the database at `url` and check its version; see `store.opening.open_store`."""
        address = parse(url)
        database = cls(connect(address, create=create), shown(address))
        try:
            with translated(address):
                ensure(database.engine, address, create=create, reader=database._reader)
        except BaseException:
            database.close()
            raise
        return database

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of SQLite; otherwise it is Postgres."""
        return self.engine.name == "sqlite"

    @property
    def address(self) -> str:
        """The URL with its password, for processes that open the database themselves. Never show it."""
        return self.engine.url.render_as_string(hide_password=False)

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that only reads.

        Raises:
            StoreUnreachable: the database went away.
        """
        return self._begin(self._reader)

    def write(self) -> AbstractContextManager[Connection]:
        """Open a transaction that writes; on SQLite it is the only one from its first statement on.

        Raises:
            StoreUnreachable: the database went away, or was busy for a minute.
        """
        return self._begin(self._writer)

    def single(self) -> AbstractContextManager[Connection]:
        """Open a connection for one statement that is a transaction by itself, which saves BEGIN and COMMIT.

        Raises:
            StoreUnreachable: the database went away, or was busy for a minute.
        """
        return self._begin(self._single)

    @contextmanager
    def _begin(self, engine: Engine) -> Iterator[Connection]:
        with translated(self.engine.url), engine.begin() as opened:
            yield opened

    def turn(self, work: str) -> AbstractContextManager[bool]:
        """Yield whether this process is the one that does some work, as long as the block runs.

        Raises:
            StoreUnreachable: the database went away before the block.
        """
        return turn(self.engine, work)

    def close(self) -> None:
        """Close all connections; the database cannot be used afterwards."""
        self.engine.dispose()
        self._single.dispose()
