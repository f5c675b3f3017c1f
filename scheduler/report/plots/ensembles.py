"""The picture of the ensembles: how the score of all repeats together falls with their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scheduler.report.ensemble_curves import ensemble_curves
from scheduler.report.names import shortened
from scheduler.report.plots.style import DASHES, MUTED, REFERENCE, axis_ends, first_few, new_figure
from scheduler.text import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from scheduler.report.report_data import ReportData

LONGEST_NAME = 38
#: of the lines, apart for every kind of colour vision, and by dash and mark
COLOURS = ("#1f5fbf", "#b8540a", "#00735a", "#7a4fb5", "#59636e", "#a0202c")
LINES: tuple[Any, ...] = ("-", (0, (7, 4)), (0, (2, 3)), (0, (9, 3, 2, 3)), (0, (12, 4)), (0, (4, 2)))
MARKS = "osD^vX"
#: a reference so many times the span of the curves away is left out, which would flatten them
FAR = 2.0


def ensembles(report: ReportData) -> Figure | None:
    """Draw the expected score of 1, 2, ... repeats together, of the configurations with the best medians."""
    from matplotlib.ticker import MaxNLocator

    order, _ = first_few(report, report.labels, len(report.labels))
    scores = report.scores()
    order.sort(key=lambda label: float(scores[label].mean()) if len(scores[label]) else float("inf"))
    curves = ensemble_curves(report, order)
    if not curves:
        return None
    note = f"the {len(curves)} with the best mean of {len(report.labels):,}" if len(curves) < len(report.labels) else ""
    figure = new_figure(report, "All repeats together: the median of their forecasts", note, 9, 4.2)
    axes = figure.add_subplot()
    names = shortened([one.label for one in curves], LONGEST_NAME)
    for one, name, colour, line, mark in zip(curves, names, COLOURS, LINES, MARKS, strict=False):
        axes.plot(
            one.sizes, one.scores, color=colour, linestyle=line, marker=mark, markersize=4, linewidth=1.6, label=name
        )
    low, high = (pick(float(pick(one.scores)) for one in curves) for pick in (min, max))
    span = high - low or abs(high)
    near = [one for one in report.references if low - FAR * span < one.value < high + FAR * span]
    for reference, dash in zip(near, DASHES, strict=False):
        axes.axhline(reference.value, color=REFERENCE, linewidth=1.3, linestyle=dash, label=printable(reference.name))
    values = [one.value for one in near]
    axes.set_ylim(*axis_ends(min([low, *values]), max([high, *values])))
    axes.set_xlabel("repeats together", color=MUTED)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(f"expected {report.score_name}{printable(report.in_units)}", fontsize=9, parse_math=False)
    axes.grid(visible=True, axis="y")
    legend = axes.legend(facecolor="white", edgecolor="none", framealpha=1.0, fontsize=9, loc="best")
    for entry in legend.get_texts():
        entry.set_parse_math(False)
    return figure
