"""A repeat's score over several splits: pooled over the windows of a series, then averaged over series."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scheduler.statistics import summary
from store.forecast_scores import SCORES

if TYPE_CHECKING:
    from store.experiments.cells import Cell

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

#: scores whose squares are averaged over rows
SQUARED = frozenset({"rmse", "rmsse"})
#: columns of repeats that are summed, and those of which the largest counts
_SUMMED, _LARGEST = ("seconds",), ("attempts", "finished_at", "rounding", "rounding_of_errors")
_FIRST = ("experiment", "seed", "worker", "error", "job")


def has_several(cells: Mapping[str, Cell]) -> bool:
    """Return whether any configuration of an experiment has several splits."""
    return any(cell.label != cell.point for cell in cells.values())


def over_splits(results: pd.DataFrame, cells: Mapping[str, Cell]) -> pd.DataFrame:
    """Return one row a repeat of a configuration, with its scores over all splits of this.

    Over the windows of a series, which have equally many rows, mean errors are averaged, and of RMSE and RMSSE the
    squares: the scores of all rows together, in the units of the series or scaled before each window. Over several
    series the mean is taken. A repeat is done when it is done on all splits, and diverged if it did on any.

    Args:
        results: one row a repeat of a configuration on a split, whose label is in the column `configuration`.
        cells: by that label.
    """
    labels = results["configuration"].to_numpy()
    points, names = pd.factorize(_mapped(labels, {label: cell.point for label, cell in cells.items()}))
    repeats = results["repeat"].to_numpy(dtype=np.int64)
    width = int(repeats.max(initial=0)) + 1
    group, keys = pd.factorize(points * width + repeats, sort=True)
    series, _ = pd.factorize(_mapped(labels, {label: cell.of_series for label, cell in cells.items()}))
    count = len(keys)
    pooled: dict[str, Any] = {
        "configuration": names[keys // width],
        "repeat": keys % width,
        "state": _states(results["state"].to_numpy(), group, count),
        "split": _mapped(names[keys // width], {cell.point: cell.all_splits for cell in cells.values()}),
    }
    done = pooled["state"] == "done"
    if "diverged" in results:
        diverged = results["diverged"].astype("boolean").fillna(value=False).to_numpy(dtype=bool)
        flags = pd.Series(np.bincount(group[diverged], minlength=count) > 0, dtype="boolean")
        pooled["diverged"] = flags.where(done)
    for name in (one for one in map(str, results) if one == "train_rmse" or one.removeprefix("test_") in SCORES):
        values = results[name].to_numpy(dtype=np.float64, na_value=np.nan)
        found = pool(values, group, count, series, squared=name.split("_")[-1] in SQUARED)
        pooled[name] = np.where(done, found, np.nan)
    pooled |= _others(results, group)
    return pd.DataFrame({name: pooled[name] for name in map(str, results) if name in pooled})


def _mapped(labels: NDArray[np.object_], names: Mapping[str, str]) -> NDArray[np.object_]:
    return np.array([names[label] for label in labels], dtype=object)


def pool(values: Floats, group: Ints, groups: int, series: Ints, *, squared: bool) -> Floats:
    """Average over the windows of each series, then over the series of each group; NaN where a value is NaN.

    Args:
        values: `(n,)`.
        group: `(n,)`, from 0 to below `groups`.
        groups: how many there are.
        series: `(n,)`, of which series each is.
        squared: whether it is squares that are averaged over windows.
    """
    pair, keys = pd.factorize(group * (int(series.max(initial=0)) + 1) + series)
    owner = keys // (int(series.max(initial=0)) + 1)
    count = np.bincount(pair, minlength=len(keys))
    with np.errstate(invalid="ignore", over="ignore"):
        of_series = _root_mean_square(values, pair, count) if squared else np.bincount(pair, weights=values) / count
        return np.bincount(owner, weights=of_series, minlength=groups) / np.bincount(owner, minlength=groups)


def _root_mean_square(values: Floats, pair: Ints, count: Ints) -> Floats:
    """Return the roots of the mean squares, as shares of the largest value, so that no unit over- or underflows."""
    largest = np.zeros(len(count))
    np.maximum.at(largest, pair, np.abs(values))
    unit = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    found: Floats = np.sqrt(np.bincount(pair, weights=(values / unit[pair]) ** 2) / count) * unit
    return found


def _states(states: NDArray[np.object_], group: Ints, groups: int) -> NDArray[np.object_]:
    """Return the state of each repeat: done if it is on all splits, failed if it is on any."""
    found = np.full(groups, "done", dtype=object)
    for state in ("cancelled", "queued", "running", "failed"):
        found[np.unique(group[states == state])] = state
    return found


def _others(results: pd.DataFrame, group: Ints) -> dict[str, pd.Series]:
    """Return the columns that are no scores."""
    grouped = results.groupby(group, sort=True)
    hows = {**dict.fromkeys(_SUMMED, "sum"), **dict.fromkeys(_LARGEST, "max"), **dict.fromkeys(_FIRST, "first")}
    return {name: grouped[name].agg(how).reset_index(drop=True) for name, how in hows.items() if name in results}


def summaries_of(results: pd.DataFrame, repeats: pd.DataFrame, score: str) -> pd.DataFrame:
    """Describe the scores of each configuration on each split, and of those with several over all of them.

    Args:
        results: one row a repeat of a configuration on a split.
        repeats: one row a repeat of a configuration, as `over_splits` returns it; `results` where all have one split.
        score: the column that is described.
    """
    each = summary.summarise(results, score)
    whole = repeats[~repeats["configuration"].isin(each["configuration"])]
    return pd.concat([each, summary.summarise(whole, score)], ignore_index=True) if len(whole) else each


def pool_baselines(baselines: pd.DataFrame, cells: Mapping[str, Cell], wanted: Collection[str]) -> pd.DataFrame:
    """Return the baselines' scores over the splits of each configuration, where a baseline has one on all of them.

    Args:
        baselines: one row a split, target and baseline.
        cells: those of the experiment.
        wanted: the names of all splits together, of which there is one unless configurations differ in them.
    """
    found = []
    for name in wanted:
        series_of = {cell.split: cell.of_series for cell in cells.values() if cell.all_splits == name}
        mine = baselines[baselines["split_name"].isin(series_of.keys())]
        if len(mine):
            found.append(_pooled_baselines(mine, series_of, name))
    return pd.concat(found, ignore_index=True) if found else baselines.iloc[:0]


def _pooled_baselines(mine: pd.DataFrame, series_of: Mapping[str, str], name: str) -> pd.DataFrame:
    group, keys = pd.factorize(pd.MultiIndex.from_frame(mine[["target", "baseline"]]))
    series, _ = pd.factorize(mine["split_name"].map(series_of))
    complete = np.bincount(group, minlength=len(keys)) == len(series_of)
    columns = {
        score: pool(mine[score].to_numpy(dtype=np.float64), group, len(keys), series, squared=score in SQUARED)
        for score in SCORES
    }
    over = mine.groupby(group)["mase_of"].agg(lambda found: ", ".join(dict.fromkeys(filter(None, found))))
    head = {"split": name, "split_name": name, "target": [key[0] for key in keys], "baseline": [key[1] for key in keys]}
    whole = pd.DataFrame(head | columns | {"mase_of": over.to_numpy(), "note": ""})
    whole.loc[~complete, list(SCORES)] = np.nan
    return whole
