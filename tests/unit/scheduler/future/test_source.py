"""What a grid says of the files of its series."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.future.source import Source, files_of


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        ("series: {path: sales.csv}", ["grids/sales.csv"]),
        ("series: [{path: ../other.csv}, {path: /data/sales.csv}]", ["grids/../other.csv", "/data/sales.csv"]),
        ("series: shampoo", []),
    ],
)
def test_its_files_lie_beside_it(grid: str, expected: list[str]) -> None:
    """Paths are relative to the grid."""
    assert files_of(grid, "grids/tune.yaml") == [Path(one) for one in expected]


def test_times_may_be_in_several_columns() -> None:
    """One that is by itself has a name that can be asked for."""
    assert Source.of("series: {path: a.csv, time: [year, month]}").times == ("year", "month")
    assert Source.of("series: {path: a.csv, time: [year, month]}").time is None
    assert Source.of("series: {path: a.csv, time: when}").time == "when"
