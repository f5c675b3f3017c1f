"""Forecasts that need no network, on the same one-step walk-forward, and which configurations beat them.

Each test row is forecast from the observations before it and nothing else; what has parameters is fitted anew for each
row. Definitions as in Hyndman and Athanasopoulos, "Forecasting: principles and practice" (3rd ed. 2021), chapters 5, 8
and 9; Theta is that of Assimakopoulos and Nikolopoulos (2000); the models are those of statsmodels.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scheduler.statistics.baseline_errors import ALL_TARGETS

Floats = NDArray[np.float64]

#: (history, horizon, refit) -> the next `horizon` values; without refit, parameters of the call before may be kept
Forecaster = Callable[[Floats, int, bool], Floats]
#: (training part, season) -> a forecaster; raises `CannotFit` where there is none
Maker = Callable[[Floats, int | None], Forecaster]

MONTHS = 12
#: fitted baselines see at most this many of the latest observations ...
MOST_HISTORY = 500
#: ... and are fitted at most this often over the test rows, evenly spaced
MOST_FITS = 50


class CannotFit(Exception):
    """This baseline does not exist for this series, and why; kept inside: the table says it."""


def compute_baselines(
    values: Floats,
    *,
    test: int,
    horizon: int = 1,
    season: int | None = None,
    targets: Sequence[str] = (),
    names: Collection[str] = (),
) -> pd.DataFrame:
    """Score every baseline on the last `test` rows of a series.

    A row is a forecast origin; origins are one step apart, and the last row ends with the series. Errors are pooled
    over rows and steps, in the units of the series.

    Args:
        values: `(observations,)` or `(observations, targets)`.
        test: how many rows.
        horizon: steps that a row forecasts.
        season: the period of the seasonal baseline; 12 if None and there are two years before the test part.
        targets: names of the targets; their numbers if empty.
        names: which baselines; all of `MAKERS` if empty.

    Returns:
        Columns target, baseline, rmse, mae, mase, note, the best RMSE of each target first. MASE is the MAE over that
        of persistence on the observations before the test part (Hyndman and Koehler 2006). A baseline that cannot be
        computed has no numbers and says why in `note`. With several targets, further rows pool their errors, as the
        score of a repeat does.

    Raises:
        ValueError: if there is no observation before the test part.
    """
    table = np.asarray(values, dtype=np.float64).reshape(len(values), -1)
    start = len(table) - horizon + 1 - test
    if test < 1 or horizon < 1 or start < 1:
        raise ValueError(f"{len(table)} observations are too few for {test} test rows of {horizon} steps.")
    labels = [str(target) for target in targets] or [str(column) for column in range(table.shape[1])]
    makers = {name: make for name, make in MAKERS.items() if name in names or not names}
    found = [
        {"target": label, "baseline": name, **_measure(column, start, horizon, season, make)}
        for label, column in zip(labels, table.T, strict=True)
        for name, make in makers.items()
    ]
    frame = pd.DataFrame(found)
    if len(labels) > 1:
        frame = pd.concat([frame, *_pooled(frame)], ignore_index=True)
    return _ordered(frame, labels)


def _ordered(frame: pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """Put all targets together first, then each; the best baseline of each at the top."""
    order = pd.Categorical(frame["target"], [ALL_TARGETS, *labels])
    rows = frame.assign(order=order).sort_values(["order", "rmse"], kind="stable", ignore_index=True)
    return rows.drop(columns="order")


def _measure(series: Floats, start: int, horizon: int, season: int | None, make: Maker) -> dict[str, object]:
    """Walk forward over the rows with one baseline: rmse, mae, mase and a note."""
    try:
        error, note = walk(series, start, horizon, make(series[:start], season))
    except CannotFit as reason:
        return {"rmse": np.nan, "mae": np.nan, "mase": np.nan, "note": str(reason)}
    except Exception as reason:  # whatever a library stumbles over, the report says it and goes on
        return {"rmse": np.nan, "mae": np.nan, "mase": np.nan, "note": f"{type(reason).__name__}: {reason}"}
    mae = float(np.mean(np.abs(error)))
    scale = float(np.mean(np.abs(np.diff(series[:start])))) if start > 1 else 0.0
    return {
        "rmse": float(np.sqrt(np.mean(error**2))),
        "mae": mae,
        "mase": mae / scale if scale > 0 else np.nan,
        "note": note,
    }


def walk(series: Floats, start: int, horizon: int, forecast: Forecaster) -> tuple[Floats, str]:
    """Return the errors, `(rows, horizon)`, and what a reader should know about the fits."""
    rows = len(series) - horizon + 1 - start
    every = -(-rows // MOST_FITS)
    errors, troubled = np.empty((rows, horizon)), 0
    for row in range(rows):
        now = start + row
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            expected = forecast(series[:now], horizon, row % every == 0)
        troubled += any("onverge" in f"{warning.category.__name__} {warning.message}" for warning in caught)
        if not np.isfinite(expected).all():
            raise CannotFit(f"the forecast for observation {now + 1} is not a number")
        errors[row] = expected - series[now : now + horizon]
    notes = [
        f"did not converge at {troubled} of {rows} rows" * (troubled > 0),
        f"fitted at every {'second' if every == 2 else f'{every}th'} row" * (isinstance(forecast, Kept) and every > 1),
        f"fitted on the latest {MOST_HISTORY:,} observations"
        * (start > MOST_HISTORY and not isinstance(forecast, Plain)),
    ]
    return errors, "; ".join(note for note in notes if note)


def _pooled(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Pool the errors of the targets; all targets have the same number of rows."""
    for baseline, group in frame.groupby("baseline", sort=False):
        rmse = float(np.sqrt(np.mean(group["rmse"].to_numpy(dtype=np.float64) ** 2)))
        means = {name: float(group[name].mean(skipna=False)) for name in ("mae", "mase")}
        note = "; ".join(dict.fromkeys(note for note in group["note"] if note))
        yield pd.DataFrame([{"target": ALL_TARGETS, "baseline": baseline, "rmse": rmse, **means, "note": note}])


