"""How commands train: on this machine or through the broker, with progress and a clean Ctrl-C."""

from __future__ import annotations

import logging
import signal
import sys
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from scheduler.cli.outcome import check_outcome
from scheduler.cli.output import err, plain, show_report
from scheduler.lifecycle.interrupts import interruptible, raise_if_interrupted
from scheduler.lifecycle.submission import send_waiting, sweep
from scheduler.lifecycle.waiting import why_nothing_happens
from store.commands import command as command_of
from store.errors import BrokerUnreachable, StoreUnreachable

if TYPE_CHECKING:
    from celery import Celery

    from scheduler.progress.display import Display
    from store import Experiment, Settings, Store

logger = logging.getLogger(__name__)

#: modules of the report that take seconds to load, with pandas and SciPy
REPORTING = (
    "scheduler.report.gather",
    "scheduler.report.formats.table_format",
    "scheduler.statistics.selection_audit",
)
#: modules of Matplotlib that its plots need
DRAWING = (
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "scheduler.report.plots",
)


def train_here(
    store: Store,
    settings: Settings,
    experiments: Sequence[Experiment],
    workers: int | None,
    *,
    command: str = "resume",
    plots: bool = False,
) -> None:
    """Train the experiments on this machine, show the progress, then summarise them."""
    from scheduler.lifecycle.local_training import train
    from scheduler.progress.display import display

    interrupted, complete = False, True
    load = (*REPORTING, *DRAWING) if plots else REPORTING
    waiting = store.jobs.unfinished([experiment.id for experiment in experiments])
    if waiting:
        with display("loading TensorFlow") as shown, interruptible(signal.SIGINT, signal.SIGTERM):
            try:
                complete = train(
                    store, settings, experiments, workers=workers, show=shown.show, load=load, say=shown.say
                )
            except KeyboardInterrupt:
                interrupted = True
    if interrupted:
        _exit_interrupted(store, experiments, command)
    _summarise(store, experiments, baselines=complete)
    if not waiting:
        _complete_baselines(store, experiments)


def _complete_baselines(store: Store, experiments: Sequence[Experiment]) -> None:
    """Compute the baselines of studies that were trained before and lack them: they were left out at Ctrl-C."""
    from scheduler.cli.baselines import complete_baselines

    for experiment in experiments:
        if store.futures.study_of(experiment.id) is None:
            complete_baselines(store, store.experiments.with_id(experiment.id))


def _summarise(store: Store, experiments: Sequence[Experiment], *, baselines: bool) -> None:
    """Summarise what is done; if the baselines were interrupted, without them, and say how to get them."""
    from scheduler.lifecycle.aggregate import aggregate_finished

    names = " and ".join(command_of("report", experiment.name, store=store.url) for experiment in experiments)
    if not baselines:
        err.print(f"Interrupted: the report leaves the baselines out; {names} computes them.", markup=False)
    try:
        aggregate_finished(store, baselines=baselines)
    except StoreUnreachable as problem:
        raise StoreUnreachable(f"{problem} The results are kept, and {names} summarises them.") from problem


def _exit_interrupted(store: Store, experiments: Sequence[Experiment], command: str) -> NoReturn:
    """Print what is kept and how to continue; exit with the code of Ctrl-C."""
    options = _again(command)
    for experiment in experiments:
        try:
            status = store.experiments.status(experiment.id)
        except StoreUnreachable:
            kept = "finished repeats are kept"
        else:
            if status.ended == status.total:
                continue
            kept = f"{status.ended} of {status.total} repeats are kept"
        again = command_of(command, experiment.name, *options, store=store.url)
        err.print(f"Interrupted. {experiment.name}: {kept}; {again} continues.", markup=False)
    sys.exit(130)


def _again(command: str) -> tuple[str, ...]:
    """Return the options with which a command that was interrupted goes on: its own, if it is the same command."""
    from scheduler.cli.options import options_given

    return () if command == "resume" else options_given()


def await_results(store: Store, app: Celery, experiments: Sequence[Experiment], *, command: str = "resume") -> None:
    """Show the progress of experiments on the cluster until they are done, sweeping meanwhile.

    The baselines are computed here meanwhile; what the workers' aggregator computed first is taken from the store.
    """
    try:
        from scheduler.lifecycle.aggregate import compute_ahead
        from scheduler.progress.display import display

        ids = [experiment.id for experiment in experiments]
        with display() as shown:
            ahead = compute_ahead(store, ids, load=REPORTING)
            _sweep_until_done(store, app, ids, shown)
            complete = ahead.wait(shown.say)
    except KeyboardInterrupt:
        _exit_no_longer_waiting(store, app, experiments, command)
    _summarise(store, experiments, baselines=complete)


