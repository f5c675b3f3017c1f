"""Differences of scores that are rounding alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from scheduler.statistics.against_baselines import compare_with_baselines
from scheduler.statistics.answers import best_baseline
from scheduler.statistics.comparison import compare
from scheduler.statistics.outcomes import BaselineOutcome, Outcome
from scheduler.statistics.pairs import moments
from scheduler.statistics.rounding import E32, E64, score_rounding
from scheduler.statistics.sequential import plan, replay
from store import Series
from tests.scores import experiment

NOISE = 1e-15


def rounding(values: Any, **prepare: Any) -> float:
    """Return the rounding of the scores of a series with one column."""
    series = Series(name="s", content_hash="", columns=("y",), values=np.asarray(values, dtype=float).reshape(-1, 1))
    return score_rounding(series, {"series": {"targets": ["y"]}, "prepare": prepare})


class TestTolerance:
    """From the scaled values in 32 bits and the series in 64."""

    def test_of_a_differenced_and_scaled_series(self) -> None:
        """The changes of 0, 1, 4, 9 span 4, which are two scaled units of which the largest value is 1."""
        assert rounding([0, 1, 4, 9]) == pytest.approx(4 * (E32 * 2 + E64 * 9))
        assert rounding([0, 1, 4, 9], scale={"y": [0, 1]}) == pytest.approx(4 * (E32 * 4 + E64 * 9))

    def test_of_several_differences_and_other_scales(self) -> None:
        """Second changes of 0, 1, 4, 9, 16 are all 2; the first ones of 0, 1, 4, 9 have mean 3."""
        assert rounding([0, 1, 4, 9, 16], difference=[1, 1]) == pytest.approx(4 * E64 * 16)
        assert rounding([0, 1, 4, 9], scale="standard") == pytest.approx(4 * (E32 * 2 + E64 * 9))

    def test_of_a_transform(self) -> None:
        """The changes of the logarithms span log 2, and an error of these counts most where the series is largest."""
        expected = 4 * (8 * (E32 * np.log(2) / 2 + E64 * np.log(8)) + E64 * 8)
        assert rounding([1, 2, 2, 4, 8], transform={"y": "log"}) == pytest.approx(expected)

    def test_an_offset_counts_only_where_nothing_takes_it_away(self) -> None:
        """On top of 1e9, 32 bits hold the values themselves to about 100, and their changes as before."""
        values = np.array([0.0, 1.0, 4.0, 9.0]) + 1e9
        assert rounding(values) < 3e-6
        assert rounding(values, difference=0) < 6e-6
        assert rounding(values, difference={"y": 0}, scale=None) > 100

    def test_a_straight_line_has_that_of_64_bits(self) -> None:
        """Its changes differ by rounding, which scaling blows up to -1 to 1."""
        assert rounding(np.arange(40) / 10) < 1e-14

    @pytest.mark.parametrize("unit", [2.0**-60, 2.0**40])
    def test_units_change_it_as_they_change_the_scores(self, unit: float) -> None:
        """No verdict turns with the unit."""
        values = np.array([266.0, 145.9, 183.1, 119.3])
        assert rounding(values * unit) == unit * rounding(values)


class TestPairs:
    """Two configurations whose scores differ so little."""

    @pytest.mark.parametrize("gap", [0.0, 4e-17, 9e-16])
    def test_there_is_no_winner(self, gap: float) -> None:
        """Whether each has one score or several, the difference is none that more repeats could show."""
        wobble = np.tile([0.0, 3e-16], 15)
        for spread in (0.0, 1.0):
            frame = experiment(
                {"a": 1e-14 + wobble * spread, "b": 1e-14 + gap + wobble * spread, "c": np.full(30, 2e-14)}
            )
            found = compare(frame.assign(rounding=NOISE))
            pair = found.pairs.iloc[0]
            assert (pair["outcome"], pair["winner"]) == (Outcome.NO_DIFFERENCE, None)
            assert pair["bound"] >= NOISE
            assert list(found.pairs["winner"].iloc[1:]) == ["a", "b"]
            assert ("rounding alone" in " ".join(found.notes)) == (gap > 0 or spread > 0)

    def test_a_small_difference_beside_a_real_spread_is_none_either(self) -> None:
        """Seed by seed one is always lower, by less than rounding."""
        scores = np.random.default_rng(0).normal(size=30) + 10
        frame = experiment({"a": scores, "b": scores - 1e-13})
        assert compare(frame).pairs["winner"].iloc[0] == "b"
        assert compare(frame.assign(rounding=1e-12)).pairs["winner"].iloc[0] is None

    def test_under_planned_looks(self) -> None:
        """Each look counts them as none."""
        values = np.stack([np.full(15, 1.0), np.full(15, 1.0 + 1e-15)], axis=1)
        reached = np.ones((2, 2), dtype=bool)
        for least, better in ((0.0, True), (2e-15, False)):
            played = replay(
                values, plan(10, 15), shared_seeds=False, reached=reached, rounding=np.full(2, least) if least else None
            )
            assert played.decision.better.tolist() == [better]

    def test_equal_scores_have_no_spread(self) -> None:
        """The mean of 0.1 three times is 0.1, although the sum is rounded."""
        found = moments(np.full((3, 1), 0.1))
        assert (found.mean.item(), found.variance.item()) == (0.1, 0.0)


def test_a_baseline_without_error_is_not_beaten_nor_better() -> None:
    """On a straight line it scores 0, and the network hardly more."""
    baselines = pd.DataFrame({"baseline": ["drift"], "rmse": [0.0]})
    frame = experiment({"a": np.full(12, 6e-16)})
    assert compare_with_baselines(frame, baselines)["outcome"].item() is BaselineOutcome.LOSES
    found = compare_with_baselines(frame.assign(rounding=NOISE), baselines)
    assert (found["outcome"].item(), found["equal"].item()) == (BaselineOutcome.UNDECIDED, 12)
    assert best_baseline(found).endswith("; a differs from it by rounding alone.")
