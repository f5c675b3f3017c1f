"""Rows that touch what was missing are left out; a warning says where these are most of them."""

from __future__ import annotations

from pathlib import Path

from scheduler.grid.grid import Grid


def grid(folder: Path, lags: str, missing: str) -> Grid:
    """Return the grid of a series in which every tenth value is missing."""
    rows = "".join(f"{'' if day % 10 == 5 else day * day % 17}\n" for day in range(100))
    (folder / "holes.csv").write_text(f"sales\n{rows}")
    series = f"series: {{path: holes.csv, value: sales, missing: {missing}}}\n"
    text = f"{series}test: 4\nprepare: {{difference: 0, lags: {lags}}}\nmodel: {{stateful: false}}\n"
    path = folder / "grid.yaml"
    path.write_text(text + "training: {batch_size: 1}\n")
    return Grid.load(path)


def test_most_rows_that_are_lost_are_said_with_a_way_out(tmp_path: Path) -> None:
    """With 6 lags most windows touch a hole; with 2 most do not, and with the previous value none does."""
    (line,) = [one for one in grid(tmp_path, "6", "mask").warnings if "missing" in one]
    assert "missing observations leave 27 of 90 rows to train on" in line, line
    assert not [one for one in grid(tmp_path, "2", "mask").warnings if "missing" in one]
    assert not [one for one in grid(tmp_path, "6", "previous").warnings if "missing" in one]
