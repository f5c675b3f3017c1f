"""The Python door: load a grid, run or submit it, and read what came of it as pandas frames.

from scheduler import load_grid, open_store, run

study = run(load_grid("grids/quickstart.yaml"))
study.summaries()
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.grid import Grid
from scheduler.submission import record, send_waiting
from store import open_store as open_results
from store.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.data import ReportData
    from store import Experiment, ExperimentStatus, Store


@dataclass(frozen=True, slots=True)
class Study:
    """One experiment of a store. Every reading asks the store, so a study that still runs can be watched."""

    store: Store
    experiment: Experiment

    @property
    def name(self) -> str:
        """The experiment's name, unique in its store."""
        return self.experiment.name

    def status(self) -> ExperimentStatus:
        """How far it is."""
        return self.store.experiments.status(self.experiment.id)

    def results(self) -> pd.DataFrame:
        """One row a repeat: the columns of the view `results`."""
        return self.store.results.frame(self.experiment.id)

    def trajectories(self) -> pd.DataFrame:
        """One row a repeat and epoch: configuration, repeat, epoch (from 1), train_rmse, test_rmse."""
        import pandas as pd

        frames = [
            _curves(label, curves) for label, curves in self.store.results.trajectories(self.experiment.id).items()
        ]
        names = ["configuration", "repeat", "epoch", "train_rmse", "test_rmse"]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=names)

    def summaries(self) -> pd.DataFrame:
        """One row a configuration: pandas' `describe()` of the scores that are there, and how many diverged."""
        from scheduler.aggregate import summarise

        return summarise(self.results())

    def report(self) -> ReportData:
        """Everything that a report shows."""
        from scheduler.gather import gather

        return gather(self.store, self.experiment)

    def resume(self, *, workers: int | None = None) -> Study:
        """Train what is missing on this machine, and return the study."""
        _train(self.store, Settings(database_url=self.store.url), self.experiment, workers)
        return self


def load_grid(source: str | Path | Mapping[str, Any]) -> Grid:
    """Read a grid from a file, or from a mapping of the same shape.

    Raises:
        GridError: with every mistake, each with its line.
    """
    if isinstance(source, Mapping):
        import yaml

        return Grid.parse(yaml.safe_dump(dict(source), sort_keys=False), file="<grid>")
    return Grid.load(Path(source))


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


def run(grid: Grid, *, store: Store | None = None, workers: int | None = None, fresh: bool = False) -> Study:
    """Train a grid on this machine and return its study; what the store has already is reused.

    Args:
        grid: from `load_grid`.
        store: an open store [default: DATABASE_URL, or `sqlite:///results.db`, made if missing].
        workers: local processes [default: the number of cores].
        fresh: train everything again.

    Raises:
        TrainingError: the workers keep dying.
    """
    store = store or open_store(create=True)
    submitted = record(store, grid, fresh=fresh)
    _train(store, Settings(database_url=store.url), submitted.experiment, workers)
    return Study(store, submitted.experiment)


def submit(grid: Grid, *, store: Store | None = None, broker: str | None = None, fresh: bool = False) -> Study:
    """Send a grid to the workers of a cluster and return its study at once.

    Raises:
        BrokerUnreachable: Redis is not there.
    """
    from store.queue import make_app, ping

    app = make_app(Settings.from_env(broker=broker).broker_url)
    ping(app)
    store = store or open_store(create=True)
    submitted = record(store, grid, fresh=fresh)
    send_waiting(store, app, submitted.experiment.id)
    return Study(store, submitted.experiment)


def _train(store: Store, settings: Settings, experiment: Experiment, workers: int | None) -> None:
    from scheduler.aggregate import aggregate_finished
    from scheduler.local import run_workers

    if waiting := store.jobs.unfinished([experiment.id]):

        def look() -> int:
            return store.experiments.status(experiment.id).ended

        size = min(workers or os.cpu_count() or 1, waiting)
        run_workers(store, settings, [experiment.id], workers=size, look=look)
    aggregate_finished(store)


def _curves(label: str, curves: Any) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    repeats, points = curves.test.shape
    return pd.DataFrame(
        {
            "configuration": label,
            "repeat": np.repeat(curves.repeats, points),
            "epoch": np.tile(curves.epochs, repeats),
            "train_rmse": curves.train.ravel(),
            "test_rmse": curves.test.ravel(),
        }
    )
