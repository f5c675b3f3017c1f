"""`pandas.DataFrame.describe()` of many groups at once, digit for digit: groups of one size are one array."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: of numbers, in the order of `describe()`; the quartiles have names that need no quotes in SQL
STATISTICS = ("mean", "std", "min", "p25", "p50", "p75", "max")


def describe(values: Floats, group: NDArray[np.intp], groups: int) -> pd.DataFrame:
    """Describe the numbers of each group; NaN is no number.

    Args:
        values: `(n,)`.
        group: `(n,)`, from 0 to `groups` - 1.
        groups: how many there are.

    Returns:
        A row a group: count, mean, std, min, p25, p50, p75, max; a group without a number has a count of 0 and NaN.
    """
    known = ~np.isnan(values)
    order = np.argsort(group[known], kind="stable")
    ordered = values[known][order]
    count = np.bincount(group[known], minlength=groups)
    start = np.cumsum(count) - count
    found = np.full((groups, len(STATISTICS)), np.nan)
    for size in np.unique(count[count > 0]):
        rows = np.flatnonzero(count == size)
        found[rows] = _statistics(ordered[start[rows, None] + np.arange(size)])
    return pd.DataFrame({"count": count, **dict(zip(STATISTICS, found.T, strict=True))})


def _statistics(block: Floats) -> Floats:
    """Return `STATISTICS` of each row, in the steps that pandas takes: `(rows, statistics)`."""
    size = block.shape[1]
    with np.errstate(invalid="ignore", over="ignore"):  # infinity less infinity is NaN for pandas, too
        mean = block.sum(axis=1) / size
        squares = ((mean[:, None] - block) ** 2).sum(axis=1)
        quartiles = np.quantile(block, (0.25, 0.5, 0.75), axis=1)
    spread = np.sqrt(squares / (size - 1)) if size > 1 else np.full(len(block), np.nan)
    return np.stack([mean, spread, block.min(axis=1), *quartiles, block.max(axis=1)], axis=1)
