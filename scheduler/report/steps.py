"""Errors of forecasts by step of the horizon and by target, from the forecasts that are stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scheduler.report.report_data import Forecast

COLUMNS = ("configuration", "repeat", "target", "step", "rmse", "mae")


def step_scores(forecasts: Mapping[str, Forecast]) -> pd.DataFrame:
    """Score each target and each step of the horizon over the test rows.

    Args:
        forecasts: by configuration.

    Returns:
        One row per repeat, target and step: configuration, repeat, target, step (both from 1), rmse, mae, in the units
        of the series. Repeats that diverged have NaN.
    """
    frames = [_scored(label, found) for label, found in forecasts.items()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))


def _scored(label: str, found: Forecast) -> pd.DataFrame:
    with np.errstate(over="ignore", invalid="ignore"):
        errors = found.forecast - found.observed
        rmse = np.sqrt(np.mean(errors**2, axis=1)).swapaxes(1, 2)
        mae = np.mean(np.abs(errors), axis=1).swapaxes(1, 2)
    repeat, target, step = (index.ravel() for index in np.indices(rmse.shape))
    return pd.DataFrame(
        {
            "configuration": label,
            "repeat": np.asarray(found.repeats)[repeat],
            "target": target + 1,
            "step": step + 1,
            "rmse": _finite(rmse),
            "mae": _finite(mae),
        }
    )


def _finite(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    flat: np.ndarray[tuple[int], np.dtype[np.float64]] = values.ravel()
    return np.where(np.isfinite(flat), flat, np.nan)


def pooled(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the RMSE by `step` or `target`: pooled over the other one in each repeat, then the mean of the repeats.

    Args:
        frame: what `step_scores` returns.
        by: the column that is kept apart.

    Returns:
        One row per configuration, one column per step or target.
    """
    squares = frame.assign(square=frame["rmse"] ** 2).groupby(["configuration", "repeat", by], sort=False)["square"]
    each = squares.mean().pow(0.5).groupby(level=["configuration", by], sort=False).mean()
    table = each.unstack(by)
    return table.reindex(index=frame["configuration"].unique(), columns=sorted(frame[by].unique()))


def mean_errors(results: pd.DataFrame, forecasts: Mapping[str, Forecast]) -> pd.DataFrame:
    """Return the mean train RMSE and the mean MAE of the test part of each configuration's repeats.

    Args:
        results: one row per repeat.
        forecasts: by configuration.

    Returns:
        Columns configuration, train_rmse, mae; those that diverged or are not done are left out of the means.
    """
    done = results[(results["state"] == "done") & ~results["diverged"].isin([True, 1])]
    frame = done.groupby("configuration", sort=False)["train_rmse"].mean().reset_index()
    return frame.assign(mae=frame["configuration"].map(lambda label: _mae(forecasts.get(label))))


def _mae(found: Forecast | None) -> float:
    """Return the mean absolute error of the repeats whose forecasts are all finite."""
    if found is None or not found.forecast.size:
        return np.nan
    finite = np.isfinite(found.forecast).all(axis=(1, 2, 3))
    return float(np.mean(np.abs(found.forecast[finite] - found.observed))) if finite.any() else np.nan


def several_tables(frame: pd.DataFrame | None, targets: Sequence[str]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return the mean RMSE by step and by target, as far as there are several of them.

    Args:
        frame: what `step_scores` returns; None if there are no forecasts.
        targets: their names.

    Returns:
        Pairs of `step` or `target` and a frame with one row per configuration, whose columns have names for people.
    """
    if frame is None:
        return
    if frame["step"].nunique() > 1:
        yield "step", pooled(frame, "step").rename(columns="step {}".format)
    if frame["target"].nunique() > 1:
        known = dict(enumerate(targets, 1))
        yield "target", pooled(frame, "target").rename(columns=lambda place: known.get(place, f"target {place}"))
