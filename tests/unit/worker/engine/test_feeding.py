"""Rows of later steps are put together from the first row, the forecasts and what is known."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from store.records import Series
from store.schema.configuration import Configuration
from worker.engine.prepare import Prepared, prepare

LENGTH = 60
VALUES = np.exp(np.random.default_rng(0).normal(size=(LENGTH, 3)).cumsum(axis=0) / 8)
COLUMNS = ("a", "b", "plan")

LAGS = st.one_of(st.integers(1, 4), st.sets(st.integers(1, 9), min_size=1, max_size=3).map(sorted))
CASES = st.fixed_dictionaries(
    {
        "a": LAGS,
        "b": LAGS,
        "plan": st.one_of(LAGS, st.just(0)),
        "same": st.booleans(),
        "horizon": st.integers(2, 6),
        "difference": st.sampled_from([0, 1, [1, 2]]),
        "scale": st.sampled_from(["standard", "robust", (-1.0, 1.0), None]),
        "transform": st.sampled_from(["none", "log"]),
    }
)


def prepared(case: dict[str, Any], values: NDArray[np.float64] = VALUES) -> Prepared:
    """Prepare rows that see two targets and a plan that is known ahead; with the same lags these are time steps."""
    lags = {name: case["a"] if case["same"] else case[name] for name in COLUMNS}
    seen = {name: {"lags": found, "known": name == "plan"} for name, found in lags.items()}
    names = ("difference", "scale", "transform", "horizon")
    how = {name: case[name] for name in names} | {"strategy": "recursive"}
    if case["same"]:
        how["lags_as"] = "timesteps"
    columns = {"name": "x", "targets": ("a", "b"), "inputs": ("b", "plan", "a"), "seen": seen}
    given = {"series": columns, "test": 10, "prepare": how, "training": {"batch_size": 1}}
    series = Series(name="x", columns=COLUMNS, values=values, content_hash="x")
    return prepare(Configuration.model_validate(given), series)


def later_rows(found: Prepared, ahead: int, forecasts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Make the rows so many steps later, (rows, timesteps, features)."""
    assert found.feeding is not None
    own = found.rows.inputs.reshape(len(found.rows), -1)
    sources = np.concatenate([own, forecasts.reshape(len(own), -1), found.rows.later[:, ahead - 1]], axis=1)
    places, gains, shifts = (part[ahead - 1] for part in found.feeding)
    made: NDArray[np.float32] = sources[:, places] * gains + shifts
    return made


@settings(max_examples=40, deadline=None)
@given(CASES)
def test_right_forecasts_make_the_rows_that_come_later(case: dict[str, Any]) -> None:
    """If each forecast is what was observed, the row of a later step is the row of that time."""
    found = prepared(case)
    for ahead in range(1, case["horizon"]):
        made = later_rows(found, ahead, found.rows.targets)
        np.testing.assert_allclose(made[:-ahead], found.rows.inputs[ahead:], rtol=1e-4, atol=1e-5)


@settings(max_examples=20, deadline=None)
@given(CASES)
def test_no_later_row_has_what_is_not_known(case: dict[str, Any]) -> None:
    """Other values of the targets after a row change nothing that it is made of but the forecasts."""
    one = prepared(case)
    row = one.cut.test.start
    after = one.cut.target_times(row).start
    changed = VALUES.copy()
    changed[after:, :2] *= 1.5
    other = prepared(case, changed)
    nothing = np.zeros_like(one.rows.targets)
    for ahead in range(1, case["horizon"]):
        made, again = (later_rows(some, ahead, nothing)[row] for some in (one, other))
        np.testing.assert_array_equal(made, again)
