"""Errors of forecasts by step of the horizon and by target, from the forecasts that are stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scheduler.report.report_data import Forecast

COLUMNS = ("configuration", "repeat", "horizon", "target", "rmse", "mae")


def step_scores(forecasts: Mapping[str, Forecast], targets: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Score each step of the horizon and each target over the test rows.

    Args:
        forecasts: by configuration.
        targets: the names of its targets.

    Returns:
        A row a repeat, step and target: configuration, repeat, horizon (steps ahead, from 1), target (its name), rmse,
        mae; in the units of the series. Repeats that diverged have NaN.
    """
    frames = [_scored(label, found, targets[label]) for label, found in forecasts.items()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))


def _scored(label: str, found: Forecast, targets: Sequence[str]) -> pd.DataFrame:
    with np.errstate(over="ignore", invalid="ignore"):
        errors = found.forecast - found.observed
        rmse = np.sqrt(np.mean(errors**2, axis=1))
        mae = np.mean(np.abs(errors), axis=1)
    repeat, horizon, target = (index.ravel() for index in np.indices(rmse.shape))
    return pd.DataFrame(
        {
            "configuration": label,
            "repeat": np.asarray(found.repeats)[repeat],
            "horizon": horizon + 1,
            "target": np.array(targets, dtype=object)[target],
            "rmse": _finite(rmse),
            "mae": _finite(mae),
        }
    )


def _finite(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    flat: np.ndarray[tuple[int], np.dtype[np.float64]] = values.ravel()
    return np.where(np.isfinite(flat), flat, np.nan)


def pooled(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the RMSE by `horizon` or `target`, over the rest pooled in each repeat, then the mean of the repeats.

    Args:
        frame: what `step_scores` returns.
        by: the column that is kept apart.

    Returns:
        A row a configuration, a column a step or target, both in their first order.
    """
    squares = frame.assign(square=frame["rmse"] ** 2).groupby(["configuration", "repeat", by], sort=False)["square"]
    each = squares.mean().pow(0.5).groupby(level=["configuration", by], sort=False).mean()
    table = each.unstack(by)
    return table.reindex(index=frame["configuration"].unique(), columns=frame[by].unique())


def mean_errors(results: pd.DataFrame, forecasts: Mapping[str, Forecast]) -> pd.DataFrame:
    """Return the mean train RMSE and the mean MAE of the test part of each configuration's repeats.

    Args:
        results: a row a repeat.
        forecasts: by configuration.

    Returns:
        Columns configuration, train_rmse, mae; those that diverged or are not done are left out of the means.
    """
    done = results[(results["state"] == "done") & ~results["diverged"].fillna(value=True).astype(bool)]
    frame = done.groupby("configuration", sort=False)["train_rmse"].mean().reset_index()
    return frame.assign(mae=frame["configuration"].map(lambda label: _mae(forecasts.get(label))))


def _mae(found: Forecast | None) -> float:
    """Return the mean absolute error of the repeats whose forecasts are all finite."""
    if found is None or not found.forecast.size:
        return np.nan
    finite = np.isfinite(found.forecast).all(axis=(1, 2, 3))
    return float(np.mean(np.abs(found.forecast[finite] - found.observed))) if finite.any() else np.nan
