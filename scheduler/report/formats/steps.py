"""The errors by step of the horizon and by target in the formats of a report, and tables as records for JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.report.steps import several_tables
from scheduler.text import number_format, printable
from store.forecast_scores import ABSENT, SCORES

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.report.formats.summary import Cells
    from scheduler.report.report_data import ReportData

#: configurations shown; JSON and the page have more
MOST_ROWS = 30
#: steps of one table
MOST_STEPS = 12


def step_cells(data: ReportData) -> Iterator[Cells]:
    """Yield the cells of the tables by step and by target: the mean score, with a row per configuration.

    Of many steps each table has some, so that its lines can be read.
    """
    for by, means in several_tables(data.step_scores, data.target_names, data.score):
        shown = means.head(MOST_ROWS)
        write = number_format(shown.to_numpy().ravel())
        for first in range(0, shown.shape[1], MOST_STEPS):
            part = shown.iloc[:, first : first + MOST_STEPS]
            columns = [[write(value) for value in part[name]] for name in part]
            cells = zip(*columns, strict=True)
            rows = [[printable(label), *row] for label, row in zip(shown.index, cells, strict=True)]
            if len(shown) < len(means):
                rows.append([f"and {len(means) - len(shown):,} more", *[""] * len(columns)])
            yield [f"{data.score_name} by {by}", *map(printable, part)], rows


def score_records(data: ReportData) -> list[dict[str, Any]]:
    """Return the mean of every score over the repeats of each configuration that finished; None where it has none."""
    names = [f"test_{name}" for name in SCORES if f"test_{name}" in data.results]
    done = data.results[(data.results["state"] == "done") & ~data.results["diverged"].isin([True, 1])]
    groups = done.groupby("configuration", sort=False)[names]
    means = groups.mean().where(groups.count().eq(groups.size(), axis=0))
    return table_records(means.rename(columns=lambda name: name.removeprefix("test_")).reset_index())


def missing_scores(data: ReportData) -> dict[str, str]:
    """Return the scores that no repeat has, each with one word: `zeros` or `constant`, which its denominator is."""
    done = data.results[np.isfinite(data.results["test_rmse"].to_numpy(dtype=float))]
    return {name: why for name, why in ABSENT.items() if len(done) and not _any(done, f"test_{name}")}


def _any(done: pd.DataFrame, column: str) -> bool:
    """Return whether some repeat has a score, as far as the scores were read."""
    return column not in done or bool(done[column].notna().any())


def step_records(data: ReportData) -> list[dict[str, Any]]:
    """Return the mean errors by configuration, target and step; None stands for a missing number."""
    if data.step_scores is None:
        return []
    keys = ["configuration", "target", "step"]
    measured = [name for name in SCORES if name in data.step_scores]
    means = data.step_scores.groupby(keys, sort=False)[measured].mean().reset_index()
    names = dict(enumerate(data.target_names, 1))
    means["target"] = means["target"].map(lambda place: names.get(place, str(place)))
    return table_records(means)


def table_records(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Return the rows of a table for JSON; None stands for a number that is missing or infinite."""
    if frame is None or not len(frame):
        return []
    shown = frame.replace([math.inf, -math.inf], math.nan).astype(object)
    rows = shown.where(shown.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]
