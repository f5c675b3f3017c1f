"""What the formats of a report share: the `describe()` table, the headline, the ranking and the baselines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scheduler.statistics.baseline_table import mase_denominators, of_all_targets
from scheduler.statistics.wording import IN_SHORT, about_groups, enumerated
from scheduler.text import printable
from store.commands import command

if TYPE_CHECKING:
    from scheduler.report.report_data import ReportData

#: rows of the table, in pandas' order and with pandas' names
STATISTICS = {
    "count": "count",
    "mean": "mean",
    "std": "std",
    "min": "min",
    "p25": "25%",
    "p50": "50%",
    "p75": "75%",
    "max": "max",
    "diverged": "diverged",
}
WHOLE = ("count", "diverged")
#: more configurations than this read better as rows
WIDEST = 8
#: how scores are written
EXACT = ".6f"
#: how scores are written that six decimals do not show, or show with many digits that mean nothing
SIGNIFICANT = ".6e"
#: scores of which the largest lies between these are written with decimals
DECIMAL = (1e-3, 1e15)

Cells = tuple[list[str], list[list[str]]]


def describe(data: ReportData) -> pd.DataFrame:
    """Return the `describe()` table: a column per configuration, pandas' names as rows.

    It has a row `diverged` if any repeat did.
    """
    frame = data.summaries.set_index("configuration")[list(STATISTICS)].rename(columns=STATISTICS).T
    frame.columns.name = None
    if not frame.loc["diverged"].any():
        frame = frame.drop(index="diverged")
    return frame


def score_format(frame: pd.DataFrame) -> str:
    """Return the format of all scores of a `describe()` table: six decimals, as pandas has them, if these show them."""
    scores = frame.drop(index=[name for name in WHOLE if name in frame.index]).to_numpy(dtype=float)
    largest = np.abs(scores[np.isfinite(scores)]).max(initial=0.0)
    return EXACT if largest == 0 or DECIMAL[0] <= largest < DECIMAL[1] else SIGNIFICANT


def cell(statistic: str, value: float, digits: str = EXACT) -> str:
    """Format one number of the table: counts as integers, scores with six decimals as pandas does, or with `digits`."""
    if pd.isna(value):
        return "-"
    return f"{value:.0f}" if statistic in WHOLE else f"{value:{digits}}"


def headline(data: ReportData) -> str:
    """Return one line with the experiment's name, size and progress."""
    counts = data.counts
    total = sum(counts.values())
    done = counts.get("done", 0)
    configurations = len(data.labels)
    where = f"{len(data.parts)} splits" if data.parts else data.series_name
    line = (
        f"{data.experiment}: {configurations} configuration{'s' * (configurations != 1)}, "
        f"{done} of {total} repeats done, on {where}"
    )
    others = [f"{counts[state]} {state}" for state in ("failed", "cancelled", "running", "queued") if counts.get(state)]
    return line + (f" ({', '.join(others)})" if others else "")


def table_cells(data: ReportData) -> Cells:
    """Return the cells of the `describe()` table: a column per configuration, or a row if there are many."""
    frame = describe(data)
    digits = score_format(frame)
    return wide_cells(frame, digits, data.score_name) if len(frame.columns) <= WIDEST else long_cells(frame, digits)


def wide_cells(frame: pd.DataFrame, digits: str = EXACT, score: str = "test RMSE") -> Cells:
    """Return the cells with a column per configuration."""
    rows = [[str(name), *(cell(str(name), value, digits) for value in row)] for name, row in frame.iterrows()]
    return [score, *map(printable, frame.columns)], rows


def long_cells(frame: pd.DataFrame, digits: str = EXACT) -> Cells:
    """Return the cells with a row per configuration."""
    columns = [[cell(str(name), value, digits) for value in row] for name, row in frame.iterrows()]
    labels = map(printable, frame.columns)
    return ["configuration", *map(str, frame.index)], [list(row) for row in zip(labels, *columns, strict=True)]


def ranking_lines(data: ReportData) -> list[str]:
    """Summarise the ranking and the verdicts; `scheduler compare` shows them in full."""
    if data.ranking is None or data.comparisons is None or not data.ranking["finished"].any():
        return []
    kinds = data.comparisons["outcome"].map(IN_SHORT)
    counted = ", ".join(f"{count:,} {kind}" for kind, count in kinds.value_counts().items())
    if not len(data.comparisons):
        return []
    return [
        "",
        *_ranked(data.ranking),
        f"pairs: {counted}; {command('compare', data.experiment, store=data.store)} shows them",
    ]


def _ranked(ranking: pd.DataFrame) -> list[str]:
    """List the best configurations with their groups: in one line, or one a line if their names have commas."""
    head = f"ranking ({about_groups(ranking).replace('configurations', 'those', 1)}):"
    first, more = ranking.head(WIDEST), len(ranking) - WIDEST
    pairs = list(zip(first["configuration"], first["group"], strict=True))
    others = [f"and {more:,} more"] if more > 0 else []
    if not any("," in label for label, _ in pairs):
        return [f"{head} {', '.join([*(f'{label} {group}' for label, group in pairs), *others])}"]
    size = max(len(group) for _, group in pairs)
    lines = [f"{place}. {group:{size}}  {label}" for place, (label, group) in enumerate(pairs, start=1)]
    return [head, *(f"  {line}" for line in [*lines, *others])]


def warning_lines(data: ReportData) -> list[str]:
    """List the warnings under a heading of their own."""
    return ["", "warnings:", *(f"  {line}" for line in data.warnings)] if data.warnings else []


def series_lines(data: ReportData) -> list[str]:
    """List what was understood of the series' files under a heading of its own."""
    return ["", "series:", *(f"  {line}" for line in data.series_notes)] if data.series_notes else []


def baseline_lines(data: ReportData) -> list[str]:
    """List the baselines, best first."""
    found = data.baseline_errors
    if not found:
        return []
    digits = baseline_format(found)
    shown = ", ".join(f"{name} {rmse:{digits}}" for name, rmse in found.items())
    lines = [""]
    if "persistence" in found:
        lines.append(f"persistence (forecast = last observation): {found['persistence']:{digits}}")
    return [*lines, f"all baselines, same walk-forward: {shown}", *_without_a_season(data)]


def mase_errors(data: ReportData) -> tuple[dict[str, float], str]:
    """Return the MASE of each baseline over all targets, the least first, and the forecasts over whose error it is."""
    frame = data.baselines
    if frame is None or "mase" not in frame or data.parts:
        return {}, ""
    of = mase_denominators(frame)
    known = of_all_targets(frame).dropna(subset=["mase"]).sort_values("mase", kind="stable")
    found = {str(name): float(mase) for name, mase in zip(known["baseline"], known["mase"], strict=True)}
    return (found, enumerated(of)) if of else ({}, "")


def baseline_format(errors: Mapping[str, float]) -> str:
    """Return the format of the errors of all baselines: three decimals if these show each of them."""
    sizes = [abs(error) for error in errors.values() if error]
    return ".3f" if not sizes or (min(sizes) >= 0.1 and max(sizes) < DECIMAL[1]) else ".4g"


def _without_a_season(data: ReportData) -> list[str]:
    """Return a remark if there is no seasonal baseline, and how to get one."""
    if data.baselines is None or "mase_of" not in data.baselines:
        return []
    from scheduler.statistics.baselines.makers import names

    if not set(data.baselines["baseline"]) <= set(names(())):
        return []
    return ["no seasonal baseline: no times show a season; `series.season` in the grid gives one"]
