"""A forecast beyond the end of the data from Python: recorded, trained on this machine, and read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scheduler.lifecycle.forecasting import Wish, ask, forecast_of
from scheduler.progress.training import train_shown
from store.errors import TrainingError

if TYPE_CHECKING:
    from scheduler.future.known import Known
    from scheduler.future.panel import Future, PanelFuture
    from store import Experiment, Store

__all__ = ["Wish", "forecast_shown", "known_ahead"]


def known_ahead(given: Any) -> Known | None:
    """Read what is known ahead: a DataFrame, or the path of a file.

    Raises:
        UsageError: the file is missing.
        SeriesError: it is no table.
    """
    from scheduler.future.known import Known

    if given is None:
        return None
    return Known.read(Path(given)) if isinstance(given, str | Path) else Known.of(given)


def forecast_shown(
    store: Store, study: Experiment, wish: Wish, workers: int | None, *, progress: bool
) -> Future | PanelFuture:
    """Train what a forecast needs on this machine, and return it.

    Raises:
        TrainingError: the workers keep dying, or repeats failed.
    """
    from scheduler.lifecycle.local_training import check_workers

    check_workers(workers)
    asked = ask(store, study, wish)
    mine = asked.submitted.experiment
    train_shown(store, mine, workers, progress=progress)
    status = store.experiments.status(mine.id)
    if status.failed:
        raise TrainingError(f"{status.failed} of {status.total} repeats of {mine.name} failed; forecast() tries again")
    return forecast_of(store, asked, wish.levels)
