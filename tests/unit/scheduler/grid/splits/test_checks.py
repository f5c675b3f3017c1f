"""Messages on splits that cannot be trained on: one pattern, what is needed, and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError
from tests.unit.scheduler.grid.splits.test_cells import panel


def refused(folder: Path, lengths: dict[str, int], **fields: object) -> str:
    """Return the only line with which a grid is refused."""
    with pytest.raises(GridError) as raised:
        panel(folder, lengths, **fields)
    (line,) = raised.value.mistakes
    return line


def test_series_that_are_too_short(tmp_path: Path) -> None:
    """They are counted and the first are named; the remedy is a grid that is read."""
    lengths = {"long": 60} | {f"s{number}": 20 + number for number in range(5)}
    assert refused(tmp_path, lengths, windows={"count": 6}) == (
        "5 of the 6 series are too short for 6 windows: s0 has 20 observations and needs 27, s1 has 21 observations "
        "and needs 27, s2 has 22 observations and needs 27, and 2 more; write windows.count: 4, or leave the short "
        "ones out (series.keep)"
    )
    assert panel(tmp_path, lengths, windows={"count": 4}).jobs == 6 * 4 * 2


def test_a_series_that_is_too_short_for_any_window(tmp_path: Path) -> None:
    """No number of windows helps."""
    assert refused(tmp_path, {"long": 60, "short": 4}, windows={"count": 2}) == (
        "one series is too short for 2 windows: short has 4 observations and needs 11; leave the short ones out "
        "(series.keep), or use a smaller test or prepare.lags"
    )


def test_a_series_that_is_shorter_than_what_slides(tmp_path: Path) -> None:
    """Each window is trained on as many observations as it says."""
    windows = {"count": 2, "train": {"sliding": 40}}
    assert "a has 44 observations and needs 48; write windows.count: 1" in refused(tmp_path, {"a": 44}, windows=windows)


def test_mistakes_of_single_splits_are_one_line(tmp_path: Path) -> None:
    """The first is shown, the others are counted."""
    fields = {"prepare": {"trim": 0}, "training": {"batch_size": 5}, "windows": {"count": 4, "step": 1}}
    line = refused(tmp_path, {"a": 30, "b": 30}, **fields)
    assert "which does not divide" in line
    assert line.endswith("(in a, window 1 of 4, and in 7 more of the 8 splits)")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("windows: 3", "windows is 3; allowed: {count: ..., step: ..., train: ...}"),
        ("windows: {step: 3}", "windows.count is missing"),
        ("windows: {count: 0}", "windows.count is 0; allowed: a whole number from 1"),
        ("windows: {count: 2, train: slide}", "windows.train is slide; allowed: {sliding: a whole number from 1}"),
        (
            "windows: {count: 2, train: {sliding: x}}",
            "windows.train is {sliding: x}; allowed: {sliding: a whole number from 1}, or expanding",
        ),
        ("windows: {count: 2, steps: 3}", "windows.steps is not a field; windows has count, step and train"),
        ("panel: together", "panel is together, and shampoo is one series; write panel: apart"),
        ("grid: {windows.count: [1, 2]}", "windows.count applies to the whole grid and cannot be an axis"),
        (
            "windows: {count: 2}\ntest: 0\nprotocol: {kind: batch_transfer}\nmodel: {stateful: true}",
            "windows has one test part after the other, and protocol batch_transfer forecasts the training rows",
        ),
    ],
)
def test_wrong_values(fields: str, says: str) -> None:
    """Each is one line with what is allowed."""
    with pytest.raises(GridError) as raised:
        Grid.parse(f"series: shampoo\n{fields}")
    assert says in "\n".join(raised.value.mistakes)
