"""What the commands do, in the order in which they do it."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from scheduler.cli.output import err, out, show_report, show_verdicts, suggest, write_out
from scheduler.cli.training import await_results, connect, train_here, train_there
from scheduler.files import check_directory
from scheduler.lifecycle.interrupts import raise_if_interrupted
from scheduler.lifecycle.submission import load_grids, record, send_waiting, sweep
from store import JobState, open_store
from store.errors import BrokerUnreachable, StoreUnreachable, TrainingError
from store.settings import Settings

if TYPE_CHECKING:
    from scheduler.grid.grid import Grid
    from store import Experiment, Store, Submitted

logger = logging.getLogger(__name__)


def run(paths: Sequence[Path], *, store_url: str | None, workers: int | None, fresh: bool, plots: Path | None) -> None:
    """Train grids on this machine and report."""
    settings = Settings.from_env(store=store_url)
    grids = load_grids(paths)
    check_directory(plots)
    check_directory(Path(settings.worker_logs) if settings.worker_logs else None, "WORKER_LOGS")
    with open_store(settings.database_url, create=True) as store:
        submitted = [announce(record(store, grid, fresh=fresh), grid, fresh=fresh) for grid in grids]
        experiments = [one.experiment for one in submitted]
        train_here(store, settings, experiments, workers)
        for experiment in experiments:
            show_report(store, experiment, plots)
        suggest(store, experiments[0], plots)
        check_outcome(store, experiments)


def submit(paths: Sequence[Path], *, store_url: str | None, broker_url: str | None, fresh: bool, wait: bool) -> None:
    """Send grids to the workers; with `wait`, stay until they are done and report."""
    settings = Settings.from_env(store=store_url, broker=broker_url)
    grids = load_grids(paths)
    app = connect(settings)
    with open_store(settings.database_url, create=True) as store:
        submitted = [announce(record(store, grid, fresh=fresh), grid, fresh=fresh) for grid in grids]
        for one in submitted:
            packs = send_waiting(store, app, one.experiment.id)
            if packs:
                err.print(f"{one.experiment.name}: sent in {packs} packs")
        experiments = [one.experiment for one in submitted]
        if wait:
            await_results(store, app, experiments)
            for experiment in experiments:
                show_report(store, experiment, None)
            check_outcome(store, experiments)
        else:
            for experiment in experiments:
                err.print(f"Next: `scheduler status {experiment.name}`, `scheduler report {experiment.name}`")


def announce(submitted: Submitted, grid: Grid, *, fresh: bool) -> Submitted:
    """Say what was recorded: new and reused jobs."""
    name = submitted.experiment.name
    if submitted.created and name != grid.name:
        there = "is in this store already" if fresh else "has other configurations or repeats in this store"
        err.print(f"{grid.name} {there}: this one is called {name}{'' if fresh else ', and reuses what both have'}")
    total = submitted.new + submitted.reused
    reused = f", {submitted.reused} reused" if submitted.reused else ""
    err.print(f"{name}: {total} repeats, {submitted.new} new{reused}")
    return submitted


def plan(paths: Sequence[Path], *, store_url: str | None, workers: int | None) -> None:
    """Show what a run would do; write nothing."""
    from scheduler.lifecycle.plan import plan_grid

    settings = Settings.from_env(store=store_url)
    for grid in load_grids(paths):
        out.print(escape(str(plan_grid(grid, settings.database_url, workers=workers or os.cpu_count() or 1))))


def list_experiments(*, store_url: str | None) -> None:
    """List the experiments of the store."""
    from scheduler.cli.listing import show_list

    with open_store(Settings.from_env(store=store_url).database_url) as store:
        show_list(store.experiments.list(), out)


def status(name: str, *, store_url: str | None) -> None:
    """Show how far an experiment is."""
    from scheduler.cli.status import show_status

    with open_store(Settings.from_env(store=store_url).database_url) as store:
        show_status(store, store.experiments.get(name), out)


def watch(*, store_url: str | None, broker_url: str | None, interval: float) -> None:
    """Sweep until stopped; a server that is away for a while does not end it."""
    from scheduler.lifecycle.aggregate import aggregate_finished

    logging.basicConfig(level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = Settings.from_env(store=store_url, broker=broker_url)
    app = connect(settings)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    raise_if_interrupted()  # before the handlers were there
    with open_store(settings.database_url) as store:
        logger.info("watching")
        while not stop.is_set():
            try:
                sweep(store, app)
                aggregate_finished(store)
                heartbeat_file().touch()
            except (BrokerUnreachable, StoreUnreachable) as problem:
                logger.warning("%s", problem)
            stop.wait(interval)
    logger.info("stopped")


def heartbeat_file() -> Path:
    """Return the file whose age says whether `watch` is alive; the container's health check looks at it."""
    return Path(os.environ.get("WATCH_HEARTBEAT", "/tmp/scheduler-watch"))


