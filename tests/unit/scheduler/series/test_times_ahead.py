"""Times go on in the frequency and in the form of a series."""

from __future__ import annotations

import pandas as pd
import pytest

from scheduler.series.times_ahead import times_ahead


def dates(start: str, count: int, freq: str, form: str = "%Y-%m-%d", tz: str | None = None) -> list[str]:
    """Return times in a form."""
    found = pd.date_range(start, periods=count, freq=freq, tz=tz)
    return [one.isoformat() for one in found] if form == "iso" else list(found.strftime(form))


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (["1-11", "1-12", "2-01"], ["2-02", "2-03"]),
        (dates("2020-01-31", 6, "ME"), ["2020-07-31", "2020-08-31"]),
        (dates("2020-01-01", 6, "MS", "%Y-%m"), ["2020-07", "2020-08"]),
        ([f"2020-{month:02d}-15" for month in range(1, 9)], ["2020-09-15", "2020-10-15"]),
        (dates("2020-01-15", 9, "SME"), ["2020-05-31", "2020-06-15"]),
        ([f"2020-{month:02d}-{day}" for month in (1, 2, 3) for day in ("01", "15")], ["2020-04-01", "2020-04-15"]),
        (dates("2020-01-01", 40, "B"), ["2020-02-26", "2020-02-27"]),
        (dates("2020-01-01", 60, "B")[:12] + dates("2020-01-01", 58, "B")[13:], ["2020-03-23", "2020-03-24"]),
        (dates("2020-01-01", 40, "W-WED", "%d.%m.%Y"), ["07.10.2020", "14.10.2020"]),
        (dates("2020-03-31", 10, "QE"), ["2022-09-30", "2022-12-31"]),
        ([str(year) for year in range(1950, 1980)], ["1980", "1981"]),
        (
            dates("2021-10-30 12:00", 36, "h", "iso", "Europe/Berlin"),
            ["2021-10-31T23:00:00+01:00", "2021-11-01T00:00:00+01:00"],
        ),
        (
            dates("2021-10-30 12:00", 36, "h", "%Y-%m-%d %H:%M", "Europe/Berlin"),
            ["2021-10-31 23:00", "2021-11-01 00:00"],
        ),
        ([f"2020-W{week}" for week in range(44, 54)], ["2021-W01", "2021-W02"]),
        (["2015Q1", "2015Q2", "2015Q3", "2015Q4"], ["2016Q1", "2016Q2"]),
        (["Q2 2015", "Q3 2015", "Q4 2015"], ["Q1 2016", "Q2 2016"]),
        ([f"2015M{month}" for month in range(1, 12)], ["2015M12", "2016M1"]),
        (["7/8/2015", "8/8/2015", "9/8/2015"], ["10/8/2015", "11/8/2015"]),
        (dates("2020-12-29", 3, "D"), ["2021-01-01", "2021-01-02"]),
    ],
)
def test_they_go_on(times: list[str], expected: list[str]) -> None:
    """In their own frequency, also across a change of the clock."""
    assert list(times_ahead(times, 2, observations=len(times)).labels) == expected


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        ([], ""),
        (["2020-01-01", "2020-01-05", "2020-03-01", "2020-03-02"], "the times are unevenly spaced"),
        (["a", "b"], "the times (b) are in no form that is known"),
    ],
)
def test_without_times_rows_are_numbered(times: list[str], reason: str) -> None:
    """From the number of observations on."""
    found = times_ahead(times, 2, observations=4)
    assert (found.labels, found.reason) == (("5", "6"), reason)


def test_a_format_of_the_grid_is_kept() -> None:
    """Which no file shows."""
    times = dates("2020-01-30", 5, "D", "%y %d %m")
    assert times_ahead(times, 2, observations=5, form="%y %d %m").labels == ("20 04 02", "20 05 02")


@pytest.mark.parametrize(
    ("start", "count", "freq", "zone", "expected"),
    [
        ("2024-10-20", 24 * 7 + 2, "h", "Europe/Berlin", ["2024-10-27T02:00:00+02:00", "2024-10-27T02:00:00+01:00"]),
        ("2024-03-01", 240, "D", None, ["2024-10-27T00:00:00+02:00", "2024-10-28T00:00:00+01:00"]),
        ("2024-10-20", 24 * 7 + 2, "h", "Mars/Olympus", ["2024-10-27T02:00:00+02:00", "2024-10-27T03:00:00+02:00"]),
    ],
)
def test_the_clock_is_put_back_ahead(start: str, count: int, freq: str, zone: str | None, expected: list[str]) -> None:
    """Where the grid names the zone, or past changes of the clock show it; else the last offset goes on."""
    times = dates(start, count, freq, "iso", "Europe/Berlin")
    assert list(times_ahead(times, 2, observations=count, zone=zone).labels) == expected


def test_equal_times_are_continued_once() -> None:
    """The series of a panel mostly have the same ones: to read those of each takes a tenth of a forecast."""
    texts = dates("2020-01-01", 40, "D")
    first = times_ahead(texts, 3, observations=40)
    assert times_ahead(tuple(texts), 3, observations=40) is first
    assert times_ahead(texts, 4, observations=40).labels[:3] == first.labels
    assert times_ahead(texts[1:], 3, observations=39).labels == first.labels
