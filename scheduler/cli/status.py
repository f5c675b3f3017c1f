"""The state of one experiment: the progress of each configuration, and why jobs failed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from scheduler.cli.listing import experiment_record, job_counts
from scheduler.progress.display import note
from scheduler.text import first_line, printable
from store import JobState
from store.commands import command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from store import ConfigurationStatus, Experiment, ExperimentStatus, Failure, Store

#: configurations shown; the rest is counted
MOST_ROWS = 30
#: different errors shown; the rest is counted
MOST_ERRORS = 5


def show_status(store: Store, experiment: Experiment, console: Console, *, every: bool = False) -> None:
    """Print an experiment's state, a row per configuration, and its errors.

    Args:
        store: the results store.
        experiment: what to print.
        console: where to print.
        every: whether to print all configurations and errors, however many there are.
    """
    from rich.markup import escape

    status = store.experiments.status(experiment.id)
    parts = [f"{status.stands}, {status.counts[JobState.DONE]} of {status.total} repeats done", note(status)]
    console.print(f"{escape(printable(experiment.name))}: {', '.join(filter(None, parts))}", style="bold")
    if status.note:
        console.print(escape(printable(status.note)))
    _show_configurations(status, console, most=None if every else MOST_ROWS)
    _show_errors(_failures(store, status), console, most=None if every else MOST_ERRORS)
    retry, resume = (command(word, experiment.name, store=store.url) for word in ("retry", "resume"))
    if status.failed:
        console.print(f"Next: {retry}", markup=False)
    elif status.cancelled or status.stands == "waiting":
        console.print(f"Next: {resume}, unless workers are about to take it", markup=False)


def _show_configurations(status: ExperimentStatus, console: Console, *, most: int | None) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("configuration", style="cyan", overflow="fold")
    for state in (*JobState, "diverged"):
        table.add_column(state, justify="right")
    shown = _most_interesting(status.configurations, most)
    for row in shown:
        counts = [str(row.counts.get(state, 0) or "-") for state in JobState]
        table.add_row(escape(printable(row.label)), *counts, str(row.diverged or "-"))
    console.print(table)
    if len(shown) < len(status.configurations):
        console.print(
            f"{len(shown)} of {len(status.configurations):,} configurations, those with failed or running repeats "
            "first. `--all` or `--format json` shows all.",
            style="dim",
        )


def _most_interesting(rows: Sequence[ConfigurationStatus], most: int | None) -> list[ConfigurationStatus]:
    """Return the configurations in the order of the grid or, of too many, those with failed and running jobs first."""
    if most is None or len(rows) <= most:
        return list(rows)
    order = (JobState.FAILED, JobState.RUNNING, JobState.CANCELLED, JobState.QUEUED)
    return sorted(rows, key=lambda row: tuple(not row.counts.get(state, 0) for state in order))[:most]


def _failures(store: Store, status: ExperimentStatus) -> list[Failure]:
    """Return the failed jobs; where none is counted they are not looked for."""
    return store.jobs.failures(status.id) if status.failed else []


def _by_error(failures: Sequence[Failure], worded: Callable[[str], str] = str) -> list[tuple[str, list[Failure]]]:
    """Group failed jobs by their error in certain words, the most frequent first."""
    errors: dict[str, list[Failure]] = defaultdict(list)
    for failure in failures:
        errors[worded(failure.error)].append(failure)
    return sorted(errors.items(), key=lambda error: -len(error[1]))


def _show_errors(failures: Sequence[Failure], console: Console, *, most: int | None) -> None:
    """Print the first line of each error once, the most frequent first, with the repeats that it stopped."""
    from rich.markup import escape

    errors = _by_error(failures, first_line)
    for error, those in errors[:most]:
        first = those[0]
        more = f" and {len(those) - 1} more" if len(those) > 1 else ""
        console.print(
            f"failed: {escape(printable(first.label))}, repeat {first.repeat}{more}, attempts {first.attempts}, "
            f"on {escape(first.worker or '?')}: {escape(printable(error))}",
            style="red",
        )
    if most is not None and len(errors) > most:
        console.print(
            f"and {len(errors) - most} more errors. `--all` or `--format json` shows all; tracebacks are in SQL: "
            "SELECT id, error, traceback FROM jobs WHERE state = 'failed'"
        )


def as_record(store: Store, experiment: Experiment) -> dict[str, Any]:
    """Return an experiment's state for JSON; docs/commands.md describes the keys."""
    status = store.experiments.status(experiment.id)
    return experiment_record(status) | {
        "configurations": [
            {"configuration": row.label, **job_counts(row.counts), "diverged": row.diverged}
            for row in status.configurations
        ],
        "errors": [
            {
                "error": error,
                "repeats": [
                    {"configuration": one.label, "repeat": one.repeat, "attempts": one.attempts, "worker": one.worker}
                    for one in failures
                ],
            }
            for error, failures in _by_error(_failures(store, status))
        ],
    }
