"""Split conformal intervals about the forecasts of an ensemble, by step of the horizon and target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from scheduler.statistics.intervals.levels import DEFAULT, TooFewResiduals, fewest_residuals, place_of, read_levels
from scheduler.statistics.intervals.quantile import Ends, outside, uncrossed

Floats = NDArray[np.float64]


class Basis(StrEnum):
    """What the interval of a step rests on."""

    #: errors of the study's own forecasts of the test rows
    CONFORMAL = "conformal"
    #: quantiles that the model forecasts, moved by what lay outside of them in the test rows
    QUANTILES = "quantiles"
    #: errors of forecasts that were fed with forecasts, started at every test row
    RECURSIVE = "recursive"
    #: simulated paths: what the model makes of errors like those of the test rows
    MODEL = "model-based"


@dataclass(frozen=True, kw_only=True, slots=True)
class Intervals:
    """How far intervals reach below and above a forecast."""

    #: in percent, rising
    levels: tuple[float, ...]
    #: what is added to the forecast, or to its quantiles: (levels, steps, targets)
    low: Floats
    high: Floats
    #: how many residuals each step and target had, (steps, targets)
    residuals: NDArray[np.int64]
    #: of each level and step
    basis: tuple[tuple[Basis, ...], ...]

    def around(self, forecast: Floats) -> tuple[Floats, Floats]:
        """Return both ends of the intervals about forecasts: (..., steps, targets) -> (levels, ..., steps, targets)."""
        between = tuple(range(1, forecast.ndim - 1))
        low, high = (np.expand_dims(offsets, between) for offsets in (self.low, self.high))
        return forecast + low, forecast + high

    def between(self, ends: Ends) -> Intervals:
        """Return the same about one row's quantiles, (1, steps, targets); simulated steps stay about the median."""
        pairs = [ends.at(level) for level in self.levels]
        moved = np.array([[[one is not Basis.MODEL] for one in steps] for steps in self.basis])
        low, high = (np.stack([pair[side][0] for pair in pairs]) for side in (0, 1))
        first, last = uncrossed(self.low + np.where(moved, low, 0.0), self.high + np.where(moved, high, 0.0))
        return replace(self, low=first, high=last)


def conformal(
    residuals: Floats,
    levels: Sequence[float] = (DEFAULT,),
    *,
    horizon: int | None = None,
    paths: Floats | None = None,
    targets: Sequence[str] = (),
    ends: Ends | None = None,
) -> Intervals:
    """Return the intervals of each step and target: the absolute residual that the level's share does not exceed.

    Absolute residuals make intervals that reach as far below a forecast as above it, and need half as many rows as two
    tails by themselves: 19 for a level of 95, not 39.

    Args:
        residuals: (rows, steps, targets), observed minus forecast; NaN where nothing was observed.
        levels: in percent.
        horizon: steps that the model itself forecasts; those of later ones are of recursive forecasts [default: all].
        paths: (paths, steps, targets), simulated deviations from the forecast, for steps with too few residuals.
        targets: their names, for messages.
        ends: of the intervals that the model forecasts for these rows, which are moved instead of the forecast.

    Raises:
        TooFewResiduals: a level needs more than a step has, and there are no paths.
        UsageError: a level is no percentage.
    """
    levels = read_levels(levels)
    rows, steps, _ = residuals.shape
    counts = (~np.isnan(residuals)).sum(axis=0)
    carried = np.array([(counts >= fewest_residuals(level)).all(axis=1) for level in levels])
    if paths is None and not carried.all():
        raise _too_few(levels[-1], counts, rows, targets)
    reach = _reaches(residuals, levels, ends)
    if paths is not None:
        reach = np.where(carried[..., None], reach, _reaches(paths, levels))
    last = steps if horizon is None else horizon
    own = Basis.CONFORMAL if ends is None else Basis.QUANTILES
    basis = tuple(
        tuple(Basis.MODEL if not enough else own if step < last else Basis.RECURSIVE for step, enough in enumerate(one))
        for one in carried
    )
    return Intervals(levels=levels, low=-reach, high=reach, residuals=counts, basis=basis)


def stacked(each: Sequence[Intervals]) -> Intervals:
    """Return intervals of several levels as one."""
    return Intervals(
        levels=tuple(level for one in each for level in one.levels),
        low=np.concatenate([one.low for one in each]),
        high=np.concatenate([one.high for one in each]),
        residuals=each[0].residuals,
        basis=tuple(steps for one in each for steps in one.basis),
    )


def _too_few(level: float, counts: NDArray[np.int64], rows: int, targets: Sequence[str]) -> TooFewResiduals:
    """Return the error of the step and target with the fewest residuals."""
    step, target = (int(place) for place in np.unravel_index(counts.argmin(), counts.shape))
    parts = [f"step {step + 1}"] if counts.shape[0] > 1 else []
    parts += [f"of {targets[target] if targets else target + 1}"] if counts.shape[1] > 1 else []
    return TooFewResiduals(level, int(counts[step, target]), rows=rows, where=" ".join(parts))


def _reaches(residuals: Floats, levels: Sequence[float], ends: Ends | None = None) -> Floats:
    """Return the score of a residual at the place of each level, (levels, steps, targets); infinity where none is."""
    if ends is None:  # all levels have the same scores, which are sorted once
        return smallest(outside(residuals, None), levels)
    return np.concatenate([smallest(outside(residuals, ends.at(level)), (level,)) for level in levels])


def smallest(scores: Floats, levels: Sequence[float]) -> Floats:
    """Return of each step and target the score at the place of each level, from below.

    Args:
        scores: (rows, steps, targets); NaN where there is none.
        levels: in percent.

    Returns:
        (levels, steps, targets); infinity where the scores are too few.
    """
    ordered = np.sort(scores, axis=0)  # NaN goes last
    counts = (~np.isnan(scores)).sum(axis=0)
    places = np.array([[place_of(level, int(count)) for count in counts.ravel()] for level in levels])
    places = places.reshape(len(levels), *counts.shape)
    within = np.clip(places, 1, np.maximum(counts, 1)) - 1
    found = np.take_along_axis(ordered, within.reshape(len(levels), *counts.shape), axis=0)
    return np.where(places <= counts, found, np.inf)
