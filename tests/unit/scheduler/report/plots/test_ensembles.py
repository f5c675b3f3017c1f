"""The picture of all repeats together."""

from __future__ import annotations

from pathlib import Path

from scheduler.report.plots.ensembles import ensembles
from tests.pictures import drawn
from tests.reports import made_report


def test_the_curves_and_the_score_are_named(tmp_path: Path) -> None:
    """With the units of the score; a picture without several repeats is left out."""
    said = drawn(made_report(points=0), tmp_path)["ensembles"]
    assert "All repeats together" in said
    assert "units=3" in said
    assert "expected test RMSE in the units of shampoo" in said
    assert "ensembles" not in drawn(made_report(points=0, repeats=2), tmp_path / "few")


def test_the_number_of_repeats_is_whole() -> None:
    """Nobody asks for the score of 1.25 repeats."""
    figure = ensembles(made_report(points=0, repeats=3))
    assert figure is not None
    assert all(float(tick).is_integer() for tick in figure.axes[0].get_xticks())
