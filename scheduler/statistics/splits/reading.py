"""The scores of configurations on many splits, from the rows of a store's results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scheduler.statistics.splits.scores import SplitScores
from store.records import JobState

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store.experiments.cells import Cell


def read_split_scores(results: pd.DataFrame, cells: Mapping[str, Cell], score: str) -> dict[str, SplitScores]:
    """Arrange the repeats of configurations on splits, for each set of splits that configurations have in common.

    Args:
        results: one row a repeat of a configuration on a split: configuration (the label of that), repeat, state,
            diverged, `score`, and `seed` and `rounding` where they are known.
        cells: by that label; the windows of a series are in the order of time.
        score: the column that is compared.

    Returns:
        The scores by the name of the set; only of sets of several splits.
    """
    sets: dict[str, dict[str, Cell]] = {}
    for label, cell in cells.items():
        sets.setdefault(cell.all_splits, {})[label] = cell
    found = {}
    for name, mine in sets.items():
        if len({cell.split for cell in mine.values()}) > 1:
            rows = results[results["configuration"].isin(mine)]
            found[name] = _arranged(rows, mine, score)
    return found


def _arranged(results: pd.DataFrame, cells: Mapping[str, Cell], score: str) -> SplitScores:
    points, splits = (
        list(dict.fromkeys(getattr(cell, name) for cell in cells.values())) for name in ("point", "split")
    )
    places = {name: place for place, name in enumerate(points)}, {name: place for place, name in enumerate(splits)}
    labels = results["configuration"].to_numpy()
    at = np.array([(places[0][cells[label].point], places[1][cells[label].split]) for label in labels], dtype=np.int64)
    at = at.reshape(-1, 2)
    repeats = results["repeat"].to_numpy(dtype=np.int64)
    values = np.full((len(points), len(splits), int(repeats.max(initial=-1)) + 1), np.nan)
    values[at[:, 0], at[:, 1], repeats] = _scores(results, score)
    series = _of_splits(cells, splits)
    return SplitScores(
        labels=tuple(points),
        values=values,
        series=series,
        windows=_windows(series),
        shared_seeds=have_shared_seeds(results),
        rounding=_rounding(results, at, values.shape[:2]),
    )


def _scores(results: pd.DataFrame, score: str) -> NDArray[np.float64]:
    """Return the scores of the repeats that are done; infinity where they diverged, NaN where there is none."""
    number = results[score].to_numpy(dtype=np.float64, na_value=np.nan)
    diverged = results["diverged"].astype("boolean").fillna(value=False).to_numpy(dtype=np.bool_)
    done = (results["state"].astype(str) == JobState.DONE.value).to_numpy()
    return np.where(done, np.where(diverged | ~np.isfinite(number), np.inf, number), np.nan)


def _of_splits(cells: Mapping[str, Cell], splits: list[str]) -> tuple[str, ...]:
    series = {cell.split: cell.of_series for cell in cells.values()}
    return tuple(series[split] for split in splits)


def _windows(series: tuple[str, ...]) -> tuple[int, ...]:
    """Number the splits of each series from 1."""
    counted: dict[str, int] = {}
    found = []
    for name in series:
        counted[name] = counted.get(name, 0) + 1
        found.append(counted[name])
    return tuple(found)


def have_shared_seeds(results: pd.DataFrame) -> bool:
    """Return whether each repeat has one seed for all configurations and splits, as far as seeds are known."""
    return "seed" not in results or bool((results.groupby("repeat")["seed"].nunique() <= 1).all())


def _rounding(results: pd.DataFrame, at: NDArray[np.int64], shape: tuple[Any, ...]) -> NDArray[np.float64] | None:
    if "rounding" not in results:
        return None
    found = np.zeros(shape)
    found[at[:, 0], at[:, 1]] = results["rounding"].to_numpy(dtype=np.float64, na_value=0.0)
    return found
