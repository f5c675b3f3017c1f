"""Times are read in the usual ways of writing them, and plain numbers are none."""

from __future__ import annotations

import pytest

from scheduler.series.row_times import disorder, read_times


@pytest.mark.parametrize(
    "texts",
    [
        ("2024-01-31", "2024-02-01"),
        ("2024-01", "2024-02"),
        ("31.01.2024", "01.02.2024"),
        ("01/31/2024", "02/01/2024"),
        ("31/01/2024 10:00", "01/02/2024 10:00"),
        ("Jan 31, 2024", "Feb 1, 2024"),
        ("2024-01-31T00:00:00+01:00", "2024-02-01T00:00:00+01:00"),
    ],
)
def test_usual_ways_of_writing(texts: tuple[str, str]) -> None:
    """They rise."""
    first, second = read_times(texts)
    assert first < second


def test_day_or_month_first_is_decided_by_the_order() -> None:
    """Both ways fit, and one rises."""
    first, second, _ = read_times(["01/02/2024", "05/02/2024", "01/03/2024"])
    assert [(first.day, first.month), (second.day, second.month)] == [(1, 2), (5, 2)]


@pytest.mark.parametrize("texts", [(), ("a", "b"), ("12.5", "13.5"), ("2024-01-01", "x")])
def test_what_is_no_time(texts: tuple[str, ...]) -> None:
    """Nothing is read."""
    assert read_times(texts) == []


def test_a_column_that_rises_orders_the_rows() -> None:
    """Another one may fall."""
    falls, rises = ["2024-02-01", "2024-01-01"], ["2024-01-01", "2024-02-01"]
    assert disorder([("changed", falls), ("day", rises)]) == ()
    assert disorder([("changed", falls)]) == ("changed", *falls)
    assert disorder([("code", ["20240201", "20240101"])]) == ()
