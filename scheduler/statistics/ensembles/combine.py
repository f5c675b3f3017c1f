"""Combining the forecasts of repeats into one, value by value."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: share of the repeats that a trimmed mean leaves out at each end
TRIM = 0.2


def median(forecasts: Floats, axis: int = 0) -> Floats:
    """Return the median over the repeats."""
    middle = np.partition(forecasts, sorted({(forecasts.shape[axis] - 1) // 2, forecasts.shape[axis] // 2}), axis=axis)
    count = forecasts.shape[axis]
    low, high = (np.take(middle, place, axis=axis) for place in ((count - 1) // 2, count // 2))
    return np.asarray(low if count % 2 else (low + high) / 2)


def mean(forecasts: Floats, axis: int = 0) -> Floats:
    """Return the mean over the repeats."""
    return np.asarray(np.mean(forecasts, axis=axis))


def trimmed_mean(forecasts: Floats, axis: int = 0) -> Floats:
    """Return the mean over the repeats, without the lowest and the highest fifth of them."""
    count = forecasts.shape[axis]
    cut = int(TRIM * count)
    kept = np.sort(forecasts, axis=axis).take(range(cut, count - cut), axis=axis)
    return np.asarray(np.mean(kept, axis=axis))


#: how repeats are combined; the first is what is meant where nothing else is said
COMBINATIONS: dict[str, Callable[[Floats, int], Floats]] = {
    "median": median,
    "mean": mean,
    "trimmed mean": trimmed_mean,
}
