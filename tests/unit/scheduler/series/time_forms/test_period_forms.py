"""Quarters, weeks and days as offices of statistics, spreadsheets and instruments write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.series.tables.cells import Kind, kind_of
from scheduler.series.time_forms.times import forms_of, possible_times

QUARTERS = pd.date_range("1998-01-01", periods=24, freq="QS")
WEEKS = pd.date_range("2020-01-06", periods=60, freq="W-MON")
DAYS = pd.date_range("2021-01-20", periods=60)
ROMAN, NTH = ("I", "II", "III", "IV"), ("1st", "2nd", "3rd", "4th")


@pytest.mark.parametrize(
    "form",
    [
        *("{y} Q{q}", "{y}Q{q}", "Q{q}/{y}", "{q}Q{y}", "{q}Q{z}", "Q{q}-{z}", "Q{q}'{z}", "Q{q}{z}", "{z}Q{q}"),
        *("{y} Qtr{q}", "Qtr {q} {y}", "{q}. Quartal {y}", "T{q} {y}", "{y}T{q}", "{y}-K{q}", "{n} quarter {y}"),
        *("{r}/{y}", "{y}-{r}", "Q{q} FY{z}", "{q}e trimestre {y}"),
    ],
)
def test_quarters_are_read_by_their_first_day(form: str) -> None:
    """A year of two digits is from 1969 to 2068; a column of such texts looks like times to `inspect`, too."""
    texts = [
        form.format(
            y=day.year, z=f"{day.year % 100:02d}", q=day.quarter, r=ROMAN[day.quarter - 1], n=NTH[day.quarter - 1]
        )
        for day in QUARTERS
    ]
    assert _read(texts) == list(QUARTERS)
    assert {kind_of(text) for text in texts} == {Kind.TIME}


@pytest.mark.parametrize("mark", ["/", "-", ".", ":"])
def test_numbers_up_to_four_are_quarters_and_no_months(mark: str) -> None:
    """Eight months of each year would be missing, which never were."""
    assert _read([f"{day.year}{mark}{day.quarter}" for day in QUARTERS]) == list(QUARTERS)
    months = [f"{day.year}-{day.quarter:02d}" for day in QUARTERS]
    assert _read(months)[1] == pd.Timestamp("1998-02-01"), "a 0 before a number is that of a month"


def _week(form: str) -> Callable[[Any], str]:
    def written(day: Any) -> str:
        year, week, _ = day.isocalendar()
        return form.format(y=year, w=week, v=f"{week:02d}")

    return written


@pytest.mark.parametrize(
    ("days", "written"),
    [
        *((WEEKS, _week(form)) for form in ("{y}-{v}", "{w}/{y}", "{y}{v}", "Week {w}, {y}", "W{v}-{y}", "{y} KW {w}")),
        *((DAYS, lambda day, form=form: f"{day:{form}}") for form in ("%Y%j", "%Y-%j", "%d%m%Y", "%y%m%d")),
        (DAYS, lambda day: f"{day.to_julian_date():.1f}"),
        (DAYS, lambda day: str(day.toordinal() + 366)),
        (QUARTERS, lambda day: f"{day:%m%Y}"),
        (DAYS, lambda day: f"{(day - pd.Timestamp('1899-12-30')).days},000"),
        (QUARTERS[::4], lambda day: f"{day.year}.0"),
        (QUARTERS[::4], lambda day: f"{day.year:,}"),
    ],
)
def test_weeks_and_days_are_read(days: pd.DatetimeIndex, written: Callable[[Any], str]) -> None:
    """By their numbers, as figures in another order, as days that are counted, and as spreadsheets change them."""
    assert _read([written(day) for day in days]) == list(days)


@pytest.mark.parametrize("form", ["S{h} {y}", "H{h}/{y}", "{y} H{h}", "{y}S{h}", "{h}H {y}", "Semestre {h} {y}"])
def test_halves_of_years_are_no_weeks(form: str) -> None:
    """S1 and S2 are weeks only where S3 follows."""
    days = QUARTERS[::2]
    assert _read([form.format(y=day.year, h=1 + day.month // 7) for day in days]) == list(days)


@pytest.mark.parametrize("form", ["{}-{} {y}", "{} to {} {y}", "{y} {}/{}"])
def test_three_months_are_read_by_the_first(form: str) -> None:
    """The year of Nov-Jan 2012 is that of January."""
    days = pd.date_range("2010-01-01", periods=24, freq="MS")
    ends = [day + pd.DateOffset(months=2) for day in days]
    texts = [form.format(f"{a:%b}", f"{b:%b}", y=b.year) for a, b in zip(days, ends, strict=True)]
    assert _read(texts) == list(days)


def test_a_month_of_figures_is_no_half_year_of_weeks() -> None:
    """190101 to 190131 are days of 2019, or of 2001: both are yielded."""
    found = list(forms_of([f"1901{day:02d}" for day in range(1, 32)]))
    assert np.datetime64("2019-01-01", "us") in [one.wall[0] for one in found]
    assert np.datetime64("1900-12-31", "us") not in [one.wall[0] for one in found]


@pytest.mark.parametrize("count", [10, 40])
def test_days_of_a_year_have_three_figures(count: int) -> None:
    """Also before the 54th of them: 2012001 is no week."""
    assert _read([str(2012001 + day) for day in range(count)]) == list(pd.date_range("2012-01-01", periods=count))


@pytest.mark.parametrize(
    ("first", "count"),
    [("2020", 1), ("1961", 1), ("1949", 48), ("1949", 96), ("1960", 80), ("1950", 300), ("1990", 96)],
)
@pytest.mark.parametrize("form", ["%b-%y", "%d.%m.%y", "Q{q} %y"])
def test_years_of_two_digits_are_one_run(form: str, first: str, count: int) -> None:
    """Strptime has 68 for 2068 and 69 for 1969: 99 years would lie between them."""
    days = pd.date_range(first, periods=count, freq="QS" if "{q}" in form else "MS")
    assert _read([f"{day:{form}}".format(q=day.quarter) for day in days]) == list(days)
    assert _read([f"{day:{form}}".format(q=day.quarter) for day in days[::-1]]) == list(days[::-1])


def test_sensors_are_no_quarters() -> None:
    """Of T101 and 1K12 nobody knows that they are of 2001 and 2012."""
    assert {kind_of(text) for text in ("T101", "T412", "1K12", "12T3")} == {Kind.TEXT}


def test_few_figures_are_no_day_of_the_year_120() -> None:
    """What strptime takes is a time only if it has all figures."""
    assert possible_times(["017", "018", "019"]) is None


def _read(texts: list[str]) -> list[pd.Timestamp]:
    found = possible_times(texts)
    assert found is not None, texts[0]
    assert not np.isnat(found.wall).any()
    return [pd.Timestamp(one) for one in found.wall]
