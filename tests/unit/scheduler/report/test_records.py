"""Tables as JSON records."""

from __future__ import annotations

import json
import math

import pandas as pd

from scheduler.report.records import as_records, records_text


def test_no_digit_is_lost() -> None:
    """Whatever the unit of the series is; what JSON has not is null."""
    numbers = [-3.7593597401679517, 1.2345678901234567e-9, 1e300 / 7, math.nan, math.inf]
    frame = pd.DataFrame({"x": numbers, "n": [1, 2, 3, 4, 5], "s": ["a", None, "ü", "", "b"]})
    rows = json.loads(records_text(frame))
    assert [row["x"] for row in rows] == [*numbers[:3], None, None]
    assert [row["n"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["s"] for row in rows] == ["a", None, "ü", "", "b"]
    assert as_records(frame, ["n", "unknown"])[0] == {"n": 1}


def test_times_and_missing_ones() -> None:
    """In ISO 8601, or null; integers with a gap stay integers."""
    frame = pd.DataFrame({"t": [pd.Timestamp("2026-01-02 03:04"), pd.NaT], "n": pd.array([1, None], dtype="Int64")})
    assert json.loads(records_text(frame)) == [{"t": "2026-01-02T03:04:00", "n": 1}, {"t": None, "n": None}]
    assert records_text(frame[:0]) == "[]"
