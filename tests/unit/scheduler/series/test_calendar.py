"""The calendar as columns: equal to what pandas says of the times, and what is said where times do not have it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.grid.grid import Grid
from scheduler.series.calendar import NoCalendar, with_calendar
from scheduler.series.source import Loaded
from store.errors import GridError
from store.schema.prepare import InputColumn

FIELDS: dict[str, Any] = {"test": 2, "model": {"stateful": False}}


def grid(freq: str, calendar: Any, *, start: str = "2021-01-01", count: int = 60, zone: str | None = None) -> Grid:
    """Return a grid on times of a frequency."""
    times = pd.date_range(start, periods=count, freq=freq, tz=zone)
    table = pd.DataFrame({"y": np.arange(count) % 7.0}, index=times)
    return Grid.of(FIELDS | {"prepare": {"pad": True, "calendar": calendar}}, series=table)


def columns(*args: Any, **kwargs: Any) -> dict[str, Any]:
    """Return the columns of the series of a grid."""
    (series,) = grid(*args, **kwargs).series_data()
    return dict(zip(series.columns, series.values.T, strict=True))


@pytest.mark.parametrize(
    ("name", "freq", "first", "count"),
    [
        *(("month", "MS", 1, 12), ("quarter", "MS", 1, 4), ("weekday", "D", 0, 7), ("dayofyear", "D", 1, 366)),
        *(("day", "D", 1, 31), ("hour", "30min", 0, 24), ("minute", "15min", 0, 60)),
    ],
)
def test_parts_are_sine_and_cosine(name: str, freq: str, first: int, count: int) -> None:
    """Of the turn that a year, a week, a day or an hour is."""
    index = pd.date_range("2021-01-01", periods=60, freq=freq)
    spelt = "yearday" if name == "dayofyear" else name
    found = columns(freq, [spelt])
    turn = 2 * np.pi * (getattr(index, name) - first) / count
    np.testing.assert_allclose(found[f"{spelt}_sin"], np.sin(turn), atol=1e-11)
    np.testing.assert_allclose(found[f"{spelt}_cos"], np.cos(turn), atol=1e-11)


def test_one_hot_columns_are_those_of_the_values_that_occur() -> None:
    """In order, equal to pandas' dummies; weekdays by their names."""
    found = columns("MS", [{"month": "onehot"}])
    dummies = pd.get_dummies(pd.date_range("2021-01-01", periods=60, freq="MS").month, dtype=float)
    assert list(found) == ["y", *(f"month={one}" for one in dummies)]
    np.testing.assert_array_equal(np.stack(list(found.values())[1:], axis=1), dummies.to_numpy())
    assert list(columns("B", ["weekday:onehot"]))[1:] == [
        f"weekday={day}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri")
    ]


def test_holidays_are_days_of_a_country_or_a_part_of_it() -> None:
    """The sixth of January is one in Bavaria alone."""
    found = columns("12h", [{"holiday": ["DE", "DE-BY"]}, "holiday:XNYS"])
    assert np.flatnonzero(found["holiday:DE"]).tolist() == [0, 1]
    assert np.flatnonzero(found["holiday:DE-BY"]).tolist() == [0, 1, 10, 11]
    assert found["holiday:XNYS"][:2].tolist() == [1.0, 1.0]


def test_times_are_those_of_the_clock() -> None:
    """With a zone the hour is that of its clock, over a change of it, too."""
    found = columns("h", [{"hour": "onehot"}], start="2021-03-28", count=30, zone="Europe/Berlin")
    hours = pd.date_range("2021-03-28", periods=30, freq="h", tz="Europe/Berlin").hour
    assert [int(found[f"hour={hour}"][row]) for row, hour in enumerate(hours)] == [1] * 30
    assert found["hour=2"].sum() == 1


