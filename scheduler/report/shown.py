"""Which configurations tables of the page and pictures show: all, or the best where there are very many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.report.report_data import ReportData

#: configurations that are shown, over all splits; and of each split, however many splits there are
MOST, LEAST = 500, 50


def most_shown(splits: int) -> int:
    """Return how many configurations of a split are shown where so many splits share the room."""
    return max(LEAST, MOST // max(1, splits))


def best(summaries: pd.DataFrame) -> set[str] | None:
    """Return the configurations with the best means and those with the best medians; None for all.

    Args:
        summaries: a row for each configuration, with the columns split, mean and p50.
    """
    groups = [rows for _, rows in summaries.groupby("split", sort=False)]
    most = most_shown(len(groups))
    if all(len(rows) <= most for rows in groups):
        return None
    tables = [rows.nsmallest(most, column) for rows in groups for column in ("mean", "p50")]
    return {str(label) for table in tables for label in table["configuration"]}


def narrowed(report: ReportData, order: Sequence[str], splits: int = 1) -> ReportData:
    """Return the report of the best configurations only, where not all can be shown.

    Args:
        report: of one split.
        order: its configurations, best first.
        splits: how many splits share the room.
    """
    most = most_shown(splits)
    if len(order) <= most:
        return report
    kept = set(order[:most])
    return replace(
        report,
        results=_rows(report.results, kept),
        summaries=_rows(report.summaries, kept),
        trajectories={label: curves for label, curves in report.trajectories.items() if label in kept},
        forecasts={label: found for label, found in report.forecasts.items() if label in kept},
        step_scores=None if report.step_scores is None else _rows(report.step_scores, kept),
        ensembles=None if report.ensembles is None else _rows(report.ensembles, kept),
        intervals=None if report.intervals is None else _rows(report.intervals, kept),
        mean_errors=None if report.mean_errors is None else _rows(report.mean_errors, kept),
        audit=None if report.audit is None else _rows(report.audit, kept),
    )


def _rows(frame: pd.DataFrame, kept: set[str]) -> pd.DataFrame:
    return frame[frame["configuration"].isin(kept)].reset_index(drop=True)


def how_many(shown: int, of: int) -> str:
    """Return a sentence for the caption of a table: which of how many it has; empty if it has all."""
    return f" The {shown:,} best means of {of:,}." if shown < of else ""
