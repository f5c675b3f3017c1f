"""Missing values: filled by what was asked for, and no training row sees what came later."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.grid.grid import Grid
from scheduler.series.reading.filling import fill
from store.errors import GridError
from store.schema.framing import frame
from tests.series.files import ISO, VALUES, table
from worker.engine.prepare import prepare

HOLES = [10, 11, 12, 25, 40]
CONTENT = table(ISO, values=["NA" if place in HOLES else value for place, value in enumerate(VALUES)])
REST = "test: 6\ntraining: {batch_size: 1, epochs: 5}\n"


def grid(folder: Path, missing: str, rest: str = "model: {stateful: false}\n", content: str = CONTENT) -> Grid:
    """Read a grid on a file with holes."""
    (folder / "data.csv").write_text(content)
    text = f"series: {{path: data.csv, time: day, value: y, missing: {missing}}}\n{REST}{rest}"
    return Grid.parse(text, file=str(folder / "g.yaml"))


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("previous", [1.0, 1.0, 1.0, 4.0, 4.0, 6.0, 6.0, 8.0]),
        ("linear", [1.0, 2.0, 3.0, 4.0, 4.0, 6.0, 6.0, 8.0]),
        ("seasonal", [1.0, 1.0, 1.0, 4.0, 1.0, 6.0, 6.0, 8.0]),
    ],
)
def test_how_values_are_filled(how: str, expected: list[float]) -> None:
    """The test part starts at the sixth value; the gap before it is filled from before it, and so is that within."""
    nan = np.nan
    values = np.array([1.0, nan, nan, 4.0, nan, 6.0, nan, 8.0])
    assert fill(values, how, 5, 3).tolist() == expected


@pytest.mark.parametrize("missing", ["linear", "seasonal", "mask"])
def test_no_training_row_has_a_value_that_was_missing(tmp_path: Path, missing: str) -> None:
    """Whatever stands there changes no training row."""
    made = grid(tmp_path, missing, "model: {stateful: false}\nprepare: {lags: 3, difference: 2, horizon: 2}\n")
    (point,), (series,) = made.points, made.series_data()
    assert point.configuration.series.left_out == ((10, 13), (25, 26), (40, 41))
    spoilt = series.values.copy()
    spoilt[HOLES] = 1e6
    before, after = (prepare(point.configuration, one).train for one in (series, replace(series, values=spoilt)))
    np.testing.assert_array_equal(before.inputs, after.inputs)
    np.testing.assert_array_equal(before.targets, after.targets)
    assert len(before) < 30


def test_filled_by_the_previous_value_all_rows_are_trained_on(tmp_path: Path) -> None:
    """No later value is in it."""
    made = grid(tmp_path, "previous")
    assert made.points[0].configuration.series.left_out == ()
    assert made.series_data()[0].values[10:13, 0].tolist() == [float(VALUES[9])] * 3


@pytest.mark.parametrize("missing", ["linear", "mask"])
def test_a_stateful_model_is_told_where_rows_are_left_out(tmp_path: Path, missing: str) -> None:
    """Its state is reset there: rows on both sides of a gap are of different stretches."""
    made = grid(tmp_path, missing, "")
    (point,), (series,) = made.points, made.series_data()
    rows, numbers = prepare(point.configuration, series).rows, frame(point.configuration, len(series.values)).kept
    assert rows.stretch[-1] == 3
    for row in range(1, len(rows)):
        assert (rows.stretch[row] > rows.stretch[row - 1]) == (numbers[row] > numbers[row - 1] + 1)


def test_a_hole_in_the_test_part(tmp_path: Path) -> None:
    """It is filled from before it; nothing is left out there, so that mask is refused."""
    content = table(ISO, values=[*VALUES[:44], "NA", *VALUES[45:]])
    made = grid(tmp_path, "linear", content=content)
    assert made.series_data()[0].values[44, 0] == float(VALUES[43])
    assert made.points[0].configuration.series.left_out == ()
    advice = rf"use previous, or a test part that is in the last 3 rows: test: {{from: {ISO[45]}}}"
    with pytest.raises(GridError, match=rf"2022-07-15 is missing in the test part.*{re.escape(advice)}"):
        grid(tmp_path, "mask", content=content)
    (tmp_path / "g.yaml").write_text("")
    text = "series: {path: data.csv, time: day, value: y, missing: mask}\nmodel: {stateful: false}\n"
    for horizon, rows in ((1, 3), (2, 2)):
        rest = f"test: {{from: {ISO[45]}}}\ntraining: {{batch_size: 1}}\nprepare: {{horizon: {horizon}}}\n"
        configuration = Grid.parse(text + rest, file=str(tmp_path / "g.yaml")).points[0].configuration
        assert (configuration.series.left_out, configuration.test) == (((44, 45),), rows)


def test_the_length_of_the_test_part_may_be_an_axis(tmp_path: Path) -> None:
    """Each length has its own filling."""
    content = table(ISO, values=[*VALUES[:40], "NA", *VALUES[41:]])
    made = grid(tmp_path, "linear", "model: {stateful: false}\ngrid: {test: [4, 10]}\n", content)
    short, long = made.points
    assert short.configuration.series.left_out == ((40, 41),)
    assert long.configuration.series.left_out == ()
    assert len(made.series_data()) == 2


def test_a_run_that_is_too_long(tmp_path: Path) -> None:
    """It is named, with the limit that would do."""
    with pytest.raises(
        GridError, match=r"y is missing in 3 rows in a row, 2022-06-11 to 2022-06-13; .*allows 2"
    ) as raised:
        grid(tmp_path, "previous, max_gap: 2")
    assert raised.value.mistakes[-1].endswith("missing: previous, max_gap: 3, value: y}")


def test_no_season_to_fill_by(tmp_path: Path) -> None:
    """Without times there is none."""
    (tmp_path / "data.csv").write_text(CONTENT)
    with pytest.raises(GridError, match=r"the times show no season; write series.season"):
        Grid.parse(
            "series: {path: data.csv, value: y, missing: seasonal}\nmodel: {stateful: false}", file=str(tmp_path / "g")
        )


@given(holes=st.sets(st.integers(3, 33), max_size=6), lags=st.integers(1, 4), step=st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_rows_that_are_kept_touch_no_hole(holes: set[int], lags: int, step: int) -> None:
    """And the test rows are all there."""
    rows = f"prepare: {{pad: true, lags: {lags}, difference: {step}}}"
    base = Grid.parse(f"series: shampoo\ntest: 4\nmodel: {{stateful: false}}\n{rows}").points[0]
    ranges = tuple((hole, hole + 1) for hole in sorted(holes))
    series = base.configuration.series.model_copy(update={"left_out": ranges})
    cut = frame(base.configuration.model_copy(update={"series": series}), 40)
    whole = frame(base.configuration, 40)
    for row in cut.train:
        times = {*cut.input_times(row), *cut.target_times(row)}
        assert not (times | {time - step for time in times}) & holes
    assert [cut.target_times(row) for row in cut.test] == [whole.target_times(row) for row in whole.test]


def test_a_test_part_as_long_as_the_series() -> None:
    """It is filled by the previous value, and the grid's own checks refuse it."""
    values = np.array([1.0, np.nan, 3.0])
    np.testing.assert_array_equal(fill(values, "linear", 0, 0), [1.0, 1.0, 3.0])
