"""Rows whose time is missing or cannot be read: the message names the field that leaves them out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from store.errors import SeriesError
from tests.series.csv_files import GOOD, read, refused
from tests.series.files import days, table


def test_a_missing_time_is_filled_in_or_left_out(tmp_path: Path) -> None:
    """The proposal is read: the row is left out, and nothing else."""
    refused(
        tmp_path,
        GOOD + ",4\n",
        ":5: the time is missing on line 5; fill it in, or leave the row out by series.na",
        ": write series: {path: s.csv, time: Month, na: [''], value: Sales}",
    )
    assert len(read(tmp_path, GOOD + ",4\n", na=[""]).values) == 3


@pytest.mark.parametrize(
    ("texts", "what"),
    [
        (["0", "1", "2"], "whole numbers such as 0"),
        (["0.0", "0.1", "0.2"], "numbers such as 0.0"),
        (["1.609459E+09"] * 3, "numbers rounded by a spreadsheet such as 1.609459E+09"),
        (days("%H:%M", freq="h", count=3), "clocks without a day such as 00:00"),
    ],
)
def test_what_is_counted_is_no_time(tmp_path: Path, texts: list[str], what: str) -> None:
    """The rows are in the order of the file."""
    refused(
        tmp_path,
        table(texts, header="Month,Sales"),
        f":2: Month holds {what}, which are no times; leave series.time out: rows are then used in the order of the "
        "file",
        ": write series: {path: s.csv, value: Sales}",
    )


def test_a_number_that_stands_for_a_missing_value_is_no_missing_hour(tmp_path: Path) -> None:
    """Else the first hour of each day would be left out, and filled by the one before."""
    rows = [f"2024-01-{day:02d},{hour},{hour or 1}" for day in (1, 2, 3) for hour in range(24)]
    for na in ([0], ["0"]):
        fields = {"time": ["day", "hour"], "na": na}
        assert len(read(tmp_path, "\n".join(["day,hour,Sales", *rows]) + "\n", **fields).values) == 72


def test_hours_that_end_at_24_tell_days_from_months(tmp_path: Path) -> None:
    """And where nothing tells them apart, the form that is proposed is read."""
    rows = [f"{day:02d}/01/2020,{hour},1" for day in (1, 2, 3) for hour in range(1, 25)]
    times = read(tmp_path, "\n".join(["day,hour,Sales", *rows]) + "\n", time=["day", "hour"]).times
    assert times == tuple(str(one) for one in np.arange("2020-01-01T01", 72, dtype="datetime64[h]").astype("M8[s]"))
    noon = "\n".join(["day,hour,Sales", *(f"{day:02d}/01/2020,12,1" for day in range(1, 11))]) + "\n"
    with pytest.raises(SeriesError, match="format: '%d/%m/%Y %H:%M:%S'"):
        read(tmp_path, noon, time=["day", "hour"])
    form = "%m/%d/%Y %H:%M:%S"
    assert read(tmp_path, noon, time=["day", "hour"], format=form).times[1] == "2020-02-01T12:00:00"


def test_codes_of_series_are_no_means_of_years(tmp_path: Path) -> None:
    """S01 to S04 are neither half-years with their mean nor weeks, of which 48 would be missing in each year."""
    text = "\n".join(["year,shop,Sales", *(f"{2000 + n // 4},S{n % 4 + 1:02d},{n}" for n in range(80))]) + "\n"
    assert len(read(tmp_path, text, time="year", id="shop", keep="S03").values) == 20
    with pytest.raises(SeriesError, match="the file holds 4 series, told apart by shop"):
        read(tmp_path, text, time="year")
