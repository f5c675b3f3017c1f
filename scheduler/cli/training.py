"""How a command gets to its results: trains here, or sends packs and looks on; with progress, and a clean Ctrl-C."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from scheduler.cli.output import err
from scheduler.lifecycle.interrupts import heed, raise_if_interrupted
from scheduler.lifecycle.submission import send_waiting, sweep
from store.errors import BrokerUnreachable, StoreUnreachable
from store.settings import Settings, without_password

if TYPE_CHECKING:
    from celery import Celery

    from scheduler.cli.progress import Display
    from store import Experiment, Store

logger = logging.getLogger(__name__)

#: modules of the report that take seconds to load: pandas, SciPy and Matplotlib
REPORTING = (
    "scheduler.report.gather",
    "scheduler.report.formats.summary",
    "scheduler.statistics.selection_audit",
    "matplotlib.backends.backend_agg",
)


def train_here(
    store: Store,
    settings: Settings,
    experiments: Sequence[Experiment],
    workers: int | None,
    *,
    command: str = "resume",
) -> None:
    """Run local workers until the experiments are done, then summarise them."""
    from scheduler.cli.progress import display
    from scheduler.lifecycle.aggregate import aggregate_finished, compute_ahead
    from scheduler.lifecycle.local_workers import run_workers

    ids = [experiment.id for experiment in experiments]
    waiting = store.jobs.unfinished(ids)
    if waiting:
        interrupted = False
        size = min(workers or os.cpu_count() or 1, waiting)
        with display("loading TensorFlow") as shown, heed(signal.SIGINT, signal.SIGTERM):

            def look() -> int:
                statuses = [store.experiments.status(experiment_id) for experiment_id in ids]
                shown.show(statuses)
                return sum(status.ended for status in statuses)

            ahead = compute_ahead(store, ids, load=REPORTING)
            try:
                run_workers(store, settings, ids, workers=size, look=look)
                ahead.join()
            except KeyboardInterrupt:
                interrupted = True
        if interrupted:
            _say_interrupted(store, experiments, command)
    aggregate_finished(store)


def _say_interrupted(store: Store, experiments: Sequence[Experiment], command: str) -> NoReturn:
    """Say what is kept and how to go on; end with the exit code of Ctrl-C."""
    for experiment in experiments:
        status = store.experiments.status(experiment.id)
        if status.ended < status.total:
            err.print(
                f"Interrupted. {experiment.name}: {status.ended} of {status.total} repeats are kept; "
                f"`scheduler {command} {experiment.name}` continues."
            )
    sys.exit(130)


def await_results(store: Store, app: Celery, experiments: Sequence[Experiment], *, command: str = "resume") -> None:
    """Show the progress of experiments on the cluster until they are done, sweeping meanwhile."""
    try:
        from scheduler.cli.progress import display
        from scheduler.lifecycle.aggregate import aggregate_finished

        with display() as shown:
            _sweep_until_done(store, app, [experiment.id for experiment in experiments], shown)
    except KeyboardInterrupt:
        _say_left(store, app, experiments, command)
    aggregate_finished(store)


def _sweep_until_done(store: Store, app: Celery, ids: Sequence[int], shown: Display) -> None:
    """Sweep and show the progress until every job has ended."""
    from scheduler.cli.progress import Silence

    silence = Silence()
    while True:
        raise_if_interrupted()
        try:
            statuses = [store.experiments.status(experiment_id) for experiment_id in ids]
            shown.show(statuses)
            if all(status.ended == status.total for status in statuses):
                return
            sweep(store, app)
            if silence.lasts(statuses):
                shown.say(why_nothing_happens(store, ids))
                silence.end()
        except (BrokerUnreachable, StoreUnreachable) as problem:  # they may be restarting
            logger.warning("%s", problem)
            silence.begin()
        time.sleep(0.5)


def _say_left(store: Store, app: Celery, experiments: Sequence[Experiment], command: str) -> NoReturn:
    """Say that the workers go on, and how to wait again; end with the exit code of Ctrl-C."""
    named, broker = _named_again(store, app)
    for experiment in experiments:
        try:
            status = store.experiments.status(experiment.id)
        except StoreUnreachable:
            stands = "the workers go on"
        else:
            if status.ended == status.total:
                continue
            stands = f"{status.ended} of {status.total} repeats are done and the workers go on"
        err.print(
            f"No longer waiting. {experiment.name}: {stands}; "
            f"`scheduler {command} {experiment.name} --wait{named}{broker}` waits again, "
            f"`scheduler cancel {experiment.name}{named}` stops them."
        )
    sys.exit(130)


def _named_again(store: Store, app: Celery) -> tuple[str, str]:
    """Return the options that name the store and the broker, where the environment does not: without them, others."""
    from store.database.connection import parse, shown

    there = Settings.from_env()
    broker = without_password(app.conf.broker_url)
    return (
        "" if store.url == shown(parse(there.database_url)) else f" --store {store.url}",
        "" if broker == without_password(there.broker_url or "") else f" --broker {broker}",
    )


def why_nothing_happens(store: Store, experiments: Sequence[int]) -> str:
    """Say why jobs wait, as far as one can know: for whom, what was said of them, or that nobody seems to be there."""
    queues = store.jobs.queues(experiments)
    if busy := store.jobs.running(queues):
        return f"None of these is being trained: the workers of queue {', '.join(queues)} have other jobs, {busy} now."
    if complaints := store.jobs.complaints(experiments):
        return f"Nothing is being trained. Of jobs that wait was said: {complaints[0]}"
    return (
        "Nothing is being trained. Is there a worker? Start one, `docker compose up -d --wait` or "
        f"`worker --queue {','.join(queues) or 'default'}`; this goes on waiting."
    )


def train_there(
    store: Store,
    settings: Settings,
    experiment: Experiment,
    *,
    workers: int | None,
    wait: bool,
    command: str = "resume",
) -> bool:
    """Train what waits: through the broker where one is named, else here; return whether it is done."""
    if settings.broker_url is None:
        train_here(store, settings, [experiment], workers, command=command)
        return True
    app = connect(settings)
    store.jobs.expire()
    packs = send_waiting(store, app, experiment.id)
    err.print(f"{experiment.name}: sent in {packs} packs")
    if wait:
        await_results(store, app, [experiment], command=command)
    return wait


def connect(settings: Settings) -> Celery:
    """Return the Celery app, checked to be connected.

    Raises:
        BrokerUnreachable: no broker was named, or it does not answer.
    """
    from store.delivery.queue import make_app, ping

    app = make_app(settings.broker_url)
    ping(app)
    return app
