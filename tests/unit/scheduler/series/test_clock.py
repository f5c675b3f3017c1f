"""Times as a clock shows them."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from scheduler.series.clock import clock_of, place_from, read_moment


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (("1-01", "1-02"), "0001-01-01"),
        (("1959-01-01", "1959-04-01"), "1959-01-01"),
        (("2021-01-01T00:00:00+01:00", "2021-01-01T01:00:00+01:00"), "2021-01-01"),
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
    moment = read_moment(text, form)
    assert times is not None
    assert isinstance(moment, datetime)
    assert place_from(times, moment) == place


def test_words_are_no_moment() -> None:
    """In no form."""
    assert read_moment("foo", "%Y") is None
