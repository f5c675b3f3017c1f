"""The long-run variance of a mean over correlated windows."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.statistics.splits.windows import calibration, cosines, error_of_mean, spread_transforms, transforms


@pytest.mark.parametrize("windows", [3, 6, 12, 50, 300])
def test_cosines_are_orthonormal_and_ignore_the_mean(windows: int):
    waves = cosines(windows)
    assert waves.shape == (transforms(windows), windows)
    assert waves @ waves.T == pytest.approx(np.eye(len(waves)), abs=1e-12)
    assert waves.sum(axis=1) == pytest.approx(np.zeros(len(waves)), abs=1e-9)


def test_few_windows_have_a_larger_variance_and_fewer_degrees_of_freedom():
    factors, freedom = zip(*map(calibration, (6, 12, 50, 300)), strict=True)
    assert list(factors) == sorted(factors, reverse=True)
    assert min(factors) >= 1
    assert list(freedom) == sorted(freedom)


def test_error_of_independent_numbers():
    """It is a little too large, and right with many windows."""
    numbers = np.random.default_rng(0).normal(size=(400, 200))
    error, df = error_of_mean(spread_transforms(numbers), 400)
    assert np.sqrt((error**2).mean()) == pytest.approx(1 / 20, rel=0.1)
    assert 20 < df < 30
