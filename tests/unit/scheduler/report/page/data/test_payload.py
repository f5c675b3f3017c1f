"""The numbers behind the page's pictures."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from tests.page_reader import floats, read
from tests.reports import made_report


class TestPayload:
    def test_boxes_are_of_all_finished_scores(self) -> None:
        """Median and quartiles are pandas' own; diverged repeats are counted apart."""
        report = made_report(diverged=2)
        box = read(report).payload["boxes"][0]
        kept = report.scores()["units=1"]
        np.testing.assert_allclose(box["box"][1:4], np.percentile(kept, [25, 50, 75]))
        np.testing.assert_allclose(floats(box["scores"]), np.sort(kept), rtol=1e-6)
        assert (box["n"], box["diverged"]) == (10, 2)

    def test_bands_are_percentiles_of_the_repeats(self) -> None:
        """Where all repeats have diverged there is no number."""
        report = made_report(points=20)
        packed = read(report).payload["trajectories"]["0"]
        expected = np.percentile(report.trajectories["units=1"].test, [10, 50, 90], axis=0)
        np.testing.assert_allclose([floats(curve) for curve in packed["test"]], expected, rtol=1e-5)

    def test_forecasts_know_their_place_in_the_series(self) -> None:
        """The frame says where the test rows are, so that the picture shows what came before."""
        packed = read(made_report(horizon=3, targets=2)).payload["forecasts"]["0"]
        assert packed["shape"] == [4, 3, 2]
        assert packed["start"] == [6, 0, 0]

    def test_forecasts_of_something_else_stand_alone(self) -> None:
        """Targets that are not a part of the series are drawn without it."""
        assert read(made_report(test_parts={})).payload["forecasts"]["0"]["start"] is None

    def test_seeds_are_exact(self) -> None:
        """63-bit seeds do not fit a number of JavaScript, so they travel as text."""
        assert read(made_report(repeats=2)).payload["seeds"] == ["6000000000000000000", "6000000000000000001"]

    def test_validation_curves_are_drawn_where_there_are_any(self) -> None:
        """Held-out training rows give a third curve."""
        report = made_report(["one"], points=10)
        curves = report.trajectories["one"]
        with_validation = SimpleNamespace(**vars(curves), validation=curves.test - 10)
        packed = read(made_report(["one"], trajectories={"one": with_validation})).payload["trajectories"]["0"]
        np.testing.assert_allclose(floats(packed["validation"][1]), floats(packed["test"][1]) - 10, rtol=1e-5)
        assert "validation" not in read(report).payload["trajectories"]["0"]

    def test_decimated_points_keep_both_ends(self) -> None:
        """Of 3,000 scores 400 are drawn, the least and the greatest among them; the box is of all."""
        report = made_report(["one"], repeats=3000, points=0, horizon=0)
        found, kept = read(report), report.scores()["one"]
        drawn = floats(found.payload["boxes"][0]["scores"])
        assert len(drawn) == 400
        np.testing.assert_allclose([drawn[0], drawn[-1]], [kept.min(), kept.max()], rtol=1e-6)
        assert found.payload["boxes"][0]["n"] == 3000
        assert "at most 400 points a box are drawn" in found.text

    def test_the_best_baseline_is_forecast_too(self) -> None:
        """The same rows, steps and targets as the configurations."""
        packed = read(made_report(horizon=3)).payload
        assert packed["baseline"]["name"] == "ETS"
        assert packed["baseline"]["shape"] == packed["forecasts"]["0"]["shape"] == [4, 3, 1]

    def test_references_are_persistence_and_the_best_baseline(self) -> None:
        """Both are lines in the scores and the trajectories."""
        found = read(made_report()).payload["references"]
        assert found == [{"name": "persistence", "value": 136.761}, {"name": "best baseline, ETS", "value": 70.4}]

    def test_short_names_keep_what_differs(self) -> None:
        """The longest that fits is drawn."""
        labels = [f"recurrent_dropout=0.25, optimizer.learning_rate={rate}" for rate in (0.001, 0.01)]
        short = read(made_report(labels)).payload["short"]
        assert all(names[0].endswith("=0.001") and names[1].endswith("=0.01") for names in short)
        assert read(made_report()).payload["short"] == []