class Plain:
    """A baseline without parameters: a function of the history and the horizon."""

    def __init__(self, rule: Callable[[Floats, int], Floats], needs: int) -> None:
        self.rule, self.needs = rule, needs

    def __call__(self, history: Floats, horizon: int, refit: bool) -> Floats:
        if len(history) < self.needs:
            raise CannotFit(f"needs {self.needs} observations before the test part, there are {len(history)}")
        return self.rule(history, horizon)


def _repeat_last(period: int) -> Callable[[Floats, int], Floats]:
    """Forecast the value one period before; beyond a period, the same values again."""
    return lambda history, horizon: history[len(history) - period + np.arange(horizon) % period]


def _persistence(train: Floats, season: int | None) -> Forecaster:
    return Plain(_repeat_last(1), 1)


def _lag_two(train: Floats, season: int | None) -> Forecaster:
    return Plain(_repeat_last(2), 2)


def _seasonal(train: Floats, season: int | None) -> Forecaster:
    period, needs = (MONTHS, 2 * MONTHS) if season is None else (season, season)
    if len(train) < needs:
        raise CannotFit(f"a season of {period} needs {needs} observations before the test part, there are {len(train)}")
    return Plain(_repeat_last(period), period)


def _drift(train: Floats, season: int | None) -> Forecaster:
    def rule(history: Floats, horizon: int) -> Floats:
        slope = (history[-1] - history[0]) / (len(history) - 1)
        return np.asarray(history[-1] + slope * np.arange(1, horizon + 1))

    return Plain(rule, 2)


