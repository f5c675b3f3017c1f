"""The summaries as CSV, a row per configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.report.formats.registry import ReportFormat

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData


def as_csv(data: ReportData) -> str:
    """Return the summaries as CSV, a row per configuration."""
    return data.summaries.to_csv(index=False)


FORMAT = ReportFormat(write=as_csv, compares=False)
