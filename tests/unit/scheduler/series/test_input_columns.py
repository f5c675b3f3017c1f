"""`series.inputs` as a mapping of columns: what is read, and what is said of mistakes."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.grid.grid import Grid
from scheduler.series.diagnosis import changed, written
from scheduler.series.fields import SeriesSource
from scheduler.series.input_columns import with_names
from store.errors import GridError
from store.schema.prepare import InputColumn


def source(inputs: Any) -> SeriesSource:
    """Read the field."""
    return SeriesSource(path="x.csv", targets=("a",), inputs=inputs)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"lags": 24}, InputColumn(lags=24)),
        ({"lags": (3, 2, 1)}, InputColumn(lags=3)),
        ({"lags": (168, 1, 24), "known": True}, InputColumn(lags=(1, 24, 168), known=True)),
        ({"lags": 0, "known": True}, InputColumn(lags=0, known=True)),
        ({}, InputColumn()),
        (None, InputColumn()),
    ],
)
def test_columns_are_read_in_one_spelling(given: Any, expected: InputColumn) -> None:
    """Lags are in order, and all lags up to one are their number."""
    assert source({"a": given}).inputs == {"a": expected}


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ("{gdp: 24}", "series.inputs: gdp is 24; write gdp: {lags: 24}"),
        ("{gdp: [1, 24]}", "series.inputs: gdp is [1, 24]; write gdp: {lags: [1, 24]}"),
        ("{gdp: yes}", "series.inputs: gdp is yes; allowed: {lags: ..., known: ...}"),
        ("{gdp: {lag: 3}}", "gdp has no field 'lag': its fields are lags and known; did you mean lags?"),
        (
            "{gdp: {lags: -1}}",
            "gdp.lags is -1; allowed: a whole number from 1, a list of such numbers, or 0 with known",
        ),
        ("{gdp: {lags: [-1, -24]}}", "or 0 with known: true; write lags: [1, 24]"),
        ("{gdp: {lags: range(1, 25)}}", "or 0 with known: true; write lags: 24"),
        ("{gdp: {lags: {min: 2, max: 4}}}", "or 0 with known: true; write lags: [2, 3, 4]"),
        ("{gdp: {lags: '3'}}", "gdp.lags is 3; allowed: a whole number from 1, a list of such numbers, or 0 with"),
        ("{gdp: {shift: 3}}", "gdp has no field 'shift': its fields are lags and known; did you mean lags?"),
        ("{gdp: known}", "gdp is known; allowed: {lags: ..., known: ...}; write gdp: {known: true}"),
        ("{gdp: {lags: []}}", "gdp.lags is []; allowed: a whole number from 1"),
        ("{gdp: {lags: [0, 1]}}", "gdp.lags is [0, 1]; allowed: a whole number from 1"),
        ("{gdp: {lags: [2, 2]}}", "gdp.lags has 2 twice; keep one of them"),
        (
            "{gdp: {lags: 0}}",
            "gdp.lags is 0, with which the model sees nothing of gdp; write lags: 1, or add known: true",
        ),
        ("{gdp: {known: 1}}", "gdp.known is 1; allowed: true or false"),
        ("{gdp: {known: true}}", "gdp is known: true and a target: the model would see the values that it forecasts"),
        ("{2012: {}}", "2012 cannot be the name of a field; write a name, in quotes if necessary"),
        ("[gdp: {lags: 2}, 7]", "series.inputs is [{gdp: {lags: 2}}, 7]; allowed: a list of columns of the file, or a"),
        ("{}", "series.inputs is empty or names a column twice"),
        ("gdp", "series.inputs is gdp; allowed: a list of columns of the file, or a mapping of columns to"),
    ],
)
def test_mistakes_name_the_column(inputs: str, expected: str) -> None:
    """Each says what is allowed, or what to write."""
    with pytest.raises(GridError) as raised:
        Grid.parse(f"series: {{name: us_economy, targets: [gdp], inputs: {inputs}}}\n")
    assert expected in str(raised.value)


def test_it_is_written_as_it_was_given() -> None:
    """A proposal of the reading repeats what the grid says of columns, and no defaults."""
    one = changed(source({"a": {"lags": 2}, "b": {"known": True}, "c": {}}), {"decimal": ","})
    assert "inputs: {a: {lags: 2}, b: {known: true}, c: {}}" in written(one)
    assert changed(one, {}) == one


def test_columns_under_other_names_keep_what_is_seen() -> None:
    """As several series side by side have them."""
    two = InputColumn(lags=2)
    assert with_names({"a": two}, {"a x": "a", "a y": "a"}) == {"a x": two, "a y": two}
    assert with_names(("a",), {"a x": "a"}) == ("a x",)


def test_a_list_may_hold_columns_with_fields() -> None:
    """As YAML has them: [a, b: {known: true}]."""
    found = source(["a", {"b": {"known": True}}])
    assert found.inputs == {"a": InputColumn(), "b": InputColumn(known=True)}
    grid = Grid.parse(
        "series: {name: us_economy, targets: [gdp], inputs: [gdp, investment: {known: true}]}\ntest: 4\n"
        "model: {stateful: false}\nprepare: {pad: true}\ngrid: {series.inputs.gdp.lags: [1, 2]}",
        overrides=["series.inputs.investment.lags=2"],
    )
    seen = [point.configuration.series.seen for point in grid.points]
    investment = InputColumn(lags=2, known=True)
    assert seen == [{"gdp": InputColumn(lags=lags), "investment": investment} for lags in (1, 2)]
