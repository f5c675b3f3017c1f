"""Rows for which a plan is known and no target yet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError
from tests.series.files import ISO, VALUES

REST = "test: 4\nprepare: {pad: true}\nmodel: {stateful: false}\n"


def grid(folder: Path, inputs: str, *, future: int = 5) -> Grid:
    """Read a file whose last rows have no y."""
    rows = [f"{time},{'' if row >= 48 - future else VALUES[row]},{row % 7}" for row, time in enumerate(ISO)]
    (folder / "x.csv").write_text("\n".join(["day,y,plan", *rows]) + "\n")
    text = f"series: {{path: x.csv, time: day, targets: [y], inputs: {inputs}}}\n{REST}"
    return Grid.parse(text, file=str(folder / "g.yaml"))


def test_they_are_left_out_and_said(tmp_path: Path) -> None:
    """No value is invented for them."""
    found = grid(tmp_path, "{y: {lags: 2}, plan: {known: true}}")
    (series,) = found.series_data()
    assert (len(series.values), series.times[-1]) == (43, ISO[42])
    assert [note.split(": ", 1)[1] for note in found.notes] == [
        f"the last 5 rows, from {ISO[43]} on, have no y yet and are left out: there is nothing to compare a forecast "
        "with"
    ]


def test_without_a_column_that_is_known_they_are_missing_values(tmp_path: Path) -> None:
    """As before; and nothing is said where there are none."""
    with pytest.raises(GridError, match=r"5 of 48 values of y are missing"):
        grid(tmp_path, "[y, plan]")
    assert grid(tmp_path, "{y: {lags: 2}, plan: {known: true}}", future=0).notes == ()


@pytest.mark.parametrize("missing", ["previous", "linear", "mask"])
def test_nothing_fills_them(tmp_path: Path, missing: str) -> None:
    """A value that nobody observed would be forecast and scored; rows with other missing values are filled."""
    found = grid(tmp_path, f"[y, plan], missing: {missing}")
    assert len(found.series_data()[0].values) == 43
    (note,) = found.notes
    assert "have no y yet and are left out" in note


def test_a_data_frame() -> None:
    """The same."""
    table = pd.DataFrame({"y": [*np.arange(30) % 5.0, np.nan], "plan": np.arange(31.0)}, index=pd.Index(ISO[:31]))
    fields = {"test": 4, "prepare": {"pad": True}, "model": {"stateful": False}}
    series = {"targets": ["y"], "inputs": {"y": {}, "plan": {"known": True}}}
    found = Grid.of(fields | {"series": series}, series=table)
    assert len(found.series_data()[0].values) == 30
    assert "the last row, from 2022-07-01 on, has no y yet and is left out" in found.notes[0].replace("1 row", "row")