def _autoregression(train: Floats, season: int | None) -> Forecaster:
    """Regress each difference on the one before, with a constant, by least squares."""

    def forecast(history: Floats, horizon: int, refit: bool) -> Floats:
        from statsmodels.tsa.ar_model import AutoReg

        changes = AutoReg(np.diff(history[-MOST_HISTORY:]), lags=1, trend="c").fit().forecast(horizon)
        return np.asarray(history[-1] + np.cumsum(changes))

    if len(train) < 6:
        raise CannotFit(f"needs 6 observations before the test part, there are {len(train)}")
    return forecast


class Kept:
    """A model whose parameters outlive a row: fitted where asked to, in between only its state is updated."""

    def __init__(self, fit: Callable[[Floats], Any], again: Callable[[Any, Floats], Any]) -> None:
        self.fit, self.again = fit, again
        self.last: Any = None

    def __call__(self, history: Floats, horizon: int, refit: bool) -> Floats:
        recent = history[-MOST_HISTORY:]
        self.last = self.fit(recent) if refit or self.last is None else self.again(self.last, recent)
        return np.asarray(self.last.forecast(horizon), dtype=np.float64)


def _best(candidates: Sequence[Callable[[], Any]], name: str) -> int:
    """Return which candidate fits the training part with the least AICc."""
    scores = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for candidate in candidates:
            try:
                scores.append(float(candidate().aicc))
            except Exception:  # a candidate that cannot be fitted is not chosen
                scores.append(np.nan)
    finite = np.isfinite(scores)
    if not finite.any():
        raise CannotFit(f"no {name} model can be fitted to the {len(candidates)} candidates")
    return int(np.nanargmin(np.where(finite, scores, np.nan)))


def _ets(train: Floats, season: int | None) -> Forecaster:
    """Smooth exponentially with additive errors; no, additive or damped trend, chosen by AICc on the training part."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    if len(train) < 10:
        raise CannotFit(f"needs 10 observations before the test part, there are {len(train)}")

    def fit(history: Floats, form: Mapping[str, object]) -> Any:
        return ETSModel(history, **form).fit(disp=False)

    forms: list[dict[str, object]] = [{"trend": None}, {"trend": "add"}, {"trend": "add", "damped_trend": True}]
    recent = train[-MOST_HISTORY:]
    form = forms[_best([partial(fit, recent, form) for form in forms], "ETS")]
    return Kept(lambda history: fit(history, form), lambda last, history: ETSModel(history, **form).smooth(last.params))


def _arima(train: Floats, season: int | None) -> Forecaster:
    """Fit ARIMA(p, 1, q), p and q up to 2, chosen by AICc on the training part."""
    from statsmodels.tsa.arima.model import ARIMA

    if len(train) < 10:
        raise CannotFit(f"needs 10 observations before the test part, there are {len(train)}")

    def fit(history: Floats, order: tuple[int, int, int]) -> Any:
        # the same maximum as the default method finds, several times as fast
        return ARIMA(history, order=order).fit(method="innovations_mle")

    orders = [(p, 1, q) for p, q in product(range(3), repeat=2) if p + q < 4]
    recent = train[-MOST_HISTORY:]
    order = orders[_best([partial(fit, recent, order) for order in orders], "ARIMA")]
    return Kept(lambda history: fit(history, order), lambda last, history: last.apply(history, refit=False))


def _theta(train: Floats, season: int | None) -> Forecaster:
    """Extrapolate the theta line, without seasonal adjustment."""

    def forecast(history: Floats, horizon: int, refit: bool) -> Floats:
        from statsmodels.tsa.forecasting.theta import ThetaModel

        fitted = ThetaModel(history[-MOST_HISTORY:], period=1, deseasonalize=False).fit()
        return np.asarray(fitted.forecast(horizon), dtype=np.float64)

    if len(train) < 6:
        raise CannotFit(f"needs 6 observations before the test part, there are {len(train)}")
    return forecast


MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        "persistence": _persistence,
        "lag-2 naive": _lag_two,
        "seasonal naive": _seasonal,
        "drift": _drift,
        "AR(1) on differences": _autoregression,
        "ETS": _ets,
        "ARIMA": _arima,
        "Theta": _theta,
    }
)
