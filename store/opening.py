"""Opening a store, and the facade that an open one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from store.database.database import Database


def open_store(url: str, *, create: bool = False) -> Store:
    """Open the store at `url`: `sqlite:///results.db` or `postgresql://user:password@host/database`.

    Args:
        url: where the store is.
        create: create the store if there is none, and bring an older one up to date.

    Raises:
        UsageError: the URL is not that of a supported database.
        StoreUnreachable: nothing is there, or it cannot be opened or written.
        StoreVersionError: another version of this project made it, or it is not a results store.
    """
    from store.database.database import Database  # SQLAlchemy, which most commands' help can do without

    return Store(Database.open(url, create=create))


class Store:
    """An open results store: its parts do what can be done with it, `experiments` or `results` for example."""

    def __init__(self, database: Database) -> None:
        from store.activity.activity import Activity
        from store.checks.checks import Checks
        from store.experiments.experiments import Experiments
        from store.experiments.futures import Futures
        from store.jobs.jobs import Jobs
        from store.panel_table import PanelTable
        from store.results.results import Results
        from store.series_table import SeriesTable

        self.database = database
        self.series = SeriesTable(database)
        self.panels = PanelTable(database)
        self.experiments = Experiments(database)
        self.futures = Futures(database)
        self.jobs = Jobs(database)
        self.results = Results(database)
        self.activity = Activity(database)
        self.checks = Checks(database)

    @property
    def url(self) -> str:
        """The URL without its password, as it may be shown."""
        return self.database.url

    @property
    def address(self) -> str:
        """The URL with its password, for processes that open the store themselves. Never show it."""
        return self.database.address

    def close(self) -> None:
        """Close all connections; the store cannot be used afterwards."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
