"""The ensembles in the formats of a report: all repeats of a configuration together, beside one of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from scheduler.report.formats.terminal import Rows, left_out, markdown, say, show
from scheduler.statistics.ensembles.answers import ensemble_sentence
from scheduler.text import NumberFormat, number_format, printable

if TYPE_CHECKING:
    from scheduler.report.formats.terminal import Console
    from scheduler.report.report_data import ReportData

#: configurations shown; CSV, JSON and the page have more
MOST_ROWS = 30
#: columns that a narrow terminal omits, the least first
LESSER = ("trimmed mean", "mean", "95% interval")


def ensemble_table(data: ReportData) -> pd.DataFrame:
    """Return a row for each ensemble: configuration, repeats, one (mean), std, median, low, high, mean, trimmed."""
    if data.ensembles is None or not len(data.ensembles):
        return pd.DataFrame()
    by_name = dict(iter(data.ensembles.groupby("combination", sort=False)))
    found = by_name["median"].set_index("configuration")
    single = data.summaries.set_index("configuration")
    table = pd.DataFrame(
        {
            "repeats": found["repeats"],
            "one": single["mean"].reindex(found.index),
            "std": single["std"].reindex(found.index),
            "median": found[data.score],
            "low": found["low"],
            "high": found["high"],
            **{name: by_name[name].set_index("configuration")[data.score] for name in ("mean", "trimmed mean")},
        }
    )
    return table.rename_axis("configuration").reset_index()


def ensemble_rows(data: ReportData, *, most: int | None = MOST_ROWS) -> Rows:
    """Return the table of the ensembles in print, in the order of the grid; empty where there is none."""
    table = ensemble_table(data)
    heads = {"all repeats together": "left", "repeats": "right", "one training": "right", "together": "right"}
    heads |= dict.fromkeys(("95% interval", "mean", "trimmed mean"), "right")
    if not len(table):
        return Rows(heads=heads, rows=[])
    shown = table if most is None else table.head(most)
    numbers = shown[["one", "median", "low", "high", "mean", "trimmed mean"]].to_numpy(dtype=float).ravel()
    write = number_format([value for value in numbers if math.isfinite(value)], spread=float(table["std"].median()))
    rows = [
        [
            printable(row["configuration"]),
            f"{row['repeats']:,}",
            f"{_number(row['one'], write)} +- {_number(row['std'], write)}",
            _number(row["median"], write),
            _span(row["low"], row["high"], write),
            _number(row["mean"], write),
            _number(row["trimmed mean"], write),
        ]
        for row in shown.to_dict("records")
    ]
    more = len(table) - len(shown)
    form = Rows(heads=heads, rows=rows, below=[f"and {more:,} more"] if more else [])
    return form if table["low"].notna().any() else form.without("95% interval")


def ensemble_forms(data: ReportData) -> Iterator[Rows]:
    """Yield the table in every form for a terminal, from the fullest."""
    full = ensemble_rows(data)
    yield full
    fewer = full
    for count in range(1, len(LESSER) + 1):
        names = [name for name in LESSER[:count] if name in full.heads]
        fewer = full.without(*names).noted(left_out(names, "--format json has them."))
        yield fewer
    yield replace(fewer, wraps="all repeats together")


def ensemble_lines(data: ReportData) -> list[str]:
    """Return what the ensembles say, in one sentence about the best configuration, and what they leave out."""
    table = ensemble_table(data)
    if not len(table):
        return []
    sentence = ensemble_sentence(
        table, data.best_label, baselines=data.baseline_errors, diverged=data.diverged().get(data.best_label, 0)
    )
    return [sentence] if sentence else []


def show_ensembles(data: ReportData, console: Console) -> None:
    """Print the table and the sentence, where there are ensembles."""
    if not ensemble_rows(data).rows:
        return
    show(ensemble_forms(data), console)
    say(console, *ensemble_lines(data))


def ensemble_markdown(data: ReportData) -> list[str]:
    """Return the lines of the table and the sentence, each block after an empty line."""
    rows = ensemble_rows(data)
    if not rows.rows:
        return []
    return [
        "",
        *markdown(rows),
        *(line for text in (*rows.below, *ensemble_lines(data)) for line in ("", printable(text))),
    ]


def _number(value: float, write: NumberFormat) -> str:
    return write(value) if math.isfinite(value) else "-"


def _span(low: float, high: float, write: NumberFormat) -> str:
    return f"{write(low)} to {write(high)}" if math.isfinite(low) and math.isfinite(high) else "-"
