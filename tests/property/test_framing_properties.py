"""What a row sees, for all framings: equal to shifting columns in pandas, and nothing of its future."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from store.records import Series
from store.schema.configuration import Configuration
from worker.engine.arrays import Float64s
from worker.engine.prepare import Prepared, prepare

COLUMNS = ("a", "b", "c")
OBSERVATIONS, TEST = 40, 6
LAGS = st.one_of(st.integers(1, 4), st.lists(st.integers(1, 9), min_size=1, max_size=3, unique=True))
COLUMN = st.one_of(
    st.builds(lambda lags: {"lags": lags}, LAGS),
    st.builds(lambda lags: {"lags": lags, "known": True}, st.one_of(st.just(0), LAGS)),
    st.just({"known": True}),
    st.just({}),
)
SEEN = st.fixed_dictionaries({"a": st.builds(lambda lags: {"lags": lags}, LAGS), "b": COLUMN, "c": COLUMN})
PREPARE = st.fixed_dictionaries(
    {
        "lags": st.integers(1, 3),
        "lags_as": st.sampled_from(["features", "timesteps"]),
        "horizon": st.integers(1, 3),
        "difference": st.sampled_from([0, 1, {"a": 1, "b": 0, "c": 3}]),
    }
)
VALUES = np.random.default_rng(7).normal(size=(OBSERVATIONS, len(COLUMNS))).cumsum(axis=0)


def one(seen: dict[str, Any], framing: dict[str, Any]) -> Configuration:
    """Return a configuration that forecasts a from all columns."""
    series = {"name": "x", "targets": ("a",), "inputs": COLUMNS, "seen": {k: v for k, v in seen.items() if v}}
    return Configuration.model_validate(
        {"series": series, "test": TEST, "prepare": framing, "training": {"batch_size": 1}}
    )


def prepared(configuration: Configuration, values: Float64s) -> Prepared:
    """Prepare the rows of a series with these values."""
    return prepare(configuration, Series(name="x", columns=COLUMNS, values=values, content_hash="x"))


def wanted_lags(given: dict[str, Any], framing: dict[str, Any]) -> list[int]:
    """Return the lags of a column as a list."""
    lags = given.get("lags", framing["lags"])
    return list(range(1, lags + 1)) if isinstance(lags, int) else lags


@settings(max_examples=60, deadline=None)
@given(SEEN, PREPARE)
def test_features_equal_shifted_columns_of_pandas(seen: dict[str, Any], framing: dict[str, Any]) -> None:
    """With lags as features: `shift(lag - 1)` of each lag, `shift(-step)` of each forecast step, by time and column."""
    framing |= {"lags_as": "features", "scale": None}
    found = prepared(one(seen, framing), VALUES)
    difference = framing["difference"]
    columns = {}
    for place, name in enumerate(COLUMNS):
        step = difference[name] if isinstance(difference, dict) else difference
        values = pd.Series(VALUES[:, place])
        changes = values.diff(step) if step else values
        ahead = range(1, framing["horizon"] + 1) if seen[name].get("known") else ()
        for time in [*(1 - lag for lag in wanted_lags(seen[name], framing)), *ahead]:
            columns[time, place] = changes.shift(-time)
    target = pd.Series(VALUES[:, 0])
    steps = difference["a"] if isinstance(difference, dict) else difference
    asked = [target.shift(-ahead) for ahead in range(1, framing["horizon"] + 1)]
    asked.append(target.diff(steps).shift(-1) if steps else target)
    table = pd.concat([pd.DataFrame(columns)[sorted(columns)], *asked], axis=1).dropna()
    np.testing.assert_allclose(found.rows.inputs[:, 0], table.iloc[:, : len(columns)].to_numpy(), rtol=1e-6)


@settings(max_examples=100, deadline=None)
@given(SEEN, PREPARE, st.integers(0, TEST - 1), st.sampled_from(COLUMNS), st.data())
def test_no_row_sees_its_own_future(
    seen: dict[str, Any], framing: dict[str, Any], row: int, column: str, data: st.DataObject
) -> None:
    """Another value at or after a row's target changes no input of the row, unless its column is known ahead."""
    configuration = one(seen, framing)
    before = prepared(configuration, VALUES)
    asked = before.cut.target_times(before.cut.test.start + row)
    values = VALUES.copy()
    values[data.draw(st.integers(asked.start, OBSERVATIONS - 1)), COLUMNS.index(column)] += 100.0
    after = prepared(configuration, values)
    if not seen[column].get("known"):
        np.testing.assert_array_equal(before.test.inputs[row], after.test.inputs[row])
    np.testing.assert_array_equal(before.train.inputs, after.train.inputs)
