"""Conformalised quantile regression: the quantiles that a model forecasts, moved until they hold what they promise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scheduler.statistics.intervals.conformal import Basis, Intervals, smallest
from scheduler.statistics.intervals.levels import TooFewResiduals, fewest_residuals

Floats = NDArray[np.float64]


def conformalised(low: Floats, high: Floats, observed: Floats, level: float) -> Intervals:
    """Return what is added to two forecast quantiles so that they hold a share of the values.

    The score of a row is how far its value lies outside of both quantiles, negative within: max(low - y, y - high). The
    score at the place of the level moves both of them (Romano, Patterson and Candes 2019, "Conformalized quantile
    regression"). Quantiles that hold too much are drawn together.

    Args:
        low: the lower quantile that was forecast, (rows, steps, targets).
        high: the upper one.
        observed: what came; NaN where nothing was observed.
        level: in percent.

    Raises:
        TooFewResiduals: the level needs more rows.
    """
    scores = np.maximum(low - observed, observed - high)
    counts = (~np.isnan(scores)).sum(axis=0)
    if counts.min() < fewest_residuals(level):
        raise TooFewResiduals(level, int(counts.min()), rows=len(scores))
    moved = smallest(scores, (level,))
    basis = (Basis.CONFORMAL,) * counts.shape[0]
    return Intervals(levels=(level,), low=-moved, high=moved, residuals=counts, basis=basis)


def levels_of(quantiles: tuple[float, ...]) -> dict[float, tuple[int, int]]:
    """Return the central intervals that some quantiles make: level in percent -> the places of both ends.

    Of 0.1, 0.5 and 0.9 it is {80: (0, 2)}.
    """
    found = {}
    for place, share in enumerate(quantiles):
        other = [at for at, opposite in enumerate(quantiles) if abs(share + opposite - 1) < 1e-9]
        if share < 0.5 and other:
            found[round(100 * (1 - 2 * share), 9)] = (place, other[0])
    return found
