"""The report as Markdown."""

from dataclasses import replace

import pandas as pd

from scheduler.report.formats.markdown_format import as_markdown
from scheduler.report.formats.summary import headline
from tests.reports import small_report


def test_markdown_begins_with_the_answer_and_ends_with_the_baselines():
    """It is what people paste: the numbers alone would be read by their means."""
    found = pd.DataFrame({"baseline": ["drift", "persistence"], "rmse": [3.0, 2.0]})
    lines = as_markdown(replace(small_report(), answer="nobody is better", baselines=found)).splitlines()
    assert lines[0] == headline(small_report())
    assert lines[2] == "**nobody is better**"
    assert lines[4].startswith("| test RMSE |")
    assert lines[-3] == "persistence (forecast = last observation): 2.000"
    assert lines[-1] == "all baselines, same walk-forward: persistence 2.000, drift 3.000"


def test_without_a_season_the_last_line_says_so():
    """And how to have one."""
    found = pd.DataFrame({"baseline": ["drift", "persistence"], "rmse": [3.0, 2.0], "mase_of": "persistence"})
    last = as_markdown(replace(small_report(), baselines=found)).splitlines()[-1]
    assert last == "no seasonal baseline: no times show a season; `series.season` in the grid gives one"
    found["baseline"] = ["seasonal naive (12)", "persistence"]
    assert "no seasonal baseline" not in as_markdown(replace(small_report(), baselines=found))
