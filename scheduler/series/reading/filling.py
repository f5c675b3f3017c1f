"""Missing values and rows: named as a pattern, and filled as the grid asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.lines import are, on_lines
from scheduler.series.reading.numbers import Column
from scheduler.series.reading.observations import Observations
from scheduler.series.season import find_seasons
from scheduler.series.time_forms.spacing import Spacing, find_spacing, named_gaps
from scheduler.series.time_forms.times import Times, iso_labels
from scheduler.text import many
from store.schema.spelling import listed

if TYPE_CHECKING:
    from store.records import Float64s

#: methods, but for the previous value, and what they fill by
BY = {"linear": "the line between neighbours", "seasonal": "the value one season before"}
Ranges = tuple[tuple[int, int], ...]
#: spellings of a missing value that are listed
WORDS = 4


def spacing_of(times: Times) -> Spacing:
    """Find the spacing by the clock, or by the instants where the clock was changed."""
    by_clock = find_spacing(times.wall)
    if times.offsets is None or len(np.unique(times.offsets)) < 2:
        return by_clock
    by_instant = find_spacing(times.instants)
    if by_instant.even and (not by_clock.even or len(by_instant.gaps) < len(by_clock.gaps)):
        return by_instant
    return by_clock


def filled(
    rows: Observations, columns: Sequence[Column], diagnosis: Diagnosis, held_out: int
) -> tuple[Observations, Ranges]:
    """Report missing values and rows, or fill them as the grid asks.

    Args:
        rows: in order of time.
        columns: how missing values are written in each.
        diagnosis: what is reported to.
        held_out: rows at the end that are forecast in the test part.

    Returns:
        The rows without missing values, and which were missing and may be in no training row.
    """
    source = diagnosis.source
    if diagnosis.mistakes or rows.times is None or np.isnat(rows.times.wall).any():
        spacing = Spacing("unknown")
    else:
        spacing = spacing_of(rows.times)
    if source.missing in (None, "refuse"):
        _report_values(rows, columns, diagnosis)
        _report_gaps(rows, spacing, diagnosis)
        return rows, ()
    put_in = sum(gap.rows for gap in spacing.gaps)
    if not put_in and not np.isnan(rows.values).any():
        return rows, ()
    if rows.times is not None and put_in:
        rows = _with_missing_rows(rows, rows.times, spacing)
    rows = _from_first(rows, diagnosis)
    return _filled(rows, put_in, diagnosis, held_out)


def _report_values(rows: Observations, columns: Sequence[Column], diagnosis: Diagnosis) -> None:
    words = {column.name: column.words for column in columns}
    for place, name in enumerate(rows.columns):
        missing = np.flatnonzero(np.isnan(rows.values[:, place]))
        if not len(missing):
            continue
        spelt = [repr(word) if word else "empty" for word, _ in words.get(name, {}).items()] if name in words else []
        how = f" ({listed(spelt[:WORDS], 'and')})" if spelt else ""
        if len(missing) == len(rows):
            diagnosis.mistake(0, f"all values of {name} are missing{how}; name another column")
            continue
        at = [line for line in sorted(rows.lines[missing].tolist()) if line]
        where = f", on {on_lines(at)}" if at and name in words else ""
        diagnosis.mistake(
            at[0] if at else 0,
            f"{len(missing):,} of {many(len(rows), 'value')} of {name} {are(len(missing))} missing{how}{where}; "
            "series.missing says what becomes of them",
            missing="previous",
        )


def _report_gaps(rows: Observations, spacing: Spacing, diagnosis: Diagnosis) -> None:
    if rows.times is None or not spacing.gaps:
        return
    count = sum(gap.rows for gap in spacing.gaps)
    labels = _missing_labels(rows.times, spacing)
    most = "; these are more rows than the file has: look for wrong times first" if count > len(rows) else ""
    fixes = {} if most else {"missing": "previous"}
    diagnosis.mistake(
        int(rows.lines[spacing.gaps[0].place]),
        f"the times are {spacing.name}, and {many(count, 'row')} {are(count)} missing: "
        f"{named_gaps(spacing, labels)}; series.missing says what becomes of them{most}",
        **fixes,
    )


def _missing_times(times: Times, spacing: Spacing) -> tuple[NDArray[np.datetime64], NDArray[np.int64] | None]:
    """Return the times of the missing rows, by the clock, and their offsets: those of the row before."""
    if times.offsets is None:
        return spacing.missing(times.wall), None
    offsets = np.repeat([times.offsets[gap.place - 1] for gap in spacing.gaps], [gap.rows for gap in spacing.gaps])
    return spacing.missing(times.wall), offsets.astype(np.int64)


def _missing_labels(times: Times, spacing: Spacing) -> tuple[str, ...]:
    wall, offsets = _missing_times(times, spacing)
    days = bool((times.wall == times.wall.astype("datetime64[D]")).all())
    length = None
    if days:
        years, months = (bool((times.wall == times.wall.astype(f"datetime64[{one}]")).all()) for one in "YM")
        length = 4 if years else 7 if months else 10
    return tuple(text[:length] for text in iso_labels(wall, None if times.texts is not None else offsets))


def _with_missing_rows(rows: Observations, times: Times, spacing: Spacing) -> Observations:
    """Put the missing rows in, without values."""
    before = [gap.place for gap in spacing.gaps for _ in range(gap.rows)]
    wall, offsets = _missing_times(times, spacing)
    all_offsets = None if times.offsets is None or offsets is None else np.insert(times.offsets, before, offsets)
    return Observations(
        rows.columns,
        np.insert(rows.values, before, np.nan, axis=0),
        np.insert(rows.lines, before, 0),
        Times(np.insert(times.wall, before, wall), all_offsets, what=times.what),
    )


def _from_first(rows: Observations, diagnosis: Diagnosis) -> Observations:
    """Leave out the rows before each column has its first value: nothing before them could fill them."""
    known = ~np.isnan(rows.values)
    if not known.any(axis=0).all():
        name = rows.columns[int(np.argmin(known.any(axis=0)))]
        diagnosis.refuse(0, f"all values of {name} are missing; name another column")
    first = int(known.argmax(axis=0).max())
    if first:
        late = listed([name for place, name in enumerate(rows.columns) if not known[0, place]], "and")
        rows_left = "first row" if first == 1 else f"first {first:,} rows"
        diagnosis.note(f"the {rows_left} {are(first)} left out, where {late} has no value yet")
    return rows.taken(np.arange(first, len(rows)))


def _filled(rows: Observations, put_in: int, diagnosis: Diagnosis, held_out: int) -> tuple[Observations, Ranges]:
    missing = np.isnan(rows.values)
    of_rows: NDArray[np.bool_] = np.asarray(missing.any(axis=1))
    how, start = str(diagnosis.source.missing), max(0, len(rows) - held_out)
    _refuse_long(rows, missing, diagnosis)
    left_out = () if how == "previous" else ranges_of(of_rows[:start])
    if how == "mask" and of_rows[start:].any():
        _refuse_masked_test(rows, of_rows, start, diagnosis)
    values, season = rows.values.copy(), _season(rows, diagnosis)
    for place, name in enumerate(rows.columns):
        by = "previous" if name in diagnosis.categories else how
        values[:, place] = fill(values[:, place], by, start, season)
    if of_rows.any():
        _note(of_rows, start, put_in, bool(left_out), diagnosis)
    return Observations(rows.columns, values, rows.lines, rows.times), left_out


def _note(flags: NDArray[np.bool_], start: int, put_in: int, left_out: bool, diagnosis: Diagnosis) -> None:
    """Say how many rows were filled, and by what."""
    how = str(diagnosis.source.missing)
    rows = f"{int(flags.sum()):,} of {many(len(flags), 'row')}"
    what = "missing" if how == "mask" else f"filled by {BY.get(how, 'the previous value')}"
    left = ", and no training row has them" if left_out else ""
    test = " (in the test part by the previous value)" if how in BY and flags[start:].any() else ""
    rows_in = f", of which {many(put_in, 'row')} put in where the times have gaps" if put_in else ""
    diagnosis.note(f"{rows} {what}{left}{test}{rows_in}")


def ranges_of(flags: NDArray[np.bool_]) -> Ranges:
    """Return the runs of true values, each with its start and its stop."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return tuple((int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True))


