"""The scores of an experiment over many splits as one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.statistics.scores import Bools, Floats


@dataclass(frozen=True, kw_only=True, slots=True)
class SplitScores:
    """One score for each configuration, split and repeat; lower is better."""

    #: one for each configuration
    labels: tuple[str, ...]
    #: `(configurations, splits, repeats)`; infinity where the repeat diverged, NaN where there is no score
    values: Floats
    #: the series of each split, `(splits,)`
    series: tuple[str, ...]
    #: the number of its window within the series, in the order of time, `(splits,)`
    windows: tuple[int, ...]
    #: a repeat has one seed for all configurations and splits
    shared_seeds: bool = True
    #: how much of a score may be rounding, `(configurations, splits)`; None where that is unknown
    rounding: Floats | None = None

    def __post_init__(self) -> None:
        """Check the shapes.

        Raises:
            ValueError: they do not go together.
        """
        given = (len(self.labels), len(self.series), len(self.windows))
        if self.values.ndim != 3 or (*self.values.shape[:2], self.values.shape[1]) != given:
            raise ValueError(f"values have the shape {self.values.shape}; labels, series and windows are {given}.")

    @property
    def one_series(self) -> bool:
        """Whether all splits are windows of one series, which are not independent of each other."""
        return len(set(self.series)) == 1

    @property
    def groups(self) -> NDArray[np.int64]:
        """The series of each split as a number from 0, in the order of their first splits."""
        numbers = {name: number for number, name in enumerate(dict.fromkeys(self.series))}
        return np.array([numbers[name] for name in self.series], dtype=np.int64)

    @property
    def order(self) -> NDArray[np.intp]:
        """The splits by series and, within each, by window."""
        return np.lexsort((np.asarray(self.windows), self.groups))


def scores_over_splits(
    values: Floats,
    *,
    series: Sequence[str] | None = None,
    windows: Sequence[int] | None = None,
    labels: Sequence[str] | None = None,
) -> SplitScores:
    """Return scores with names for what is left out.

    Args:
        values: `(configurations, splits, repeats)`.
        series: the series of each split; each is a series of its own if left out.
        windows: the window of each split; the first one if left out.
        labels: the configurations; their numbers if left out.
    """
    configurations, splits = values.shape[:2]
    return SplitScores(
        labels=tuple(labels or (str(number) for number in range(configurations))),
        values=values,
        series=tuple(series or (str(number) for number in range(splits))),
        windows=tuple(windows or [1] * splits),
    )


def cell_means(values: Floats) -> Floats:
    """Return the mean of the repeats that finished, of each configuration on each split.

    Returns:
        `(configurations, splits)`; infinity where all diverged that have a score, NaN where none has.
    """
    finite = np.isfinite(values)
    count = finite.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(finite, values, 0.0).sum(axis=-1) / count
    return np.where(count > 0, mean, np.where(np.isinf(values).any(axis=-1), np.inf, np.nan))


def ranks_within_splits(values: Floats) -> Floats:
    """Rank all repeats of all configurations within each split, from 0 to 1; those that diverged are the last, alike.

    Args:
        values: `(configurations, splits, repeats)`.

    Returns:
        The same shape; NaN where there is no score.
    """
    from scheduler.statistics.pairs import mean_ranks

    together = np.swapaxes(values, 0, 1).reshape(values.shape[1], -1).T  # (configurations x repeats, splits)
    ranks = mean_ranks(together) / (1 + (~np.isnan(together)).sum(axis=0))
    return np.swapaxes(ranks.T.reshape(values.shape[1], values.shape[0], values.shape[2]), 0, 1)


def scored(means: Floats) -> Bools:
    """Return which splits have a number for every configuration that has any: `(splits,)`."""
    finite = np.isfinite(means)
    return np.asarray(finite[finite.any(axis=1)].all(axis=0))
