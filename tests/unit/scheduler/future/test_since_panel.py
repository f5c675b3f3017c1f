"""Forecasts of several series, scored together."""

from __future__ import annotations

import pandas as pd
import pytest

from scheduler.future.since import COVERED, SCORED, Since
from scheduler.future.since_panel import over_series
from store.forecast_scores import SCORES


def since(first: str, last: str) -> Since:
    """Return a series that was observed from one time to another."""
    scores = pd.DataFrame([{"target": "y", "of": "forecast", "steps": 2, **dict.fromkeys(SCORES, 1.0)}])
    names = {"experiment": "e", "forecast": "e.forecast", "configuration": "a", "series": "s"}
    return Since(
        **names, times=(first, last), scores=scores[list(SCORED)], coverage=pd.DataFrame(columns=list(COVERED))
    )


@pytest.mark.parametrize(
    ("times", "span"),
    [
        ((("31.01.2021", "02.02.2021"), ("30.01.2021", "01.02.2021")), ("30.01.2021", "02.02.2021")),
        ((("9", "12"), ("8", "11")), ("8", "12")),
        ((("2021-Q1", "2021-Q2"), ("2021-Q1", "2021-Q3")), ("2021-Q1", "2021-Q3")),
    ],
)
def test_times_are_in_order_whatever_their_form(times: tuple[tuple[str, str], ...], span: tuple[str, str]) -> None:
    """The day may come first, and rows may have numbers."""
    assert over_series([since(*one) for one in times]).times == span
