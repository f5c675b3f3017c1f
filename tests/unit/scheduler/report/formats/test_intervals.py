"""Intervals in the formats of a report."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from scheduler.report.formats import csv_format, intervals, json_format, markdown_format, table_format
from scheduler.report.formats.terminal import fitting
from tests.reports import made_report, with_intervals

REPORT = with_intervals(made_report(points=0))
ASSUMED = "Intervals hold if errors to come are like those of the test rows."


def test_every_format_has_them() -> None:
    """The table in text and Markdown, columns in CSV, records in JSON; four rows carry 80% and check nothing."""
    for text in (str(table_format.FORMAT.write(REPORT)), markdown_format.as_markdown(REPORT)):
        words = " ".join(text.replace("|", " ").split())
        assert "intervals level coverage 95% interval walk-forward width Winkler score" in words
        assert "A level of 95 needs 19 test rows; there are 4." in words
        assert ASSUMED in words
    csv = pd.read_csv(io.StringIO(csv_format.as_csv(REPORT)))
    assert csv["width_80"].notna().all()
    found = json.loads(json_format.as_json(REPORT))["intervals"]
    assert [one["level"] for one in found] == [80, 80, 80]
    assert found[0]["coverage"] is None


def test_the_best_come_first() -> None:
    """At most five, of 40."""
    many = with_intervals(made_report([f"units={units}" for units in range(40)], points=0, repeats=3))
    rows = intervals.interval_rows(many).rows
    means = many.summaries.set_index("configuration")["mean"].nsmallest(5)
    assert [row[0] for row in rows] == list(means.index)


def test_coverage_is_written_with_its_binomial_interval() -> None:
    """As a share, and of how many values in order."""
    row = {"coverage": 0.8, "low": 0.514, "high": 0.957, "walk_forward": 0.75, "walked": 8, "interval_score": 300.0}
    frame = REPORT.intervals.assign(**row) if REPORT.intervals is not None else None
    (first, *_) = intervals.interval_rows(made_report(points=0, intervals=frame)).rows
    assert first[2:5] == ["80%", "51% to 96%", "75% of 8"]


def test_without_intervals_nothing_is_said() -> None:
    """As without forecasts, or with too few rows."""
    for alone in (made_report(points=0), with_intervals(made_report(points=0, horizon=0))):
        assert intervals.interval_rows(alone).rows == []
        assert "ntervals" not in str(table_format.FORMAT.write(alone))
        assert "width" not in csv_format.as_csv(alone)
        assert json.loads(json_format.as_json(alone))["intervals"] == []


@pytest.mark.parametrize("width", [120, 80, 50])
def test_a_narrow_terminal_omits_columns_and_says_which(width: int) -> None:
    """Never the coverage and its interval."""
    form, _ = fitting(intervals.interval_forms(REPORT), Console(width=width))
    assert {"level", "coverage", "95% interval", "width"} <= set(form.heads)
    assert (len(form.heads) == 7) == (form.below == [])
    assert np.all([len(row) == len(form.heads) for row in form.rows])
