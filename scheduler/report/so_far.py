"""What an experiment's results say so far, each part by itself: for the Python API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scheduler.statistics.conclusions import compare_experiment
from scheduler.statistics.ensembles.table import Members
from scheduler.statistics.intervals.levels import read_levels
from scheduler.statistics.intervals.table import score_intervals
from scheduler.statistics.over_splits.reading import read_both, read_repeats
from scheduler.statistics.summary import summarise

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.statistics.comparison import Comparison
    from store import Experiment, Store


def comparison_so_far(store: Store, experiment: Experiment) -> Comparison:
    """Compare the configurations of an experiment, by the results that are there."""
    now = store.experiments.with_id(experiment.id)
    repeats, splits = read_both(store, now)
    numerics = store.results.numerics(now.id)
    return compare_experiment(now, repeats, numerics=numerics, store=store.url, splits=splits)


def intervals_so_far(store: Store, experiment: Experiment, levels: Sequence[float] = ()) -> pd.DataFrame:
    """Score the intervals of all configurations, of which few are in memory at a time.

    Raises:
        UsageError: a level is no percentage.
    """
    members = (Members.of(label, found) for label, found in store.results.each_forecast(experiment.id))
    return score_intervals(members, read_levels(levels) if levels else None)


def summaries_so_far(store: Store, experiment: Experiment) -> pd.DataFrame:
    """Describe the repeats of each configuration that are there, over all splits."""
    return summarise(read_repeats(store, experiment), experiment.judged_by)
