"""What the record of a report computes by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scheduler.report.report_data import quantiles
from tests.reports import made_report


class TestReferences:
    def test_persistence_comes_first_and_the_best_baseline_after_it(self) -> None:
        """Both are lines in the pictures."""
        found = made_report().references
        assert [(one.name, one.value, one.best) for one in found] == [
            ("persistence", 136.761, False),
            ("best baseline, ETS", 70.4, True),
        ]

    def test_persistence_that_is_the_best_is_one_line(self) -> None:
        """It is not drawn twice."""
        frame = pd.DataFrame({"baseline": ["persistence", "drift"], "rmse": [1.0, 2.0]})
        assert [one.name for one in made_report(baselines=frame).references] == ["persistence"]

    def test_without_baselines_there_is_none(self) -> None:
        """Nothing is drawn."""
        assert made_report(baselines=None).references == []


class TestQuantiles:
    def test_agrees_with_numpy_where_values_are_missing(self) -> None:
        """Bands leave out the repeats that have diverged by then."""
        rng = np.random.default_rng(0)
        values = rng.normal(size=(31, 40)).astype(np.float32)
        values[rng.random(values.shape) < 0.3] = np.nan
        values[2:, 5] = np.inf
        expected = np.nanpercentile(np.where(np.isfinite(values), values, np.nan).astype(float), [10, 50, 90], axis=0)
        np.testing.assert_allclose(quantiles(values, (10, 50, 90)), expected, rtol=1e-6)

    def test_nothing_finite_is_nan(self) -> None:
        """An epoch at which all have diverged has no band, and no warning."""
        assert np.isnan(quantiles(np.full((3, 2), np.nan), (10, 50))).all()
