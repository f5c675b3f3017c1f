"""How often intervals held what came: each test row against intervals that were made without it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scheduler.statistics.intervals.conformal import smallest
from scheduler.statistics.intervals.levels import fewest_residuals, place_of
from scheduler.statistics.intervals.quantile import Pair, outside, uncrossed
from scheduler.statistics.intervals.scores import interval_score, pinball

Floats = NDArray[np.float64]

#: what every report says beside coverage
ASSUMPTION = "Intervals hold if errors to come are like those of the test rows."
#: how often the interval of many rows is made anew
RENEWED = 50


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
    #: values of one row, of all steps and targets: their errors go together
    together: int = 1

    @property
    def share(self) -> float:
        """The coverage, from 0 to 1."""
        return self.held / self.checked if self.checked else np.nan

    def interval(self, level: float = 95) -> tuple[float, float]:
        """Return the binomial interval of the coverage, for which the values of one row count as one."""
        return clopper_pearson(self.held / self.together, self.checked / self.together, level)


def clopper_pearson(held: float, checked: float, level: float = 95) -> tuple[float, float]:
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


def leave_one_out(residuals: Floats, level: float, ends: Pair | None = None) -> Coverage:
    """Check each test row against the interval that all other rows make, step by step and target by target.

    Where no two residuals are equal, the coverage is ceil(n level) / n of the n rows whatever the series: it says what
    the rows can carry. `walk_forward` says whether errors have stayed what they were.

    Args:
        residuals: (rows, steps, targets), observed minus forecast; NaN where nothing was observed.
        level: in percent.
        ends: of intervals that the model forecasts for these rows, counted from its forecast.
    """
    checked = _Checked.of(residuals, ends)
    flat = [checked.take((slice(None), *place)) for place in np.ndindex(residuals.shape[1:])]
    parts = [_without_each(column.take(~np.isnan(column.residuals)), level) for column in flat]
    return _coverage(parts, level, residuals[:1].size)


def walk_forward(residuals: Floats, level: float, ends: Pair | None = None) -> Coverage:
    """Check each test row against the interval that the rows before it make, as one would have had it then.

    The errors of a forecast of several steps are known only so many rows later, which is respected. The first rows,
    which have too few before them, are not checked. Of many rows, the interval is made anew `RENEWED` times.

    Args:
        residuals: (rows, steps, targets), observed minus forecast, of origins one step apart, the earliest first.
        level: in percent.
        ends: as for `leave_one_out`.
    """
    rows, steps, _ = residuals.shape
    checked = _Checked.of(residuals, ends)
    known = np.full_like(residuals, np.nan)  # at the row after which they are known
    for step in range(min(steps, rows)):
        known[step + 1 :, step] = checked.scores[: rows - step - 1, step]
    starts = np.unique(np.linspace(0, rows, RENEWED + 1).astype(int)) if rows > RENEWED else np.arange(rows + 1)
    parts = [_against(checked.take(slice(start, end)), known[: start + 1], level) for start, end in pairwise(starts)]
    return _coverage(parts, level, residuals[:1].size)


@dataclass(frozen=True, slots=True)
class _Checked:
    """Values that are checked: residuals, the ends of their intervals before these are moved, and scores."""

    residuals: Floats
    low: Floats
    high: Floats
    scores: Floats

    @classmethod
    def of(cls, residuals: Floats, ends: Pair | None) -> _Checked:
        nothing = np.zeros_like(residuals)
        return cls(residuals, *(ends or (nothing, nothing)), outside(residuals, ends))

    def take(self, places: Any) -> _Checked:
        return _Checked(self.residuals[places], self.low[places], self.high[places], self.scores[places])


#: what was checked, and how far each interval was moved
_Part = tuple[_Checked, Floats]


def _without_each(column: _Checked, level: float) -> _Part:
    """Return values of a step and target, and how far the interval of all others is moved."""
    count = len(column.scores)
    if count - 1 < fewest_residuals(level):
        return column.take(slice(0)), np.empty(0)
    ordered = column.take(np.argsort(column.scores, kind="stable"))
    scores, place = ordered.scores, place_of(level, count - 1)
    return ordered, np.where(np.arange(count) < place, scores[place], scores[place - 1])


def _against(checked: _Checked, known: Floats, level: float) -> _Part:
    """Return values, and how far the interval of those that are known is moved, where these are enough."""
    enough = (~np.isnan(known)).sum(axis=0) >= fewest_residuals(level)
    reach = np.broadcast_to(smallest(known, (level,)), checked.residuals.shape)
    there = enough & ~np.isnan(checked.residuals)
    return checked.take(there), reach[there]


def _coverage(parts: list[_Part], level: float, together: int) -> Coverage:
    reach = np.concatenate([part for _, part in parts])
    if not len(reach):
        return Coverage(level=level, checked=0, held=0, width=np.nan, interval_score=np.nan, pinball=np.nan)
    names = ("residuals", "low", "high", "scores")
    residuals, low, high, scores = (np.concatenate([getattr(one, name) for one, _ in parts]) for name in names)
    low, high = uncrossed(low - reach, high + reach)
    tail = (1 - level / 100) / 2
    ends = pinball(low, residuals, tail) + pinball(high, residuals, 1 - tail)
    return Coverage(
        level=level,
        checked=len(residuals),
        held=int((scores <= reach).sum()),
        width=float(np.mean(high - low)),
        interval_score=float(np.mean(interval_score(low, high, residuals, level))),
        pinball=float(np.mean(ends / 2)),
        together=together,
    )
