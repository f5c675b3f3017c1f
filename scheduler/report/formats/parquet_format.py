"""The repeats as Parquet, for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from scheduler.report.formats.registry import ReportFormat

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData


def as_parquet(data: ReportData) -> bytes:
    """Return every repeat as Parquet, with the columns of the view `results`; times are in UTC."""
    frame = data.results.assign(finished_at=pd.to_datetime(data.results["finished_at"], utc=True).dt.tz_localize(None))
    return frame.to_parquet(None, index=False)


FORMAT = ReportFormat(write=as_parquet, compares=False, every_column=True)
