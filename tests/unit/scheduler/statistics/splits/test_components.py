"""How the variance of scores is split, and what is better to add."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.statistics.splits.components import PARTS, Components, variance_components
from scheduler.statistics.splits.scores import scores_over_splits
from scheduler.statistics.splits.wording import advice

TRUE = np.array([1.0, 4.0, 0.25, 0.09, 1.0])


def drawn(configurations: int, splits: int, repeats: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shapes = ((configurations, 1, 1), (1, splits, 1), (configurations, splits, 1), (1, 1, repeats))
    parts = [rng.normal(0, np.sqrt(one), size) for one, size in zip(TRUE, shapes, strict=False)]
    return sum(parts) + rng.normal(size=(configurations, splits, repeats))


def found(values: np.ndarray, draws: int = 100) -> Components:
    components = variance_components(scores_over_splits(values), draws=draws)
    assert components is not None
    return components


def test_the_mean_of_many_studies_is_the_truth():
    estimates = [found(drawn(4, 8, 6, seed), draws=0).variance for seed in range(300)]
    assert np.mean(estimates, axis=0) == pytest.approx(TRUE, rel=0.15)


def test_intervals_hold_the_truth():
    one = found(drawn(3, 60, 20))
    assert (one.low[1:] <= TRUE[1:]).all()
    assert (TRUE[1:] <= one.high[1:]).all()
    assert one.share.sum() == pytest.approx(1)


def test_missing_scores_change_little():
    values = drawn(3, 30, 10)
    whole = found(values).variance
    rng = np.random.default_rng(1)
    values[rng.random(values.shape) < 0.1] = np.nan
    values[0, 0] = np.inf
    assert found(values).variance[1:] == pytest.approx(whole[1:], rel=0.35, abs=0.1)


@pytest.mark.parametrize(
    ("shape", "missing"),
    [((1, 6, 5), {0, 2}), ((3, 1, 5), {1, 2}), ((3, 6, 1), {2, 3, 4}), ((1, 1, 5), {0, 1, 2, 3})],
)
def test_a_variance_is_unknown_where_there_is_one_of_a_kind(shape: tuple[int, int, int], missing: set[int]):
    variance = found(drawn(*shape)).variance
    assert {place for place in range(len(PARTS)) if np.isnan(variance[place])} == missing


def test_nothing_is_said_of_no_scores():
    assert variance_components(scores_over_splits(np.full((2, 3, 4), np.inf))) is None


def test_large_numbers_keep_their_digits():
    values = drawn(3, 10, 5)
    assert found(values + 1e9).variance == pytest.approx(found(values).variance, rel=1e-4)


def test_advice():
    """Windows are advised where configurations differ from window to window, and either where only seeds differ."""
    rng = np.random.default_rng(2)
    joint = rng.normal(size=(3, 12, 1))
    noise = rng.normal(size=(3, 12, 10))
    assert advice(found(joint + 0.1 * noise), windows=True).startswith("Beyond these windows more windows tell more")
    assert advice(found(noise[:1]), windows=True) == ""
    assert advice(found(0.01 * joint + noise), windows=False).startswith("More repeats and more series serve alike")
