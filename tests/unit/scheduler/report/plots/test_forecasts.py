"""The picture of the forecasts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.pictures import drawn
from tests.reports import made_report


def said(tmp_path: Path, **changes: object) -> str:
    """Read the picture of a made report."""
    return drawn(made_report(points=0, **changes), tmp_path)["forecasts"]


def test_the_times_of_the_series_are_below_the_panels(tmp_path: Path) -> None:
    """As on the page."""
    words = said(tmp_path)
    assert "1-10" in words
    assert "test row" not in words


def test_a_series_without_times_has_numbered_test_rows(tmp_path: Path) -> None:
    """The first test row is 1; what was before it has other numbers."""
    assert "test row" in said(tmp_path, series_times=())


def test_observations_forecasts_and_the_best_baseline_are_named(tmp_path: Path) -> None:
    """Each has a line in the legend."""
    words = said(tmp_path)
    assert "observed" in words
    assert "forecast" in words
    assert "best baseline, ETS" in words


def test_each_target_has_a_panel(tmp_path: Path) -> None:
    """With its name."""
    words = said(tmp_path, labels=["one"], targets=2)
    assert "target 1, one" in words
    assert "target 2, one" in words


def test_of_many_configurations_the_best_are_drawn_and_it_says_so(tmp_path: Path) -> None:
    """Six panels can be read."""
    assert "the 6 with the best median of 20" in said(tmp_path, labels=[f"units={place}" for place in range(20)])


def test_forecasts_without_a_place_in_the_series_stand_alone(tmp_path: Path) -> None:
    """They are drawn over the numbers of the test rows."""
    assert "test row" in said(tmp_path, test_parts={})


def test_diverged_forecasts_break_the_line(tmp_path: Path) -> None:
    """Nothing finite is no error."""
    report = made_report(["one"], points=0)
    report.forecasts["one"].forecast[:] = np.nan
    assert "one" in drawn(report, tmp_path)["forecasts"]
