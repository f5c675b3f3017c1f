"""Rows whose time is missing or cannot be read: the message names the field that leaves them out."""

from __future__ import annotations

from pathlib import Path

import pytest

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
