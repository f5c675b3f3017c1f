"""One time with a wrong year is named, and no rows are put in between it and the others."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from store.errors import SeriesError
from tests.series.csv_files import read
from tests.series.files import table

COUNT = 60


def _slipped(freq: str, place: int, years: int) -> list[str]:
    days = pd.date_range("2015-01-05", periods=COUNT, freq=freq).strftime("%Y-%m-%d %H:%M").tolist()
    days[place] = f"{int(days[place][:4]) + years}{days[place][4:]}"
    return days


def _read(folder: Path, times: list[str], **fields: object) -> int:
    text = table(times, header="Month,Sales", values=[f"{n}.5" for n in range(len(times))])
    return len(read(folder, text, **fields).values)


@pytest.mark.parametrize("years", [-400, 195])
@pytest.mark.parametrize("place", [0, 20, COUNT - 1])
@pytest.mark.parametrize("freq", ["15min", "h", "D", "B", "W", "MS", "QS", "YS"])
def test_a_time_of_another_century_is_a_slip(tmp_path: Path, freq: str, place: int, years: int) -> None:
    """The row can be left out; what is missing in its place is one row at most."""
    with pytest.raises(SeriesError, match=r"looks like a slip: the rows? beside it") as error:
        _read(tmp_path, _slipped(freq, place, years))
    assert f"s.csv:{place + 2}: the time" in str(error.value)
    assert "na: ['" in str(error.value)
    assert "max_gap" not in str(error.value)
    assert ("1 row is missing" in str(error.value)) == ("missing: previous" in str(error.value))
    with pytest.raises(SeriesError, match="looks like a slip"):
        _read(tmp_path, _slipped(freq, place, years), missing="previous")


@pytest.mark.parametrize("falling", [False, True])
@pytest.mark.parametrize("years", [-1, 1])
@pytest.mark.parametrize("place", [0, 400, 799])
def test_the_year_before_and_the_next_one(tmp_path: Path, place: int, years: int, falling: bool) -> None:
    """Such a time may be that of another row, which stays: then only the file can be corrected."""
    days = pd.date_range("2015-01-05", periods=800).strftime("%Y-%m-%d").tolist()
    days[place] = f"{int(days[place][:4]) + years}{days[place][4:]}"
    again = days.count(days[place]) > 1
    with pytest.raises(SeriesError, match="looks like a slip") as error:
        _read(tmp_path, days[::-1] if falling else days)
    assert ("na: ['" not in str(error.value)) == again
    assert "duplicates" not in str(error.value)


def test_a_time_twice_on_end_may_be_meant(tmp_path: Path) -> None:
    """The row after it may be missing, and both be right: the grid can say so."""
    days = pd.date_range("2015-01-05", periods=COUNT).strftime("%Y-%m-%d").tolist()
    days[10] = days[9]
    with pytest.raises(SeriesError, match="if both rows are of that time, decide by series"):
        _read(tmp_path, days)
    with pytest.raises(SeriesError, match="1 row is missing"):
        _read(tmp_path, days, duplicates="last")


def test_what_is_right_is_allowed(tmp_path: Path) -> None:
    """A long gap that is meant is filled; a row that was added later, or two that are swapped, are sorted."""
    days = pd.date_range("2015-01-05", periods=COUNT).strftime("%Y-%m-%d").tolist()
    far = [*days[:20], "2015-02-04"]
    with pytest.raises(SeriesError, match=r"if it is right, allow the gap: series\.max_gap: 10"):
        _read(tmp_path, far)
    assert _read(tmp_path, far, missing="previous", max_gap=10) == 31
    assert _read(tmp_path, [*days[:20], *days[21:], days[20]]) == COUNT
    assert _read(tmp_path, [*days[:20], days[21], days[20], *days[22:]]) == COUNT


def test_more_rows_than_the_file_has_are_never_proposed(tmp_path: Path) -> None:
    """Ten rows of 2002 in 2020 are no slip of one row, and 6,524 rows between them no remedy."""
    days = pd.date_range("2020-01-05", periods=COUNT).strftime("%Y-%m-%d").tolist()
    days[30:40] = [day.replace("2020", "2002") for day in days[30:40]]
    with pytest.raises(SeriesError, match="more rows than the file has: look for wrong times first") as error:
        _read(tmp_path, days)
    assert "write series" not in str(error.value)
