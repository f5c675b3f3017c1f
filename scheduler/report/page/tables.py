"""The page's tables: summary, errors by step and target, baselines and selection audit."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from scheduler.report.page.table import Cell, Column, Kind, Table, count, numeric, text_columns
from scheduler.report.report_data import ReportData
from scheduler.statistics.wording import about_groups
from scheduler.text import NumberFormat, number_format
from store.schema.spelling import listed

DESCRIBED = {"mean": "mean", "std": "std", "min": "min", "p25": "25%", "p50": "50%", "p75": "75%", "max": "max"}
BESIDE = {"train_rmse": "train RMSE", "rmse": "RMSE", "mae": "MAE"}


def score_format(report: ReportData) -> NumberFormat:
    """Choose how scores are written."""
    frame = report.summaries
    return error_format(report, frame["mean"] if len(frame) else [])


def error_format(report: ReportData, errors: Iterable[float]) -> NumberFormat:
    """Choose how errors in the units of the series are written: with three digits of the middle standard deviation."""
    frame = report.summaries
    stds = frame.loc[frame["std"] > 0, "std"] if len(frame) else pd.Series(dtype=float)
    return number_format(errors, spread=float(stds.median()) if len(stds) else math.nan)


def summary(report: ReportData, which: str = "") -> Table | None:
    """Make the summary table: `describe()` of the scores, a row for each configuration.

    Args:
        report: of the configurations that are shown.
        which: what the caption says of them, if they are not all.
    """
    frame = report.summaries
    if not len(frame):
        return None
    groups, beside = _groups(report), _beside(report)
    scores, lost = score_format(report), report.diverged()
    formats = {name: error_format(report, column) for name, column in beside.items()}
    units = ", in the units of the series" if report.score in {"rmse", "mae"} else report.in_units
    caption = f"T{report.score_name[1:]} of the repeats of each configuration{units}. Less is better."
    if beside:
        caption += f" Columns {listed([BESIDE[name] for name in beside], 'and')}: means of the repeats."
    if groups and report.ranking is not None:
        caption += f" {about_groups(report.ranking).capitalize()}."
    caption += which
    lowest, rows = _lowest(frame), []
    for record in frame.to_dict("records"):
        label = str(record["configuration"])
        errors = ((float(beside[name].get(label, math.nan)), formats[name]) for name in beside)
        rows.append(
            [
                Cell(label, tag="lowest mean" if record["mean"] == lowest else ""),
                *([Cell(groups.get(label, ""))] if groups else []),
                count(int(record["count"])),
                *numeric((float(record[name]) for name in DESCRIBED), scores),
                *(Cell(write(value), value) for value, write in errors),
                count(lost.get(label, 0)),
            ]
        )
    heads = ["count", *DESCRIBED.values(), *(BESIDE[name] for name in beside), "diverged"]
    letters = [Column("group", Kind.LETTERS)] if groups else []
    return Table("summary-table", caption, [*text_columns("configuration"), *letters, *map(Column, heads)], rows)


def _lowest(frame: pd.DataFrame) -> float | None:
    """Return the lowest mean of several."""
    means = frame["mean"].to_numpy(dtype=float)
    return float(np.nanmin(means)) if len(frame) > 1 and np.isfinite(means).any() else None


def _beside(report: ReportData) -> dict[str, pd.Series[float]]:
    """Return the other errors that there are, by the name of the configuration."""
    frame = report.mean_errors
    if frame is None or not len(frame):
        return {}
    indexed = frame.set_index("configuration")
    return {
        name: indexed[name]
        for name in BESIDE
        if name != report.score and name in indexed and indexed[name].notna().any()
    }


def _groups(report: ReportData) -> dict[str, str]:
    if report.ranking is None or "group" not in report.ranking:
        return {}
    return {str(row["configuration"]): str(row["group"]) for row in report.ranking.to_dict("records")}


def audit(report: ReportData, which: str = "") -> Table | None:
    """Make the table of the selection audit: the scores at the epochs that each way picks; see `summary`."""
    frame = report.audit
    if frame is None or not len(frame):
        return None
    heads = {
        "last": "last epoch",
        "best": "best on the test part",
        "best_epoch": "at epoch (median)",
        "optimism": "too good by",
        "validation": "chosen by validation",
        "validation_epoch": "at epoch (median)",
    }
    shown = [name for name in heads if name in frame and frame[name].notna().any()]
    scores = [name for name in shown if name in {"last", "best", "validation"}]
    alike = number_format(frame[scores].to_numpy(dtype=float).ravel())
    formats = dict.fromkeys(scores, alike)
    formats |= {name: NumberFormat(0) for name in shown if name.endswith("epoch")}
    formats |= {name: number_format(frame[name]) for name in shown if name == "optimism"}
    rows = [
        [
            Cell(str(record["configuration"])),
            *(Cell(formats[name](float(record[name])), float(record[name])) for name in shown),
        ]
        for record in frame.to_dict("records")
    ]
    third = ", and at the one that held-out training rows would choose" * ("validation" in shown)
    caption = (
        f"Mean test RMSE at the last epoch, at the epoch that is best on the test part{third}. "
        "The best epoch is picked on the test part itself, so its RMSE is too good."
        f"{which}"
    )
    return Table(
        "audit-table", caption, [*text_columns("configuration"), *(Column(heads[name]) for name in shown)], rows
    )
