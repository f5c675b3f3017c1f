"""What has come since a forecast was made: its scores and coverage, as tables and as a record."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from scheduler.future.since import drift
from scheduler.future.since_panel import over_series
from scheduler.report.formats.steps import table_records
from scheduler.report.formats.terminal import Rows, draw, say
from scheduler.text import DASH, many, number_format, printable
from store.forecast_scores import SCORES, TITLES

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.future.since import Since
    from scheduler.report.formats.terminal import Console

#: scores that a narrow terminal omits, the least first
LESSER = ("RMSSE", "sMAPE", "MAPE", "MASE")
#: scores in the units of a series, which several do not share
IN_UNITS = ("RMSE", "MAE")
#: series that the table of each in a terminal has
MOST_SERIES = 20


def show_since(since: Since, console: Console, *, pooled: bool = False) -> None:
    """Print the scores beside those of the baselines, and whether the intervals held.

    Args:
        since: of one series, or of several as one.
        console: where.
        pooled: whether it is of several.
    """
    first, last = since.times
    several = since.scores["target"].nunique() > 1
    steps = int(since.scores["steps"].max())
    word, of = ("value", f", {since.series}") if pooled else ("step", "")
    say(console, f"{since.forecast}, {since.configuration}{of}: {many(steps, word)} observed, {first} to {last}")
    for target, rows in since.scores.groupby("target", sort=False):
        if several:
            say(console, f"\n{target}")
        table = _table(rows).without(*IN_UNITS) if pooled else _table(rows)
        narrow = [table.without(*LESSER[:count]) for count in range(1, len(LESSER) + 1)]
        draw([table, *narrow], console)
    say(console, "", *(f"- {line}" for line in drift(since)))


def show_each_since(each: Sequence[Since], console: Console) -> None:
    """Print the scores over all series of a forecast, and those of each; of one series as `show_since` does."""
    if len(each) == 1:
        return show_since(each[0], console)
    show_since(over_series(each), console, pooled=True)
    say(console, "")
    heads = {"series": "left", "steps": "right", "forecast's MASE": "right", "best baseline": "left", "MASE": "right"}
    rows = [_row(one) for one in each[:MOST_SERIES]]
    write = number_format([value for _, _, *values in rows for value in values if isinstance(value, float)])
    cells = [[_cell(value, write) for value in row] for row in rows]
    table = Rows(heads=heads, rows=cells)
    more = f"The first {MOST_SERIES} of {len(each):,} series; --format json has all."
    return draw([table.noted(more) if len(each) > MOST_SERIES else table], console)


def _row(one: Since) -> tuple[str, int, float, str, float]:
    """Return what is shown of a series, its targets averaged."""
    means = one.scores.groupby("of", sort=False)["mase"].mean()
    others = means.drop("forecast").dropna().sort_values(kind="stable")
    best, error = (str(others.index[0]), float(others.iloc[0])) if len(others) else (DASH, math.nan)
    return one.series, int(one.scores["steps"].max()), float(means["forecast"]), best, error


def _cell(value: object, write: Callable[[float], str]) -> str:
    return write(value) if isinstance(value, float) else printable(str(value))


def _table(rows: pd.DataFrame) -> Rows:
    heads = {"since then": "left"} | {TITLES[name]: "right" for name in SCORES}
    writers = {name: number_format(rows[name].tolist(), figures=4) for name in SCORES}
    cells = [
        [printable(row["of"]), *(write(row[name]) for name, write in writers.items())]
        for row in rows.to_dict("records")
    ]
    return Rows(heads=heads, rows=cells)


def since_record(since: Since) -> dict[str, Any]:
    """Return the scores and the coverage as a record for JSON; null where there is no number."""
    return {
        "experiment": since.experiment,
        "forecast": since.forecast,
        "configuration": since.configuration,
        "series": since.series,
        "times": list(since.times),
        "scores": table_records(since.scores),
        "coverage": table_records(since.coverage),
        "notes": drift(since),
    }
