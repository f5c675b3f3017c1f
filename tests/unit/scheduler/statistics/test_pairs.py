"""The statistics of the pairs, held against scipy and statsmodels one pair at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from scheduler.statistics import pairs
from scheduler.statistics.multiple.corrections import benjamini_hochberg, holm
from scheduler.statistics.ranking import group_letters


@pytest.fixture(params=["plain", "ties", "gaps"])
def scores(request: pytest.FixtureRequest) -> np.ndarray:
    """20 repeats of 4 configurations; with ties and diverged repeats, or with gaps, too."""
    rng = np.random.default_rng(4)
    values = rng.normal(10, [1, 2, 3, 4], (20, 4)) + rng.normal(0, 2, (20, 1))
    if request.param == "ties":
        values = np.round(values)
        values[[1, 2, 5], [0, 1, 1]] = np.inf
    if request.param == "gaps":
        values[[3, 4, 4], [0, 0, 3]] = np.nan
    return values


def sides(scores: np.ndarray) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yield each pair with the columns of both sides."""
    for place, (a, b) in enumerate(zip(*pairs.pair_indices(scores.shape[1]), strict=True)):
        yield place, scores[:, a], scores[:, b]


def test_welch(scores: np.ndarray) -> None:
    """Welch's t has scipy's p and interval over the finished repeats."""
    found = pairs.welch(pairs.moments(scores))
    for place, a, b in sides(scores):
        expected = stats.ttest_ind(b[np.isfinite(b)], a[np.isfinite(a)], equal_var=False)
        interval = expected.confidence_interval(0.95)
        assert found.p_value()[place] == pytest.approx(expected.pvalue)
        half = found.margin(0.05)[place]
        assert found.difference[place] - half == pytest.approx(interval.low)
        assert found.difference[place] + half == pytest.approx(interval.high)


def test_paired_t(scores: np.ndarray) -> None:
    """The paired t has scipy's p over the common finished seeds."""
    count, found = pairs.paired_contrast(scores, pairs.moments(scores))
    for place, a, b in sides(scores):
        both = np.isfinite(a) & np.isfinite(b)
        assert count[place] == both.sum()
        assert found.p_value()[place] == pytest.approx(stats.ttest_rel(b[both], a[both]).pvalue)


def test_mann_whitney(scores: np.ndarray) -> None:
    """The rank test and the probability to win are scipy's, ties and diverged repeats included."""
    share = pairs.win_share(scores)
    p = pairs.mann_whitney(scores, share)
    for place, a, b in sides(scores):
        here, there = a[~np.isnan(a)], b[~np.isnan(b)]
        expected = stats.mannwhitneyu(here, there, method="asymptotic")
        assert share[place] == pytest.approx(expected.statistic / len(here) / len(there))
        assert p[place] == pytest.approx(expected.pvalue)


def test_wilcoxon(scores: np.ndarray) -> None:
    """The signed ranks are scipy's; a diverged repeat is further away than any other."""
    p = pairs.wilcoxon(scores, np.ones(6, dtype=bool))
    for place, a, b in sides(scores):
        both = ~np.isnan(a) & ~np.isnan(b) & ~(np.isinf(a) & np.isinf(b))
        difference = np.clip(b[both] - a[both], -1e6, 1e6)
        expected = stats.wilcoxon(difference, correction=True, method="asymptotic").pvalue
        assert p[place] == pytest.approx(expected)


def test_wilcoxon_of_equal_sides() -> None:
    """Two columns without any difference have p = 1, diverged repeats on both sides included."""
    column = np.array([1.0, 2.0, np.inf, 4.0])
    assert pairs.wilcoxon(np.stack([column, column], axis=1), np.array([True])) == 1.0


def test_rank_correlation() -> None:
    """The correlation is Spearman's."""
    scores = np.random.default_rng(5).normal(size=(25, 3)) + np.random.default_rng(6).normal(size=(25, 1))
    rho, p = pairs.rank_correlation(scores)
    for place, a, b in sides(scores):
        expected = stats.spearmanr(a, b)
        assert (rho[place], p[place]) == pytest.approx((expected.statistic, expected.pvalue))


def test_few_seeds_say_nothing_about_correlation() -> None:
    """Five seeds in the same order may be chance."""
    scores = np.arange(5.0)[:, None] * np.ones(2)
    assert pairs.rank_correlation(scores)[1] == 1.0


def test_hedges() -> None:
    """Hedges' g of a textbook case: difference 2, spread 2, ten repeats each."""
    a = np.tile([3.0, 7.0], 5)
    spread = a.std(ddof=1)
    g = pairs.hedges(pairs.moments(np.stack([a, a - 2], axis=1)))
    assert g == pytest.approx(-2 / spread * (1 - 3 / 71))


@pytest.mark.parametrize(("ours", "theirs"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
def test_corrections(ours: object, theirs: str) -> None:
    """The corrections are those of statsmodels, row by row."""
    p = np.random.default_rng(7).uniform(size=(3, 15)) ** 3
    assert callable(ours)
    for row, adjusted in zip(p, ours(p), strict=True):
        np.testing.assert_allclose(adjusted, multipletests(row, method=theirs)[1])


class TestLetters:
    def test_a_chain(self) -> None:
        """Neighbours are not told apart, the ends are: two overlapping groups."""
        apart = np.zeros((3, 3), dtype=bool)
        apart[0, 2] = apart[2, 0] = True
        assert group_letters(apart) == ["a", "ab", "b"]

    def test_nothing_told_apart(self) -> None:
        """One group."""
        assert group_letters(np.zeros((4, 4), dtype=bool)) == ["a"] * 4

    def test_a_group_with_a_gap(self) -> None:
        """The first and the last are not told apart although both are from the one between."""
        apart = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool)
        assert group_letters(apart) == ["a", "b", "a"]

    def test_many_groups_are_spelt_as_spans(self) -> None:
        """With more groups than letters, names have two letters and neighbours make a span."""
        place = np.arange(100)
        apart = np.abs(place[:, None] - place) > 5
        letters = group_letters(apart)
        assert letters[:2] == ["a", "a-b"]
        assert letters[50] == "bt-by"

    def test_too_many_groups_fall_back_to_runs(self) -> None:
        """A comparison that would need very many letters gets runs of neighbours, and nobody told apart shares one."""
        rng = np.random.default_rng(8)
        apart = np.triu(rng.random((60, 60)) < 0.3, 1)
        apart |= apart.T
        owners = [set(text.split()) for text in group_letters(apart)]
        assert all(owners)
        assert not any(owners[a] & owners[b] for a, b in zip(*np.nonzero(apart), strict=True) if "-" not in str(owners))
