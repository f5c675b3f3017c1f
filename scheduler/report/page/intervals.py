"""The table of the section about intervals: how often they held the test rows, and how wide they are."""

from __future__ import annotations

from scheduler.report.formats.intervals import share, shown_intervals
from scheduler.report.page.table import Cell, Column, Table, count, numeric, text_columns
from scheduler.report.page.tables import error_format
from scheduler.report.report_data import ReportData
from scheduler.statistics.intervals.levels import written
from scheduler.statistics.intervals.table import MOST

#: column of the table -> its head; shares of one, then numbers in the units of the series
SHARES = {"coverage": "coverage", "low": "from", "high": "to", "walk_forward": "walk-forward"}
NUMBERS = {"width": "width", "interval_score": "Winkler score", "pinball": "pinball", "crps": "CRPS"}


def intervals(report: ReportData) -> list[Table]:
    """Make the table, best configuration first; none where no level can be carried."""
    frame = shown_intervals(report, None)
    if frame is None:
        return []
    write = error_format(report, frame["width"])
    cells = {name: numeric(frame[name].to_numpy(dtype=float), share) for name in SHARES}
    cells |= {name: numeric(frame[name].to_numpy(dtype=float), write) for name in NUMBERS}
    rows = [
        [
            Cell(str(label)),
            Cell(f"{written(level)}%", level),
            *(cells[name][place] for name in SHARES),
            count(int(frame["walked"].iloc[place])),
            *(cells[name][place] for name in NUMBERS),
        ]
        for place, (label, level) in enumerate(zip(frame["configuration"], frame["level"], strict=True))
    ]
    heads = [*SHARES.values(), "of values", *NUMBERS.values()]
    columns = [*text_columns("configuration"), Column("level"), *map(Column, heads)]
    caption = _caption(len(set(frame["configuration"])), quantiles=bool((frame["basis"] == "quantiles").any()))
    return [Table("intervals-table", caption, columns, rows)]


def _caption(configurations: int, *, quantiles: bool) -> str:
    which = f" The {MOST} best means." if configurations >= MOST else ""
    between = (
        " Where a model forecasts quantiles, the interval lies between those nearest to the level, moved as far as the "
        "test rows need."
        if quantiles
        else ""
    )
    return (
        "Split conformal intervals about the median forecast: their coverage with its 95% binomial interval (from, to),"
        " mean width, Winkler (interval) score and pinball loss, and the CRPS of the repeats' forecasts. "
        f"Less is better in these scores.{between}{which}"
    )
