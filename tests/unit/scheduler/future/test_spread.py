"""Intervals of steps for which the test rows have too few errors."""

from __future__ import annotations

import numpy as np

from scheduler.future.spread import _as_wide, _paths


def test_simulated_errors_add_up_where_changes_are_forecast() -> None:
    """And fade where values are; they begin as wide as the errors of the last step that has enough."""
    errors = np.full((8, 6, 1), np.nan)
    errors[:, 0, 0] = [3.0, -3.0] * 4
    errors[:5, 1, 0] = [4.0, -4.0, 4.0, -4.0, 4.0]
    middle = np.zeros((6, 1))
    walk, faded = (_as_wide(_paths(middle, errors[:, :1], np.array([carried])), errors, 4) for carried in (1.0, 0.0))
    for paths in (walk, faded):
        np.testing.assert_allclose(np.sqrt(np.mean(paths[:, 1] ** 2)), 4.0)
    spread = np.sqrt(np.mean(walk[:, :, 0] ** 2, axis=0))
    np.testing.assert_allclose(spread[5] / spread[1], np.sqrt(3), rtol=0.1)
    np.testing.assert_allclose(np.sqrt(np.mean(faded[:, 5] ** 2)), 4.0, rtol=0.1)
