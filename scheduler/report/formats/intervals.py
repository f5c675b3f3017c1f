"""The intervals in the formats of a report: how often they held the test rows, how wide they are, and their score."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.report.formats.terminal import Rows, left_out, markdown, say, show
from scheduler.statistics.intervals.coverage import ASSUMPTION
from scheduler.statistics.intervals.levels import fewest_residuals, written
from scheduler.statistics.intervals.table import LEVELS
from scheduler.text import number_format, printable

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.report.formats.terminal import Console
    from scheduler.report.report_data import ReportData

#: configurations shown: the best; CSV, JSON and the page have more
MOST_ROWS = 5
#: columns that a narrow terminal omits, the least first
LESSER = ("walk-forward", "Winkler score")


def shown_intervals(data: ReportData, most: int | None = MOST_ROWS) -> pd.DataFrame | None:
    """Return the rows of the best configurations, best first; None where there is none."""
    if data.intervals is None or not len(data.intervals):
        return None
    means = data.summaries.set_index("configuration")["mean"]
    labels = data.intervals["configuration"].drop_duplicates()
    best = labels.iloc[means.reindex(labels).to_numpy(dtype=float).argsort(kind="stable")]
    place = {label: at for at, label in enumerate(best.head(len(best) if most is None else most))}
    kept = data.intervals[data.intervals["configuration"].isin(place)]
    return kept.sort_values("configuration", key=lambda names: names.map(place), kind="stable")


def interval_rows(data: ReportData) -> Rows:
    """Return the table of the intervals in print, best first; empty where there is none."""
    heads = {"intervals": "left", "level": "right", "coverage": "right", "95% interval": "right"}
    heads |= dict.fromkeys(("walk-forward", "width", "Winkler score"), "right")
    shown = shown_intervals(data)
    if shown is None:
        return Rows(heads=heads, rows=[])
    numbers = shown[["width", "interval_score"]].to_numpy(dtype=float).ravel()
    write = number_format([value for value in numbers if math.isfinite(value)])
    rows = [
        [
            printable(row["configuration"]),
            f"{written(row['level'])}%",
            share(row["coverage"]),
            f"{share(row['low'])} to {share(row['high'])}" if math.isfinite(row["low"]) else "-",
            f"{share(row['walk_forward'])} of {row['walked']:,}" if row["walked"] else "-",
            write(row["width"]),
            write(row["interval_score"]) if math.isfinite(row["interval_score"]) else "-",
        ]
        for row in shown.to_dict("records")
    ]
    return Rows(heads=heads, rows=rows)


def interval_lines(data: ReportData) -> list[str]:
    """Return what the coverage is of and what it assumes, and the level that needs more test rows."""
    if data.intervals is None or not len(data.intervals):
        return []
    first = data.intervals.iloc[0]
    lines = [
        "Coverage: how many of the observed values lie in the interval about the median forecast that all other test "
        f"rows make, with its binomial interval; walk-forward: that of intervals made of earlier rows. {ASSUMPTION}"
    ]
    if (data.intervals["basis"] == "quantiles").any():
        lines.append(
            "Where a model forecasts quantiles, its intervals lie between those that are nearest to the level, moved "
            "as far as the test rows need (conformalized quantile regression)."
        )
    splits = 1 if data.splits is None else data.splits.splits
    there = f"there are {first['rows'] // splits}" + (" on each split" if splits > 1 else "")
    missing = [level for level in LEVELS if level not in set(data.intervals["level"])]
    return lines + [
        f"A level of {written(level)} needs {fewest_residuals(level)} test rows; {there}." for level in missing
    ]


def interval_forms(data: ReportData) -> Iterator[Rows]:
    """Yield the table in every form for a terminal, from the fullest."""
    full = interval_rows(data)
    yield full
    fewer = full
    for count in range(1, len(LESSER) + 1):
        fewer = full.without(*LESSER[:count]).noted(left_out(list(LESSER[:count]), "--format json has them."))
        yield fewer
    yield replace(fewer, wraps="intervals")


def show_intervals(data: ReportData, console: Console) -> None:
    """Print the table and what it assumes, where there are intervals."""
    if not interval_rows(data).rows:
        return
    show(interval_forms(data), console)
    say(console, *interval_lines(data), style="dim")


def interval_markdown(data: ReportData) -> list[str]:
    """Return the lines of the table and of what it assumes, each block after an empty line."""
    rows = interval_rows(data)
    if not rows.rows:
        return []
    return ["", *markdown(rows), *(line for text in interval_lines(data) for line in ("", text))]


def share(value: float) -> str:
    """Write a share of one in percent."""
    return f"{value:.0%}" if math.isfinite(value) else "-"
