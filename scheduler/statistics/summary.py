"""Summaries: `pandas.DataFrame.describe()` of all configurations at once, digit for digit.

Groups of one size are computed as one array.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: of numbers, in the order of `describe()`; the quartiles have names that need no quotes in SQL
STATISTICS = ("mean", "std", "min", "p25", "p50", "p75", "max")


def summarise(results: pd.DataFrame, score: str = "test_rmse") -> pd.DataFrame:
    """Describe the scores of each configuration.

    Args:
        results: one row a repeat, with columns configuration, state, diverged and `score`.
        score: the column that is described.

    Returns:
        A row a configuration, in the order of `results`: count, mean, std, min, p25, p50, p75, max as
        `pandas.DataFrame.describe()` gives them for the repeats that are done and did not diverge, and `diverged`,
        how many did; and `split` where `results` has it. A configuration with no score has a count of 0 and no numbers.
    """
    group, labels = pd.factorize(results["configuration"])
    done = (results["state"] == "done").to_numpy(dtype=bool)
    diverged = done & results["diverged"].astype("boolean").fillna(value=False).to_numpy(dtype=bool)
    scores = np.where(done & ~diverged, results[score].to_numpy(dtype=np.float64, na_value=np.nan), np.nan)
    summary = describe(scores, group, len(labels))
    summary.insert(0, "configuration", labels)
    summary = summary.assign(diverged=np.bincount(group[diverged], minlength=len(labels)))
    if "split" not in results:
        return summary
    splits = results.drop_duplicates("configuration").set_index("configuration")["split"]
    return summary.assign(split=splits.reindex(labels).to_numpy())


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
