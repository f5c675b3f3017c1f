"""The times that follow a series, in its own frequency and form: month ends, business days, weeks, quarters, hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.series.clock import clock_of
from scheduler.series.row_times import FORMATS
from scheduler.series.time_forms.period_forms import as_period
from scheduler.series.time_forms.possible import most_even
from scheduler.series.time_forms.strptime import read_format
from scheduler.series.time_forms.times import Times, iso_labels
from scheduler.series.time_forms.zones import clock_in, in_zone, instants_of

if TYPE_CHECKING:
    import pandas as pd

#: of the steps between times that must be the usual one, so that it goes on
MOSTLY = 0.5
#: times from which days without weekends are business days
WEEKS = 10
MICROSECONDS_OF_A_DAY = 86_400_000_000
#: the last times, whose form is looked at
SAMPLE = 50
_ISO = tuple(
    date + clock
    for date in ("%Y-%m-%d", "%Y-%m", "%Y")
    for clock in ("", *(f"{mark}%H:%M{rest}" for mark in "T " for rest in ("", ":%S", ":%S.%f")))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """The times that follow a series."""

    #: in the form of the series; numbers of rows, from 1, where it has no times that go on
    labels: tuple[str, ...]
    #: as a clock shows them; None for numbers of rows
    times: Times | None
    #: why they are numbers of rows; empty where they are times, or the series has none
    reason: str = ""
    #: whose clock it is, where that is known; empty where it is not
    zone: str = ""


def times_ahead(
    texts: Sequence[str], count: int, *, observations: int, form: str | None = None, zone: str | None = None
) -> Ahead:
    """Return the times after the last one.

    Args:
        texts: the times of the series, in order; empty where it has none.
        count: how many follow.
        observations: of the series.
        form: the strptime format of the times, where the grid has one.
        zone: that of the times, where the grid has one.
    """
    return _ahead(tuple(texts), count, observations, form, zone)


@lru_cache(64)  # the series of a panel mostly have the same times, and each is asked for several times
def _ahead(texts: tuple[str, ...], count: int, observations: int, form: str | None, zone: str | None) -> Ahead:
    numbers = tuple(str(observations + step) for step in range(1, count + 1))
    if not texts:
        return Ahead(labels=numbers, times=None)
    times = _read(texts, form)
    if times is None:
        return Ahead(labels=numbers, times=None, reason=f"the times ({texts[-1]}) are in no form that is known")
    zone = clock_in(times, zone)
    found = _following(times, count, zone)
    if found is None:
        return Ahead(labels=numbers, times=None, reason="the times are unevenly spaced")
    return Ahead(labels=_labels(texts, times, found, form), times=found, zone=zone)


def _read(texts: Sequence[str], form: str | None) -> Times | None:
    if form is not None:
        wall, offsets = read_format(texts, form)
        if not np.isnat(wall).any():
            return Times(wall, offsets)
    return clock_of(texts) or most_even(texts)


def _following(times: Times, count: int, zone: str) -> Times | None:
    """Go on by the clock; where there are zones and steps of less than a day, by the time that passes."""
    index = _index(times.wall)
    if times.offsets is None:
        found = _go_on(index, count)
        return None if found is None else Times(found, None)
    offset = np.timedelta64(int(times.offsets[-1]), "m")
    if _within_days(index):
        instants = _go_on(_index(times.instants), count)
    else:
        found = _go_on(index, count)
        instants = None if found is None else instants_of(found, zone) if zone else found - offset
    if instants is None:
        return None
    return in_zone(instants, zone) if zone else Times(instants + offset, np.full(count, times.offsets[-1]))


def _index(wall: Any) -> pd.DatetimeIndex:
    import pandas as pd

    return pd.DatetimeIndex(wall.astype("datetime64[us]"))


def _within_days(index: pd.DatetimeIndex) -> bool:
    """Return whether the usual step is less than a day."""
    return len(index) > 1 and bool(np.median(np.diff(index.asi8)) < MICROSECONDS_OF_A_DAY)


def _go_on(index: pd.DatetimeIndex, count: int) -> Any:
    """Return so many times after the last one, (count,) of microseconds; None where no frequency is found."""
    step = next((found for found in _steps(index) if found is not None), None)
    if step is None:
        return None
    found = [index[-1] + step * number for number in range(1, count + 1)]
    return np.array([one.to_datetime64() for one in found], dtype="datetime64[us]")


def _steps(index: pd.DatetimeIndex) -> Iterator[Any]:
    """Yield what the step between times may be, the surest first; None where that is not it."""
    import pandas as pd

    if len(index) < 2 or not index.is_monotonic_increasing or not index.is_unique:
        yield _mode(index)
        return
    named = pd.infer_freq(index) if len(index) > 2 else None
    yield None if named is None else pd.tseries.frequencies.to_offset(named)
    yield _of_months(index)
    yield _of_halves(index)
    yield _of_weekdays(index)
    yield _mode(index)


def _of_months(index: pd.DatetimeIndex) -> Any:
    """Return a number of months, where all times are on the same day of the month, or on its last one."""
    import pandas as pd

    same = len({(time.day, time.time()) for time in index}) == 1
    ends = bool(index.is_month_end.all()) and len({time.time() for time in index}) == 1
    months = np.diff(index.year * 12 + index.month)
    usual = _most(months.tolist())
    if not (same or ends) or not usual:
        return None
    return pd.offsets.MonthEnd(usual) if ends else pd.DateOffset(months=usual)


def _of_halves(index: pd.DatetimeIndex) -> Any:
    """Return half months, where times are by turns on the first or last of a month and on one other day."""
    import pandas as pd

    kinds = ((index.is_month_end, pd.offsets.SemiMonthEnd), (index.day == 1, pd.offsets.SemiMonthBegin))
    for outer, offset in kinds:
        days = set(index.day[~outer])
        by_turns = bool((np.diff(np.asarray(outer).astype(int)) != 0).all())
        if by_turns and len(days) == 1 and 1 < min(days) < 28 and len({time.time() for time in index}) == 1:
            return offset(day_of_month=min(days))
    return None


def _of_weekdays(index: pd.DatetimeIndex) -> Any:
    """Return business days, where no time is on a weekend and most follow each other."""
    import pandas as pd

    daily = _most(np.diff(index.asi8).tolist()) == MICROSECONDS_OF_A_DAY
    if not daily or len(index) < WEEKS or (index.dayofweek > 4).any():
        return None
    return pd.offsets.BusinessDay()


def _mode(index: pd.DatetimeIndex) -> Any:
    """Return the usual step, where most are; those backwards, at a change of the clock, do not count."""
    steps = np.diff(index.asi8)
    usual = _most(steps[steps > 0].tolist())
    return None if usual is None else timedelta(microseconds=usual)


def _most(steps: Sequence[Any]) -> Any:
    """Return the step that most are, or None."""
    if not steps:
        return None
    (usual, often), *_ = Counter(steps).most_common(1)
    return usual if often >= MOSTLY * len(steps) else None


def _labels(texts: Sequence[str], times: Times, ahead: Times, form: str | None) -> tuple[str, ...]:
    """Write times as those of the series are written; as ISO 8601 where that is in no form that is known."""
    last = list(zip(texts[-SAMPLE:], _moments(times)[-SAMPLE:], _zones(times)[-SAMPLE:], strict=True))
    for write in _writers(form, texts[-1]):
        if all(write(moment, zone) == text for text, moment, zone in last):
            written = [write(moment, zone) for moment, zone in zip(_moments(ahead), _zones(ahead), strict=True)]
            return tuple(map(str, written))
    return iso_labels(ahead.wall, ahead.offsets)


def _moments(times: Times) -> list[datetime]:
    found: list[datetime] = times.wall.astype("datetime64[us]").tolist()
    return found


def _zones(times: Times) -> list[str]:
    """Return the zone of each time as ISO 8601 writes it; empty where there is none."""
    if times.offsets is None:
        return [""] * len(times.wall)
    return [f"{'-' if one < 0 else '+'}{abs(one) // 60:02d}:{abs(one) % 60:02d}" for one in times.offsets.tolist()]


def _writers(form: str | None, like: str) -> Iterator[Callable[[datetime, str], str | None]]:
    """Yield the ways of writing times, each of a moment and its zone."""
    yield lambda moment, zone: f"{moment.year}-{moment.month:02d}"
    yield lambda moment, zone: as_period(moment, like, padded=True)
    yield lambda moment, zone: as_period(moment, like, padded=False)
    for each in (*([form] if form else []), *_ISO, *FORMATS):
        yield lambda moment, zone, form=each: moment.strftime(form) + zone  # type: ignore[misc]
        yield lambda moment, zone, form=each: moment.strftime(form) + ("Z" if zone == "+00:00" else zone)  # type: ignore[misc]
        yield lambda moment, zone, form=each: _unpadded(moment, form)  # type: ignore[misc]
        if "%z" in each:
            yield lambda moment, zone, form=each: moment.strftime(form.replace("%z", zone.replace(":", "")))  # type: ignore[misc]


def _unpadded(moment: datetime, form: str) -> str:
    """Write a time without zeros before days, months and hours."""
    parts = {"%d": moment.day, "%m": moment.month, "%H": moment.hour, "%I": moment.hour % 12 or 12}
    for directive, number in parts.items():
        form = form.replace(directive, str(number))
    return moment.strftime(form)
