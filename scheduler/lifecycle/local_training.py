"""Training on this machine, from the waiting jobs to the summaries: what the command line and `Study` share."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scheduler.lifecycle.aggregate import compute_ahead
from store.cores import cores
from store.errors import UsageError
from store.settings import MOST_WORKERS

if TYPE_CHECKING:
    from store import Experiment, ExperimentStatus, Settings, Store


def check_workers(workers: object) -> None:
    """Check the number of local workers that a caller asks for.

    Raises:
        UsageError: it is neither None nor a possible number of processes.
    """
    if workers is None:
        return
    try:
        wanted = operator.index(workers)  # type: ignore[arg-type]
    except TypeError:
        wanted = 0
    if not 1 <= wanted <= MOST_WORKERS or isinstance(workers, bool):
        raise UsageError(f"workers is {workers!r}; allowed: a whole number from 1 to {MOST_WORKERS}, or None.")


def train(
    store: Store,
    settings: Settings,
    experiments: Sequence[Experiment],
    *,
    workers: int | None,
    show: Callable[[Sequence[ExperimentStatus]], None],
    load: Sequence[str] = (),
    say: Callable[[str], None] | None = None,
) -> bool:
    """Run local workers until every job of the experiments has ended. `aggregate_finished` summarises them.

    The baselines are computed meanwhile. If they are not done when the training is, this waits for them.

    Args:
        store: the results store.
        settings: passed to the workers.
        experiments: what to train.
        workers: number of processes at most [default: the number of cores]; never more than jobs that wait.
        show: receives the state of the experiments a few times a second.
        load: modules to import meanwhile, because they take seconds and are needed once the results are in.
        say: told now and then which baseline is being computed, once nothing is trained any more.

    Returns:
        False if Ctrl-C ended the wait for the baselines.

    Raises:
        StoreVersionError: jobs belong to another version of the numerics.
        TrainingError: the workers keep dying without a result.
        KeyboardInterrupt: a signal came; every pack was handed back.
    """
    from scheduler.lifecycle import local_workers

    ids = [experiment.id for experiment in experiments]
    waiting = store.jobs.unfinished(ids)
    if not waiting:
        return True

    def look() -> int:
        statuses = [store.experiments.status(experiment_id) for experiment_id in ids]
        show(statuses)
        return sum(status.ended for status in statuses)

    ahead = compute_ahead(store, ids, load=load)
    size = min(workers or cores(), waiting)
    local_workers.run_workers(store, settings, ids, workers=size, look=look)
    return ahead.wait(say or (lambda text: None))
