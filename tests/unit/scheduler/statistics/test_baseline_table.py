"""Forecasts of a baseline are those that its errors are of."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.statistics.baseline_table import baseline_forecasts
from scheduler.statistics.baselines import compute_baselines

SERIES = np.cumsum(np.random.default_rng(5).normal(size=(40, 2)), axis=0) + 50


@pytest.mark.parametrize("name", ["persistence", "drift", "AR(1) on differences", "ETS"])
@pytest.mark.parametrize("horizon", [1, 3])
def test_their_errors_are_those_of_the_table(name: str, horizon: int) -> None:
    """RMSE over all rows, steps and targets."""
    table = compute_baselines(SERIES, test=6, horizon=horizon, names=[name])
    found = baseline_forecasts(table, name)
    assert found is not None
    assert found.shape == (6, horizon, 2)
    start = len(SERIES) - horizon + 1 - 6
    observed = np.stack([SERIES[start + row : start + row + horizon] for row in range(6)])
    assert np.sqrt(np.mean((found - observed) ** 2)) == pytest.approx(table["rmse"].iloc[0])


def test_what_a_series_does_not_have_is_none() -> None:
    """An unknown baseline, one that needs more observations, and a table without forecasts."""
    table = compute_baselines(SERIES[:10], test=6, seasons=(12,))
    assert baseline_forecasts(table, "nothing") is None
    assert baseline_forecasts(table, "seasonal naive (12)") is None
    assert baseline_forecasts(table.drop(columns="forecasts"), "persistence") is None
