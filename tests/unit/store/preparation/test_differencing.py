"""Differences at several lags equal pandas', and sums of them are the values again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from store.preparation.differencing import counted_from, differenced, sums
from store.schema.differences import counted_from as times
from store.schema.differences import reach, weights

VALUES = np.random.default_rng(0).normal(size=60).cumsum()


@pytest.mark.parametrize("lags", [(), (1,), (7,), (1, 1), (1, 12), (2, 3, 5)])
def test_they_are_pandas(lags: tuple[int, ...]) -> None:
    """One after the other; before the first there is nothing."""
    expected = pd.Series(VALUES)
    for lag in lags:
        expected = expected.diff(lag)
    found = differenced(VALUES, lags)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert np.isnan(found).sum() == reach(lags)
    weighed = sum(weight * pd.Series(VALUES).shift(back) for back, weight in weights(lags).items())
    np.testing.assert_allclose(found, weighed, atol=1e-12)


@pytest.mark.parametrize("horizon", [1, 2, 5, 14])
@pytest.mark.parametrize("lags", [(), (1,), (3,), (1, 1), (1, 12), (2, 3, 5)])
def test_the_way_back(lags: tuple[int, ...], horizon: int) -> None:
    """What is counted from and the changes of the horizon are the values, whose own observations are not used."""
    first = np.array([20, 21, 40])
    asked = first[:, None] + np.arange(horizon)
    changes = differenced(VALUES, lags)[asked]
    base = counted_from(VALUES, lags, asked)
    np.testing.assert_allclose(base + changes @ sums(lags, horizon).T, VALUES[asked], atol=1e-9)
    for row, start in enumerate(first):
        hidden = np.full(60, np.nan)
        backs = [start - back for back in times(lags, horizon)]
        hidden[backs] = VALUES[backs]
        assert all(time < start for time in backs)
        np.testing.assert_array_equal(counted_from(hidden, lags, asked)[row], base[row])


def test_one_lag_counts_from_one_value() -> None:
    """To the last bit, as it always has."""
    asked = np.array([[10, 11, 12, 13, 14]])
    np.testing.assert_array_equal(counted_from(VALUES, (2,), asked), VALUES[[[8, 9, 8, 9, 8]]])
