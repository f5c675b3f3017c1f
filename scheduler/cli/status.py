"""The state of one experiment for people: how far each configuration is, and why jobs failed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from scheduler.cli.progress import note
from scheduler.text import printable
from store import JobState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from store import Experiment, Failure, Store

#: reasons of failures shown; the rest are counted
SHOWN = 5


def show_status(store: Store, experiment: Experiment, console: Console) -> None:
    """Print an experiment's state, a row a configuration, and its failures with their reasons."""
    from rich.markup import escape
    from rich.table import Table

    status = store.experiments.status(experiment.id)
    parts = [f"{status.stands}, {status.counts[JobState.DONE]} of {status.total} repeats done", note(status)]
    console.print(f"{escape(printable(experiment.name))}: {', '.join(filter(None, parts))}", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("configuration", style="cyan", overflow="fold")
    for state in (*JobState, "diverged"):
        table.add_column(state, justify="right")
    for row in status.configurations:
        counts = [str(row.counts.get(state, 0) or "-") for state in JobState]
        table.add_row(escape(printable(row.label)), *counts, str(row.diverged or "-"))
    console.print(table)
    _show_failures(store.jobs.failures(experiment.id), console)
    if status.failed:
        console.print(f"Next: `scheduler retry {experiment.name}`")
    elif status.cancelled or status.stands == "waiting":
        console.print(f"Next: `scheduler resume {experiment.name}`, unless workers are about to take it")


def _show_failures(failures: Sequence[Failure], console: Console) -> None:
    """Print the reasons, each once, the most frequent first, with the repeats that it stopped."""
    from rich.markup import escape

    reasons: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        reasons[failure.error].append(failure)
    for error, those in sorted(reasons.items(), key=lambda reason: -len(reason[1]))[:SHOWN]:
        first = those[0]
        more = f" and {len(those) - 1} more" if len(those) > 1 else ""
        console.print(
            f"failed: {escape(printable(first.label))}, repeat {first.repeat}{more}, attempts {first.attempts}, "
            f"on {escape(first.worker or '?')}: {escape(printable(error))}",
            style="red",
        )
    if len(reasons) > SHOWN:
        more = f"and {len(reasons) - SHOWN} more reasons"
        console.print(f"{more}. SQL: SELECT id, error, traceback FROM jobs WHERE state = 'failed'")
