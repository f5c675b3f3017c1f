"""The state of one experiment for people: how far each configuration is, and why jobs failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.data import printable
from scheduler.progress import note
from store import JobState

if TYPE_CHECKING:
    from rich.console import Console

    from store import Experiment, Store

#: failures shown; the rest are counted
SHOWN = 5


def show_status(store: Store, experiment: Experiment, console: Console) -> None:
    """Print an experiment's state, a row a configuration, and its failures with their reasons."""
    from rich.markup import escape
    from rich.table import Table

    status = store.experiments.status(experiment.id)
    parts = [f"{experiment.state}, {status.ended} of {status.total} repeats", note(status)]
    console.print(f"{escape(printable(experiment.name))}: {', '.join(filter(None, parts))}", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("configuration", style="cyan", no_wrap=True)
    for state in (*JobState, "diverged"):
        table.add_column(state, justify="right")
    for row in status.configurations:
        counts = [str(row.counts.get(state, 0) or "-") for state in JobState]
        table.add_row(escape(printable(row.label)), *counts, str(row.diverged or "-"))
    console.print(table)
    failures = store.jobs.failures(experiment.id)
    for failure in failures[:SHOWN]:
        console.print(
            f"failed: {escape(printable(failure.label))}, repeat {failure.repeat}, attempts {failure.attempts}, "
            f"on {escape(failure.worker or '?')}: {escape(printable(failure.error))}",
            style="red",
        )
    if len(failures) > SHOWN:
        more = len(failures) - SHOWN
        console.print(f"and {more} more. SQL: SELECT id, error, traceback FROM jobs WHERE state = 'failed'")
    if failures:
        console.print(f"Next: `scheduler retry {experiment.name}`")
