"""What a baseline forecasts for the test rows; `baselines` keeps only how good that is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scheduler.statistics.baselines import MAKERS, CannotFit, walk

Floats = NDArray[np.float64]


def baseline_forecasts(name: str, values: Floats, *, test: int, horizon: int = 1) -> Floats | None:
    """Forecast the last rows of a series with one baseline, as `compute_baselines` scores it.

    Args:
        name: one of the baselines.
        values: `(observations,)` or `(observations, targets)`.
        test: how many rows.
        horizon: steps that a row forecasts.

    Returns:
        `(test, horizon, targets)`; None where the series has no such baseline.
    """
    table = np.asarray(values, dtype=np.float64).reshape(len(values), -1)
    start = len(table) - horizon + 1 - test
    if name not in MAKERS or test < 1 or start < 1:
        return None
    try:
        return np.stack([_column(name, column, start, horizon) for column in table.T], axis=2)
    except CannotFit:
        return None


def _column(name: str, series: Floats, start: int, horizon: int) -> Floats:
    """Forecast one target: `(rows, horizon)`."""
    errors, _ = walk(series, start, horizon, MAKERS[name](series[:start], None))
    observed = np.lib.stride_tricks.sliding_window_view(series[start:], horizon)
    forecast: Floats = observed + errors
    return forecast
