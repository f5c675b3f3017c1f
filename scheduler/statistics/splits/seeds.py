"""What seeds add to the noise beyond the splits: a repeat's seed is the same on all of them.

The differences from split to split hold what a seed does on one split. They do not show what it does on all splits
alike, since that is in the mean of the differences: lucky seeds of one configuration would pass for a better one on
every split. Repeats show it. With d the difference of two configurations, of splits s and repeats r, and both drawn at
random, the variance of its mean is that over splits, plus the variance of what repeats have in common on all splits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.statistics.multiple.one_against_all import products_of_pairs
from scheduler.statistics.pairs import Contrast, pair_indices
from scheduler.statistics.splits.pooling import pooled_values, split_weights

if TYPE_CHECKING:
    from scheduler.statistics.scores import Floats, Ints
    from scheduler.statistics.splits.scores import SplitScores


@dataclass(frozen=True, slots=True)
class Common:
    """What repeats have in common on all splits: the variance of the mean difference that it makes, `(pairs,)`."""

    variance: Floats
    df: float


def common_to_splits(scores: SplitScores, against: int | None) -> Common:
    """Estimate what seeds add; 0 where repeats vary no more than they do on single splits, or where there is one."""
    k, s, r = scores.values.shape
    a, b = pair_indices(k, against)
    nothing = np.zeros(len(a))
    if s < 2 or r < 2:
        return Common(nothing, 1.0)
    finite = np.isfinite(scores.values)
    pooled = np.where(np.isfinite(found := pooled_values(scores)[0].T), found, np.nan)
    known = np.isfinite(pooled)
    count = np.maximum(known.sum(axis=1), 1)
    repeats = np.where(known, pooled - (np.where(known, pooled, 0.0).sum(axis=1) / count)[:, None], 0.0)
    cells = np.where(finite, scores.values, 0.0).sum(axis=2) / np.maximum(finite.sum(axis=2), 1)
    left = np.where(finite, scores.values - cells[..., None] - repeats[:, None], 0.0)
    size = float((split_weights(scores) ** 2).sum())
    common = np.minimum(count[a], count[b])
    measured = _squares(repeats, a, b, shared=scores.shared_seeds) / np.maximum(common - 1, 1) / common
    alone = _squares(left.reshape(k, -1), a, b, shared=scores.shared_seeds) / ((s - 1) * (r - 1)) * size / common
    return Common(np.maximum(measured - alone, 0.0), float(r - 1))


def _squares(apart: Floats, a: Ints, b: Ints, *, shared: bool) -> Floats:
    """Sum the squares of the differences of each pair; with other seeds on each side, those of both sides."""
    alone = (apart**2).sum(axis=1)
    if not shared:
        return np.asarray(alone[a] + alone[b])
    return np.asarray(np.maximum(alone[a] + alone[b] - 2 * products_of_pairs(apart, a, b), 0.0))


def with_seeds(contrast: Contrast, common: Common) -> Contrast:
    """Return a contrast over splits whose error has what seeds add.

    The degrees of freedom are their harmonic mean, weighted by the variances: fewer than Satterthwaite's, which err
    with three or four repeats.
    """
    added = common.variance > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = contrast.error**2 + common.variance
        df = variance / (contrast.error**2 / contrast.df + common.variance / common.df)
    return Contrast(
        difference=contrast.difference,
        error=np.where(added, np.sqrt(variance), contrast.error),
        df=np.where(added & np.isfinite(df), df, contrast.df),
    )
