"""Opening a store, and the facade that an open one is."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from store.activity.activity import Activity
    from store.checks.checks import Checks
    from store.database.database import Database
    from store.experiments.experiments import Experiments
    from store.experiments.futures import Futures
    from store.jobs.jobs import Jobs
    from store.panel_table import PanelTable
    from store.results.results import Results
    from store.series_table import SeriesTable


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
    """An open results store: its parts do what can be done with it, `experiments` or `results` for example.

    A part is loaded when it is first asked for: a command that only counts jobs loads neither NumPy nor pydantic.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @cached_property
    def series(self) -> SeriesTable:
        """The series, by their content."""
        from store.series_table import SeriesTable

        return SeriesTable(self.database)

    @cached_property
    def panels(self) -> PanelTable:
        """Which series are trained together."""
        from store.panel_table import PanelTable

        return PanelTable(self.database)

    @cached_property
    def experiments(self) -> Experiments:
        """The experiments: created, found, counted, finished, cancelled."""
        from store.experiments.experiments import Experiments

        return Experiments(self.database)

    @cached_property
    def futures(self) -> Futures:
        """The forecasts beyond the end of the data."""
        from store.experiments.futures import Futures

        return Futures(self.database)

    @cached_property
    def jobs(self) -> Jobs:
        """The jobs, and their states."""
        from store.jobs.jobs import Jobs

        return Jobs(self.database)

    @cached_property
    def results(self) -> Results:
        """What workers have found, and what follows from it."""
        from store.results.results import Results

        return Results(self.database)

    @cached_property
    def activity(self) -> Activity:
        """What goes on at the moment."""
        from store.activity.activity import Activity

        return Activity(self.database)

    @cached_property
    def checks(self) -> Checks:
        """What must hold of the rows."""
        from store.checks.checks import Checks

        return Checks(self.database)

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
