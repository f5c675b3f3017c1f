"""What a report shows of many splits, from the means of each and the baselines of a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from scheduler.report.splits.distribution import split_report
from scheduler.report.splits.together import by_split
from scheduler.statistics.baseline_table import of_all_targets
from scheduler.statistics.over_splits.frames import SQUARED
from store.errors import UsageError

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData
    from scheduler.statistics.conclusions import Conclusions
    from store.experiments.cells import Cell


def with_split_report(
    data: ReportData, name: str, cells: Mapping[str, Cell], baselines: pd.DataFrame, found: Conclusions
) -> ReportData:
    """Return a report with what it shows of its splits; as it is where it is of one split.

    Args:
        data: the report, with its summaries by split.
        name: of all splits together.
        cells: those of the experiment.
        baselines: of all splits.
        found: the conclusions.
    """
    mine = [cell for cell in cells.values() if cell.all_splits == name]
    series = {cell.split: cell.of_series for cell in mine}
    if data.split_summaries is None or len(series) < 2:
        return data
    points = {cell.point for cell in mine}
    means = data.split_summaries[data.split_summaries["configuration"].isin(points)]
    found_by_split = _baselines(baselines, series, data.score)
    over, squared = found.over.get(name), data.score in SQUARED
    shown = split_report(means, found_by_split, series, over, data.best_label, squared=squared)
    return replace(data, splits=shown)


def with_all_together(
    data: ReportData, name: str, cells: Mapping[str, Cell], ensembles: pd.DataFrame, intervals: pd.DataFrame
) -> ReportData:
    """Return a report with what all repeats together are worth on each split; as it is where it is of one split.

    Args:
        data: the report.
        name: of all splits together.
        cells: those of the experiment.
        ensembles: of each configuration on a split, by its label there.
        intervals: the same, of as many as were scored.
    """
    if data.splits is None:
        return data
    scores, held = (by_split(frame, cells, name) if len(frame) else frame for frame in (ensembles, intervals))
    return replace(data, splits=replace(data.splits, ensembles=scores, intervals=held))


def with_every_split(data: ReportData) -> ReportData:
    """Return a report that shows every split.

    Raises:
        UsageError: there is one.
    """
    if data.splits is None and all(part.splits is None for part in data.parts):
        raise UsageError(f"{data.experiment} has no configuration on several splits: leave --splits out.")
    return replace(_with_every(data), parts=tuple(map(_with_every, data.parts)))


def _with_every(data: ReportData) -> ReportData:
    return data if data.splits is None else replace(data, splits=replace(data.splits, every=True))


def _baselines(baselines: pd.DataFrame, series: Mapping[str, str], score: str) -> pd.DataFrame:
    """Return the score of each baseline over all targets of each split."""
    if baselines.empty or score not in baselines:
        return pd.DataFrame(columns=["baseline", "split", "score"])
    mine = of_all_targets(baselines[baselines["split_name"].isin(series)])
    return pd.DataFrame(
        {"baseline": mine["baseline"], "split": mine["split_name"], "score": mine[score].astype("float64")}
    )
