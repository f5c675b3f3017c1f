"""The scores of intervals and ensembles equal those of a maintained library."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules

from scheduler.statistics.intervals.scores import crps, interval_score, pinball

RNG = np.random.default_rng(17)


def test_equal_scoringrules() -> None:
    """On random data, at several levels and for ensembles of one member and many."""
    observed, low = RNG.normal(size=(2, 40, 3))
    high = low + RNG.uniform(0.1, 2, low.shape)
    for level in (50, 80, 95):
        expected = scoringrules.interval_score(observed, low, high, 1 - level / 100)
        assert interval_score(low, high, observed, level) == pytest.approx(expected)
    for share in (0.1, 0.5, 0.975):
        assert pinball(low, observed, share) == pytest.approx(scoringrules.quantile_score(observed, low, share))
    for count in (1, 2, 31):
        members = RNG.normal(size=(count, *observed.shape))
        expected = scoringrules.crps_ensemble(observed, members, m_axis=0)
        assert crps(members, observed) == pytest.approx(expected)


def test_the_interval_score_is_made_of_two_pinball_losses() -> None:
    """2 / alpha times their sum (Gneiting and Raftery 2007)."""
    observed = RNG.normal(size=100)
    both = pinball(np.full(100, -1.0), observed, 0.1) + pinball(np.full(100, 1.0), observed, 0.9)
    assert interval_score(np.full(100, -1.0), np.full(100, 1.0), observed, 80) == pytest.approx(2 / 0.2 * both)
