"""What MASE and RMSSE divide by: the naive forecast before the test part, as the baselines have it."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.grid.grid import Grid
from scheduler.series.scales import all_scales, scales_of
from scheduler.statistics.baselines import compute_baselines

VALUES = np.random.default_rng(8).normal(100, 10, 60)


@pytest.mark.parametrize("horizon", [1, 3])
def test_they_are_those_of_the_baselines(horizon: int) -> None:
    """The same training part and season, so that MASE of a repeat and of a baseline can be compared."""
    fields = {"series": {"season": 7}, "test": 10, "prepare": {"horizon": horizon, "pad": True}}
    grid = Grid.of(fields, series=VALUES)
    (point,), (series,) = grid.points, grid.series_data()
    (scale,) = scales_of(point.configuration, series)
    assert all_scales({"a": point.configuration}, lambda _: series) == {"a": (scale,)}
    naive = compute_baselines(VALUES, test=10, horizon=horizon, seasons=(7,), names=["persistence"]).iloc[0]
    assert (scale.of, naive["mase_of"]) == ("seasonal naive (7)", "seasonal naive (7)")
    assert naive["mae"] / scale.mae == pytest.approx(naive["mase"])
    assert naive["rmse"] / scale.rmse == pytest.approx(naive["rmsse"])
