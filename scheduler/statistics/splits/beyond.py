"""Verdicts beyond the splits: which configuration is better on other series, or other windows, like these.

1. Several series are an independent sample: the paired t over their mean differences decides. Windows are averaged
   within each series. Where a repeat of the pair diverged, Wilcoxon's signed ranks decide, of the mean ranks within
   the series, in which diverged repeats are the last.
2. Windows of one series are not independent: Student's t with the long-run variance of `windows`, of mean ranks where
   a repeat diverged.
3. Holm's correction over all pairs; no verdict with fewer splits than the signs of that many differences need to reach
   the error rate at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, log2
from typing import TYPE_CHECKING

import numpy as np

from scheduler.statistics import pairs
from scheduler.statistics.decision import MARGIN_SPREADS, Decision, Evidence, decide
from scheduler.statistics.multiple.corrections import NONE, Others
from scheduler.statistics.multiple.one_against_all import products_of_pairs
from scheduler.statistics.pairs import Contrast, Moments, pair_indices
from scheduler.statistics.rounding import rounding_of_pairs
from scheduler.statistics.splits.seeds import common_to_splits, with_seeds
from scheduler.statistics.splits.signed_ranks import signed_ranks
from scheduler.statistics.splits.units import Units, units_of
from scheduler.statistics.splits.windows import error_of_mean, spread_transforms

if TYPE_CHECKING:
    from scheduler.statistics.scores import Bools, Floats, Ints
    from scheduler.statistics.splits.scores import SplitScores

#: differences whose signed ranks are computed for information; more only where they decide
MOST_RANKED = 20_000_000
#: chance that neighbours are on the same side where they correlate by 0.5: all that is known of a difference that is
#: the same in every window
SAME_SIDE = 2 / 3
#: pairs of which the differences are held at once
CHUNK = 2048


@dataclass(frozen=True, kw_only=True, slots=True)
class Beyond:
    """What splits as a sample say about every pair."""

    labels: tuple[str, ...]
    evidence: Evidence
    decision: Decision
    #: mean over the sample, `(configurations,)`
    means: Floats
    #: how many series there are, or windows of the only one
    units: int
    #: the sample is the windows of one series
    windows: bool
    #: fewest of them for a verdict
    least: int

    @property
    def enough(self) -> Bools:
        """Return for which pairs there are enough splits for a verdict."""
        return np.asarray(self.evidence.count_a >= self.least)


def fewest_splits(family: int, alpha: float) -> int:
    """Return how many splits Holm's correction over so many pairs needs to reach the error rate at all.

    If a configuration is better on every one of n splits, the two-sided sign test and Wilcoxon's have p = 2 / 2^n.
    """
    return max(2, ceil(1 + log2(max(family, 1) / alpha)))


def beyond(
    scores: SplitScores,
    *,
    alpha: float,
    margin: float | None = None,
    against: int | None = None,
    evidence: Evidence | None = None,
    others: Others = NONE,
) -> Beyond:
    """Decide every pair beyond the splits.

    Args:
        scores: those of at least 2 series, or windows of one.
        alpha: chance of any false `better`.
        margin: a difference that does not matter; half the typical spread of the repeats on a split if None.
        against: compare this configuration with each of the others, and no other pairs; None = all pairs.
        evidence: what `gather_beyond` returned for the scores, if it is known.
        others: further pairs of the same family.
    """
    sample = units_of(scores)
    e = evidence or gather_beyond(scores, against=against)
    least = fewest_splits(e.p.shape[-1] + e.unseen + len(others), alpha)
    enough = e.count_a >= least
    e = replace(e, t_p=np.where(enough, e.t_p, np.nan), rank_p=np.where(enough, e.rank_p, np.nan))
    d = decide(e, alpha=alpha, margin=typical_margin(scores) if margin is None else margin, others=others)
    d = replace(
        d,
        better=d.better & enough,
        equivalent=d.equivalent & enough,
        more=np.where(enough, d.more, least - e.count_a),
    )
    return Beyond(
        labels=scores.labels,
        evidence=e,
        decision=d,
        means=e.moments.mean,
        units=len(sample),
        windows=sample.windows,
        least=least,
    )


def gather_beyond(scores: SplitScores, *, against: int | None = None) -> Evidence:
    """Gather the evidence on every pair from one number for each configuration and split."""
    sample = units_of(scores)
    means = np.where(np.isinf(sample.means), np.nan, sample.means)
    if sample.windows:
        means = np.where(np.isfinite(means).all(axis=1, keepdims=True), means, np.nan)
    m = pairs.moments(means)
    a, b = pair_indices(means.shape[-1], against)
    count, plain = pairs.paired_contrast(means, m, against)
    over_splits = _window_contrast(means, m, against) if sample.windows else plain
    contrast = with_seeds(over_splits, common_to_splits(scores, against))
    diverged = sample.diverged[a] + sample.diverged[b] > 0
    ranked = means if sample.ranks is None else sample.ranks
    count = np.where(diverged, _common(ranked, a, b), count)
    by_rank = diverged | ((count > 1) & ~(contrast.error > 0))
    share, rank_p = _rank_evidence(sample, ranked, by_rank, against)
    rounding = None if scores.rounding is None else np.nanmax(scores.rounding, axis=1)
    least, alike = rounding_of_pairs(contrast.difference, rounding, a, b)
    alike &= ~diverged
    t_p = contrast.p_value()
    return Evidence(
        moments=replace(m, diverged=np.zeros_like(m.finished)),
        contrast=contrast,
        paired=np.ones(count.shape, dtype=np.bool_),
        by_rank=by_rank,
        t_p=np.where(alike & np.isfinite(t_p), 1.0, t_p),
        rank_p=np.where(alike, 1.0, rank_p),
        correlation=np.full(count.shape, np.nan),
        win_share=share,
        count_a=count,
        count_b=count,
        diverged_a=sample.diverged[a],
        diverged_b=sample.diverged[b],
        effect=_effects(plain, count),
        rounding=least,
        against=against,
    )


def _common(ranked: Floats, a: Ints, b: Ints) -> Ints:
    """Count the splits on which both sides of each pair have a rank."""
    here = (~np.isnan(ranked)).astype(np.float64)
    return np.asarray(products_of_pairs(here.T, a, b), dtype=np.int64)


def typical_margin(scores: SplitScores) -> float:
    """Return half the typical standard deviation of one training on one split, from seed to seed."""
    finite = np.isfinite(scores.values)
    values = np.where(finite, scores.values, np.nan)
    count = finite.sum(axis=2)
    several = count > 1
    if not several.any():
        return 0.0
    mean = np.where(finite, values, 0.0).sum(axis=2) / np.maximum(count, 1)
    squares = np.where(finite, (values - mean[..., None]) ** 2, 0.0).sum(axis=2) / np.maximum(count - 1, 1)
    shares = several.sum(axis=1)
    variance = np.where(several, squares, 0.0).sum(axis=1)[shares > 0] / shares[shares > 0]
    return float(MARGIN_SPREADS * np.sqrt(np.median(variance)))


def _effects(plain: Contrast, count: Ints) -> Floats:
    """Return Hedges' g of the differences from split to split."""
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = plain.difference / (plain.error * np.sqrt(count)) * (1 - 3 / (4 * (count - 1) - 1))
    return np.where(np.isfinite(effect), effect, np.nan)


