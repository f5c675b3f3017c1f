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
    assert table.observed("sales", table.by_time(AHEAD), AHEAD.labels) == expected


def test_rows_of_others_are_refused(tmp_path: Path) -> None:
    """Also where nothing tells them apart: then rows of the same time differ."""
    with pytest.raises(UsageError, match=r"new\.csv has no row of east, by store; there are north and south"):
        known(tmp_path, LONG, Source.of("series: {path: a.csv, id: store}"), "east")
    with pytest.raises(UsageError, match=r"new\.csv has 2 rows for 2020-11, and they differ; keep one for each time"):
        known(tmp_path, LONG, Source.of("series: a"), "a").by_time(AHEAD)
    twice = known(tmp_path, "month,sales\n2020-11,1\n2020-11,1\n", Source.of("series: a"), "a")
    assert twice.by_time(AHEAD) == {0: 0}


def test_local_times_are_of_the_zone_of_the_series(tmp_path: Path) -> None:
    """The hour that is there twice is two hours, and the ones after it are not one off."""
    past = [one.isoformat() for one in pd.date_range("2024-10-20", periods=24 * 7 + 2, freq="h", tz="Europe/Berlin")]
    ahead = times_ahead(past, 3, observations=len(past), zone="Europe/Berlin")
    text = "time,load\n2024-10-27 02:00,1\n2024-10-27 02:00,2\n2024-10-27 03:00,3\n"
    table = known(tmp_path, text, Source.of("series: {path: a.csv, timezone: Europe/Berlin}"), "a")
    assert table.numbers("load", table.by_time(ahead), ahead.labels).tolist() == [1.0, 2.0, 3.0]


def test_several_files_are_written_as_all_of_them_are() -> None:
    """What differs is not known of any."""
    found = Source.of("series: [{path: a, decimal: ',', time: x}, {path: b, decimal: ',', time: y}, shampoo]")
    assert (found.marks.decimal, found.time) == (",", None)


QUARTERS = times_ahead([str(one.date()) for one in pd.date_range("2010", periods=24, freq="QS")], 3, observations=24)


@pytest.mark.parametrize(
    ("grid", "text"),
    [
        ("time: when", "when,v\n2016Q1,1\n2016Q2,2\n"),
        ("time: when", "v,when\n2,Q2 2016\n1,Q1 2016\n"),
        ("time: when", "when;v\n01.01.2016;1\n01.04.2016;2\n"),
        ("time: when", "when,v\n04/01/2016,2\n01/01/2016,1\n"),
        ("time: when", "when,v\n2016.0,1\n2016.25,2\n"),
        ("time: when", "when,v\n1451606400,1\n1459468800,2\n"),
        ("time: when", "when,v\nJanuar 2016,1\nApril 2016,2\n,\n"),
        ("time: when", "when,v\n2559Q1,1\n2559Q2,2\n"),
        ("time: when, frequency: quarterly", "when,v\n2016,8\n2017,9\n2016 Q1,1\n2016 Q2,2\n2016 JAN,7\n2016 APR,8\n"),
        ("time: when, format: '%y|%m'", "when,v\n16|01,1\n16|04,2\n"),
        ("time: [year, quarter]", "year,quarter,v\n2016,1,1\n2016,2,2\n"),
        ("value: v", "date,v\n2016-01-01,1\n2016-04-01,2\n"),
        ("time: column_1, header: false", "2016Q1,1\n2016Q2,2\n2016Q3,\n"),
        ("time: when, decimal: ',', thousands: '.'", "when;v\n2016Q1;1,0 %\n2016Q2;2,0 %\n"),
    ],
)
def test_times_are_read_in_all_forms(tmp_path: Path, grid: str, text: str) -> None:
    """Those of the file need not be written as the study has them, and come in any order."""
    table = known(tmp_path, text, Source.of(f"series: {{path: a.csv, {grid}}}"), "a")
    name = "column_2" if "header" in grid else "v"
    assert table.observed(name, table.by_time(QUARTERS), QUARTERS.labels) == {0: 1.0, 1: 2.0}


def test_a_missing_value_with_a_mark_is_not_known_yet(tmp_path: Path) -> None:
    """As in the file of the series; a number with a mark is one."""
    grid = "series: {path: a.csv, time: month, value: sales, na: [':'], flags: [p]}"
    table = known(tmp_path, "month,sales\n2021-01,: p\n2021-02,7 p\n", Source.of(grid), "a")
    assert table.observed("sales", {1: 0, 2: 1}, AHEAD.labels) == {2: 7.0}
