"""Scores of stored forecasts: the mean absolute error of all, and both errors by target and step of the horizon."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

#: what a row of `step_scores` has beside the job
STEP_COLUMNS = ("target", "step", "rmse", "mae")


def mean_absolute_error(observed: NDArray[np.float64], forecast: NDArray[np.float64]) -> float | None:
    """Return the mean absolute error; None where there is no forecast, or one that is NaN."""
    return _or_none(_absolute(observed, forecast))


def by_step(observed: NDArray[np.float64], forecast: NDArray[np.float64]) -> Iterator[tuple[Any, ...]]:
    """Return `STEP_COLUMNS` for each target and step, both from 1, of arrays (rows, horizon, targets)."""
    for target in range(observed.shape[2]):
        for step in range(observed.shape[1]):
            seen, said = observed[:, step, target], forecast[:, step, target]
            yield target + 1, step + 1, _or_none(_squared(seen, said)), _or_none(_absolute(seen, said))


def _absolute(observed: NDArray[np.float64], forecast: NDArray[np.float64]) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.mean(np.abs(forecast - observed))) if observed.size else math.nan


def _squared(observed: NDArray[np.float64], forecast: NDArray[np.float64]) -> float:
    """Return the RMSE, computed as the engine does."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.sqrt(np.mean((forecast - observed) ** 2))) if observed.size else math.nan


def _or_none(value: float) -> float | None:
    """Return NaN as NULL: Postgres sorts and sums it, SQLite does not know it."""
    return None if math.isnan(value) else value
