"""One score a repeat over all splits, and the verdicts on these splits that come from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from scheduler.statistics.comparison import compare_scores
from scheduler.statistics.scores import Scores, read_scores
from scheduler.statistics.splits.pooling import pooled_values, split_weights
from scheduler.statistics.splits.scores import SplitScores, scores_over_splits
from tests.scores import experiment


def drawn(configurations: int = 2, splits: int = 4, repeats: int = 12) -> np.ndarray:
    rng = np.random.default_rng(3)
    return rng.normal(size=(configurations, splits, repeats)) + 50 * rng.normal(size=(1, splits, 1))


def as_scores(scores: SplitScores) -> Scores:
    """Put pooled scores into what a comparison takes."""
    values, orders = pooled_values(scores)
    frame = experiment({label: np.zeros(values.shape[0]) for label in scores.labels})
    return replace(read_scores(frame), values=values, orders=orders)


def test_one_split_is_compared_as_ever():
    """The table of pairs is that of a comparison that knows nothing of splits, also with repeats that diverged."""
    values = drawn(3, 1)
    values[1, 0, 2], values[2, 0, 5] = np.inf, np.nan
    scores = scores_over_splits(values, labels=["a", "b", "c"])
    plain = experiment(dict(zip("abc", values[:, 0], strict=True)))
    found, expected = compare_scores(as_scores(scores)).pairs, compare_scores(read_scores(plain)).pairs
    counted = ["failed_a", "failed_b", "why", "split"]
    pd.testing.assert_frame_equal(found.drop(columns=counted), expected.drop(columns=counted))


def test_splits_are_blocks():
    """Differences between splits, however large, do not blur a difference between configurations."""
    values = drawn()
    values[1] -= 2
    found = compare_scores(as_scores(scores_over_splits(values, labels=["a", "b"]))).pairs.iloc[0]
    assert found["winner"] == "b"
    assert found["difference"] == pytest.approx((values[1] - values[0]).mean())


def test_series_count_alike_and_windows_within_them():
    weights = split_weights(scores_over_splits(drawn(), series=["x", "x", "x", "y"], windows=[1, 2, 3, 1]))
    assert weights == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])


def test_squares_are_pooled_to_the_error_over_all_rows():
    values = np.abs(drawn())
    pooled, _ = pooled_values(scores_over_splits(values, series=["x"] * 4, windows=range(4)), squares=True)
    assert pooled[0, 0] == pytest.approx(np.sqrt((values[0, :, 0] ** 2).mean()))


def test_a_repeat_that_lacks_the_hardest_split_does_not_look_better():
    """Its score is that of its configuration, plus by how much it differs on the splits that it has."""
    values = drawn()
    values[0, int(values.mean(axis=(0, 2)).argmax()), :3] = np.nan
    pooled, _ = pooled_values(scores_over_splits(values))
    whole, _ = pooled_values(scores_over_splits(drawn()))
    assert np.abs(pooled[:3, 0] - whole[:3, 0]).max() < 2
    assert pooled[:, 1] == pytest.approx(whole[:, 1])


def test_a_repeat_that_diverges_on_one_split_is_counted_and_ranks_decide():
    """It keeps its score on the others, so that one bad split of many does not leave a study without scores."""
    values = drawn(2, 50, 8)
    values[0, np.arange(8), np.arange(8)] = np.inf  # each repeat once
    found = compare_scores(as_scores(scores_over_splits(values, labels=["a", "b"]))).pairs.iloc[0]
    assert found["diverged_a"] == 8
    assert found["test"] == "Mann-Whitney"
    assert np.isfinite(found["difference"])


def test_a_split_without_a_score_of_one_configuration_counts_for_none():
    values = drawn(3)
    values[2, 1] = np.inf
    weights = split_weights(scores_over_splits(values))
    assert weights[1] == 0
    assert weights.sum() == pytest.approx(1)
