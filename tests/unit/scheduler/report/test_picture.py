"""Plots in memory, for notebooks."""

from __future__ import annotations

from scheduler.report.picture import draw_picture
from tests.reports import made_report, made_splits


def test_one_split_is_one_png() -> None:
    """Without HTML, which notebooks would prefer."""
    picture = draw_picture(made_report(points=0, horizon=0), "scores")
    assert picture._repr_png_().startswith(b"\x89PNG")
    assert picture._repr_html_() is None


def test_several_splits_are_shown_below_each_other() -> None:
    """A picture for each, and none is left out."""
    picture = draw_picture(made_splits(trajectories={}, forecasts={}), "scores")
    assert (picture._repr_html_() or "").count("<img") == 2
