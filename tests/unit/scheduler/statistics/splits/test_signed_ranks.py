"""Wilcoxon's signed ranks, held against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from scheduler.statistics.splits.signed_ranks import signed_ranks


@pytest.mark.parametrize("count", [3, 6, 20, 50])
def test_exact(count: int):
    differences = np.random.default_rng(count).normal(size=(4, count))
    assert signed_ranks(differences)[0] == pytest.approx(stats.wilcoxon(differences, axis=1, method="exact").pvalue)


def test_ties_and_many_are_approximated():
    rng = np.random.default_rng(1)
    for differences in (np.round(rng.normal(size=(3, 30)), 1), rng.normal(size=(3, 80))):
        found = signed_ranks(differences)[0]
        expected = [stats.wilcoxon(row, correction=True, method="asymptotic").pvalue for row in differences]
        assert found == pytest.approx(expected)


def test_zeros_and_missing_ones_are_left_out():
    full = np.array([1.0, -2.0, 3.0, 4.0, 5.0, 6.0])
    spoiled = np.array([1.0, -2.0, 0.0, 3.0, 4.0, np.nan, 5.0, 6.0])
    assert signed_ranks(spoiled[None])[0] == signed_ranks(full[None])[0]
    assert np.isnan(signed_ranks(np.zeros((1, 4)))[0])


def test_equal_differences_are_no_surer_than_signs():
    assert signed_ranks(np.full((1, 6), 2.0))[0] == pytest.approx(2 / 2**6)
