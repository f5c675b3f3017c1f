"""The seasons of a series, in rows: found from the intervals between its times."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scheduler.series import times
from scheduler.series.time_forms.period_forms import read_periods

if TYPE_CHECKING:
    from store import Series

DAY = 86_400.0  #: seconds
MONTH = 30.44  #: days, on average
#: of the steps that must be the usual one; holidays and clock changes make others
MOST_STEPS = 0.7
#: weeks in a year, by the days between two rows
WEEKS = {7: 52, 14: 26, 28: 13}
#: of months of a first, second and third year, as `1-01`
SHORT_YEAR = re.compile(r"\A\d{1,3}(?=-\d\d\Z)")
SHORT = len("999-12")  #: the longest of these
#: times whose seasons are known
KEPT = 1024
#: found once for all who ask: a series is asked several times, and those of a panel often share them. Not by the times
#: themselves: those of a thousand long series would fill the memory.
_known: dict[tuple[bytes, str | None], tuple[int, ...]] = {}


def seasons_of(series: Series, given: tuple[int, ...]) -> tuple[int, ...]:
    """Return the seasons of a series: those that the grid gives, or those that its times show."""
    return tuple(season for season in given if season > 1) if given else find_seasons(series.times)


def find_seasons(texts: Sequence[str], form: str | None = None) -> tuple[int, ...]:
    """Find the seasons of rows with these times, the shortest first; empty where there are none, or none is known.

    Args:
        texts: the times as the file has them.
        form: their strptime format, if they are not ISO 8601.
    """
    key = hashlib.blake2b("\n".join(texts).encode(errors="surrogatepass")).digest(), form
    found = _known.get(key)
    if found is None:
        found = _found(texts, form)
        if len(_known) >= KEPT:
            _known.clear()
        _known[key] = found
    return found


def _found(texts: Sequence[str], form: str | None) -> tuple[int, ...]:
    read = times.reader(form)
    try:
        found = [read(text if form or len(text) > SHORT else SHORT_YEAR.sub(four_digits, text)) for text in texts]
    except (ValueError, OverflowError, re.error):
        found = [] if form else _periods(texts)
    return seasons_between(found)


def _periods(texts: Sequence[str]) -> list[datetime]:
    """Read quarters, months and weeks, such as 2015Q4, by their first moment; nothing where one is none."""
    read = read_periods(texts, texts[:SHORT])
    if read is None or np.isnat(read[0]).any():
        return []
    found: list[datetime] = read[0].tolist()
    return found


def four_digits(year: re.Match[str]) -> str:
    """Return a year with four digits."""
    return year.group().zfill(4)


def seasons_between(found: Sequence[datetime]) -> tuple[int, ...]:
    """Find the seasons of rows at these times.

    The usual step decides: of hours 24 and 168, of days the days of the week that occur (7, or 5 on business days), of
    weeks 52, of months 12, of quarters 4. A change of the clock, a holiday or the length of a month is no other step.
    """
    if len(found) < 3 or len({time.tzinfo is None for time in found}) > 1:
        return ()
    steps = [(later - earlier).total_seconds() / DAY for earlier, later in pairwise(found)]
    usual, often = Counter(round(step, 6) for step in steps).most_common(1)[0]
    if usual <= 0:
        return ()
    if usual < 0.99:
        return _within_days(found)
    weekly = WEEKS.get(round(usual)) if often >= MOST_STEPS * len(steps) else None
    if weekly:
        return (weekly,)
    return _of_days(found, steps) if usual < 27.5 else _of_months(steps)


def _within_days(found: Sequence[datetime]) -> tuple[int, ...]:
    """Count the rows of a day, and those of a week."""
    counts = list(Counter(time.date() for time in found).values())
    whole = counts[1:-1] or counts  # the first day and the last one may be parts
    a_day, often = Counter(whole).most_common(1)[0]
    by_step = _by_step(found)
    # One whole day may be that of a change of the clock, which has an hour more or less.
    if len(counts) < 3 or (len(whole) < 3 and 24 * abs(a_day - by_step) <= by_step):
        a_day, often = by_step, len(whole) if _steady(found) else 0
    elif by_step:  # days on which the clock is changed have an hour more or less
        often = sum(24 * abs(count - a_day) <= by_step for count in whole)
    if a_day < 2 or often < MOST_STEPS * len(whole):
        return ()
    return (a_day, a_day * _days_of_week(found, len(counts)))


def _steady(found: Sequence[datetime]) -> bool:
    """Return whether most steps are the usual one."""
    steps = Counter(later - earlier for earlier, later in pairwise(found))
    return steps.most_common(1)[0][1] >= MOST_STEPS * (len(found) - 1)


def _by_step(found: Sequence[datetime]) -> int:
    """Count the rows of a day from the usual step, where the series has less than one whole day."""
    steps = Counter((later - earlier).total_seconds() for earlier, later in pairwise(found))
    return round(DAY / steps.most_common(1)[0][0])


def _days_of_week(found: Sequence[datetime], days: int) -> int:
    """Count the days of the week that occur; 7 where the series has less than two weeks."""
    return len({time.weekday() for time in found}) if days >= 14 else 7


def _of_days(found: Sequence[datetime], steps: Sequence[float]) -> tuple[int, ...]:
    daily = sum(round(step) == 1 for step in steps)
    week = _days_of_week(found, len(found))
    return (week,) if daily >= MOST_STEPS * len(steps) and week >= 5 else ()


def _of_months(steps: Sequence[float]) -> tuple[int, ...]:
    """Count the rows of a year, whatever the lengths of its months."""
    months, often = Counter(round(step / MONTH) for step in steps).most_common(1)[0]
    even = often >= MOST_STEPS * len(steps)
    return (12 // months,) if even and months < 12 and 12 % months == 0 else ()
