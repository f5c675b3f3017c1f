"""Combining forecasts: each value is NumPy's or SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from scheduler.statistics.ensembles.combine import COMBINATIONS, TRIM

RNG = np.random.default_rng(1)
EXPECTED = {
    "median": lambda values: np.median(values, axis=1),
    "mean": lambda values: np.mean(values, axis=1),
    "trimmed mean": lambda values: stats.trim_mean(values, TRIM, axis=1),
}


@pytest.mark.parametrize("name", COMBINATIONS)
@pytest.mark.parametrize("repeats", [2, 3, 9, 10])
def test_equals_numpy_and_scipy(name: str, repeats: int) -> None:
    """Also of several configurations at once."""
    forecasts = RNG.normal(0, 1, (3, repeats, 4, 2, 1))
    assert COMBINATIONS[name](forecasts, 1) == pytest.approx(EXPECTED[name](forecasts), rel=1e-14)
