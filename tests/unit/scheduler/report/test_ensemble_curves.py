"""How the score of all repeats together falls with their number."""

from __future__ import annotations

import pytest

from scheduler.report.ensemble_curves import MOST_CURVES, ensemble_curves
from tests.reports import made_report


def test_the_best_configurations_have_a_curve() -> None:
    """In the order that is given, as many as a picture can hold; it begins with one repeat and ends with all."""
    labels = [f"units={units}" for units in range(1, 9)]
    report = made_report(labels, points=0)
    curves = ensemble_curves(report, labels[::-1])
    assert [one.label for one in curves] == labels[::-1][:MOST_CURVES]
    assert (curves[0].sizes[0], curves[0].sizes[-1]) == (1, 12)
    assert curves[0].scores[-1] < curves[0].scores[0]
    assert curves[0].enough in curves[0].sizes


@pytest.mark.parametrize("changes", [{"horizon": 0}, {"repeats": 2}])
def test_without_several_forecasts_there_is_none(changes: dict[str, int]) -> None:
    assert ensemble_curves(made_report(points=0, **changes), ["units=1"]) == []
