"""The command line: each command parses, calls one function and prints. Data go to stdout, progress to stderr.

Heavy libraries are imported by the commands that need them, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from scheduler.cli.options import BROKER, EXPERIMENT, FILE, FRESH, GRIDS, OUTPUT, PLOTS, STORE, WORKERS, continues


class Commands(click.Group):
    """Lists commands in the order in which they are used, and names the nearest one for a wrong name."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the arguments, or show the help."""
        with _reader_may_leave():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _reader_may_leave():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands as they were added."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or say which name is near."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as problem:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f" Did you mean `{near[0]}`?" if near else f" Commands: {', '.join(self.list_commands(ctx))}."
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx) from problem


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """End when the reader of stdout, such as `head`, has seen enough; click itself would call that a failure."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="repeats", prog_name="scheduler")
def cli() -> None:
    """Run repeated neural-network experiments on time series, and say which configuration is better.

    \b
    scheduler run grids/quickstart.yaml          train here, with no server
    scheduler submit grids/quickstart.yaml       send to the workers (Celery, Redis)
    scheduler report quickstart --plots plots    tables and pictures

    EXPERIMENT is a name or number that `scheduler list` shows. The store is a SQLite file or a Postgres database:
    DATABASE_URL, or --store on any command.
    """  # noqa: D301 - click reads \\b as "keep these lines as they are"


@cli.command()
@GRIDS
@STORE
@WORKERS
@FRESH
@PLOTS
def run(grids: tuple[Path, ...], store: str | None, workers: int | None, fresh: bool, plots: Path | None) -> None:
    """Train GRID files here, with no server, and report.

    What the store has already is reused. Ctrl-C leaves a state that `scheduler resume` continues.
    """
    from scheduler.cli import commands

    commands.run(grids, store_url=store, workers=workers, fresh=fresh, plots=plots)


@cli.command()
@GRIDS
@STORE
@BROKER
@FRESH
@click.option("--wait", is_flag=True, help="Wait for the results, sending again what gets lost, and report.")
def submit(grids: tuple[Path, ...], store: str | None, broker: str | None, fresh: bool, wait: bool) -> None:
    """Send GRID files to the workers (Celery, Redis)."""
    from scheduler.cli import commands

    commands.submit(grids, store_url=store, broker_url=broker, fresh=fresh, wait=wait)


@cli.command()
@GRIDS
@STORE
@WORKERS
def plan(grids: tuple[Path, ...], store: str | None, workers: int | None) -> None:
    """Show what a run would do; write nothing.

    Configurations, jobs new and reused, packs, programs to compile and the estimated time.
    """
    from scheduler.cli import commands

    commands.plan(grids, store_url=store, workers=workers)


@cli.command("list")
@STORE
def list_experiments(store: str | None) -> None:
    """List the experiments of the store."""
    from scheduler.cli import commands

    commands.list_experiments(store_url=store)


@cli.command()
@EXPERIMENT
@STORE
def status(experiment: str, store: str | None) -> None:
    """Show how far an experiment is, and why jobs failed."""
    from scheduler.cli import commands

    commands.status(experiment, store_url=store)


@cli.command()
@STORE
@BROKER
@click.option("--interval", default=2.0, show_default=True, type=click.FloatRange(0.1, 60), help="Seconds.")
def watch(store: str | None, broker: str | None, interval: float) -> None:
    """Keep a cluster going, until stopped.

    Sends again what dead workers and a lost Redis left, and summarises what is finished.
    """
    from scheduler.cli import commands

    commands.watch(store_url=store, broker_url=broker, interval=interval)


@cli.command()
@continues
def resume(experiment: str, store: str | None, broker: str | None, workers: int | None, wait: bool) -> None:
    """Continue what was interrupted or cancelled.

    Through the broker if one is named (BROKER_URL, --broker), else on this machine.
    """
    from scheduler.cli import commands

    commands.resume(experiment, store_url=store, broker_url=broker, workers=workers, wait=wait)


@cli.command()
@continues
def retry(experiment: str, store: str | None, broker: str | None, workers: int | None, wait: bool) -> None:
    """Try failed jobs again, with all attempts.

    Through the broker if one is named (BROKER_URL, --broker), else on this machine.
    """
    from scheduler.cli import commands

    commands.retry(experiment, store_url=store, broker_url=broker, workers=workers, wait=wait)


@cli.command()
@EXPERIMENT
@STORE
def cancel(experiment: str, store: str | None) -> None:
    """Stop an experiment; its results are kept.

    Nothing more is started, and packs in training are left within seconds.
    """
    from scheduler.cli import commands

    commands.cancel(experiment, store_url=store)


@cli.command()
@EXPERIMENT
@STORE
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "markdown", "latex", "parquet"]),
    default="table",
    show_default=True,
    help="What to print; parquet has a row a repeat.",
)
@OUTPUT
@PLOTS
@click.option("--html", "page", type=FILE, metavar="FILE", help="Write the report as one page.")
def report(
    experiment: str, store: str | None, form: str, output: Path | None, plots: Path | None, page: Path | None
) -> None:
    """Print the summary of an experiment, and save plots.

    One that is not finished shows what is there, and says that it is partial.
    """
    from scheduler.cli import commands

    commands.report(experiment, store_url=store, form=form, output=output, plots=plots, page=page)


@cli.command()
@EXPERIMENT
@STORE
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "markdown"]),
    default="table",
    show_default=True,
    help="What to print; csv has the pairs, json everything.",
)
@click.option("--all", "every", is_flag=True, help="Show every configuration and pair, however many there are.")
def compare(experiment: str, store: str | None, form: str, every: bool) -> None:
    """Say which configuration is better, and how sure that is.

    The answer in one line, the ranking, and every pair: difference, interval, p, effect, verdict and why.
    """
    from scheduler.cli import commands

    commands.compare(experiment, store_url=store, form=form, every=every)


@cli.command("top-up")
@continues
@click.option(
    "--max-repeats",
    type=click.IntRange(2, 10_000),
    metavar="N",
    help="Repeats of a configuration at most [default: 200].",
)
@click.option(
    "--until",
    type=click.Choice(["decided", "next-look"]),
    default="decided",
    show_default=True,
    help="Stop when all is decided, or after the next look.",
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

    Only configurations of undecided pairs get more. When to look is planned before the first look, and the error rate
    holds although one looks repeatedly (Lan and DeMets 1983). Ctrl-C leaves a state that it continues.
    """
    from scheduler.cli import commands

    commands.top_up(
        experiment,
        store_url=store,
        broker_url=broker,
        workers=workers,
        wait=wait,
        most=max_repeats,
        looks=1 if until == "next-look" else None,
    )


@cli.command()
@STORE
@OUTPUT
def replicate(store: str | None, output: Path | None) -> None:
    """Hold the store's results against the published numbers.

    Writes Markdown: tables side by side, differences, and whether each published finding holds.
    """
    from scheduler.cli import commands

    commands.replicate(store_url=store, output=output)


@cli.command()
@STORE
def migrate(store: str | None) -> None:
    """Make a store, or bring an older one up to date."""
    from scheduler.cli import commands

    commands.migrate(store_url=store)
