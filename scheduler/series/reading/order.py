"""Rows in order of time: sorted if they are not, and what is said of times that are there twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.lines import are, on_lines
from scheduler.series.reading.clock_changes import resolve_clock
from scheduler.series.reading.observations import Observations
from scheduler.series.reading.other_parts import report_parts
from scheduler.series.reading.several import report_several
from scheduler.series.reading.slips import report_slips
from scheduler.series.tables.table import Table
from scheduler.text import many

if TYPE_CHECKING:
    from store.records import Float64s

_NOTHING = np.timedelta64(0)
_HOURS = ("clock", "time", "hour", "uhr", "heure", "hora", "minute", "stunde", "period", "interval", "slot")


def in_order(rows: Observations, table: Table, used: set[str], diagnosis: Diagnosis) -> Observations:
    """Sort rows by time, and settle those of the same time; `table` has the same rows."""
    assert rows.times is not None
    if np.isnat(rows.times.wall).any():
        return rows
    slips = report_slips(rows, table, diagnosis)
    rows = _sorted(replace(rows, places=np.arange(len(rows))), diagnosis)
    if slips:
        return rows
    rows = resolve_clock(rows, diagnosis)
    assert rows.times is not None
    again = np.diff(rows.times.instants) <= _NOTHING
    if not again.any():
        return rows
    repeated = np.zeros(len(rows), dtype=bool)
    repeated[1:] |= again
    repeated[:-1] |= again
    if diagnosis.source.duplicates not in (None, "refuse"):
        return _merged(rows, again, diagnosis)
    kept = _without_copies(rows, table, again, diagnosis)
    if kept is not None:
        return kept
    _report(rows, table, repeated, used, diagnosis)
    return rows


def _sorted(rows: Observations, diagnosis: Diagnosis) -> Observations:
    """Sort rows by time; rows of the same time keep the order of the file."""
    assert rows.times is not None
    places = np.arange(len(rows))
    steps = np.diff(rows.times.instants)
    if not len(steps) or (steps >= _NOTHING).all():
        return rows
    falling = (steps < _NOTHING).sum() > (steps > _NOTHING).sum()
    if falling:  # turned round first, so that of equal times the earlier one comes first
        places = places[::-1]
    wrong = int((steps > _NOTHING).sum() if falling else (steps < _NOTHING).sum())
    even = (np.diff(rows.times.instants[places]) >= _NOTHING).all()
    places = places[np.argsort(rows.times.instants[places], kind="stable")]
    if falling and (even or _pieces(np.diff(rows.times.instants[::-1]))):
        diagnosis.note("the rows are in falling order of time, and were turned round")
    elif not _pieces(steps):
        diagnosis.note(f"the rows are in no order of time ({many(wrong, 'step')} back), and were sorted")
    return rows.taken(places)


def _places(rows: Observations) -> NDArray[np.intp]:
    """Return where in the table each row is."""
    assert rows.places is not None
    return rows.places


def _pieces(steps: NDArray[Any]) -> bool:
    """Return whether the clock goes back by an hour at most: that is a change of the clock, not another order."""
    return bool((np.abs(steps[steps < _NOTHING]) <= np.timedelta64(3600, "s")).all()) and (steps < _NOTHING).sum() < 4


def _without_copies(rows: Observations, table: Table, again: NDArray[Any], diagnosis: Diagnosis) -> Observations | None:
    """Drop rows that are whole copies of the row before, if all that repeat a time are."""
    at = np.flatnonzero(again) + 1
    places, cells = _places(rows), table.cells
    if any(cells[places[one]] != cells[places[one - 1]] for one in at):
        return None
    lines = sorted(int(rows.lines[one]) for one in at)
    what = "is a copy" if len(lines) == 1 else "are copies"
    diagnosis.note(f"{many(len(lines), 'row')} ({on_lines(lines)}) {what} of another row, and left out")
    return rows.taken(np.flatnonzero(~np.concatenate([[False], again])))


def _merged(rows: Observations, again: NDArray[Any], diagnosis: Diagnosis) -> Observations:
    """Make one row of those with the same time, as the grid asks."""
    how = diagnosis.source.duplicates
    group = np.concatenate([[0], np.cumsum(~again)])
    first = np.flatnonzero(np.concatenate([[True], ~again]))
    last = np.append(first[1:] - 1, len(rows) - 1)
    count = len(rows) - len(first)
    diagnosis.note(f"{many(count, 'row')} of a time that is there already: series.duplicates is {how}")
    kept = rows.taken(last if how == "last" else first)
    if how in ("first", "last"):
        return kept
    values = np.full((len(kept), len(kept.columns)), np.nan)
    for column, name in enumerate(kept.columns):
        if name in diagnosis.categories:
            values[:, column] = _alike(name, rows.values[:, column], first, group, diagnosis)
            continue
        known = ~np.isnan(rows.values[:, column])
        sums = np.bincount(group[known], weights=rows.values[known, column], minlength=len(first))
        counts = np.bincount(group[known], minlength=len(first))
        with np.errstate(invalid="ignore"):
            whole = counts > 0 if how == "mean" else counts == np.bincount(group)  # a missing part makes no sum
            values[:, column] = np.where(whole, sums / (counts if how == "mean" else 1), np.nan)
    return Observations(kept.columns, values, kept.lines, kept.times)


def _alike(name: str, codes: Float64s, first: NDArray[Any], group: NDArray[Any], diagnosis: Diagnosis) -> Float64s:
    """Return the category of each group of rows, which has neither a mean nor a sum; report those that differ."""
    same = codes == codes[first][group]
    if not (same | np.isnan(codes)).all():
        diagnosis.mistake(
            0,
            f"{name} is text and differs in rows of the same time, so that series.duplicates cannot be "
            f"{diagnosis.source.duplicates}; choose the first or the last of them",
            duplicates="last",
        )
    found: Float64s = codes[first]
    return found


def _report(rows: Observations, table: Table, repeated: NDArray[Any], used: set[str], diagnosis: Diagnosis) -> None:
    """Report times that are there twice, as what they are: several series, a clock apart, or rows that differ."""
    assert rows.times is not None
    _, keys = np.unique(rows.times.instants, return_inverse=True)
    places = _places(rows)
    in_file = np.empty(len(keys), dtype=np.int64)
    in_file[places] = keys
    flags = np.empty(len(keys), dtype=bool)
    flags[places] = repeated
    if report_parts(table, rows.times, diagnosis):
        return
    if _report_clock(rows, table, used, diagnosis) or report_several(table, flags, in_file, used, diagnosis):
        return
    at = np.flatnonzero(repeated)
    first = [int(one) for one in at if rows.times.instants[one] == rows.times.instants[at[0]]]
    lines = sorted(int(rows.lines[one]) for one in first)
    shown = ", ".join(f"{rows.values[one, 0]:g}" for one in first[:4])
    count = len(np.unique(rows.times.instants[repeated]))
    diagnosis.mistake(
        lines[0],
        f"{many(count, 'time')} {are(count)} there more than once with different rows, such as "
        f"{rows.label(first[0])} on {on_lines(lines)} ({rows.columns[0]}: {shown}), and no column tells them apart; "
        "choose what counts: series.duplicates is first, last, mean or sum",
        duplicates="mean",
    )


def _report_clock(rows: Observations, table: Table, used: set[str], diagnosis: Diagnosis) -> bool:
    """Report a column with the clock, where the times are days alone."""
    from scheduler.series.time_forms.joined_times import add_clock, is_clock, time_parts

    assert rows.times is not None
    days = rows.times.wall.astype("datetime64[D]")
    if (days != rows.times.wall).any() or isinstance(diagnosis.source.time, tuple):
        return False
    for place, name in enumerate(table.header):
        likely = any(word in name.lower() for word in _HOURS) or "hour" in time_parts([name])
        if name in used or not is_clock(texts := table.texts(place), named=likely):
            continue
        whole = add_clock(_walls(rows), texts)
        if whole is not None and len(np.unique(whole)) > 2 * len(np.unique(days)):
            time = [*([diagnosis.source.time] if diagnosis.source.time else []), name]
            at = int(np.argmax(np.diff(days) == np.timedelta64(0)))
            diagnosis.mistake(
                int(rows.lines[at]),
                f"the day {rows.label(at)} is there more than once, and the column {name} holds the clock: name both",
                time=time,
                format=None,
            )
            return True
    return False


def _walls(rows: Observations) -> NDArray[Any]:
    """Return the times of the rows in the order of the file."""
    assert rows.times is not None
    walls = np.empty_like(rows.times.wall)
    walls[_places(rows)] = rows.times.wall
    return walls
