"""Trajectories and forecasts as pandas frames with one row per value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scheduler.report.report_data import Curves
    from store import ForecastSet

TRAJECTORY_COLUMNS = ["configuration", "repeat", "epoch", "train_rmse", "test_rmse"]
FORECAST_COLUMNS = ["configuration", "repeat", "step", "horizon", "target", "observed", "forecast"]


def trajectory_frame(trajectories: Mapping[str, Curves]) -> pd.DataFrame:
    """Return one row per repeat and epoch."""
    frames = [_trajectories(label, curves) for label, curves in trajectories.items()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=TRAJECTORY_COLUMNS)


def forecast_frame(forecasts: Mapping[str, ForecastSet]) -> pd.DataFrame:
    """Return one row per forecast value."""
    frames = [_forecasts(label, found) for label, found in forecasts.items()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=FORECAST_COLUMNS)


def _trajectories(label: str, curves: Curves) -> pd.DataFrame:
    repeats, points = curves.test.shape
    return pd.DataFrame(
        {
            "configuration": label,
            "repeat": np.repeat(curves.repeats, points),
            "epoch": np.tile(curves.epochs, repeats),
            "train_rmse": curves.train.ravel(),
            "test_rmse": curves.test.ravel(),
        }
    )


def _forecasts(label: str, found: ForecastSet) -> pd.DataFrame:
    repeat, step, horizon, target = (index.ravel() for index in np.indices(found.forecast.shape))
    return pd.DataFrame(
        {
            "configuration": label,
            "repeat": found.repeats[repeat],
            "step": step + 1,
            "horizon": horizon + 1,
            "target": target + 1,
            "observed": np.broadcast_to(found.observed, found.forecast.shape).ravel(),
            "forecast": found.forecast.ravel(),
        }
    )
