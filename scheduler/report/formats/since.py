"""What has come since a forecast was made: its scores and coverage, as tables and as a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.future.since import drift
from scheduler.report.formats.steps import table_records
from scheduler.report.formats.terminal import Rows, draw, say
from scheduler.text import many, number_format, printable
from store.forecast_scores import SCORES, TITLES

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.future.since import Since
    from scheduler.report.formats.terminal import Console

#: scores that a narrow terminal omits, the least first
LESSER = ("RMSSE", "sMAPE", "MAPE", "MASE")


def show_since(since: Since, console: Console) -> None:
    """Print the scores beside those of the baselines, and whether the intervals held."""
    first, last = since.times
    several = since.scores["target"].nunique() > 1
    steps = int(since.scores["steps"].max())
    say(console, f"{since.forecast}, {since.configuration}: {many(steps, 'step')} observed, {first} to {last}")
    for target, rows in since.scores.groupby("target", sort=False):
        if several:
            say(console, f"\n{target}")
        table = _table(rows)
        narrow = [table.without(*LESSER[:count]) for count in range(1, len(LESSER) + 1)]
        draw([table, *narrow], console)
    say(console, "", *(f"- {line}" for line in drift(since)))


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
        "times": list(since.times),
        "scores": table_records(since.scores),
        "coverage": table_records(since.coverage),
        "notes": drift(since),
    }
