"""The picture of the trajectories."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from scheduler.report import plots
from scheduler.report.plots import trajectories
from tests.pictures import drawn
from tests.reports import made_report


def lines(path: Path) -> int:
    """Count the curves of an SVG."""
    return sum(part.get("id", "").startswith("line2d") for part in ET.parse(path).iter("{http://www.w3.org/2000/svg}g"))


def test_persistence_and_the_best_baseline_are_lines(tmp_path: Path) -> None:
    """A curve below persistence alone must not look like a win."""
    said = drawn(made_report(points=8), tmp_path)["trajectories"]
    assert "persistence" in said
    assert "best baseline, ETS" in said


def test_each_repeat_is_a_thin_line_behind_the_median(tmp_path: Path) -> None:
    """More repeats make more lines: of the train and of the test RMSE."""
    few, many = (
        lines(plots.save(made_report(["one"], repeats=repeats, points=8, horizon=0), tmp_path, ["svg"])[1])
        for repeats in (3, 13)
    )
    assert many - few == 2 * 10


def test_of_very_many_repeats_some_are_drawn(tmp_path: Path) -> None:
    """A file with 2,000 curves is too large; the median is that of all."""
    found = [
        lines(plots.save(made_report(["one"], repeats=repeats, points=8, horizon=0), tmp_path, ["svg"])[1])
        for repeats in (trajectories.MOST_SINGLE, 300)
    ]
    assert abs(found[0] - found[1]) < 10  # the axes have other ticks


@pytest.mark.parametrize(("repeats", "title"), [(50, "each repeat, and"), (51, "50 repeats of each, and")])
def test_the_title_says_how_many_repeats_are_drawn(tmp_path: Path, repeats: int, title: str) -> None:
    """The median is that of all."""
    report = made_report(["one"], repeats=repeats, points=5, horizon=0)
    assert title in drawn(report, tmp_path)["trajectories"]


def test_validation_curves_are_drawn_where_there_are_any(tmp_path: Path) -> None:
    """Held-out training rows give a third curve."""
    curves = made_report(["one"], points=10).trajectories["one"]
    validated = SimpleNamespace(**vars(curves), validation=curves.test - 10)
    assert "validation" in drawn(made_report(["one"], trajectories={"one": validated}), tmp_path)["trajectories"]


@pytest.mark.parametrize("baselines", [None, pd.DataFrame({"baseline": ["persistence"], "rmse": [1e9]})])
def test_all_diverged(tmp_path: Path, baselines: pd.DataFrame | None) -> None:
    """There are panels without curves."""
    assert "units=1" in drawn(made_report(points=9, diverged=12, baselines=baselines), tmp_path)["trajectories"]
