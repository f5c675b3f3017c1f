"""Quantiles that a model forecasts, calibrated."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.statistics.ensembles.table import Members
from scheduler.statistics.intervals.conformal import Basis, conformal
from scheduler.statistics.intervals.coverage import leave_one_out, walk_forward
from scheduler.statistics.intervals.levels import TooFewResiduals
from scheduler.statistics.intervals.quantile import Ends, ends_of
from scheduler.statistics.intervals.table import score_intervals
from store.quantiles import Quantiles

RNG = np.random.default_rng(3)
SHARES = (0.1, 0.5, 0.9)


def ends(size: np.ndarray) -> Ends:
    """Return quantiles as far from the median as `size`."""
    return Ends(shares=SHARES, offsets=np.stack([-size, 0 * size, size], axis=-1))


def test_quantiles_that_are_wrong_hold_after_all() -> None:
    """Too narrow ones are widened and too wide ones drawn together, to about the level in rows to come."""
    size = RNG.uniform(1, 5, (4000, 1, 1))  # the noise differs from row to row, and the quantiles know how
    residuals = RNG.normal(size=size.shape) * size
    for factor in (0.3, 3.0):
        found = conformal(residuals[:2000], (80,), ends=ends(factor * size[:2000]))
        low, high = -factor * size + found.low[0], factor * size + found.high[0]
        assert np.mean(((low <= residuals) & (residuals <= high))[2000:]) == pytest.approx(0.8, abs=0.03)
        assert (found.high > 0).all() == (factor < 1)
        assert set(found.basis[0]) == {Basis.QUANTILES}


def test_ends_that_are_drawn_together_never_cross() -> None:
    """As in a row whose own interval is much narrower than those of the test rows, which hold too much."""
    size, residuals = np.full((40, 1, 1), 5.0), RNG.normal(size=(40, 1, 1))
    size[:10] = 0.5
    moved = conformal(residuals, (50,), ends=ends(size))
    (low,), (high,) = moved.between(ends(np.full((1, 1, 1), 0.1))).around(np.zeros((1, 1)))
    assert low.item() == high.item() == 0
    assert leave_one_out(residuals, 50, ends(size).at(50)).width > 0
    assert moved.high.item() < -0.1


def test_too_few_rows() -> None:
    """They are refused as with residuals."""
    with pytest.raises(TooFewResiduals, match="needs 19"):
        conformal(np.zeros((12, 1, 1)), (95,), ends=ends(np.ones((12, 1, 1))))


def test_ends_of_nothing_are_plain_intervals() -> None:
    """Coverage and scores of quantiles that all equal the median are those of its errors, by either check."""
    residuals = RNG.normal(size=(40, 2, 1))
    pair = ends(np.zeros_like(residuals)).at(80)
    assert leave_one_out(residuals, 80, pair) == leave_one_out(residuals, 80)
    assert walk_forward(residuals, 80, pair) == walk_forward(residuals, 80)


def test_which_quantiles_a_level_takes() -> None:
    """Those that are nearest; one-sided quantiles make none, and crossed ones are put in order."""
    offsets = np.array([-4.0, -1.0, 0.0, 2.0, 1.0]).reshape(1, 1, 1, 5)
    found = Ends(shares=(0.025, 0.25, 0.5, 0.75, 0.975), offsets=offsets)
    assert found.levels == (50, 95)
    assert [float(end.item()) for end in found.at(60)] == [-1, 2]
    assert [float(end.item()) for end in found.at(99)] == [-4, 1]
    crossed = Ends(shares=SHARES, offsets=np.array([3.0, 0.0, -2.0]).reshape(1, 1, 1, 3))
    assert [float(end.item()) for end in crossed.at(80)] == [-2, 3]
    one_sided = Quantiles(shares=(0.5, 0.9), values=np.zeros((2, 3, 1, 1, 2)))
    assert ends_of(one_sided, np.zeros((2, 3, 1, 1))) is None


def test_a_configuration_with_quantiles_has_their_levels_too() -> None:
    """90 beside 80 and 95, narrower where the noise is small."""
    size = RNG.uniform(1, 5, (200, 1, 1))
    observed, forecast = RNG.normal(size=size.shape) * size, np.zeros((3, 200, 1, 1))
    values = np.stack([np.stack([-1.6 * size, 0 * size, 1.6 * size], axis=-1)] * 3)
    quantiles = Quantiles(shares=(0.05, 0.5, 0.95), values=values)
    given = Members(label="a", observed=observed, forecast=forecast, quantiles=quantiles)
    table = score_intervals([given, Members(label="b", observed=observed, forecast=forecast)]).set_index(
        "configuration"
    )
    assert table.loc["a", "level"].tolist() == [80, 90, 95]
    assert set(table.loc["a", "basis"]) == {"quantiles"}
    assert set(table.loc["b", "basis"]) == {"conformal"}
    at_95 = table[table["level"] == 95]["interval_score"]
    assert at_95["a"] < at_95["b"]
