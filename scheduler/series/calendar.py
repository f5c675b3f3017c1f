"""The calendar as columns of a series: parts of its times as sine and cosine or as 0 and 1, and holidays.

The columns are stored with the series, so that no version of a library changes what a repeat was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.series.content import content_hash
from scheduler.series.holidays_of import UnknownHolidays, holidays_in
from scheduler.series.source import Loaded
from store.records import Series
from store.schema.calendar import FIELDS, HOLIDAY, ONE_HOT
from store.schema.prepare import InputColumn
from store.schema.spelling import listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store.records import Float64s

    Instants = NDArray[np.datetime64]

#: what the parts of a time are made of, the largest first: numpy's unit, and its name
UNITS = (("Y", "years"), ("M", "months"), ("D", "days"), ("h", "hours"), ("m", "minutes"))
_NEEDED = {"month": 1, "quarter": 1, "hour": 3, "minute": 4}
_DAYS = 2  #: what other fields need
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class NoCalendar(ValueError):
    """The times of a series have no such part, or there are none."""


def with_calendar(loaded: Loaded, entries: Sequence[str]) -> Loaded:
    """Add the calendar to a series, as inputs that are known ahead.

    Raises:
        NoCalendar: The series has no times, or not what an entry needs; the text says which.
    """
    series, choice = loaded.series, loaded.choice
    made = dict(calendar_columns(_wall(loaded), entries, series))
    taken = [name for name in made if name in series.columns]
    if taken:
        raise NoCalendar(f"{series.name} has a column {taken[0]!r} of its own; rename it, or take it as an input")
    columns, values = (*series.columns, *made), np.column_stack([series.values, *made.values()])
    hashed = content_hash(columns, values)
    seen = choice.seen | dict.fromkeys(made, InputColumn(lags=0, known=True))
    changes = {
        "content_hash": hashed,
        "target_hash": choice.target_hash or choice.content_hash,
        "inputs": (*choice.inputs, *made),
        "seen": seen,
        "made": (*choice.made, *made),
    }
    added = Series(name=series.name, columns=columns, values=values, times=series.times, content_hash=hashed)
    return replace(loaded, series=added, choice=choice.model_copy(update=changes))


def _wall(loaded: Loaded) -> Instants:
    if loaded.clock is not None:
        return loaded.clock.wall
    series = loaded.series
    if series.times:
        raise NoCalendar(f"the times of {series.name} ({series.times[0]}, ...) are in no form that is known")
    way = "name series.time (of a DataFrame: make them the index), or leave prepare.calendar out"
    raise NoCalendar(f"{series.name} has no times: {way}")


def calendar_columns(wall: Instants, entries: Sequence[str], series: Series) -> Iterator[tuple[str, Float64s]]:
    """Return the columns of all entries, by name.

    Raises:
        NoCalendar: The times do not have what an entry needs.
    """
    _check(wall, entries, series)
    for entry in entries:
        name, _, form = entry.partition(":")
        if name == HOLIDAY:
            yield entry, _holidays(wall, form)
        elif form == ONE_HOT:
            yield from _one_hot(name, part_of(wall, name))
        else:
            yield from _cycle(name, part_of(wall, name))


def _check(wall: Instants, entries: Sequence[str], series: Series) -> None:
    """Refuse all entries at once that need what the times do not have."""
    unit = _unit(wall)
    needed = {entry: _NEEDED.get(entry.partition(":")[0], _DAYS) for entry in entries}
    lacking = [entry.removesuffix(f":{ONE_HOT}") for entry in entries if needed[entry] > unit]
    if lacking:
        needs = [f"{one} needs {UNITS[needed.get(one, needed.get(f'{one}:{ONE_HOT}', _DAYS))][1]}" for one in lacking]
        raise NoCalendar(
            f"{', '.join(needs)}, and the times of {series.name} are {UNITS[unit][1]} ({', '.join(series.times[:2])}, "
            f"...); leave {listed(lacking, 'and')} out"
        )


def _unit(wall: Instants) -> int:
    """Return the place among `UNITS` of the largest one of which all times are whole numbers."""
    for place, (unit, _) in enumerate(UNITS[:-1]):
        if bool((wall == wall.astype(f"datetime64[{unit}]")).all()):
            return place
    return len(UNITS) - 1


def part_of(wall: Instants, name: str) -> NDArray[np.int64]:
    """Return a part of each time, as pandas counts it: Monday is 0, January 1."""
    import pandas as pd

    index = pd.DatetimeIndex(wall)
    if name == "week":
        return index.isocalendar()["week"].to_numpy(np.int64)
    return np.asarray(getattr(index, {"yearday": "dayofyear"}.get(name, name)), dtype=np.int64)


def _cycle(name: str, parts: NDArray[np.int64]) -> Iterator[tuple[str, Float64s]]:
    """Return a part of times as sine and cosine, so that the last value is beside the first."""
    first, count = FIELDS[name]
    turn = 2 * np.pi * (parts - first).astype(np.float64) / count
    for end, wave in (("sin", np.sin(turn)), ("cos", np.cos(turn))):
        rounded = np.round(wave, 12) + 0.0  # the same on all machines, and no negative zeros
        yield f"{name}_{end}", rounded.astype(np.float64)


def _one_hot(name: str, parts: NDArray[np.int64]) -> Iterator[tuple[str, Float64s]]:
    """Return a column of 0 and 1 for each value that the times have, in order."""
    for value in np.unique(parts).tolist():
        label = WEEKDAYS[value] if name == "weekday" else value
        yield f"{name}={label}", (parts == value).astype(np.float64)


def _holidays(wall: Instants, code: str) -> Float64s:
    days = wall.astype("datetime64[D]")
    try:
        found = holidays_in(code, np.unique(days.astype("datetime64[Y]").astype(int) + 1970).tolist())
    except UnknownHolidays as problem:
        raise NoCalendar(str(problem)) from None
    return np.isin(days, np.array(found, dtype="datetime64[D]")).astype(np.float64)
