"""The errors of each step of the horizon and of each target, where there are several."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from scheduler.report.page.table import Cell, Column, Table, numeric, text_columns
from scheduler.report.report_data import ReportData
from scheduler.report.steps import pooled
from scheduler.text import number_format

MOST_ROWS = 500


def step_tables(report: ReportData) -> Iterator[Table]:
    """Make a table of the mean RMSE by step, and one by target, a row for each configuration."""
    frame = report.step_scores
    if frame is None or not len(frame):
        return
    for by, head, what in (("horizon", "step {}", "step of the horizon"), ("target", "{}", "target")):
        if frame[by].nunique() > 1:
            yield _table(report, pooled(frame, by), head, f"{by}-table", what)


def _table(report: ReportData, means: pd.DataFrame, head: str, identity: str, what: str) -> Table:
    labels = [label for label in report.labels if label in means.index][:MOST_ROWS]
    formats = {name: number_format(means[name]) for name in means}
    shown = means.loc[labels]
    cells = [numeric(shown[name], write) for name, write in formats.items()]
    rows = [[Cell(label), *row] for label, row in zip(labels, zip(*cells, strict=True), strict=True)]
    caption = f"Test RMSE of each {what}: the mean of the repeats. Less is better."
    if len(labels) < len(means):
        caption += f" The first {len(labels)} of {len(means):,} configurations."
    columns = [*text_columns("configuration"), *(Column(head.format(name)) for name in formats)]
    return Table(identity, caption, columns, rows)
