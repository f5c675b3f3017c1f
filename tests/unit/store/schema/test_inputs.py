"""What a row sees of each column: lags of its own, and what is known ahead."""

from __future__ import annotations

from typing import Any

import pytest

from store.schema.configuration import Configuration
from store.schema.framing import frame
from store.schema.inputs import common_lags, layout
from store.schema.parameters import parameters


def one(seen: dict[str, Any], **prepare: Any) -> Configuration:
    """Return a configuration that forecasts a from a, b and c."""
    series = {"name": "x", "targets": ("a",), "inputs": ("a", "b", "c"), "seen": seen}
    return Configuration.model_validate({"series": series, "test": 2, "prepare": {"difference": 0} | prepare})


def times(configuration: Configuration) -> list[str]:
    """Return the features of each time step as column and time."""
    names = configuration.series.inputs
    return [" ".join(f"{names[each.column]}{each.time:+d}" for each in step) for step in layout(configuration)]


@pytest.mark.parametrize(
    ("seen", "prepare", "expected"),
    [
        ({}, {"lags": 2}, ["a-1 b-1 c-1 a+0 b+0 c+0"]),
        ({}, {"lags": 2, "lags_as": "timesteps"}, ["a-1 b-1 c-1", "a+0 b+0 c+0"]),
        ({"a": {"lags": 2}, "c": {"lags": [1, 24]}}, {}, ["c-23 a-1 a+0 b+0 c+0"]),
        ({"b": {"known": True}, "c": {"lags": 0, "known": True}}, {"horizon": 2}, ["a+0 b+0 b+1 c+1 b+2 c+2"]),
        ({"b": {"known": True}}, {"target_at": "last", "horizon": 2}, ["a+0 b+0 c+0 b+1"]),
        (
            {"b": {"known": True}, "c": {"lags": 0, "known": True}},
            {"lags": 2, "lags_as": "timesteps"},
            ["a-1 b-1 b+0 c+0", "a+0 b+0 b+1 c+1"],
        ),
        (
            {name: {"lags": [2, 24], "known": name == "b"} for name in "abc"},
            {"lags_as": "timesteps"},
            ["a-23 b-23 c-23 b-21", "a-1 b-1 c-1 b+1"],
        ),
    ],
)
def test_features_by_time_step(seen: dict[str, Any], prepare: dict[str, Any], expected: list[str]) -> None:
    """Features are ordered by time and column; what is known goes along with the time steps."""
    found = one(seen, **prepare)
    assert times(found) == expected
    cut = frame(found, 60)
    assert (cut.timesteps, cut.features) == (len(expected), len(expected[0].split()))
    assert cut.input_times(0)[0] == 0


def test_lags_that_differ_are_no_time_steps() -> None:
    """Columns that are known alone have no say in the steps."""
    assert common_lags(one({"a": {"lags": 2}})) is None
    assert common_lags(one({"c": {"lags": 0, "known": True}}, lags=3)) == range(3, 0, -1)


def test_identity_has_no_lags_that_no_column_has() -> None:
    """`prepare.lags` decides nothing where each column has its own."""
    own = {name: {"lags": 2} for name in "abc"}
    assert one(own, lags=1).identity == one(own, lags=5).identity
    assert one({"a": {"lags": 2}}, lags=1).identity != one({"a": {"lags": 2}}, lags=5).identity


def test_parameters_have_the_names_of_the_grid() -> None:
    """Lags by column are parameters by the names that the grid uses."""
    found = parameters(one({"b": {"lags": [1, 24], "known": True}}).canonical())
    assert (found["series.inputs.b.lags"], found["series.inputs.b.known"]) == ("[1,24]", True)
    assert not any("seen" in name for name in found)


@pytest.mark.parametrize("lags_as", ["features", "timesteps"])
def test_rows_that_touch_a_filled_value_are_left_out(lags_as: str) -> None:
    """Also where it is known ahead, or what a seen value is differenced from; all other rows are kept."""
    seen = {"a": {"lags": [1, 3]}, "b": {"lags": [1, 3], "known": True}, "c": {"lags": 0, "known": True}}
    given = one(seen, lags_as=lags_as, horizon=2, difference={"a": 0, "b": 2, "c": 1}).model_dump()
    whole = frame(Configuration.model_validate(given), 40)
    found = Configuration.model_validate(given | {"series": given["series"] | {"left_out": ((20, 22),)}})
    steps = {"a": 0, "b": 2, "c": 1}
    features = [(found.series.inputs[each.column], each.time) for step in layout(found) for each in step]
    kept = []
    for row in range(whole.rows):
        touched = {whole.first + row + time - back for name, time in features for back in (0, steps[name])}
        touched |= set(whole.target_times(row))
        if row >= whole.rows - 2 or not touched & {20, 21}:
            kept.append(row)
    assert list(frame(found, 40).kept) == kept
    assert len(kept) < whole.rows
