"""Quantiles that a model forecasts, calibrated."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.statistics.intervals.levels import TooFewResiduals
from scheduler.statistics.intervals.quantile import conformalised, levels_of

RNG = np.random.default_rng(3)


def test_quantiles_that_are_wrong_hold_after_all() -> None:
    """Too narrow ones are widened and too wide ones drawn together, to about the level in rows to come."""
    size = RNG.uniform(1, 5, (4000, 1, 1))  # the noise differs from row to row, and the quantiles know how
    observed = RNG.normal(size=size.shape) * size
    for factor in (0.3, 3.0):
        low, high = -factor * size, factor * size
        found = conformalised(low[:2000], high[:2000], observed[:2000], 80)
        held = (observed >= low + found.low[0]) & (observed <= high + found.high[0])
        assert np.mean(held[2000:]) == pytest.approx(0.8, abs=0.03)
        assert (found.high > 0).all() == (factor < 1)


def test_too_few_rows() -> None:
    """They are refused as with residuals."""
    with pytest.raises(TooFewResiduals, match="needs 19"):
        conformalised(np.zeros((12, 1, 1)), np.ones((12, 1, 1)), np.zeros((12, 1, 1)), 95)


def test_which_intervals_quantiles_make() -> None:
    """Those whose ends are as far from the middle."""
    assert levels_of((0.1, 0.5, 0.9)) == {80: (0, 2)}
    assert levels_of((0.025, 0.1, 0.5, 0.9, 0.975)) == {95: (0, 4), 80: (1, 3)}
    assert levels_of((0.2, 0.5, 0.9)) == {}
