"""The page's tables as HTML: the summary and the baselines; right without any JavaScript, sortable with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from scheduler.data import ReportData
from scheduler.page.text import DASH, decimals, escape, number

DESCRIBED = {"mean": "mean", "std": "std", "min": "min", "p25": "25%", "p50": "50%", "p75": "75%", "max": "max"}

#: a cell: what is shown, and the number it is sorted by (None: by its text)
Cell = tuple[str, float | None]


def table(identity: str, caption: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, texts: int = 1) -> str:
    """Write a table that scrolls in its own box.

    Args:
        identity: Its id.
        caption: What it shows, for a screen reader as for everyone.
        heads: HTML of the column heads.
        rows: The cells; the first of each row is the row's head.
        texts: How many columns from the left are text.
    """
    head = "".join(f'<th scope="col"{_text(place < texts)}>{name}</th>' for place, name in enumerate(heads))
    written = list(rows)
    body = "\n".join(f"<tr>{_row(cells, texts)}</tr>" for cells in written)
    long = " long" * any(len(cells[0][0]) > 30 for cells in written)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="{identity}-caption">'
        f'<table id="{identity}" class="sortable{long}"><caption id="{identity}-caption">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[Cell], texts: int) -> str:
    written = []
    for place, (shown, value) in enumerate(cells):
        tag = 'th scope="row"' if place == 0 else "td"
        key = "" if value is None else f' data-v="{value!r}"' if math.isfinite(value) else ' data-v=""'
        written.append(f"<{tag}{_text(place < texts)}{key}>{shown}</{tag[:2]}>")
    return "".join(written)


def _text(yes: bool) -> str:
    return ' class="text"' if yes else ""


def summary(report: ReportData) -> str:
    """Write the summary table: `describe()` of the scores, a row for each configuration."""
    frame = report.summaries
    places = decimals(frame[list(DESCRIBED)].to_numpy(dtype=float).ravel()) if len(frame) else 3
    lost = report.diverged()
    means = frame["mean"].to_numpy(dtype=float)
    best = float(np.nanmin(means)) if np.isfinite(means).any() else None

    def rows() -> Iterable[Sequence[Cell]]:
        for record in frame.to_dict("records"):
            name = escape(record["configuration"])
            if best is not None and record["mean"] == best and len(frame) > 1:
                name += ' <span class="tag">lowest mean</span>'
            diverged = int(lost.get(str(record["configuration"]), 0))
            yield (
                (name, None),
                (f"{int(record['count']):,}", float(record["count"])),
                *((number(float(record[key]), places), float(record[key])) for key in DESCRIBED),
                (f"{diverged:,}" if diverged else "0", float(diverged)),
            )

    caption = "Test RMSE of the repeats of each configuration, in the units of the series. Less is better."
    return table("summary-table", caption, ["configuration", "count", *DESCRIBED.values(), "diverged"], rows())


def baselines(report: ReportData) -> str:
    """Write the baselines and the share of repeats of each configuration that beat them."""
    frame = report.baselines
    if frame is None or not len(frame):
        return ""
    frame = frame.sort_values("rmse", kind="stable")
    measures = [name for name in ("rmse", "mae", "mase") if name in frame and frame[name].notna().any()]
    places = {name: 3 if name == "mase" else decimals(frame[name].to_numpy(dtype=float)) for name in measures}
    rows = (
        (
            (escape(record["baseline"]), None),
            *((number(float(record[key]), places[key]), float(record[key])) for key in measures),
        )
        for record in frame.to_dict("records")
    )
    errors = table(
        "baselines-table",
        "Errors of the baselines on the same test rows, each refit before every forecast. Less is better.",
        ["baseline", *(name.upper() for name in measures)],
        rows,
    )
    return errors + _beaten(report, frame)


def _beaten(report: ReportData, frame: pd.DataFrame) -> str:
    names, errors = list(frame["baseline"]), frame["rmse"].to_numpy(dtype=float)
    lost = report.diverged()

    def rows() -> Iterable[Sequence[Cell]]:
        for label, scores in report.scores().items():
            total = len(scores) + lost[label]
            yield ((escape(label), None), *(_share(int(np.sum(scores < error)), total) for error in errors))

    caption = "How many repeats of each configuration beat each baseline. A repeat that diverged beats none."
    return table("beaten-table", caption, ["configuration", *(escape(name) for name in names)], rows())


def _share(count: int, total: int) -> Cell:
    if not total:
        return (DASH, math.nan)
    share = count / total
    return (f'<span class="bar" style="--share:{share:.3f}">{count:,} of {total:,}</span>', share)
