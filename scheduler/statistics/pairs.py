"""The statistics of every pair of configurations, as arrays. `decision` draws the conclusions.

Scores have shape `(..., repeats, configurations)`: infinity is a diverged repeat, NaN one without a score. Pairs are
the upper triangle, a before b, in the order of `numpy.triu_indices(configurations, 1)`; differences are b minus a.
Where a configuration is given as `against`, the pairs are those of it with each of the others, in their order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scheduler.statistics.multiple import one_against_all
from scheduler.statistics.scores import Bools, Floats, Ints

#: fewer common seeds than this say too little about a correlation
LEAST_COMMON = 8
#: a sum of squares that is smaller than this share of what it was taken from is rounding, not spread
ROUNDING = 1e-13
#: bounds the memory of one step of a sum over pairs
CHUNK = 4096
#: neighbours in the order of the scores that are compared one by one
BLOCK = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Moments:
    """Counts, means and variances of each configuration; every field is `(..., configurations)`."""

    finished: Ints
    diverged: Ints
    mean: Floats
    variance: Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class Contrast:
    """A difference of means with its standard error and degrees of freedom; every field is `(..., pairs)`."""

    difference: Floats
    error: Floats
    df: Floats

    def p_value(self) -> Floats:
        """Return the two-sided p of Student's t; NaN where there is no standard error."""
        with np.errstate(divide="ignore", invalid="ignore"):
            t = np.abs(self.difference) / self.error
        p: Floats = 2 * special.stdtr(self.df, -t)
        return np.where(self.error > 0, p, np.nan)

    def margin(self, level: Floats | float) -> Floats:
        """Return half the width of the two-sided interval with error `level`."""
        quantile = special.stdtrit(np.maximum(self.df, 1), 1 - np.asarray(level) / 2)
        return np.where(self.error > 0, quantile * self.error, np.where(self.error == 0, 0.0, np.nan))


