"""The experiments of a store for people: one a row, as many columns as fit, no name cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.report.formats.terminal import Rows, draw, left_out
from scheduler.text import printable
from store import JobState

if TYPE_CHECKING:
    from rich.console import Console

    from store import ExperimentStatus

HEADS = ("id", "experiment", "state", "configurations", "repeats", "done", "failed", "created (UTC)")
#: what may go where room is short, the least useful first
LESSER = ("conf.", "created")


def show_list(statuses: Sequence[ExperimentStatus], console: Console) -> None:
    """Print the experiments."""
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
    draw(_forms(Rows(heads=dict.fromkeys(HEADS, "left"), rows=rows)), console)


def _forms(full: Rows) -> Iterator[Rows]:
    """Write the list in every form, the fullest first."""
    yield full
    brief = full.renamed({"configurations": "conf."})
    yield brief
    dated = replace(brief, rows=[[*row[:-1], row[-1].split()[0]] for row in brief.rows]).renamed({HEADS[-1]: "created"})
    yield dated
    for count in range(1, len(LESSER) + 1):
        fewer = dated.without(*LESSER[:count]).noted(left_out(LESSER[:count], "A wider terminal shows them."))
        yield fewer
    yield replace(fewer, wraps="experiment")
