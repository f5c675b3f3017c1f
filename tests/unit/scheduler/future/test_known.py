"""Tables of values that are known ahead, or have come since: whose rows they are, and of which time."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from scheduler.future.known import Known
from scheduler.future.source import Source
from scheduler.series.times_ahead import times_ahead
from store import UsageError

AHEAD = times_ahead([f"2020-{month:02d}" for month in range(1, 11)], 2, observations=10)
LONG = "month,sales,store\n2020-11,1,north\n2020-11,2,south\n2020-12,3,north\n2020-12,4,south\n"


def known(folder: Path, text: str, source: Source, series: str) -> Known:
    """Write a file, and read what it has of a series."""
    (folder / "new.csv").write_text(text)
    return Known.read(folder / "new.csv").written_as(source, series)


@pytest.mark.parametrize(
    ("grid", "series", "expected"),
    [
        ("series: {path: a.csv, id: store}", "south", {0: 2.0, 1: 4.0}),
        ("series: {path: a.csv, id: store, value: [sales, price]}", "north sales", {0: 1.0, 1: 3.0}),
        ("series: {path: a.csv, id: store, keep: south}\ngrid: {[a, b]: [[1, 2]]}", "a", {0: 2.0, 1: 4.0}),
    ],
)
def test_rows_are_those_of_the_series(tmp_path: Path, grid: str, series: str, expected: dict[int, float]) -> None:
    """Where a column of the grid tells several series of a file apart."""
    table = known(tmp_path, LONG, Source.of(grid), series)
    assert table.observed("sales", table.by_time(AHEAD, "month"), AHEAD.labels) == expected


def test_rows_of_others_are_refused(tmp_path: Path) -> None:
    """Also where nothing tells them apart: then rows of the same time differ."""
    with pytest.raises(UsageError, match=r"new\.csv has no row of east, by store; there are north and south"):
        known(tmp_path, LONG, Source.of("series: {path: a.csv, id: store}"), "east")
    with pytest.raises(UsageError, match=r"new\.csv has 2 rows for 2020-11, and they differ; keep one for each time"):
        known(tmp_path, LONG, Source.of("series: a"), "a").by_time(AHEAD, "month")
    twice = known(tmp_path, "month,sales\n2020-11,1\n2020-11,1\n", Source.of("series: a"), "a")
    assert twice.by_time(AHEAD, "month") == {0: 0}


def test_local_times_are_of_the_zone_of_the_series(tmp_path: Path) -> None:
    """The hour that is there twice is two hours, and the ones after it are not one off."""
    past = [one.isoformat() for one in pd.date_range("2024-10-20", periods=24 * 7 + 2, freq="h", tz="Europe/Berlin")]
    ahead = times_ahead(past, 3, observations=len(past), zone="Europe/Berlin")
    text = "time,load\n2024-10-27 02:00,1\n2024-10-27 02:00,2\n2024-10-27 03:00,3\n"
    table = known(tmp_path, text, Source.of("series: {path: a.csv, timezone: Europe/Berlin}"), "a")
    assert table.numbers("load", table.by_time(ahead, "time"), ahead.labels).tolist() == [1.0, 2.0, 3.0]


def test_several_files_are_written_as_all_of_them_are() -> None:
    """What differs is not known of any."""
    found = Source.of("series: [{path: a, decimal: ',', time: x}, {path: b, decimal: ',', time: y}, shampoo]")
    assert (found.marks.decimal, found.time) == (",", None)


def test_a_missing_value_with_a_mark_is_not_known_yet(tmp_path: Path) -> None:
    """As in the file of the series; a number with a mark is one."""
    grid = "series: {path: a.csv, time: month, value: sales, na: [':'], flags: [p]}"
    table = known(tmp_path, "month,sales\n2021-01,: p\n2021-02,7 p\n", Source.of(grid), "a")
    assert table.observed("sales", {1: 0, 2: 1}, AHEAD.labels) == {2: 7.0}
