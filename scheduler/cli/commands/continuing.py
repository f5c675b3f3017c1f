"""Commands that continue or stop an experiment: resume, retry, top-up, cancel."""

from __future__ import annotations

import click

from scheduler.cli.options import EXPERIMENT, STORE, continues, options_given

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
def top_up(
    experiment: str,
    store: str | None,
    broker: str | None,
    workers: int | None,
    wait: bool,
    max_repeats: int | None,
    until: str,
) -> None:
    """Add repeats where comparisons are undecided, and compare again.

    Only configurations of undecided pairs get more repeats. The looks at the scores are planned before the first one,
    so that the error rate holds although there are several (Lan and DeMets 1983). After Ctrl-C, the same command
    continues.
    """
    from scheduler.cli.output import err, show_verdicts
    from scheduler.cli.training import grow_until
    from store import Settings, open_store
    from store.commands import command

    settings = Settings.from_env(store=store, broker=broker)
    with open_store(settings.database_url) as results:
        found = results.experiments.get(experiment)
        looks = 1 if until == "next-look" else None
        if grow_until(results, settings, found, most=max_repeats, looks=looks, workers=workers, wait=wait):
            show_verdicts(results, found)
        else:
            again = command("top-up", found.name, *options_given(), store=results.url, broker=settings.broker_url)
            err.print(f"Next: {again}, when they are done", markup=False)


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
