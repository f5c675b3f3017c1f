"""How a study's variance splits into configurations, splits, both together, and seeds: more seeds or more splits?

A score is the sum of effects, each drawn at random: of the configuration, of the split, of the configuration on that
split, of the seed wherever it is used, and what is left: the seed on one configuration and split. Their variances are
estimated by the method of moments: mean squares equal their expectations (Searle, Casella and McCulloch 1992).
Intervals are percentiles of a bootstrap that draws splits and repeats.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.statistics.splits.scores import scored

if TYPE_CHECKING:
    from scheduler.statistics.scores import Bools, Floats
    from scheduler.statistics.splits.scores import SplitScores

#: the order of the variances
PARTS = ("configuration", "split", "configuration x split", "seed", "residual")
#: bootstrap draws, and fewer where there are very many scores
DRAWS, FEWEST_DRAWS = 400, 50
#: numbers that all draws together may touch
MOST_NUMBERS = 100_000_000
#: the interval has this chance to cover
COVERAGE = 0.95


@dataclass(frozen=True, kw_only=True, slots=True)
class Components:
    """The variances, in the order of `PARTS`; NaN where the study cannot tell."""

    variance: Floats
    #: the interval of each
    low: Floats
    high: Floats
    #: the interval of each as a share of their sum
    share_low: Floats
    share_high: Floats
    configurations: int
    splits: int
    #: mean number of repeats of a configuration on a split
    repeats: float

    @property
    def share(self) -> Floats:
        """Return each variance as a share of their sum."""
        total = np.nansum(self.variance)
        return self.variance / total if total > 0 else np.full(len(PARTS), np.nan)

    @property
    def of_splits(self) -> float:
        """The variance of a difference of two means that only more splits lower, half of it."""
        return float(np.nan_to_num(self.variance[2])) / self.splits

    @property
    def of_seeds(self) -> float:
        """The variance of a difference of two means that more seeds lower, too, half of it."""
        return float(np.nan_to_num(self.variance[4])) / (self.splits * self.repeats)

    @property
    def for_splits(self) -> float:
        """The share of the noise beyond the splits that only more splits lower; NaN of one configuration or repeat."""
        if np.isnan(self.variance[2]):
            return np.nan
        whole = self.of_splits + self.of_seeds
        return self.of_splits / whole if whole > 0 else np.nan


def variance_components(scores: SplitScores, *, draws: int | None = None) -> Components | None:
    """Split the variance of the scores; repeats that diverged are left out, as are splits that a configuration lacks.

    Args:
        scores: those of all splits.
        draws: how many the bootstrap makes; as many as are quick if None.

    Returns:
        None where fewer than two scores are left.
    """
    here = np.isfinite(scores.values)
    rows = here.any(axis=(1, 2))
    columns = scored(np.where(here.any(axis=2), 0.0, np.nan))
    values, here = scores.values[rows][:, columns], here[rows][:, columns]
    if here.sum() < 2:
        return None
    table = _Table.of(values, here)
    count = max(FEWEST_DRAWS, min(DRAWS, MOST_NUMBERS // values.size)) if draws is None else draws
    found = table.estimate(np.ones(table.splits), np.ones(table.repeats))
    low, high, share_low, share_high = _intervals(table, found, count)
    return Components(
        variance=np.where(np.isnan(found), np.nan, np.maximum(found, 0.0)),
        low=low,
        high=high,
        share_low=share_low,
        share_high=share_high,
        configurations=values.shape[0],
        splits=values.shape[1],
        repeats=float(here.sum() / (values.shape[0] * values.shape[1])),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Table:
    """Scores less their mean, `(configurations, splits, repeats)`, 0 where there is none."""

    values: Floats
    squares: Floats
    #: 1 where there is a score
    here: Floats

    @classmethod
    def of(cls, values: Floats, here: Bools) -> _Table:
        """Return the table of scores of which every cell has at least one."""
        centred = np.where(here, values - values[here].mean(), 0.0)
        return cls(values=centred, squares=centred**2, here=here.astype(np.float64))

    @property
    def splits(self) -> int:
        """Return how many there are."""
        return int(self.values.shape[1])

    @property
    def repeats(self) -> int:
        """Return how many there are."""
        return int(self.values.shape[2])

    def estimate(self, splits: Floats, repeats: Floats) -> Floats:
        """Return the variances, in the order of `PARTS`; NaN where there is but one of what varies.

        Args:
            splits: how often each split counts.
            repeats: how often each repeat counts.
        """
        k, s = len(self.values), splits.sum()
        count = self.here @ repeats
        with np.errstate(divide="ignore", invalid="ignore"):
            cell = (self.values @ repeats) / count
        if np.isnan(cell[:, splits > 0]).any():
            return np.full(len(PARTS), np.nan)
        cell = np.where(count > 0, cell, 0.0)
        seed, residual = self._within(splits, repeats, cell, count)
        noise = residual * float((splits / np.maximum(count, 1)).sum()) / (k * s)  # of a cell's mean
        rows, columns = cell @ splits / s, cell.mean(axis=0)
        middle = rows.mean()
        both = cell - rows[:, None] - columns + middle
        joint = float(((both**2) @ splits).sum()) / ((k - 1) * (s - 1)) if k > 1 and s > 1 else np.nan
        below = joint if k > 1 and s > 1 else noise
        configuration = rows.var(ddof=1) - below / s if k > 1 else np.nan
        split = float((columns - middle) ** 2 @ splits) / (s - 1) - below / k if s > 1 else np.nan
        return np.array([configuration, split, joint - noise, seed, residual])

    def _within(self, splits: Floats, repeats: Floats, cell: Floats, count: Floats) -> tuple[float, float]:
        """Return the variances of the seed and of the rest, from scores less the mean of their cells."""
        total = float(((self.squares @ repeats - count * cell**2) @ splits).sum())
        cells = len(cell) * splits.sum()
        freedom = float((count @ splits).sum()) - cells
        if freedom < 1:
            return np.nan, np.nan
        weights = np.broadcast_to(splits, cell.shape)
        used = np.tensordot(weights, self.here, 2)
        seeds = float(repeats[used > 0].sum())
        if cells < 2 or seeds < 2 or freedom <= seeds - 1:
            return np.nan, total / freedom
        gap = np.tensordot(weights, self.values, 2) - np.tensordot(weights * cell, self.here, 2)
        between = float((repeats * gap**2 / np.maximum(used, 1)).sum())
        residual = (total - between) / (freedom - (seeds - 1))
        return (between / (seeds - 1) - residual) / (float(used @ repeats) / seeds), residual


def _intervals(table: _Table, found: Floats, draws: int) -> Floats:
    """Return percentiles of the variances over draws of splits and repeats, moved so that their mean is the estimate.

    Below them are those of their shares: `(4, parts)`, NaN where a variance is unknown.

    Of n that are drawn with replacement some are the same, which makes their variance (n - 1) / n as large; and noise
    that is drawn once more passes for an effect of the configuration on the split. Hence the move.
    """
    rng = np.random.default_rng(0)
    s, r = table.splits, table.repeats
    larger = np.ones(len(PARTS))
    larger[1:3], larger[3:] = s / max(s - 1, 1), r / max(r - 1, 1)
    drawn = np.array([table.estimate(_times(rng, s), _times(rng, r)) for _ in range(draws)]).reshape(-1, len(PARTS))
    drawn *= larger
    intervals = np.full((4, len(PARTS)), np.nan)
    there = np.isfinite(found) & np.isfinite(drawn).any(axis=0)
    if there.any():
        moved = np.maximum(drawn[:, there] + found[there] - np.nanmean(drawn[:, there], axis=0), 0.0)
        total = moved.sum(axis=1, keepdims=True)
        shares = np.divide(moved, total, out=np.zeros_like(moved), where=total > 0)
        edges = (100 * (1 - COVERAGE) / 2, 100 * (1 + COVERAGE) / 2)
        intervals[:, there] = np.concatenate([np.nanpercentile(one, edges, axis=0) for one in (moved, shares)])
    return intervals


def _times(rng: np.random.Generator, count: int) -> Floats:
    """Draw so many with replacement, and return how often each was drawn."""
    return np.bincount(rng.integers(0, count, count), minlength=count).astype(np.float64)
