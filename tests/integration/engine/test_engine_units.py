"""A change of units changes the numbers of a repeat by its factor and nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from store.records import Result, Series
from tests.integration.engine.reference import configured, packed, shampoo


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


SHAPES = st.sampled_from(["noise", "constant", "line", "outlier", "step in the test rows", "sales"])
UNITS = {"power": st.integers(-80, 80), "factor": st.floats(0.01, 100), "offset": st.floats(-100, 100)}


def made(shape: str, *, factor: float = 1.0, offset: float = 0.0) -> Series:
    """Return a series as long as the sales, so that all share a compiled program."""
    sales = shampoo()
    rows = np.arange(len(sales.values))
    values = {
        "noise": np.random.default_rng(1).normal(size=len(rows)),
        "constant": np.full(len(rows), 7.5),
        "line": 0.1 * rows,
        "outlier": np.where(rows == 5, 1e4, np.sin(rows)),
        "step in the test rows": np.where(rows == len(rows) - 3, 1.0, 0.0),
        "sales": sales.values[:, 0],
    }[shape]
    return replace(sales, values=(values * factor + offset)[:, None], content_hash=f"{shape} {factor} {offset}")


def fitted(series: Series) -> Result:
    """Train for a few epochs."""
    return packed(configured(series, model={"units": 2}, training={"epochs": 20}), series)[1]


@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate])
@given(shape=SHAPES, **UNITS)
def test_units_of_any_series(shape: str, power: int, factor: float, offset: float) -> None:
    """Constants, lines and outliers: by powers of two exactly, else to a millionth, but for the values' rounding."""
    plain, other, moved = fitted(made(shape)), fitted(made(shape, factor=2.0**power)), made(shape, factor=factor)
    assert other.test_rmse == 2.0**power * plain.test_rmse
    spread = float(np.ptp(moved.values)) or factor
    moved = made(shape, factor=factor, offset=offset * spread)
    noise = 1e-12 * float(np.abs(moved.values).max())
    assert fitted(moved).test_rmse == pytest.approx(factor * plain.test_rmse, rel=1e-6, abs=noise)
    assert plain.trajectory
    assert plain.trajectory.test_rmse[-1] == pytest.approx(plain.test_rmse, rel=1e-5, abs=1e-12)
