"""Scales equal scikit-learn's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from store.preparation.scaling import Scaler

ROWS = np.random.default_rng(0).gamma(2.0, size=(40, 3))
SIZES = np.abs(ROWS).max(axis=0)


@pytest.mark.parametrize("unit", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize(
    ("scale", "theirs"),
    [((-1.0, 1.0), MinMaxScaler((-1, 1))), ("standard", StandardScaler()), ("robust", RobustScaler())],
)
def test_they_are_scikit_learns(scale: Any, theirs: Any, unit: float) -> None:
    """Fitted to some rows, applied to all."""
    rows = ROWS * unit
    scaler = Scaler.fit(rows[:30], [scale] * 3, SIZES * unit)
    found = scaler.apply(rows)
    np.testing.assert_allclose(found, theirs.fit(rows[:30]).transform(rows), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(scaler.undo(found), rows, rtol=1e-9, atol=1e-9 * unit)


@pytest.mark.parametrize("scale", [(-1.0, 1.0), "standard", "robust"])
def test_a_column_that_is_constant_but_for_rounding(scale: Any) -> None:
    """It is scaled to one value, and turned back into the constant, by any scale."""
    rows = np.arange(20)[:, None] * 0.1
    changes = np.diff(rows, axis=0)
    scaler = Scaler.fit(changes, [scale], np.abs(rows).max(axis=0))
    assert scaler.constant.all()
    assert len(np.unique(scaler.apply(changes))) == 1
    np.testing.assert_allclose(scaler.undo(np.array([[123.0]])), 0.1)


def test_mostly_one_value() -> None:
    """Its inner half has no range, so that its standard deviation is used: it is no constant."""
    rows = np.array([0.0] * 30 + [50.0, 70.0])[:, None]
    scaler = Scaler.fit(rows, ["robust"], rows.max(axis=0))
    assert scaler.factor == pytest.approx(1 / rows.std())
    np.testing.assert_allclose(scaler.undo(scaler.apply(rows)), rows)


def test_columns_each_in_a_way_of_its_own() -> None:
    scaler = Scaler.fit(ROWS, [None, "standard", (0.0, 2.0)], SIZES)
    found = scaler.apply(ROWS)
    np.testing.assert_array_equal(found[:, 0], ROWS[:, 0])
    assert found[:, 1].std() == pytest.approx(1.0)
    assert (found[:, 2].min(), found[:, 2].max()) == pytest.approx((0.0, 2.0))
