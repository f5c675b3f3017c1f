"""The one rule by which pairs are decided, fixed before any score is seen.

1. Welch's t decides. It is exact for normal scores, errs on the safe side for skewed and heavy-tailed ones with equal
   numbers of repeats, and, unlike rank tests, keeps its level when configurations differ in spread.
2. Where repeats share seeds and the rank correlation of a pair is significant (Benjamini-Hochberg at 1% over the
   family, so that pairs without correlation are left alone), the paired t decides. The choice looks at the correlation
   only, never at a p-value of the difference.
3. Where a repeat of the pair diverged, where neither side has any spread, or where one side has less than half the
   repeats of the other (with skewed scores Welch's t is then too sure), ranks decide: Mann-Whitney, or Wilcoxon where
   paired. A diverged repeat is worse than any that finished.
4. A difference that may be rounding (`statistics.rounding`) counts as none.
5. Holm's correction over all pairs (Holm 1979) keeps the chance of any false "better" at alpha.

`benchmarks/honesty.py` measures that this holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from scheduler.statistics import pairs
from scheduler.statistics.multiple.corrections import NONE, Others, benjamini_hochberg, holm_beside
from scheduler.statistics.pairs import Contrast, Moments, pair_indices
from scheduler.statistics.repeats_needed import OpenPairs
from scheduler.statistics.rounding import rounding_of_pairs, without_rounding
from scheduler.statistics.scores import Bools, Floats, Ints, Orders

#: false discovery rate of the choice to pair
PAIRING_RATE = 0.01
#: paired only if the common seeds are at least this share of the larger side
COMMON_SHARE = 0.75
#: means decide only if the smaller side has at least this share of the larger
BALANCE = 0.5
#: without a given margin, differences below this share of the typical spread are small (Cohen's medium effect)
MARGIN_SPREADS = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What the scores say about every pair, before any conclusion; arrays are `(..., pairs)`."""

    moments: Moments
    contrast: Contrast
    paired: Bools
    #: the rank test decides
    by_rank: Bools
    t_p: Floats
    rank_p: Floats
    correlation: Floats
    #: share in which a repeat of b is lower than one of a, ties half
    win_share: Floats
    #: repeats behind the contrast, on either side
    count_a: Ints
    count_b: Ints
    diverged_a: Ints
    diverged_b: Ints
    #: Hedges' g
    effect: Floats
    #: a difference that is not larger may be rounding, and counts as none
    rounding: Floats
    #: the configuration that each of the others is compared with; None where every pair is
    against: int | None = None

    @property
    def places(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the positions of a and of b for every pair."""
        return pair_indices(self.moments.mean.shape[-1], self.against)

    @property
    def unseen(self) -> int:
        """Return how many pairs of the configurations are not compared, but belong to the family."""
        k = self.moments.mean.shape[-1]
        return int(k * (k - 1) // 2 - self.p.shape[-1])

    @property
    def p(self) -> Floats:
        """Return the p-value that decides; 1 where nothing can be tested."""
        return np.nan_to_num(np.where(self.by_rank, self.rank_p, self.t_p), nan=1.0)

    @property
    def testable(self) -> Bools:
        """Return for which pairs the deciding test exists."""
        return np.isfinite(np.where(self.by_rank, self.rank_p, self.t_p))

    @property
    def b_leads(self) -> Bools:
        """Return for which pairs b is ahead by the deciding test."""
        return np.asarray(np.where(self.by_rank, self.win_share > 0.5, self.contrast.difference < 0))


def gather_evidence(
    values: Floats,
    *,
    shared_seeds: bool,
    ranks: bool = True,
    against: int | None = None,
    rounding: Floats | None = None,
    orders: Orders | None = None,
) -> Evidence:
    """Gather the evidence on every pair.

    Args:
        values: `(..., repeats, configurations)`; leading axes are independent experiments.
        shared_seeds: whether a row is one seed throughout.
        ranks: compute the rank statistics of all pairs, not only where they decide.
        against: compare this configuration with each of the others, and no other pairs; None = all pairs.
        rounding: `(configurations,)`, how much of a score may be rounding; `values` have no leading axes then.
        orders: what rank tests compare instead of `values`, which have no leading axes then.
    """
    if rounding is not None:
        values = without_rounding(values, rounding)
    m = pairs.moments(values)
    a, b = pair_indices(values.shape[-1], against)
    chosen = _contrasts(values, m, shared_seeds=shared_seeds, against=against)
    asked = m.finished + m.diverged
    enough = (asked[..., a] > 1) & (asked[..., b] > 1) & (m.finished[..., a] + m.finished[..., b] > 0)
    lost, ordered = (m.diverged, values) if orders is None else (orders.diverged.sum(axis=0), orders.values)
    diverged = (lost[..., a] + lost[..., b]) > 0
    uneven = np.minimum(asked[..., a], asked[..., b]) < BALANCE * np.maximum(asked[..., a], asked[..., b])
    by_rank = enough & (diverged | uneven | ~(chosen.contrast.error > 0))
    share, rank_p = _rank_statistics(ordered, chosen.paired, by_rank | ranks, against)
    least, alike = rounding_of_pairs(chosen.contrast.difference, rounding, a, b)
    alike, t_p = alike & ~diverged, chosen.contrast.p_value()
    return Evidence(
        moments=m,
        contrast=chosen.contrast,
        paired=chosen.paired,
        by_rank=by_rank,
        t_p=np.where(alike & np.isfinite(t_p), 1.0, t_p),
        rank_p=np.where(enough, np.where(alike, 1.0, rank_p), np.nan),
        correlation=chosen.correlation,
        win_share=share,
        count_a=chosen.count_a,
        count_b=chosen.count_b,
        diverged_a=lost[..., a],
        diverged_b=lost[..., b],
        effect=pairs.hedges(m, against),
        rounding=least,
        against=against,
    )


class _Contrasts(NamedTuple):
    """The contrast of every pair, paired where that is right, and the repeats behind it."""

    contrast: Contrast
    paired: Bools
    correlation: Floats
    count_a: Ints
    count_b: Ints


def _contrasts(values: Floats, m: Moments, *, shared_seeds: bool, against: int | None) -> _Contrasts:
    """Contrast every pair: seed by seed where the scores of common seeds go together, else by Welch."""
    a, b = pair_indices(values.shape[-1], against)
    alone, count_a, count_b = pairs.welch(m, against), m.finished[..., a], m.finished[..., b]
    if not shared_seeds:
        return _Contrasts(alone, np.zeros(count_a.shape, np.bool_), np.full(count_a.shape, np.nan), count_a, count_b)
    correlation, chance = pairs.rank_correlation(values, against)
    shared, twin = pairs.paired_contrast(values, m, against)
    paired = benjamini_hochberg(chance) <= PAIRING_RATE
    paired &= (shared >= COMMON_SHARE * np.maximum(count_a, count_b)) & (shared > 1)
    contrast = Contrast(
        difference=np.where(paired, twin.difference, alone.difference),
        error=np.where(paired, twin.error, alone.error),
        df=np.where(paired, twin.df, alone.df),
    )
    return _Contrasts(
        contrast, paired, correlation, np.where(paired, shared, count_a), np.where(paired, shared, count_b)
    )


def _rank_statistics(values: Floats, paired: Bools, wanted: Bools, against: int | None) -> tuple[Floats, Floats]:
    """Return win shares and rank p-values `(..., pairs)`, experiment by experiment where any pair wants them."""
    share, p = np.full(paired.shape, np.nan), np.full(paired.shape, np.nan)
    for at in np.ndindex(paired.shape[:-1]):
        if wanted[at].any():
            share[at] = pairs.win_share(values[at], against)
            signed = pairs.wilcoxon(values[at], paired[at], against)
            p[at] = np.where(paired[at], signed, pairs.mann_whitney(values[at], share[at], against))
    return share, p


#: for each look to come, the repeats that it takes until then and the error of one pair there, `(..., 1)`
LooksAhead = Sequence[tuple[int, Floats]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What is concluded about every pair; arrays are `(..., pairs)`."""

    #: Holm's p of the deciding test
    adjusted: Floats
    better: Bools
    #: the simultaneous interval lies within the margin, and the pair is not `better`
    equivalent: Bools
    #: half the width of the simultaneous interval
    half_width: Floats
    #: repeats of each side that would settle it; 0 where settled, NaN where unknown or where none may be added
    more: Floats


def typical_margin(m: Moments) -> Floats:
    """Return half the median spread of the configurations: the default for a small difference."""
    spread = np.where(m.finished > 1, m.variance, np.nan)
    known = np.asarray(np.isfinite(spread).any(axis=-1))
    if not spread.size:
        return np.zeros(known.shape)
    middle = np.nanmedian(np.where(known[..., None], spread, 0.0), axis=-1)
    return np.where(known, MARGIN_SPREADS * np.sqrt(middle), 0.0)


def decide(e: Evidence, *, alpha: float, margin: Floats | float, others: Others = NONE) -> Decision:
    """Decide from evidence that is looked at once.

    Args:
        e: the evidence.
        alpha: chance of any false `better`, and of any simultaneous interval that misses.
        margin: `(...,)`; differences that are surely smaller count as none.
        others: the pairs of other splits.
    """
    size = max(e.p.shape[-1] + e.unseen + len(others), 1)
    adjusted, elsewhere = holm_beside(e.p, others, alpha, unseen=e.unseen)
    return decide_from_adjusted(
        e, adjusted=adjusted, alpha=alpha, level=alpha / size, margin=margin, elsewhere=elsewhere
    )


def decide_from_adjusted(
    e: Evidence,
    *,
    adjusted: Floats,
    alpha: float,
    level: Floats | float,
    margin: Floats | float,
    ahead: Callable[[Floats], LooksAhead] | None = None,
    elsewhere: int = 0,
) -> Decision:
    """Decide from adjusted p-values.

    Args:
        e: the evidence.
        adjusted: `(..., pairs)`, Holm's p.
        alpha: chance of any false `better`.
        level: error of one simultaneous interval.
        margin: as for `decide`.
        ahead: the looks that are to come, given the error of one pair; None where any number of repeats is looked at.
        elsewhere: how many pairs of the family that are not among these are not `better`.
    """
    width = np.maximum(np.asarray(margin)[..., None], e.rounding)
    better = adjusted <= alpha
    half = e.contrast.margin(level)
    certain = ~e.by_rank | (e.contrast.error == 0)
    with np.errstate(invalid="ignore"):
        equivalent = np.asarray(~better & certain & (np.abs(e.contrast.difference) + half <= width))
    open_pairs = np.asarray(e.testable & ~better & ~equivalent)
    remaining = np.maximum((~better).sum(axis=-1, keepdims=True) + elsewhere, 1)
    unsettled = _open_pairs(e, margin=width, chosen=open_pairs)
    step = alpha / remaining
    needed = (
        unsettled.repeats_to_settle(_of_chosen(open_pairs, step))
        if ahead is None
        else unsettled.repeats_until_look([(repeats, _of_chosen(open_pairs, error)) for repeats, error in ahead(step)])
    )
    more = np.where(better | equivalent, 0.0, np.nan)
    more[open_pairs] = needed
    return Decision(adjusted=adjusted, better=better, equivalent=equivalent, half_width=half, more=more)


def _of_chosen(chosen: Bools, error: Floats) -> Floats:
    """Return the error of each chosen pair."""
    return np.asarray(np.broadcast_to(error, chosen.shape)[chosen], dtype=np.float64)


def _open_pairs(e: Evidence, *, margin: Floats, chosen: Bools) -> OpenPairs:
    """Return what decides when the chosen pairs will be settled."""
    a, b = e.places
    variance, count = e.moments.variance, np.maximum(e.moments.finished, 1)
    with np.errstate(invalid="ignore"):
        own = np.where(e.paired, e.contrast.error**2 * e.count_a, variance[..., a])
    other = np.where(e.paired, 0.0, variance[..., b])
    n_a, n_b = np.where(e.paired, e.count_a, count[..., a]), np.where(e.paired, e.count_b, count[..., b])
    asked = count + e.moments.diverged
    even = 2 / (1 / asked[..., a] + 1 / asked[..., b])
    by_rank = e.by_rank
    return OpenPairs(
        difference=np.where(by_rank, -special.ndtri(e.p / 2) / np.sqrt(even), e.contrast.difference)[chosen],
        own=np.where(by_rank, 1.0, own)[chosen],
        other=np.where(by_rank, 0.0, other)[chosen],
        n_own=np.where(by_rank, even, n_a)[chosen].astype(np.float64),
        n_other=np.where(by_rank, even, n_b)[chosen].astype(np.float64),
        df=np.where(by_rank, np.inf, e.contrast.df)[chosen],
        margin=np.where(by_rank, 0.0, np.broadcast_to(margin, by_rank.shape))[chosen],
    )
