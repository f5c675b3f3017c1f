"""All repeats of a configuration together, over its splits: the score of their median, and what intervals hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scheduler.statistics.intervals.coverage import clopper_pearson
from scheduler.statistics.over_splits.frames import SQUARED, pool
from store.forecast_scores import SCORES

if TYPE_CHECKING:
    from store.experiments.cells import Cell

#: numbers of intervals in the units of a series
IN_UNITS = ("width", "interval_score", "pinball", "crps")


def pool_ensembles(found: pd.DataFrame, cells: Mapping[str, Cell]) -> pd.DataFrame:
    """Return the scores of ensembles over all splits of each configuration that has one on all of them.

    Args:
        found: one row a configuration on a split, by its label there, and way of combining.
        cells: those of the experiment.
    """
    mine = found[found["configuration"].isin(cells.keys())]
    if mine.empty:
        return mine
    point = mine["configuration"].map({label: cell.point for label, cell in cells.items()})
    group, keys = pd.factorize(pd.MultiIndex.from_arrays([point, mine["combination"]]))
    series, _ = pd.factorize(mine["configuration"].map({label: cell.of_series for label, cell in cells.items()}))
    splits = pd.Series([cell.point for cell in cells.values()]).value_counts()
    whole = pd.DataFrame({"configuration": [key[0] for key in keys], "combination": [key[1] for key in keys]})
    whole["repeats"] = mine.groupby(group)["repeats"].min().to_numpy()
    for score in SCORES:
        values = mine[score].to_numpy(dtype=np.float64)
        whole[score] = pool(values, group, len(keys), series, squared=score in SQUARED)
    complete = np.bincount(group, minlength=len(keys)) == whole["configuration"].map(splits)
    kept: pd.DataFrame = whole.assign(low=np.nan, high=np.nan).loc[complete]
    return kept.reset_index(drop=True)


def pool_intervals(found: pd.DataFrame, cells: Mapping[str, Cell]) -> pd.DataFrame:
    """Return how many values the intervals of each configuration and level hold over all of its splits.

    What is in the units of a series is averaged over its windows, and left out where there are several series. For the
    interval of the coverage the values of one row count as one, since their errors go together.

    Args:
        found: as `score_intervals` returns it, by the label of a configuration on a split.
        cells: those of the experiment.
    """
    if found.empty:
        return found
    point = found["configuration"].map({label: cell.point for label, cell in cells.items()})
    series: dict[str, set[str]] = {}
    for cell in cells.values():
        series.setdefault(cell.point, set()).add(cell.of_series)
    rows = []
    for (name, level), mine in found.groupby([point, "level"], sort=False):
        checked, walked = int(mine["checked"].sum()), int(mine["walked"].sum())
        held = round(float((mine["coverage"] * mine["checked"]).sum()))
        origins = int(mine.loc[mine["checked"] > 0, "rows"].sum())
        low, high = clopper_pearson(held / checked * origins, origins) if checked else (np.nan, np.nan)
        weights = mine["rows"] / mine["rows"].sum()
        alone = len(series[str(name)]) == 1
        units = {one: float((mine[one] * weights).sum(skipna=False)) if alone else np.nan for one in IN_UNITS}
        rows.append(
            {
                "configuration": name,
                "level": level,
                "repeats": int(mine["repeats"].min()),
                "rows": int(mine["rows"].sum()),
                "checked": checked,
                "coverage": held / checked if checked else np.nan,
                "low": low,
                "high": high,
                "walk_forward": float((mine["walk_forward"] * mine["walked"]).sum()) / walked if walked else np.nan,
                "walked": walked,
                "basis": ", ".join(dict.fromkeys(mine["basis"])),
                **units,
            }
        )
    return pd.DataFrame(rows, columns=list(found))
