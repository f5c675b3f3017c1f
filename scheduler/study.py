"""The Python door: load a grid, run or submit it, and read what came of it as pandas frames.

from scheduler import load_grid, open_store, run

study = run(load_grid("grids/quickstart.yaml"))
study.summaries()
"""

from __future__ import annotations

import logging
import operator
import os
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.grid.grid import Grid
from scheduler.grid.yaml_writer import as_yaml
from scheduler.lifecycle.interrupts import Interrupted, heed
from scheduler.lifecycle.submission import record, send_waiting
from store import open_store as open_results
from store.errors import UsageError
from store.settings import MOST_WORKERS, Settings

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.report.report_data import ReportData
    from scheduler.statistics.comparison import Comparison
    from store import Experiment, ExperimentStatus, Store

logger = logging.getLogger(__name__)

AnyGrid = Grid | str | Path | Mapping[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """A PNG, which notebooks show."""

    png: bytes

    def _repr_png_(self) -> bytes:
        return self.png


@dataclass(frozen=True, slots=True, repr=False)
class Study:
    """One experiment of a store. Every reading asks the store, so a study that still runs can be watched."""

    store: Store
    experiment: Experiment

    def __repr__(self) -> str:
        """Name it, and say how far it is."""
        status = self.status()
        return f"<Study {self.name!r}: {status.stands}, {status.ended} of {status.total} repeats ended>"

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

    def forecasts(self) -> pd.DataFrame:
        """One row a forecast value: configuration, repeat, step, horizon, target (all from 1), observed, forecast."""
        import pandas as pd

        frames = [_blocks(label, found) for label, found in self.store.results.forecasts(self.experiment.id).items()]
        names = ["configuration", "repeat", "step", "horizon", "target", "observed", "forecast"]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=names)

    def summaries(self) -> pd.DataFrame:
        """One row a configuration: pandas' `describe()` of the scores that are there, and how many diverged."""
        from scheduler.statistics.summary import summarise

        return summarise(self.results())

    def comparison(self) -> Comparison:
        """The answer, the notes, the pairs and the ranking, of the results that are there."""
        from scheduler.statistics.conclusions import compared

        return compared(self.store.experiments.with_id(self.experiment.id), self.results())

    def comparisons(self) -> pd.DataFrame:
        """One row a pair of configurations; the columns are explained at `scheduler.statistics.comparison.compare`."""
        return self.comparison().pairs

    def ranking(self) -> pd.DataFrame:
        """One row a configuration, best first, with letters: those that share one are not told apart."""
        return self.comparison().ranking

    def baselines(self) -> pd.DataFrame:
        """One row a baseline on the same test rows: baseline, rmse, mae, mase, note; computed if nobody did before."""
        from scheduler.lifecycle.baseline_cache import baselines

        return baselines(self.store, self.experiment.id)

    def answer(self) -> str:
        """Which configuration is better, and whether any beats the best baseline."""
        from scheduler.statistics.conclusions import conclude

        now = self.store.experiments.with_id(self.experiment.id)
        return conclude(now, self.results(), self.baselines(), {}).answer or ""

    def report(self) -> ReportData:
        """Everything that a report shows; `scheduler.report.plots.save` and `scheduler.report.page.write` draw it."""
        from scheduler.report.gather import gather

        return gather(self.store, self.experiment)

    def picture(self, name: str = "scores") -> Picture:
        """Draw `scores` or `trajectories`; a notebook shows it.

        Raises:
            UsageError: there is no such picture, or nothing to draw yet.
        """
        from scheduler.report.plots import PICTURES, save

        if name not in PICTURES:
            raise UsageError(f"No picture {name!r}. There are: {', '.join(PICTURES)}.")
        with tempfile.TemporaryDirectory() as folder:
            drawn = [path for path in save(self.report(), Path(folder), ("png",)) if path.stem.endswith(f"-{name}")]
            if not drawn:
                raise UsageError(f"{self.name} has nothing to draw for {name!r} yet.")
            return Picture(drawn[0].read_bytes())

    def resume(self, *, workers: int | None = None) -> Study:
        """Train what is missing on this machine, and return the study.

        Raises:
            UsageError: `workers` is no number of processes.
            TrainingError: the workers keep dying.
        """
        wanted = _checked(workers)
        self.store.experiments.reopen(self.experiment.id)
        _train(self.store, self.experiment, wanted)
        return self

    def top_up(self, *, max_repeats: int | None = None, one_look: bool = False, workers: int | None = None) -> Study:
        """Add repeats on this machine where comparisons are undecided, as `scheduler top-up` does; return the study.

        Args:
            max_repeats: of a configuration [default: as planned before, or 200].
            one_look: stop after the next look, decided or not.
            workers: local processes [default: the number of cores].

        Raises:
            UsageError: `max_repeats` is too small, or another one than was planned; or `workers` is no number.
            TrainingError: the workers keep dying.
        """
        from scheduler.lifecycle.aggregate import aggregate_finished
        from scheduler.lifecycle.top_up import grow, planned

        wanted = _checked(workers)

        def train() -> bool:
            _train(self.store, self.experiment, wanted)
            return True

        if len(self.store.experiments.parameters(self.experiment.id)) > 1:
            experiment = planned(self.store, self.experiment, max_repeats)
            self.store.experiments.reopen(experiment.id)
            grow(self.store, experiment, train=train, tell=logger.info, looks=1 if one_look else None)
            aggregate_finished(self.store)
        return self


