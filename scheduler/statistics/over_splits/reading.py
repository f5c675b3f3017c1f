"""The repeats of an experiment as reports and verdicts have them: over all splits of a configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from scheduler.statistics.over_splits.frames import has_several, over_splits

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.statistics.splits.scores import SplitScores
    from store import Experiment, Store
    from store.experiments.cells import Cell

Value = TypeVar("Value")


def read_repeats(
    store: Store, experiment: Experiment, names: Sequence[str] | None = None, *, rounding: bool = False
) -> pd.DataFrame:
    """Return one row a repeat of a configuration, with its scores over all splits of this.

    Args:
        store: the results store.
        experiment: whose.
        names: columns to read; by default those of the view `results`.
        rounding: whether to add how much of a score may be rounding.
    """
    from scheduler.statistics.rounding import with_rounding

    results = store.results.frame(experiment.id, names)
    results = with_rounding(store, experiment, results) if rounding else results
    cells = store.experiments.cells(experiment.id)
    return over_splits(results, cells) if has_several(cells) else results


def of_points(values: Mapping[str, Value], cells: Mapping[str, Cell]) -> dict[str, Value]:
    """Return what each configuration has on its first split, by its own label."""
    found: dict[str, Value] = {}
    for label, value in values.items():
        found.setdefault(cells[label].point, value)
    return found


def read_both(
    store: Store, experiment: Experiment, names: Sequence[str] | None = None
) -> tuple[pd.DataFrame, dict[str, SplitScores]]:
    """Return one row a repeat over all splits, with its rounding, and the scores on each, where there are several."""
    from scheduler.statistics.rounding import with_rounding
    from scheduler.statistics.splits.reading import read_split_scores

    results = with_rounding(store, experiment, store.results.frame(experiment.id, names))
    cells = store.experiments.cells(experiment.id)
    if not has_several(cells):
        return results, {}
    return over_splits(results, cells), read_split_scores(results, cells, experiment.judged_by)


def by_point(frame: pd.DataFrame, cells: Mapping[str, Cell]) -> pd.DataFrame:
    """Name configurations by their own labels where each split has one, and the split beside them, as the views do."""
    if not has_several(cells):
        return frame
    labels = frame["configuration"]
    named = frame.assign(configuration=labels.map({label: cell.point for label, cell in cells.items()}))
    if "split" in frame:
        return named
    return named.assign(split=labels.map({label: cell.split for label, cell in cells.items()}))
