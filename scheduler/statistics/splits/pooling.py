"""One score a repeat over all splits: what verdicts *on these splits* compare, with seeds as the noise.

A repeat of a configuration has the same seed on every split, so that its scores on them are not independent of each
other. The mean of its scores is one number, and those of different repeats are independent whatever goes on between
splits. Splits are thus blocks: every repeat has all of them, and their differences cancel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.statistics.scores import Orders
from scheduler.statistics.splits.scores import cell_means, ranks_within_splits, scored

if TYPE_CHECKING:
    from scheduler.statistics.scores import Bools, Floats
    from scheduler.statistics.splits.scores import SplitScores

#: weights that add up to 1 do so except for rounding
WHOLE = 1 - 1e-9


def pooled_values(scores: SplitScores, *, squares: bool = False) -> tuple[Floats, Orders | None]:
    """Return one score a repeat over all splits: the mean over series of the means over their windows.

    A repeat that lacks some splits has the mean of its configuration, plus by how much it differs from that on the
    splits that it has. Splits on which some configuration has no score at all count for none.

    Args:
        scores: those of all splits; of one, nothing is computed.
        squares: take the root of the mean square instead: RMSE over the rows of all windows of one series.

    Returns:
        `(repeats, configurations)`: infinity where a repeat diverged on all splits that it has, NaN where it has none;
        and what rank tests compare instead, where a repeat diverged on some splits only.
    """
    values = scores.values
    if values.shape[1] == 1:
        return values[:, 0].T, None
    finite = np.where(np.isfinite(values), values, np.nan)
    power = 2 if squares else 1
    pooled = _pooled(finite**power, split_weights(scores)) ** (1 / power)
    infinite = np.isinf(values)
    alone = np.isnan(pooled) & infinite.any(axis=1)
    return np.where(alone, np.inf, pooled).T, _orders(values, infinite) if infinite.any() else None


def split_weights(scores: SplitScores) -> Floats:
    """Return what each split counts: series alike, and windows alike within them: `(splits,)`; they add up to 1."""
    kept = scored(cell_means(scores.values))
    if not kept.any():
        kept = np.ones_like(kept)
    groups = scores.groups
    count = np.bincount(groups, weights=kept)
    weights = np.where(kept, 1 / np.maximum(count[groups], 1), 0.0)
    return np.asarray(weights / weights.sum())


def _pooled(values: Floats, weights: Floats) -> Floats:
    """Return the weighted mean over the splits, `(configurations, repeats)`, of values of which some may be NaN."""
    here = np.isfinite(values)
    filled = np.where(here, values, 0.0)
    present = np.einsum("ksr,s->kr", here, weights)
    total = np.einsum("ksr,s->kr", filled, weights)
    whole = present > WHOLE
    if whole.all():
        return np.asarray(total)
    count = here.sum(axis=2)
    cells = filled.sum(axis=2) / np.maximum(count, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (cells * (count > 0)) @ weights / ((count > 0) @ weights)
        apart = (total - np.einsum("ks,ksr,s->kr", cells, here, weights)) / present
    scored_once = present > 0
    drift = np.where(scored_once, apart, 0.0).sum(axis=1) / np.maximum(scored_once.sum(axis=1), 1)
    blocked = centre[:, None] + apart - drift[:, None]
    complete = whole.all(axis=1, keepdims=True)
    return np.where(scored_once, np.where(complete, total, blocked), np.nan)


def _orders(values: Floats, infinite: Bools) -> Orders:
    """Return the mean rank of each repeat over its splits, and whether it diverged on any of them."""
    ranks = ranks_within_splits(values)
    known = ~np.isnan(ranks)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(known, ranks, 0.0).sum(axis=1) / known.sum(axis=1)
    return Orders(values=mean.T, diverged=np.asarray(infinite.any(axis=1).T))
