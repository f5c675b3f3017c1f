"""Which configurations beat the baselines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from scheduler.statistics.against_baselines import compare_with_baselines
from scheduler.statistics.answers import best_baseline
from scheduler.statistics.baseline_table import ALL_TARGETS
from scheduler.statistics.outcomes import BaselineOutcome
from tests.scores import experiment

BASELINES = pd.DataFrame({"baseline": ["naive", "drift", "ETS"], "rmse": [100.0, 130.0, np.nan]})


def against(**scores: list[float]) -> pd.DataFrame:
    """Compare configurations with the baselines."""
    return compare_with_baselines(experiment(scores), BASELINES)


class TestBeaten:
    def test_shares(self) -> None:
        """The share counts repeats below the baseline; a tie does not beat it."""
        rows = against(a=[90.0, 95.0, 100.0, 120.0]).set_index("baseline")
        assert (rows.loc["naive", "beating"], rows.loc["naive", "share"]) == (2, 0.5)
        assert rows.loc["drift", "share"] == 1.0
        assert list(rows.index) == ["naive", "drift"]

    def test_exact_interval_and_p(self) -> None:
        """9 of 10 has the sign test's p, and Clopper and Pearson's interval."""
        row = against(a=[90.0] * 9 + [110.0]).iloc[0]
        assert row["p"] == pytest.approx(22 / 1024)
        assert (row["low"], row["high"]) == pytest.approx((0.5550, 0.9975), abs=1e-4)
        assert (row["outcome"], row["verdict"]) == (BaselineOutcome.BEATS, "beats")

    def test_diverged_repeats_beat_nothing(self) -> None:
        """A diverged repeat counts against its configuration, a failed one does not count."""
        row = against(a=[90.0, 90.0, np.inf, np.nan]).iloc[0]
        assert (row["repeats"], row["beating"], row["mean"]) == (3, 2, 90.0)

    def test_holm_over_the_configurations(self) -> None:
        """The more configurations try, the more it takes."""
        alone = against(a=[90.0] * 8)
        many = against(**{name: [90.0] * 8 for name in "abcdefgh"})
        assert alone["outcome"].iloc[0] is BaselineOutcome.BEATS
        assert set(many["outcome"]) == {BaselineOutcome.UNDECIDED}

    def test_several_targets_use_the_pooled_rows(self) -> None:
        """A score over all targets is held against the baseline over all targets."""
        rows = pd.DataFrame({"target": ["x", ALL_TARGETS], "baseline": "naive", "rmse": [1.0, 100.0]})
        assert list(compare_with_baselines(experiment({"a": [90.0]}), rows)["rmse"]) == [100.0]


class TestAnswer:
    def test_a_winner(self) -> None:
        """The line counts the winners and names the best."""
        assert best_baseline(against(a=[90.0] * 10, b=[110.0] * 10)) == (
            "1 of 2 configurations beats the best baseline, naive (RMSE 100), on these test rows: "
            "a does so in 10 of 10 repeats."
        )

    def test_no_winner(self) -> None:
        """Where nobody beats the best baseline the line begins with that."""
        assert best_baseline(against(a=[99.0, 120.0], b=[110.0, 120.0])) == (
            "No configuration is shown to beat the best baseline, naive (RMSE 100), on these test rows; "
            "closest: a, which beats it in 1 of 2 repeats (mean 110). 2 repeats cannot show it: that takes at least 7."
        )

    @pytest.mark.parametrize("repeats", [6, 7])
    def test_the_fewest_repeats_that_can_show_it(self, repeats):
        """So few that all of them below the baseline prove nothing are said to be too few; one more, and they do."""
        said = best_baseline(against(a=[50.0] * repeats, b=[110.0] * repeats))
        assert ("that takes at least 7" in said, "1 of 2 configurations beats" in said) == (
            repeats < 7,
            repeats >= 7,
        )

    def test_nothing_to_say(self) -> None:
        """Without baselines, or without scores, the line says so."""
        assert (
            best_baseline(compare_with_baselines(experiment({"a": [1.0]}), BASELINES[2:]))
            == "No baseline could be computed."
        )
        assert best_baseline(against(a=[np.nan])).startswith("No repeat has a score")
