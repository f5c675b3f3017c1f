"""Parts of years by their numbers alone: 2012/1 to 2012/4 are quarters, 2012-01 to 2012-52 weeks, 2012366 a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Wall = NDArray[np.datetime64]

#: of the steps that must lead to the next part
MOSTLY = 0.75
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)"
_FORMS = (
    re.compile(rf"{_YEAR}(?P<mark>[-./: ]?)(?P<number>\d{{1,3}})\Z"),
    re.compile(rf"(?P<number>\d{{1,2}})(?P<mark>[-./ ])\s?{_YEAR}\Z"),
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The years and the numbers of the parts."""

    years: NDArray[np.int64]
    numbers: NDArray[np.int64]
    marked: bool
    #: whether a number below 10 has a 0 before it, as months have
    padded: bool


def read_year_parts(texts: Sequence[str], sample: Sequence[str]) -> Iterator[tuple[Wall, str]]:
    """Read times whose numbers are no months: they go up to 2 or 4 in each of several years, or beyond 12."""
    parts = _parts(texts, sample)
    if parts is None or parts.numbers.min() < 1:
        return
    most = int(parts.numbers.max())
    short = parts.marked and not parts.padded and len(np.unique(parts.years)) > 1
    if most in (2, 4) and short and _follow(parts, most):
        months = (parts.numbers - 1) * (12 // most)
        yield (_january(parts) + months.astype("timedelta64[M]")).astype("datetime64[us]"), _NAMES[most]
    elif most <= 366 and _digits(sample) == {3} and "." not in sample[0]:
        days = _january(parts).astype("datetime64[D]") + (parts.numbers - 1).astype("timedelta64[D]")
        yield days.astype("datetime64[us]"), _NAMES[366]
    elif 12 < most <= 53 and _follow(parts, 52) and not _are_days(parts, most):
        yield _mondays(parts), _NAMES[53]


_NAMES = {2: "half-years by their number", 4: "quarters by their number", 53: "weeks by their number"}
_NAMES |= {366: "days of the year"}
NUMBERED = frozenset(_NAMES.values())


def _parts(texts: Sequence[str], sample: Sequence[str]) -> _Parts | None:
    """Return the years and numbers; None where a text is of another form, or all could be months."""
    for form in _FORMS:
        if not all(map(form.match, sample)):
            continue
        found = [form.match(text) for text in texts]
        whole = [one for one in found if one]
        if len(whole) < len(found) or len({one["mark"] for one in whole}) > 1:
            return None
        marked, numbers = bool(whole[0]["mark"]), [one["number"] for one in whole]
        if not marked and {len(one) for one in numbers} not in ({2}, {3}):
            return None
        years = np.array([int(one["year"]) for one in whole], dtype=np.int64)
        padded = any(number[0] == "0" for number in numbers)
        return _Parts(years, np.array(list(map(int, numbers)), dtype=np.int64), marked, padded)
    return None


def _digits(sample: Sequence[str]) -> set[int]:
    read: Callable[[str], re.Match[str] | None] = _FORMS[0].match
    return {len(found["number"]) for text in sample if (found := read(text))}


def _follow(parts: _Parts, most: int) -> bool:
    """Return whether most numbers are followed by the next one, the last one of a year by the first one of the next."""
    places = np.unique(parts.years * 100 + parts.numbers)
    years, numbers = places // 100, places % 100
    later = (np.diff(years) == 0) & (np.diff(numbers) == 1)
    turned = (np.diff(years) == 1) & (numbers[1:] == 1) & (numbers[:-1] >= most)
    changes = np.diff(years) != 0
    if changes.any() and 2 * turned.sum() < changes.sum():
        return False  # 210131 is followed by 210201: months and days of 2021
    return bool(len(places) > 2 and (later | turned).mean() >= MOSTLY)


def _are_days(parts: _Parts, most: int) -> bool:
    """Return whether 190101 to 190131 are days of January 2019: of one month, which ends, or of an old year."""
    year = int(parts.years[0])
    if parts.marked or most > 31 or not 1 <= year % 100 <= 12 or (parts.years != year).any():
        return False
    return year < 2000 or most >= 28


def _january(parts: _Parts) -> NDArray[np.datetime64]:
    january: NDArray[np.datetime64] = (parts.years - 1970).astype("datetime64[Y]").astype("datetime64[M]")
    return january


def _mondays(parts: _Parts) -> Wall:
    """Return the first days of ISO weeks."""
    fourth = _january(parts).astype("datetime64[D]") + np.timedelta64(3, "D")
    first = fourth - ((fourth.astype(np.int64) + 3) % 7).astype("timedelta64[D]")
    mondays: Wall = (first + (7 * (parts.numbers - 1)).astype("timedelta64[D]")).astype("datetime64[us]")
    return mondays
