"""Why the baselines are fitted by statsforecast: time and error of its models and of statsmodels', on the same rows.

Both have the same form: statsforecast chooses it on the training part, statsmodels chooses neither order nor form. The
error is that of forecasts one row ahead over the last 24 rows: fitted once, then updated with every row. Theta is
fitted before each row, since that of statsmodels cannot be updated. `--small` and `--full` make no difference here.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.series.source import bundled
from scheduler.statistics.baselines.arima import Arima
from scheduler.statistics.baselines.ets import Ets
from scheduler.statistics.baselines.theta import Theta
from scheduler.statistics.baselines.walk import Floats
from tests.series.airline import PASSENGERS

TEST = 24


@dataclass(frozen=True, slots=True)
class Row:
    """One model on one series: seconds of CPU time, and the RMSE."""

    form: str
    choice: float
    fits: tuple[float, float]
    errors: tuple[float, float]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    found = work()
    return time.process_time() - started, found


def _rmse(forecasts: Floats, series: Floats) -> float:
    return float(np.sqrt(np.mean((np.ravel(forecasts) - series[-TEST:]) ** 2)))


def _compared(
    model: Any, chosen: float, series: Floats, other: Callable[[], Any], follow: Callable[[Any], Floats]
) -> Row:
    """Fit a model of ours and one of statsmodels' on the training part, and follow the test rows with each."""
    train = series[:-TEST]
    ours, forecasts = _timed(lambda: model.fit(train))
    theirs, fitted = _timed(other)
    errors = (_rmse(forecasts(series[:-1], len(train), 1), series), _rmse(follow(fitted), series))
    return Row(model.form, chosen, (ours, theirs), errors)


def ets(series: Floats, season: int) -> Row:
    """Compare ETS."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    train, kinds = series[:-TEST], {"A": "add", "M": "mul", "N": None}
    chosen, model = _timed(lambda: Ets(train, season))
    error, trend, seasonal, damped = model.components
    form = {"error": kinds[error], "trend": kinds[trend], "damped_trend": damped == "D", "seasonal": kinds[seasonal]}
    form |= {"seasonal_periods": season} if seasonal != "N" else {}
    return _compared(
        model,
        chosen,
        series,
        lambda: ETSModel(train, **form).fit(disp=False),
        lambda fitted: np.asarray(ETSModel(series, **form).smooth(fitted.params).fittedvalues)[-TEST:],
    )


def arima(series: Floats, season: int) -> Row:
    """Compare ARIMA of one order."""
    from statsmodels.tsa.arima.model import ARIMA

    train = series[:-TEST]
    chosen, model = _timed(lambda: Arima(train, season))
    trend = {0: "c", 1: "t"}.get(model.order[1] + model.seasonal_order[1], "n") if model.constant else "n"
    seasonal = (*model.seasonal_order, season) if model.seasonal else (0, 0, 0, 0)
    return _compared(
        model,
        chosen,
        series,
        lambda: ARIMA(train, order=model.order, seasonal_order=seasonal, trend=trend).fit(),
        lambda fitted: np.asarray(fitted.append(series[-TEST:], refit=False).fittedvalues)[-TEST:],
    )


def theta(series: Floats, season: int) -> Row:
    """Compare Theta, fitted before each row."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    chosen, model = _timed(lambda: Theta(series[:-TEST], season))
    origins = range(len(series) - TEST, len(series))

    def theirs(origin: int) -> float:
        fitted = ThetaModel(series[:origin], period=max(season, 2), deseasonalize=season > 1).fit(disp=False)
        return float(np.asarray(fitted.forecast(1))[0])

    ours, found = _timed(lambda: [model.fit(series[:origin])(series[:origin], origin, 1)[0, 0] for origin in origins])
    other, forecasts = _timed(lambda: [theirs(origin) for origin in origins])
    errors = (_rmse(np.array(found), series), _rmse(np.array(forecasts), series))
    return Row(model.form, chosen, (ours / TEST, other / TEST), errors)


def _series() -> Iterator[tuple[str, Floats, int]]:
    hours = np.arange(500)
    noise = np.random.default_rng(0).normal(size=(2, 500))
    yield "shampoo", bundled("shampoo").values[:, 0], 1
    yield "passengers", PASSENGERS, 12
    yield "500 hours", 500 + 100 * np.sin(np.pi * hours / 12) + 2 * np.cumsum(noise[0]) + 8 * noise[1], 24


def main() -> None:
    """Print one table."""
    warnings.simplefilter("ignore")  # of optimizers that stop early, in both libraries
    for warm_up in (ets, arima, theta):
        warm_up(PASSENGERS, 12)
    print(f"Seconds of CPU time, statsforecast / statsmodels; load {os.getloadavg()[0]:.1f}\n")
    print("| series | form | choice | a fit | RMSE |\n|---|---|---:|---:|---:|")
    for name, series, season in _series():
        for compare in (ets, arima, theta):
            row = compare(series, season)
            fits, errors = (
                " / ".join(f"{value:.{digits}f}" for value in pair) for pair, digits in ((row.fits, 3), (row.errors, 2))
            )
            print(f"| {name} | {row.form} | {row.choice:.2f} | {fits} | {errors} |", flush=True)


if __name__ == "__main__":
    main()
