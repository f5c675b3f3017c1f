"""Many splits on the page: how scores are distributed over them, the parts of the variance, and each split."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduler.report.formats.splits import (
    diverged_lines,
    shown_distribution,
    split_labels,
    together_heads,
    together_numbers,
    variance_lines,
)
from scheduler.report.page.comparisons import pair_table
from scheduler.report.page.table import Cell, Column, Table, numeric, percent, text_columns
from scheduler.report.report_data import ReportData
from scheduler.report.splits.distribution import PERCENTS, SplitReport
from scheduler.text import DASH, number_format

#: characters of a name in the picture, in two or three lines: names may differ in their ends alone
LONGEST_NAME = 100
#: of the axis
TICKS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """The distribution of one configuration or baseline in the picture; all places are percent of its width."""

    name: str
    #: at the percentiles 5, 25, 50, 75 and 95, and the mean
    edges: Sequence[float]
    mean: float


@dataclass(frozen=True, slots=True)
class Picture:
    """All distributions above one axis, which is as wide as the window allows: letters keep their size."""

    bars: Sequence[Bar]
    #: place and text
    ticks: Sequence[tuple[float, str]]
    caption: str


@dataclass(frozen=True, slots=True)
class Splits:
    """What the section shows."""

    picture: Picture | None
    notes: Sequence[str]
    tables: Sequence[Table]
    #: of all splits, with a field to search it
    every: Table
    #: all repeats of the best configuration together on each split
    together: Table | None = None


def splits(report: ReportData) -> Splits | None:
    """Return what is known of many splits; None where configurations have one."""
    found = report.splits
    if found is None:
        return None
    return Splits(
        picture=_picture(report, found),
        notes=[*diverged_lines(report), *variance_lines(report, found)],
        tables=list(_tables(report, found)),
        every=_every(report, found),
        together=_together(report, found),
    )


def _picture(report: ReportData, found: SplitReport) -> Picture | None:
    frame = shown_distribution(found)
    numbers = frame[[f"p{one}" for one in PERCENTS]].to_numpy(dtype=float)
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return None
    low, high = float(known.min()), float(known.max())
    room = high - low or abs(high) or 1.0
    low, high = low - 0.03 * room, high + 0.03 * room

    def place(value: float) -> float:
        return round((value - low) / (high - low) * 100, 2)

    bars = [
        Bar(_name(row, found), [place(row[f"p{one}"]) for one in PERCENTS], place(row["mean"]))
        for row in frame.to_dict("records")
        if math.isfinite(row["p50"])
    ]
    marks = np.linspace(low, high, TICKS)
    write = number_format(marks)
    caption = (
        f"{report.score_name} over {found.words}, of the mean over the repeats: the box holds the middle half, the "
        "line in it is the median, the whiskers reach from 5% to 95%, and the point is the mean. Less is better."
    )
    ticks = [(place(float(mark)), write(float(mark))) for mark in marks[1:-1]]
    return Picture(bars, ticks, f"T{caption[1:]}")


def _name(row: dict[object, object], found: SplitReport) -> str:
    name, kind = str(row["name"]), found.kind_of(row)
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 4]} ..."
    return f"{short} ({kind})" if kind else short


def _tables(report: ReportData, found: SplitReport) -> Iterator[Table]:
    yield _distribution(report, found)
    over = found.over
    if over is None:
        return
    if len(over.pairs):
        table = pair_table(over.pairs)
        caption = f"Beyond these {found.words}: {table.caption[:1].lower()}{table.caption[1:]}"
        yield replace(table, identity="beyond-table", caption=caption)
    if over.components is not None:
        yield _variances(over.variances.to_dict("records"))


def _distribution(report: ReportData, found: SplitReport) -> Table:
    frame = shown_distribution(found, most=report.results["configuration"].nunique() or 1)
    names = ["mean", *(f"p{one}" for one in PERCENTS)]
    write = number_format(frame[names].to_numpy(dtype=float).ravel())
    rows = [
        [
            Cell(str(row["name"])),
            Cell(found.kind_of(row) or str(row["kind"])),
            *numeric((float(row[name]) for name in names), write),
        ]
        for row in frame.to_dict("records")
    ]
    heads = ["mean", *(f"{one}%" for one in PERCENTS)]
    caption = f"{report.score_name[:1].upper()}{report.score_name[1:]} over {found.words}: mean and percentiles."
    return Table("over-table", caption, [*text_columns("name", "kind"), *map(Column, heads)], rows)


def _variances(records: Sequence[dict[object, object]]) -> Table:
    write = number_format([float(str(row["variance"])) for row in records])
    rows = []
    for row in records:
        variance, low, high, share = (float(str(row[name])) for name in ("variance", "low", "high", "share"))
        rows.append([Cell(str(row["part"])), *numeric((variance, low, high), write), percent(share)])
    caption = "Parts of the variance of the scores, with 95% intervals (from, to)."
    columns = [*text_columns("part"), *map(Column, ("variance", "from", "to", "share"))]
    return Table("variance-table", caption, columns, rows)


def _every(report: ReportData, found: SplitReport) -> Table:
    labels = split_labels(report, found)
    write = number_format(found.table[[*labels, "baseline"]].to_numpy(dtype=float).ravel())
    rows = [
        [
            Cell(str(row["split"])),
            *numeric((float(row[label]) for label in labels), write),
            Cell(row["best baseline"] if isinstance(row["best baseline"], str) else DASH),
            Cell(write(row["baseline"]), float(row["baseline"])),
        ]
        for row in found.table.to_dict("records")
    ]
    columns = [*text_columns("split"), *map(Column, labels), *text_columns("best baseline"), Column("its score")]
    caption = f"Mean {report.score_name} of the repeats on each of {found.splits:,} splits, of the best configurations."
    return Table("every-split-table", caption, columns, rows)


def _together(report: ReportData, found: SplitReport) -> Table | None:
    label, levels, numbers = together_numbers(report, found)
    if not numbers:
        return None
    write = number_format([number for row in numbers for number in row[1:3]])
    rows = [[Cell(row[0]), *numeric(row[1:3], write), *map(percent, row[3:])] for row in numbers]
    caption = (
        f"{label} on each split: the mean {report.score_name} of one training, that of the median of all repeats, and "
        "the share of the values that lie in its intervals."
    )
    return Table("together-table", caption, [*text_columns("split"), *map(Column, together_heads(levels))], rows)
