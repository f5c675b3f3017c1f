"""Opening a store: the front door. It decides what may be opened; `store.connection` knows how to connect.

An open store belongs to the process that opened it: a forked child opens its own. Threads may share one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


def open_store(url: str, *, create: bool = False) -> Store:
    """Open the store at `url`: `sqlite:///results.db` or `postgresql://user:password@host/database`.

    Args:
        url: where it is.
        create: make it where there is none, and bring an older one up to date.

    Raises:
        UsageError: the URL is none of a database that is offered.
        StoreUnreachable: nothing is there, or it cannot be opened or written.
        StoreVersionError: it was made by another version of this project, or it is not a results store.
    """
    from store.database import connection, migrations

    address = connection.parse(url)
    engine = connection.connect(address, create=create)
    try:
        with connection.translated(address):
            migrations.ensure(engine, address, create=create)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, connection.shown(address))


class Store:
    """An open results store: `series`, `experiments`, `jobs` and `results` hold what can be done with it."""

    def __init__(self, engine: Engine, url: str) -> None:
        from store.database.connection import autocommit
        from store.experiments.experiments import Experiments
        from store.jobs.jobs import Jobs
        from store.results.results import Results
        from store.series_table import SeriesTable

        #: without the password
        self.url = url
        self.engine = engine
        self._writer = engine.execution_options(writes=True)
        # Postgres shows each statement what is committed by then, in a transaction or not: spare two round trips.
        sqlite = engine.name == "sqlite"
        self._single: Engine = engine.execution_options(single=True) if sqlite else autocommit(engine.url)
        self._reader: Engine = engine if sqlite else self._single
        self.series = SeriesTable(self)
        self.experiments = Experiments(self)
        self.jobs = Jobs(self)
        self.results = Results(self)

    @property
    def address(self) -> str:
        """The URL with its password: for processes that open the store themselves, and never to be shown."""
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
        """Open a connection for one statement, which is a transaction by itself: that spares two more.

        Raises:
            StoreUnreachable: the database went away, or was busy for a minute.
        """
        return self._begin(self._single)

    @contextmanager
    def _begin(self, engine: Engine) -> Iterator[Connection]:
        from store.database import connection

        with connection.translated(self.engine.url), engine.begin() as opened:
            yield opened

    def close(self) -> None:
        """Give the connections back; the store cannot be used after it."""
        self.engine.dispose()
        self._single.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
