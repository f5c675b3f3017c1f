"""Stores opened, studies found, and grids trained or submitted from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.grid.grid import Grid
from scheduler.grid.loading import AnyGrid, load_grid
from scheduler.lifecycle.local_training import check_workers
from scheduler.lifecycle.submission import record, send_waiting
from scheduler.progress.training import train_shown
from scheduler.study import Study
from store import open_store as open_results
from store.settings import Settings

if TYPE_CHECKING:
    from store import Store


def open_store(url: str | None = None, *, create: bool = False) -> Store:
    """Open a results store: `url`, or DATABASE_URL, or `sqlite:///results.db`.

    Raises:
        StoreUnreachable: nothing is there, or it cannot be opened.
        StoreVersionError: it belongs to another version, or is not a results store.
    """
    return open_results(Settings.from_env(store=url).database_url, create=create)


def open_study(name: str, store: Store) -> Study:
    """Find an experiment by its name or number.

    Raises:
        NotFound: there is none; the nearest names are given.
    """
    return Study(store, store.experiments.get(name))


def run(
    grid: AnyGrid,
    *,
    store: Store | None = None,
    workers: int | None = None,
    fresh: bool = False,
    progress: bool = True,
) -> Study:
    """Train a grid on this machine and return its study. Results that the store already has are reused.

    Args:
        grid: from `load_grid`, or an argument of it: the path of a file, or a mapping.
        store: an open store [default: DATABASE_URL, or `sqlite:///results.db`, made if missing].
        workers: local processes [default: the number of cores].
        fresh: train everything again.
        progress: whether to show the progress, in the notebook or on stderr.

    Raises:
        UsageError: `workers` is not a number of processes.
        TrainingError: the workers keep dying.
    """
    check_workers(workers)
    store = store or open_store(create=True)
    submitted = record(store, grid if isinstance(grid, Grid) else load_grid(grid), fresh=fresh)
    train_shown(store, submitted.experiment, workers, progress=progress)
    return Study(store, store.experiments.with_id(submitted.experiment.id))


def submit(grid: AnyGrid, *, store: Store | None = None, broker: str | None = None, fresh: bool = False) -> Study:
    """Send a grid to the workers of a cluster and return its study at once.

    Raises:
        BrokerUnreachable: Redis is not there.
    """
    from store.delivery.queue import make_app, ping

    app = make_app(Settings.from_env(broker=broker).broker_url)
    ping(app)
    store = store or open_store(create=True)
    submitted = record(store, grid if isinstance(grid, Grid) else load_grid(grid), fresh=fresh)
    send_waiting(store, app, submitted.experiment.id)
    return Study(store, submitted.experiment)
