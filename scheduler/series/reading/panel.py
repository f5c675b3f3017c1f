"""A file with several series, each of which is one by itself: told apart by a column, or the columns of values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scheduler.series import row_times
from scheduler.series.categories import with_categories
from scheduler.series.content import content_hash
from scheduler.series.diagnosis import ALIKE, Diagnosis, Refused
from scheduler.series.fields import SeriesSource
from scheduler.series.reading.attempts import read_or_explain
from scheduler.series.reading.file import Reading, Sheets, load_table, read_columns, unnamed_times
from scheduler.series.reading.filling import filled
from scheduler.series.reading.future_rows import past_alone
from scheduler.series.reading.named_columns import as_names, places, value_columns
from scheduler.series.reading.numbers import Column
from scheduler.series.reading.observations import Observations
from scheduler.series.reading.order import in_order
from scheduler.series.reading.periods import of_one_frequency
from scheduler.series.reading.several import absent_marks, refuse_joined
from scheduler.series.reading.text_columns import spread_categories
from scheduler.series.tables.table import Table
from store.collection import uncollected
from store.records import Series
from store.schema.spelling import listed


def read_panel(source: SeriesSource, folder: Path, *, held_out: int = 0) -> list[Reading]:
    """Read all series of the file that a grid names; of each the last `held_out` rows are forecast.

    Raises:
        SeriesError: What is wrong with it, and one line of YAML with which it is read as it is.
    """
    path = folder / str(source.path)
    sheets: Sheets = {}
    with uncollected():  # of the cells of a table
        return read_or_explain(source, path, lambda diagnosis: _read_each(path, diagnosis, held_out, sheets))


@dataclass(slots=True)
class _Reports:
    """What was found of single series; of many that are alike the first are named, and the others counted."""

    whole: Diagnosis
    mistakes: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def own(self) -> Diagnosis:
        """Return the diagnosis of one series, with the columns of text that were read for all."""
        return Diagnosis(self.whole.file, self.whole.source, categories=dict(self.whole.categories))

    def take(self, name: str, found: Diagnosis) -> None:
        """Keep what a series has of its own; what its remedies are holds for the file."""
        if found.mistakes:
            self.mistakes[name] = found.mistakes
            self.whole.fixes = found.fixes | self.whole.fixes
            self.whole.others += [one for one in found.others if one not in self.whole.others]
        if found.notes:
            prefix = f"{found.file}: "
            self.notes[name] = [note.removeprefix(prefix) for note in found.notes]

    def settle(self, series: int) -> None:
        """Report what was found, and end this attempt if anything is wrong."""
        for name, notes in list(self.notes.items())[:ALIKE]:
            for note in notes:
                self.whole.note(f"{name}: {note}")
        if len(self.notes) > ALIKE:
            self.whole.note(f"there is something of this kind to note in {len(self.notes):,} of {series:,} series")
        for name, mistakes in list(self.mistakes.items())[:ALIKE]:
            for line, text in mistakes[:ALIKE]:
                self.whole.mistake(line, f"{name}: {text}")
        if len(self.mistakes) > ALIKE:
            self.whole.mistake(0, f"{len(self.mistakes):,} of the {series:,} series have mistakes of this kind")
        self.whole.settle()


def _read_each(path: Path, diagnosis: Diagnosis, held_out: int, sheets: Sheets) -> list[Reading]:
    source = diagnosis.source
    table = load_table(path, diagnosis, sheets)
    columns = value_columns(table, diagnosis)
    marks = as_names(source.id)
    found = places(table, [*columns, *as_names(source.time), *marks], diagnosis)
    diagnosis.settle()
    table = of_one_frequency(table, [found[name] for name in as_names(source.time)], diagnosis)
    table, rows_of = _by_mark(table, [found[name] for name in marks], diagnosis)
    names = sorted(columns, key=lambda name: found[name])
    rows, read = read_columns(table, names, found, diagnosis)
    diagnosis.settle()
    disorder = () if source.time is not None else unnamed_times(table, {*columns, *marks})
    readings: list[Reading] = []
    reports = _Reports(diagnosis)
    for mark, taken in rows_of.items():
        for value in _apart(source):
            name = " ".join(filter(None, (mark, value)))
            own = reports.own()
            try:
                part = _part(rows.taken(taken), table, taken, value, own)
                readings.append(_reading(name, part, read, value, own, disorder, held_out))
            except Refused:
                pass  # the diagnosis has the reason
            reports.take(name, own)
    reports.settle(len(rows_of) * len(_apart(source)))
    notes = tuple(diagnosis.notes)
    return [replace(one, notes=notes) for one in readings]


def _apart(source: SeriesSource) -> Sequence[str]:
    """Return the columns of values that are series by themselves; one without a name where all are of one series."""
    return source.value if isinstance(source.value, tuple) else ("",)


def _by_mark(table: Table, marks: Sequence[int], diagnosis: Diagnosis) -> tuple[Table, dict[str, NDArray[np.intp]]]:
    """Find the rows of each series; rows of others are left out of the table."""
    if not marks:
        return table, {"": np.arange(len(table.cells))}
    there, of_row = table.marks(marks)
    given = diagnosis.source.keep
    absent_marks(there, diagnosis)
    if given is not None:
        codes = {mark: code for code, mark in enumerate(there)}
        kept = np.flatnonzero(np.isin(of_row, [codes[mark] for mark in as_names(given)]))
        table, of_row = table.taken(kept), of_row[kept]
    refuse_joined(table, there, of_row, diagnosis)
    by_mark = _rows_of(there, of_row)
    if "" in by_mark:
        column = listed(as_names(diagnosis.source.id), "and")
        diagnosis.refuse(
            table.lines[int(by_mark[""][0])],
            f"{len(by_mark['']):,} rows have no value in {column}, which tells the series apart; fill it in, or leave "
            "them out of the file",
        )
    return table, by_mark


def _rows_of(marks: Sequence[str], of_row: NDArray[np.int64]) -> dict[str, NDArray[np.intp]]:
    """Return the rows of each series that has any, in the order in which the series begin."""
    rises = bool((np.diff(of_row) >= 0).all())
    order = np.arange(len(of_row)) if rises else np.argsort(of_row, kind="stable")
    starts = np.flatnonzero(np.diff(of_row[order], prepend=-1))
    own = of_row[order[starts]].tolist()
    return {marks[one]: rows for one, rows in zip(own, np.split(order, starts[1:]), strict=True)}


def _part(rows: Observations, table: Table, taken: NDArray[np.intp], value: str, diagnosis: Diagnosis) -> Observations:
    """Return the rows of one series in order of time, with the columns that it has."""
    if value:
        place = rows.columns.index(value)
        rows = replace(rows, columns=(value,), values=rows.values[:, [place]])
    if rows.times is None:
        return rows
    own, source = table.taken(taken), diagnosis.source
    return in_order(rows, own, {*rows.columns, *as_names(source.time), *as_names(source.id)}, diagnosis)


def _reading(
    name: str,
    rows: Observations,
    read: Sequence[Column],
    value: str,
    diagnosis: Diagnosis,
    disorder: row_times.Rows | tuple[()],
    held_out: int,
) -> Reading:
    source = diagnosis.source
    if value:
        source = source.model_copy(update={"value": value})
    columns = [column for column in read if column.name in rows.columns]
    rows, left_out = filled(past_alone(rows, source, diagnosis), columns, diagnosis, held_out)
    diagnosis.settle()
    if len(rows) < 2:
        diagnosis.refuse(0, "has 1 observation; a series needs at least 2: leave it out")
    rows, made = spread_categories(rows, diagnosis)
    array = rows.values + 0.0  # no negative zeros: equal values hash alike
    times = () if rows.times is None else rows.times.labels()
    return Reading(
        series=Series(
            name=name,
            columns=rows.columns,
            values=array,
            times=times,
            content_hash=content_hash(rows.columns, array),
        ),
        source=with_categories(source, made),
        notes=(),
        disorder=disorder,
        left_out=left_out,
        times=rows.times,
        made=tuple(made),
    )
