"""The picture of the scores: what is drawn and said, and that labels stay text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.pictures import drawn
from tests.reports import HOSTILE, made_report


class TestScores:
    def test_persistence_and_counts(self, tmp_path: Path) -> None:
        """The persistence line is labelled with its exact RMSE."""
        said = drawn(made_report(points=8), tmp_path)["scores"]
        assert "persistence 136.761" in said
        assert "36 repeats" in said

    @pytest.mark.parametrize(
        ("rmse", "shown", "side"),
        [
            (88.5, "88.5000", ""),
            (1e6, "1,000,000", " is beyond the axis"),
            (-1e6, "\N{MINUS SIGN}1,000,000", " is below the axis"),
        ],
    )
    def test_the_best_baseline_is_drawn_too(self, tmp_path: Path, rmse: float, shown: str, side: str) -> None:
        """The sentence above the table is about it, so a score below persistence alone must not look like a win."""
        found = pd.DataFrame({"baseline": ["persistence", "drift", "AR(1)"], "rmse": [2e6, 3e6, rmse]})
        said = drawn(made_report(points=0, baselines=found), tmp_path)["scores"]
        assert f"best baseline, AR(1) {shown}{side}" in said
        assert "drift" not in said

    def test_partial_experiments_say_so(self, tmp_path: Path) -> None:
        """A picture that is passed on alone still says that repeats are missing."""
        said = drawn(made_report(points=8, waiting=5), tmp_path)
        assert all("PARTIAL: 21 of 36 repeats" in picture for picture in said.values())

    def test_diverged_repeats_are_counted_beside_their_box(self, tmp_path: Path) -> None:
        """A box is of the finished repeats; the others are not dropped in silence."""
        assert drawn(made_report(points=8, diverged=2), tmp_path)["scores"].count("2 diverged") == 3

    def test_all_diverged(self, tmp_path: Path) -> None:
        """There is a row for each configuration, without a box."""
        said = drawn(made_report(points=8, diverged=12), tmp_path)["scores"]
        assert said.count("no score") == 3
        assert said.count("12 diverged") == 3

    def test_a_score_far_out_is_counted_and_does_not_flatten_the_boxes(self, tmp_path: Path) -> None:
        """One repeat with an RMSE of a million leaves the axis to the others."""
        report = made_report(points=0)
        report.results.loc[3, "test_rmse"] = 1e6
        said = drawn(report, tmp_path)["scores"]
        assert "1 beyond" in said
        assert "1000000" not in said

    def test_of_many_configurations_the_best_are_drawn_and_it_says_so(self, tmp_path: Path) -> None:
        """500 boxes are no picture."""
        report = made_report([f"c{place}" for place in range(500)], repeats=3, points=4)
        said = drawn(report, tmp_path)
        assert "30 with the best median of 500" in said["scores"]
        assert "12 with the best median of 500" in said["trajectories"]

    def test_labels_are_text_and_not_markup_or_formulas(self, tmp_path: Path) -> None:
        """Labels come from the user's grid: hostile, in other scripts, very long, with control characters."""
        report = made_report(
            [HOSTILE, "$x^2$ \\frac", "\u65e5\u672c\u8a9e \x1b[31m", "long " * 60], points=4, repeats=2
        )
        said = drawn(report, tmp_path)["scores"]
        assert "</script><img src=x" in said
        assert "$x^2$ \\frac" in said
        assert "\u65e5\u672c\u8a9e" in said

    def test_names_are_shortened_where_they_are_the_same(self, tmp_path: Path) -> None:
        """The values by which configurations differ are all there."""
        labels = [f"units=1, recurrent_dropout=0.25, optimizer.learning_rate={rate}" for rate in (0.001, 0.01)]
        said = drawn(made_report(labels, points=0, horizon=0), tmp_path)["scores"]
        assert "=0.001" in said
        assert "=0.01 " in said
