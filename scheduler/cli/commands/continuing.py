"""Commands that continue or stop an experiment: resume, retry, top-up, cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scheduler.cli.options import EXPERIMENT, STORE, continues, options_given

if TYPE_CHECKING:
    from store import Experiment, Settings, Store

HEADING = "Continue or stop an experiment"
POSITION = 20


@click.command()
@continues
def resume(experiment: str, store: str | None, broker: str | None, workers: int | None, wait: bool) -> None:
    """Continue an experiment that was interrupted or cancelled.

    Uses the broker if one is set (BROKER_URL, --broker), otherwise trains on this machine.
    """
    from scheduler.cli.training import train_and_report
    from store import Settings, open_store

    settings = Settings.from_env(store=store, broker=broker)
    with open_store(settings.database_url) as results:
        found = results.experiments.get(experiment)
        results.experiments.reopen(found.id)
        train_and_report(results, settings, found, workers=workers, wait=wait)


@click.command()
@continues
def retry(experiment: str, store: str | None, broker: str | None, workers: int | None, wait: bool) -> None:
    """Train the failed jobs of an experiment again, with all attempts.

    Uses the broker if one is set (BROKER_URL, --broker), otherwise trains on this machine.
    """
    from scheduler.cli.output import err
    from scheduler.cli.training import train_and_report
    from store import Settings, open_store

    settings = Settings.from_env(store=store, broker=broker)
    with open_store(settings.database_url) as results:
        found = results.experiments.get(experiment)
        jobs = results.experiments.retry(found.id)
        err.print(f"{found.name}: retrying {len(jobs)} jobs")
        train_and_report(results, settings, found, workers=workers, wait=wait)


@click.command("top-up")
@continues
@click.option(
    "--max-repeats",
    type=click.IntRange(2, 10_000),
    metavar="N",
    help="Maximum repeats of a configuration [default: 200].",
)
@click.option(
    "--until",
    type=click.Choice(["decided", "next-look"]),
    default="decided",
    show_default=True,
    help="Stop when every pair is decided, or after the next look.",
)
@click.option(
    "--windows",
    type=click.IntRange(2, 1000),
    metavar="N",
    help="Train the study with N windows of each series, as an experiment of its own.",
)
def top_up(
    experiment: str,
    store: str | None,
    broker: str | None,
    workers: int | None,
    wait: bool,
    max_repeats: int | None,
    until: str,
    windows: int | None,
) -> None:
    """Add repeats where comparisons are undecided, and compare again.

    Only configurations of undecided pairs get more repeats. The looks at the scores are planned before the first one,
    so that the error rate holds although there are several (Lan and DeMets 1983). After Ctrl-C, the same command
    continues. With --windows, earlier windows are added instead of repeats, which verdicts beyond the windows need;
    those that are trained are reused, except those of a study with one series and one window.
    """
    from scheduler.cli.output import err, show_verdicts
    from scheduler.cli.training import grow_until
    from store import Settings, open_store
    from store.commands import command

    settings = Settings.from_env(store=store, broker=broker)
    with open_store(settings.database_url) as results:
        found = results.experiments.get(experiment)
        if windows is not None:
            return _more_windows(results, settings, found, windows, workers=workers, wait=wait)
        looks = 1 if until == "next-look" else None
        if grow_until(results, settings, found, most=max_repeats, looks=looks, workers=workers, wait=wait):
            show_verdicts(results, found)
        else:
            again = command("top-up", found.name, *options_given(), store=results.url, broker=settings.broker_url)
            err.print(f"Next: {again}, when they are done", markup=False)
    return None


def _more_windows(
    results: Store, settings: Settings, study: Experiment, count: int, *, workers: int | None, wait: bool
) -> None:
    """Train a study with more windows, and report it."""
    from scheduler.cli.output import err
    from scheduler.cli.training import train_and_report
    from scheduler.lifecycle.over_splits.more_windows import with_windows

    made = with_windows(results, study, count)
    total = made.new + made.reused
    err.print(f"{made.experiment.name}: {count} windows, {total:,} jobs, {made.reused:,} reused", markup=False)
    results.experiments.reopen(made.experiment.id)
    train_and_report(results, settings, made.experiment, workers=workers, wait=wait)


@click.command()
@EXPERIMENT
@STORE
def cancel(experiment: str, store: str | None) -> None:
    """Stop an experiment and keep its results.

    No further job starts; packs in training stop within seconds.
    """
    from scheduler.cli.output import opened, out
    from store import JobState

    with opened(store) as results:
        found = results.experiments.get(experiment)
        stopped = results.experiments.cancel(found.id)
        done = results.experiments.status(found.id).counts[JobState.DONE]
        out.print(f"{found.name}: {stopped} jobs cancelled, {done} results kept")
