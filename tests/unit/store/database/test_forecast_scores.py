"""Scores of stored forecasts."""

from __future__ import annotations

import numpy as np
import pytest

from store.database.forecast_scores import by_step, mean_absolute_error

OBSERVED = np.zeros((2, 2, 2))
FORECAST = np.array([[[1.0, 2.0], [3.0, 4.0]], [[-1.0, -2.0], [3.0, np.nan]]])


def test_scores_by_target_and_step() -> None:
    """Both errors of each, targets first, counted from 1; NaN is none."""
    assert list(by_step(OBSERVED, FORECAST)) == [
        (1, 1, 1.0, 1.0),
        (1, 2, 3.0, 3.0),
        (2, 1, 2.0, 2.0),
        (2, 2, None, None),
    ]


def test_the_mean_over_all() -> None:
    """All rows, steps and targets count alike; infinity stays, NaN is none."""
    assert mean_absolute_error(OBSERVED[..., :1], FORECAST[..., :1]) == pytest.approx(2.0)
    assert mean_absolute_error(OBSERVED, FORECAST) is None
    assert mean_absolute_error(OBSERVED, np.full((2, 2, 2), np.inf)) == np.inf


def test_no_rows() -> None:
    """Nothing has no error, and warns of nothing."""
    empty = np.zeros((0, 1, 1))
    assert mean_absolute_error(empty, empty) is None
    assert list(by_step(empty, empty)) == [(1, 1, None, None)]