def _refuse_masked_test(rows: Observations, flags: NDArray[np.bool_], start: int, diagnosis: Diagnosis) -> None:
    after = int(np.argmax(flags[::-1]))
    way = "use previous"
    if after:
        later = f": test: {{from: {rows.label(len(rows) - after)}}}" if rows.times is not None else ""
        way += f", or a test part that is in the last {many(after, 'row')}{later}"
    diagnosis.mistake(
        0,
        f"{rows.label(start + int(np.argmax(flags[start:])))} is missing in the test part, all of which is forecast; "
        f"series.missing: mask leaves out training rows only: {way}",
        missing="previous",
    )


def _season(rows: Observations, diagnosis: Diagnosis) -> int:
    """Return the season by which values are filled; report that there is none."""
    source = diagnosis.source
    if source.missing != "seasonal":
        return 0
    given: int | tuple[int, ...] = source.season or ()
    if source.season is None and rows.times is not None:
        given = find_seasons(rows.times.labels(), source.format if rows.times.texts is not None else None)
    seasons = [given] if isinstance(given, int) else [one for one in given if one > 1]
    if not seasons:
        text = "series.missing is seasonal, and the times show no season; write series.season"
        diagnosis.mistake(0, text, missing="previous")
        return 1
    return min(seasons)


def fill(values: Float64s, how: str, start: int, season: int) -> Float64s:
    """Fill missing values; from `start` on, and where only later values from there could fill, by the one before."""
    found = _previous(values)
    missing = np.isnan(values)
    missing[start:] = False
    known = np.flatnonzero(~np.isnan(values[:start]))
    if how == "linear" and len(known):
        inside = np.flatnonzero(missing)
        inside = inside[inside < known[-1]]
        found[inside] = np.interp(inside, known, values[known])
    if how == "seasonal":
        for place in np.flatnonzero(missing):
            if place >= season:
                found[place] = found[place - season]
    return found


def _previous(values: Float64s) -> Float64s:
    known = np.where(np.isnan(values), 0, np.arange(len(values)))
    return values[np.maximum.accumulate(known)]


def _refuse_long(rows: Observations, missing: NDArray[np.bool_], diagnosis: Diagnosis) -> None:
    """Report runs of missing values that are longer than the grid allows."""
    most = diagnosis.source.max_gap
    if most is None:
        return
    for place, name in enumerate(rows.columns):
        start, length = _longest(missing[:, place])
        if length > most:
            diagnosis.mistake(
                0,
                f"{name} is missing in {many(length, 'row')} in a row, {rows.label(start)} to "
                f"{rows.label(start + length - 1)}; series.max_gap allows {most}",
                max_gap=length,
            )


def _longest(missing: NDArray[np.bool_]) -> tuple[int, int]:
    """Return the start and the length of the longest run."""
    start, stop = max(ranges_of(missing), key=lambda one: one[1] - one[0], default=(0, 0))
    return start, stop - start
