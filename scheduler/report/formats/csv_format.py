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
    return _with_ensembles(data).to_csv(index=False)


def _with_ensembles(data: ReportData) -> pd.DataFrame:
    table = ensemble_table(data)
    if not len(table):
        return data.summaries
    names = {"median": "ensemble", "low": "ensemble_low", "high": "ensemble_high"}
    return data.summaries.merge(table[["configuration", *names]].rename(columns=names), on="configuration", how="left")


FORMAT = ReportFormat(write=as_csv, compares=False)
