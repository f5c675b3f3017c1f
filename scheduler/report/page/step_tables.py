"""The errors of each step of the horizon and of each target, where there are several."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from scheduler.report.page.table import Cell, Column, Table, numeric, text_columns
from scheduler.report.report_data import ReportData
from scheduler.report.steps import several_tables
from scheduler.text import number_format

WHAT = {"step": "step of the horizon", "target": "target"}


def step_tables(report: ReportData, which: str = "") -> Iterator[Table]:
    """Make a table of the mean score by step, and one by target; the captions end with `which` configurations."""
    for by, means in several_tables(report.step_scores, report.target_names, report.score):
        yield _table(means, f"{by}-table", f"T{report.score_name[1:]} of each {WHAT[by]}", which)


def _table(means: pd.DataFrame, identity: str, what: str, which: str) -> Table:
    write = number_format(means.to_numpy().ravel())
    cells = [numeric(means[name], write) for name in means]
    rows = [[Cell(str(label)), *row] for label, row in zip(means.index, zip(*cells, strict=True), strict=True)]
    caption = f"{what}: the mean over the repeats. Less is better.{which}"
    return Table(identity, caption, [*text_columns("configuration"), *(Column(str(name)) for name in means)], rows)
