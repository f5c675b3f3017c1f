"""What seeds have in common on all splits enlarges the error of verdicts beyond them."""

from __future__ import annotations

import numpy as np
import pytest

from scheduler.statistics.pairs import Contrast
from scheduler.statistics.splits.beyond import gather_beyond
from scheduler.statistics.splits.scores import scores_over_splits
from scheduler.statistics.splits.seeds import Common, common_to_splits, with_seeds


def drawn(common: float, splits: int = 200, repeats: int = 40) -> np.ndarray:
    rng = np.random.default_rng(4)
    return rng.normal(size=(2, splits, repeats)) + common * rng.normal(size=(2, 1, repeats))


def test_it_is_measured():
    """Its variance is that of the mean of the repeats' common effects, of both configurations."""
    found = common_to_splits(scores_over_splits(drawn(1.0)), None)
    assert found.variance[0] == pytest.approx(2 / 40, rel=0.4)
    assert found.df == 39


def test_seeds_that_do_the_same_to_all_configurations_cancel():
    values = np.random.default_rng(1).normal(size=(2, 30, 8)) + 50 * np.random.default_rng(2).normal(size=(1, 1, 8))
    assert common_to_splits(scores_over_splits(values), None).variance[0] < 0.05


@pytest.mark.parametrize("shape", [(2, 1, 5), (2, 5, 1)])
def test_one_split_or_one_repeat_shows_nothing(shape: tuple[int, int, int]):
    assert common_to_splits(scores_over_splits(np.ones(shape)), None).variance.tolist() == [0.0]


def test_nothing_in_common_leaves_the_test_as_it_is():
    contrast = Contrast(difference=np.ones(1), error=np.full(1, 2.0), df=np.full(1, 7.0))
    found = with_seeds(contrast, Common(np.zeros(1), 3.0))
    assert (found.error[0], found.df[0]) == (2.0, 7.0)


def test_lucky_seeds_are_no_better_configuration():
    """Three repeats that are lucky on every split do not make a verdict beyond them."""
    values = np.random.default_rng(3).normal(size=(2, 50, 3)) * 0.1
    values += np.array([[1.0, -1.0, 0.5], [0.0, -1.5, 0.3]])[:, None, :]
    e = gather_beyond(scores_over_splits(values))
    assert e.p[0] > 0.05


def test_missing_scores_are_allowed():
    values = drawn(0.5, 20, 6)
    values[0, 3, 2], values[1, 4] = np.inf, np.nan
    assert np.isfinite(common_to_splits(scores_over_splits(values), None).variance).all()
