"""The table of all splits, where there are more than have a block of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scheduler.report.page.table import Cell, Column, Table, count, text_columns
from scheduler.report.report_data import ReportData
from scheduler.statistics.outcomes import BaselineOutcome
from scheduler.text import DASH, short
from store.forecast_scores import TITLES


def split_table(parts: Sequence[ReportData]) -> Table:
    """Make the table: a row for each split, with its lowest mean and its best baseline."""
    columns = [
        *text_columns("split"),
        Column("configurations"),
        *text_columns("lowest mean of"),
        Column("mean"),
        *text_columns("best baseline"),
        Column(TITLES[parts[0].score]),
        Column("beat it"),
    ]
    caption = "All splits: the configuration with the lowest mean, and how many beat the best baseline."
    return Table("splits-table", caption, columns, [_row(part) for part in parts])


def _row(part: ReportData) -> list[Cell]:
    means = {label: float(np.mean(found)) for label, found in part.scores().items() if len(found)}
    best = min(means, key=lambda label: means[label], default="")
    name, error = next(iter(part.baseline_errors.items()), ("", math.nan))
    return [
        Cell(part.split),
        count(len(part.labels)),
        Cell(best or DASH),
        _number(means.get(best, math.nan)),
        Cell(name or DASH),
        _number(error),
        count(_beating(part, name)) if name and part.against is not None else Cell(DASH, math.nan),
    ]


def _number(value: float) -> Cell:
    return Cell(short(value) if math.isfinite(value) else DASH, value)


def _beating(part: ReportData, baseline: str) -> int:
    """Count the configurations that beat a baseline."""
    if part.against is None:
        return 0
    return int(((part.against["baseline"] == baseline) & (part.against["outcome"] == BaselineOutcome.BEATS)).sum())
