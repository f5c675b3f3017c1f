"""Rows out of order and uneven times are named; holidays, clock changes and months are no uneven times."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from scheduler.grid.grid import Grid
from scheduler.grid.warnings import order
from scheduler.grid.warnings.order import uneven_steps
from store.errors import GridError
from tests.unit.scheduler.grid.warnings.reading import BASE, NOISE, warnings_of_file

DAYS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2022-06-01", periods=48)]
GERMAN = [f"{day:%d.%m.%Y}" for day in pd.date_range("2022-06-01", periods=48)]
GIVEN = 'time: day, value: y, format: "%d.%m.%Y %H:%M"'


def lines(times: list[str], header: str = "day,y") -> list[str]:
    """Write a file of times and noise."""
    return [header, *(f"{time},{value:.4f}" for time, value in zip(times, NOISE, strict=True))]


class TestRowsOutOfOrder:
    """The grid names no time."""

    @pytest.mark.parametrize("days", [DAYS, GERMAN])
    def test_the_newest_first(self, tmp_path: Path, days: list[str]) -> None:
        """The column, two of its times and what to do."""
        (line,) = warnings_of_file(tmp_path, lines(days[::-1]))
        assert f"the column day looks like times and falls ({days[-1]}, then {days[-2]})" in line
        assert "name it as series.time, by which rows are then sorted (of a DataFrame: make it the index" in line
        assert warnings_of_file(tmp_path, lines(days[::-1]), "time: day, value: y") == ()

    def test_sorting_and_naming_helps(self, tmp_path: Path) -> None:
        """The advice is one."""
        assert warnings_of_file(tmp_path, lines(DAYS)) == ()
        assert warnings_of_file(tmp_path, lines(DAYS), "time: day, value: y") == ()

    def test_times_that_repeat(self, tmp_path: Path) -> None:
        """Two series under one another."""
        (line,) = warnings_of_file(tmp_path, lines([day for day in DAYS[:24] for _ in range(2)]))
        assert f"looks like times and repeats ({DAYS[0]}, then {DAYS[0]})" in line
        assert "and the column that tells several series apart as series.id" in line

    def test_numbers_are_times_only_by_name(self, tmp_path: Path) -> None:
        """A column of years, and one of stock."""
        years = [str(year) for year in range(2022, 2022 - 48, -1)]
        assert "the column year looks like times and falls" in warnings_of_file(tmp_path, lines(years, "year,y"))[0]
        assert warnings_of_file(tmp_path, lines(years, "stock,y")) == ()

    def test_a_table_from_python(self) -> None:
        """With the times as its index, earliest first, it has no warning."""
        days = pd.date_range("2022-06-01", periods=48)
        table = pd.DataFrame({"y": NOISE, "day": days[::-1]})
        fields = BASE | {"series": {"value": "y"}}
        (line,) = Grid.of(fields, series=table).warnings
        assert "the column day looks like times and falls (2022-07-18, then 2022-07-17)" in line
        assert Grid.of(fields, series=table.set_index("day").sort_index()).warnings == ()


class TestUnevenTimes:
    """The grid names the time."""

    def test_a_gap_that_is_filled(self, tmp_path: Path) -> None:
        """Files with gaps are refused; filled, they are even."""
        ends = [f"{day:%Y-%m-%d}" for day in pd.date_range("2015-01-31", periods=50, freq="ME")]
        gap = lines(ends[:20] + ends[22:])
        with pytest.raises(GridError, match="2 rows are missing: 2016-09-30 to 2016-10-31"):
            warnings_of_file(tmp_path, gap, "time: day, value: y")
        assert warnings_of_file(tmp_path, gap, "time: day, value: y, missing: previous") == ()
        assert warnings_of_file(tmp_path, lines(ends[:48]), "time: day, value: y") == ()

    def test_many_uneven_steps_are_counted(self, tmp_path: Path) -> None:
        """Three are named."""
        days = pd.date_range("2022-06-01", periods=40).append(pd.date_range("2022-07-20", periods=8, freq="40h"))
        times = [f"{day:%Y-%m-%d %H:%M}" for day in days]
        (line,) = warnings_of_file(tmp_path, lines(times), "time: day, value: y")
        assert "8 steps of 47 differ from the usual one of about 1 day" in line
        assert "and 5 more" in line

    def test_times_are_read_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The second look at the warnings costs nothing, however many times there are."""
        odd = [f"{day:%d.%m.%Y %H:%M}" for day in pd.to_datetime(DAYS) + pd.to_timedelta([0] * 20 + [9] * 28, unit="h")]
        warnings = warnings_of_file(tmp_path, lines(odd), GIVEN)
        monkeypatch.setattr(order, "readings", None)
        assert warnings == Grid.load(tmp_path / "grid.yaml").warnings
        assert "1 step of 47 differs" in warnings[0]

    @pytest.mark.parametrize("form", ["%m/%d/%Y", "%d/%m/%Y"])
    def test_the_first_days_of_months_are_even_whichever_comes_first(self, tmp_path: Path, form: str) -> None:
        """Read the other way they would be the first days of a year."""
        months = [day.strftime(form) for day in pd.date_range("2015-01-01", periods=48, freq="MS")]
        assert warnings_of_file(tmp_path, lines(months), f'time: day, value: y, format: "{form}"') == ()

    @pytest.mark.parametrize(
        "times",
        [
            pd.date_range("2022-01-03", periods=300, freq="B").delete([70, 71, 250]),
            pd.date_range("2022-10-01", periods=60, tz="Europe/Berlin"),
            pd.date_range("2020-01-31", periods=60, freq="BME"),
            pd.date_range("2020-01-01", periods=60, freq="QS"),
            pd.date_range("1990-12-31", periods=30, freq="YE"),
        ],
        ids=["business days", "change of the clock", "last business days", "quarters", "years"],
    )
    def test_calendars_are_even(self, times: pd.DatetimeIndex) -> None:
        """They differ in length and nothing is missing."""
        assert uneven_steps(list(times.to_pydatetime())) == []
