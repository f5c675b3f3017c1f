"""Where intervals end that a model forecasts itself, by its quantiles; conformal prediction moves them until they hold.

Conformalized quantile regression (Romano, Patterson and Candes 2019): the score of a test row is how far its value lies
outside of both ends, negative within, and the score at the place of the level moves both ends. Quantiles that hold too
much are drawn together.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.statistics.ensembles.combine import median

if TYPE_CHECKING:
    from store.quantiles import Quantiles

Floats = NDArray[np.float64]
#: both ends, counted from the median forecast, each (rows, steps, targets)
Pair = tuple[Floats, Floats]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ends:
    """The quantiles of an ensemble, each the median of the repeats' own, counted from its median forecast."""

    #: from 0 to 1, rising
    shares: tuple[float, ...]
    #: (rows, steps, targets, shares)
    offsets: Floats

    @property
    def levels(self) -> tuple[float, ...]:
        """The levels of the central intervals between two quantiles, in percent."""
        pairs = _pairs(self.shares)
        return tuple(sorted(_level(pair) for pair in pairs if round(sum(pair) - 1, 9) == 0))

    def at(self, level: float) -> Pair:
        """Return both ends of the interval whose quantiles are nearest to those of a central one of this level."""
        tail = (1 - level / 100) / 2
        low, high = min(_pairs(self.shares), key=lambda pair: abs(pair[0] - tail) + abs(1 - pair[1] - tail))
        first, last = (self.offsets[..., self.shares.index(share)] for share in (low, high))
        return np.minimum(first, last), np.maximum(first, last)  # quantiles of a network may cross

    def first(self, steps: int) -> Ends:
        """Return the ends of the first steps alone."""
        return Ends(shares=self.shares, offsets=self.offsets[:, :steps])


def ends_of(quantiles: Quantiles | None, forecast: Floats) -> Ends | None:
    """Return the ends that repeats give together; None where they forecast no quantile on both sides of the median.

    Args:
        quantiles: of the repeats, (repeats, rows, steps, targets, shares).
        forecast: their medians, (repeats, rows, steps, targets).
    """
    if quantiles is None or not len(forecast) or not _pairs(quantiles.shares):
        return None
    return Ends(shares=quantiles.shares, offsets=median(quantiles.values) - median(forecast)[..., None])


def _pairs(shares: tuple[float, ...]) -> list[tuple[float, float]]:
    return list(product([share for share in shares if share < 0.5], [share for share in shares if share > 0.5]))


def _level(pair: tuple[float, float]) -> float:
    return round(100 * (pair[1] - pair[0]), 9)


def outside(residuals: Floats, pair: Pair | None) -> Floats:
    """Return how far values lie outside of both ends, negative within; without ends, how far from the forecast.

    Args:
        residuals: observed minus the median forecast.
        pair: both ends, counted from it.
    """
    if pair is None:
        return np.abs(residuals)
    return np.asarray(np.maximum(pair[0] - residuals, residuals - pair[1]))


def uncrossed(low: Floats, high: Floats) -> Pair:
    """Return ends of which those that were drawn together until they crossed meet halfway: no interval is negative."""
    crossed = low > high
    middle = np.add(low, high, where=crossed, out=np.zeros_like(low)) / 2  # ends may be infinite
    return np.where(crossed, middle, low), np.where(crossed, middle, high)
