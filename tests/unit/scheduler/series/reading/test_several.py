"""Several series of a file as the columns of one table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scheduler.series.fields import SeriesSource
from scheduler.series.source import Loaded, load
from store.errors import SeriesError
from tests.series.files import ISO, LOCAL

FIRST = [f"A,{day},{row}" for row, day in enumerate(ISO[:30])]
SECOND = [f"B,{day},{2 * row}" for row, day in enumerate(ISO[:30])]
CLOCKS = [f"A,{hour},1{row}" for row, hour in enumerate(LOCAL)]


def columns(folder: Path, rows: list[str], **fields: Any) -> Loaded:
    """Read two series side by side."""
    (folder / "s.csv").write_text("\n".join(["shop,day,y", *rows]) + "\n")
    usual = {"path": "s.csv", "time": "day", "value": "y", "id": "shop", "keep": ["A", "B"], "as": "columns"}
    return load(SeriesSource.model_validate(usual | fields), folder)


def refused(folder: Path, rows: list[str], **fields: Any) -> str:
    """Return what is said of two series."""
    with pytest.raises(SeriesError) as raised:
        columns(folder, rows, **fields)
    return "\n".join(raised.value.mistakes)


def test_each_is_a_column(tmp_path: Path) -> None:
    """In order of time, whatever that of the file is."""
    series = columns(tmp_path, FIRST[::-1] + SECOND).series
    assert series.columns == ("A", "B")
    np.testing.assert_array_equal(series.values[:, 1], 2 * series.values[:, 0])


def test_the_zone_is_checked_and_counts(tmp_path: Path) -> None:
    """As for one series."""
    assert "series.timezone is 'Nowhere/X'" in refused(tmp_path, FIRST + SECOND, timezone="Nowhere/X")
    both = CLOCKS + [row.replace("A,", "B,") for row in CLOCKS]
    assert columns(tmp_path, both, timezone="Europe/Berlin").series.times[0] == "2022-10-29T12:00:00+02:00"
    assert len(columns(tmp_path, both).series.times) == 48


def test_a_clock_that_only_one_shows_the_change_of(tmp_path: Path) -> None:
    """The message names the zone, with which both are read."""
    rows = CLOCKS + [row.replace("A,", "B,") for row in CLOCKS[30:]]
    assert "timezone: Europe/Berlin, missing: previous" in refused(tmp_path, rows)
    found = columns(tmp_path, rows, timezone="Europe/Berlin", missing="previous")
    assert found.series.times[0] == "2022-10-30T17:00:00+01:00"


def test_rows_of_the_same_time_in_one_of_them(tmp_path: Path) -> None:
    """They are settled as those of one series are."""
    rows = [*FIRST, *SECOND, f"B,{ISO[3]},99"]
    assert "1 time is there more than once" in refused(tmp_path, rows)
    assert columns(tmp_path, rows, duplicates="mean").series.values[3, 1] == (6 + 99) / 2
    assert "is a copy of another row" in " ".join(columns(tmp_path, [*FIRST, *SECOND, SECOND[3]]).notes)


def test_one_that_begins_later_and_ends_earlier(tmp_path: Path) -> None:
    """What is left out, and what is filled, is said."""
    notes = " ".join(columns(tmp_path, FIRST + SECOND[5:-3], missing="previous").notes)
    assert "B ends at 2022-06-27, 3 rows before the others" in notes
    assert "the first 5 rows are left out, where B has no value yet" in notes
    assert "3 of 25 rows filled by the previous value" in notes