def load_grid(source: str | Path | Mapping[str, Any]) -> Grid:
    """Read a grid from a file, or from a mapping of the same shape.

    Raises:
        GridError: with every mistake, each with its line.
        UsageError: it is neither, or holds what YAML cannot.
    """
    if isinstance(source, Mapping):
        return Grid.parse(as_yaml(source), file="<grid>")
    if isinstance(source, str | os.PathLike):
        return Grid.load(Path(source))
    raise UsageError(f"A grid is the path of a file or a mapping of fields, and {source!r:.80} is neither.")


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


def run(grid: AnyGrid, *, store: Store | None = None, workers: int | None = None, fresh: bool = False) -> Study:
    """Train a grid on this machine and return its study; what the store has already is reused.

    Args:
        grid: from `load_grid`, or what that takes: the path of a file, or a mapping.
        store: an open store [default: DATABASE_URL, or `sqlite:///results.db`, made if missing].
        workers: local processes [default: the number of cores].
        fresh: train everything again.

    Raises:
        UsageError: `workers` is no number of processes.
        TrainingError: the workers keep dying.
    """
    wanted = _checked(workers)
    store = store or open_store(create=True)
    submitted = record(store, _loaded(grid), fresh=fresh)
    _train(store, submitted.experiment, wanted)
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
    submitted = record(store, _loaded(grid), fresh=fresh)
    send_waiting(store, app, submitted.experiment.id)
    return Study(store, submitted.experiment)


def _loaded(grid: AnyGrid) -> Grid:
    return grid if isinstance(grid, Grid) else load_grid(grid)


def _train(store: Store, experiment: Experiment, workers: int) -> None:
    from scheduler.lifecycle.aggregate import aggregate_finished
    from scheduler.lifecycle.local_workers import run_workers

    if waiting := store.jobs.unfinished([experiment.id]):

        def look() -> int:
            return store.experiments.status(experiment.id).ended

        settings = Settings.from_env(store=store.address)
        size = min(workers, waiting)
        try:
            with heed(signal.SIGINT):
                run_workers(store, settings, [experiment.id], workers=size, look=look)
        except Interrupted:
            raise KeyboardInterrupt from None  # by that, and by no other, Python ends a script as shells expect
    aggregate_finished(store)


def _checked(workers: int | None) -> int:
    """Return how many local workers are wanted; as many as there are cores where nobody says.

    Raises:
        UsageError: it is no number of processes.
    """
    if workers is None:
        return os.cpu_count() or 1
    try:
        wanted = operator.index(workers)
    except TypeError:
        wanted = 0
    if not 1 <= wanted <= MOST_WORKERS or isinstance(workers, bool):
        raise UsageError(f"workers is {workers!r}; allowed: a whole number from 1 to {MOST_WORKERS}, or None.")
    return wanted


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


def _blocks(label: str, found: Any) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    repeat, step, horizon, target = (index.ravel() for index in np.indices(found.forecast.shape))
    return pd.DataFrame(
        {
            "configuration": label,
            "repeat": found.repeats[repeat],
            "step": step + 1,
            "horizon": horizon + 1,
            "target": target + 1,
            "observed": np.broadcast_to(found.observed, found.forecast.shape).ravel(),
            "forecast": found.forecast.ravel(),
        }
    )
