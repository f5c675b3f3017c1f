"""The times in a table of the user, in whatever form: of the ways to read them the one that has the times asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scheduler.series.clock import clock_of
from scheduler.series.diagnosis import Diagnosis
from scheduler.series.fields import SeriesSource
from scheduler.series.reading.marks import parse_number
from scheduler.series.time_forms.joined_times import read_joined
from scheduler.series.time_forms.possible import all_readings
from scheduler.series.time_forms.spelling import of_our_era
from scheduler.series.time_forms.zones import instants_of

if TYPE_CHECKING:
    from scheduler.future.source import Source
    from scheduler.series.time_forms.times import Instants, Times
    from scheduler.series.times_ahead import Ahead

#: columns that may hold times although they hold numbers
_NAMED = ("year", "time", "date", "ds", "month")


def moments_of(columns: Mapping[str, Sequence[str]], source: Source, ahead: Ahead) -> list[tuple[int, object]] | None:
    """Return the rows that have a time, each with its moment, to be compared with `moments_ahead`.

    Args:
        columns: of the table, as text.
        source: what the grid says of the times.
        ahead: the times that are asked for: where texts can be read in several ways, the one that has the most of them.

    Returns:
        None where no column holds times.
    """
    asked = set(moments_ahead(ahead))
    best: list[tuple[int, object]] | None = None
    most = -1
    for rows, times in _all_times(columns, source):
        found = _comparable(times, ahead).astype("datetime64[us]").tolist()
        often = len(asked & set(found))
        if often > most:
            best, most = list(zip(rows, found, strict=True)), often
    return best


def moments_ahead(ahead: Ahead) -> list[object]:
    """Return the moments of the times that are asked for: as a clock shows them where no zone is known."""
    assert ahead.times is not None
    known = ahead.times.instants if ahead.times.offsets is not None else ahead.times.wall
    moments: list[object] = known.astype("datetime64[us]").tolist()
    return moments


def _comparable(times: Times, ahead: Ahead) -> Instants:
    """Return the times of a table as instants, or as a clock shows them, whichever the times asked for have."""
    assert ahead.times is not None
    offsets = ahead.times.offsets
    if offsets is None:
        return instants_of(times.wall, ahead.zone) if times.offsets is None and ahead.zone else times.wall
    if times.offsets is not None:
        return times.instants
    if ahead.zone:
        return instants_of(times.wall, ahead.zone)
    local: Instants = times.wall - np.timedelta64(int(offsets[-1]), "m")
    return local


def _all_times(columns: Mapping[str, Sequence[str]], source: Source) -> Iterator[tuple[Sequence[int], Times]]:
    """Yield all ways to read times, each with the rows that have one: those of the grid's columns, else of any."""
    names = source.times if source.times and all(name in columns for name in source.times) else ()
    if names:
        rows = [row for row, parts in enumerate(zip(*(columns[name] for name in names), strict=True)) if all(parts)]
        found = list(_whole(_readings(names, [[columns[name][row] for row in rows] for name in names], source)))
        if found:
            yield from ((rows, times) for times in found)
            return
    for name, texts in _others(columns):
        rows = [row for row, text in enumerate(texts) if text]
        if name not in names and len(rows) == len(texts):
            yield from ((rows, times) for times in _whole(_readings((name,), [texts], source)))


def _readings(names: Sequence[str], texts: Sequence[Sequence[str]], source: Source) -> Iterator[Times]:
    if not texts[0]:
        return
    if len(names) > 1:
        told = SeriesSource(format=source.form, timezone=source.zone)
        diagnosis = Diagnosis(file="", source=told)
        joined = read_joined(names, texts, range(1, len(texts[0]) + 1), diagnosis)
        if joined is not None and not diagnosis.mistakes:
            yield joined
        return
    usual = clock_of(texts[0])
    yield from () if usual is None else (usual,)
    yield from all_readings(texts[0], source.form)
    if source.form is None and (ours := of_our_era(texts[0], names[0])) is not None:
        yield from all_readings(ours)


def _whole(readings: Iterable[Times]) -> Iterator[Times]:
    return (one for one in readings if not np.isnat(one.wall).any())


def _others(columns: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the columns that may hold times: numbers are none, but years and the like."""
    for name, texts in columns.items():
        if name.lower() in _NAMED or not all(parse_number(text) is not None for text in texts):
            yield name, texts
