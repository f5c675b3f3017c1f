"""Submission: grid files become rows in the store, and waiting jobs become messages on Celery."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import GridError

if TYPE_CHECKING:
    from celery import Celery

    from scheduler.grid.grid import Grid
    from store import Store, Submitted
    from store.records import Waiting

logger = logging.getLogger(__name__)


def load_grids(paths: Iterable[Path], overrides: Sequence[str] = (), *, strict: bool = False) -> list[Grid]:
    """Read all grid files before anything is stored.

    Args:
        paths: the files.
        overrides: fields to set in each of them, such as `repeats=5`.
        strict: whether warnings are mistakes.

    Raises:
        GridError: the mistakes of all files, each once.
    """
    from scheduler.grid.grid import Grid

    grids: list[Grid] = []
    mistakes: list[str] = []
    for path in paths:
        try:
            grids.append(Grid.load(path, overrides=overrides))
        except GridError as problem:
            mistakes += problem.mistakes
    if mistakes:
        raise GridError(list(dict.fromkeys(mistakes)))
    if strict and (warned := [f"{grid.file}: {line}" for grid in grids for line in grid.warnings]):
        raise GridError([f"{line} (a mistake because of --strict)" for line in dict.fromkeys(warned)])
    return grids


def record(store: Store, grid: Grid, *, fresh: bool = False) -> Submitted:
    """Write a grid's experiment, configurations, jobs and series to the store.

    A grid that was stored before is the same experiment. A repeat whose key is in the store is reused, unless `fresh`.
    """
    from scheduler.grid.expand import expand
    from scheduler.lifecycle.seasons import with_own_seasons

    store.series.put(*grid.series_data())
    for content, members in grid.panels.items():
        store.panels.put(content, members)
    return store.experiments.create(with_own_seasons(store, expand(grid), grid.series_data()), fresh=fresh)


def send_waiting(store: Store, app: Celery, experiment_id: int | None = None) -> int:
    """Send every waiting job, of one experiment or of all, and return how many packs that were.

    Raises:
        StoreVersionError: some jobs were made by another version of the numerics.
        BrokerUnreachable: Redis is not there.
    """
    from store.delivery.queue import send_jobs

    store.jobs.check_version(None if experiment_id is None else [experiment_id])
    return send_jobs(app, store.jobs.waiting(experiment_id), store.jobs.mark_sent)


def sweep(store: Store, app: Celery, *, lost_after: float = 10.0) -> int:
    """Send again the jobs that no worker has and no message names; return how many packs that were.

    A worker died if its lease ran out. A message was lost, with a worker or with Redis, if more than `lost_after`
    seconds after it was sent its queue is empty, or a message sent that much later is already being trained. Those
    that a worker had go before all that is queued.
    """
    from store.delivery.queue import queue_length, send_jobs

    expired = store.jobs.expire()
    first = {job.id: job for job in (store.jobs.waiting(ids=expired) if expired else [])}
    first |= {job.id: job for job in store.jobs.overtaken(lost_after)}
    rest: list[Waiting] = []
    if empty := [queue for queue in store.jobs.queues() if queue_length(app, queue) == 0]:
        rest = [job for job in store.jobs.waiting(unsent_for=lost_after, queues=empty) if job.id not in first]
    if not (first or rest):
        return 0
    count = send_jobs(app, list(first.values()), store.jobs.mark_sent, first=True) if first else 0
    count += send_jobs(app, rest, store.jobs.mark_sent) if rest else 0
    logger.info("%d jobs sent again in %d packs", len(first) + len(rest), count)
    return count
