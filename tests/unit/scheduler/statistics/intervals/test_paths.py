"""Bootstrapped residual paths."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.statistics.intervals.paths import residual_paths


def test_the_errors_of_a_row_stay_together() -> None:
    """Steps and targets of one row are added as they were; a horizon of 2 reaches 5 steps."""
    residuals = np.array([[[1.0, 10.0], [2.0, 20.0]], [[-1.0, -10.0], [-2.0, -20.0]]])
    paths = residual_paths(lambda known: np.zeros((len(known), 2, 2)), residuals, 5, count=50)
    assert paths.shape == (50, 5, 2)
    assert (paths[..., 1] == 10 * paths[..., 0]).all()
    assert (paths[:, 1] == 2 * paths[:, 0]).all()
    assert {*paths[:, 4, 0].tolist()} == {1.0, -1.0}


def test_paths_are_deviations_from_the_forecast() -> None:
    """Errors that were 0 leave nothing, whatever is forecast; the same seed draws the same."""
    grown = lambda known: 1 + (known[:, -1:] * 2 if known.shape[1] else np.ones((len(known), 1, 1)))  # noqa: E731
    assert not residual_paths(grown, np.zeros((4, 1, 1)), 6, count=3).any()
    drawn = [residual_paths(grown, np.arange(4.0).reshape(4, 1, 1), 6, count=3) for _ in range(2)]
    assert (drawn[0] == drawn[1]).all()


def test_rows_with_missing_errors_are_not_drawn() -> None:
    """Nothing is left where none has an error at every step."""
    with pytest.raises(ValueError, match="no test row"):
        residual_paths(lambda known: known, np.full((3, 1, 1), np.nan), 2)
