"""The times of a series as its store or its table has them: read, and looked through for gaps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

_MONTH = re.compile(r"\d{4}-\d{2}\Z")
_YEAR = re.compile(r"\d{4}\Z")
LONGEST_MONTH = len("2024-05")
#: a day with a zone, which Python takes for a clock
_ZONED_DAY = re.compile(r"(\d{4}-\d\d-\d\d)([+-]\d\d:\d\d)\Z")
ZONED = len("2024-05-01+02:00")


def reader(form: str | None) -> Callable[[str], datetime]:
    """Return the function that parses a time: by a strptime format, or as ISO 8601 (also `2024-05` and `2024`)."""
    if form is not None:
        return lambda text: datetime.strptime(text, form)
    return _iso


def _iso(text: str) -> datetime:
    if len(text) <= LONGEST_MONTH:  # long series have many times: most are no month, year or zoned day, and not matched
        if _MONTH.match(text):
            text += "-01"
        elif _YEAR.match(text):
            text += "-01-01"
    elif len(text) == ZONED:
        text = _ZONED_DAY.sub(r"\1T00:00\2", text)
    return datetime.fromisoformat(text)


def try_iso(text: str) -> datetime | None:
    """Read an ISO time (also `2024-05` and `2024`), or return None."""
    return _try(_iso, text)


def _try(read: Callable[[str], datetime], text: str) -> datetime | None:
    try:
        return read(text)
    except (ValueError, OverflowError, re.error):
        return None


def gaps(times: Sequence[datetime]) -> Iterator[tuple[int, int]]:
    """Find gaps in times that are otherwise evenly spaced (in days and hours, or in months).

    Yields:
        The position of the time after each gap, and how many rows are missing before it.
    """
    steps = _steps(times)
    if len(steps) < 4:
        return
    (usual, often), *others = Counter(steps).most_common()
    odd = len(steps) - often
    if any(step < usual or step % usual for step, _ in others) or odd > max(1, len(steps) // 10):
        return
    for position, step in enumerate(steps, start=1):
        if step != usual:
            yield position, step // usual - 1


def _steps(times: Sequence[datetime]) -> list[int]:
    """Return the steps between times: in whole months if all fall on the same day and hour, else in microseconds."""
    if len({(time.day, time.time()) for time in times}) == 1:
        return [(b.year - a.year) * 12 + b.month - a.month for a, b in pairwise(times)]
    return [(b - a) // timedelta(microseconds=1) for a, b in pairwise(times)]
