"""The conclusions about an experiment by themselves, without what a report shows beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.report.gather import read_conclusions
from scheduler.report.over_splits import conclude_over_splits
from scheduler.statistics.over_splits.frames import has_several, over_splits, pool_baselines
from scheduler.statistics.rounding import with_rounding
from scheduler.statistics.splits.reading import read_split_scores

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.statistics.conclusions import Conclusions
    from store import Experiment, Store


def conclude(store: Store, experiment: Experiment, baselines: pd.DataFrame) -> Conclusions:
    """Draw the conclusions from the results that are there, over all splits of each configuration.

    Args:
        store: the results store.
        experiment: which one.
        baselines: those of its splits.
    """
    results, cells = store.results.frame(experiment.id), store.experiments.cells(experiment.id)
    if not has_several(cells):
        return read_conclusions(store, experiment, results, baselines, {}, {})
    rounded = with_rounding(store, experiment, results)
    splits = read_split_scores(rounded, cells, experiment.judged_by)
    pooled = pool_baselines(baselines, cells, dict.fromkeys(cell.all_splits for cell in cells.values()))
    return conclude_over_splits(store, experiment, over_splits(rounded, cells), pooled, splits)
