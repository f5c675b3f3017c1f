"""From grid files to rows in the store, and from rows to messages on Celery."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from store.delivery.packs import packs
from store.errors import GridError

if TYPE_CHECKING:
    from celery import Celery

    from scheduler.grid.grid import Grid
    from store import Store, Submitted

logger = logging.getLogger(__name__)


def load_grids(paths: Iterable[Path]) -> list[Grid]:
    """Read grid files, all of them before anything is stored.

    Raises:
        GridError: with the mistakes of all files.
    """
    from scheduler.grid.grid import Grid

    grids: list[Grid] = []
    mistakes: list[str] = []
    for path in paths:
        try:
            grids.append(Grid.load(path))
        except GridError as problem:
            mistakes += problem.mistakes
    if mistakes:
        raise GridError(mistakes)
    return grids


def record(store: Store, grid: Grid, *, fresh: bool = False) -> Submitted:
    """Write a grid's experiment, configurations and jobs to the store, and the series that they need.

    The same grid again is the same experiment. A repeat whose key is there already is reused, unless `fresh`.
    """
    from scheduler.grid.expand import expand

    experiment = expand(grid)
    for series in grid.series_data():
        store.series.put(series)
    return store.experiments.create(experiment, fresh=fresh)


def send_waiting(store: Store, app: Celery, experiment_id: int | None = None) -> int:
    """Send every job that waits, as packs, and return how many packs.

    Sending a job twice does no harm: whoever claims it first trains it.

    Raises:
        StoreVersionError: jobs of it were made by another version of the numerics.
        BrokerUnreachable: Redis is not there.
    """
    from store.delivery.queue import send

    store.jobs.check_version(None if experiment_id is None else [experiment_id])
    waiting = store.jobs.waiting(experiment_id)
    count = send(app, packs(waiting))
    store.jobs.mark_sent([job.id for job in waiting])
    return count


def sweep(store: Store, app: Celery, *, lost_after: float = 10.0) -> int:
    """Send again what no worker has and no message stands for; return how many packs that were.

    That is: jobs whose worker died (their lease ran out), and those whose message went with it or with Redis: more than
    `lost_after` seconds after it was sent its queue is empty, or another one that was sent so much later is being run.
    """
    from store.delivery.queue import queue_length, send

    expired = store.jobs.expire()
    again = store.jobs.waiting(ids=expired) if expired else []
    again += store.jobs.overtaken(lost_after)
    if empty := [queue for queue in store.jobs.queues() if queue_length(app, queue) == 0]:
        again += store.jobs.waiting(unsent_for=lost_after, queues=empty)
    again = list({job.id: job for job in again}.values())
    if not again:
        return 0
    count = send(app, packs(again))
    store.jobs.mark_sent([job.id for job in again])
    logger.info("%d jobs sent again in %d packs", len(again), count)
    return count
