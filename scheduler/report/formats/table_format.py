"""The report for people: the answer, the `describe()` table as wide as the terminal, the ranking and the baselines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from scheduler.report.formats.ensembles import show_ensembles
from scheduler.report.formats.intervals import show_intervals
from scheduler.report.formats.registry import ReportFormat
from scheduler.report.formats.splits import show_splits
from scheduler.report.formats.steps import step_cells
from scheduler.report.formats.summary import (
    EXACT,
    WIDEST,
    Cells,
    baseline_lines,
    describe,
    headline,
    long_cells,
    ranking_lines,
    score_format,
    series_lines,
    table_cells,
    warning_lines,
    wide_cells,
)
from scheduler.report.formats.terminal import Rows, aligned, as_text, draw, left_out, say
from store.commands import command

if TYPE_CHECKING:
    from scheduler.report.formats.terminal import Console
    from scheduler.report.report_data import ReportData

#: the shortest way to write a score, where nothing longer fits
SHORTEST = ".4g"
#: columns that a narrow terminal omits
QUARTILES = ["25%", "50%", "75%"]
#: a smaller spread counts as none: six decimals do not show it
LEAST_SPREAD = 1e-6


def show(data: ReportData, console: Console) -> None:
    """Print the report; of several splits, the answer and then each by itself."""
    if not data.parts:
        return _show(data, console)
    say(console, headline(data), style="bold")
    say(console, *warning_lines(data), style="yellow")
    say(console, *series_lines(data), style="dim")
    for part in data.parts:
        console.print()
        _show(part, console)
    return None


def _show(data: ReportData, console: Console) -> None:
    say(console, headline(data), style="bold")
    if data.partial:
        say(console, "Partial: repeats are missing. The numbers below cover those that are done.", style="yellow")
    if data.answer:
        say(console, data.answer, style="green")
    say(console, *data.all_notes, style="dim")
    say(console, *warning_lines(data), style="yellow")
    say(console, *series_lines(data), style="dim")
    console.print()
    if console.is_terminal:
        draw(_forms(data), console, style="cyan")
    else:
        console.print(aligned(*table_cells(data)), markup=False, highlight=False)
    for cells in step_cells(data):
        console.print(f"\n{aligned(*cells)}", markup=False, highlight=False)
    show_splits(data, console)
    show_ensembles(data, console)
    show_intervals(data, console)
    say(console, *ranking_lines(data), *baseline_lines(data))


def _as_text(data: ReportData) -> str:
    return as_text(lambda console: show(data, console))


def _forms(data: ReportData) -> Iterator[Rows]:
    """Yield the table in every form for a terminal, from the fullest: fewer digits, then without the quartiles."""
    frame, precisions = describe(data), _precisions(data)
    heads, _ = wide_cells(frame, score=data.score_name)
    if len(set(heads)) == len(heads) <= WIDEST + 1:
        yield from (_form(wide_cells(frame, digits, data.score_name)) for digits in precisions)
    yield from (_form(long_cells(frame, digits)) for digits in precisions)
    yield from (_form(long_cells(frame, digits), wraps="configuration") for digits in (precisions[-1], SHORTEST))
    csv = f"{command('report', data.experiment, '--format', 'csv', store=data.store)} has them."
    for digits in (*precisions, SHORTEST):
        form = _form(long_cells(frame.drop(index=QUARTILES), digits)).noted(left_out(QUARTILES, csv))
        yield form
    yield replace(form, wraps="configuration")


def _form(cells: Cells, *, wraps: str = "") -> Rows:
    (first, *others), rows = cells
    return Rows(heads={first: "left"} | dict.fromkeys(others, "right"), rows=rows, wraps=wraps)


def _precisions(data: ReportData) -> list[str]:
    """Return the format specifications for scores, from the most decimals to two digits of the least spread."""
    fullest = score_format(describe(data))
    if fullest != EXACT:
        return [fullest]
    spread = data.summaries["std"]
    least = spread[spread > LEAST_SPREAD].min()
    needed = 0 if pd.isna(least) else 1 - math.floor(math.log10(least))
    return [EXACT, *(f".{places}f" for places in (3, 2, 1, 0) if places >= needed)]


FORMAT = ReportFormat(write=_as_text, show=show)
