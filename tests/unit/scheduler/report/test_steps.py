"""Errors by step of the horizon and by target."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.report.steps import mean_errors, pooled, several_tables, step_scores
from tests.reports import MadeForecasts


@pytest.fixture
def found() -> MadeForecasts:
    """Three repeats of five rows, two steps and two targets; the last repeat diverged."""
    observed = np.random.default_rng(3).normal(size=(5, 2, 2))
    errors = np.arange(1, 5).reshape(1, 1, 2, 2) * np.array([1.0, 10.0, np.nan]).reshape(3, 1, 1, 1)
    return MadeForecasts(np.array([0, 1, 4]), observed, observed + errors)


def test_each_repeat_step_and_target_has_a_row(found: MadeForecasts) -> None:
    """RMSE and MAE over the test rows; NaN where it diverged."""
    frame = step_scores({"one": found})
    assert list(frame.columns) == ["configuration", "repeat", "target", "step", "rmse", "mae"]
    assert frame["repeat"].tolist() == [0] * 4 + [1] * 4 + [4] * 4
    assert frame["target"].tolist() == [1, 1, 2, 2] * 3
    assert frame["step"].tolist() == [1, 2] * 6
    np.testing.assert_allclose(frame["rmse"][:8], [1, 3, 2, 4, 10, 30, 20, 40])
    np.testing.assert_allclose(frame["mae"][:8], frame["rmse"][:8])
    assert frame["rmse"][8:].isna().all()


def test_pooled_is_the_mean_of_the_repeats(found: MadeForecasts) -> None:
    """The squared errors of the other targets, or steps, are averaged in each repeat first."""
    frame = step_scores({"one": found})
    steps, targets = pooled(frame, "step"), pooled(frame, "target")
    np.testing.assert_allclose(steps.loc["one"], [5.5 * np.sqrt(2.5), 5.5 * np.sqrt(12.5)])
    np.testing.assert_allclose(targets.loc["one"], [5.5 * np.sqrt(5), 5.5 * np.sqrt(10)])
    assert (list(steps), list(targets)) == ([1, 2], [1, 2])


def test_tables_for_people_are_those_of_several_steps_and_targets(found: MadeForecasts) -> None:
    """Targets have their names; one step alone has no table."""
    frame = step_scores({"one": found})
    tables = dict(several_tables(frame, ("gdp",)))
    assert {by: list(table) for by, table in tables.items()} == {
        "step": ["step 1", "step 2"],
        "target": ["gdp", "target 2"],
    }
    assert list(dict(several_tables(frame[frame["step"] == 1], ()))) == ["target"]
    assert list(several_tables(None, ())) == []


def test_nothing_forecast_is_an_empty_frame() -> None:
    """With its columns."""
    assert list(step_scores({})) == ["configuration", "repeat", "target", "step", "rmse", "mae"]


def test_mean_errors_leave_out_what_diverged(found: MadeForecasts) -> None:
    """Train RMSE of the results, MAE of the forecasts."""
    results = pd.DataFrame(
        {
            "configuration": ["one"] * 3 + ["two"],
            "state": ["done"] * 3 + ["queued"],
            "diverged": pd.array([False, False, True, None], dtype="boolean"),
            "train_rmse": [2.0, 4.0, 900.0, np.nan],
        }
    )
    frame = mean_errors(results, {"one": found})
    assert frame.to_dict("records") == [{"configuration": "one", "train_rmse": 3.0, "mae": pytest.approx(13.75)}]
