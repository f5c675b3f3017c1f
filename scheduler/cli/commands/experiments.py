"""Commands on the experiments of a store: list, status."""

from __future__ import annotations

import click

from scheduler.cli.options import EXPERIMENT, STORE, choose_format

HEADING = "Manage experiments"
POSITION = 40


@click.command("list")
@STORE
@choose_format("table", "json")
def list_experiments(store: str | None, form: str) -> None:
    """List the experiments of the store."""
    from scheduler.cli.json_output import write_json
    from scheduler.cli.listing import as_records, show_list
    from scheduler.cli.output import opened, out

    with opened(store) as results:
        statuses = results.experiments.list()
        if form == "json":
            write_json({"store": results.url, "experiments": as_records(statuses)})
        else:
            show_list(statuses, out)


@click.command()
@EXPERIMENT
@STORE
@choose_format("table", "json")
@click.option("--all", "every", is_flag=True, help="Show all configurations and errors, however many there are.")
def status(experiment: str, store: str | None, form: str, every: bool) -> None:
    """Show the progress of an experiment, and why jobs failed."""
    from scheduler.cli.json_output import write_json
    from scheduler.cli.output import opened, out
    from scheduler.cli.status import as_record, show_status

    with opened(store) as results:
        found = results.experiments.get(experiment)
        if form == "json":
            write_json(as_record(results, found))
        else:
            show_status(results, found, out, every=every)
