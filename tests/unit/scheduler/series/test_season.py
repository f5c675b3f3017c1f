"""The seasons that times show."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from scheduler.series.season import find_seasons
from scheduler.series.source import bundled


def of(frequency: str, rows: int = 200, form: str = "%Y-%m-%dT%H:%M:%S", start: str = "2021-01-01") -> tuple[int, ...]:
    """Return the seasons of rows at regular times."""
    return find_seasons([time.strftime(form) for time in pd.date_range(start, periods=rows, freq=frequency)])


@pytest.mark.parametrize(
    ("frequency", "seasons"),
    [
        *(("15min", (96, 672)), ("30min", (48, 336)), ("h", (24, 168)), ("2h", (12, 84)), ("6h", (4, 28))),
        *(("D", (7,)), ("B", (5,)), ("W", (52,)), ("W-WED", (52,)), ("14D", (26,)), ("28D", (13,))),
        *(("MS", (12,)), ("ME", (12,)), ("2MS", (6,)), ("QS", (4,)), ("QE", (4,)), ("6MS", (2,))),
        *(("YS", ()), ("YE", ()), ("10D", ()), ("2D", ())),
    ],
)
def test_of_regular_times(frequency: str, seasons: tuple[int, ...]) -> None:
    """Days and weeks, weeks of business days, years of weeks, months and quarters; years have none."""
    assert of(frequency) == seasons


@pytest.mark.parametrize(("frequency", "seasons"), [("h", (24, 168)), ("D", (7,)), ("MS", (12,)), ("QS", (4,))])
def test_of_few_rows(frequency: str, seasons: tuple[int, ...]) -> None:
    """A few rows show it as well."""
    assert of(frequency, rows=8) == seasons


def test_times_are_not_kept() -> None:
    """What they show is found once, but no text of them stays in the memory."""
    times = [f"2021-02-{day:02d} 07:35" for day in range(1, 29)]
    before = sys.getrefcount(times[7])
    found = [find_seasons(times), find_seasons(tuple(times))]
    after = sys.getrefcount(times[7])
    assert (found, after) == ([(7,), (7,)], before)


def test_days_off_and_clock_changes() -> None:
    """Holidays among business days, and an hour that is there twice or not at all, are no other step."""
    business = pd.bdate_range("2021-01-01", periods=300)
    without = [time for time in business if (time.month, time.day) not in {(1, 1), (4, 2), (12, 24), (12, 27)}]
    assert find_seasons([time.strftime("%Y-%m-%d") for time in without]) == (5,)
    local = pd.date_range("2021-03-20", periods=600, freq="h", tz="Europe/Berlin")
    assert find_seasons([time.strftime("%Y-%m-%dT%H:%M:%S") for time in local]) == (24, 168)
    assert find_seasons([time.isoformat() for time in local]) == (24, 168)


@pytest.mark.parametrize("step", ["1h", "30min", "15min"])
@pytest.mark.parametrize("day", ["2022-10-30", "2022-03-27"])
def test_one_whole_day_with_a_clock_change(day: str, step: str) -> None:
    """The only whole day has an hour more or less than a day."""
    first = pd.Timestamp(day, tz="Europe/Berlin") - pd.Timedelta(hours=7)
    times = pd.date_range(first, periods=int(pd.Timedelta(hours=39) / pd.Timedelta(step)), freq=step)
    a_day = int(pd.Timedelta(days=1) / pd.Timedelta(step))
    assert find_seasons([str(time)[:16] for time in times]) == (a_day, 7 * a_day)


def test_opening_hours() -> None:
    """Where a day has fewer rows than hours, the rows count."""
    every = pd.date_range("2021-01-04", periods=24 * 60, freq="h")
    opened = [time for time in every if 9 <= time.hour < 17 and time.weekday() < 5]
    assert find_seasons([time.isoformat() for time in opened]) == (8, 40)


def test_uneven_times_of_two_days() -> None:
    """No usual step, no season."""
    steps = [60 + 7919 * n % 3571 for n in range(40)]
    times = pd.Timestamp("2024-03-01 06:00") + pd.to_timedelta(pd.Series(steps).cumsum(), unit="s")
    assert find_seasons([str(time) for time in times]) == ()


def test_uneven_times() -> None:
    """Nobody guesses a season."""
    assert find_seasons(["2021-01-01", "2021-01-04", "2021-02-11", "2021-05-05", "2021-05-06", "2021-09-30"]) == ()


@pytest.mark.parametrize("texts", [[], ["2021"], ["a", "b", "c"], ["1", "2", "3"], ["2021-01-01"] * 5])
def test_no_times(texts: list[str]) -> None:
    """What is no time, or too few of them, shows nothing."""
    assert find_seasons(texts) == ()


def test_a_format() -> None:
    """Times are read as the grid says they are written."""
    assert find_seasons([f"01.{month:02}.2020" for month in range(1, 13)], "%d.%m.%Y") == (12,)


@pytest.mark.parametrize(("name", "seasons"), [("shampoo", (12,)), ("us_economy", (4,)), ("tens", ())])
def test_bundled_series(name: str, seasons: tuple[int, ...]) -> None:
    """Months of a first, second and third year, quarters, and steps without times."""
    assert find_seasons(bundled(name).times) == seasons


def test_periods_have_seasons() -> None:
    """Quarters and months as a DataFrame may have them in its index, and half-years."""
    assert find_seasons([f"{2000 + one // 4}Q{one % 4 + 1}" for one in range(20)]) == (4,)
    assert find_seasons([f"{2000 + one // 12}M{one % 12 + 1:02d}" for one in range(30)]) == (12,)
    assert find_seasons(["2000Q1", "2000Q2", "x"]) == ()
