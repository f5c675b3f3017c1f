"""Numbers that were parted at their commas: which column has them must be plain."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.grid.grid import Grid
from store.errors import GridError

GRID = "series: {path: data.csv, time: day, value: price, decimal: ','}\ntest: 6\nprepare: {pad: true}\n"


def _loaded(folder: Path, header: str, row: str) -> Grid:
    rows = "".join(f"2024-01-{day:02d},{row.format(day)}\n" for day in range(1, 29))
    (folder / "data.csv").write_text(f"{header}\n{rows}")
    return Grid.parse(GRID + "model: {stateful: false}\n", file=str(folder / "grid.yaml"))


def test_two_columns_that_may_have_them_are_refused(tmp_path: Path) -> None:
    """Prices and a count, of which any may have the comma."""
    with pytest.raises(GridError, match="28 of 28 rows, lines 2 to 29, have 4 fields"):
        _loaded(tmp_path, "day,price,count", "11,{},4")


def test_the_last_column_is_put_together_with_a_note(tmp_path: Path) -> None:
    """Where nothing else can be."""
    grid = _loaded(tmp_path, "day,kind,price", "a,11,{}")
    assert grid.series_data()[0].values[:2, 0].tolist() == [11.1, 11.2]
    assert "put together on 28 lines, such as 11,1 of price" in " ".join(grid.notes)
