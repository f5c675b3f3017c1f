"""The report of an experiment whose configurations have several splits: scores over all of them, and split by split."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from scheduler.report.one_split import concluded_fields, one_split
from scheduler.report.report_data import ReportData
from scheduler.statistics.conclusions import Conclusions, draw_conclusions
from scheduler.statistics.over_splits.frames import over_splits, pool_baselines
from scheduler.statistics.rounding import with_rounding
from scheduler.statistics.summary import summarise

if TYPE_CHECKING:
    from store import Experiment, Store
    from store.experiments.cells import Cell


def gather_over_splits(
    store: Store,
    experiment: Experiment,
    results: pd.DataFrame,
    cells: Mapping[str, Cell],
    fields: Mapping[str, Any],
    *,
    conclusions: bool = True,
) -> ReportData:
    """Return the report of the scores over all splits; with one report for each set of splits where these differ.

    Args:
        store: the results store.
        experiment: whose.
        results: one row a repeat of a configuration on a split.
        cells: those of the experiment.
        fields: what the report has that does not depend on the splits.
        conclusions: whether configurations are compared.
    """
    rounded = with_rounding(store, experiment, results) if conclusions else results
    repeats = over_splits(rounded, cells)
    sets = list(dict.fromkeys(cell.all_splits for cell in cells.values()))
    baselines = pool_baselines(store.results.baselines(experiment.id), cells, sets)
    found = conclude_over_splits(store, experiment, repeats, baselines) if conclusions else Conclusions()
    series = store.series.get(next(iter(cells.values())).series_hash)
    data = ReportData(
        **fields,
        series_name=sets[0],
        unit=series.name,
        series_values=series.values,
        series_times=series.times,
        results=repeats.drop(columns=["rounding", "rounding_of_errors"], errors="ignore"),
        summaries=summarise(repeats, experiment.judged_by),
        split_summaries=_split_summaries(results, cells, experiment.judged_by),
        baselines=baselines if len(baselines) else None,
        **concluded_fields(found),
    )
    if len(sets) < 2:
        return data
    parts = (one_split(data, name, found.parts.get(name, Conclusions())) for name in sets)
    return replace(data, parts=tuple(replace(part, unit=series.name) for part in parts))


def conclude_over_splits(
    store: Store, experiment: Experiment, repeats: pd.DataFrame, baselines: pd.DataFrame
) -> Conclusions:
    """Draw the conclusions from scores over all splits; forecasts are not put together."""
    numerics = store.results.numerics(experiment.id)
    return draw_conclusions(experiment, repeats, baselines, {}, None, numerics=numerics, store=store.url)


def _split_summaries(results: pd.DataFrame, cells: Mapping[str, Cell], score: str) -> pd.DataFrame:
    """Describe the scores of each configuration on each split, by the label of the configuration."""
    each = summarise(results, score)
    return each.assign(configuration=[cells[label].point for label in each["configuration"]])
