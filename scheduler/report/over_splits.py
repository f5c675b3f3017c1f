"""The report of an experiment whose configurations have several splits: scores over all of them, and split by split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from scheduler.report.one_split import concluded_fields, one_split
from scheduler.report.report_data import ReportData
from scheduler.report.splits.gather import with_all_together, with_split_report
from scheduler.statistics.conclusions import Conclusions, draw_conclusions
from scheduler.statistics.ensembles.table import Members
from scheduler.statistics.intervals.table import score_intervals
from scheduler.statistics.over_splits.frames import over_splits, pool_baselines
from scheduler.statistics.over_splits.together import pool_ensembles, pool_intervals
from scheduler.statistics.rounding import with_rounding
from scheduler.statistics.splits.reading import read_split_scores
from scheduler.statistics.summary import summarise

#: configurations on splits whose intervals are scored: those of a few hundred windows and series are known well enough
MOST_CELLS = 400

if TYPE_CHECKING:
    from scheduler.future.panel import Future, PanelFuture
    from scheduler.statistics.splits.scores import SplitScores
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
    of_splits = store.results.baselines(experiment.id)
    baselines = pool_baselines(of_splits, cells, sets)
    found = Conclusions()
    if conclusions:
        splits = read_split_scores(rounded, cells, experiment.judged_by)
        found = conclude_over_splits(store, experiment, repeats, baselines, splits)
    ensembles, intervals = store.results.ensembles(experiment.id), pd.DataFrame()
    data = ReportData(
        **fields,
        **_of_series(store, cells, sets[0]),
        results=repeats.drop(columns=["rounding", "rounding_of_errors"], errors="ignore"),
        summaries=summarise(repeats, experiment.judged_by),
        split_summaries=_split_summaries(results, cells, experiment.judged_by),
        baselines=baselines if len(baselines) else None,
        ensembles=pool_ensembles(ensembles, cells),
        **concluded_fields(found),
    )
    if conclusions:
        intervals = _intervals(store, experiment, data, cells)
        data = replace(data, intervals=pool_intervals(intervals, cells))

    def shown(one: ReportData, name: str) -> ReportData:
        whole = with_split_report(one, name, cells, of_splits, found)
        return with_all_together(whole, name, cells, ensembles, intervals)

    if len(sets) < 2:
        return shown(data, sets[0])
    return replace(data, parts=tuple(shown(part, part.split) for part in _parts(data, sets, cells, found)))


def _parts(
    data: ReportData, sets: Sequence[str], cells: Mapping[str, Cell], found: Conclusions
) -> Iterator[ReportData]:
    """Yield a report for each set of splits."""
    for name in sets:
        part = one_split(data, name, found.parts.get(name, Conclusions()))
        yield replace(part, unit=data.unit, future=_future_of(data, part.split, cells))


def _of_series(store: Store, cells: Mapping[str, Cell], name: str) -> dict[str, Any]:
    """Return the fields about the series: those of the first one, under the name of all splits together."""
    first = store.series.get(next(iter(cells.values())).series_hash)
    return {"series_name": name, "unit": first.name, "series_values": first.values, "series_times": first.times}


def _intervals(store: Store, experiment: Experiment, data: ReportData, cells: Mapping[str, Cell]) -> pd.DataFrame:
    """Score the intervals of the configurations with the best means, as many as few splits make."""
    of_point: dict[str, list[str]] = {}
    for cell in cells.values():
        of_point.setdefault(cell.point, []).append(cell.label)
    labels: list[str] = []
    for point in data.summaries.dropna(subset=["mean"]).sort_values("mean", kind="stable")["configuration"]:
        if len(labels) + len(of_point[point]) > MOST_CELLS:
            break
        labels += of_point[point]
    read = store.results.each_forecast(experiment.id, labels) if labels else ()
    return score_intervals(Members.of(label, found) for label, found in read)


def _future_of(data: ReportData, split: str, cells: Mapping[str, Cell]) -> Future | PanelFuture | None:
    """Return the forecast beyond the end if it is of a configuration with these splits."""
    if data.future is None:
        return None
    mine = {cell.all_splits for cell in cells.values() if cell.point == data.future.configuration}
    return data.future if split in mine else None


def conclude_over_splits(
    store: Store,
    experiment: Experiment,
    repeats: pd.DataFrame,
    baselines: pd.DataFrame,
    splits: Mapping[str, SplitScores],
) -> Conclusions:
    """Draw the conclusions from scores over all splits; forecasts are not put together."""
    numerics = store.results.numerics(experiment.id)
    return draw_conclusions(experiment, repeats, baselines, {}, None, numerics=numerics, store=store.url, splits=splits)


def _split_summaries(results: pd.DataFrame, cells: Mapping[str, Cell], score: str) -> pd.DataFrame:
    """Describe the scores of each configuration on each split, by the label of the configuration."""
    each = summarise(results, score)
    return each.assign(configuration=[cells[label].point for label in each["configuration"]])