def resume(name: str, *, store_url: str | None, broker_url: str | None, workers: int | None, wait: bool) -> None:
    """Continue an experiment."""
    settings = Settings.from_env(store=store_url, broker=broker_url)
    with open_store(settings.database_url) as store:
        experiment = store.experiments.get(name)
        store.experiments.reopen(experiment.id)
        go_on(store, settings, experiment, workers=workers, wait=wait)


def retry(name: str, *, store_url: str | None, broker_url: str | None, workers: int | None, wait: bool) -> None:
    """Try the failed jobs of an experiment again."""
    settings = Settings.from_env(store=store_url, broker=broker_url)
    with open_store(settings.database_url) as store:
        experiment = store.experiments.get(name)
        jobs = store.experiments.retry(experiment.id)
        err.print(f"{experiment.name}: {len(jobs)} jobs to be tried again")
        go_on(store, settings, experiment, workers=workers, wait=wait)


def go_on(store: Store, settings: Settings, experiment: Experiment, *, workers: int | None, wait: bool) -> None:
    """Train what waits and report."""
    if train_there(store, settings, experiment, workers=workers, wait=wait):
        show_report(store, experiment, None)
        check_outcome(store, [experiment])


def check_outcome(store: Store, experiments: Sequence[Experiment]) -> None:
    """Check that every repeat has a result, so that a script sees by the exit code that one has not.

    Raises:
        TrainingError: repeats failed or were cancelled.
    """
    problems = []
    for experiment in experiments:
        status, name = store.experiments.status(experiment.id), experiment.name
        if status.failed:
            advice = f"`scheduler status {name}` says why, `scheduler retry {name}` tries again"
            problems.append(f"{status.failed} of {status.total} repeats of {name} failed: {advice}.")
        if status.cancelled:
            advice = f"`scheduler resume {name}` continues"
            problems.append(f"{status.cancelled} of {status.total} repeats of {name} were cancelled: {advice}.")
    if problems:
        raise TrainingError(" ".join(problems))


def top_up(
    name: str,
    *,
    store_url: str | None,
    broker_url: str | None,
    workers: int | None,
    wait: bool,
    most: int | None,
    looks: int | None,
) -> None:
    """Add repeats where comparisons are undecided, and look again."""
    from scheduler.lifecycle.aggregate import aggregate_finished
    from scheduler.lifecycle.top_up import grow, planned

    settings = Settings.from_env(store=store_url, broker=broker_url)
    with open_store(settings.database_url) as store:
        experiment = store.experiments.get(name)
        if len(store.experiments.parameters(experiment.id)) > 1:
            experiment = planned(store, experiment, most)
            store.experiments.reopen(experiment.id)
            found = grow(
                store,
                experiment,
                train=partial(train_there, store, settings, experiment, workers=workers, wait=wait, command="top-up"),
                tell=lambda words: err.print(escape(words)),
                looks=looks,
            )
            if found is None:
                err.print(f"Next: `scheduler top-up {name}`, when they are done")
                return
            aggregate_finished(store)
        show_verdicts(store, experiment)


def cancel(name: str, *, store_url: str | None) -> None:
    """Cancel an experiment."""
    with open_store(Settings.from_env(store=store_url).database_url) as store:
        experiment = store.experiments.get(name)
        stopped = store.experiments.cancel(experiment.id)
        done = store.experiments.status(experiment.id).counts[JobState.DONE]
        out.print(f"{experiment.name}: {stopped} jobs cancelled, {done} results kept")


def report(
    name: str, *, store_url: str | None, form: str, output: Path | None, plots: Path | None, page: Path | None
) -> None:
    """Print the summary of an experiment."""
    with open_store(Settings.from_env(store=store_url).database_url) as store:
        experiment = store.experiments.get(name)
        check_directory(plots)
        check_directory(page and page.parent, "--html")
        check_directory(output and output.parent, "--output")
        show_report(store, experiment, plots, form=form, output=output, page=page)


def replicate(*, store_url: str | None, output: Path | None) -> None:
    """Write the replication page."""
    from scheduler.replication.page import replication

    check_directory(output and output.parent, "--output")
    with open_store(Settings.from_env(store=store_url).database_url) as store:
        page = replication(store)
    write_out(page, output)


def compare(name: str, *, store_url: str | None, form: str, every: bool) -> None:
    """Print what the results say of every pair of configurations."""
    with open_store(Settings.from_env(store=store_url).database_url) as store:
        show_verdicts(store, store.experiments.get(name), form=form, every=every)


def migrate(*, store_url: str | None) -> None:
    """Make or bring up to date the store's tables."""
    settings = Settings.from_env(store=store_url)
    with open_store(settings.database_url, create=True) as store:
        out.print(f"The store is ready: {store.url}")
