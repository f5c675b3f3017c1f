"""The summaries as CSV, a row per configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.report.formats.ensembles import ensemble_table
from scheduler.report.formats.registry import ReportFormat

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.report.report_data import ReportData


def as_csv(data: ReportData) -> str:
    """Return the summaries as CSV, a row per configuration, with the score of all its repeats together."""
    return _with_intervals(data, _with_ensembles(data)).to_csv(index=False)


def _with_ensembles(data: ReportData) -> pd.DataFrame:
    table = ensemble_table(data)
    if not len(table):
        return data.summaries
    names = {"median": "ensemble", "low": "ensemble_low", "high": "ensemble_high"}
    return data.summaries.merge(table[["configuration", *names]].rename(columns=names), on="configuration", how="left")


def _with_intervals(data: ReportData, table: pd.DataFrame) -> pd.DataFrame:
    """Add the coverage, width and score of the intervals of each level, for the configurations that have them."""
    for level, rows in data.intervals.groupby("level") if data.intervals is not None else ():
        names = {name: f"{name}_{level:g}" for name in ("coverage", "width", "interval_score")}
        table = table.merge(rows[["configuration", *names]].rename(columns=names), on="configuration", how="left")
    return table


FORMAT = ReportFormat(write=as_csv, compares=False)