def _window_contrast(means: Floats, m: Moments, against: int | None) -> Contrast:
    """Contrast every pair over the windows on which all configurations have a score."""
    a, b = pair_indices(means.shape[-1], against)
    kept = means[np.isfinite(means).all(axis=1)]
    difference = m.mean[b] - m.mean[a]
    if len(kept) < 3:
        unknown = np.full(difference.shape, np.nan)
        return Contrast(difference=difference, error=unknown, df=np.ones(difference.shape))
    waves = spread_transforms(kept - m.mean)
    error, df = error_of_mean(waves[:, b] - waves[:, a], len(kept))
    error = np.where(error > pairs.ROUNDING * np.abs(m.mean[a]), error, 0.0)
    return Contrast(difference=difference, error=error, df=np.full(difference.shape, df))


def _rank_evidence(sample: Units, ranked: Floats, by_rank: Bools, against: int | None) -> tuple[Floats, Floats]:
    """Return in which share of the splits b is lower, and the p of the rank test, both `(pairs,)`.

    Of windows, which are correlated, there is one only where it decides.
    """
    a, b = pair_indices(ranked.shape[-1], against)
    share, p = np.full(len(a), np.nan), np.full(len(a), np.nan)
    informs = ranked.shape[0] * len(a) <= MOST_RANKED
    for start in range(0, len(a), CHUNK):
        part = slice(start, start + CHUNK)
        gap = (ranked[:, b[part]] - ranked[:, a[part]]).T
        known = ~np.isnan(gap)
        with np.errstate(divide="ignore", invalid="ignore"):
            share[part] = ((gap < 0) + 0.5 * (gap == 0)).sum(axis=1) / known.sum(axis=1)
        wanted = by_rank[part] | (informs and not sample.windows)
        if wanted.any():
            found, lead = _correlated(gap[wanted]) if sample.windows else signed_ranks(gap[wanted])
            turned = by_rank[part][wanted] & (np.sign(lead) != np.sign(0.5 - share[part][wanted]))
            p[part][wanted] = np.where(turned & ~np.isnan(found), 1.0, found)
    return share, p


def _correlated(gap: Floats) -> tuple[Floats, Floats]:
    """Test differences of ranks over windows, `(pairs, windows)`, and return p and their mean."""
    kept = gap[:, ~np.isnan(gap).any(axis=0)]
    windows = kept.shape[1]
    mean = kept.mean(axis=1) if windows else np.full(len(gap), np.nan)
    if windows < 3:
        return np.full(len(gap), np.nan), mean
    error, df = error_of_mean(spread_transforms(kept.T), windows)
    error = np.where(error > pairs.ROUNDING, error, 0.0)
    found = Contrast(difference=mean, error=error, df=np.full(mean.shape, df)).p_value()
    return np.where(np.isnan(found), np.where(mean == 0, 1.0, SAME_SIDE ** (windows - 1)), found), mean
