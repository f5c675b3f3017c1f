"""Differences of a column, and the way back from forecasts of differences over several steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from store.schema.differences import Lags, changes_added, weights

if TYPE_CHECKING:
    from store.records import Float64s


def differenced(values: Float64s, lags: Lags) -> Float64s:
    """Difference a column at each lag in turn; the first values, which have nothing before them, are NaN."""
    for lag in lags:
        changes = np.full(len(values), np.nan)
        changes[lag:] = values[lag:] - values[:-lag]
        values = changes
    return values


def counted_from(values: Float64s, lags: Lags, asked: NDArray[np.int64]) -> Float64s:
    """Return what forecasts are without the changes of their own horizon, (rows, horizon).

    Args:
        values: The column before differencing.
        lags: Those of the differences.
        asked: Where each row has its steps in the column, (rows, horizon).
    """
    if not lags:
        return np.zeros(asked.shape)
    base = np.empty(asked.shape)
    backs = [(back, -weight) for back, weight in weights(lags).items() if back]
    for ahead in range(asked.shape[1]):
        base[:, ahead] = sum(
            weight * (base[:, ahead - back] if back <= ahead else values[asked[:, ahead] - back])
            for back, weight in backs
        )
    return base


def sums(lags: Lags, horizon: int) -> Float64s:
    """Return how often a step (first axis) has the change of another step (second axis) in it."""
    if not lags:
        return np.eye(horizon)
    found = np.zeros((horizon, horizon))
    added = np.array(changes_added(lags, horizon), np.float64)
    for step in range(horizon):
        found[step, : step + 1] = added[step::-1]
    return found
