"""A forecast beyond the end in a terminal and as files."""

from __future__ import annotations

import io
import json
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from scheduler.report.formats.future import check_ending, file_content, show_future
from scheduler.report.formats.terminal import as_text
from store import UsageError
from tests.unit.scheduler.future.made import made_future


def test_the_table_has_times_medians_and_intervals() -> None:
    """And below it how they were made."""
    lines = as_text(partial(show_future, made_future(levels=(80.0, 95.0)))).splitlines()
    assert lines[0] == "tune, units=2: shop beyond the end"
    assert lines[1].split() == ["time", "median", "80%", "interval", "95%", "interval"]
    assert lines[2].split() == ["2022-07", "101.00", "91.00", "to", "111.00", "89.12", "to", "112.88"]
    assert "- units=2 is best." in lines
    assert "- intervals of steps 2 to 3: of recursive forecasts that were started at every test row" in lines


def test_single_repeats_are_columns_on_demand() -> None:
    """Behind the others; of several targets each has a table."""
    text = as_text(partial(show_future, made_future(("sales", "price")), every=True))
    assert text.count("repeat 0   repeat 1") == 2
    assert "\nprice\n" in text


def test_files_are_of_the_kind_that_their_ending_says() -> None:
    """With the median, or the single repeats."""
    future = made_future()
    assert file_content(future, Path("a.csv")).splitlines()[:2] == [
        "target,step,time,median,low_80,high_80",
        "sales,1,2022-07,101.0,91.0,111.0",
    ]
    found = pd.read_parquet(io.BytesIO(file_content(future, Path("a.parquet"), every=True)))
    assert found["repeat"].tolist() == [0, 0, 0, 1, 1, 1]
    record = json.loads(file_content(future, Path("a.json")))
    assert (record["configuration"], record["rows"][2]["median"]) == ("units=2", 103.0)


def test_other_endings_are_refused() -> None:
    """Before anything is trained."""
    check_ending(Path("a.CSV"))
    with pytest.raises(UsageError, match=r"--output a.txt: the ending says the format; allowed: .csv, .parquet, .json"):
        check_ending(Path("a.txt"))
