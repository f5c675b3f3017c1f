"""Times of the rows: read in the usual ways of writing them, also where the grid does not name their column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from scheduler.series.time_forms.spelling import named_like_times
from scheduler.series.times import reader, try_iso

_DATES = (
    *("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y"),
    *("%Y%m%d", "%d %b %Y", "%b %d, %Y", "%b %Y", "%m/%Y"),
)
_CLOCKS = ("", " %H:%M", " %H:%M:%S")
FORMATS = tuple(date + clock for date in _DATES for clock in _CLOCKS)
_YEAR = re.compile(r"\d{4}\Z")

Rows = tuple[str, str, str]


def readings(texts: Sequence[str]) -> Iterator[list[datetime]]:
    """Read times in each of the usual ways of writing them that fits all: the day or the month may come first."""
    for read in _readers():
        if not texts or _read(read, texts[0]) is None:
            continue
        times = [_read(read, text) for text in texts]
        good = [time for time in times if time is not None]
        if len(good) == len(times) and len({time.tzinfo is None for time in good}) == 1:
            yield good


def read_times(texts: Sequence[str]) -> list[datetime]:
    """Read times in the first way in which they increase, else in the first that fits; empty if none does."""
    found: list[datetime] = []
    for times in readings(texts):
        if increase(times):
            return times
        found = found or times
    return found


def increase(times: Sequence[datetime]) -> bool:
    """Return whether each time is after the one before."""
    return all(a < b for a, b in pairwise(times))


def _readers() -> Iterable[Callable[[str], datetime | None]]:
    yield try_iso
    for form in FORMATS:
        yield reader(form)


def _read(read: Callable[[str], datetime | None], text: str) -> datetime | None:
    try:
        return read(text)
    except (ValueError, OverflowError):
        return None


def disorder(columns: Iterable[tuple[str, Sequence[str]]]) -> Rows | tuple[()]:
    """Find a column that looks like times and falls or repeats, unless another one gives the rows an order.

    Args:
        columns: the name and texts of each column that the grid does not use.

    Returns:
        The column and the first two texts that follow each other in it and do not rise; empty if there are none.
    """
    first: Rows | tuple[()] = ()
    for name, texts in columns:
        times = read_times(texts) if _may_be_times(name, texts) else []
        if len(times) < 2:
            continue
        wrong = next((place for place, (a, b) in enumerate(pairwise(times)) if b <= a), None)
        if wrong is None:
            return ()
        first = first or (name, texts[wrong], texts[wrong + 1])
    return first


def _may_be_times(name: str, texts: Sequence[str]) -> bool:
    """Reject plain numbers, which are years only under a name that says so."""
    if all(_YEAR.match(text) for text in texts[:20]):
        return named_like_times(name)
    numbers = all(text.replace(".", "", 1).replace("-", "", 1).isdigit() for text in texts[:20])
    return not numbers or named_like_times(name)
