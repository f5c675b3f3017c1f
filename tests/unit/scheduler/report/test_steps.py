"""The errors beside the score."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.report.steps import mean_errors, pooled, several_tables


@pytest.fixture
def frame() -> pd.DataFrame:
    """Three repeats with two targets and two steps; the last repeat diverged."""
    rows = [
        {"configuration": "one", "repeat": repeat, "target": target, "step": step, "rmse": rmse * scale, "mae": rmse}
        for repeat, scale in ((0, 1.0), (1, 10.0), (4, np.nan))
        for target, step, rmse in ((1, 1, 1.0), (1, 2, 3.0), (2, 1, 2.0), (2, 2, 4.0))
    ]
    return pd.DataFrame(rows)


def test_pooled_is_the_mean_of_the_repeats(frame: pd.DataFrame) -> None:
    """The squared errors of the other targets, or steps, are averaged in each repeat first."""
    steps, targets = pooled(frame, "step"), pooled(frame, "target")
    np.testing.assert_allclose(steps.loc["one"], [5.5 * np.sqrt(2.5), 5.5 * np.sqrt(12.5)])
    np.testing.assert_allclose(targets.loc["one"], [5.5 * np.sqrt(5), 5.5 * np.sqrt(10)])
    assert (list(steps), list(targets)) == ([1, 2], [1, 2])


def test_tables_for_people_are_those_of_several_steps_and_targets(frame: pd.DataFrame) -> None:
    """Targets have their names; one step alone has no table."""
    tables = dict(several_tables(frame, ("gdp",)))
    assert {by: list(table) for by, table in tables.items()} == {
        "step": ["step 1", "step 2"],
        "target": ["gdp", "target 2"],
    }
    assert list(dict(several_tables(frame[frame["step"] == 1], ()))) == ["target"]
    assert list(several_tables(None, ())) == []


def test_mean_errors_leave_out_what_diverged() -> None:
    """And what is not done."""
    results = pd.DataFrame(
        {
            "configuration": ["one"] * 3 + ["two"],
            "state": ["done"] * 3 + ["queued"],
            "diverged": pd.array([False, False, True, None], dtype="boolean"),
            "train_rmse": [2.0, 4.0, 900.0, np.nan],
            "test_rmse": [20.0, 40.0, 900.0, np.nan],
            "test_mae": [10.0, 30.0, 900.0, np.nan],
        }
    )
    (found,) = mean_errors(results).to_dict("records")
    assert found == {"configuration": "one", "train_rmse": 3.0, "rmse": 30.0, "mae": 20.0}
