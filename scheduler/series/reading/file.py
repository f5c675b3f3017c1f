"""A file of the user as a series: the steps in their order, and one answer for all that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scheduler.series import row_times
from scheduler.series.categories import with_categories
from scheduler.series.content import content_hash
from scheduler.series.diagnosis import ALIKE, Diagnosis, name_of
from scheduler.series.fields import SeriesSource
from scheduler.series.input_columns import with_names
from scheduler.series.lines import are, on_lines
from scheduler.series.reading.attempts import read_or_explain
from scheduler.series.reading.filling import filled, spacing_of
from scheduler.series.reading.future_rows import past_alone
from scheduler.series.reading.marks import Marks
from scheduler.series.reading.named_columns import as_names, places, unnamed_header, value_columns
from scheduler.series.reading.numbers import Column, read_column
from scheduler.series.reading.observations import Observations
from scheduler.series.reading.order import in_order
from scheduler.series.reading.periods import of_one_frequency
from scheduler.series.reading.several import as_columns, column_name, kept_marks, refuse_joined, report_blocks
from scheduler.series.reading.text_columns import read_text, spread_categories
from scheduler.series.tables.between import without_others
from scheduler.series.tables.cells import Kind, kind_of
from scheduler.series.tables.decimal_commas import with_commas_joined
from scheduler.series.tables.sheet import Sheet, read_sheet
from scheduler.series.tables.table import Table, read_table
from scheduler.series.tables.uneven import evened
from scheduler.series.tables.wide import lengthened
from scheduler.series.time_forms.joined_times import read_joined
from scheduler.series.time_forms.times import Times, read_times
from scheduler.text import many
from store.collection import uncollected
from store.records import Series

#: the cells of a file, by the delimiter and the encoding that the grid names
Sheets = dict[tuple[str | None, str | None], Sheet]


@dataclass(frozen=True, slots=True)
class Reading:
    """A series, and what was understood on the way."""

    series: Series
    #: the fields of the grid, with the columns as the series has them
    source: SeriesSource
    notes: tuple[str, ...]
    #: of a column of times that the grid does not name: see `row_times`
    disorder: row_times.Rows | tuple[()] = ()
    #: ranges of observations that were missing, which no training row may have
    left_out: tuple[tuple[int, int], ...] = ()
    times: Times | None = None
    #: columns that were made of columns of text
    made: tuple[str, ...] = ()

    @property
    def frequency(self) -> str:
        """How the times are spaced, for people; empty without times."""
        if self.times is None:
            return ""
        spacing = spacing_of(self.times)
        return spacing.name + (f", without {many(spacing.holidays, 'holiday')}" if spacing.holidays else "")


def read_file(source: SeriesSource, folder: Path, *, held_out: int = 0) -> Reading:
    """Read the file that a grid names; its path is relative to `folder`, and the last `held_out` rows are forecast.

    Raises:
        SeriesError: What is wrong with it, and one line of YAML with which it is read as it is.
    """
    path = folder / str(source.path)
    sheets: Sheets = {}
    with uncollected():  # of the cells of a table, which end before Python looks for them
        try:
            return read_or_explain(source, path, lambda diagnosis: read_once(path, diagnosis, held_out, sheets))
        finally:
            sheets.clear()


def read_once(path: Path, diagnosis: Diagnosis, held_out: int = 0, sheets: Sheets | None = None) -> Reading:
    """Read a file as the grid says; `sheets` keeps its cells for the next attempt.

    Raises:
        Refused: Something is wrong with it.
    """
    source = diagnosis.source
    table = load_table(path, diagnosis, sheets)
    columns = value_columns(table, diagnosis)
    rows, read = _observations(table, columns, diagnosis)
    chosen = _chosen(source, rows.columns, columns)
    rows, left_out = filled(past_alone(rows, chosen, diagnosis), read, diagnosis, held_out)
    diagnosis.settle()
    if len(rows) < 2:
        count = f"{len(rows)} observation{'' if len(rows) == 1 else 's'}"
        diagnosis.refuse(0, f"has {count}; a series needs at least 2")
    rows, made = spread_categories(rows, diagnosis)
    disorder = () if source.time is not None else unnamed_times(table, {*columns, *as_names(source.id)})
    return Reading(
        series=_series(rows, path),
        source=with_categories(chosen, made),
        notes=tuple(diagnosis.notes),
        disorder=disorder,
        left_out=left_out,
        times=rows.times,
        made=tuple(made),
    )


def load_table(path: Path, diagnosis: Diagnosis, sheets: Sheets | None = None) -> Table:
    """Read the table of a file; report rows that do not have a cell for each column.

    Raises:
        SeriesError: The file is empty, or cannot be read at all.
    """
    source = diagnosis.source
    kept: Sheets = {} if sheets is None else sheets
    key = (source.delimiter, source.encoding)
    if key not in kept:
        kept.clear()
        kept[key] = read_sheet(path, diagnosis.file, delimiter=source.delimiter, encoding=source.encoding)
    sheet = kept[key]
    if not sheet.cells and sheet.names is None:
        diagnosis.refuse(0, "is empty; a series needs a header line and a row for each observation")
    table = read_table(sheet, header=source.header is not False)
    named = (source.time, source.id, source.forecast, tuple(source.inputs or ()))
    table = lengthened(table, {name for field in named for name in as_names(field)}, source.forecast)
    even = not table.uneven()
    if not even:
        table = with_commas_joined(table, diagnosis, (*as_names(source.time), *as_names(source.id)))
        even = not table.uneven()
    table = without_others(table if even else evened(table), even=even, marks=as_names(source.id))
    diagnosis.notes += table.notes
    diagnosis.delimiter = table.delimiter
    if not table.named and source.header is not False:
        unnamed_header(table, diagnosis)
        diagnosis.settle()
    if not even:
        _report_uneven(table, diagnosis)
        table = table.even()
    return _without_times(table, diagnosis)


def _without_times(table: Table, diagnosis: Diagnosis) -> Table:
    """Leave out the rows whose time the grid names as missing: nothing says when they were.

    Numbers there are values, and numbers of a column that is a part of the times are hours and months.
    """
    names = as_names(diagnosis.source.time)
    na = {one for one in diagnosis.source.na or () if isinstance(one, str)}
    na = na if len(names) == 1 else {one for one in na if kind_of(one) is not Kind.NUMBER}
    places = [place for name in names if na and (place := table.place(name)) is not None]
    out = {row for place in places for row, text in enumerate(table.texts(place)) if text in na}
    if not out:
        return table
    lines = [table.lines[row] for row in sorted(out)]
    diagnosis.note(f"{on_lines(lines)} {are(len(lines))} without a time and left out")
    return table.taken([row for row in range(len(table.cells)) if row not in out])


def _report_uneven(table: Table, diagnosis: Diagnosis) -> None:
    """Report rows with too many or too few cells: each, or how many of them there are."""
    many = len(table.header)
    wrong: dict[int, list[int]] = {}
    for place in table.uneven():
        wrong.setdefault(len(table.cells[place]), []).append(table.lines[place])
    for count, lines in wrong.items():
        fields = f"{count} field{'s' * (count > 1)}"
        advice = f"and the header has {many}; check delimiters and quotes"
        if len(lines) <= ALIKE:
            for line in lines:
                diagnosis.mistake(line, f"has {fields}, {advice}")
        else:
            rows = f"{len(lines):,} of {len(table.cells):,} rows, {on_lines(lines)}, have"
            diagnosis.mistake(lines[0], f"{rows} {fields}, {advice}")


def _observations(table: Table, columns: Sequence[str], diagnosis: Diagnosis) -> tuple[Observations, list[Column]]:
    """Read the columns that a grid names, in order of time."""
    source = diagnosis.source
    times, marks = as_names(source.time), as_names(source.id)
    found = places(table, [*columns, *times, *marks], diagnosis)
    if len(found) < len({*columns, *times, *marks}):
        diagnosis.settle()
    table = of_one_frequency(table, [found[name] for name in times], diagnosis)
    names = sorted(columns, key=lambda name: found[name])
    used = {table.header[found[name]] for name in (*columns, *times)}
    if not marks:
        if not times or table.stacked:
            report_blocks(table, used, diagnosis)
            diagnosis.settle()
        rows, read = read_columns(table, names, found, diagnosis)
        return (rows if rows.times is None else in_order(rows, table, used, diagnosis)), read
    there, of_row = table.marks([found[name] for name in marks])
    kept = kept_marks(there, diagnosis)
    codes = {mark: code for code, mark in enumerate(there)}
    chosen = np.flatnonzero(np.isin(of_row, [codes[mark] for mark in kept]))
    part = table.taken(chosen)
    refuse_joined(part, there, of_row[chosen], diagnosis)
    rows, read = read_columns(part, names, found, diagnosis)
    if len(kept) == 1 and source.as_ is None:
        return (rows if rows.times is None else in_order(rows, part, used, diagnosis)), read
    if rows.times is None:
        diagnosis.refuse(
            0, "series.as is columns, which puts rows of the same time beside each other; name series.time"
        )
    diagnosis.settle()
    marks_kept = of_row[chosen]
    parts = {mark: _part(rows, part, np.flatnonzero(marks_kept == codes[mark]), used, diagnosis) for mark in kept}
    diagnosis.settle()
    return as_columns(parts, diagnosis), read


def _part(
    rows: Observations, table: Table, taken: NDArray[np.intp], used: set[str], diagnosis: Diagnosis
) -> Observations:
    """Return one of several series, in order of time."""
    return in_order(rows.taken(taken), table.taken(taken), used, diagnosis)


def read_columns(
    table: Table, names: Sequence[str], found: dict[str, int], diagnosis: Diagnosis
) -> tuple[Observations, list[Column]]:
    """Read values and times in the order of the file."""
    source = diagnosis.source
    marks, na = Marks(source.decimal or ".", source.thousands), source.na or ()
    lines = np.array(table.lines, dtype=np.int64)
    times = _times(table, found, diagnosis) if len(lines) else None
    texts = [table.texts(found[name]) for name in names]
    read = [
        read_text(name, one, table.lines, diagnosis) or read_column(name, one, table.lines, marks, na, diagnosis)
        for name, one in zip(names, texts, strict=True)
    ]
    values = np.column_stack([column.values for column in read]) if len(lines) else np.empty((0, len(names)))
    return Observations(tuple(names), values, lines, times), read


def _times(table: Table, found: dict[str, int], diagnosis: Diagnosis) -> Times | None:
    names = as_names(diagnosis.source.time)
    if not names:
        return None
    columns = [table.texts(found[name]) for name in names]
    if len(names) == 1:
        return read_times(names[0], columns[0], table.lines, diagnosis)
    return read_joined(names, columns, table.lines, diagnosis)


def _series(rows: Observations, path: Path) -> Series:
    array = rows.values + 0.0  # no negative zeros: equal values hash alike
    return Series(
        name=name_of(path),
        columns=rows.columns,
        values=array,
        times=() if rows.times is None else rows.times.labels(),
        content_hash=content_hash(rows.columns, array),
    )


def _chosen(source: SeriesSource, there: tuple[str, ...], columns: Sequence[str]) -> SeriesSource:
    """Return the fields with the columns of the series, which several series side by side have made new ones."""
    if source.as_ is None:
        return source
    kept = _marks(there, columns) if source.keep is None else [*as_names(source.keep)]

    def spread(names: Sequence[str]) -> dict[str, str]:
        return {column_name(name, mark, len(columns)): name for name in names for mark in kept}

    targets = source.forecast or tuple(columns)
    inputs = None if source.inputs is None else with_names(source.inputs, spread(tuple(source.inputs)))
    return source.model_copy(update={"value": None, "targets": tuple(spread(targets)), "inputs": inputs})


def _marks(there: tuple[str, ...], columns: Sequence[str]) -> list[str]:
    """Return the series whose columns these are: those of the first column of values come first."""
    own = there[: len(there) // len(columns)]
    before = next((f"{name} " for name in columns if all(one.startswith(f"{name} ") for one in own)), "")
    return [one.removeprefix(before) if len(columns) > 1 else one for one in own]


def unnamed_times(table: Table, used: set[str]) -> row_times.Rows | tuple[()]:
    """Look for times in the columns that are not used, where the grid names none."""
    if table.stacked:
        return ()  # what else there is tells of the series
    left = [place for place, name in enumerate(table.header) if name and name not in used]
    return row_times.disorder((table.header[place], table.texts(place)) for place in left)
