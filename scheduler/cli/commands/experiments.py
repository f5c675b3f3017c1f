"""Commands on the experiments of a store: list, status, rename, note, delete."""

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
            show_list(statuses, out, store=results.url)


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


@click.command()
@EXPERIMENT
@click.argument("name", help="The new name.")
@STORE
def rename(experiment: str, name: str, store: str | None) -> None:
    """Change the name of an experiment.

    Running the same grid again still finds it.
    """
    from scheduler.cli.output import opened, out

    with opened(store) as results:
        found = results.experiments.get(experiment)
        renamed = results.experiments.rename(found.id, name)
        out.print(f"{found.name} is now {renamed.name}.")


@click.command()
@EXPERIMENT
@click.argument("text", required=False, help="The note; an empty text removes it.")
@STORE
def note(experiment: str, text: str | None, store: str | None) -> None:
    """Print the note of an experiment, or replace it with TEXT.

    `scheduler list` shows the beginning of each note.
    """
    from scheduler.cli.output import opened, out, shown

    with opened(store) as results:
        found = results.experiments.get(experiment)
        if text is None:
            out.print(shown(found.note or f"{found.name} has no note."))
            return
        changed = results.experiments.set_note(found.id, text)
        out.print(f"{found.name}: {'note saved' if changed.note else 'note removed'}.")


@click.command()
@EXPERIMENT
@STORE
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--force", is_flag=True, help="Delete the experiment even while workers train its repeats.")
def delete(experiment: str, store: str | None, yes: bool, force: bool) -> None:
    """Delete an experiment and its results.

    Repeats that other experiments share are kept. On a terminal the command asks first; elsewhere it needs --yes.
    """
    from scheduler.cli.confirmation import confirm
    from scheduler.cli.output import err, opened, out

    with opened(store) as results:
        found = results.experiments.get(experiment)
        count = results.experiments.status(found.id).total
        if not yes and not confirm(f"Delete {found.name} (number {found.id}) with its {count} repeats?"):
            err.print("Nothing was deleted.")
            raise click.exceptions.Exit(1)
        gone = results.experiments.delete(found.id, force=force)
        kept = f", {gone.shared} repeats shared with other experiments are kept" if gone.shared else ""
        out.print(f"{found.name} is deleted: {gone.jobs} repeats, {gone.results} of them with results{kept}.")
