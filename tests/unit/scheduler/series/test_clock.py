"""Times as a clock shows them."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from scheduler.series.clock import clock_of, place_from, read_moment
from scheduler.series.time_forms.times import Times, possible_times


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (("1-01", "1-02"), "0001-01-01"),
        (("1959-01-01", "1959-04-01"), "1959-01-01"),
        (("2021-01-01T00:00:00+01:00", "2021-01-01T01:00:00+01:00"), "2021-01-01"),
        (("2021-01-01+01:00", "2021-01-02+01:00"), "2021-01-01"),
        (("03.01.2021 05:00", "03.01.2021 06:00"), "2021-01-03T05"),
    ],
)
def test_texts_are_read(texts: tuple[str, ...], first: str) -> None:
    """Also years of one digit, and other forms than ISO 8601."""
    found = clock_of(texts)
    assert found is not None
    assert found.wall[0] == np.datetime64(first)
    assert (found.offsets is not None) == ("+" in texts[0])


@pytest.mark.parametrize("texts", [(), ("1", "2"), ("one", "two")])
def test_what_is_no_time_has_no_clock(texts: tuple[str, ...]) -> None:
    """Numbers of rows, and words."""
    assert clock_of(texts) is None


@pytest.mark.parametrize(
    ("text", "form", "place"),
    [
        ("2021-01-01 01:00", None, 1),
        ("2021-01-01T00:30", None, 1),
        ("2021-01-01T00:00Z", None, 1),
        ("2021-01-01T00:00+01:00", None, 0),
        ("01.01.2021", "%d.%m.%Y", 0),
        ("2022", None, 3),
    ],
)
def test_moments_of_the_clock_and_of_zones(text: str, form: str | None, place: int) -> None:
    """A moment without a zone is one of the clock; others are instants."""
    times = clock_of([f"2021-01-01T0{hour}:00:00+01:00" for hour in range(3)])
    assert times is not None
    moment = read_moment(text, form, times)
    assert isinstance(moment, datetime)
    assert place_from(times, moment) == place


def test_words_are_no_moment() -> None:
    """In no form."""
    assert read_moment("foo", "%Y", Times(np.array([], "datetime64[us]"), what="%Y")) is None


@pytest.mark.parametrize(
    ("texts", "text", "place"),
    [
        (("2019Q1", "2019Q2", "2019Q3"), "2019Q2", 1),
        (("01.12.2022", "02.12.2022", "30.12.2022"), "02.12.2022", 1),
        (("12/01/2022", "12/02/2022", "12/30/2022"), "12/02/2022", 1),
        (("30/03/2024 23:30", "31/03/2024 00:00"), "31/03/2024", 1),
        (("März 2012", "April 2012"), "April 2012", 1),
        (("1577836800", "1577840400"), "1577840400", 1),
        (("2019Q1", "2019Q2", "2019Q3"), "2019-04-01", 1),
        (("2019-01-01", "2019-04-01"), "2019Q2", 1),
        (("2019-01-01", "2019-04-01"), "13.02.2019", 1),
    ],
)
def test_moments_in_the_form_that_was_found(texts: tuple[str, ...], text: str, place: int) -> None:
    """The day or the month comes first as in the column; ISO 8601 is read beside it."""
    times = possible_times(texts)
    assert times is not None
    moment = read_moment(text, None, times)
    assert moment is not None
    assert place_from(times, moment) == place


def test_a_moment_that_may_be_two_is_none() -> None:
    """Where the series has ISO 8601, nothing tells whether the day comes first."""
    times = possible_times(("2019-01-01", "2019-04-01"))
    assert times is not None
    assert read_moment("02/03/2019", None, times) is None
