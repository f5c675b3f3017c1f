"""One score a split: what verdicts *beyond* the splits compare, with splits as the sample.

Windows of one series are not independent of each other, so they are averaged where there are several series, which are
then the sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.statistics.splits.scores import cell_means, ranks_within_splits

if TYPE_CHECKING:
    from scheduler.statistics.scores import Bools, Floats, Ints
    from scheduler.statistics.splits.scores import SplitScores


@dataclass(frozen=True, kw_only=True, slots=True)
class Units:
    """The independent sample: series, or the windows of the only one, in the order of time."""

    #: `(units, configurations)`, mean scores; infinity where every repeat diverged, NaN where there is no score
    means: Floats
    #: `(units, configurations)`, mean ranks, in which repeats that diverged are the last; None where none diverged
    ranks: Floats | None
    #: `(configurations,)`, trainings that diverged
    diverged: Ints
    #: they are windows of one series
    windows: bool

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.means)


def units_of(scores: SplitScores) -> Units:
    """Return the sample that splits are: one number for each configuration and series, or window of the only one."""
    diverged = np.isinf(scores.values)
    lost = diverged.any()
    return Units(
        means=_by_unit(scores, cell_means(scores.values)),
        ranks=_by_unit(scores, cell_means(ranks_within_splits(scores.values))) if lost else None,
        diverged=diverged.sum(axis=(1, 2)),
        windows=scores.one_series,
    )


def _by_unit(scores: SplitScores, cells: Floats) -> Floats:
    """Average the windows of each series, `(configurations, splits)` to `(units, configurations)`."""
    ordered = cells[:, scores.order]
    if scores.one_series:
        return ordered.T
    groups = scores.groups[scores.order]
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    if len(starts) == len(groups):
        return ordered.T
    kept = _common_windows(~np.isnan(ordered), groups, starts)
    with np.errstate(invalid="ignore"):
        total = np.add.reduceat(np.where(kept, ordered, 0.0), starts, axis=1)
        return np.asarray((total / np.add.reduceat(kept, starts, axis=1, dtype=np.float64)).T)


def _common_windows(here: Bools, groups: Ints, starts: Ints) -> Bools:
    """Return where a configuration has a score on a window that all have which have any of its series."""
    alive = np.logical_or.reduceat(here, starts, axis=1)[:, groups]
    common = (here | ~alive).all(axis=0)
    usable = np.logical_or.reduceat(common, starts)[groups]
    return np.asarray(here & np.where(usable, common, True))