def _sweep_until_done(store: Store, app: Celery, ids: Sequence[int], shown: Display) -> None:
    """Sweep and show the progress until every job has ended."""
    from scheduler.progress.stall import StallDetector

    stall = StallDetector()
    while True:
        raise_if_interrupted()
        try:
            statuses = [store.experiments.status(experiment_id) for experiment_id in ids]
            shown.show(statuses)
            if all(status.ended == status.total for status in statuses):
                return
            sweep(store, app)
            if stall.detects(statuses):
                shown.say(why_nothing_happens(store, ids, app.conf.broker_url))
                stall.silence()
        except (BrokerUnreachable, StoreUnreachable) as problem:  # they may be restarting
            logger.warning("%s", problem)
            stall.restart()
        time.sleep(0.5)


def _exit_no_longer_waiting(store: Store, app: Celery, experiments: Sequence[Experiment], command: str) -> NoReturn:
    """Print that the workers continue and how to wait again; exit with the code of Ctrl-C."""
    options = _again(command)
    for experiment in experiments:
        try:
            status = store.experiments.status(experiment.id)
        except StoreUnreachable:
            stands = "the workers continue"
        else:
            if status.ended == status.total:
                continue
            stands = f"{status.ended} of {status.total} repeats are done and the workers continue"
        again = command_of(command, experiment.name, *options, "--wait", store=store.url, broker=app.conf.broker_url)
        err.print(
            f"No longer waiting. {experiment.name}: {stands}; {again} waits again, "
            f"{command_of('cancel', experiment.name, store=store.url)} stops them.",
            markup=False,
        )
    sys.exit(130)


def train_there(
    store: Store,
    settings: Settings,
    experiment: Experiment,
    *,
    workers: int | None,
    wait: bool,
    command: str = "resume",
) -> bool:
    """Train what waits, through the broker if one is set, else on this machine; return whether it is done."""
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
    """Return the Celery app, after a check that the broker answers.

    Raises:
        BrokerUnreachable: no broker is set, or it does not answer.
    """
    from store.delivery.queue import make_app, ping

    app = make_app(settings.broker_url)
    ping(app)
    return app


def train_and_report(
    store: Store, settings: Settings, experiment: Experiment, *, workers: int | None, wait: bool
) -> None:
    """Train what waits and report; with a broker, report only after --wait."""
    if train_there(store, settings, experiment, workers=workers, wait=wait):
        _report(store, [experiment])


def await_and_report(store: Store, app: Celery, experiments: Sequence[Experiment]) -> None:
    """Wait for the cluster and report; the warnings were printed when the grids were recorded."""
    await_results(store, app, experiments)
    _report(store, experiments, warn=False)


def _report(store: Store, experiments: Sequence[Experiment], *, warn: bool = True) -> None:
    for experiment in experiments:
        show_report(store, experiment, None, warn=warn)
    check_outcome(store, experiments)


def grow_until(
    store: Store,
    settings: Settings,
    experiment: Experiment,
    *,
    most: int | None,
    looks: int | None,
    workers: int | None,
    wait: bool,
) -> bool:
    """Add repeats to an experiment where comparisons are undecided.

    Args:
        store: the results store.
        settings: name the broker, if there is one.
        experiment: to which repeats are added.
        most: --max-repeats, if given.
        looks: stop after this many looks; None stops when every pair is decided.
        workers: --workers, if given.
        wait: whether to wait for the workers of a cluster.

    Returns:
        False if repeats are still in training on a cluster.
    """
    from scheduler.lifecycle.aggregate import aggregate_finished
    from scheduler.lifecycle.top_up import grow, planned

    if len(store.experiments.status(experiment.id).configurations) <= 1:
        return True
    experiment = planned(store, experiment, most)
    store.experiments.reopen(experiment.id)
    found = grow(
        store,
        experiment,
        train=partial(train_there, store, settings, experiment, workers=workers, wait=wait, command="top-up"),
        tell=lambda words: err.print(plain(words)),
        looks=looks,
    )
    if found is None:
        return False
    aggregate_finished(store)
    return True
