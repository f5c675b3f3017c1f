"""Commands on grid files: run, plan, submit."""

from __future__ import annotations

from pathlib import Path

import click

from scheduler.cli.options import BROKER, FRESH, GRIDS, PLOTS, SET, STORE, STRICT, WORKERS, choose_format

HEADING = "Train a grid"
POSITION = 10


@click.command()
@GRIDS
@SET
@STORE
@WORKERS
@FRESH
@STRICT
@PLOTS
def run(
    grids: tuple[Path, ...],
    overrides: tuple[str, ...],
    store: str | None,
    workers: int | None,
    fresh: bool,
    strict: bool,
    plots: Path | None,
) -> None:
    """Train grids on this machine and report.

    Needs no server. Results that the store already has are reused. After Ctrl-C, `scheduler resume` continues.
    """
    from scheduler.cli.outcome import announce, check_outcome, suggest
    from scheduler.cli.output import show_report
    from scheduler.cli.training import train_here
    from scheduler.files import check_directory
    from scheduler.lifecycle.submission import load_grids, record
    from store import Settings, open_store

    settings = Settings.from_env(store=store)
    loaded = load_grids(grids, overrides, strict=strict)
    check_directory(plots)
    check_directory(Path(settings.worker_logs) if settings.worker_logs else None, "WORKER_LOGS")
    with open_store(settings.database_url, create=True) as results:
        submitted = [announce(record(results, grid, fresh=fresh), grid, fresh=fresh) for grid in loaded]
        experiments = [one.experiment for one in submitted]
        train_here(results, settings, experiments, workers, plots=plots is not None)
        for experiment in experiments:
            show_report(results, experiment, plots, warn=False)
        suggest(results, experiments[0], plots)
        check_outcome(results, experiments)


@click.command()
@GRIDS
@SET
@STORE
@WORKERS
@STRICT
@choose_format("table", "json")
def plan(
    grids: tuple[Path, ...], overrides: tuple[str, ...], store: str | None, workers: int | None, strict: bool, form: str
) -> None:
    """Show what a run would do, without writing anything.

    Counts configurations, new and reused jobs, packs and programs to compile, and estimates the time.
    """
    from scheduler.cli.json_output import write_json
    from scheduler.cli.output import out, plain
    from scheduler.lifecycle.plan import plan_grid
    from scheduler.lifecycle.submission import load_grids
    from store import Settings
    from store.cores import cores

    url = Settings.from_env(store=store).database_url
    loaded = load_grids(grids, overrides, strict=strict)
    plans = [plan_grid(grid, url, workers=workers or cores()) for grid in loaded]
    if form == "json":
        write_json({"plans": [one.as_record() for one in plans]})
        return
    for one in plans:
        out.print(plain(str(one)))


@click.command()
@GRIDS
@SET
@STORE
@BROKER
@FRESH
@STRICT
@click.option("--wait", is_flag=True, help="Wait for the results, resend lost jobs, and report.")
def submit(
    grids: tuple[Path, ...],
    overrides: tuple[str, ...],
    store: str | None,
    broker: str | None,
    fresh: bool,
    strict: bool,
    wait: bool,
) -> None:
    """Send grids to the workers of a cluster (Celery, Redis).

    Results that the store already has are reused.
    """
    from scheduler.cli.outcome import announce
    from scheduler.cli.output import err
    from scheduler.cli.training import await_and_report, connect
    from scheduler.lifecycle.submission import load_grids, record, send_waiting
    from store import Settings, open_store
    from store.commands import command

    settings = Settings.from_env(store=store, broker=broker)
    loaded = load_grids(grids, overrides, strict=strict)
    app = connect(settings)
    with open_store(settings.database_url, create=True) as results:
        submitted = [announce(record(results, grid, fresh=fresh), grid, fresh=fresh) for grid in loaded]
        experiments = [one.experiment for one in submitted]
        for experiment in experiments:
            if packs := send_waiting(results, app, experiment.id):
                err.print(f"{experiment.name}: sent in {packs} packs")
        if wait:
            await_and_report(results, app, experiments)
            return
        for experiment in experiments:
            words = ("status", "report")
            shown = ", ".join(command(word, experiment.name, store=results.url) for word in words)
            err.print(f"Next: {shown}", markup=False)
