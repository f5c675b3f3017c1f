"""How often intervals held what came: each test row against intervals that were made without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scheduler.statistics.intervals.levels import fewest_residuals, place_of
from scheduler.statistics.intervals.scores import interval_score, pinball

Floats = NDArray[np.float64]

#: what every report says beside coverage
ASSUMPTION = "Intervals hold if errors to come are like those of the test rows."


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """How often intervals held what came, and how good they were; NaN where nothing was checked."""

    level: float
    #: values that were checked, and that lay within
    checked: int
    held: int
    #: means over the values that were checked
    width: float
    interval_score: float
    #: of both ends of the interval
    pinball: float

    @property
    def share(self) -> float:
        """The coverage, from 0 to 1."""
        return self.held / self.checked if self.checked else np.nan

    def interval(self, level: float = 95) -> tuple[float, float]:
        """Return the binomial interval of the coverage."""
        return clopper_pearson(self.held, self.checked, level)


def clopper_pearson(held: int, checked: int, level: float = 95) -> tuple[float, float]:
    """Return an interval for the chance behind so many successes, by the beta distribution (Clopper and Pearson 1934).

    Args:
        held: successes.
        checked: of how many.
        level: in percent.
    """
    if not checked:
        return 0.0, 1.0
    tail = (1 - level / 100) / 2
    low = 0.0 if held == 0 else float(special.betaincinv(held, checked - held + 1, tail))
    high = 1.0 if held == checked else float(special.betaincinv(held + 1, checked - held, 1 - tail))
    return low, high


def leave_one_out(residuals: Floats, level: float) -> Coverage:
    """Check each test row against the interval that all other rows make, step by step and target by target.

    Where no two residuals are equal, the coverage is ceil(n level) / n of the n rows whatever the series: it says what
    the rows can carry. `walk_forward` says whether errors have stayed what they were.

    Args:
        residuals: (rows, steps, targets), observed minus forecast; NaN where nothing was observed.
        level: in percent.
    """
    parts = [_without_each(column, level) for column in _columns(residuals)]
    return _coverage(parts, level)


def walk_forward(residuals: Floats, level: float) -> Coverage:
    """Check each test row against the interval that the rows before it make, as one would have had it then.

    The errors of a forecast of several steps are known only so many rows later, which is respected. The first rows,
    which have too few before them, are not checked.

    Args:
        residuals: (rows, steps, targets), observed minus forecast, of origins one step apart, the earliest first.
        level: in percent.
    """
    steps, targets = residuals.shape[1:]
    parts = [
        _after_others(residuals[:, step, target], level, step) for step in range(steps) for target in range(targets)
    ]
    return _coverage(parts, level)


def _columns(residuals: Floats) -> list[Floats]:
    flat = residuals.reshape(len(residuals), -1)
    return [column[~np.isnan(column)] for column in flat.T]


def _without_each(column: Floats, level: float) -> tuple[Floats, Floats]:
    """Return residuals, and how far the interval of all others reaches."""
    count = len(column)
    if count - 1 < fewest_residuals(level):
        return np.empty(0), np.empty(0)
    order = np.argsort(np.abs(column), kind="stable")
    sizes, place = np.abs(column)[order], place_of(level, count - 1)
    reach = np.where(np.arange(count) < place, sizes[place], sizes[place - 1])
    return column[order], reach


def _after_others(column: Floats, level: float, step: int) -> tuple[Floats, Floats]:
    """Return residuals, and how far the interval of those known before reaches."""
    needed, sizes = fewest_residuals(level), np.abs(column)
    checked, reach = [], []
    for row in np.flatnonzero(~np.isnan(column)):
        before = np.sort(sizes[: max(0, row - step)])
        before = before[~np.isnan(before)]
        if len(before) >= needed:
            checked.append(column[row])
            reach.append(before[place_of(level, len(before)) - 1])
    return np.array(checked), np.array(reach)


def _coverage(parts: list[tuple[Floats, Floats]], level: float) -> Coverage:
    residuals, reach = (np.concatenate([part[which] for part in parts]) for which in (0, 1))
    if not len(residuals):
        return Coverage(level=level, checked=0, held=0, width=np.nan, interval_score=np.nan, pinball=np.nan)
    tail = (1 - level / 100) / 2
    ends = pinball(-reach, residuals, tail) + pinball(reach, residuals, 1 - tail)
    return Coverage(
        level=level,
        checked=len(residuals),
        held=int((np.abs(residuals) <= reach).sum()),
        width=float(np.mean(2 * reach)),
        interval_score=float(np.mean(interval_score(-reach, reach, residuals, level))),
        pinball=float(np.mean(ends / 2)),
    )
