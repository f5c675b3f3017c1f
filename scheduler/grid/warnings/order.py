"""Rows that may not be in order of time, and times that are not evenly spaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from statistics import median

from scheduler.grid.warnings.case import Case, by_series, distinct
from scheduler.series.row_times import increase, readings
from scheduler.text import many

#: by which a step may differ from the usual one; months and years do, and days where the clock changes
TOLERANCE = 0.12
DAY = 86_400.0  #: seconds
#: seconds from one business day to the next over holidays with the week-ends at both ends
HOLIDAYS = 9 * DAY
#: steps that are named; the others are counted
SHOWN = 3


def rows_out_of_order(cases: Sequence[Case]) -> Iterator[str]:
    """Report a column of times that the grid does not name, and that falls or repeats."""
    for case in distinct(cases, by_series):
        if not case.configuration.series.row_times:
            continue
        column, before, after = case.configuration.series.row_times
        what, remedy = "falls", "by which rows are then sorted"
        if before == after:
            what, remedy = "repeats", "and the column that tells several series apart as series.id"
        yield (
            f"{case.series.name}: the column {column} looks like times and {what} ({before}, then {after}), while rows "
            f"are used in the order of the file: name it as series.time, {remedy} (of a DataFrame: make it the index, "
            "and sort it)"
        )


def uneven_times(cases: Sequence[Case]) -> Iterator[str]:
    """Report steps between times that differ from the usual one."""
    for case in distinct(cases, lambda case: case.series.content_hash):
        texts = case.series.times
        usual, wrong = _unevenness(texts)
        if not wrong:
            continue
        named = [f"{texts[place]} to {texts[place + 1]}" for place in wrong[:SHOWN]]
        if len(wrong) > SHOWN:
            named.append(f"and {len(wrong) - SHOWN} more")
        yield (
            f"{case.series.name}: the times are uneven: {many(len(wrong), 'step')} of {len(texts) - 1:,} "
            f"{'differs' if len(wrong) == 1 else 'differ'} from the usual one of about {_words(usual)} "
            f"({', '.join(named)}), and a model takes all for one step: add the missing rows, or resample the series"
        )


@lru_cache(maxsize=8)  # several commands look at a grid's warnings twice, and many times take seconds to read
def _unevenness(texts: tuple[str, ...]) -> tuple[float, tuple[int, ...]]:
    """Return the usual step in seconds, and the places of the times after which there is another one."""
    increasing = [times for times in readings(texts) if increase(times)] if len(texts) > 4 else []
    # the first days of months are even steps if the month is read as such
    times = min(increasing, key=lambda one: len(uneven_steps(one)), default=[])
    wrong = tuple(uneven_steps(times))
    return (median(_seconds(times)) if wrong else 0.0, wrong)


def uneven_steps(times: Sequence[datetime]) -> list[int]:
    """Return the places of the times after which the step is not the usual one; none if times do not increase."""
    steps = _seconds(times)
    if not steps or min(steps) <= 0:
        return []
    usual = median(steps)
    business = usual == DAY and times[-1] - times[0] > timedelta(weeks=1) and all(day.weekday() < 5 for day in times)
    return [
        place
        for place, step in enumerate(steps)
        if abs(step / usual - 1) > TOLERANCE and not (business and step <= HOLIDAYS)
    ]


def _seconds(times: Sequence[datetime]) -> list[float]:
    return [(b - a).total_seconds() for a, b in pairwise(times)]


def _words(seconds: float) -> str:
    """Write a step in its largest unit."""
    for unit, shortest, longest in (("month", 28, 31), ("quarter", 90, 92), ("year", 365, 366)):
        if shortest <= seconds / DAY <= longest:
            return f"1 {unit}"
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            return many(round(seconds / size), unit)
    return f"{seconds:g} seconds"