def pair_indices(configurations: int, against: int | None = None) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the positions of a and of b for every pair, or for those of one configuration with the others."""
    if against is None:
        return np.triu_indices(configurations, 1)
    others = np.delete(np.arange(configurations), against)
    return np.minimum(others, against), np.maximum(others, against)


def moments(values: Floats) -> Moments:
    """Count the scores and take mean and variance (n - 1) of the finite ones; NaN where there are too few."""
    finite = np.isfinite(values)
    finished = finite.sum(axis=-2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(finite, values, 0.0).sum(axis=-2) / finished
        residual = np.where(finite, values - mean[..., None, :], 0.0)
        variance = np.where(finished > 1, (residual**2).sum(axis=-2) / (finished - 1), np.nan)
    low = np.where(finite, values, np.inf).min(axis=-2, initial=np.inf)
    same = low == np.where(finite, values, -np.inf).max(axis=-2, initial=-np.inf)
    mean = np.where(same, low, mean)  # their sum is rounded: the mean of equal numbers would be another one
    variance = np.where(same & (finished > 1), 0.0, variance)
    return Moments(finished=finished, diverged=np.isinf(values).sum(axis=-2), mean=mean, variance=variance)


def welch(m: Moments, against: int | None = None) -> Contrast:
    """Contrast every pair with unequal variances (Welch 1947; degrees of freedom after Satterthwaite 1946)."""
    a, b = pair_indices(m.mean.shape[-1], against)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = m.variance / m.finished
        square = part[..., a] + part[..., b]
        weight = part**2 / np.maximum(m.finished - 1, 1)
        df = square**2 / (weight[..., a] + weight[..., b])
    return Contrast(difference=m.mean[..., b] - m.mean[..., a], error=np.sqrt(square), df=df)


def paired_contrast(values: Floats, m: Moments, against: int | None = None) -> tuple[Ints, Contrast]:
    """Contrast every pair seed by seed (Student's paired t) over the seeds that finished in both.

    Returns:
        The number of common seeds, `(..., pairs)`, and the contrast.
    """
    a, b = pair_indices(values.shape[-1], against)
    here = np.isfinite(values)
    mask = here.astype(np.float64)
    centred = np.where(here, values - m.mean[..., None, :], 0.0)
    n, (total_a, total_b), (square_a, square_b), product = _sums(mask, centred, against)
    shift = total_b - total_a
    with np.errstate(divide="ignore", invalid="ignore"):
        drift = shift / n
        difference = (m.mean[..., b] - m.mean[..., a]) + drift
        size = square_a + square_b
        scatter = size - 2 * product - n * drift**2
        error = np.sqrt(np.where(scatter > ROUNDING * size, scatter, 0.0) / (n - 1) / n)
    return np.rint(n).astype(np.int64), Contrast(difference=difference, error=error, df=n - 1)


def rank_correlation(values: Floats, against: int | None = None) -> tuple[Floats, Floats]:
    """Correlate the ranks of every pair over its common seeds (Spearman 1904).

    Returns:
        The correlation and its two-sided p by Student's t with n - 2 degrees of freedom, both `(..., pairs)`; p is 1
        with fewer than `LEAST_COMMON` common seeds or when one side is constant.
    """
    here = ~np.isnan(values)
    ranks = mean_ranks(values)
    middle = (here.sum(axis=-2, keepdims=True) + 1) / 2
    centred = np.where(here, ranks - middle, 0.0)
    n, (total_a, total_b), (square_a, square_b), product = _sums(here.astype(np.float64), centred, against)
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = product - total_a * total_b / n
        spread_a = square_a - total_a**2 / n
        spread_b = square_b - total_b**2 / n
        rho = np.clip(covariance / np.sqrt(spread_a * spread_b), -1, 1)
        t = np.abs(rho) * np.sqrt((n - 2) / (1 - rho**2))
    p = 2 * special.stdtr(np.maximum(n - 2, 1), -t)
    return rho, np.where((n >= LEAST_COMMON) & np.isfinite(rho), p, 1.0)


def mean_ranks(values: Floats) -> Floats:
    """Rank the scores of each configuration from 1, those that are equal by their mean; NaN where there is none.

    Args:
        values: `(..., repeats, configurations)`.
    """
    columns = np.ascontiguousarray(np.swapaxes(values, -1, -2))
    order = np.argsort(columns, axis=-1, kind="stable")
    ordered = np.take_along_axis(columns, order, axis=-1)
    first, last = one_against_all.places_of_equal(ordered)
    ranks = np.empty_like(columns)
    np.put_along_axis(ranks, order, np.where(np.isnan(ordered), np.nan, (first + last) / 2), axis=-1)
    return np.swapaxes(ranks, -1, -2)


def _sums(mask: Floats, numbers: Floats, against: int | None) -> one_against_all.PairSums:
    """Sum, for every pair, over the rows that both have: counts, numbers of a and of b, their squares, and products."""
    a, b = pair_indices(mask.shape[-1], against)
    if against is not None:
        return one_against_all.sums_with_one(mask, numbers, against, a, b)
    turned = np.swapaxes(numbers, -1, -2)
    count, product = np.swapaxes(mask, -1, -2) @ mask, turned @ numbers
    total, square = turned @ mask, turned**2 @ mask
    return (
        count[..., a, b],
        (total[..., a, b], total[..., b, a]),
        (square[..., a, b], square[..., b, a]),
        product[..., a, b],
    )


def hedges(m: Moments, against: int | None = None) -> Floats:
    """Return Hedges' g of every pair: difference over pooled spread, corrected for bias (Hedges 1981, eq. 6e)."""
    a, b = pair_indices(m.mean.shape[-1], against)
    df = m.finished[..., a] + m.finished[..., b] - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = m.variance * (m.finished - 1)
        spread = np.sqrt((squares[..., a] + squares[..., b]) / df)
        g = (m.mean[..., b] - m.mean[..., a]) / spread * (1 - 3 / (4 * df - 1))
    return np.where(np.isfinite(g), g, np.nan)


def win_share(values: Floats, against: int | None = None) -> Floats:
    """Return, for every pair, the share of all (a, b) repeats in which b is lower, ties counted half: U / (n_a n_b).

    A diverged repeat loses against any that finished and ties with one that diverged.

    Args:
        values: `(repeats, configurations)`.
        against: as everywhere here.
    """
    if against is not None:
        return one_against_all.win_share_of_one(values, against)
    k = values.shape[-1]
    owner, score = _scored(values)
    place = np.arange(len(score))
    above = _wins(owner[np.lexsort((place, score))], k)
    if len(np.unique(score)) < len(score):  # each tie is broken one way and then the other: half a win
        above = (above + _wins(owner[np.lexsort((-place, score))], k)) / 2
    count = np.bincount(owner, minlength=k)
    first, second = pair_indices(k)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(above[first, second] / (count[first] * count[second]))


def _wins(owner: NDArray[np.intp], k: int) -> Floats:
    """Count, for owners in the order of their scores, how many repeats of a (row) come after one of b (column).

    Within blocks every two places are taken together; blocks are told apart by what each configuration has in them.
    """
    found = np.zeros((k + 1, k + 1))
    after = np.bincount(owner, minlength=k + 1).astype(np.float64)
    padded = np.concatenate([owner, np.full(-len(owner) % BLOCK, k)]).reshape(-1, BLOCK)
    for start in range(0, len(padded), CHUNK):
        part = padded[start : start + CHUNK]
        rows = np.arange(len(part))[:, None] * (k + 1)
        inside = np.bincount((rows + part).ravel(), minlength=len(part) * (k + 1)).reshape(len(part), k + 1) * 1.0
        later = after - np.cumsum(inside, axis=0)
        found += later.T @ inside
        after = later[-1]
        for step in range(1, BLOCK):
            both = part[:, step:] * (k + 1) + part[:, :-step]
            found += np.bincount(both.ravel(), minlength=(k + 1) ** 2).reshape(k + 1, k + 1)
    return found[:k, :k]


def mann_whitney(values: Floats, share: Floats, against: int | None = None) -> Floats:
    """Return the two-sided p of Mann and Whitney (1947) for every pair: normal, corrected for ties and continuity.

    Args:
        values: `(repeats, configurations)`.
        share: `win_share(values, against)`.
        against: as everywhere here.
    """
    a, b = pair_indices(values.shape[-1], against)
    count = (~np.isnan(values)).sum(axis=0)
    n_a, n_b = count[a].astype(np.float64), count[b].astype(np.float64)
    n = n_a + n_b
    with np.errstate(divide="ignore", invalid="ignore"):
        ties = _ties(values) if against is None else one_against_all.ties_with_one(values, against)
        spread = np.sqrt(n_a * n_b / 12 * (n + 1 - ties / (n * (n - 1))))
        z = (np.abs(share - 0.5) * n_a * n_b - 0.5) / spread
    p = np.minimum(2 * special.ndtr(-z), 1.0)
    return np.where((n_a > 0) & (n_b > 0), np.where(spread > 0, p, 1.0), np.nan)


def _ties(values: Floats) -> Floats:
    """Sum t^3 - t over the groups of t equal scores in the union of each pair."""
    k = values.shape[-1]
    a, b = pair_indices(k)
    owner, score = _scored(values)
    _, group, size = np.unique(score, return_inverse=True, return_counts=True)
    tied = size[group] > 1
    group, owner = np.unique(group[tied], return_inverse=True)[1], owner[tied]
    groups = int(group.max()) + 1 if len(group) else 0
    cubes, mixed = np.zeros(k), np.zeros((k, k))
    for start in range(0, groups, CHUNK):
        inside = (group >= start) & (group < start + CHUNK)
        counts = np.zeros((min(CHUNK, groups - start), k))
        np.add.at(counts, (group[inside] - start, owner[inside]), 1.0)
        cubes += (counts**3 - counts).sum(axis=0)
        mixed += (counts**2).T @ counts
    return np.asarray(cubes[a] + cubes[b] + 3 * (mixed[a, b] + mixed[b, a]))


def _scored(values: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return the configuration and the score of every repeat that has one."""
    columns = np.broadcast_to(np.arange(values.shape[-1]), values.shape)
    here = ~np.isnan(values)
    return columns[here], values[here]


def wilcoxon(values: Floats, chosen: Bools, against: int | None = None) -> Floats:
    """Return the two-sided p of Wilcoxon's signed ranks (1945) for the chosen pairs, NaN for the others.

    Normal, corrected for ties and continuity. Seeds that are missing or equal on both sides (both diverged, too) are
    left out, as Wilcoxon did; where one side diverged the difference is larger than any other.

    Args:
        values: `(repeats, configurations)`.
        chosen: `(pairs,)`.
        against: as everywhere here.
    """
    a, b = (index[chosen] for index in pair_indices(values.shape[-1], against))
    p = np.full(chosen.shape, np.nan)
    found = [np.empty(0)]
    for start in range(0, len(a), CHUNK):
        with np.errstate(invalid="ignore"):
            difference = (values[:, b[start : start + CHUNK]] - values[:, a[start : start + CHUNK]]).T
        finite = np.isfinite(difference)
        beyond = 1 + np.abs(difference[finite]).max(initial=0.0)
        difference = np.where(np.isinf(difference), np.copysign(beyond, difference), difference)
        difference = np.where(np.isnan(difference), 0.0, difference)
        some = (difference != 0).any(axis=1)
        part = np.ones(len(difference))
        if some.any():
            from scipy import stats  # it takes a second to load, and hardly any experiment asks for it

            test = stats.wilcoxon(difference[some], axis=1, correction=True, method="asymptotic", keepdims=True)
            part[some] = test.pvalue[:, 0]
        found.append(part)
    p[chosen] = np.concatenate(found)
    return p
