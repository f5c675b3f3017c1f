"""Months with a point between them and the year, and numbers that look like them."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.series.reading.likely_columns import likely_times
from scheduler.series.tables.cells import Kind
from scheduler.series.tables.table import Table
from scheduler.series.time_forms.times import possible_times

DRAWN = np.random.default_rng(5)
MONTHS = [(2010 + row // 12, row % 12 + 1) for row in range(40)]


@pytest.mark.parametrize("form", ["{month}.{year}", "{month:02d}.{year}", "{year}.{month:02d}"])
@pytest.mark.parametrize("turned", [False, True])
def test_months_in_order_are_times(form: str, turned: bool) -> None:
    """Also from the last one to the first."""
    texts = [form.format(month=month, year=year) for year, month in MONTHS]
    found = possible_times(texts[::-1] if turned else texts)
    assert found is not None
    assert found.wall.min() == np.datetime64("2010-01", "us")


@pytest.mark.parametrize(
    "texts",
    [
        [f"{DRAWN.integers(1, 13)}.{DRAWN.integers(2500, 2600)}" for _ in range(40)],
        [f"{DRAWN.integers(1, 13)}.{DRAWN.integers(1900, 2100)}" for _ in range(40)],
        [f"{DRAWN.integers(1990, 2020)}.{DRAWN.integers(1, 13):02d}" for _ in range(40)],
        [f"{whole}.2500" for whole in range(1, 13)],
        [f"1.{2000 + row}" for row in range(40)],
        ["1.2500", "12.2500", "7.2500", "3.2500"],
        [f"{DRAWN.uniform(20_000, 69_999):.2f}" for _ in range(40)],
    ],
)
def test_numbers_under_a_name_of_times_are_numbers(texts: list[str]) -> None:
    """No column of times is proposed, whatever it is called."""
    table = Table("f", ("price_per_day",), 1, list(range(len(texts))), [[text] for text in texts], (Kind.NUMBER,))
    assert likely_times(table, {"price_per_day": Kind.NUMBER}) == []


def test_epochs_in_no_order_are_times() -> None:
    """As those of events: nothing else has ten figures from 1 on under such a name."""
    texts = [str(1_600_000_000 + int(one)) for one in DRAWN.integers(0, 10_000_000, 40)]
    table = Table("f", ("timestamp",), 1, list(range(len(texts))), [[text] for text in texts], (Kind.NUMBER,))
    assert likely_times(table, {"timestamp": Kind.NUMBER}) == ["timestamp"]
