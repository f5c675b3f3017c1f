"""The times of a series: parsed, and checked for order, duplicates and gaps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

_MONTH = re.compile(r"\d{4}-\d{2}\Z")
_YEAR = re.compile(r"\d{4}\Z")


def reader(form: str | None) -> Callable[[str], datetime]:
    """Return the function that parses a time: by a strptime format, or as ISO 8601 (also `2024-05` and `2024`)."""
    if form is not None:
        return lambda text: datetime.strptime(text, form)
    return _iso


def _iso(text: str) -> datetime:
    if _MONTH.match(text):
        text += "-01"
    elif _YEAR.match(text):
        text += "-01-01"
    return datetime.fromisoformat(text)


def check(texts: Sequence[str], lines: Sequence[int], form: str | None, mistake: Callable[[int, str], None]) -> None:
    """Report each time that is missing, unreadable, repeated, out of order, or after a gap."""
    read = reader(form)
    wanted = f"a time of the form {form!r}" if form else "an ISO time such as 2024-05-31; correct it, or set `format`"
    good: list[tuple[datetime, int]] = []
    seen: dict[datetime, int] = {}
    for text, line in zip(texts, lines, strict=True):
        time = _try(read, text)
        if not text:
            mistake(line, "the time is missing; fill it in")
        elif time is None:
            mistake(line, f"the time {text[:40]!r} is not {wanted}")
        elif good and (time.tzinfo is None) != (good[0][0].tzinfo is None):
            has = "no" if time.tzinfo is None else "a"
            mistake(line, f"the time {text[:40]!r} has {has} time zone, unlike the first; give all times one, or none")
        elif time in seen:
            mistake(line, f"the time {text[:40]!r} appears twice, first on line {seen[time]}; keep one of the rows")
        else:
            if good and time < good[-1][0]:
                mistake(line, f"the time {text[:40]!r} comes before that of line {good[-1][1]}; sort the rows by time")
            seen[time] = line
            good.append((time, line))
    if len(good) == len(texts) and all(first[0] < second[0] for first, second in pairwise(good)):
        for position, missing in gaps([time for time, _ in good]):
            mistake(
                lines[position],
                f"{missing} row{' is' if missing == 1 else 's are'} missing between this time and line "
                f"{lines[position - 1]}; add the missing rows, or leave `time` out of the grid if the rows are in "
                "fact consecutive",
            )


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