def test_they_are_inputs_that_are_known_and_stay_as_they_are() -> None:
    """What the calendar adds is neither differenced nor scaled; the targets and their split are as before."""
    found = grid("MS", ["month"]).points[0].configuration
    plain = grid("MS", []).points[0].configuration
    assert found.series.inputs == ("y", "month_sin", "month_cos")
    assert found.series.seen["month_sin"] == InputColumn(lags=0, known=True)
    assert [found.prepare.differences_of(name) for name in found.series.inputs] == [(1,), (), ()]
    assert [found.prepare.scale_of(name) for name in found.series.inputs] == [(-1.0, 1.0), None, None]
    assert found.series.target_hash == plain.series.content_hash
    assert found.identity != plain.identity


@pytest.mark.parametrize(
    ("freq", "calendar", "expected"),
    [
        (
            "D",
            "[hour]",
            "hour needs hours, and the times of series are days (2021-01-01, 2021-01-02, ...); leave",
        ),
        ("MS", "[weekday]", "weekday needs days, and the times of series are months"),
        ("QS", "[holiday:DE]", "holiday:DE needs days, and the times of series are months"),
        (
            "QS",
            "[hour,month,week:onehot]",
            "hour needs hours, week needs days, and the times of series are months (2021-01-01, 2021-04-01, ...); "
            "leave hour and week out",
        ),
        ("D", "[holidays,hours]", "'holidays' is no part of a time; allowed: a list of month"),
        ("D", "[holidays,hours]", "did you mean holiday:DE?"),
        ("D", "[holidays,hours]", "did you mean hour?"),
        ("YS", "[month]", "month needs months, and the times of series are years"),
        ("D", "[holiday:Germany]", "holiday:Germany is of no country that is known; did you mean holiday:DE?"),
        ("D", "[holiday:at]", "did you mean holiday:AT?"),
        ("D", "[holiday:QQQ]", "write the two letters of ISO 3166, such as holiday:DE"),
        ("D", "[holiday:DE-XX]", "DE has no part XX: its parts are BB, BE"),
        ("D", "[holiday:DE_BY]", "did you mean holiday:DE-BY?"),
        ("D", "[holiday:US-California]", "KS, KY, ...; did you mean holiday:US-CA?"),
    ],
)
def test_times_without_a_part_are_named(freq: str, calendar: str, expected: str) -> None:
    """With what to do."""
    with pytest.raises(GridError) as raised:
        grid(freq, calendar.strip("[]").split(","))
    assert expected in str(raised.value)


def test_a_series_without_times_has_no_calendar() -> None:
    """And a column of the same name is no other one."""
    with pytest.raises(GridError, match=r"prepare.calendar: series has no times: name series.time"):
        Grid.of(FIELDS | {"prepare": {"calendar": ["month"]}}, series=np.arange(30.0))
    given = grid("MS", ["month"])
    with pytest.raises(NoCalendar, match=r"series has a column 'month_sin' of its own; rename it"):
        with_calendar(Loaded(given.series_data()[0], given.points[0].configuration.series), ["month"])


def test_what_tells_nothing_is_a_warning() -> None:
    """A part that is the same in all training rows, or a value that none of them has."""
    assert [one for one in grid("D", ["month"], count=30).warnings if "month" in one] == [
        "series: month is the same in all rows before the test rows, so that it tells the model nothing: leave it out "
        "of prepare.calendar"
    ]
    late = grid("D", [{"month": "onehot"}], start="2021-01-15", count=47).warnings
    assert [one for one in late if "month" in one] == [
        "series: month=3 is in no row before the test rows, so that the model cannot learn from it: start the test "
        "part later, or leave month out"
    ]


def test_an_axis_of_calendars() -> None:
    """With and without, on one split."""
    found = Grid.of(
        FIELDS | {"prepare": {"pad": True}, "grid": {"prepare.calendar": [[], ["month"], [{"month": "onehot"}]]}},
        series=pd.Series(np.arange(40) % 7.0, index=pd.date_range("2020-01-01", periods=40, freq="MS")),
    )
    assert [point.label for point in found.points] == ["calendar=[]", "calendar=[month]", "calendar=[month:onehot]"]
    assert (
        len(
            {
                point.configuration.series.target_hash or point.configuration.series.content_hash
                for point in found.points
            }
        )
        == 1
    )
