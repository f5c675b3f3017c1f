"""The field `prepare.calendar`: one spelling of several, and what is said of others."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from store.schema.prepare import Prepare


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["month", {"hour": "onehot"}], ("month", "hour:onehot")),
        (["month:cyclic", "weekday:onehot"], ("month", "weekday:onehot")),
        ({"month": None, "holiday": ["DE", "FR"]}, ("month", "holiday:DE", "holiday:FR")),
        ("hour", ("hour",)),
        (None, ()),
    ],
)
def test_spellings(given: Any, expected: tuple[str, ...]) -> None:
    """Names, mappings, or one of either."""
    assert Prepare(calendar=given).calendar == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["moth"], "'moth' is no part of a time; allowed: a list of month, quarter"),
        (["moth"], "did you mean month?"),
        (["dayofweek"], "did you mean weekday?"),
        ([{"hour": "oneshot"}], "hour is oneshot; allowed: onehot or cyclic; did you mean onehot?"),
        (["holiday"], "holiday needs a country: write holiday:DE, or holiday:DE-BY for a part of it"),
        (["hour", {"hour": "onehot"}], "hour is there twice; keep one of them"),
        (3, "it is 3; allowed: a list of month"),
    ],
)
def test_mistakes(given: Any, expected: str) -> None:
    """Each says what is allowed."""
    with pytest.raises(ValidationError) as raised:
        Prepare(calendar=given)
    assert expected in str(raised.value)


def test_no_calendar_is_the_default_and_not_written() -> None:
    """So that the jobs of grids without one keep their keys."""
    assert Prepare(calendar=[]).written == Prepare().written
