"""Many splits in the formats of a report: the distribution of scores over them, the extremes, and each split."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from scheduler.report.formats.steps import table_records
from scheduler.report.formats.terminal import Rows, markdown, say, show
from scheduler.report.splits.distribution import PERCENTS, SplitReport, in_order
from scheduler.text import figure, number_format, printable
from store.commands import command

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.report.formats.terminal import Console
    from scheduler.report.report_data import ReportData

#: configurations whose distribution, and whose column in the table of all splits, is shown: the best
MOST_SHOWN, MOST_COLUMNS = 12, 6
#: configurations on splits on which repeats diverged that are named
MOST_DIVERGED = 3


def beyond_splits(data: ReportData) -> ReportData | None:
    """Return the report with the pairs beyond the splits in place of those on them; None where there are none."""
    over = None if data.splits is None else data.splits.over
    return None if over is None or over.pairs.empty else replace(data, comparisons=over.pairs)


def heading_beyond(data: ReportData) -> str:
    """Return what is above the pairs beyond the splits."""
    found = data.splits
    if found is None:
        return ""
    return f"Beyond these {found.words}: on other {'windows' if found.windows else 'series'} like them"


def distribution_rows(found: SplitReport) -> Rows:
    """Return how the scores of each configuration and baseline are distributed over series, or windows."""
    heads = {f"over {found.words}": "left"} | dict.fromkeys(("mean", *(f"{one}%" for one in PERCENTS)), "right")
    frame = shown_distribution(found)
    names = ["mean", *(f"p{one}" for one in PERCENTS)]
    write = _writer(frame[names].to_numpy(dtype=float).ravel())
    rows = [
        [f"{printable(row['name'])}{_in_brackets(found.kind_of(row))}", *(write(row[name]) for name in names)]
        for row in frame.to_dict("records")
    ]
    return Rows(heads=heads, rows=rows)


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""


def shown_distribution(found: SplitReport, most: int = MOST_SHOWN) -> pd.DataFrame:
    """Return the best configurations and the best baselines, best first."""
    frame = found.distribution.dropna(subset=["mean"])
    kept = pd.concat([part.head(most) for _, part in frame.groupby("kind", sort=False)]) if len(frame) else frame
    return in_order(kept)


def extreme_lines(found: SplitReport) -> list[str]:
    """Return on which splits the best configuration has its lowest and highest scores, beside the best baseline."""
    lines = []
    for which, rows in found.extremes.groupby("which", sort=False):
        named = [f"{printable(row['split'])} {figure(row['mean'])}{_beside(row)}" for row in rows.to_dict("records")]
        label = printable(rows["configuration"].iloc[0])
        lines.append(f"{which} splits of {label}: {'; '.join(named)}")
    return lines


def _beside(row: dict[Any, Any]) -> str:
    known = isinstance(row["baseline"], str) and math.isfinite(row["baseline_score"])
    return f" ({row['baseline']} {figure(row['baseline_score'])})" if known else ""


def diverged_lines(data: ReportData) -> list[str]:
    """Return on which splits repeats diverged: such a repeat has no score over all of them."""
    found = data.split_summaries
    if found is None or not (lost := found[found["diverged"] > 0].sort_values("diverged", ascending=False)).size:
        return []
    shown = [
        f"{printable(row['split'])} ({printable(row['configuration'])}: {row['diverged']:,})"
        for row in lost.head(MOST_DIVERGED).to_dict("records")
    ]
    more = f", and {len(lost) - MOST_DIVERGED:,} more" if len(lost) > MOST_DIVERGED else ""
    return [f"diverged on {', '.join(shown)}{more}: a repeat that did on one split has no score over all of them"]


def variance_lines(data: ReportData, found: SplitReport) -> list[str]:
    """Return the parts of the variance, and whether more repeats or more splits are worth it."""
    if found.over is None:
        return []
    frame = found.over.variances.dropna(subset=["variance"])
    if not frame["variance"].sum() > 0:
        return []
    parts = [f"{row['part']} {row['share']:.0%}{_interval(row)}" for row in frame.to_dict("records")]
    return [f"variance of the scores: {', '.join(parts)}", *filter(None, [_advice(data, found)])]


def _advice(data: ReportData, found: SplitReport) -> str:
    """Return whether more repeats or more splits are worth it, and the command that adds windows."""
    over = found.over
    if over is None or not over.advice or not found.windows:
        return "" if over is None else over.advice
    adds = command("top-up", data.experiment, "--windows", str(max(2 * found.units, over.least)), store=data.store)
    return f"{over.advice} {adds} adds earlier windows."


def _interval(row: dict[Any, Any]) -> str:
    low, high = row["share_low"], row["share_high"]
    return f" ({low:.0%} to {high:.0%})" if math.isfinite(low) and math.isfinite(high) else ""


def split_rows(data: ReportData, found: SplitReport, most: int = MOST_COLUMNS) -> Rows:
    """Return the table of all splits: the means of the best configurations, and the best baseline."""
    labels = split_labels(data, found, most)
    numbers = found.table[[*labels, "baseline"]].to_numpy(dtype=float)
    write = _writer(numbers.ravel())
    heads = {"split": "left", **dict.fromkeys(map(printable, labels), "right")}
    heads |= {"best baseline": "left", "its score": "right"}
    rows = [
        [printable(row["split"]), *(write(row[label]) for label in labels), *_best_baseline(row, write)]
        for row in found.table.to_dict("records")
    ]
    return Rows(heads=heads, rows=rows)


def together_numbers(data: ReportData, found: SplitReport) -> tuple[str, list[float], list[tuple[Any, ...]]]:
    """Return what all repeats of the best configuration together are worth on each split.

    Returns:
        Its label, the levels of its intervals, and for each split its name, the mean score of one training, that of
        all together, and the share of values in the intervals of each level. No rows where nothing is known.
    """
    ensembles, intervals, means = found.ensembles, found.intervals, data.split_summaries
    labels = split_labels(data, found, 1)
    if not labels or means is None or ensembles.empty or data.score not in ensembles:
        return "", [], []
    (label,) = labels
    mine = ensembles[(ensembles["configuration"] == label) & (ensembles["combination"] == "median")]
    together = mine.set_index("split")[data.score]
    alone = means[means["configuration"] == label].set_index("split")["mean"]
    held = intervals[intervals["configuration"] == label].to_dict("records") if len(intervals) else []
    levels = sorted({float(row["level"]) for row in held})
    shares = {(row["split"], row["level"]): float(row["coverage"]) for row in held}
    rows = []
    for split in found.table["split"]:
        scores = (one.get(split, math.nan) for one in (alone, together))
        rows.append((str(split), *scores, *(shares.get((split, level), math.nan) for level in levels)))
    return label, levels, rows


def together_heads(levels: Iterable[float]) -> list[str]:
    """Return what is above the numbers of all repeats together on each split."""
    return ["one training", "all together", *(f"in {level:g}% intervals" for level in levels)]


def together_rows(data: ReportData, found: SplitReport) -> Iterator[Rows]:
    """Yield the table of these numbers; none where nothing is known."""
    label, levels, numbers = together_numbers(data, found)
    if not numbers:
        return
    write = _writer([number for row in numbers for number in row[1:3]])
    heads = {f"{printable(label)} on": "left"} | dict.fromkeys(together_heads(levels), "right")
    rows = [[printable(row[0]), *map(write, row[1:3]), *map(_share, row[3:])] for row in numbers]
    yield Rows(heads=heads, rows=rows)


def _share(number: float) -> str:
    return f"{number:.0%}" if math.isfinite(number) else "-"


def split_labels(data: ReportData, found: SplitReport, most: int = MOST_COLUMNS) -> list[str]:
    """Return the configurations that have a column in the table of all splits: those with the best means."""
    means = data.summaries.set_index("configuration")["mean"].sort_values(kind="stable")
    return [str(label) for label in means.index if label in found.table][:most]


def _best_baseline(row: dict[Any, Any], write: Callable[[float], str]) -> list[str]:
    name = row["best baseline"]
    return [name if isinstance(name, str) else "-", write(row["baseline"])]


def _writer(numbers: Iterable[float]) -> Callable[[float], str]:
    write = number_format([float(number) for number in numbers if math.isfinite(number)])
    return lambda number: write(number) if math.isfinite(number) else "-"


def show_splits(data: ReportData, console: Console) -> None:
    """Print what is known of many splits, and every split where that is asked for."""
    found = data.splits
    if found is None:
        return
    for rows in _tables(data, found):
        show([rows], console)
    say(console, *_lines(data, found))


def _tables(data: ReportData, found: SplitReport) -> Iterator[Rows]:
    yield distribution_rows(found)
    if found.every:
        yield split_rows(data, found)
        yield from together_rows(data, found)


def _lines(data: ReportData, found: SplitReport) -> list[str]:
    every = command("report", data.experiment, "--splits", store=data.store)
    lines = ["", *extreme_lines(found), *diverged_lines(data), *variance_lines(data, found)]
    return lines if found.every else [*lines, f"{found.splits:,} splits: {every} shows each"]


def split_markdown(data: ReportData) -> list[str]:
    """Return the same as lines of Markdown, each block after an empty line."""
    found = data.splits
    if found is None:
        return []
    lines: list[str] = []
    for rows in _tables(data, found):
        lines += ["", *markdown(rows)]
    return lines + [
        line
        for text in (*extreme_lines(found), *diverged_lines(data), *variance_lines(data, found))
        for line in ("", text)
    ]


def split_records(data: ReportData) -> dict[str, Any] | None:
    """Return the same as what JSON can hold; None where there is one split."""
    found = data.splits
    if found is None:
        return None
    over = found.over
    return {
        "splits": found.splits,
        "sample": "windows" if found.windows else "series",
        "units": found.units,
        "fewest_for_a_verdict": over and over.least,
        "beyond": table_records(over.pairs) if over is not None else [],
        "variance": table_records(over.variances) if over is not None else [],
        "advice": _advice(data, found),
        "distribution": table_records(found.distribution),
        "extremes": table_records(found.extremes),
        "table": table_records(found.table) if found.every else [],
        "ensembles": table_records(found.ensembles) if found.every else [],
        "intervals": table_records(found.intervals) if found.every else [],
    }
