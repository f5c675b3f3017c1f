"""The section about all repeats of a configuration together: their table, and how their score falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.report.ensemble_curves import Falling, ensemble_curves
from scheduler.report.formats.ensembles import ensemble_lines, ensemble_table
from scheduler.report.page.table import Cell, Column, Table, count, numeric, text_columns
from scheduler.report.page.tables import error_format
from scheduler.report.report_data import ReportData

#: column of the table -> its head
HEADS = {
    "one": "one training",
    "std": "std",
    "median": "together",
    "low": "from",
    "high": "to",
    "mean": "mean",
    "trimmed mean": "trimmed mean",
}


@dataclass(frozen=True, slots=True)
class Together:
    """The content of the section."""

    notes: Sequence[str]
    table: Table
    #: the picture's id and caption; None where nothing is drawn
    identity: str
    caption: str | None


def ensembles(report: ReportData, order: Sequence[str], which: str = "") -> Together | None:
    """Make the section; None where no configuration has several repeats.

    Args:
        report: of the configurations that are shown.
        order: its configurations, best first.
        which: what the caption says of them, if they are not all.
    """
    table = _table(report, which)
    if table is None:
        return None
    curves = ensemble_curves(report, order)
    notes = [f"{line[:1].upper()}{line[1:]}" for line in ensemble_lines(report)]
    return Together(notes, table, "ensembles", _caption(report, curves) if curves else None)


def _table(report: ReportData, which: str) -> Table | None:
    frame = ensemble_table(report)
    frame = frame[frame["configuration"].isin(report.labels)] if len(frame) else frame
    if not len(frame):
        return None
    shown = [name for name in HEADS if frame[name].notna().any()]
    write = error_format(report, frame["median"])
    cells = {name: numeric(frame[name].to_numpy(dtype=float), write) for name in shown}
    rows = [
        [Cell(str(label)), count(int(repeats)), *(cells[name][place] for name in shown)]
        for place, (label, repeats) in enumerate(zip(frame["configuration"], frame["repeats"], strict=True))
    ]
    caption = (
        f"T{report.score_name[1:]} of one training (mean and std of the repeats) and of all repeats together: the "
        "median of their forecasts, with its 95% interval (from, to), and their mean and trimmed mean. Less is better."
    )
    return Table(
        "ensembles-table",
        caption + which,
        [*text_columns("configuration"), Column("repeats"), *(Column(HEADS[name]) for name in shown)],
        rows,
    )


def _caption(report: ReportData, curves: Sequence[Falling]) -> str:
    """Write what the picture shows, and how many repeats of the best configuration are enough."""
    best = curves[0]
    few = best.enough
    verb = "is" if few == 1 else "are"
    said = f" Of {best.label}, {few} {verb} as good as {best.sizes[-1]} to within 1%." if few else ""
    return (
        f"Expected {report.score_name} of so many repeats together, the median of their forecasts: the mean over "
        f"random choices of the repeats.{said}"
    )
