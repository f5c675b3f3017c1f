"""Bootstrapped paths beyond the end: what a model makes of errors like those that it made, where rows are too few."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: values beyond the end so far, (paths, values, targets) -> the forecasts that follow, (paths, horizon, targets)
Forecast = Callable[[Floats], Floats]

#: paths that are drawn: the end of a 95% interval is then known to about 5% of its width
PATHS = 1000
_SEED = 20130918


def residual_paths(
    forecast: Forecast, residuals: Floats, steps: int, *, count: int = PATHS, seed: int = _SEED
) -> Floats:
    """Return how far simulated paths are from the forecast, (count, steps, targets).

    Each path goes on from the last value by the model's own forecasts, to which the residuals of one test row, drawn at
    random, are added before the next are made (Hyndman and Athanasopoulos 2021, "Forecasting: principles and practice",
    section 5.5). All steps and targets of a row stay together, since their errors go together. Such intervals rest on
    the model: they hold if the series goes on as the model says.

    Args:
        forecast: forecasts the values that follow those beyond the end so far; of none, the first ones.
        residuals: (rows, horizon, targets), observed minus forecast, of the horizon that `forecast` returns.
        steps: how far.
        count: paths.
        seed: of the draws.
    """
    usable = residuals[np.isfinite(residuals).all(axis=(1, 2))]
    if not len(usable):
        raise ValueError("no test row has an error at every step")
    rng = np.random.default_rng(seed)
    nothing = np.empty((count, 0, residuals.shape[2]))
    paths = _followed(lambda known: _disturbed(forecast(known), usable, rng), nothing, steps)
    return paths - _followed(forecast, nothing[:1], steps)


def _disturbed(said: Floats, residuals: Floats, rng: np.random.Generator) -> Floats:
    """Add to each forecast the residuals of one row."""
    return said + residuals[rng.integers(0, len(residuals), len(said))]


def _followed(forecast: Forecast, known: Floats, steps: int) -> Floats:
    """Feed forecasts back until there are so many steps."""
    while known.shape[1] < steps:
        known = np.concatenate([known, forecast(known)], axis=1)
    return known[:, :steps]
