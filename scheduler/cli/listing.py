"""The experiments of a store: one per row, as many columns as fit, no name cut; and the same as records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scheduler.report.formats.terminal import Rows, draw, left_out
from scheduler.text import printable
from store import JobState
from store.commands import command

if TYPE_CHECKING:
    from rich.console import Console

    from store import ExperimentStatus

HEADS = ("id", "experiment", "state", "configurations", "repeats", "done", "failed", "created (UTC)")
#: characters of a note that the list shows
NOTE_LENGTH = 40
#: columns that a narrow terminal omits, the least useful first
LESSER = ("conf.", "created")


def show_list(statuses: Sequence[ExperimentStatus], console: Console, *, store: str = "") -> None:
    """Print the experiments of a store, which is named by its URL."""
    rows = [
        [
            str(status.id),
            printable(status.name),
            status.stands,
            str(len(status.configurations)),
            str(status.total),
            str(status.counts[JobState.DONE]),
            str(status.counts[JobState.FAILED]),
            f"{status.created:%Y-%m-%d %H:%M}",
        ]
        for status in statuses
    ]
    full = Rows(heads=dict.fromkeys(HEADS, "left"), rows=rows)
    dates = [f"{status.created:%Y-%m-%d}" for status in statuses]
    draw(_forms(full, [_beginning(status.note) for status in statuses], dates, store), console)


def _beginning(note: str) -> str:
    """Return the first line of a note, abridged."""
    first = printable(note.partition("\n")[0])
    return first if first == note and len(first) <= NOTE_LENGTH else f"{first[:NOTE_LENGTH].rstrip()} ..."


def as_records(statuses: Sequence[ExperimentStatus]) -> list[dict[str, Any]]:
    """Return the experiments for JSON; docs/commands.md describes the keys."""
    return [experiment_record(status) | {"configurations": len(status.configurations)} for status in statuses]


def experiment_record(status: ExperimentStatus) -> dict[str, Any]:
    """Return the state of one experiment for JSON."""
    return {
        "id": status.id,
        "name": status.name,
        "state": status.stands,
        "created": status.created,
        "started": status.started,
        "finished": status.finished,
        "repeats": status.total,
        **job_counts(status.counts),
        "diverged": status.diverged,
        "note": status.note,
    }


def job_counts(counts: Mapping[JobState, int]) -> dict[str, int]:
    """Return the number of jobs in each state."""
    return {state.value: counts.get(state, 0) for state in JobState}


def _forms(full: Rows, notes: Sequence[str], dates: Sequence[str], store: str) -> Iterator[Rows]:
    """Yield the list in every form, from the fullest."""
    if any(notes):
        rows = [[*row, note] for row, note in zip(full.rows, notes, strict=True)]
        yield replace(full, heads=full.heads | {"note": "left"}, rows=rows)
        full = full.noted(left_out(["note"], f"{command('note', 'EXPERIMENT', store=store)} shows it."))
    yield full
    brief = full.renamed({"configurations": "conf."})
    yield brief
    rows = [[*row[:-1], date] for row, date in zip(brief.rows, dates, strict=True)]
    dated = replace(brief, rows=rows).renamed({HEADS[-1]: "created"})
    yield dated
    for count in range(1, len(LESSER) + 1):
        fewer = dated.without(*LESSER[:count]).noted(left_out(LESSER[:count], "A wider terminal shows them."))
        yield fewer
    yield replace(fewer, wraps="experiment")
