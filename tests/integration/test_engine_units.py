"""A change of units changes the numbers of a repeat by its factor and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from store.records import Result
from tests.integration.engine_reference import configured, packed, shampoo


@cache
def trained(factor: float) -> Result:
    """Train on the sales in other units."""
    sales = shampoo()
    series = replace(sales, values=sales.values * factor, content_hash=str(factor))
    return packed(configured(series, model={"units": 2}, training={"epochs": 200}), series)[1]


@pytest.mark.parametrize("exponent", [-70, -30, 20, 67, 480])
def test_powers_of_two_change_no_other_bit(exponent: int) -> None:
    """Scores, curves and forecasts are exact multiples, far beyond what 32-bit numbers hold."""
    plain, other, factor = trained(1.0), trained(2.0**exponent), 2.0**exponent
    assert not other.diverged
    assert other.test_rmse == factor * plain.test_rmse
    assert other.train_rmse == factor * plain.train_rmse
    assert plain.trajectory
    assert other.trajectory
    curve = other.trajectory.test_rmse.astype(np.float64) * other.trajectory.factor
    assert curve.tolist() == (plain.trajectory.test_rmse.astype(np.float64) * factor).tolist()


@pytest.mark.parametrize("factor", [1e-23, 1e-11, 1.8, 1e18, 1e145])
def test_any_factor_changes_scores_by_it(factor: float) -> None:
    """To a millionth, where rounding differs."""
    assert trained(factor).test_rmse == pytest.approx(factor * trained(1.0).test_rmse, rel=1e-6)
    assert trained(factor).train_rmse == pytest.approx(factor * trained(1.0).train_rmse, rel=1e-6)


def test_the_score_is_the_last_point_of_the_curve() -> None:
    """One is computed in 64 bits from the forecasts, the other while training."""
    result = trained(1.0)
    assert result.trajectory
    assert result.trajectory.test_rmse[-1] == pytest.approx(result.test_rmse, rel=1e-5)
    assert result.trajectory.train_rmse[-1] == pytest.approx(result.train_rmse, rel=1e-5)
