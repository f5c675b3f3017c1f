"""Verdicts with splits as the sample: the tests, how many splits they need, and what repeats that diverge change."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from scheduler.statistics.outcomes import Outcome, Test
from scheduler.statistics.splits.beyond import Beyond, beyond, fewest_splits
from scheduler.statistics.splits.scores import scores_over_splits
from scheduler.statistics.splits.table import pair_table
from scheduler.statistics.splits.units import units_of


def drawn(configurations: int, splits: int, gap: float = 0.0, *, repeats: int = 4) -> np.ndarray:
    """Draw scores whose last configuration is lower by `gap`; splits differ much."""
    rng = np.random.default_rng([configurations, splits])
    joint = rng.normal(size=(configurations, splits, 1)) + 50 * rng.normal(size=(1, splits, 1))
    joint[-1] -= gap
    return joint + 0.2 * rng.normal(size=(configurations, splits, repeats))


def of_series(values: np.ndarray) -> Beyond:
    return beyond(scores_over_splits(values), alpha=0.05)


def of_windows(values: np.ndarray) -> Beyond:
    windows = range(values.shape[1])
    return beyond(scores_over_splits(values, series=["x"] * len(windows), windows=windows), alpha=0.05)


@pytest.mark.parametrize(("configurations", "splits"), [(2, 6), (3, 7), (5, 9), (10, 11)])
def test_fewest_splits(configurations: int, splits: int):
    """With one split less, not even signs that all agree reach 5% after Holm's correction."""
    family = configurations * (configurations - 1) // 2
    assert fewest_splits(family, 0.05) == splits
    assert 2 * family / 2**splits <= 0.05 < 2 * family / 2 ** (splits - 1)


def test_series_are_compared_by_the_paired_t():
    """Of the means over repeats, with Wilcoxon's signed ranks beside it."""
    values = drawn(3, 20)
    found = pair_table(of_series(values), alpha=0.05)
    means = values.mean(axis=2)
    for row, (a, b) in zip(found.itertuples(), [(0, 1), (0, 2), (1, 2)], strict=True):
        assert row.t_p == pytest.approx(stats.ttest_rel(means[a], means[b]).pvalue)
        assert row.rank_p == pytest.approx(stats.wilcoxon(means[a], means[b]).pvalue)
        assert row.difference == pytest.approx((means[b] - means[a]).mean())
        assert row.repeats_a == 20
        assert row.test == Test.PAIRED
    assert found["low"].tolist() < found["high"].tolist()


def test_windows_are_averaged_within_series():
    values = drawn(2, 12)
    series = [name for name in "abcdef" for _ in range(2)]
    found = units_of(scores_over_splits(values, series=series, windows=[1, 2] * 6))
    assert found.means == pytest.approx(values.reshape(2, 6, 2 * 4).mean(axis=2).T)
    assert not found.windows


def test_a_window_that_a_configuration_lacks_counts_for_none():
    values = drawn(2, 4)
    values[0, 0] = np.nan
    found = units_of(scores_over_splits(values, series=["a", "a", "b", "b"], windows=[1, 2, 1, 2]))
    assert found.means[0] == pytest.approx(values[:, 1].mean(axis=1))


def test_too_few_splits_have_no_verdict():
    found = of_series(drawn(2, 5, gap=100.0))
    row = pair_table(found, alpha=0.05).iloc[0]
    assert row["outcome"] == Outcome.TOO_FEW_SPLITS
    assert row["winner"] is None
    assert np.isnan(row["p_adjusted"])
    assert row["verdict"] == "undecided: a verdict takes at least 6 series"
    assert row["more"] == 1
    assert np.isfinite(row["difference"])


def test_a_large_difference_is_found():
    row = pair_table(of_series(drawn(2, 6, gap=10.0)), alpha=0.05).iloc[0]
    assert row["outcome"] == Outcome.BETTER_B
    assert row["winner"] == "1"


def test_windows_of_one_series_are_less_sure_than_as_many_series():
    values = drawn(2, 12, gap=1.5)
    one, several = of_windows(values), of_series(values)
    assert one.evidence.contrast.error[0] > several.evidence.contrast.error[0]
    assert one.evidence.contrast.df[0] < several.evidence.contrast.df[0]
    assert pair_table(one, alpha=0.05)["test"].iloc[0] == Test.WINDOWS
    assert np.isnan(pair_table(one, alpha=0.05)["rank_p"].iloc[0])


def test_ranks_decide_where_a_repeat_diverged():
    """A configuration that diverges on every series loses, and a single repeat that diverged does not."""
    values = drawn(2, 12)
    values[0] = np.inf
    always = pair_table(of_series(values), alpha=0.05).iloc[0]
    assert always["winner"] == "1"
    assert always["test"] == Test.WILCOXON
    values = drawn(2, 12)
    values[1, 3, 0] = np.inf
    once = pair_table(of_series(values), alpha=0.05).iloc[0]
    assert once["test"] == Test.WILCOXON
    assert once["diverged_b"] == 1
    assert np.isfinite(once["difference"])


def test_ranks_of_windows_that_are_all_alike_are_no_proof():
    """Six windows that agree may be one that lasts: the chance that neighbours agree is 2/3 under the null."""
    values = drawn(2, 6)
    values[0] = np.inf
    row = pair_table(of_windows(values), alpha=0.05).iloc[0]
    assert row["test"] == Test.WINDOW_RANKS
    assert row["p"] == pytest.approx((2 / 3) ** 5)


def test_no_series_has_scores_of_both():
    values = drawn(2, 8)
    values[0, :4], values[1, 4:] = np.nan, np.nan
    assert pair_table(of_series(values), alpha=0.05)["outcome"].iloc[0] == Outcome.TOO_FEW_SPLITS


def test_one_against_all_has_the_numbers_of_all_pairs():
    scores = scores_over_splits(drawn(6, 15, gap=3.0))
    every, best = beyond(scores, alpha=0.05), beyond(scores, alpha=0.05, against=5)
    mine = (every.evidence.places[0] == 5) | (every.evidence.places[1] == 5)
    assert best.evidence.t_p == pytest.approx(every.evidence.t_p[mine])
    assert best.evidence.unseen == 10
    assert best.least == every.least
