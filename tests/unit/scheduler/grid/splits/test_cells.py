"""Splits: the windows of a rolling origin are those of a plain loop, and each cell is one job a repeat."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scheduler.grid.expand import expand
from scheduler.grid.grid import Grid
from store.preparation.windows import windowed
from store.schema.framing import frame

FIELDS = {"model": {"stateful": False}, "prepare": {"pad": True}}


def panel(folder: Path, lengths: dict[str, int], **fields: object) -> Grid:
    """Read a grid on a file with a series of each length, told apart by the column `shop`."""
    months = pd.date_range("2015-01-01", periods=max(lengths.values()), freq="MS").strftime("%Y-%m-%d")
    rows = [
        f"{shop},{months[row]},{100 + row + 7 * (row % 5)}" for shop, length in lengths.items() for row in range(length)
    ]
    (folder / "shops.csv").write_text("\n".join(["shop,month,sales", *rows]))
    (folder / "g.yaml").write_text("")
    source = {"path": str(folder / "shops.csv"), "time": "month", "value": "sales", "id": "shop"}
    return Grid.of({"series": source, "test": 4, "repeats": 2, **FIELDS, **fields})


@pytest.mark.parametrize(
    ("windows", "step", "train"),
    [
        ({"count": 3}, 4, None),
        ({"count": 3, "step": 2}, 2, None),
        ({"count": 2, "step": 5, "train": {"sliding": 12}}, 5, 12),
    ],
)
def test_windows_are_those_of_a_plain_loop(windows: dict[str, object], step: int, train: int | None) -> None:
    """Each is the series cut with pandas: what is before the test part, and the test part."""
    table = pd.DataFrame({"y": np.arange(40.0) ** 1.5})
    grid = Grid.of({"test": 4, "windows": windows, **FIELDS}, series=table)
    (series,), count = grid.series_data(), int(str(windows["count"]))
    found = [windowed(cell.configuration, series)[1].values[:, 0] for cell in grid.cells()]
    for place, values in enumerate(found):
        stop = len(table) - (count - 1 - place) * step
        start = 0 if train is None else stop - 4 - train
        assert values.tolist() == table["y"].iloc[start:stop].tolist()


def test_rows_of_a_window_are_those_of_the_series_cut_there() -> None:
    """The frame of a window is that of the shorter series, counted from the start of the whole one."""
    table = pd.DataFrame({"y": np.arange(40.0) ** 1.5})
    windows = {"count": 2, "step": 5, "train": {"sliding": 12}}
    grid = Grid.of({"test": 4, "prepare": {"pad": True, "horizon": 2}, "windows": windows, **MODEL}, series=table)
    for cell, start in zip(grid.cells(), (40 - 5 - 5 - 12, 40 - 5 - 12), strict=True):
        part, cut = windowed(cell.configuration, grid.series_data()[0])
        whole, own = frame(cell.configuration, 40), frame(part, len(cut.values))
        assert (whole.train, whole.test, whole.first) == (own.train, own.test, own.first + start)
        assert whole.target_times(whole.test[0]).start == start + 12


MODEL = {"model": {"stateful": False}}


def test_one_window_of_one_series_is_what_it_was() -> None:
    """Its keys and its canonical JSON are those of a grid that has no windows."""
    fields = {"series": "shampoo", "repeats": 2, "grid": {"model.units": [1, 2]}}
    plain, one = expand(Grid.of(fields)), expand(Grid.of(fields | {"windows": {"count": 1}}))
    assert one.configurations == plain.configurations
    assert "window" not in plain.configurations[0].params


def test_each_split_has_the_seeds_of_the_repeats(tmp_path: Path) -> None:
    """Keys differ from split to split; seeds and programs of splits of like length do not."""
    found = expand(panel(tmp_path, {"a": 48, "b": 47}, windows={"count": 2}, grid={"model.units": [1, 2]}))
    assert [one.point for one in found.configurations] == ["units=1"] * 4 + ["units=2"] * 4
    assert [one.label for one in found.configurations[:3]] == [
        *("units=1 @ a, window 1 of 2", "units=1 @ a, window 2 of 2", "units=1 @ b, window 1 of 2"),
    ]
    assert len({tuple(job.seed for job in one.jobs) for one in found.configurations}) == 1
    assert len({job.key for one in found.configurations for job in one.jobs}) == 16
    assert len({job.program for one in found.configurations[:4] for job in one.jobs}) == 1
    assert found.score == "mase"


def test_the_test_part_of_no_window_is_filled_from_its_future() -> None:
    """A value that is missing in an earlier window's test part is filled by the one before, as in the last one's."""
    table = pd.DataFrame({"y": np.arange(40.0) ** 1.5}, index=pd.date_range("2020", periods=40, freq="D"))
    table.iloc[33] = np.nan
    fields = {"test": 4, "series": {"value": "y", "missing": "linear"}, **FIELDS}
    (once,), (twice,) = (Grid.of(fields | more, series=table).series_data() for more in ({}, {"windows": {"count": 2}}))
    assert once.values[33, 0] == pytest.approx((table["y"].iloc[32] + table["y"].iloc[34]) / 2)
    assert twice.values[33, 0] == table["y"].iloc[32]


def test_a_share_is_of_each_series(tmp_path: Path) -> None:
    """The test part of a series is its own share."""
    grid = panel(tmp_path, {"a": 40, "b": 20}, test=0.2)
    assert [cell.configuration.test for cell in grid.cells()] == [8, 4]
