"""How good forecasts are, in the units of the series: pure functions of arrays."""

from __future__ import annotations

import numpy as np

from store.records import Forecasts, Series
from store.schema.configuration import Configuration
from store.schema.framing import frame
from worker.engine.arrays import Float64s


def rmse(observed: Float64s, forecast: Float64s) -> float:
    """Compute the root of the mean squared error over all rows, steps and targets; NaN of nothing.

    Errors are squared as shares of a power of two near the largest, so that no unit over- or underflows, and a change
    of units by a power of two changes no other bit.
    """
    if not observed.size:
        return float("nan")
    with np.errstate(over="ignore", invalid="ignore"):
        errors = forecast - observed
        largest = float(np.abs(errors).max())
        if not np.isfinite(largest):
            return largest
        exponent = int(np.frexp(largest)[1])
        return float(np.ldexp(np.sqrt(np.mean(np.ldexp(errors, -exponent) ** 2)), exponent))


def parts(forecasts: Forecasts, targets: tuple[str, ...]) -> dict[str, float]:
    """Give the RMSE of each step of the horizon and of each target, where there is more than one."""
    observed, forecast = forecasts.observed, forecasts.forecast
    steps, columns = range(observed.shape[1]), range(observed.shape[2])
    by_step = {f"step_{step + 1}": rmse(observed[:, step], forecast[:, step]) for step in steps}
    by_target = {targets[column]: rmse(observed[..., column], forecast[..., column]) for column in columns}
    return (by_step if len(by_step) > 1 else {}) | (by_target if len(by_target) > 1 else {})


def persistence(configuration: Configuration, series: Series) -> float:
    """Give the RMSE on the test rows of forecasting the last value known when a row is forecast, for every step."""
    cut = frame(configuration, len(series.values))
    columns = [series.columns.index(name) for name in configuration.series.targets]
    observed = np.stack([series.values[np.ix_(cut.target_times(row), columns)] for row in cut.test])
    known = np.stack([series.values[[cut.target_times(row).start - 1]][:, columns] for row in cut.test])
    return rmse(observed, np.broadcast_to(known[:, None, 0], observed.shape))
