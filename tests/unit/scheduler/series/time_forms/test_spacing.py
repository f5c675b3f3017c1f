"""Business days without rows: holidays, also weeks off that recur, and rows that are missing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scheduler.series.time_forms.spacing import Spacing, find_spacing

DAYS = pd.bdate_range("2015-01-01", "2019-12-31")


def without(*spans: tuple[str, str]) -> Spacing:
    """Return the spacing of business days without some of them."""
    out = np.zeros(len(DAYS), dtype=bool)
    for first, last in spans:
        out |= (first <= DAYS) & (last >= DAYS)
    return find_spacing(DAYS[~out].to_numpy().astype("datetime64[us]"))


def test_weeks_off_in_most_years_are_holidays() -> None:
    """Those of a new year that moves, and of October, beside single days."""
    new_years = [("2015-02-18", "2015-02-25"), ("2016-02-08", "2016-02-15"), ("2017-01-27", "2017-02-03")]
    more = [("2018-02-15", "2018-02-22"), ("2019-02-04", "2019-02-11"), ("2019-05-01", "2019-05-01")]
    found = without(*new_years, *more)
    assert (found.gaps, found.holidays) == ((), 31)


def test_a_week_without_rows_in_few_years_is_missing() -> None:
    """One week, or a week in two of five years; and more than two weeks in each year."""
    assert [gap.rows for gap in without(("2016-05-09", "2016-05-20")).gaps] == [10]
    assert len(without(("2016-05-09", "2016-05-20"), ("2017-05-08", "2017-05-19")).gaps) == 2
    assert len(without(*((f"{year}-07-01", f"{year}-07-31") for year in range(2015, 2020))).gaps) == 5


def test_weeks_in_spring_that_are_more_than_a_month_apart_are_missing() -> None:
    """A new year by the moon moves within thirty days."""
    spans = [("2016-03-01", "2016-03-07"), ("2017-04-20", "2017-04-26"), ("2018-03-05", "2018-03-12")]
    assert len(without(*spans, ("2019-04-16", "2019-04-23")).gaps) == 4
